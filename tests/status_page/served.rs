//! An admin server within the test, with records of the test's own.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use khabar::admin::{Admin, Sources};
use khabar::breaker::Breaker;
use khabar::cmd::service::stages;
use khabar::config::Config;
use khabar::dead_letter::dead_letter;
use khabar::encode::PipelineInfo;
use khabar::envelope::{Headers, Position, Raw, Reason, Reject};
use khabar::ledger::Ledger;
use khabar::metrics::Metrics;
use khabar::samples::{Letter, Samples, excerpt};
use khabar::shutdown::Stop;
use khabar_enrich::Article;

/// A server that shows these samples.
pub fn served(at: SocketAddr, samples: Samples) -> Admin {
    serving(at, &Arc::new(samples))
}

/// The same, of samples that more are put into.
pub fn serving(at: SocketAddr, samples: &Arc<Samples>) -> Admin {
    let sources = Sources {
        pipeline: PipelineInfo::default(),
        ledger: Ledger::new(),
        metrics: Arc::new(Metrics::new("test", "test", None)),
        health: Arc::default(),
        breaker: Arc::new(Breaker::new(None, Stop::default())),
        samples: Arc::clone(samples),
    };
    Admin::start(at, &[], sources).unwrap()
}

/// An address on a free port.
pub fn anywhere() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

/// An article as the service would publish it, of a text that no decoder has looked at.
pub fn enriched(title: &str, body: &str) -> Bytes {
    let stages = stages(&Config::default());
    let article = Article { title: Some(title.to_owned()), body: body.to_owned(), ..Article::default() };
    let position = Position { topic: "news.raw".into(), partition: 0, offset: 1, timestamp: None };
    stages.encode(&article, &stages.enricher.enrich(&article), Some(&position)).value.into()
}

/// A dead letter as the service would keep it.
pub fn letter(key: &str, value: &str, message: &str) -> Letter {
    let raw = Raw {
        key: Some(Bytes::copy_from_slice(key.as_bytes())),
        value: Some(Bytes::copy_from_slice(value.as_bytes())),
        headers: Headers::default(),
    };
    let source = Position { topic: "news.raw".into(), partition: 0, offset: 1, timestamp: None };
    let letter = dead_letter(&raw, &source, "decode", &Reject::new(Reason::InvalidJson, message));
    Letter {
        position: Some(Position { topic: "news.raw.dead".into(), ..source }),
        key: letter.key.clone(),
        value: Some(excerpt(value.as_bytes())),
        value_bytes: value.len(),
        headers: letter.headers,
    }
}

/// Asks for a path and reads the whole answer: status, head, body.
pub fn get(at: &str, path: &str) -> (u16, String, String) {
    request(at, &format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"))
}

/// Sends a request as it is.
pub fn request(at: &str, request: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(at.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_ascii_lowercase(), body.to_owned())
}
