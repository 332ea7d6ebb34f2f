//! Partitions that stand still, each for a cause of its own: told apart, and healed where they are stuck.

use std::time::Duration;

use crate::common::articles::{Message, articles, message};
use crate::common::cluster::{Cluster, kafka, shared_kafka};
use crate::common::service::{Service, Settings};
use crate::common::{metrics, wait_for};

const PATIENCE: Duration = Duration::from_secs(60);

fn some(count: usize) -> Vec<Message> {
    articles(count).iter().enumerate().map(|(i, a)| message(i, a)).collect()
}

fn settings(word: &str, bootstrap: &str) -> Settings {
    let cluster = Cluster::at(bootstrap);
    for what in ["raw", "enriched", "dead"] {
        cluster.create_topic(&format!("{word}.{what}"), 1, &[("max.message.bytes", "60000000")]);
    }
    Settings::named(word, bootstrap).with("watchdog", "stuck_after = \"2s\"\n")
}

/// The status and body of a probe.
fn readiness(service: &Service) -> (u16, String) {
    metrics::request(service.port(), "/readyz").expect("an answer")
}

fn waiting(service: &Service, cause: &str) -> bool {
    service.scrape().sum_where("khabar_waiting_partitions", &[&format!("cause={cause:?}")]) == 1.0
}

#[test]
fn an_open_transaction_is_told_and_does_not_make_unready() {
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), settings("held", bootstrap));
    cluster.send("held.raw", &some(10), &[]);
    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, PATIENCE);
    let open = cluster.open_transaction("held.raw", &some(5));
    // Committed records behind an open transaction cannot be read either.
    cluster.send("held.raw", &some(5), &[]);
    wait_for("the transaction to be told", PATIENCE, || waiting(&service, "transaction").then_some(()));
    let (status, body) = readiness(&service);
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("waits for a transaction that its producer has not ended"), "{body}");
    open.commit();
    // The mark of its end is the last offset, and no record.
    wait_for("all records", PATIENCE, || {
        service.assert_alive();
        let committed: i64 = cluster.committed("held", "held.raw").values().sum();
        (committed == 20).then_some(())
    });
    wait_for("it to be forgotten", PATIENCE, || (!waiting(&service, "transaction")).then_some(()));
    assert_eq!(service.scrape().sum("khabar_heals_total"), Some(0.0), "nothing was stuck");
    service.terminate();
}

#[test]
fn a_silent_output_is_told() {
    let Some(bootstrap) = shared_kafka() else { return };
    let Some(mut other) = kafka().require() else { return };
    let (cluster, output) = (Cluster::at(bootstrap), Cluster::at(other.bootstrap()));
    let mut settings = settings("silent", bootstrap);
    for what in ["enriched", "dead"] {
        output.create_topic(&format!("silent.{what}"), 1, &[]);
    }
    settings.output = Some(other.bootstrap().to_owned());
    cluster.send("silent.raw", &some(10), &[]);
    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, PATIENCE);
    other.pause().expect("frozen");
    cluster.send("silent.raw", &some(10), &[]);
    wait_for("the output to be told", PATIENCE, || waiting(&service, "output").then_some(()));
    other.resume().expect("thawed");
    service.catch_up(&cluster, &settings, PATIENCE);
    assert_eq!(service.scrape().sum("khabar_heals_total"), Some(0.0), "nothing was stuck");
    service.terminate();
}

#[test]
fn a_silent_input_broker_is_told() {
    let Some(mut broker) = kafka().require() else { return };
    let (cluster, mut settings) = (Cluster::at(broker.bootstrap()), settings("gone", broker.bootstrap()));
    // With a short session the partitions would be lost before anybody asks why they stand still.
    settings.without_session = true;
    cluster.send("gone.raw", &some(10), &[]);
    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, PATIENCE);
    broker.pause().expect("frozen");
    wait_for("the broker to be told", PATIENCE, || waiting(&service, "broker").then_some(()));
    assert!(readiness(&service).1.contains("the broker that leads it does not answer"));
    broker.resume().expect("thawed");
    cluster.send("gone.raw", &some(10), &[]);
    service.catch_up(&cluster, &settings, PATIENCE);
    let down =
        |service: &Service| service.scrape().sum_where("khabar_brokers_down_seconds", &["cluster=\"input\""]);
    assert_eq!(down(&service), 0.0, "it answers again");
    // For good.
    drop(broker);
    wait_for("the outage to be told", PATIENCE, || {
        let (status, body) = readiness(&service);
        (status == 503 && body.contains("no broker of the input has answered for ")).then_some(())
    });
    assert!(down(&service) > 0.0);
    service.kill();
}

#[test]
fn a_topic_that_does_not_exist_is_told() {
    let Some(bootstrap) = shared_kafka() else { return };
    let mut service = Service::start(&Settings::named("absent", bootstrap));
    wait_for("it to be told", PATIENCE, || {
        service.assert_alive();
        let (status, body) = readiness(&service);
        (status == 503 && body.contains("a topic to read does not exist")).then_some(())
    });
    settings("absent", bootstrap);
    wait_for("the topic to be found", PATIENCE, || (readiness(&service).0 == 200).then_some(()));
    service.terminate();
}

#[test]
fn a_slow_stage_and_a_full_budget_are_told() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    cluster.create_topic("slow.raw", 1, &[("max.message.bytes", "60000000")]);
    cluster.create_topic("fast.raw", 1, &[("max.message.bytes", "60000000")]);
    for what in ["enriched", "dead"] {
        cluster.create_topic(&format!("slow.{what}"), 1, &[("max.message.bytes", "60000000")]);
    }
    let mut settings = Settings::named("slow", bootstrap)
        .with("watchdog", "stuck_after = \"1s\"\n")
        // One record of that size is admitted alone, and everything else waits for it.
        .with("pipeline", "memory_budget = \"40MB\"\nlanes = 1\n")
        .with(
            "decode",
            "max_record_bytes = \"30MB\"\nmax_decompressed_bytes = \"30MB\"\nmax_nodes = 10000000\n",
        );
    settings.topics = vec!["slow.raw".to_owned(), "fast.raw".to_owned()];
    let mut service = Service::start(&settings);
    // Some tenths of a second of work, which take the slowed service many seconds.
    let slowed = service.slowed();
    let sentence = "أعلن وزير الخارجية أمس في القاهرة أن بلاده ستستضيف مؤتمر القمة في نهاية يونيو 2026. ";
    let body = serde_json::json!({ "id": "slow", "body": sentence.repeat(120_000) }).to_string();
    cluster.send("slow.raw", &[Message::new(Some(b"slow"), Some(body.as_bytes()))], &[]);
    wait_for("the large record", PATIENCE, || {
        (service.scrape().sum("khabar_in_flight_records") == Some(1.0)).then_some(())
    });
    cluster.send("fast.raw", &some(10), &[]);
    let (mut slow, mut budget) = (false, false);
    wait_for("both to be told", PATIENCE, || {
        slow |= waiting(&service, "slow_stage");
        budget |= waiting(&service, "budget");
        (slow && budget).then_some(())
    });
    drop(slowed);
    assert_eq!(readiness(&service).0, 200);
    service.catch_up(&cluster, &settings, PATIENCE);
    assert_eq!(service.scrape().sum("khabar_heals_total"), Some(0.0), "nothing was stuck");
    service.terminate();
}
