//! The one stage runner: batches in, batches out, with metrics, panics and rejections handled once.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use prometheus::{Histogram, IntGauge};
use tokio::sync::mpsc;

use crate::breaker::Breaker;
use crate::dead_letter::dead_letter;
use crate::envelope::{DropReason, Outcome, Raw, Reject};
use crate::ledger::{End, Ticket};
use crate::logging::Sampler;
use crate::metrics::{Metrics, StageLabel};
use crate::outgoing::Outgoing;
use crate::shutdown::Stop;
use crate::stages::guarded;

/// A record on its way: what the stages made of it so far, what was read, and its ticket.
#[derive(Debug)]
pub struct Envelope<T> {
    /// What the last stage made.
    pub payload: T,
    /// The record as it was read; dead letters need it.
    pub raw: Raw,
    /// Its place in the ledger.
    pub ticket: Ticket,
}

/// What travels between stages: many records at once, because a hop costs as much as a record.
pub type Batch<T> = Vec<Envelope<T>>;

/// Where finished records go. Kafka and memory implement it; nothing else knows which it is.
pub trait Sink: Send + Sync + 'static {
    /// Takes a record, waiting while there is no room, and completes its ticket once it is acknowledged.
    fn send(&self, record: Outgoing, ticket: Ticket) -> impl Future<Output = ()> + Send;

    /// Takes note of a record that ends here on purpose, and completes its ticket.
    fn skip(&self, ticket: Ticket, reason: DropReason) {
        ticket.complete(End::Dropped(reason));
    }
}

/// Where a stage puts what it made.
pub trait Output<T>: Send {
    /// Takes a batch; `false` when nobody listens any more.
    fn put(&mut self, batch: Batch<T>) -> impl Future<Output = bool> + Send;
}

/// The next stage's queue.
#[derive(Debug)]
pub struct Next<T> {
    sender: mpsc::Sender<Batch<T>>,
    depth: IntGauge,
}

impl<T: Send> Output<T> for Next<T> {
    async fn put(&mut self, batch: Batch<T>) -> bool {
        self.depth.add(length(&batch));
        self.sender.send(batch).await.is_ok()
    }
}

/// The end of a lane.
#[derive(Debug)]
pub struct Publish<S>(pub Arc<S>);

impl<S: Sink> Output<Outgoing> for Publish<S> {
    async fn put(&mut self, batch: Batch<Outgoing>) -> bool {
        for Envelope { payload, raw, mut ticket } in batch {
            if let Some(span) = &mut ticket.span {
                span.sending();
            }
            self.0.send(Outgoing { raw: Some(raw), ..payload }, ticket).await;
        }
        true
    }
}

/// A bounded queue before `stage`, holding a few batches: enough to keep the stage busy while the one
/// before it works, and no more, since the budget has already been taken.
pub fn queue<T: Send>(metrics: &Metrics, stage: StageLabel) -> (Next<T>, Queue<T>) {
    let (sender, receiver) = mpsc::channel(QUEUED_BATCHES);
    let depth = metrics.queue_depth.with_label_values(&[stage.as_str()]);
    (Next { sender, depth: depth.clone() }, Queue::Bounded(receiver, depth))
}

/// Batches that wait between two stages.
const QUEUED_BATCHES: usize = 4;

/// Where a stage takes its work from.
#[derive(Debug)]
pub enum Queue<T> {
    /// Behind another stage.
    Bounded(mpsc::Receiver<Batch<T>>, IntGauge),
    /// Behind the poll thread, which must never wait for a lane: what this queue can hold is bounded by
    /// the memory budget, charged before a record gets here.
    Admitted(mpsc::UnboundedReceiver<Batch<T>>, IntGauge),
}

impl<T> Queue<T> {
    async fn next(&mut self) -> Option<Batch<T>> {
        let (batch, depth) = match self {
            Queue::Bounded(receiver, depth) => (receiver.recv().await?, depth),
            Queue::Admitted(receiver, depth) => (receiver.recv().await?, depth),
        };
        depth.sub(length(&batch));
        Some(batch)
    }
}

/// Runs one stage of one lane until its queue is closed and empty.
pub struct Worker<A, O, S> {
    /// Which stage.
    pub label: StageLabel,
    /// Its work.
    pub queue: Queue<A>,
    /// Where its results go.
    pub output: O,
    /// Where its dead letters go.
    pub sink: Arc<S>,
    /// Its timings.
    pub metrics: Arc<Metrics>,
    /// Hears of every record that ends here.
    pub breaker: Arc<Breaker>,
    /// After a failure nothing is sent any more: it could not be committed, and would come again.
    pub stop: Stop,
    /// Bytes that records may take which grow on the way.
    pub memory_budget: usize,
}

/// Budget that a batch may take before it is handed on though there is more to do.
const BATCH_CHARGE: usize = 6 << 20;
/// How long a record that grew waits before it asks for room again.
const ROOM_PAUSE: Duration = Duration::from_millis(5);

impl<A: Send + 'static, O, S: Sink> Worker<A, O, S> {
    /// Runs it. `work` gets the payload, the raw record and the ticket; `charge` says what its result takes
    /// from the budget, where that may be more than was charged at admission.
    pub async fn run<B>(
        mut self,
        work: impl Fn(A, &Raw, &Ticket) -> Outcome<B> + Send,
        charge: impl Fn(&B) -> usize + Send,
    ) where
        B: Send + 'static,
        O: Output<B>,
    {
        let seconds = self.metrics.stage_seconds.with_label_values(&[self.label.as_str()]);
        while let Some(batch) = self.queue.next().await {
            let mut made = Vec::with_capacity(batch.len());
            let (mut ended, mut charged) = (Vec::new(), 0);
            let mut clock = Instant::now();
            for Envelope { payload, raw, mut ticket } in batch {
                // The ticket goes, the offset stays incomplete: somebody reads it anew.
                if !self.stop.is_orderly() || !ticket.is_current() {
                    continue;
                }
                let outcome = guarded(self.label.as_str(), || work(payload, &raw, &ticket));
                if let Some(span) = &mut ticket.span {
                    span.staged(self.label.as_str(), clock);
                }
                match outcome {
                    Outcome::Emit(payload) => {
                        if self.label == StageLabel::Encode {
                            self.breaker.passed();
                        }
                        let needs = charge(&payload);
                        if !ticket.grow(needs, self.memory_budget) {
                            // Whoever has room must not wait behind this one.
                            if !made.is_empty() && !self.output.put(std::mem::take(&mut made)).await {
                                return;
                            }
                            wait_for_room(&ticket, needs, self.memory_budget, &self.stop).await;
                        }
                        charged += ticket.charge();
                        made.push(Envelope { payload, raw, ticket });
                        if charged >= BATCH_CHARGE {
                            charged = 0;
                            if !self.output.put(std::mem::take(&mut made)).await {
                                return;
                            }
                            clock = Instant::now();
                        }
                    }
                    Outcome::Reject(why) => {
                        self.breaker.rejected(&ticket.position, why.reason);
                        ended.push((raw, ticket, why));
                    }
                    Outcome::Drop(reason) => drop_record(&*self.sink, ticket, reason),
                }
                clock = observe(&seconds, clock);
            }
            for (raw, ticket, why) in ended {
                if !self.stop.is_orderly() {
                    break;
                }
                reject(&*self.sink, self.label, raw, ticket, &why).await;
            }
            if !made.is_empty() && !self.output.put(made).await {
                return;
            }
        }
    }
}

async fn wait_for_room(ticket: &Ticket, needs: usize, budget: usize, stop: &Stop) {
    while stop.is_orderly() && !ticket.grow(needs, budget) {
        tokio::time::sleep(ROOM_PAUSE).await;
    }
}

/// In a bad feed all records are: each reason is logged once in a while.
static REJECTIONS: Sampler = Sampler::new(Duration::from_secs(1));

async fn reject<S: Sink>(sink: &S, stage: StageLabel, raw: Raw, mut ticket: Ticket, reject: &Reject) {
    let letter = dead_letter(&raw, &ticket.position, stage.as_str(), reject);
    drop(raw);
    if let Some(left_out) = REJECTIONS.admit(reject.reason.as_str(), Instant::now()) {
        log(&ticket, reject, left_out);
    }
    if let Some(span) = &mut ticket.span {
        span.sending();
    }
    sink.send(letter, ticket).await;
}

fn log(ticket: &Ticket, reject: &Reject, left_out: u64) {
    let p = &ticket.position;
    let span = tracing::info_span!("record", topic = %p.topic, partition = p.partition, offset = p.offset);
    let trace = ticket.span.as_ref().map(|span| span.context().trace_id());
    let reason = reject.reason.as_str();
    span.in_scope(|| tracing::info!(reason, why = %reject.message, trace, left_out, "dead letter"));
}

fn drop_record<S: Sink>(sink: &S, ticket: Ticket, reason: DropReason) {
    tracing::debug!(position = ?ticket.position, reason = reason.as_str(), "dropped");
    sink.skip(ticket, reason);
}

fn observe(seconds: &Histogram, since: Instant) -> Instant {
    let now = Instant::now();
    seconds.observe((now - since).as_secs_f64());
    now
}

fn length<T>(batch: &Batch<T>) -> i64 {
    i64::try_from(batch.len()).unwrap_or(i64::MAX)
}
