//! Whether lanes scale: the pipeline in memory with two lanes on two cores, against one on one.
//!
//! `cargo bench --bench lanes`; `KHABAR_BENCH_RECORDS` (6,000) and `KHABAR_BENCH_ROUNDS` (3) change the size,
//! `KHABAR_E2E_TEXT` names a file of real articles.

#[path = "../tests/common/mod.rs"]
mod common;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use common::articles::{articles, json_message};
use khabar::breaker::Breaker;
use khabar::decode::{self, Decoder};
use khabar::encode::{Encoder, PipelineInfo};
use khabar::envelope::{Headers, Raw};
use khabar::ledger::{Ledger, Ticket};
use khabar::memory::MemorySource;
use khabar::metrics::Metrics;
use khabar::outgoing::{Finisher, Outgoing};
use khabar::pipeline::{Lanes, Settings, Work};
use khabar::shutdown::Stop;
use khabar::stage::Sink;
use khabar::stages::Stages;
use khabar_enrich::Enricher;

/// Acknowledges at once and keeps nothing.
#[derive(Debug)]
struct Nowhere;

impl Sink for Nowhere {
    async fn send(&self, record: Outgoing, ticket: Ticket) {
        ticket.complete(record.destination.end());
    }
}

fn main() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |n| n.parse().expect("a number"));
    let (count, rounds) = (number("KHABAR_BENCH_RECORDS", 6_000), number("KHABAR_BENCH_ROUNDS", 3));
    // Keys of their own, so that hashing spreads the work evenly: what is measured is the lanes.
    let raws: Vec<Raw> = articles(count)
        .iter()
        .map(|article| Raw {
            key: Some(Bytes::from(article.id.clone())),
            value: json_message(article).value.map(Bytes::from),
            headers: Headers::default(),
        })
        .collect();
    let bytes: usize = raws.iter().filter_map(|r| r.value.as_ref()).map(Bytes::len).sum();
    println!("{count} records, {:.1} MB", bytes as f64 / 1e6);
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        let (one, two) = (seconds(1, &raws), seconds(2, &raws));
        println!(
            "one lane {:>8.0} records/s    two lanes {:>8.0} records/s",
            count as f64 / one,
            count as f64 / two
        );
        ratios.push(one / two);
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "two lanes against one, median of {rounds}: {:.2} (all: {ratios:.2?})",
        ratios[ratios.len() / 2]
    );
}

/// Wall time for all records through so many lanes, each with a core of the runtime.
fn seconds(lanes: usize, raws: &[Raw]) -> f64 {
    let metrics = Arc::new(Metrics::new("bench", "bench", None));
    let work = Work {
        stages: Arc::new(Stages {
            decoder: Decoder::new(decode::Settings::default()),
            enricher: Enricher::new(khabar_enrich::Settings::default()),
            encoder: Encoder::new(PipelineInfo::default(), false),
        }),
        finisher: Finisher { pipeline: Bytes::from_static(b"bench"), replay: None, key_is_id: false },
        drop_tombstones: false,
        metrics,
        breaker: Arc::new(Breaker::new(None, Stop::default())),
        stop: Stop::default(),
        memory_budget: Settings::default().memory_budget,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(lanes)
        .thread_stack_size(8 << 20)
        .enable_all()
        .build()
        .expect("a runtime");
    let settings = Settings { lanes, ..Settings::default() };
    let ledger = Ledger::new();
    let (started_lanes, _tasks) = Lanes::start(&settings, &work, &Arc::new(Nowhere), runtime.handle());
    let mut source = MemorySource::new("bench", &ledger, started_lanes, &settings);
    let started = Instant::now();
    for raw in raws {
        source.publish(raw.clone());
    }
    assert_eq!(source.drain(Duration::from_secs(900)), 0, "everything ended");
    started.elapsed().as_secs_f64()
}
