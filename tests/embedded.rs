//! The whole service against librdkafka's mock cluster: the real protocol, no Java.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use khabar::cmd::service::{Parts, Service};
use khabar::decode::{self, Decoder};
use khabar::encode::{Encoder, PipelineInfo};
use khabar::kafka::embedded::Embedded;
use khabar::kafka::reader::Reader;
use khabar::kafka::settings::{Cluster, GroupProtocol, Input, Output, OutputKey, Tombstones};
use khabar::pipeline;
use khabar::shutdown::StopReason;
use khabar::stages::Stages;
use khabar_enrich::{Enricher, Settings};
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};

const RAW: &str = "news.raw";
const ENRICHED: &str = "news.enriched";
const DEAD: &str = "news.raw.dead";

fn parts(brokers: &str) -> Parts {
    // The mock cluster keeps a member that has left until its session is over.
    let properties =
        [("fetch.wait.max.ms", "10"), ("session.timeout.ms", "6000"), ("heartbeat.interval.ms", "500")];
    let properties = properties.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let cluster = Cluster { brokers: brokers.to_owned(), properties: properties.into_iter().collect() };
    let producer = Cluster { brokers: brokers.to_owned(), ..Cluster::default() };
    Parts {
        input: Input {
            cluster,
            topics: vec![RAW.to_owned()],
            group: "khabar-test".to_owned(),
            instance_id: None,
            group_protocol: GroupProtocol::Classic,
        },
        output: Output {
            cluster: producer,
            topic: ENRICHED.to_owned(),
            dead_letter_topic: DEAD.to_owned(),
            key: OutputKey::Input,
            tombstones: Tombstones::Pass,
            compression: "lz4".to_owned(),
            max_message_bytes: 1_000_000,
            linger: Duration::from_millis(5),
            transactions: None,
        },
        pipeline: pipeline::Settings { commit_interval: Duration::from_millis(100), ..Default::default() },
        admin: Some(([127, 0, 0, 1], 0).into()),
        stages: Arc::new(Stages {
            decoder: Decoder::new(decode::Settings::default()),
            enricher: Enricher::new(Settings::default()),
            encoder: Encoder::new(PipelineInfo::default(), false),
        }),
    }
}

fn publish(brokers: &str, values: impl Iterator<Item = Vec<u8>>) {
    let producer: BaseProducer =
        ClientConfig::new().set("bootstrap.servers", brokers).create().expect("producer");
    for (n, value) in values.enumerate() {
        let key = format!("k{}", n % 17);
        producer.send(BaseRecord::to(RAW).key(&key).payload(&value)).expect("room in the queue");
        producer.poll(Duration::ZERO);
    }
    producer.flush(Duration::from_secs(30)).expect("the mock cluster acknowledges");
}

fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "not within a minute: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn every_record_arrives_and_the_next_instance_goes_on_where_this_one_ended() {
    let cluster = Embedded::start(&[(RAW, 3), (ENRICHED, 3), (DEAD, 1)]).expect("mock cluster");
    let brokers = cluster.brokers();
    let article = |n: usize| {
        serde_json::json!({ "id": n.to_string(), "title": "Headline", "body": format!("Body {n} in Cairo.") })
            .to_string()
            .into_bytes()
    };
    let broken = |n: usize| if n % 20 == 3 { b"{\"body\": ".to_vec() } else { article(n) };
    publish(&brokers, (0..400).map(broken));
    let service = Service::start(parts(&brokers)).expect("starts");
    until("400 records end", || {
        let books = service.ledger.snapshot();
        assert!(books.reconciles(), "{books:?}");
        books.totals.published + books.totals.all_dead_lettered() == 400
    });
    service.stop.stop(StopReason::Asked("test"));
    let ended = service.wait().expect("ends");
    assert_eq!(ended.reason, StopReason::Asked("test"));
    assert_eq!((ended.drained.abandoned, ended.books.in_flight), (0, 0));
    assert_eq!(ended.books.totals.all_dead_lettered(), 20);

    publish(&brokers, (400..500).map(article));
    let service = Service::start(parts(&brokers)).expect("starts again");
    until("100 more records end", || service.ledger.snapshot().totals.published >= 100);
    service.stop.stop(StopReason::Asked("test"));
    let books = service.wait().expect("ends").books;
    assert_eq!(books.totals.consumed, 100, "the second instance read something again");

    let reader = Reader::start(&parts(&brokers).input.cluster, &[ENRICHED, DEAD]).expect("reads");
    let mut seen = BTreeSet::new();
    until("500 records are read back", || {
        while let Some((position, raw)) = reader.next(Duration::from_millis(100)).expect("reads") {
            let header = |name: &str| raw.headers.get_str(name).map(str::to_owned);
            let (partition, offset) = if &*position.topic == DEAD {
                (header("khabar-source-partition"), header("khabar-source-offset"))
            } else {
                let value: serde_json::Value =
                    serde_json::from_slice(raw.value.as_deref().expect("a value")).expect("JSON");
                let field = |name: &str| Some(value["source"][name].to_string());
                (field("partition"), field("offset"))
            };
            assert!(seen.insert((partition.clone(), offset.clone())), "twice: {partition:?} {offset:?}");
        }
        seen.len() == 500
    });
}
