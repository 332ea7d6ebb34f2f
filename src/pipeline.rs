//! The whole flow on one screen.
//!
//! ```text
//! source ─> lane 0: decode ─ch─> extract ─ch─> encode ─┐
//!           lane 1: …                                  ├─> sink ─report─> ledger ─watermark─> commit
//!           lane N: …           rejects ─> dead letters┘
//! ```
//! A source polls, charges the budget, and hands batches to [`Lanes`]; it never waits for a lane. A lane is
//! a chain of stage workers, so the order of its records holds without a reorder buffer. A sink completes
//! the tickets once the records are acknowledged.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use khabar_enrich::{Article, Enriched};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::breaker::{self, Breaker};
use crate::dead_letter::first_position;
use crate::decode::Decoded;
use crate::envelope::{DropReason, Outcome, Position, Raw};
use crate::ledger::Ticket;
use crate::metrics::{Metrics, StageLabel, language_label};
use crate::outgoing::{Finisher, Outgoing};
use crate::shutdown::{Stop, StopReason};
use crate::stage::{Batch, Output, Publish, Queue, Sink, Worker, queue};
use crate::stages::Stages;

/// Bytes charged for every byte read. When the output is silent, every record in flight waits in the
/// producer's queue as its enriched form, which over 861 real articles in four languages was 4.35 times as
/// large as the raw one on average (median 5.0; `docs/operations.md`); the rest is for the raw one, which is
/// kept beside it, and for what the lanes hold.
pub const PROCESSING_FACTOR: usize = 6;

/// How records flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Parallel lanes; at least one.
    pub lanes: usize,
    /// Which records keep their order.
    pub ordering: Ordering,
    /// Bytes of records that may be in flight, processing included.
    pub memory_budget: usize,
    /// Offsets of one partition that may be in flight.
    pub max_in_flight_per_partition: usize,
    /// Most records in one batch between stages.
    pub batch_records: usize,
    /// How often offsets are committed.
    pub commit_interval: Duration,
    /// How long a revoke or a stop may wait for what is in flight.
    pub drain_deadline: Duration,
    /// When to stop because too many records are rejected; `None` for never.
    pub breaker: Option<breaker::Settings>,
    /// How long a partition may stand still before that is looked into.
    pub stuck_after: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lanes: 2,
            ordering: Ordering::Key,
            memory_budget: 128 << 20,
            max_in_flight_per_partition: 10_000,
            batch_records: 32,
            commit_interval: Duration::from_secs(1),
            drain_deadline: Duration::from_secs(25),
            breaker: Some(breaker::Settings::default()),
            stuck_after: Duration::from_secs(60),
        }
    }
}

/// Which records keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ordering {
    /// Records with the same key (records without one: of the same partition).
    #[default]
    Key,
    /// Records of the same partition.
    Partition,
    /// None: lanes take turns.
    None,
}

/// What a record is between extraction and encoding.
enum Understood {
    Article(Box<Article>, Box<Enriched>),
    Tombstone,
}

/// Everything that the stages of a lane need.
#[derive(Debug, Clone)]
pub struct Work {
    /// The stages.
    pub stages: Arc<Stages>,
    /// Headers and keys of what is produced.
    pub finisher: Finisher,
    /// Drop tombstones instead of passing them on.
    pub drop_tombstones: bool,
    /// Timings and findings.
    pub metrics: Arc<Metrics>,
    /// Stops a broken deployment.
    pub breaker: Arc<Breaker>,
    /// Ends the service.
    pub stop: Stop,
    /// Bytes that records may take which grow on the way.
    pub memory_budget: usize,
}

/// The lanes: where a source puts records.
#[derive(Debug)]
pub struct Lanes {
    senders: Vec<mpsc::UnboundedSender<Batch<()>>>,
    depth: prometheus::IntGauge,
    ordering: Ordering,
    turn: usize,
}

impl Lanes {
    /// Starts the lanes on a runtime. They end once the returned `Lanes` is dropped and their work is done.
    pub fn start<S: Sink>(
        settings: &Settings,
        work: &Work,
        sink: &Arc<S>,
        runtime: &Handle,
    ) -> (Lanes, Vec<JoinHandle<()>>) {
        let depth = work.metrics.queue_depth.with_label_values(&[StageLabel::Decode.as_str()]);
        let mut tasks = Vec::new();
        let senders = (0..settings.lanes.max(1))
            .map(|_| {
                let (sender, receiver) = mpsc::unbounded_channel();
                lane(Queue::Admitted(receiver, depth.clone()), work, sink, runtime, &mut tasks);
                sender
            })
            .collect();
        (Lanes { senders, depth, ordering: settings.ordering, turn: 0 }, tasks)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.senders.len()
    }

    /// The lane of a record.
    pub fn lane_of(&mut self, key: Option<&[u8]>, position: &Position) -> usize {
        if self.senders.len() == 1 {
            return 0;
        }
        let mut hasher = rustc_hash::FxHasher::default();
        match (self.ordering, key) {
            (Ordering::Key, Some(key)) => key.hash(&mut hasher),
            (Ordering::Key | Ordering::Partition, _) => {
                position.topic.hash(&mut hasher);
                position.partition.hash(&mut hasher);
            }
            (Ordering::None, _) => {
                self.turn = (self.turn + 1) % self.senders.len();
                return self.turn;
            }
        }
        // The high bits of this hash are the well-mixed ones.
        ((hasher.finish() >> 32) as usize) % self.senders.len()
    }

    /// Hands a batch to a lane; never waits. `false` when the lane is gone.
    pub fn dispatch(&self, lane: usize, batch: Batch<()>) -> bool {
        let Some(sender) = self.senders.get(lane) else { return false };
        self.depth.add(i64::try_from(batch.len()).unwrap_or(i64::MAX));
        sender.send(batch).is_ok()
    }
}

fn lane<S: Sink>(
    admitted: Queue<()>,
    work: &Work,
    sink: &Arc<S>,
    runtime: &Handle,
    tasks: &mut Vec<JoinHandle<()>>,
) {
    let Work { stages, finisher, drop_tombstones, metrics, .. } = work.clone();
    let (to_extract, decoded) = queue(&metrics, StageLabel::Extract);
    let (to_encode, understood) = queue(&metrics, StageLabel::Encode);

    let s = Arc::clone(&stages);
    let decode = move |(), raw: &Raw, _: &_| match s.decoder.decode(raw) {
        Err(reject) => Outcome::Reject(reject),
        Ok(Decoded::Tombstone) if drop_tombstones => Outcome::Drop(DropReason::Tombstone),
        Ok(decoded) => Outcome::Emit(decoded),
    };
    let (s, m) = (Arc::clone(&stages), Arc::clone(&metrics));
    let extract = move |decoded, _: &Raw, _: &_| {
        Outcome::Emit(match decoded {
            Decoded::Tombstone => Understood::Tombstone,
            Decoded::Article(article) => {
                let enriched = Box::new(s.enricher.enrich(&article));
                count(&m, &enriched);
                Understood::Article(article, enriched)
            }
        })
    };
    let encode = move |understood, raw: &Raw, ticket: &Ticket| {
        let position = first_position(raw, &ticket.position);
        let millis = position.timestamp;
        Outcome::Emit(match understood {
            Understood::Tombstone => finisher.tombstone(raw, &position),
            Understood::Article(article, enriched) => {
                let encoded = stages.encode(&article, &enriched, Some(&position));
                finisher.enriched(raw, &encoded.id, encoded.value, millis)
            }
        })
    };

    let worker = Spawner { work, sink, runtime };
    // Compressed records become larger here, and everything that comes after grows with the text.
    let text = |decoded: &Decoded| match decoded {
        Decoded::Article(article) => article.body.len() + article.title.as_ref().map_or(0, String::len),
        Decoded::Tombstone => 0,
    };
    let charge = move |decoded: &Decoded| text(decoded) * PROCESSING_FACTOR;
    tasks.push(worker.spawn(StageLabel::Decode, admitted, to_extract, decode, charge));
    tasks.push(worker.spawn(StageLabel::Extract, decoded, to_encode, extract, |_: &Understood| 0));
    let publish = Publish(Arc::clone(sink));
    tasks.push(worker.spawn(StageLabel::Encode, understood, publish, encode, |_: &Outgoing| 0));
}

struct Spawner<'a, S> {
    work: &'a Work,
    sink: &'a Arc<S>,
    runtime: &'a Handle,
}

impl<S: Sink> Spawner<'_, S> {
    fn spawn<A, B, O>(
        &self,
        label: StageLabel,
        queue: Queue<A>,
        output: O,
        work: impl Fn(A, &Raw, &Ticket) -> Outcome<B> + Send + 'static,
        charge: impl Fn(&B) -> usize + Send + 'static,
    ) -> JoinHandle<()>
    where
        A: Send + 'static,
        B: Send + 'static,
        O: Output<B> + 'static,
    {
        let (sink, metrics) = (Arc::clone(self.sink), Arc::clone(&self.work.metrics));
        let (stop, memory_budget) = (self.work.stop.clone(), self.work.memory_budget);
        let breaker = Arc::clone(&self.work.breaker);
        let worker =
            Worker { label, queue, output, sink, metrics, breaker, stop: stop.clone(), memory_budget };
        self.runtime.spawn(async move {
            let ended = Ended { stop, label };
            worker.run(work, charge).await;
            // Queues close only when the service ends.
            drop(ended);
        })
    }
}

/// Ends the service when a stage ends before it: by a panic outside a record's own work, for instance.
struct Ended {
    stop: Stop,
    label: StageLabel,
}

impl Drop for Ended {
    fn drop(&mut self) {
        if self.stop.reason().is_none() {
            let stage = self.label.as_str();
            self.stop.stop(StopReason::Failed(format!(
                "the stage {stage} ended before its time; nothing was lost, start again"
            )));
        }
    }
}

/// What was found, for whoever watches the quality of a feed.
fn count(metrics: &Metrics, enriched: &Enriched) {
    use khabar_enrich::enriched::QuoteKind;
    let language = language_label(enriched.language.detected.as_deref());
    metrics.articles.with_label_values(&[language]).inc();
    for entity in &enriched.entities {
        metrics.entities.with_label_values(&[entity.kind.as_str(), language]).inc();
    }
    if enriched.entities.is_empty() {
        metrics.empty_results.with_label_values(&[empty_reason(enriched)]).inc();
    }
    let unattributed = enriched
        .quotes
        .iter()
        .filter(|q| q.kind == QuoteKind::Direct && q.speaker.is_none() && q.speaker_text.is_none());
    metrics.unattributed_quotes.inc_by(unattributed.count() as u64);
    let unresolved = enriched.times.iter().filter(|t| t.value.contains('X') || t.value.ends_with("_REF"));
    metrics.unresolved_times.inc_by(unresolved.count() as u64);
}

/// Why nothing was found, from the record's own diagnostics: the most telling one.
fn empty_reason(enriched: &Enriched) -> &'static str {
    use khabar_enrich::DiagnosticCode as Code;
    let reasons = [
        (Code::ExtractionOff, "extraction_off"),
        (Code::NoText, "no_text"),
        (Code::LanguageUnsupported, "language_unsupported"),
        (Code::LanguageUnknown, "language_unknown"),
    ];
    let said = |code: Code| enriched.diagnostics.iter().any(|d| d.code == code);
    reasons.iter().find(|(code, _)| said(*code)).map_or("no_entities", |(_, reason)| reason)
}
