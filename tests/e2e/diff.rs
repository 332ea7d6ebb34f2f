//! `khabar diff` over real topics: repeats, transactions, and what really changed.

use std::path::Path;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use serde_json::Value;

use crate::common::articles::{Message, json_message, made_up};
use crate::common::cluster::{Cluster, Record, shared_kafka};
use crate::common::service::{Service, Settings, khabar};

const PATIENCE: Duration = Duration::from_secs(60);

/// Exit code, report or nothing, and standard error.
fn diff(config: &Path, a: &str, b: &str, more: &[&str]) -> (Option<i32>, Value, String) {
    let mut command = khabar();
    command.args(["diff", a, b, "--json", "--config"]).arg(config).args(more);
    let output = command.output().expect("the built binary");
    let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), report, String::from_utf8(output.stderr).expect("text"))
}

fn again(records: &[Record]) -> Vec<Message> {
    records.iter().map(|r| Message::new(r.key.as_deref(), r.value.as_deref())).collect()
}

/// Publishes in transactions of ten, each but the last followed by one that is aborted, then one more aborted one: the
/// partitions end with marks that no consumer sees.
fn publish_in_transactions(bootstrap: &str, topic: &str, messages: &[Message]) {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .set("transactional.id", topic)
        .set("partitioner", "murmur2_random")
        .create()
        .expect("a producer");
    producer.init_transactions(PATIENCE).expect("transactions");
    let send = |message: &Message, value: Option<&[u8]>| {
        let mut record = BaseRecord::<[u8], [u8]>::to(topic);
        record.key = message.key.as_deref();
        record.payload = value;
        producer.send(record).map_err(|(error, _)| error).expect("room in the queue");
    };
    for messages in messages.chunks(10) {
        producer.begin_transaction().expect("begun");
        messages.iter().for_each(|message| send(message, message.value.as_deref()));
        producer.commit_transaction(PATIENCE).expect("committed");
        producer.begin_transaction().expect("begun");
        messages.iter().for_each(|message| send(message, Some(b"{aborted")));
        producer.flush(PATIENCE).expect("written");
        producer.abort_transaction(PATIENCE).expect("aborted");
    }
}

#[test]
fn topics_are_compared_whatever_their_repeats_and_transactions() {
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, a) = (Cluster::at(bootstrap), Settings::named("diffed", bootstrap));
    let b = Settings {
        group: "diffed-next".to_owned(),
        output_topic: "diffed.next".to_owned(),
        ..a.clone().with("output", "text = \"omit\"\n")
    };
    let transactional = "diffed.transactional";
    cluster.create_topic(&a.topics[0], 3, &[]);
    for topic in [&a.output_topic, &b.output_topic, &a.dead_letter_topic, transactional, "diffed.empty"] {
        cluster.create_topic(topic, 2, &[]);
    }
    let mut messages: Vec<Message> = (0..60).map(|i| json_message(&made_up(i))).collect();
    messages.push(Message::new(Some(b"gone"), None));
    cluster.send(&a.topics[0], &messages, &[]);
    let mut service = Service::start(&a);
    service.catch_up(&cluster, &a, PATIENCE);
    service.terminate();
    let mut next = Service::start(&b);
    next.catch_up(&cluster, &b, PATIENCE);
    next.terminate();
    let config = service.config();

    // Another build leaves the text out: that field changed in every record, and nothing else.
    let (code, report, stderr) = diff(config, &a.output_topic, &b.output_topic, &["--examples", "3"]);
    assert_eq!(code, Some(5), "{stderr}");
    let count = |report: &Value, pointer: &str| report.pointer(pointer).and_then(Value::as_u64);
    assert_eq!((count(&report, "/both"), count(&report, "/changed")), (Some(60), Some(60)));
    assert_eq!((count(&report, "/a/tombstones"), count(&report, "/b/tombstones")), (Some(1), Some(1)));
    let changed = report["fields"].as_array().expect("a list").iter().filter(|f| f["changed"] != 0);
    assert_eq!(changed.map(|f| f["field"].as_str().expect("a name")).collect::<Vec<_>>(), ["text"]);
    let examples = report["examples"].as_array().expect("a list");
    assert_eq!(examples.len(), 3);
    let example = &examples[0]["changes"]["list"][0];
    assert!(example["before"].as_str().is_some_and(|text| text.len() > 10), "fetched again: {example}");
    let (code, report, _) = diff(config, &a.output_topic, &b.output_topic, &["--ignore", "text"]);
    assert_eq!((code, count(&report, "/same")), (Some(0), Some(60)));

    // The same records in transactions, and half of them once more in the first topic.
    let mut records = cluster.read(&a.output_topic);
    // Partitions are read in any order; the tombstone is to be in the half that comes again.
    records.sort_by_key(|record| record.value.is_some());
    publish_in_transactions(bootstrap, transactional, &again(&records));
    cluster.send(&a.output_topic, &again(&records[..30]), &[]);
    let (code, report, stderr) = diff(config, &a.output_topic, transactional, &["--ignore", "id"]);
    assert_eq!(code, Some(5), "a tombstone came again, which only their number shows: {stderr}");
    assert_eq!((count(&report, "/identical"), count(&report, "/b/unreadable")), (Some(60), Some(0)));
    let tombstones_again = records[..30].iter().filter(|r| r.value.is_none()).count() as u64;
    let repeats = count(&report, "/a/repeats").expect("a number");
    assert_eq!(repeats + tombstones_again, 30);
    assert_eq!(count(&report, "/a/repeats_that_differ"), Some(0));
    let (_, report, _) = diff(config, transactional, transactional, &[]);
    assert_eq!((count(&report, "/a/read"), count(&report, "/identical")), (Some(61), Some(60)));

    // A topic against an empty one, against a file, and against none.
    let (code, report, _) = diff(config, &a.output_topic, "diffed.empty", &[]);
    assert_eq!((code, count(&report, "/only_a")), (Some(5), Some(60)));
    let file = tempfile::NamedTempFile::new().expect("a file");
    let values = records.iter().filter_map(|r| r.value.clone());
    std::fs::write(
        file.path(),
        values.flat_map(|value| [value, b"\n".to_vec()].concat()).collect::<Vec<_>>(),
    )
    .expect("written");
    let (_, report, _) = diff(config, transactional, file.path().to_str().expect("text"), &[]);
    assert_eq!((count(&report, "/identical"), count(&report, "/changed")), (Some(60), Some(0)));
    let (code, _, stderr) = diff(config, &a.output_topic, "diffed.missing", &[]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("there is no topic diffed.missing at"), "{stderr}");
}
