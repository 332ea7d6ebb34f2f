//! The poll thread: one dedicated OS thread that admits, dispatches and commits, and processes nothing.
//!
//! Admission is at the poll: a record is charged to the memory budget when it is polled. With the budget
//! used up the thread first waits a moment for room (a pause would throw away what is prefetched), then
//! pauses all partitions and goes on polling, so that the group is kept.

use std::cell::LazyCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::KafkaError;

use crate::kafka::assigned::offsets;
use crate::kafka::complaint;
use crate::kafka::injected::{Injected, Until};
use crate::kafka::poll::{Poll, lane_gone, lock};
use crate::kafka::probe;
use crate::kafka::rebalance::{Context, Shared};
use crate::kafka::rewind::{rewind, seek};
use crate::kafka::settings::{GroupProtocol, Input, REBOOTSTRAP};
use crate::kafka::shared::moment;
use crate::kafka::watchdog::{Heal, Watchdog};
use crate::ledger::Offsets;
use crate::pipeline::Lanes;
use crate::shutdown::StopReason;
use crate::stages::Stages;

/// How long a full budget is waited for before partitions are paused.
const ROOM_WAIT: Duration = Duration::from_millis(200);
/// Longest wait for a record.
const POLL_WAIT: Duration = Duration::from_millis(100);
/// The same while partitions are paused, so that they are resumed soon after there is room.
const PAUSED_WAIT: Duration = Duration::from_millis(10);
/// How long a commit may take before it counts as failed.
const COMMIT_PATIENCE: Duration = Duration::from_secs(10);
/// How long before a consumer that was of no use is followed by the next.
const RENEWAL_PAUSE: Duration = Duration::from_secs(1);

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
    consumer: Arc<BaseConsumer<Context>>,
    input: Input,
    context: Context,
    stages: Arc<Stages>,
    injected: Arc<Injected>,
    watchdog: Watchdog,
}

/// librdkafka's properties for the consumer.
pub fn client_config(input: &Input) -> ClientConfig {
    let mut config = ClientConfig::new();
    match input.group_protocol {
        GroupProtocol::Classic => config.set("partition.assignment.strategy", "cooperative-sticky"),
        // Sessions, heartbeats and the assignment are the brokers' business then.
        GroupProtocol::Consumer => config.set("group.protocol", "consumer"),
    };
    let defaults = [
        ("client.id", "khabar"),
        // Prefetched data is memory beside the budget: the default of 64 MB a consumer, on top of responses
        // of 50 MB, has eaten gigabytes on a backlog.
        ("queued.max.messages.kbytes", "16384"),
        ("fetch.max.bytes", "16777216"),
        // How long a partition is left alone once that much waits: a second, the default, would hold a
        // backlog to some 60 MB a second.
        ("fetch.queue.backoff.ms", "10"),
        // A broker that is back is used again within a second, not within ten.
        ("reconnect.backoff.max.ms", "1000"),
        REBOOTSTRAP,
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

impl KafkaSource {
    /// Makes a consumer.
    ///
    /// # Errors
    /// When a librdkafka property is invalid.
    pub fn start(
        input: &Input,
        shared: Shared,
        lanes: Lanes,
        stages: Arc<Stages>,
        injected: Arc<Injected>,
    ) -> Result<Self, KafkaError> {
        let watchdog = Watchdog::new(shared.settings.stuck_after);
        let context = Context::new(shared, Poll::new(lanes));
        let consumer = Arc::new(client_config(input).create_with_context(context.clone())?);
        Ok(Self { consumer, input: input.clone(), context, stages, injected, watchdog })
    }

    /// Joins the group and polls until the service ends, then drains.
    pub fn run(mut self) -> Drained {
        let context = self.context.clone();
        let shared = &context.shared;
        if let Some(settings) = shared.settings.breaker {
            probe::probe(&self.consumer, &self.input.topics, shared, &self.stages, settings);
        }
        let mut unhealed = false;
        while shared.stop.reason().is_none() {
            if unhealed && !self.renew() {
                break;
            }
            unhealed = self.serve();
        }
        let drained = self.drain(&context);
        shared.sink.attach(None);
        // Closing leaves the group; the callback finds nothing in flight any more.
        drop(self.consumer);
        drained
    }

    /// Polls until the service ends, or until only a new consumer helps: then `true`.
    fn serve(&mut self) -> bool {
        let shared = &self.context.shared;
        let topics: Vec<&str> = self.input.topics.iter().map(String::as_str).collect();
        if let Err(error) = self.consumer.subscribe(&topics) {
            shared.stop.stop(StopReason::Failed(format!("the input topics cannot be read: {error}")));
            return false;
        }
        shared.sink.attach(Some(Arc::clone(&self.consumer)));
        let mut loop_ = Loop {
            consumer: &self.consumer,
            context: &self.context,
            injected: &self.injected,
            committed_at: Instant::now(),
            unconfirmed: None,
            watchdog: &mut self.watchdog,
        };
        while shared.stop.reason().is_none() {
            if !loop_.turn() {
                return true;
            }
        }
        false
    }

    /// Puts a new consumer in place of this one. `false` when none can be made.
    fn renew(&mut self) -> bool {
        let shared = self.context.shared.clone();
        tracing::warn!(
            "a new consumer is made: partitions are given back and read on from what is committed"
        );
        shared.metrics.heals.with_label_values(&["consumer"]).inc();
        // A commit that fails here has been counted and logged; the records come again.
        let _ = self.context.give_back(&self.consumer, None);
        shared.sink.attach(None);
        self.injected.mend(Until::NewConsumer);
        self.pause_between_consumers();
        self.context = self.context.for_another();
        match client_config(&self.input).create_with_context(self.context.clone()) {
            Ok(consumer) => {
                // Dropping the old one leaves the group.
                self.consumer = Arc::new(consumer);
                true
            }
            Err(error) => {
                shared.stop.stop(StopReason::Failed(format!("no new consumer can be made: {error}")));
                false
            }
        }
    }

    /// One that fails at once must not be followed by the next at once.
    fn pause_between_consumers(&self) {
        let began = Instant::now();
        while self.context.shared.stop.reason().is_none() && began.elapsed() < RENEWAL_PAUSE {
            self.context.shared.health.polled();
            std::thread::sleep(POLL_WAIT);
        }
    }

    fn drain(&self, context: &Context) -> Drained {
        context.shared.health.drain();
        let before = context.shared.ledger.snapshot();
        let commit = context.give_back(&self.consumer, None);
        let after = context.shared.ledger.snapshot();
        lock(&context.poll).end();
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
    injected: &'a Injected,
    committed_at: Instant,
    /// The oldest commit that the statistics do not show yet.
    unconfirmed: Option<(Instant, Offsets)>,
    watchdog: &'a mut Watchdog,
}

impl Loop<'_> {
    /// One round. `false` when only a new consumer helps.
    fn turn(&mut self) -> bool {
        let shared = &self.context.shared;
        shared.health.polled();
        self.commit_if_due();
        apply_budget(self.consumer, self.context);
        if self.context.take_worn_out() || !self.renew_sink_if_broken() || !self.heal() {
            return false;
        }
        self.injected.apply(self.consumer);
        match self.consumer.poll(wait(self.context)) {
            Some(Ok(message)) => {
                shared.health.deny(false);
                shared.health.miss(false);
                shared.health.heard();
                lock(&self.context.poll).admit(&message, true, shared, self.consumer);
            }
            Some(Err(error)) => self.context.failed(&error),
            None => {
                let poll = lock(&self.context.poll);
                if poll.paused || poll.assigned.any_capped() {
                    shared.health.heard();
                }
                drop(poll);
                flush(self.context);
            }
        }
        true
    }

    /// After a fatal error of the producer everything in flight is lost: it is read again, and then sent by a
    /// new producer.
    fn renew_sink_if_broken(&self) -> bool {
        if !self.context.shared.sink.is_broken() {
            return true;
        }
        let from = rewind(self.context, |_, _| true);
        self.context.shared.sink.renew();
        seek(self.consumer, self.context, &from)
    }

    fn heal(&mut self) -> bool {
        for heal in self.watchdog.look(self.consumer, self.context) {
            let Heal::Seek(topic, partition) = heal else { return false };
            tracing::warn!(%topic, partition, "a stuck partition is read anew from where it stands");
            self.context.shared.metrics.heals.with_label_values(&["seek"]).inc();
            self.injected.mend(Until::Seek);
            let from = rewind(self.context, |t, p| t == &*topic && p == partition);
            if !seek(self.consumer, self.context, &from) {
                return false;
            }
        }
        true
    }

    fn commit_if_due(&mut self) {
        let Shared { ledger, breaker, settings, sink, health, .. } = &self.context.shared;
        if sink.commits_offsets() || self.committed_at.elapsed() < settings.commit_interval {
            return;
        }
        // Somebody else may own them by now.
        if self.consumer.assignment_lost() {
            return;
        }
        self.committed_at = Instant::now();
        self.confirm();
        let slots = lock(&self.context.poll).assigned.slots();
        // Read once the watermarks are: a record that is rejected in between must not be missed.
        // Told beforehand: it looks into the books, which are locked while the watermarks are read.
        let now = moment(health, ledger);
        let floors = LazyCell::new(|| breaker.floors(now));
        let floor = |topic: &str, partition: i32| floors.get(&(Arc::from(topic), partition)).copied();
        let due = ledger.to_commit(&slots, floor);
        if due.is_empty() {
            return;
        }
        if let Err(error) = self.consumer.commit(&offsets(&due), CommitMode::Async) {
            self.context.shared.metrics.commit_failures.inc();
            complaint::committing(&error);
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

/// How long the next poll may wait.
pub(super) fn wait(context: &Context) -> Duration {
    let poll = lock(&context.poll);
    match (poll.is_flushed(), poll.paused || poll.assigned.any_capped()) {
        (false, _) => Duration::ZERO,
        (true, true) => PAUSED_WAIT,
        (true, false) => POLL_WAIT,
    }
}

pub(super) fn flush(context: &Context) {
    if !lock(&context.poll).flush() {
        lane_gone(&context.shared);
    }
}

/// Pauses and resumes as the budget and the caps ask.
pub(super) fn apply_budget(consumer: &BaseConsumer<Context>, context: &Context) {
    let shared = &context.shared;
    let budget = shared.settings.memory_budget;
    let low = budget / 4 * 3;
    let paused = lock(&context.poll).paused;
    if !paused && shared.ledger.bytes() >= budget {
        flush(context);
        if !shared.ledger.wait_below(low, ROOM_WAIT) {
            let mut poll = lock(&context.poll);
            poll.paused = true;
            shared.health.pause(true);
            poll.assigned.pause_all(consumer);
            shared.metrics.paused.with_label_values(&["budget"]).set(1);
        }
    } else if paused && shared.ledger.bytes() < budget / 2 {
        let mut poll = lock(&context.poll);
        (poll.paused, poll.resumed) = (false, Instant::now());
        shared.health.pause(false);
        poll.assigned.resume_all(consumer);
        shared.metrics.paused.with_label_values(&["budget"]).set(0);
    }
    let mut poll = lock(&context.poll);
    if poll.assigned.any_capped() && !poll.paused {
        let mark = shared.settings.max_in_flight_per_partition / 2;
        poll.assigned.uncap(|slot| shared.ledger.held(slot) <= mark, consumer);
    }
    shared.metrics.paused.with_label_values(&["partition"]).set(poll.assigned.capped());
}
