//! A proxy in front of a broker, whose connections can be cut, silenced and slowed.

use std::net::{Ipv4Addr, TcpListener as StdListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Bytes forwarded at once; what a slow connection takes is counted for each of these.
const CHUNK: usize = 16 << 10;

/// How much faster a slow connection is away from the broker.
const DOWN: u32 = 16;

/// How connections are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Forwarded.
    Open,
    /// All are reset, and new ones at once.
    Cut,
    /// They stay, new ones are accepted, and nothing is forwarded until this ends.
    Silent,
    /// Every chunk is late and takes its time.
    Slow {
        /// How late.
        delay: Duration,
        /// How much passes towards the broker on each connection; in the other direction it is
        /// [so many](DOWN) times more. Producers then fall behind while reading and committing go on.
        bytes_per_second: u32,
    },
}

#[derive(Debug, Clone, Copy)]
struct State {
    link: Link,
    /// Connections made before the last cut are reset even where they missed it.
    cuts: u64,
}

/// A listening proxy; it ends with its runtime.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    target: Arc<AtomicU16>,
    state: watch::Sender<State>,
}

impl Proxy {
    /// Listens on a port of loopback; what comes before there is a [target](Self::forward_to) is reset.
    ///
    /// # Errors
    /// When the system gives no port.
    pub fn start(runtime: &Handle) -> std::io::Result<Self> {
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let _guard = runtime.enter();
        let listener = TcpListener::from_std(listener)?;
        let (state, watched) = watch::channel(State { link: Link::Open, cuts: 0 });
        let target = Arc::new(AtomicU16::new(0));
        runtime.spawn(accept(listener, watched, Arc::clone(&target)));
        Ok(Self { port, target, state })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Forwards to this port of loopback.
    pub fn forward_to(&self, port: u16) {
        self.target.store(port, Ordering::Relaxed);
    }

    /// Treats all connections so from now on.
    pub fn set(&self, link: Link) {
        self.state.send_modify(|state| {
            state.link = link;
            state.cuts += u64::from(link == Link::Cut);
        });
    }
}

async fn accept(listener: TcpListener, state: watch::Receiver<State>, target: Arc<AtomicU16>) {
    loop {
        match listener.accept().await {
            Ok((client, _)) if state.borrow().link == Link::Cut => reset(&client),
            Ok((client, _)) => {
                let (state, port) = (state.clone(), target.load(Ordering::Relaxed));
                tokio::spawn(carry(client, state, port));
            }
            // Out of file descriptors, for instance: a moment later there may be some.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Makes the end of a connection a reset, once it is dropped.
fn reset(stream: &TcpStream) {
    let _ = stream.set_zero_linger();
}

async fn carry(mut client: TcpStream, state: watch::Receiver<State>, port: u16) {
    let cuts = state.borrow().cuts;
    let mut watched = state.clone();
    let mut ends = None;
    tokio::select! {
        // An error here is the other side's: it has gone, and so does this one.
        _ = both_ways(&mut client, &state, port, &mut ends) => {}
        _ = watched.wait_for(|state| state.cuts != cuts) => reset(&client),
    }
    if let Some(server) = ends.filter(|_| watched.borrow().cuts != cuts) {
        reset(&server);
    }
}

async fn both_ways(
    client: &mut TcpStream,
    state: &watch::Receiver<State>,
    port: u16,
    server: &mut Option<TcpStream>,
) -> std::io::Result<()> {
    heard(&mut state.clone()).await;
    let server = server.insert(match TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
        Ok(server) => server,
        Err(error) => {
            reset(client);
            return Err(error);
        }
    });
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    tokio::try_join!(
        pump(&mut from_client, &mut to_server, state.clone(), 1),
        pump(&mut from_server, &mut to_client, state.clone(), DOWN),
    )?;
    Ok(())
}

/// Waits until a silence ends.
async fn heard(state: &mut watch::Receiver<State>) {
    // Fails when the proxy is gone, and then nothing matters.
    let _ = state.wait_for(|state| state.link != Link::Silent).await;
}

async fn pump(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    mut state: watch::Receiver<State>,
    faster: u32,
) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let size = from.read(&mut chunk).await?;
        heard(&mut state).await;
        let link = state.borrow().link;
        if let Link::Slow { delay, bytes_per_second } = link {
            let speed = bytes_per_second.max(1).saturating_mul(faster);
            let passing = Duration::from_secs_f64(size as f64 / f64::from(speed));
            tokio::select! {
                () = tokio::time::sleep(delay + passing) => {}
                _ = state.wait_for(|state| state.link != link) => {}
            }
            heard(&mut state).await;
        }
        if size == 0 {
            return to.shutdown().await;
        }
        to.write_all(&chunk[..size]).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream as StdStream;
    use std::time::Instant;

    struct Bench {
        runtime: tokio::runtime::Runtime,
        proxy: Proxy,
    }

    impl Bench {
        /// A proxy before a server that sends everything back.
        fn new() -> Self {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime");
            let proxy = Proxy::start(runtime.handle()).expect("a proxy");
            let server = StdListener::bind("127.0.0.1:0").expect("a port");
            proxy.forward_to(server.local_addr().expect("an address").port());
            std::thread::spawn(move || {
                while let Ok((mut stream, _)) = server.accept() {
                    std::thread::spawn(move || {
                        let mut copy = stream.try_clone().expect("a copy");
                        std::io::copy(&mut copy, &mut stream)
                    });
                }
            });
            Self { runtime, proxy }
        }

        fn connect(&self) -> StdStream {
            let stream = StdStream::connect(("127.0.0.1", self.proxy.port())).expect("a connection");
            stream.set_read_timeout(Some(Duration::from_millis(500))).expect("a timeout");
            stream
        }
    }

    fn echo(stream: &mut StdStream) -> std::io::Result<()> {
        stream.write_all(b"hello")?;
        stream.read_exact(&mut [0; 5])
    }

    #[test]
    fn a_cut_resets_what_is_there_and_what_comes() {
        let bench = Bench::new();
        let mut before = bench.connect();
        echo(&mut before).expect("an open connection");
        bench.proxy.set(Link::Cut);
        let error = echo(&mut before).and_then(|()| echo(&mut before)).expect_err("a cut connection");
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "{error}");
        let ended = echo(&mut bench.connect()).expect_err("nobody is let in");
        assert_ne!(ended.kind(), std::io::ErrorKind::WouldBlock, "{ended}");
        bench.proxy.set(Link::Open);
        echo(&mut bench.connect()).expect("a healed link");
        drop(bench.runtime);
    }

    #[test]
    fn silence_holds_back_and_loses_nothing() {
        let bench = Bench::new();
        let mut before = bench.connect();
        echo(&mut before).expect("an open connection");
        bench.proxy.set(Link::Silent);
        let error = echo(&mut before).expect_err("silence");
        assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
        let mut during = bench.connect();
        during.write_all(b"later").expect("taken");
        bench.proxy.set(Link::Open);
        before.read_exact(&mut [0; 5]).expect("what was held back");
        during.read_exact(&mut [0; 5]).expect("what was held back");
    }

    #[test]
    fn a_slow_link_is_slow_both_ways_and_fast_once_healed() {
        let bench = Bench::new();
        let mut stream = bench.connect();
        let delay = Duration::from_millis(60);
        bench.proxy.set(Link::Slow { delay, bytes_per_second: 1_000_000 });
        let begun = Instant::now();
        echo(&mut stream).expect("slow");
        assert!(begun.elapsed() >= 2 * delay, "{:?}", begun.elapsed());
        bench.proxy.set(Link::Open);
        echo(&mut stream).expect("healed");
    }
}
