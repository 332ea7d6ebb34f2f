//! What brokers and clients do not take, and what comes back: none of it stops the service or loses a record.

use std::time::Duration;

use crate::common::articles::{Message, json_message, keyed as article, made_up_of};
use crate::common::cluster::{Cluster, Record, by_key, shared_kafka};
use crate::common::service::{Service, Settings};
use crate::common::wait_for;

const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the service over the messages; the output topic, of one partition as all are, has these settings.
fn run(cluster: &Cluster, settings: &Settings, messages: &[Message], output: &[(&str, &str)]) {
    cluster.create_topic(&settings.topics[0], 1, &[]);
    cluster.create_topic(&settings.output_topic, 1, output);
    cluster.create_topic(&settings.dead_letter_topic, 1, &[("max.message.bytes", "10485760")]);
    cluster.send(&settings.topics[0], messages, &[]);
    let mut service = Service::start(settings);
    service.catch_up(cluster, settings, PATIENCE);
    service.terminate();
}

fn codes(record: &Record) -> Vec<String> {
    let value = record.json();
    let diagnostics = value["diagnostics"].as_array().expect("a list");
    diagnostics.iter().filter_map(|d| d["code"].as_str().map(str::to_owned)).collect()
}

#[test]
fn a_header_whose_name_is_no_text_is_left_out_and_said_so() {
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("odd-headers", bootstrap));
    let mut odd = article("odd").header("x-before", "1");
    // SAFETY: the name is only copied, byte by byte, into a C string.
    let name = unsafe { String::from_utf8_unchecked(b"src\xff\xfe".to_vec()) };
    odd.headers.push((name, b"value".to_vec()));
    let messages = [article("fine"), odd.header("x-after", "2")];
    run(&cluster, &settings, &messages, &[]);

    let records = cluster.read(&settings.output_topic);
    assert_eq!(records.len(), 2);
    let odd = by_key(&records, "odd");
    assert_eq!((odd.header("x-before"), odd.header("x-after")), (Some("1"), Some("2")));
    assert_eq!(odd.header("khabar-unreadable-headers"), None, "it is ours alone");
    assert!(codes(odd).contains(&"unreadable_headers".to_owned()), "{:?}", codes(odd));
}

#[test]
fn a_compacted_output_refuses_one_record_and_not_its_neighbours() {
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("compacted", bootstrap));
    let messages = [article("before"), Message::new(None, None), article("after")];
    run(&cluster, &settings, &messages, &[("cleanup.policy", "compact")]);

    assert_eq!(cluster.read(&settings.output_topic).len(), 2);
    let letters = cluster.read(&settings.dead_letter_topic);
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].header("khabar-error-reason"), Some("refused_by_output"));
    assert_eq!(letters[0].header("khabar-source-offset"), Some("1"));
}

#[test]
fn a_batch_that_is_too_large_is_no_reason_to_reject_its_records() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    let settings = Settings::named("small-batches", bootstrap)
        .with("output", "compression = \"none\"\nlinger = \"100ms\"\n");
    let messages: Vec<Message> = (0..60)
        .map(|i| Message { key: Some(format!("k{i}").into_bytes()), ..json_message(&made_up_of(i, 30)) })
        .collect();
    run(&cluster, &settings, &messages, &[("max.message.bytes", "100000")]);

    let records = cluster.read(&settings.output_topic);
    let largest = records.iter().filter_map(|r| r.value.as_ref().map(Vec::len)).max();
    assert_eq!(records.len(), 60, "the largest is of {largest:?} bytes, and the topic takes 100000");
    assert_eq!(cluster.read(&settings.dead_letter_topic).len(), 0);
}

#[test]
fn a_redriven_record_keeps_its_first_position() {
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("redriven-source", bootstrap));
    let redriven = article("again")
        .header("khabar-attempts", "1")
        .header("khabar-source-topic", "old.raw")
        .header("khabar-source-partition", "7")
        .header("khabar-source-offset", "42")
        .header("khabar-source-timestamp", "1000000000000");
    run(&cluster, &settings, &[redriven], &[]);

    let records = cluster.read(&settings.output_topic);
    let source = &records[0].json()["source"];
    assert_eq!(
        (&source["topic"], &source["partition"], &source["offset"]),
        (&"old.raw".into(), &7.into(), &42.into())
    );
    assert_eq!(source["timestamp"], "2001-09-09T01:46:40.000Z");
    assert_eq!(records[0].header("khabar-source-timestamp"), Some("1000000000000"));
}

#[test]
fn what_is_committed_is_seen_and_not_committed_again() {
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("commits", bootstrap));
    for topic in [&settings.topics[0], &settings.output_topic, &settings.dead_letter_topic] {
        cluster.create_topic(topic, 1, &[]);
    }
    let messages: Vec<Message> = (0..20).map(|i| article(&format!("k{i}"))).collect();
    cluster.send(&settings.topics[0], &messages, &[]);
    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, PATIENCE);
    wait_for("the committed offset in the metrics", PATIENCE, || {
        (service.scrape().sum("khabar_committed_offset") == Some(20.0)).then_some(())
    });
    assert_eq!(service.scrape().sum("khabar_commit_failures_total"), Some(0.0));
    service.terminate();
}

#[test]
fn a_record_that_grows_too_large_becomes_a_dead_letter_with_what_was_read() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    let large = Message { key: Some(b"large".to_vec()), ..json_message(&made_up_of(1, 300)) };
    let raw = large.value.clone().expect("a value");
    let limit = |bytes: &str| vec![("max.message.bytes", bytes.to_owned())];
    // Who finds it too large: the client by its own setting, or the broker by the topic's; and whether the
    // raw record fits the dead letters.
    let cases = [
        ("client", "max_message_bytes = \"100KB\"\n", limit("10485760"), limit("10485760"), true),
        ("broker", "", limit("100000"), limit("10485760"), true),
        ("both", "", limit("100000"), limit("20000"), false),
    ];
    for (name, lines, output, dead_letters, fits) in cases {
        let more = format!("compression = \"none\"\n{lines}");
        let settings = Settings::named(&format!("grown-{name}"), bootstrap).with("output", &more);
        cluster.create_topic(&settings.topics[0], 1, &[]);
        let create = |topic: &str, limit: &[(&str, String)]| {
            let limit: Vec<_> = limit.iter().map(|(name, value)| (*name, value.as_str())).collect();
            cluster.create_topic(topic, 1, &limit);
        };
        create(&settings.output_topic, &output);
        create(&settings.dead_letter_topic, &dead_letters);
        cluster.send(&settings.topics[0], [&large], &[]);
        let mut service = Service::start(&settings);
        service.catch_up(&cluster, &settings, PATIENCE);
        service.terminate();

        assert_eq!(cluster.read(&settings.output_topic).len(), 0, "{name}: nothing else was sent");
        let letters = cluster.read(&settings.dead_letter_topic);
        let letter = by_key(&letters, "large");
        assert_eq!(letter.header("khabar-error-reason"), Some("too_large_for_output"), "{name}");
        assert_eq!(letter.header("khabar-source-offset"), Some("0"), "{name}");
        if fits {
            assert!(letter.value.as_deref() == Some(&raw[..]), "{name}: the raw record is not in the letter");
            assert_eq!(letter.header("khabar-value-omitted"), None, "{name}");
        } else {
            assert_eq!(letter.value, None, "{name}: too large for the dead letters, too");
            assert_eq!(letter.header("khabar-value-bytes"), Some(&*raw.len().to_string()), "{name}");
            assert_eq!(letter.header("khabar-value-sha256").map(str::len), Some(64), "{name}");
        }
    }
}
