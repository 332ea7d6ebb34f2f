//! A feed that breaks: nothing of what tripped the breaker is committed, and a restart probes before it goes on.

use std::time::Duration;

use crate::common::articles::Message;
use crate::common::cluster::{Cluster, shared_kafka};
use crate::common::metrics;
use crate::common::service::{Service, Settings};
use crate::common::wait_for;

const PATIENCE: Duration = Duration::from_secs(60);
const GOOD: i64 = 500;

fn body(i: i64) -> Vec<u8> {
    format!("A ferry with {i} passengers left the port of Alexandria on Monday morning.").into_bytes()
}

fn messages(range: std::ops::Range<i64>, is_good: bool) -> Vec<Message> {
    range
        .map(|i| {
            let value = if is_good {
                serde_json::json!({ "body": String::from_utf8_lossy(&body(i)) }).to_string().into_bytes()
            } else {
                body(i)
            };
            Message::new(Some(format!("k{i}").as_bytes()), Some(&value))
        })
        .collect()
}

#[test]
fn what_trips_it_stays_uncommitted_until_a_probe_passes() {
    trips("breaker", |settings, _| settings);
}

#[test]
fn exactly_once_it_leaves_nothing_behind() {
    trips("breaker-exact", |settings, instance| settings.exactly_once(instance));
}

fn trips(word: &str, promise: impl Fn(Settings, &str) -> Settings) {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    let topic = |what: &str| format!("{word}.{what}");
    for what in ["raw", "enriched", "dead"] {
        cluster.create_topic(&topic(what), 1, &[]);
    }
    // JSON alone is expected; then comes plain text.
    let settings = |format: &str| {
        let settings = promise(Settings::named(word, bootstrap), "one")
            .with("decode", &format!("format = {format:?}\n"))
            .with("pipeline", "commit_interval = \"50ms\"\n");
        Settings { breaker: "window = 200\n".to_owned(), ..settings }
    };
    cluster.send(&topic("raw"), &messages(0..GOOD, true), &[]);
    let mut service = Service::start(&settings("json"));
    let committed = || cluster.committed(word, &topic("raw")).values().sum::<i64>();
    wait_for("the good ones", PATIENCE, || (committed() == GOOD).then_some(()));
    // However quickly it trips, the metrics say so for longer than a scrape interval.
    let tripped = |service: &Service| {
        let text = metrics::get(service.port(), "/metrics")?;
        metrics::Scrape::parse(&text).expect("the text format").sum("khabar_breaker_tripped")
    };
    let seen = |service: &Service| {
        let is_tripped = || (tripped(service) == Some(1.0)).then_some(());
        wait_for("metrics that say that it tripped", PATIENCE, is_tripped);
    };
    assert_eq!(tripped(&service), Some(0.0));
    cluster.send(&topic("raw"), &messages(GOOD..GOOD + 600, false), &[]);
    seen(&service);
    assert_eq!(service.ended(PATIENCE), Some(4), "{}", service.log());
    assert_eq!(committed(), GOOD, "a rejected record was committed");

    // Started again without a mend, it probes and ends, and adds nothing to the dead letters.
    let dead = cluster.read(&topic("dead")).len();
    service.start_unchecked();
    seen(&service);
    assert_eq!(service.ended(PATIENCE), Some(4), "{}", service.log());
    assert!(service.log().contains("are still rejected"), "{}", service.log());
    assert_eq!((committed(), cluster.read(&topic("dead")).len()), (GOOD, dead));

    // Mended, the probe passes, and what was rejected is published.
    let settings = settings("auto");
    let mut mended = Service::start(&settings);
    mended.catch_up(&cluster, &settings, PATIENCE);
    assert_eq!(tripped(&mended), Some(0.0), "a probe passed");
    mended.terminate();
    let published: std::collections::BTreeSet<_> =
        cluster.read(&topic("enriched")).into_iter().map(|record| record.key).collect();
    assert_eq!(published.len(), usize::try_from(GOOD).expect("few") + 600);
}
