//! Who watches: how many at once, and what becomes of those who do not read.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::*;
use crate::shutdown::Stop;

const PATIENCE: Duration = Duration::from_secs(60);

fn limits() -> Limits {
    Limits { streams: 2, ..Limits::default() }
}

fn started(limits: Limits) -> (Admin, Arc<Samples>) {
    let samples = Arc::new(Samples::new(true));
    let sources = Sources {
        pipeline: PipelineInfo::default(),
        ledger: Ledger::new(),
        metrics: Arc::new(Metrics::new("test", "test", None)),
        health: Arc::default(),
        breaker: Arc::new(Breaker::new(None, Stop::default())),
        samples: Arc::clone(&samples),
    };
    (Admin::start_with(([127, 0, 0, 1], 0).into(), &[], sources, limits).unwrap(), samples)
}

/// Asks and reads until the answer holds `until`.
fn ask(admin: &Admin, path: &str, more: &str, until: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(admin.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\n{more}\r\n").unwrap();
    let mut answer = String::new();
    let mut piece = [0; 4096];
    while !answer.contains(until) {
        let read = stream.read(&mut piece).unwrap();
        assert!(read > 0, "{path}: the answer ends without {until:?}\n{answer}");
        answer.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
    (stream, answer)
}

/// Waits until as many streams are refused or answered as are asked for.
fn until_answered(admin: &Admin, status: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !ask(admin, "/events", "", "\r\n").1.starts_with(status) {
        assert!(Instant::now() < deadline, "no {status} within a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn one_stream_too_many_is_refused_until_another_ends() {
    let (admin, _) = started(limits());
    let first = ask(&admin, "/events", "", "event: status");
    let _second = ask(&admin, "/events", "", "event: status");
    let (_, refused) = ask(&admin, "/events", "", "/status.json");
    assert!(
        refused.starts_with("HTTP/1.1 503") && refused.contains("2 watch this instance already"),
        "{refused}"
    );
    assert!(refused.to_ascii_lowercase().contains("retry-after: 10"), "{refused}");
    // All else is answered as before.
    assert!(ask(&admin, "/healthz", "", "ok\n").1.starts_with("HTTP/1.1 200"));
    drop(first);
    until_answered(&admin, "HTTP/1.1 200");
}

#[test]
fn who_stops_reading_is_let_go() {
    let write = Duration::from_millis(200);
    let (admin, samples) = started(Limits { streams: 1, write, ..Limits::default() });
    // More than the kernel holds for one who does not read.
    let large = Bytes::from(vec![b'1'; crate::samples::LARGEST]);
    let (_silent, _) = ask(&admin, "/events", "", "event: status");
    let deadline = Instant::now() + PATIENCE;
    while !ask(&admin, "/events", "", "\r\n").1.starts_with("HTTP/1.1 200") {
        samples.article(large.len(), || large.clone());
        assert!(Instant::now() < deadline, "who stopped reading still has the only place after a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn who_never_says_what_it_wants_is_let_go() {
    let (admin, _) = started(Limits { request: Duration::from_millis(100), ..limits() });
    let mut stream = TcpStream::connect(admin.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost:").unwrap();
    let mut rest = Vec::new();
    // Closed, with or without a word.
    let _ = stream.read_to_end(&mut rest).map_err(|error| {
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "it is still open after a minute");
    });
}

#[test]
fn a_stream_goes_on_behind_what_was_seen_last() {
    let (admin, samples) = started(limits());
    for n in 1..=3 {
        samples.article(1, || Bytes::from(format!("{{\"n\":{n}}}")));
    }
    let (stream, all) = ask(&admin, "/events?only=articles", "", "{\"n\":3}");
    assert!(all.contains("{\"n\":1}") && !all.contains("event: status"), "{all}");
    drop(stream);
    let id = all.lines().find_map(|line| line.strip_prefix("id: ").filter(|id| id.ends_with("-2"))).unwrap();
    let after =
        |id: &str| ask(&admin, "/events?only=articles", &format!("last-event-id: {id}\r\n"), "{\"n\":3}").1;
    assert!(!after(id).contains("{\"n\":2}"), "what was seen comes again");
    assert!(after("1-2").contains("{\"n\":1}"), "the id is of an earlier process");
    assert!(after("nonsense").contains("{\"n\":1}"));
    let in_address = ask(&admin, &format!("/events?only=articles&after={id}"), "", "{\"n\":3}").1;
    assert!(!in_address.contains("{\"n\":2}"), "{in_address}");
}

fn partition(oldest: Option<i64>, lag: Option<i64>) -> PartitionView {
    PartitionView {
        topic: "t".into(),
        partition: 0,
        in_flight: 0,
        oldest,
        watermark: None,
        committed: None,
        end: None,
        lag,
        idle: Duration::from_secs(7),
    }
}

#[test]
fn time_lag_is_the_age_of_the_oldest_record() {
    let lag = |oldest, lag| time_lag(&partition(oldest, lag), 10_000);
    assert_eq!(lag(Some(4_000), Some(3)), Some(6.0));
    assert_eq!(lag(Some(4_000), None), Some(6.0), "the end is not known yet");
    assert_eq!(lag(Some(12_000), Some(3)), Some(0.0), "a producer's clock ahead of ours");
    assert_eq!(lag(None, Some(0)), Some(0.0));
    assert_eq!(lag(None, Some(3)), Some(7.0), "none was read: it has stood still for so long");
    assert_eq!(lag(None, None), None);
}

#[test]
fn a_stream_stays_while_others_come_and_go() {
    let limits = Limits { connections: 4, lifetime: Duration::from_millis(100), ..limits() };
    let (admin, samples) = started(limits);
    let (mut stream, _) = ask(&admin, "/events?only=articles", "", "\r\n\r\n");
    // Each of these would send the oldest away.
    let silent: Vec<_> = (0..20).map(|_| TcpStream::connect(admin.address).unwrap()).collect();
    assert!(ask(&admin, "/healthz", "", "ok\n").1.starts_with("HTTP/1.1 200"));
    samples.article(1, || Bytes::from_static(b"{\"n\":1}"));
    let mut heard = String::new();
    let mut piece = [0; 4096];
    while !heard.contains("{\"n\":1}") {
        let read = stream.read(&mut piece).unwrap();
        assert!(read > 0, "the stream was ended for others");
        heard.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
    drop(silent);
}
