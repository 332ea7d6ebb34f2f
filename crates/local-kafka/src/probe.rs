//! Asks a broker for the cluster's metadata, as a client does first: an open port alone proves nothing.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_millis(1_000);
/// Longer answers than this are no answer to our question.
const LONGEST: i32 = 64 << 10;

/// A `Metadata` request, version 4, for no topic: length, header (key 3, version 4, correlation 7, client
/// id "probe"), an empty list of topics, no creation.
const REQUEST: [u8; 24] =
    [0, 0, 0, 20, 0, 3, 0, 4, 0, 0, 0, 7, 0, 5, b'p', b'r', b'o', b'b', b'e', 0, 0, 0, 0, 0];

/// How many brokers the one on this port of loopback knows; `None` when it does not answer.
pub fn brokers(port: u16) -> Option<usize> {
    ask(port).ok().and_then(|brokers| usize::try_from(brokers).ok())
}

/// The number of brokers in the answer.
fn ask(port: u16) -> std::io::Result<i32> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&REQUEST)?;
    let length = read_i32(&mut stream)?;
    let correlation = read_i32(&mut stream)?;
    if !(16..=LONGEST).contains(&length) || correlation != 7 {
        return Err(std::io::Error::other("no answer to our question"));
    }
    let _throttle_ms = read_i32(&mut stream)?;
    read_i32(&mut stream)
}

fn read_i32(stream: &mut TcpStream) -> std::io::Result<i32> {
    let mut bytes = [0; 4];
    stream.read_exact(&mut bytes)?;
    Ok(i32::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn the_request_states_its_own_length() {
        let stated = i32::from_be_bytes([REQUEST[0], REQUEST[1], REQUEST[2], REQUEST[3]]);
        assert_eq!(usize::try_from(stated).ok(), Some(REQUEST.len() - 4));
    }

    #[test]
    fn an_open_port_that_says_something_else_is_no_broker() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let other = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").expect("written");
        });
        assert_eq!(brokers(port), None);
        other.join().expect("the other server");
    }
}
