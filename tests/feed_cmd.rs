//! `khabar feed` against librdkafka's mock cluster.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
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
fn json_lines_are_declared_and_nothing_else_is() {
    let broker = Embedded::start(&[(TOPIC, 1)]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("news.jsonl");
    std::fs::write(&file, "{\"id\":\"a\",\"body\":\"A.\"}\n\"no object\"\n").unwrap();
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/demo/ar-port.txt");
    let out = feed(&broker, &[&file, &text]);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let declared: Vec<_> = records(&broker, 3)
        .iter()
        .map(|raw| (raw.value.clone().unwrap()[0], raw.headers.get_str("content-type").map(str::to_owned)))
        .collect();
    let json = Some("application/json".to_owned());
    assert_eq!(declared[..2], [(b'{', json.clone()), (b'"', json)]);
    assert_eq!(declared[2].1, None);
}

#[test]
fn a_wrong_topic_is_refused_by_the_rule_of_the_settings() {
    for topic in ["", " ", "news raw", "أخبار", "..", &"x".repeat(250)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
        let out = command.args(["feed", "/nowhere.txt", "--topic", topic]).output().unwrap();
        let stderr = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{topic}: {stderr}");
        assert!(stderr.contains("the command line: --topic"), "{stderr}");
    }
}

#[test]
fn a_dead_broker_is_told_long_before_the_records_are_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("news.txt");
    std::fs::write(&file, "News.").unwrap();
    let brokers = format!("127.0.0.1:{}", free_port());
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_khabar"))
        .args(["feed", "--topic", TOPIC, "--brokers", &brokers])
        .arg(&file)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut told).unwrap();
    let waited = started.elapsed();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(told.starts_with(&format!("{brokers} has acknowledged nothing yet: ")), "{told}");
    assert!(told.contains("Connection refused; still trying"), "{told}");
    assert!((2..20).contains(&waited.as_secs()), "told after {waited:?}");
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
    let port = free_port();
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

/// A port that was free a moment ago: nobody listens there.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Values by key.
fn read(broker: &Embedded, count: usize) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for raw in records(broker, count) {
        let key = String::from_utf8(raw.key.unwrap().to_vec()).unwrap();
        assert!(found.insert(key, raw.value.unwrap().to_vec()).is_none(), "a key came twice");
    }
    found
}

fn records(broker: &Embedded, count: usize) -> Vec<Raw> {
    let cluster = Cluster { brokers: broker.brokers(), ..Cluster::default() };
    let reader = Reader::start(&cluster, &[TOPIC]).unwrap();
    let mut found = Vec::new();
    let deadline = Instant::now() + Duration::from_secs(30);
    while found.len() < count && Instant::now() < deadline {
        found.extend(reader.next(Duration::from_millis(100)).unwrap().map(|(_, raw)| raw));
    }
    assert_eq!(found.len(), count);
    found
}
