//! Books and metrics, read once a second, become a [`Status`]: counts as they are, rates and latencies from
//! what was read before.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;

use crate::envelope::Reason;
use crate::ledger::{PartitionView, Snapshot};
use crate::metrics::StageLabel;
use crate::metrics::read::{Buckets, by_labels, counts, levels};
use crate::status::{
    HISTORY_SECONDS, History, Instance, LATENCY_SECONDS, LISTED_PARTITIONS, Language, Latency, Memory,
    Partition, Progress, Quality, RATE_SECONDS, Rates, Records, SCHEMA, Stage, State, Status,
};

use super::Sources;
use super::probes::readiness;

const STAGES: [StageLabel; 3] = [StageLabel::Decode, StageLabel::Extract, StageLabel::Encode];

/// Watermarks with their times, oldest first.
type Past = VecDeque<(Instant, i64)>;

/// Makes statuses.
pub struct Recorder {
    sources: Sources,
    started: Instant,
    /// Oldest first, one a second.
    points: VecDeque<Point>,
    /// Of owned partitions, over [`RATE_SECONDS`].
    watermarks: HashMap<(Arc<str>, i32), Past>,
}

/// What is remembered of a moment.
struct Point {
    at: Instant,
    records: Records,
    consumed_bytes: u64,
    published_bytes: u64,
    lag: u64,
    latency: Buckets,
    /// Seconds spent and records done, by stage.
    stages: [(f64, u64); STAGES.len()],
}

impl Recorder {
    /// With nothing to look back on.
    pub fn new(sources: Sources) -> Self {
        Self { sources, started: Instant::now(), points: VecDeque::new(), watermarks: HashMap::new() }
    }

    /// Reads everything: the status as JSON.
    pub fn tick(&mut self) -> Bytes {
        let snapshot = self.sources.ledger.snapshot();
        let status = self.status(&snapshot, Instant::now());
        // Our own types always serialise.
        serde_json::to_vec(&status).unwrap_or_default().into()
    }

    fn status(&mut self, snapshot: &Snapshot, now: Instant) -> Status {
        self.points.push_back(self.point(snapshot, now));
        while self.points.len() > HISTORY_SECONDS + 1 {
            self.points.pop_front();
        }
        let (partitions, progress) = self.partitions(snapshot, now);
        let sources = &self.sources;
        let readiness = readiness(snapshot, &sources.health, &sources.breaker);
        let dead =
            Reason::ALL.iter().map(|r| (r.as_str().to_owned(), snapshot.totals.dead_lettered[*r as usize]));
        Status {
            schema: SCHEMA.to_owned(),
            time: format!("{:.3}", jiff::Timestamp::now()),
            instance: Instance {
                version: sources.pipeline.version.clone(),
                config: sources.pipeline.config.clone(),
                knowledge_base: sources.pipeline.kb.clone(),
                models: sources.pipeline.models.clone(),
                uptime_seconds: (now - self.started).as_secs(),
            },
            state: State {
                ready: readiness.problems.is_empty(),
                problems: readiness.problems,
                notes: readiness.notes,
                draining: sources.health.is_draining(),
            },
            records: records(snapshot),
            rates: self.rates(),
            latency: self.latency(),
            memory: self.memory(snapshot),
            progress,
            partitions,
            dead_letters: dead.filter(|(_, count)| *count > 0).collect(),
            stages: self.stages(),
            quality: self.quality(),
            history: self.history(),
            samples: sources.samples.is_on(),
        }
    }

    fn point(&self, snapshot: &Snapshot, at: Instant) -> Point {
        let metrics = &self.sources.metrics;
        Point {
            at,
            records: records(snapshot),
            consumed_bytes: snapshot.totals.consumed_bytes,
            published_bytes: metrics.published_bytes.get(),
            lag: lag(&snapshot.partitions),
            latency: Buckets::of(&metrics.end_to_end_seconds),
            stages: STAGES.map(|stage| {
                let seconds = metrics.stage_seconds.with_label_values(&[stage.as_str()]);
                (seconds.get_sample_sum(), seconds.get_sample_count())
            }),
        }
    }

    /// The latest point with the one that is `seconds` older, or the oldest there is.
    fn span(&self, seconds: u64) -> Option<(&Point, &Point)> {
        let last = self.points.back()?;
        // A tick may come a moment late or early.
        let earliest = Duration::from_secs(seconds) + Duration::from_millis(500);
        let first = self.points.iter().find(|point| last.at - point.at <= earliest)?;
        Some((first, last))
    }

    fn rates(&self) -> Rates {
        let Some((first, last)) = self.span(RATE_SECONDS) else { return Rates::default() };
        let seconds = (last.at - first.at).as_secs_f64();
        let rate = |of: fn(&Point) -> u64| per_second(of(last).saturating_sub(of(first)) as f64, seconds);
        Rates {
            consumed: rate(|point| point.records.consumed),
            consumed_bytes: rate(|point| point.consumed_bytes),
            published: rate(|point| point.records.published),
            published_bytes: rate(|point| point.published_bytes),
            dead_lettered: rate(|point| point.records.dead_lettered),
        }
    }

    fn latency(&self) -> Latency {
        let Some((first, last)) = self.span(LATENCY_SECONDS) else { return Latency::default() };
        let recent = last.latency.since(&first.latency);
        let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| recent.quantile(share));
        Latency { p50, p95, p99 }
    }

    fn memory(&self, snapshot: &Snapshot) -> Memory {
        let Sources { metrics, health, .. } = &self.sources;
        let paused = levels(&metrics.paused, "cause");
        let level = |cause: &str| paused.get(cause).copied().unwrap_or(0);
        Memory {
            in_flight_bytes: snapshot.bytes as u64,
            budget_bytes: whole(metrics.memory_budget.get()),
            paused: level("budget") > 0,
            paused_partitions: whole(level("partition")),
            producer_queue: whole(health.outstanding()),
        }
    }

    fn partitions(&mut self, snapshot: &Snapshot, now: Instant) -> (Vec<Partition>, Progress) {
        let waiting = self.sources.health.waiting();
        let mut before = std::mem::take(&mut self.watermarks);
        let mut listed: Vec<Partition> = Vec::with_capacity(snapshot.partitions.len());
        for view in &snapshot.partitions {
            let key = (Arc::clone(&view.topic), view.partition);
            let mut past = before.remove(&key).unwrap_or_default();
            // A partition that begins anew may go back.
            past.retain(|(at, mark)| {
                (now - *at).as_secs() <= RATE_SECONDS && view.watermark.is_some_and(|latest| *mark <= latest)
            });
            past.extend(view.watermark.map(|mark| (now, mark)));
            let rate = past.front().zip(past.back()).map_or(0.0, |((from, first), (to, last))| {
                per_second((last - first) as f64, (*to - *from).as_secs_f64())
            });
            let cause = waiting
                .iter()
                .find(|waiting| waiting.partition == view.partition && waiting.topic == *view.topic);
            listed.push(Partition {
                topic: view.topic.to_string(),
                partition: view.partition,
                lag: view.lag,
                committed: view.committed.filter(|offset| *offset >= 0),
                watermark: view.watermark,
                // The broker is asked for it now and then; what is read since then is behind it.
                end: view.end.max(view.watermark.filter(|_| view.end.is_some())),
                in_flight: view.in_flight as u64,
                rate,
                idle_seconds: tenths(view.idle.as_secs_f64()),
                waiting: cause.map(|waiting| waiting.cause.as_str().to_owned()),
            });
            self.watermarks.insert(key, past);
        }
        let progress = Progress {
            partitions: listed.len(),
            lag: lag(&snapshot.partitions),
            rate: listed.iter().map(|partition| partition.rate).sum(),
        };
        listed.sort_by_key(|partition| std::cmp::Reverse(partition.lag));
        listed.truncate(LISTED_PARTITIONS);
        listed.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
        (listed, progress)
    }

    fn stages(&self) -> BTreeMap<String, Stage> {
        let queues = levels(&self.sources.metrics.queue_depth, "stage");
        let mut stages = BTreeMap::new();
        for (at, stage) in STAGES.iter().enumerate() {
            let seconds = self.span(LATENCY_SECONDS).and_then(|(first, last)| {
                let ((from, before), (to, after)) = (first.stages.get(at)?, last.stages.get(at)?);
                let done = after.checked_sub(*before).filter(|done| *done > 0)?;
                Some((to - from) / done as f64)
            });
            let queue = queues.get(stage.as_str()).copied().unwrap_or(0);
            stages.insert(stage.as_str().to_owned(), Stage { queue, seconds });
        }
        stages
    }

    fn quality(&self) -> Quality {
        let metrics = &self.sources.metrics;
        let entities = by_labels(&metrics.entities, ["type", "language"]);
        let characters = counts(&metrics.characters, "language");
        let mut languages: BTreeMap<String, Language> = BTreeMap::new();
        for (name, articles) in counts(&metrics.articles, "language") {
            let characters = characters.get(&name).copied().unwrap_or(0);
            let found = entities.iter().filter(|([_, language], _)| *language == name).map(|(_, n)| n).sum();
            let density = density(found, characters);
            let language =
                Language { articles, characters, entities: found, entities_per_thousand_characters: density };
            languages.insert(name, language);
        }
        let mut types = BTreeMap::new();
        for ([kind, _], count) in &entities {
            *types.entry(kind.clone()).or_default() += count;
        }
        Quality {
            entities_per_thousand_characters: density(
                languages.values().map(|language| language.entities).sum(),
                languages.values().map(|language| language.characters).sum(),
            ),
            languages,
            entities: types,
            empty_results: counts(&metrics.empty_results, "reason"),
            unattributed_quotes: metrics.unattributed_quotes.get(),
            unresolved_times: metrics.unresolved_times.get(),
        }
    }

    fn history(&self) -> History {
        let steps = |of: fn(&Point) -> u64| -> Vec<u64> {
            let pairs = self.points.iter().zip(self.points.iter().skip(1));
            pairs.map(|(before, after)| of(after).saturating_sub(of(before))).collect()
        };
        History {
            published: steps(|point| point.records.published),
            dead_lettered: steps(|point| point.records.dead_lettered),
            lag: self.points.iter().skip(1).map(|point| point.lag).collect(),
        }
    }
}

fn records(snapshot: &Snapshot) -> Records {
    let totals = &snapshot.totals;
    Records {
        consumed: totals.consumed,
        published: totals.published,
        dead_lettered: totals.all_dead_lettered(),
        dropped: totals.all_dropped(),
        abandoned: totals.abandoned,
        in_flight: snapshot.in_flight,
    }
}

fn lag(partitions: &[PartitionView]) -> u64 {
    partitions.iter().filter_map(|partition| partition.lag).map(whole).sum()
}

fn whole(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// To a tenth: more would only flicker.
fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn per_second(value: f64, seconds: f64) -> f64 {
    if seconds > 0.0 { tenths(value / seconds) } else { 0.0 }
}

fn density(entities: u64, characters: u64) -> Option<f64> {
    (characters > 0).then(|| (entities as f64 * 1e5 / characters as f64).round() / 100.0)
}

#[cfg(test)]
mod tests;
