//! The whole service against librdkafka's mock cluster: the real protocol, no Java.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use khabar::cmd::service::{Parts, Service};
use khabar::decode::{self, Decoder};
use khabar::encode::{Encoder, PipelineInfo};
use khabar::kafka::embedded::Embedded;
use khabar::kafka::injected::Until;
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
        hosts: Vec::new(),
        samples: true,
        tracing: khabar::trace::Settings::default(),
        stages: Arc::new(Stages {
            decoder: Decoder::new(decode::Settings::default()),
            enricher: Enricher::new(Settings::default()),
            encoder: Encoder::new(PipelineInfo::default(), false),
        }),
        replay: None,
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

/// Publishes records and has `trouble` happen in the middle; every record ends, in order. The output is a cluster
/// of its own, so that what is to fail there cannot hit those who publish to the input.
fn goes_on(
    trouble: impl Fn(&Embedded, &Service),
    parts_of: impl Fn(&str) -> Parts,
    done: impl Fn(&str, &str) -> bool,
) {
    let input = Embedded::start(&[(RAW, 2)]).expect("mock cluster");
    let output = Embedded::start(&[(ENRICHED, 2), (DEAD, 1)]).expect("mock cluster");
    let brokers = input.brokers();
    let article =
        |n: usize| serde_json::json!({ "id": n.to_string(), "body": format!("Body {n} in Cairo.") });
    let publish = |range: std::ops::Range<usize>| {
        publish(&brokers, range.map(|n| article(n).to_string().into_bytes()));
    };
    publish(0..300);
    let mut parts = parts_of(&brokers);
    parts.output.cluster.brokers = output.brokers();
    let reads = Cluster { brokers: output.brokers(), ..parts.input.cluster.clone() };
    let service = Service::start(parts).expect("starts");
    let admin = service.admin.as_ref().expect("an admin server").address;
    let ended = || {
        let books = service.ledger.snapshot();
        assert!(books.reconciles(), "{books:?}");
        books.totals.published
    };
    until("the first records end", || ended() > 0);
    trouble(&output, &service);
    publish(300..600);
    let get = |path: &str| {
        let mut stream = std::net::TcpStream::connect(admin).expect("the admin server");
        std::io::Write::write_all(&mut stream, format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())
            .expect("asked");
        std::io::read_to_string(stream).expect("an answer")
    };
    until("it is over", || done(&get("/metrics"), &get("/readyz")));
    until("it is ready again", || {
        get("/readyz").starts_with("HTTP/1.0 200") || get("/readyz").contains(" 200 ")
    });
    let reader = Reader::start(&reads, &[ENRICHED]).expect("reads");
    let mut seen = BTreeSet::new();
    let mut last: std::collections::BTreeMap<(Option<Vec<u8>>, i64), i64> = std::collections::BTreeMap::new();
    until("600 records are read back", || {
        while let Some((_, raw)) = reader.next(Duration::from_millis(100)).expect("reads") {
            let value: serde_json::Value =
                serde_json::from_slice(raw.value.as_deref().expect("a value")).expect("JSON");
            let number = |name: &str| value["source"][name].as_i64().expect("a number");
            let (partition, offset) = (number("partition"), number("offset"));
            if !seen.insert((partition, offset)) {
                continue;
            }
            let key = (raw.key.map(|key| key.to_vec()), partition);
            let before = last.insert(key.clone(), offset);
            assert!(before < Some(offset), "{key:?}: {offset} came after {before:?}");
        }
        seen.len() == 600
    });
    assert_eq!(service.stop.reason(), None, "the service ended");
    service.stop.stop(StopReason::Asked("test"));
    let ended = service.wait().expect("ends");
    assert!(ended.books.reconciles(), "{:?}", ended.books);
}

fn counts(metrics: &str, series: &str) -> f64 {
    let line = metrics.lines().find(|line| line.starts_with(series)).expect("a series");
    line.rsplit(' ').next().expect("a value").parse().expect("a number")
}

#[test]
fn a_fatal_producer_error_makes_a_new_producer_and_loses_nothing() {
    use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
    goes_on(
        |output, _| {
            let error = RDKafkaRespErr::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER;
            output.fail_requests(RDKafkaApiKey::Produce, &[error]);
        },
        parts,
        |metrics, _| counts(metrics, "khabar_producer_renewals_total") >= 1.0,
    );
}

fn watched(brokers: &str) -> Parts {
    let mut parts = parts(brokers);
    parts.pipeline.stuck_after = Duration::from_secs(1);
    parts
}

#[test]
fn a_stuck_partition_is_read_anew() {
    goes_on(
        |_, service| service.injected.stall(RAW, 0, Until::Seek),
        watched,
        |metrics, _| {
            counts(metrics, "khabar_heals_total{action=\"seek\"}") >= 1.0
                && counts(metrics, "khabar_waiting_partitions{cause=\"stuck\"}") == 0.0
        },
    );
}

#[test]
fn a_partition_that_stays_stuck_gets_a_new_consumer() {
    let unready = std::cell::Cell::new(false);
    goes_on(
        |_, service| service.injected.stall(RAW, 0, Until::NewConsumer),
        watched,
        |metrics, readyz| {
            unready.set(unready.get() || (readyz.contains(" 503 ") && readyz.contains(RAW)));
            unready.get()
                && counts(metrics, "khabar_heals_total{action=\"consumer\"}") >= 1.0
                && counts(metrics, "khabar_waiting_partitions{cause=\"stuck\"}") == 0.0
        },
    );
}
