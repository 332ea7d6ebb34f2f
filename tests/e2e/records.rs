//! What a record carries through: key, headers, time, codecs; and what a dead letter keeps.

use std::time::Duration;

use crate::common::articles::{Message, keyed as article};
use crate::common::cluster::{Cluster, by_key, shared_kafka};
use crate::common::murmur2::murmur2_partition;
use crate::common::service::{Service, Settings};

const PATIENCE: Duration = Duration::from_secs(60);
/// 9 September 2001: long before any retention.
const LONG_AGO: i64 = 1_000_000_000_000;

/// Makes the topics, runs the service over the messages and stops it in order.
fn run(cluster: &Cluster, settings: &Settings, messages: &[Message], partitions: i32) {
    for topic in settings.topics.iter().chain([&settings.output_topic, &settings.dead_letter_topic]) {
        cluster.create_topic(topic, partitions, &[]);
    }
    cluster.send(&settings.topics[0], messages, &[]);
    let mut service = Service::start(settings);
    service.catch_up(cluster, settings, PATIENCE);
    service.terminate();
}

#[test]
fn headers_and_keys_go_through_and_time_is_that_of_processing() {
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("headers", bootstrap));
    let traced = article("traced")
        .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .header("tracestate", "vendor=1")
        .header("x-twice", "first")
        .header("x-twice", "second")
        .header("content-type", "application/json")
        .header("ce_specversion", "1.0")
        .header("ce_id", "1")
        .header("ce_source", "/news")
        .header("ce_type", "article")
        .header("khabar-schema", "forged/1")
        .header("Khabar-Source-Timestamp", "12");
    let unkeyed = Message { key: None, ..article("unkeyed") };
    let odd_key = Message { key: Some(vec![0xff, 0x00, 0xfe]), ..article("odd") };
    let messages =
        [Message { at_ms: Some(LONG_AGO), ..traced }, unkeyed, odd_key, article("k1"), article("k2")];
    let before = jiff::Timestamp::now().as_millisecond();
    run(&cluster, &settings, &messages, 3);
    let after = jiff::Timestamp::now().as_millisecond();

    let records = cluster.read(&settings.output_topic);
    assert_eq!(records.len(), messages.len());
    assert_eq!(cluster.read(&settings.dead_letter_topic).len(), 0);
    let traced = by_key(&records, "traced");
    assert_eq!(traced.header("traceparent"), Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    assert_eq!(traced.header("tracestate"), Some("vendor=1"));
    let twice: Vec<_> =
        traced.headers.iter().filter(|(name, _)| name == "x-twice").map(|h| h.1.clone()).collect();
    assert_eq!(
        twice,
        [Some(b"first".to_vec()), Some(b"second".to_vec())],
        "repeated headers keep their order"
    );
    assert_eq!(traced.header("khabar-schema"), Some("khabar.enriched/1"), "replaced, not appended");
    assert_eq!(traced.header("khabar-source-timestamp"), Some("1000000000000"));
    let stale =
        |name: &str| name.starts_with("content-") || name.starts_with("ce_") || name.starts_with("Khabar");
    assert!(!traced.headers.iter().any(|(name, _)| stale(name)), "{:?}", traced.headers);
    for record in &records {
        assert!((before..=after).contains(&record.at_ms), "the timestamp is that of processing");
        assert!(record.header("khabar-pipeline").is_some() && record.header("khabar-processed-at").is_some());
        let key = record.key.as_deref().expect("a key");
        assert_eq!(record.partition, murmur2_partition(key, 3), "as Kafka's own clients partition");
    }
    assert_eq!(traced.json()["source"]["timestamp"], "2001-09-09T01:46:40.000Z");
    assert_eq!(traced.json()["source"]["topic"], "headers.raw");
    assert!(records.iter().any(|r| r.key.as_deref() == Some(&[0xff, 0x00, 0xfe])), "a key of any bytes");
    // Without a key the record's id is the key.
    by_key(&records, &format!("made-up-{}", "unkeyed".len()));
}

#[test]
fn a_dead_letter_keeps_the_original_and_says_why() {
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("letters", bootstrap));
    let broken = Message::new(Some(b"broken"), Some(b"{\"title\": \"cut"))
        .header("content-type", "application/json")
        .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .header("khabar-error-reason", "forged");
    let messages = [article("fine"), Message { at_ms: Some(LONG_AGO), ..broken }];
    run(&cluster, &settings, &messages, 1);

    assert_eq!(cluster.read(&settings.output_topic).len(), 1);
    let letters = cluster.read(&settings.dead_letter_topic);
    let letter = by_key(&letters, "broken");
    assert_eq!(letter.value.as_deref(), Some(&b"{\"title\": \"cut"[..]));
    assert_eq!(
        letter.header("content-type"),
        Some("application/json"),
        "it describes the value, which is the same"
    );
    assert_eq!(letter.header("traceparent"), Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    assert_eq!(letter.header("khabar-error-reason"), Some("invalid_json"));
    assert_eq!(letter.header("khabar-error-stage"), Some("decode"));
    assert!(letter.header("khabar-error-message").is_some_and(|m| !m.is_empty() && !m.contains("cut")));
    assert_eq!(letter.header("khabar-source-topic"), Some("letters.raw"));
    assert_eq!(letter.header("khabar-source-partition"), Some("0"));
    assert_eq!(letter.header("khabar-source-offset"), Some("1"));
    assert_eq!(letter.header("khabar-source-timestamp"), Some("1000000000000"));
    assert_eq!(letter.header("khabar-attempts"), Some("1"));
}

#[test]
fn tombstones_are_passed_on_or_dropped_as_configured() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    let messages = [article("stays"), Message::new(Some(b"gone"), None), Message::new(None, None)];

    let pass = Settings::named("tombstones", bootstrap);
    run(&cluster, &pass, &messages, 2);
    let records = cluster.read(&pass.output_topic);
    assert_eq!(records.len(), 3);
    assert_eq!(by_key(&records, "gone").value, None);

    let dropped = Settings {
        group: "tombstones-dropped".to_owned(),
        output_topic: "tombstones.fewer".to_owned(),
        ..pass.with("output", "tombstones = \"drop\"\n")
    };
    cluster.create_topic(&dropped.output_topic, 1, &[]);
    let mut service = Service::start(&dropped);
    service.catch_up(&cluster, &dropped, PATIENCE);
    let scrape = service.scrape();
    service.terminate();
    assert_eq!(scrape.books().expect("balanced books").dropped, 2.0);
    assert_eq!(scrape.sum_where("khabar_records_dropped_total", &["reason=\"tombstone\""]), 2.0);
    let records = cluster.read(&dropped.output_topic);
    assert_eq!(records.len(), 1);
    by_key(&records, "stays");
}

#[test]
fn every_codec_of_several_topics_is_read() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    let codecs = ["none", "gzip", "snappy", "lz4", "zstd"];
    let topics = codecs.map(|codec| format!("codecs.{codec}"));
    let settings = Settings { topics: topics.to_vec(), ..Settings::named("codecs", bootstrap) };
    for (topic, codec) in topics.iter().zip(codecs) {
        // The broker writes the codec of the topic's settings, whatever the producer sent.
        let kept = if codec == "none" { "uncompressed" } else { codec };
        cluster.create_topic(topic, 2, &[("compression.type", kept)]);
        let messages: Vec<Message> = (0..20).map(|i| article(&format!("{codec}-{i}"))).collect();
        cluster.send(topic, &messages, &[("compression.type", codec)]);
    }
    for topic in [&settings.output_topic, &settings.dead_letter_topic] {
        cluster.create_topic(topic, 3, &[]);
    }
    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, PATIENCE);
    service.terminate();
    let records = cluster.read(&settings.output_topic);
    assert_eq!(records.len(), 20 * codecs.len());
    for codec in codecs {
        let record = by_key(&records, &format!("{codec}-7"));
        assert_eq!(record.json()["source"]["topic"], format!("codecs.{codec}"));
    }
}
