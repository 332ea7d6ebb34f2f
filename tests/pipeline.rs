//! The pipeline without a broker: nothing lost, order kept within a key, books that balance.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use khabar::breaker::{self, Breaker};
use khabar::decode::{self, Decoder};
use khabar::encode::{Encoder, PipelineInfo};
use khabar::envelope::{Headers, Raw};
use khabar::ledger::Ledger;
use khabar::memory::{MemorySink, MemorySource};
use khabar::metrics::Metrics;
use khabar::outgoing::{Destination, Finisher};
use khabar::pipeline::{Lanes, Settings, Work};
use khabar::shutdown::{Stop, StopReason};
use khabar::stages::Stages;
use khabar_enrich::{Enricher, Settings as EnrichSettings};

struct Rig {
    runtime: tokio::runtime::Runtime,
    ledger: Arc<Ledger>,
    sink: Arc<MemorySink>,
    source: MemorySource,
    stop: Stop,
}

fn rig(lanes: usize, drop_tombstones: bool) -> Rig {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
    let metrics = Arc::new(Metrics::new("test", "test", None));
    let stages = Arc::new(Stages {
        decoder: Decoder::new(decode::Settings::default()),
        enricher: Enricher::new(EnrichSettings::default()),
        encoder: Encoder::new(PipelineInfo::default(), false),
    });
    let settings = Settings { lanes, memory_budget: 1 << 20, ..Settings::default() };
    let stop = Stop::default();
    let work = Work {
        stages,
        finisher: Finisher { pipeline: Bytes::from("test"), replay: None, key_is_id: false },
        drop_tombstones,
        metrics,
        breaker: Arc::new(Breaker::new(Some(breaker::Settings { window: 200, ratio: 0.5 }), stop.clone())),
        stop: stop.clone(),
        memory_budget: settings.memory_budget,
    };
    let (ledger, sink) = (Ledger::new(), Arc::new(MemorySink::default()));
    let (lanes, _) = Lanes::start(&settings, &work, &sink, runtime.handle());
    let source = MemorySource::new("news.raw", &ledger, lanes, &settings);
    Rig { runtime, ledger, sink, source, stop }
}

fn article(key: &str, body: &str) -> Raw {
    let value = serde_json::json!({ "title": "A headline", "body": body }).to_string();
    Raw {
        key: Some(Bytes::from(key.to_owned())),
        value: Some(Bytes::from(value)),
        headers: Headers::default(),
    }
}

fn broken() -> Raw {
    Raw { key: None, value: Some(Bytes::from("{\"body\": ")), headers: Headers::default() }
}

#[test]
fn every_record_ends_once_and_keeps_its_place_within_its_key() {
    let mut rig = rig(4, false);
    let mut published = Vec::new();
    for n in 0..2000 {
        let raw = match n % 50 {
            7 => broken(),
            9 => Raw { value: None, ..article(&format!("k{}", n % 13), "") },
            _ => article(&format!("k{}", n % 13), &format!("Body number {n} of the test in Cairo.")),
        };
        published.push(rig.source.publish(raw));
        assert!(rig.ledger.snapshot().reconciles(), "the books do not balance after {n} records");
    }
    assert_eq!(rig.source.drain(Duration::from_secs(60)), 0, "records are still in flight");
    let books = rig.ledger.snapshot();
    assert_eq!(books.totals.consumed, 2000);
    assert_eq!(books.totals.all_dead_lettered(), 40);
    assert_eq!(books.totals.published, 1960, "tombstones are passed on");
    assert_eq!(books.bytes, 0, "memory is still charged");
    let records = rig.sink.take();
    let mut seen: Vec<i64> = records.iter().map(|(position, _)| position.offset).collect();
    let mut last: HashMap<Bytes, i64> = HashMap::new();
    for (position, record) in &records {
        if let (Destination::Output, Some(key)) = (record.destination, &record.key) {
            let before = last.insert(key.clone(), position.offset);
            assert!(before.is_none_or(|b| b < position.offset), "order broken within key {key:?}");
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, published, "every offset once");
    rig.runtime.shutdown_background();
}

#[test]
fn tombstones_are_dropped_and_counted_when_asked() {
    let mut rig = rig(1, true);
    rig.source.publish(Raw { value: None, ..article("k", "") });
    rig.source.publish(article("k", "A body in Paris."));
    assert_eq!(rig.source.drain(Duration::from_secs(30)), 0);
    let totals = rig.ledger.snapshot().totals;
    assert_eq!((totals.all_dropped(), totals.published), (1, 1));
}

#[test]
fn a_feed_of_broken_records_trips_the_breaker() {
    let mut rig = rig(2, false);
    for _ in 0..250 {
        rig.source.publish(broken());
    }
    let reason = rig
        .runtime
        .block_on(async { tokio::time::timeout(Duration::from_secs(30), rig.stop.wait()).await })
        .expect("250 broken records in a window of 200 did not trip the breaker");
    assert!(matches!(reason, StopReason::CircuitBreaker(_)), "{reason:?}");
    assert!(!rig.stop.is_orderly());
    // What comes after is neither sent nor completed: it is read again.
    for _ in 0..50 {
        rig.source.publish(broken());
    }
    let left = rig.source.drain(Duration::from_millis(300));
    let sent = rig.sink.take().len();
    assert!(sent <= 200, "{sent} dead letters were sent, more than it takes to trip");
    assert_eq!(left, 300 - sent, "a record that was not sent was completed");
}
