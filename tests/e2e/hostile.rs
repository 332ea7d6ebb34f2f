//! Hostile records through real Kafka: each is in the output with a diagnostic or among the dead letters with
//! a reason, and an ordinary record after them still gets through.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::common::articles::{Message, json_message, made_up};
use crate::common::cluster::{Cluster, Record, shared_kafka};
use crate::common::service::{Service, Settings};

#[path = "../hostile/inputs.rs"]
mod inputs;
use inputs::{Expect, HostileInput};

/// The slowest takes a small part of it.
const PATIENCE: Duration = Duration::from_secs(300);
const LARGE: &str = "67108864";

#[test]
fn hostile_records_end_somewhere_and_stop_nothing() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    let settings = Settings::named("hostile", bootstrap);
    // One partition, so that a record's offset is its number.
    cluster.create_topic("hostile.raw", 1, &[("max.message.bytes", LARGE)]);
    for topic in ["hostile.enriched", "hostile.dead"] {
        cluster.create_topic(topic, 1, &[("max.message.bytes", "10485760")]);
    }
    let inputs = inputs::all();
    assert!(inputs.len() >= 60, "{} inputs", inputs.len());
    let messages: Vec<Message> = inputs.iter().map(message).chain([json_message(&made_up(1))]).collect();
    cluster.send("hostile.raw", &messages, &[]);

    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, PATIENCE);
    let books = service.scrape().books().expect("balanced books");
    service.terminate();

    let mut enriched = by_offset(cluster.read("hostile.enriched"), |r| r.json()["source"]["offset"].as_i64());
    let mut dead =
        by_offset(cluster.read("hostile.dead"), |r| r.header("khabar-source-offset")?.parse().ok());
    assert_eq!((books.published, books.dead_lettered), (enriched.len() as f64, dead.len() as f64));
    let mut wrong = Vec::new();
    for (offset, input) in (0..).zip(&inputs) {
        let ended = (enriched.remove(&offset), dead.remove(&offset));
        if let Some(problem) = problem(input, ended.0.as_ref(), ended.1.as_ref()) {
            wrong.push(format!("{}: expected {:?}, {problem}", input.name, input.expect));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((enriched.len(), dead.len()), (1, 0), "the ordinary record is left, in the output");
}

fn message(input: &HostileInput) -> Message {
    let raw = &input.raw;
    let mut message = Message::new(raw.key.as_deref(), raw.value.as_deref());
    for (name, value) in &raw.headers.0 {
        message.headers.push((name.clone(), value.as_deref().unwrap_or_default().to_vec()));
    }
    message
}

fn by_offset(records: Vec<Record>, offset: fn(&Record) -> Option<i64>) -> BTreeMap<i64, Record> {
    records.into_iter().map(|record| (offset(&record).expect("a source"), record)).collect()
}

fn problem(input: &HostileInput, enriched: Option<&Record>, dead: Option<&Record>) -> Option<String> {
    let (record, letter) = match (enriched, dead) {
        (None, None) => return Some("it is nowhere".to_owned()),
        (Some(_), Some(_)) => return Some("it is in both topics".to_owned()),
        found => found,
    };
    if let Some(letter) = letter {
        let reason = letter.header("khabar-error-reason").unwrap_or("none").to_owned();
        let omitted = letter.header("khabar-value-omitted").is_some();
        if !omitted && letter.value.as_deref() != input.raw.value.as_deref() {
            return Some("the dead letter has another value".to_owned());
        }
        return match input.expect {
            _ if reason == "panic" => Some("it panicked".to_owned()),
            Expect::Rejected(expected) if reason == expected.as_str() => None,
            Expect::Either => None,
            _ => Some(format!("rejected as {reason}")),
        };
    }
    let json = record?.json();
    let codes: Vec<&str> =
        json["diagnostics"].as_array()?.iter().filter_map(|diagnostic| diagnostic["code"].as_str()).collect();
    match input.expect {
        Expect::Rejected(_) => Some("it was enriched".to_owned()),
        Expect::Either => None,
        Expect::Diagnostic(code) => {
            let name = serde_json::to_value(code).ok()?;
            let found = codes.iter().any(|c| Some(*c) == name.as_str());
            (!found).then(|| format!("its diagnostics are {codes:?}"))
        }
    }
}
