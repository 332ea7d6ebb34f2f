//! `khabar feed` against librdkafka's mock cluster.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use khabar::envelope::Raw;
use khabar::kafka::embedded::Embedded;
use khabar::kafka::feed::Feeder;
use khabar::kafka::reader::Reader;
use khabar::kafka::settings::Cluster;

const TOPIC: &str = "news.raw";

#[test]
fn articles_arrive_under_their_ids() {
    let broker = Embedded::start(&[(TOPIC, 3)]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("news.jsonl");
    let lines: String = (0..50).map(|i| format!("{{\"guid\":\"g{i}\",\"body\":\"News {i}.\"}}\n")).collect();
    std::fs::write(&file, lines).unwrap();
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/demo/ar-port.txt");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/demo/en-page.html");
    let out = feed(&broker, &[&file, &text, &page]);
    let stderr = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("52 of 52 acknowledged by topic news.raw"), "{stderr}");
    let found = read(&broker, 52);
    for i in 0..50 {
        let value = &found[&format!("g{i}")];
        assert_eq!(value, format!("{{\"guid\":\"g{i}\",\"body\":\"News {i}.\"}}").as_bytes());
    }
    assert_eq!(found["https://valleypost.example/library"], std::fs::read(page).unwrap());
    let hashed: Vec<_> = found.keys().filter(|key| key.starts_with("sha256:")).collect();
    assert_eq!(hashed.len(), 1);
    assert_eq!(found[hashed[0]], std::fs::read(text).unwrap());
}

#[test]
fn what_cannot_be_read_or_is_too_large_is_told() {
    let broker = Embedded::start(&[(TOPIC, 1)]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("news.jsonl");
    std::fs::write(
        &file,
        format!(
            "{{\"id\":\"a\",\"body\":\"{}\"}}\n{{\"id\":\"b\",\"body\":\"B.\"}}\n{{broken\n",
            "x".repeat(9 << 20)
        ),
    )
    .unwrap();
    let missing = folder.path().join("missing.jsonl");
    let out = feed(&broker, &[&file, &missing]);
    let stderr = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("news.jsonl:1: too_large: "), "{stderr}");
    assert!(stderr.contains("missing.jsonl: cannot be read: "), "{stderr}");
    assert!(stderr.contains("2 of 2 acknowledged"), "{stderr}");
    let found = read(&broker, 2);
    assert!(found.values().any(|value| value == b"{broken"), "broken records are the service's to reject");
}

#[test]
fn without_a_broker_nothing_counts_as_acknowledged() {
    // A port that was free a moment ago: nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let properties = [("message.timeout.ms".to_owned(), "600".to_owned())];
    let cluster =
        Cluster { brokers: format!("127.0.0.1:{port}"), properties: properties.into_iter().collect() };
    let feeder = Feeder::start(&cluster, TOPIC).unwrap();
    for _ in 0..3 {
        feeder.send(&Raw { value: Some("News.".into()), ..Raw::default() }).unwrap();
    }
    let counts = feeder.finish(|_| ());
    assert_eq!((counts.sent, counts.acknowledged, counts.failed), (3, 0, 3));
    assert!(counts.last_error.is_some());
}

fn feed(broker: &Embedded, files: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_khabar"))
        .args(["feed", "--topic", TOPIC, "--brokers", &broker.brokers()])
        .args(files)
        .output()
        .unwrap()
}

/// Values by key.
fn read(broker: &Embedded, count: usize) -> BTreeMap<String, Vec<u8>> {
    let cluster = Cluster { brokers: broker.brokers(), ..Cluster::default() };
    let reader = Reader::start(&cluster, &[TOPIC]).unwrap();
    let mut found = BTreeMap::new();
    let deadline = Instant::now() + Duration::from_secs(30);
    while found.len() < count && Instant::now() < deadline {
        if let Some((_, raw)) = reader.next(Duration::from_millis(100)).unwrap() {
            let key = String::from_utf8(raw.key.unwrap().to_vec()).unwrap();
            assert!(found.insert(key, raw.value.unwrap().to_vec()).is_none(), "a key came twice");
        }
    }
    assert_eq!(found.len(), count);
    found
}
