//! The admin server against clients that are slow, silent, many, or talk nonsense: a probe gets its answer all the same.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use khabar::admin::{Admin, Sources};
use khabar::breaker::Breaker;
use khabar::config::Config;
use khabar::encode::PipelineInfo;
use khabar::health::Health;
use khabar::ledger::Ledger;
use khabar::metrics::Metrics;
use khabar::samples::Samples;
use khabar::shutdown::Stop;

const PATIENCE: Duration = Duration::from_secs(60);

fn admin() -> Admin {
    let sources = Sources {
        pipeline: PipelineInfo::default(),
        ledger: Ledger::new(),
        metrics: Arc::new(Metrics::new("test", "test", None)),
        health: Arc::new(Health::default()),
        samples: Arc::new(Samples::new(true)),
        breaker: Arc::new(Breaker::new(None, Stop::default())),
    };
    Admin::start(SocketAddr::from(([127, 0, 0, 1], 0)), &[], sources).expect("a free port")
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

/// Sends bytes and reads what comes until the end; a connection that is cut is an end, too.
fn answer(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = connect(address);
    // The server may hang up before it has read everything.
    let _ = stream.write_all(request);
    read_all(&mut stream)
}

fn read_all(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) => assert_ne!(error.kind(), ErrorKind::WouldBlock, "the connection is still open"),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn assert_alive(address: SocketAddr, when: &str) {
    let said = answer(address, b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    assert!(said.starts_with("HTTP/1.1 200 OK\r\n") && said.ends_with("\r\n\r\nok\n"), "{when}: {said:?}");
}

#[test]
fn it_listens_on_loopback_unless_told_otherwise() {
    let listen = Config::default().admin.expect("an address");
    assert!(listen.ip().is_loopback(), "{listen}");
}

#[test]
fn a_flood_of_silent_clients_does_not_keep_a_probe_out() {
    let admin = admin();
    let mut silent = Vec::new();
    for number in 0..400 {
        let mut stream = connect(admin.address);
        if number % 2 == 0 {
            let _ = stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: ");
        }
        silent.push(stream);
        if number % 50 == 49 {
            assert_alive(admin.address, &format!("with {} silent clients", number + 1));
        }
    }
    // They are let go, each by its successors or by the clock.
    for (number, stream) in silent.iter_mut().enumerate() {
        let said = read_all(stream);
        assert!(!said.contains("200 OK"), "client {number}: {said}");
    }
    assert_alive(admin.address, "afterwards");
}

#[test]
fn a_client_that_reads_nothing_takes_no_more_than_its_connection() {
    let admin = admin();
    let mut deaf = Vec::new();
    for _ in 0..100 {
        let mut stream = connect(admin.address);
        // So many answers that they fit into no buffer of the system.
        for _ in 0..200 {
            stream.set_write_timeout(Some(Duration::from_millis(200))).expect("a timeout");
            if stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n").is_err() {
                break;
            }
        }
        deaf.push(stream);
    }
    assert_alive(admin.address, "with a hundred clients that do not read");
}

#[test]
fn nonsense_is_refused_and_forgotten() {
    let admin = admin();
    let long = [b"GET /".as_slice(), &[b'a'; 100_000], b" HTTP/1.1\r\n\r\n"].concat();
    let many = ["GET / HTTP/1.1\r\n".to_owned(), "x: y\r\n".repeat(1000), "\r\n".to_owned()].concat();
    let cases: [(&str, &[u8]); 7] = [
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        ("text", b"hello, are you there?\r\n\r\n"),
        ("a long path", &long),
        ("many headers", many.as_bytes()),
        ("no UTF-8", b"GET /\xff\xfe HTTP/1.1\r\nhost: \xff\r\n\r\n\x00"),
        ("two lengths", b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"),
        ("a wrong length", b"POST / HTTP/1.1\r\ncontent-length: -5\r\n\r\n"),
    ];
    for (what, request) in cases {
        let said = answer(admin.address, request);
        let refused = said.is_empty() || said.starts_with("HTTP/1.1 4");
        assert!(refused, "{what}: {said}");
        assert_alive(admin.address, what);
    }
    let post =
        answer(admin.address, b"POST /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    assert!(post.starts_with("HTTP/1.1 405"), "{post}");
    let promised = b"POST /metrics HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999999\r\n\r\nx";
    let (said, started) = (answer(admin.address, promised), Instant::now());
    assert!(said.starts_with("HTTP/1.1 405"), "{said}");
    assert!(started.elapsed() < PATIENCE, "it waits for what was promised");
}

/// What a page of somebody else's does whose name was made to point here: its requests bear its own name.
#[test]
fn no_page_in_a_browser_can_read_it_under_its_own_name() {
    let admin = admin();
    for path in ["/", "/status.json", "/events", "/metrics", "/healthz", "/readyz", "/none"] {
        let asked = |host: &str| {
            let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            answer(admin.address, request.as_bytes())
        };
        let said = asked(&format!("evil.example:{}", admin.address.port()));
        assert!(said.starts_with("HTTP/1.1 421") && said.ends_with("if it is yours\n"), "{path}: {said}");
        assert!(said.contains("admin.hosts") && said.contains("x-content-type-options: nosniff"), "{said}");
    }
    assert_alive(admin.address, "to us it answers");
    assert!(answer(admin.address, b"GET /healthz HTTP/1.0\r\n\r\n").contains("200 OK"), "without a host");
}
