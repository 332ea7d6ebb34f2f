//! The poll thread: one dedicated OS thread that admits, dispatches and commits, and processes nothing.
//!
//! Admission is at the poll: a record is charged to the memory budget when it is polled. With the budget
//! used up the thread first waits a moment for room (a pause would throw away what is prefetched), then
//! pauses all partitions and goes on polling, so that the group is kept.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::envelope::{Headers, Position};
use crate::health::Health;
use crate::kafka::headers::raw;
use crate::kafka::rebalance::{Assigned, Context};
use crate::kafka::settings::Input;
use crate::ledger::{Ledger, Offsets};
use crate::metrics::Metrics;
use crate::pipeline::{Lanes, PROCESSING_FACTOR, Settings};
use crate::shutdown::{Stop, StopReason};
use crate::stage::{Batch, Envelope};

/// Bytes charged for every record beside that: envelope, ticket, headers.
pub const RECORD_OVERHEAD: usize = 2048;
/// Bytes charged for every header beside its own: it is kept as read, as sent, and in librdkafka.
pub const HEADER_OVERHEAD: usize = 256;
/// How long a full budget is waited for before partitions are paused.
const ROOM_WAIT: Duration = Duration::from_millis(200);
/// Longest wait for a record.
const POLL_WAIT: Duration = Duration::from_millis(100);
/// The same while partitions are paused, so that they are resumed soon after there is room.
const PAUSED_WAIT: Duration = Duration::from_millis(10);
/// How long a commit may take before it counts as failed.
const COMMIT_PATIENCE: Duration = Duration::from_secs(10);
/// Bytes after which a batch is handed on though it is not full.
const BATCH_BYTES: usize = 1 << 20;

/// Everything that the poll thread works with.
#[derive(Debug, Clone)]
pub struct Shared {
    /// The books.
    pub ledger: Arc<Ledger>,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Marks of life.
    pub health: Arc<Health>,
    /// When to end, and whom to tell.
    pub stop: Stop,
    /// How records flow.
    pub settings: Settings,
}

/// How a drain ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drained {
    /// Records that were in flight when it began and were completed.
    pub completed: u64,
    /// Records given up, to be read again.
    pub abandoned: u64,
    /// Partitions whose offsets were committed at the end.
    pub committed: usize,
    /// There was something to commit and the brokers refused it.
    pub commit_failed: bool,
}

/// A consumer on its way to its thread.
pub struct KafkaSource {
    consumer: BaseConsumer<Context>,
}

/// librdkafka's properties for the consumer.
pub fn client_config(input: &Input) -> ClientConfig {
    let mut config = ClientConfig::new();
    let defaults = [
        ("client.id", "khabar"),
        ("partition.assignment.strategy", "cooperative-sticky"),
        // Prefetched data is memory beside the budget: the default of 64 MB a consumer, on top of responses
        // of 50 MB, has eaten gigabytes on a backlog.
        ("queued.max.messages.kbytes", "16384"),
        ("fetch.max.bytes", "16777216"),
        // How long a partition is left alone once that much waits: a second, the default, would hold a
        // backlog to some 60 MB a second.
        ("fetch.queue.backoff.ms", "10"),
        ("statistics.interval.ms", "1000"),
        ("auto.offset.reset", "earliest"),
    ];
    for (name, value) in defaults {
        config.set(name, value);
    }
    for (name, value) in &input.cluster.properties {
        config.set(name, value);
    }
    config
        .set("bootstrap.servers", &input.cluster.brokers)
        .set("group.id", &input.group)
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false");
    if let Some(id) = &input.instance_id {
        config.set("group.instance.id", id);
    }
    config
}

/// What the thread and the rebalance callbacks (which run on it, inside a poll) share.
#[derive(Debug)]
pub struct Poll {
    pub(super) assigned: Assigned,
    lanes: Option<Lanes>,
    pending: Vec<Pending>,
    /// All partitions are paused because the budget is used up.
    pub(super) paused: bool,
}

#[derive(Debug, Default)]
struct Pending {
    batch: Batch<()>,
    bytes: usize,
}

impl Poll {
    /// Hands every batch to its lane. `false` when a lane is gone.
    pub(super) fn flush(&mut self) -> bool {
        (0..self.pending.len()).all(|lane| self.flush_lane(lane))
    }

    fn flush_lane(&mut self, lane: usize) -> bool {
        let Some(pending) = self.pending.get_mut(lane).filter(|p| !p.batch.is_empty()) else { return true };
        pending.bytes = 0;
        let batch = std::mem::take(&mut pending.batch);
        self.lanes.as_ref().is_some_and(|lanes| lanes.dispatch(lane, batch))
    }

    fn is_flushed(&self) -> bool {
        self.pending.iter().all(|p| p.batch.is_empty())
    }
}

/// The lock of [`Poll`]; never held across a poll or a wait.
pub(super) fn lock(poll: &Mutex<Poll>) -> MutexGuard<'_, Poll> {
    poll.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl KafkaSource {
    /// Connects a consumer and subscribes.
    ///
    /// # Errors
    /// When a librdkafka property or a topic name is invalid.
    pub fn start(input: &Input, shared: Shared, lanes: Lanes) -> Result<Self, KafkaError> {
        let pending = (0..lanes.count()).map(|_| Pending::default()).collect();
        let poll = Poll { assigned: Assigned::default(), lanes: Some(lanes), pending, paused: false };
        let context = Context::new(shared, Mutex::new(poll));
        let consumer: BaseConsumer<Context> = client_config(input).create_with_context(context)?;
        let topics: Vec<&str> = input.topics.iter().map(String::as_str).collect();
        consumer.subscribe(&topics)?;
        Ok(Self { consumer })
    }

    /// Polls until the service ends, then drains.
    pub fn run(self) -> Drained {
        let context = Arc::clone(self.consumer.context());
        let mut loop_ = Loop {
            consumer: &self.consumer,
            context: &context,
            committed_at: Instant::now(),
            unconfirmed: None,
        };
        while context.shared.stop.reason().is_none() {
            loop_.turn();
        }
        let drained = self.drain(&context);
        // Closing leaves the group; the callback finds nothing in flight any more.
        drop(self.consumer);
        drained
    }

    fn drain(&self, context: &Context) -> Drained {
        context.shared.health.drain();
        let before = context.shared.ledger.snapshot();
        let commit = context.give_back(&self.consumer, None);
        let after = context.shared.ledger.snapshot();
        // Without senders the lanes end once they are empty.
        lock(&context.poll).lanes = None;
        let abandoned = after.totals.abandoned - before.totals.abandoned;
        Drained {
            completed: before.in_flight.saturating_sub(abandoned),
            abandoned,
            committed: commit.unwrap_or_default(),
            commit_failed: commit.is_err(),
        }
    }
}

struct Loop<'a> {
    consumer: &'a BaseConsumer<Context>,
    context: &'a Context,
    committed_at: Instant,
    /// The oldest commit that the statistics do not show yet.
    unconfirmed: Option<(Instant, Offsets)>,
}

impl Loop<'_> {
    fn turn(&mut self) {
        let shared = &self.context.shared;
        shared.health.polled();
        self.commit_if_due();
        self.apply_budget();
        let (flushed, paused) = {
            let poll = lock(&self.context.poll);
            (poll.is_flushed(), poll.paused || poll.assigned.any_capped())
        };
        let wait = match (flushed, paused) {
            (false, _) => Duration::ZERO,
            (true, true) => PAUSED_WAIT,
            (true, false) => POLL_WAIT,
        };
        match self.consumer.poll(wait) {
            Some(Ok(message)) => self.admit(&message),
            Some(Err(error)) => self.context.failed(&error),
            None => self.flush(),
        }
    }

    fn flush(&self) {
        if !lock(&self.context.poll).flush() {
            self.lane_gone();
        }
    }

    fn lane_gone(&self) {
        self.context.shared.stop.stop(StopReason::Failed(
            "a lane ended before its time; nothing was lost, start again".to_owned(),
        ));
    }

    fn admit(&self, message: &BorrowedMessage<'_>) {
        let shared = &self.context.shared;
        let mut poll = lock(&self.context.poll);
        let (name, partition, offset) = (message.topic(), message.partition(), message.offset());
        let Some((topic, slot)) = poll.assigned.arrived(name, partition, offset, &shared.ledger) else {
            // Of a partition that was just given up: somebody else reads it.
            return;
        };
        let position = Position {
            topic,
            partition,
            offset,
            timestamp: message.timestamp().to_millis().filter(|millis| *millis >= 0),
        };
        let raw = raw(message);
        if let Some(lost) = raw.headers.get_str(Headers::UNREADABLE) {
            tracing::warn!(
                topic = name,
                partition,
                offset,
                lost,
                "headers whose names are not UTF-8 are left out"
            );
        }
        let size = message.payload_len() + message.key_len();
        let charge = (size + raw.headers.size()) * PROCESSING_FACTOR
            + raw.headers.0.len() * HEADER_OVERHEAD
            + RECORD_OVERHEAD;
        let lane = match &mut poll.lanes {
            Some(lanes) => lanes.lane_of(raw.key.as_deref(), &position),
            None => return,
        };
        let Some((ticket, held)) = shared.ledger.admit(slot, position, size, charge) else {
            tracing::error!(
                topic = message.topic(),
                partition = message.partition(),
                offset = message.offset(),
                "a record was not admitted; it stays uncommitted"
            );
            return;
        };
        if held >= shared.settings.max_in_flight_per_partition {
            poll.assigned.cap(name, partition, self.consumer);
        }
        shared.health.deny(false);
        let pending = &mut poll.pending[lane];
        pending.batch.push(Envelope { payload: (), raw, ticket });
        pending.bytes += size;
        let full = pending.batch.len() >= shared.settings.batch_records || pending.bytes >= BATCH_BYTES;
        if full && !poll.flush_lane(lane) {
            self.lane_gone();
        }
    }

    /// Pauses and resumes as the budget and the caps ask.
    fn apply_budget(&self) {
        let shared = &self.context.shared;
        let budget = shared.settings.memory_budget;
        let low = budget / 4 * 3;
        let paused = lock(&self.context.poll).paused;
        if !paused && shared.ledger.bytes() >= budget {
            self.flush();
            if !shared.ledger.wait_below(low, ROOM_WAIT) {
                let mut poll = lock(&self.context.poll);
                poll.paused = true;
                shared.health.pause(true);
                poll.assigned.pause_all(self.consumer);
                shared.metrics.paused.with_label_values(&["budget"]).set(1);
            }
        } else if paused && shared.ledger.bytes() < budget / 2 {
            let mut poll = lock(&self.context.poll);
            poll.paused = false;
            shared.health.pause(false);
            poll.assigned.resume_all(self.consumer);
            shared.metrics.paused.with_label_values(&["budget"]).set(0);
        }
        let mut poll = lock(&self.context.poll);
        if poll.assigned.any_capped() && !poll.paused {
            let mark = shared.settings.max_in_flight_per_partition / 2;
            poll.assigned.uncap(|slot| shared.ledger.held(slot) <= mark, self.consumer);
        }
        shared.metrics.paused.with_label_values(&["partition"]).set(poll.assigned.capped());
    }

    fn commit_if_due(&mut self) {
        if self.committed_at.elapsed() < self.context.shared.settings.commit_interval {
            return;
        }
        self.committed_at = Instant::now();
        self.confirm();
        let slots = lock(&self.context.poll).assigned.slots();
        let due = self.context.shared.ledger.to_commit(&slots);
        if due.is_empty() {
            return;
        }
        if let Err(error) = self.consumer.commit(&offsets(&due), CommitMode::Async) {
            self.context.shared.metrics.commit_failures.inc();
            tracing::warn!(%error, "offsets could not be committed; the next commit covers them");
            return;
        }
        self.unconfirmed.get_or_insert_with(|| (Instant::now(), due));
    }

    /// librdkafka does not say how an asynchronous commit ended; its statistics, once a second, show what is
    /// committed.
    fn confirm(&mut self) {
        let shared = &self.context.shared;
        let Some((since, offsets)) = &self.unconfirmed else { return };
        if shared.ledger.are_committed(offsets) {
            self.unconfirmed = None;
        } else if since.elapsed() >= COMMIT_PATIENCE {
            shared.metrics.commit_failures.inc();
            tracing::warn!(
                partitions = offsets.len(),
                "offsets are not committed after {} s: is the group's coordinator up? the next commit covers them",
                COMMIT_PATIENCE.as_secs()
            );
            self.unconfirmed = None;
        }
    }
}

/// As librdkafka wants it.
pub(super) fn offsets(due: &Offsets) -> TopicPartitionList {
    let mut list = TopicPartitionList::with_capacity(due.len());
    for (topic, partition, offset) in due {
        // Fails only for offsets that are no offsets; ours come from the broker.
        let _ = list.add_partition_offset(topic, *partition, Offset::Offset(*offset));
    }
    list
}
