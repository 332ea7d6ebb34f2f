//! What the poll thread does when partitions come and go.
//!
//! On revoke: dispatch what is polled, wait for what is in flight until the drain deadline
//! (heartbeats go on in librdkafka's own thread, acknowledgements arrive on the producer's), commit
//! synchronously, and only then let go. On assign: find out where the group left off, begin there, open the books of
//! each partition under a new generation, see whether retention overtook us, and apply the budget's present state.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rdkafka::Statistics;
use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, RebalanceProtocol};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaRespErr;

use crate::breaker::Moment;
use crate::health::Side;
use crate::kafka::adrift::{self, Adrift};
use crate::kafka::assigned::{log_failure, offsets};
use crate::kafka::fetching::Fetching;
use crate::kafka::poll::{Poll, lock};
use crate::kafka::refusal::{is_behind, is_denied, is_expelled, is_missing};
pub use crate::kafka::shared::Shared;
use crate::kafka::{begin, complaint, reach};
use crate::ledger::{Offsets, Slot};
use crate::shutdown::StopReason;

/// How long a question to the brokers may take during an assignment.
const ASK_TIMEOUT: Duration = Duration::from_secs(5);
/// How often the drain wakes to show that it is alive.
const DRAIN_TICK: Duration = Duration::from_millis(200);

/// How long a last commit may wait until the client knows the group's generation.
const REBALANCE_PATIENCE: Duration = Duration::from_secs(5);

/// What a commit says of a partition whose records tripped the circuit breaker.
pub const TRIPPED: &str = "khabar: circuit breaker tripped";

/// The brokers refused the last commit of partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CommitFailed;

/// The consumer's callbacks; all of them run on the poll thread.
#[derive(Debug, Clone)]
pub struct Context {
    pub(super) shared: Shared,
    /// Outlives a consumer that is replaced.
    pub(super) poll: Arc<Mutex<Poll>>,
    /// How far each partition is fetched.
    pub(super) fetching: Arc<Mutex<Fetching>>,
    /// Only a new consumer helps.
    worn_out: Arc<AtomicBool>,
    /// Whether the consumer has a broker left.
    adrift: Arc<Adrift>,
}

impl Context {
    pub(super) fn new(shared: Shared, poll: Poll) -> Self {
        Self {
            shared,
            poll: Arc::new(Mutex::new(poll)),
            fetching: Arc::default(),
            worn_out: Arc::default(),
            adrift: Arc::default(),
        }
    }

    /// For the consumer that takes the place of this one: what the old one's events still say is not of it.
    pub(super) fn for_another(&self) -> Self {
        Self { worn_out: Arc::default(), adrift: Arc::default(), ..self.clone() }
    }

    /// An error that a poll returned.
    pub(super) fn failed(&self, error: &KafkaError) {
        match error {
            KafkaError::PartitionEOF(_) => {}
            // Under the new group protocol, who was killed is a member until its session is over.
            KafkaError::MessageConsumptionFatal(RDKafkaErrorCode::UnreleasedInstanceId) => {
                tracing::warn!(
                    "input.instance_id still belongs to a member that the brokers have not given up; \
                     after a kill that passes with its session, otherwise another instance has the same id"
                );
                self.worn_out.store(true, Ordering::SeqCst);
            }
            KafkaError::MessageConsumptionFatal(_) => self.shared.stop.stop(StopReason::Failed(format!(
                "the consumer cannot go on: {error}; another member may use the same input.instance_id"
            ))),
            _ => {
                match error.rdkafka_error_code() {
                    Some(code) if is_denied(code) => self.shared.health.deny(true),
                    Some(code) if is_missing(code) => self.shared.health.miss(true),
                    _ => {}
                }
                self.shared.metrics.client_errors.with_label_values(&["consumer"]).inc();
                complaint::consuming(error);
            }
        }
    }

    /// Whether only a new consumer helps, since this was asked last: this one met an error that passes only for
    /// others, or somebody else has its partitions.
    pub(super) fn take_worn_out(&self) -> bool {
        self.worn_out.swap(false, Ordering::SeqCst) | self.shared.sink.take_displaced()
    }

    /// Drains, commits and closes partitions: those in `which`, or all. Returns how many were committed, or
    /// that the commit failed.
    pub(super) fn give_back(
        &self,
        consumer: &BaseConsumer<Context>,
        which: Option<&TopicPartitionList>,
    ) -> Result<usize, CommitFailed> {
        let names: Vec<(Arc<str>, i32)> = {
            let poll = lock(&self.poll);
            match which {
                None => poll.assigned.names(|_| true).map(|(t, p)| (Arc::from(t), p)).collect(),
                Some(list) => list.elements().iter().map(|e| (Arc::from(e.topic()), e.partition())).collect(),
            }
        };
        let slots: Vec<Slot> = {
            // What is polled but not dispatched goes to its lane: a batch of it at most, and what is dropped
            // here would hold the drain up until its deadline and come again.
            let mut poll = lock(&self.poll);
            poll.flush();
            names.iter().filter_map(|(topic, partition)| poll.assigned.slot(topic, *partition)).collect()
        };
        let deadline = Instant::now() + self.shared.settings.drain_deadline;
        let orderly = !consumer.assignment_lost();
        if orderly {
            self.wait_drained(&slots);
        }
        // It may have been lost during the drain.
        let orderly = orderly && !consumer.assignment_lost();
        let committed = if orderly { self.last_commit(consumer, &slots, deadline) } else { Ok(0) };
        {
            let mut fetching = self.fetching();
            names.iter().for_each(|(topic, partition)| fetching.forget(topic, *partition));
        }
        let mut poll = lock(&self.poll);
        let abandoned: usize = slots.iter().map(|slot| self.shared.ledger.close(*slot)).sum();
        for (topic, partition) in &names {
            poll.assigned.remove(topic, *partition);
        }
        if abandoned > 0 {
            tracing::warn!(records = abandoned, "gave up records in flight: they are read again");
        }
        committed
    }

    /// Commits what is done of partitions that go, or marks them as those that tripped the breaker.
    fn last_commit(
        &self,
        consumer: &BaseConsumer<Context>,
        slots: &[Slot],
        deadline: Instant,
    ) -> Result<usize, CommitFailed> {
        let Shared { ledger, breaker, sink, .. } = &self.shared;
        let trips = matches!(self.shared.stop.reason(), Some(StopReason::CircuitBreaker(_)));
        if trips && sink.commits_offsets() {
            // A mark beside a transaction that is being committed would take its offsets back.
            if !sink.finish() {
                tracing::warn!(
                    "a transaction is still being committed: what tripped the circuit breaker is not marked"
                );
                return Ok(0);
            }
        }
        let floors = breaker.floors(Moment::Settling);
        let floor = |topic: &str, partition: i32| floors.get(&(Arc::from(topic), partition)).copied();
        if trips {
            let mut list = TopicPartitionList::new();
            for (topic, partition, offset) in ledger.standing(slots, floor) {
                if floor(&topic, partition).is_some() {
                    let mut element = list.add_partition(&topic, partition);
                    // Fails only for offsets that are no offsets; ours come from the broker.
                    let _ = element.set_offset(Offset::Offset(offset));
                    element.set_metadata(TRIPPED);
                }
            }
            return self.commit(consumer, &list, &Offsets::new(), deadline);
        }
        if !self.shared.stop.is_orderly() {
            return Ok(0);
        }
        let due = match sink.commits_offsets() {
            true => Offsets::new(),
            false => ledger.to_commit(slots, floor),
        };
        self.commit(consumer, &offsets(&due), &due, deadline)
    }

    fn commit(
        &self,
        consumer: &BaseConsumer<Context>,
        list: &TopicPartitionList,
        due: &Offsets,
        deadline: Instant,
    ) -> Result<usize, CommitFailed> {
        if list.count() == 0 {
            return Ok(0);
        }
        let begun = Instant::now();
        loop {
            self.shared.health.polled();
            let Err(error) = consumer.commit(list, CommitMode::Sync) else { break };
            self.shared.metrics.commit_failures.inc();
            let may_pass = match error.rdkafka_error_code() {
                Some(code) if is_expelled(code) => false,
                // Somebody else comes or goes just now, and the client's generation is behind for a moment. What is
                // ours stays ours through that, unless it is lost.
                Some(code) if is_behind(code) => {
                    begun.elapsed() < REBALANCE_PATIENCE && !consumer.assignment_lost()
                }
                // A coordinator that is on the move, or just back, takes it a moment later.
                _ => true,
            };
            if !may_pass || Instant::now() >= deadline {
                tracing::warn!(%error, "the last commit failed: records since the one before are read again");
                return Err(CommitFailed);
            }
            tracing::warn!(%error, "the last commit failed and is tried again");
            std::thread::sleep(DRAIN_TICK);
        }
        for (topic, partition, offset) in due {
            self.shared.ledger.committed(topic, *partition, *offset);
        }
        Ok(due.len())
    }

    pub(super) fn wait_drained(&self, slots: &[Slot]) {
        let deadline = Instant::now() + self.shared.settings.drain_deadline;
        // What a broken producer lost does not end any more.
        while self.shared.stop.is_orderly() && !self.shared.sink.is_broken() {
            self.shared.health.polled();
            let left = deadline.saturating_duration_since(Instant::now());
            let in_flight = self.shared.ledger.wait_drained(slots, left.min(DRAIN_TICK));
            if in_flight == 0 || left.is_zero() {
                return;
            }
        }
    }

    pub(super) fn fetching(&self) -> std::sync::MutexGuard<'_, Fetching> {
        self.fetching.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn take(
        &self,
        consumer: &BaseConsumer<Context>,
        list: &TopicPartitionList,
        committed: Option<&TopicPartitionList>,
    ) {
        let names: Vec<(String, i32)> =
            list.elements().iter().map(|e| (e.topic().to_owned(), e.partition())).collect();
        let known = |topic: &str, partition: i32| match committed?.find_partition(topic, partition)?.offset()
        {
            Offset::Offset(offset) => Some(offset),
            _ => None,
        };
        let (mut ask, answered) = (true, committed.is_some());
        for (topic, partition) in &names {
            let begun_at = known(topic, *partition);
            if answered {
                self.shared.sink.begun(topic, *partition, begun_at);
            }
            let next = begun_at.filter(|_| ask).and_then(|committed| {
                match consumer.fetch_watermarks(topic, *partition, ASK_TIMEOUT) {
                    Ok((first, end)) => Some(self.overtaken(topic, *partition, committed, first, end)),
                    Err(_) => {
                        // One silent broker must not hold up the rebalance once for every partition.
                        ask = false;
                        None
                    }
                }
            });
            let mut poll = lock(&self.poll);
            let name = Arc::<str>::from(topic.as_str());
            // A committed offset beyond the end is of a log that is gone: nothing of this one is committed yet.
            let committed = begun_at.filter(|committed| next.is_none_or(|next| next >= *committed));
            if answered {
                self.shared.ledger.believe(topic, *partition, committed);
            }
            let slot = self.shared.ledger.open(Arc::clone(&name), *partition, committed);
            if let Some(old) = poll.assigned.insert(&name, *partition, slot, next) {
                self.shared.ledger.close(old);
            }
        }
        // librdkafka keeps an application's pause across assignments.
        let poll = lock(&self.poll);
        log_failure(if poll.paused { consumer.pause(list) } else { consumer.resume(list) });
    }

    /// Whether retention removed what is next to read; the offset at which reading will go on.
    fn overtaken(&self, topic: &str, partition: i32, committed: i64, first: i64, end: i64) -> i64 {
        if let Ok(missing @ 1..) = u64::try_from(first - committed) {
            self.shared.ledger.expired(missing);
            tracing::error!(
                topic,
                partition,
                committed,
                first,
                missing,
                "retention removed records before they were read: raise the topic's retention or add instances"
            );
            return first;
        }
        if committed > end {
            tracing::error!(
                topic,
                partition,
                committed,
                end,
                "the committed offset lies beyond the end of the partition: was the topic made anew? reading starts at its first offset"
            );
            return first;
        }
        committed
    }
}

impl ConsumerContext for Context {
    /// As the default, but that partitions are begun at offsets that we know, see [`begin`](super::begin).
    fn rebalance(&self, consumer: &BaseConsumer<Self>, what: RDKafkaRespErr, list: &mut TopicPartitionList) {
        self.shared.health.heard();
        let cooperative = matches!(consumer.rebalance_protocol(), RebalanceProtocol::Cooperative);
        let done = match what {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => {
                let committed = begin::at_committed(consumer, &self.shared, list);
                let done =
                    if cooperative { consumer.incremental_assign(list) } else { consumer.assign(list) };
                self.shared.metrics.rebalances.with_label_values(&["assign"]).inc();
                tracing::info!(partitions = list.count(), "partitions come");
                self.take(consumer, list, committed.as_ref());
                done
            }
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS => {
                let kind = if consumer.assignment_lost() { "lost" } else { "revoke" };
                self.shared.metrics.rebalances.with_label_values(&[kind]).inc();
                tracing::info!(partitions = list.count(), kind, "partitions go");
                // A commit that fails here has been counted and logged; whoever gets the partitions reads again.
                let _ = self.give_back(consumer, Some(list));
                if cooperative { consumer.incremental_unassign(list) } else { consumer.unassign() }
            }
            error => {
                let error = RDKafkaErrorCode::from(error);
                tracing::warn!(%error, "rebalance");
                consumer.unassign()
            }
        };
        self.shared.health.heard();
        if let Err(error) = done {
            tracing::error!(%error, "partitions could not be taken or let go; the watchdog looks after them");
        }
    }
}

impl ClientContext for Context {
    fn stats(&self, statistics: Statistics) {
        if self.adrift.note(&statistics) && !self.worn_out.swap(true, Ordering::SeqCst) {
            adrift::tell("consumer", "a new one is made");
        }
        reach::note(&self.shared.health, Side::Input, &statistics);
        for (topic, stats) in &statistics.topics {
            for (partition, p) in &stats.partitions {
                // Under read-committed, what lies above the last stable offset cannot be read yet.
                let end = if p.ls_offset >= 0 { p.ls_offset } else { p.hi_offset };
                if *partition < 0 || end < 0 {
                    continue;
                }
                self.shared.ledger.observe_end(topic, *partition, end, p.next_offset);
                self.fetching().observe(topic, *partition, p.next_offset, end, p.hi_offset);
                // Results of asynchronous commits come in no other way through rdkafka.
                if p.committed_offset >= 0 {
                    self.shared.ledger.heard_committed(topic, *partition, p.committed_offset);
                }
                let expired = lock(&self.poll).assigned.expired(topic, *partition, p.lo_offset);
                if expired > 0 {
                    self.shared.ledger.expired(expired);
                    tracing::error!(
                        topic,
                        partition,
                        expired,
                        "retention removed records before they were read: raise the topic's retention or add instances"
                    );
                }
            }
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        if error.rdkafka_error_code() == Some(RDKafkaErrorCode::PartitionEOF) {
            return;
        }
        self.shared.metrics.client_errors.with_label_values(&["consumer"]).inc();
        complaint::log_input(&self.shared.health, &error, reason);
    }
}
