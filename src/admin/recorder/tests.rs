use super::*;
use crate::breaker::Breaker;
use crate::encode::PipelineInfo;
use crate::envelope::Position;
use crate::health::{Cause, Health, Waiting};
use crate::ledger::Ledger;
use crate::metrics::Metrics;
use crate::samples::Samples;
use crate::shutdown::Stop;

fn recorder() -> Recorder {
    Recorder::new(Sources {
        pipeline: PipelineInfo::default(),
        ledger: Ledger::new(),
        metrics: Arc::new(Metrics::new("test", "test", None)),
        health: Arc::default(),
        breaker: Arc::new(Breaker::new(None, Stop::default())),
        samples: Arc::new(Samples::new(true)),
    })
}

fn snapshot(published: u64, watermark: i64, end: i64) -> Snapshot {
    let view = PartitionView {
        topic: "news.raw".into(),
        partition: 0,
        in_flight: 1,
        oldest: None,
        watermark: Some(watermark),
        committed: Some(-1001),
        end: Some(end),
        lag: Some(end - watermark),
        idle: Duration::ZERO,
    };
    let mut snapshot = Snapshot { partitions: vec![view], in_flight: 1, ..Snapshot::default() };
    (snapshot.totals.published, snapshot.totals.consumed) = (published, published + 1);
    snapshot
}

#[test]
fn rates_look_back_ten_seconds_and_history_two_minutes() {
    let mut recorder = recorder();
    let start = Instant::now();
    let mut last = Status::default();
    for second in 0..200u64 {
        // Ten a second at first, then a hundred.
        let published = if second <= 100 { second * 10 } else { 1000 + (second - 100) * 100 };
        let snapshot = snapshot(published, published as i64, 30_000);
        last = recorder.status(&snapshot, start + Duration::from_secs(second));
        if second == 100 {
            assert_eq!((last.rates.published, last.partitions[0].rate), (10.0, 10.0));
        }
    }
    assert_eq!((last.rates.published, last.partitions[0].rate), (100.0, 100.0));
    assert_eq!((last.progress.rate, last.progress.lag), (100.0, 30_000 - 10_900));
    assert_eq!(last.history.published.len(), HISTORY_SECONDS);
    assert_eq!((last.history.published[0], last.history.published[HISTORY_SECONDS - 1]), (10, 100));
    assert_eq!(last.history.lag.last(), Some(&19_100));
    assert_eq!(last.partitions[0].committed, None, "no offset is below 0");
    assert_eq!(last.records.consumed, last.records.published + last.records.in_flight);
}

#[test]
fn a_partition_that_begins_anew_has_no_negative_rate() {
    let mut recorder = recorder();
    let start = Instant::now();
    recorder.status(&snapshot(0, 500, 600), start);
    let status = recorder.status(&snapshot(0, 100, 600), start + Duration::from_secs(1));
    assert_eq!(status.partitions[0].rate, 0.0);
    let status = recorder.status(&snapshot(0, 150, 600), start + Duration::from_secs(2));
    assert_eq!(status.partitions[0].rate, 50.0);
}

#[test]
fn latencies_and_stages_forget_what_is_older_than_a_minute() {
    let mut recorder = recorder();
    let metrics = Arc::clone(&recorder.sources.metrics);
    let start = Instant::now();
    let mut at = |second| recorder.status(&snapshot(0, 0, 0), start + Duration::from_secs(second));
    assert_eq!(at(0).latency.p50, None);
    metrics.end_to_end_seconds.observe(100.0);
    metrics.stage_seconds.with_label_values(&["decode"]).observe(2.0);
    let status = at(1);
    assert!(status.latency.p50.is_some_and(|p50| (60.0..=300.0).contains(&p50)), "{:?}", status.latency);
    assert_eq!(status.stages["decode"].seconds, Some(2.0));
    (2..70).for_each(|second| drop(at(second)));
    let status = at(70);
    assert_eq!((status.latency.p50, status.stages["decode"].seconds), (None, None));
}

#[test]
fn findings_are_told_by_language() {
    let mut recorder = recorder();
    let metrics = Arc::clone(&recorder.sources.metrics);
    metrics.articles.with_label_values(&["ar"]).inc_by(2);
    metrics.articles.with_label_values(&["fr"]).inc();
    metrics.characters.with_label_values(&["ar"]).inc_by(3000);
    metrics.characters.with_label_values(&["fr"]).inc_by(1000);
    metrics.entities.with_label_values(&["PER", "ar"]).inc_by(6);
    metrics.entities.with_label_values(&["LOC", "ar"]).inc_by(3);
    metrics.entities.with_label_values(&["LOC", "fr"]).inc_by(7);
    metrics.empty_results.with_label_values(&["no_text"]).inc();
    let quality = recorder.status(&snapshot(0, 0, 0), Instant::now()).quality;
    let arabic = &quality.languages["ar"];
    assert_eq!((arabic.articles, arabic.entities), (2, 9));
    assert_eq!(arabic.entities_per_thousand_characters, Some(3.0));
    assert_eq!(quality.entities_per_thousand_characters, Some(4.0));
    assert_eq!((quality.entities["LOC"], quality.empty_results["no_text"]), (10, 1));
}

#[test]
fn of_many_partitions_those_with_the_greatest_lag_are_listed() {
    let mut many = snapshot(0, 0, 0);
    let view = many.partitions[0].clone();
    many.partitions =
        (0..300).map(|n| PartitionView { partition: n, lag: Some(i64::from(n)), ..view.clone() }).collect();
    let status = recorder().status(&many, Instant::now());
    assert_eq!((status.progress.partitions, status.partitions.len()), (300, LISTED_PARTITIONS));
    assert_eq!((status.partitions[0].partition, status.partitions[199].partition), (100, 299));
    assert_eq!(status.progress.lag, (0..300).sum::<u64>());
}

#[test]
fn a_partition_says_why_it_waits() {
    let mut recorder = recorder();
    let health: &Health = &recorder.sources.health;
    let topic = Position { topic: "news.raw".into(), partition: 0, offset: 5, timestamp: None }.topic;
    health.wait(vec![Waiting {
        topic: topic.to_string(),
        partition: 0,
        cause: Cause::Broker,
        since: Duration::from_secs(61),
        offset: Some(5),
    }]);
    let status = recorder.status(&snapshot(0, 0, 9), Instant::now());
    assert_eq!(status.partitions[0].waiting.as_deref(), Some("broker"));
    assert!(status.state.ready && status.state.notes.len() == 1, "{:?}", status.state);
}
