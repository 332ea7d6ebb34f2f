//! A real Prometheus scrapes a running khabar and a replay, and is asked everything that rules and dashboards ask.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use khabar_local_kafka::{Process, free_port};
use serde_json::Value;

use crate::common::articles::{Message, articles, message};
use crate::common::cluster::{Cluster, shared_kafka};
use crate::common::service::{Settings, khabar};
use crate::common::{metrics, wait_for};
use crate::source::read;
use crate::{has_prometheus, queries};

const PATIENCE: Duration = Duration::from_secs(120);
/// What is not shown while all is well: these queries ask for what is above nought of what then is nought.
const FAULTS: [&str; 4] = [
    "khabar_transactions_failing_seconds",
    "khabar_waiting_partitions",
    "khabar_paused",
    "khabar_heals_total",
];

/// The answer of Prometheus to a question about its state.
fn ask(port: u16, path: &str, query: Option<&str>) -> Option<Value> {
    let mut url = url::Url::parse("http://127.0.0.1").expect("a URL");
    url.set_path(path);
    if let Some(query) = query {
        url.query_pairs_mut().append_pair("query", query);
    }
    let target = &url[url::Position::BeforePath..];
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    write!(stream, "GET {target} HTTP/1.0\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}

/// How many series a query gives.
fn series(port: u16, query: &str) -> usize {
    let answer = ask(port, "/api/v1/query", Some(query)).expect("an answer");
    assert_eq!(answer["status"], "success", "{query}: {answer}");
    answer["data"]["result"].as_array().expect("a result").len()
}

/// A replay on a real Kafka, slow enough to be looked at, and its port; `None` where there is no Kafka.
fn replay(folder: &Path) -> Option<(Process, u16)> {
    let cluster = Cluster::at(shared_kafka()?);
    for topic in ["watched.raw", "watched.enriched", "watched.dead"] {
        cluster.create_topic(topic, 1, &[("max.message.bytes", "10485760")]);
    }
    let messages: Vec<Message> = articles(6_000).iter().enumerate().map(|(i, a)| message(i, a)).collect();
    cluster.send("watched.raw", &messages, &[]);
    let port = free_port().expect("a port");
    let config = folder.join("khabar.toml");
    std::fs::write(&config, Settings::named("watched", cluster.bootstrap()).toml(port)).expect("written");
    let mut command = khabar();
    command.arg("replay").arg("--config").arg(&config);
    command.args(["--name", "watched", "--rate", "20", "--listen", &format!("127.0.0.1:{port}")]);
    command.stdout(Stdio::null()).stderr(std::fs::File::create(folder.join("replay.log")).expect("a log"));
    Some((Process::spawn(&mut command).expect("khabar replay"), port))
}

/// Prometheus with our rules, on a faster clock and on this machine's ports.
fn prometheus(folder: &Path, port: u16, khabar: &[u16]) -> Process {
    let targets: Vec<_> = khabar.iter().map(|port| format!("\"127.0.0.1:{port}\"")).collect();
    let config = read("deploy/prometheus/prometheus.yml")
        .replace("scrape_interval: 5s", "scrape_interval: 1s")
        .replace("evaluation_interval: 15s", "evaluation_interval: 1s")
        .replace("\"khabar:9464\"", &targets.join(", "));
    std::fs::write(folder.join("prometheus.yml"), config).expect("written");
    std::fs::write(folder.join("rules.yml"), read("deploy/prometheus/rules.yml")).expect("written");
    let log = std::fs::File::create(folder.join("log")).expect("a log");
    let mut command = Command::new("prometheus");
    command
        .arg(format!("--config.file={}", folder.join("prometheus.yml").display()))
        .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log);
    Process::spawn(&mut command).expect("prometheus")
}

#[test]
fn everything_asked_for_is_said_by_a_running_khabar() {
    if !has_prometheus() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (port, khabar_port) = (free_port().expect("a port"), free_port().expect("a port"));
    let mut demo = khabar();
    demo.args(["demo", "--rate", "20", "--output", "jsonl", "--port", &khabar_port.to_string()])
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(folder.path().join("khabar.log")).expect("a log"));
    let _demo = Process::spawn(&mut demo).expect("khabar demo");
    let replay = replay(folder.path());
    let targets: Vec<_> = std::iter::once(khabar_port).chain(replay.iter().map(|(_, port)| *port)).collect();
    let _prometheus = prometheus(folder.path(), port, &targets);
    let log = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    wait_for("the first articles in Prometheus", PATIENCE, || {
        let answer = ask(port, "/api/v1/query", Some("sum(khabar_articles_total) > 30"))?;
        (!answer["data"]["result"].as_array()?.is_empty()).then_some(())
    });

    // What was recorded from two scrapes is there a little later than the scrapes.
    let queries = queries::all();
    let wanted: BTreeSet<_> = queries.iter().flat_map(|query| queries::selectors(&query.text)).collect();
    assert!(wanted.len() > 60, "only {} selectors were found", wanted.len());
    // `stuck` would be a defect: its series is there all the same.
    let of_replays = |text: &str| text.contains("replay!=\"\"") || text.contains("khabar_replay:");
    for selector in wanted.iter().filter(|selector| replay.is_some() || !of_replays(selector)) {
        wait_for(selector, PATIENCE, || (series(port, selector) > 0).then_some(()));
    }
    assert_eq!(series(port, "khabar_lag{topic=\"no.such\"}"), 0, "the check can fail");

    for query in &queries {
        let answer = ask(port, "/api/v1/query", Some(&query.text)).expect("an answer");
        assert_eq!(answer["status"], "success", "{}: {}\n{answer}", query.place, query.text);
    }
    for query in queries.iter().filter(|query| query.shows && (replay.is_some() || !of_replays(&query.text)))
    {
        let is_fault =
            query.text.ends_with("> 0") && FAULTS.iter().any(|name| query.text.contains(&format!("({name}")));
        if !is_fault {
            wait_for(&format!("what {} shows: {}", query.place, query.text), PATIENCE, || {
                (series(port, &query.text) > 0).then_some(())
            });
        }
    }
    let answer = ask(port, "/api/v1/query", Some("sum(")).expect("an answer");
    assert_eq!(answer["status"], "error", "the check can fail");

    let rules = wait_for("all rules evaluated", PATIENCE, || {
        let answer = ask(port, "/api/v1/rules", None)?;
        let groups = answer["data"]["groups"].as_array()?.clone();
        let rules: Vec<Value> =
            groups.iter().filter_map(|group| group["rules"].as_array()).flatten().cloned().collect();
        rules.iter().all(|rule| rule["health"] != "unknown").then_some(rules)
    });
    assert_eq!(rules.len(), queries::rules().len());
    for rule in &rules {
        assert_eq!(rule["health"], "ok", "{rule}\n{}", log("log"));
        assert_ne!(rule["state"], "firing", "a demo raises an alert: {rule}\n{}", log("khabar.log"));
    }
}

#[test]
fn promtool_likes_the_metrics() {
    if !has_prometheus() {
        return;
    }
    let port = free_port().expect("a port");
    let mut demo = khabar();
    demo.args(["demo", "--output", "jsonl", "--port", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _demo = Process::spawn(&mut demo).expect("khabar demo");
    let text = wait_for("a scrape with partitions", PATIENCE, || {
        metrics::get(port, "/metrics").filter(|text| text.contains("khabar_lag{"))
    });
    let check = |text: &str| {
        let mut command = Command::new("promtool");
        command
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("promtool");
        child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("written");
        let output = child.wait_with_output().expect("promtool");
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    };
    let (accepted, said) = check(&text);
    assert!(accepted, "{said}");
    assert!(
        !check(&text.replace("khabar_late_reports_total", "khabar_late_reports")).0,
        "the check can fail"
    );
}
