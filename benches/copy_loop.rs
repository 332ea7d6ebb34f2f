//! What the service costs beside the least that reading and writing cost: CPU seconds a record of
//! `khabar run`, against a loop that copies the same topic, on the same broker; and how much of its throughput
//! remains when it delivers exactly once.
//!
//! `cargo bench --bench copy_loop`; needs Java 17 and Maven, writes about 2 GB to the temporary folder.
//! `KHABAR_BENCH_RECORDS` (200,000) and `KHABAR_BENCH_ROUNDS` (3) change the size; `KHABAR_BENCH_TIER` (off) is the
//! tier of the extraction.

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::{Duration, Instant};

use common::articles::{Message, json_message, made_up_of};
use common::cluster::Cluster;
use common::metrics::cpu_seconds;
use common::service::{Service, Settings};
use khabar::kafka::{consumer, producer, settings};
use khabar_local_kafka::LocalKafka;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message as _;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

const PARTITIONS: i32 = 6;
const PATIENCE: Duration = Duration::from_secs(900);

/// CPU and wall time of one run.
#[derive(Debug, Clone, Copy)]
struct Cost {
    cpu: f64,
    wall: f64,
}

fn main() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |n| n.parse().expect("a number"));
    let (records, rounds) = (number("KHABAR_BENCH_RECORDS", 200_000), number("KHABAR_BENCH_ROUNDS", 3));
    let kafka = LocalKafka::builder().heap("1g").start().expect("a local kafka");
    let cluster = Cluster::at(kafka.bootstrap());
    cluster.create_topic("copy.raw", PARTITIONS, &[]);
    let bytes = fill(&cluster, records);
    println!("{records} records of {} bytes on {PARTITIONS} partitions", bytes / records);
    println!("{:<14} {:>12} {:>14} {:>12}", "", "cpu s", "cpu µs/record", "records/s");
    let show = |what: &str, cost: Cost| {
        let per_record = cost.cpu * 1e6 / records as f64;
        println!("{what:<14} {:>12.2} {per_record:>14.2} {:>12.0}", cost.cpu, records as f64 / cost.wall);
    };
    // Taken in turns, so that a busy machine disturbs all of them.
    let (mut ratios, mut shares) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let copy = copy_loop(&cluster, round, records);
        show("copy loop", copy);
        let at_least_once = service(&cluster, round, records, false);
        show("khabar run", at_least_once);
        let exactly_once = service(&cluster, round, records, true);
        show("exactly once", exactly_once);
        ratios.push(at_least_once.cpu / copy.cpu);
        shares.push(at_least_once.wall / exactly_once.wall);
    }
    let median = |numbers: &mut Vec<f64>| {
        numbers.sort_by(f64::total_cmp);
        numbers[numbers.len() / 2]
    };
    println!(
        "CPU seconds of khabar run, copy loops, median of {rounds}: {:.2} (all: {ratios:.2?})",
        median(&mut ratios)
    );
    println!(
        "records/s exactly once, share of those at least once, median of {rounds}: {:.2} (all: {shares:.2?})",
        median(&mut shares)
    );
}

/// Articles of about 5 KB; returns their bytes.
fn fill(cluster: &Cluster, records: usize) -> usize {
    let some: Vec<Message> = (0..2_000).map(|i| json_message(&made_up_of(i, 38))).collect();
    let size = |m: &Message| m.value.as_ref().map_or(0, Vec::len);
    let all = || some.iter().cycle().take(records);
    cluster.send("copy.raw", all(), &[("compression.type", "lz4")]);
    all().map(size).sum()
}

fn topics(cluster: &Cluster, what: &str, round: usize) -> (String, String) {
    let names = (format!("{what}-{round}.enriched"), format!("{what}-{round}.dead"));
    cluster.create_topic(&names.0, PARTITIONS, &[("max.message.bytes", "10485760")]);
    cluster.create_topic(&names.1, PARTITIONS, &[]);
    names
}

/// Reads every record and writes it again, with the service's own client settings.
fn copy_loop(cluster: &Cluster, round: usize, records: usize) -> Cost {
    let (output, _) = topics(cluster, "copy", round);
    let brokers =
        settings::Cluster { brokers: cluster.bootstrap().to_owned(), ..settings::Cluster::default() };
    let input = settings::Input {
        cluster: brokers.clone(),
        topics: vec!["copy.raw".to_owned()],
        group: format!("copy-{round}"),
        instance_id: None,
        group_protocol: settings::GroupProtocol::Classic,
    };
    let to = settings::Output {
        cluster: brokers,
        topic: output.clone(),
        dead_letter_topic: String::new(),
        key: settings::OutputKey::Input,
        tombstones: settings::Tombstones::Pass,
        compression: "lz4".to_owned(),
        max_message_bytes: 10 << 20,
        linger: Duration::from_millis(5),
        transactions: None,
    };
    let (cpu, started) = (cpu_seconds(std::process::id()).expect("time"), Instant::now());
    let consumer: BaseConsumer = consumer::client_config(&input).create().expect("a consumer");
    let producer: ThreadedProducer<DefaultProducerContext> =
        producer::client_config(&to).create().expect("a producer");
    let mut all = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        all.add_partition_offset("copy.raw", partition, Offset::Beginning).expect("an offset");
    }
    consumer.assign(&all).expect("assigned");
    for _ in 0..records {
        let message = loop {
            if let Some(message) = consumer.poll(Duration::from_millis(100)) {
                break message.expect("a message");
            }
            assert!(started.elapsed() < PATIENCE, "the copy loop stalled");
        };
        let mut record = BaseRecord::<[u8], [u8]>::to(&output);
        record.key = message.key();
        record.payload = message.payload();
        while let Err((error, unsent)) = producer.send(record) {
            assert_eq!(error, KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull));
            std::thread::sleep(Duration::from_millis(1));
            record = unsent;
        }
    }
    producer.flush(PATIENCE).expect("acknowledged");
    let wall = started.elapsed().as_secs_f64();
    Cost { cpu: cpu_seconds(std::process::id()).expect("time") - cpu, wall }
}

fn service(cluster: &Cluster, round: usize, records: usize, exactly_once: bool) -> Cost {
    let word = if exactly_once { "exact" } else { "khabar" };
    let (output_topic, dead_letter_topic) = topics(cluster, word, round);
    let tier = std::env::var("KHABAR_BENCH_TIER").unwrap_or_else(|_| "off".to_owned());
    let settings = Settings {
        topics: vec!["copy.raw".to_owned()],
        output_topic,
        dead_letter_topic,
        ..Settings::named(&format!("{word}-{round}"), cluster.bootstrap())
            .with("extraction", &format!("tier = {tier:?}\n"))
    };
    let settings = if exactly_once { settings.exactly_once("bench") } else { settings };
    let started = Instant::now();
    let mut service = Service::start(&settings);
    // From its own books: asking the broker in a loop would cost the broker.
    let published = loop {
        service.assert_alive();
        let published = service.scrape().sum("khabar_records_published_total").unwrap_or(0.0);
        if published >= records as f64 {
            break published;
        }
        assert!(started.elapsed() < PATIENCE, "the service stalled");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(published, records as f64, "each record once");
    let cost = Cost { cpu: cpu_seconds(service.pid()).expect("time"), wall: started.elapsed().as_secs_f64() };
    service.terminate();
    cost
}
