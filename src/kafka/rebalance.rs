//! What the poll thread does when partitions come and go.
//!
//! On revoke: dispatch what is polled, wait for what is in flight until the drain deadline
//! (heartbeats go on in librdkafka's own thread, acknowledgements arrive on the producer's), commit
//! synchronously, and only then let go. On assign: open the books of each partition under a new generation,
//! see whether retention overtook us, and apply the budget's present state.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rdkafka::Statistics;
use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rustc_hash::FxHashMap;

use crate::kafka::consumer::{Poll, Shared, lock, offsets};
use crate::ledger::{Ledger, Slot};
use crate::shutdown::StopReason;

/// How long a question to the brokers may take during an assignment.
const ASK_TIMEOUT: Duration = Duration::from_secs(5);
/// How often the drain wakes to show that it is alive.
const DRAIN_TICK: Duration = Duration::from_millis(200);

/// Partitions that are ours.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    topics: FxHashMap<Arc<str>, FxHashMap<i32, Partition>>,
    capped: i64,
}

#[derive(Debug)]
struct Partition {
    slot: Slot,
    /// The offset expected next; what lies between it and the one that comes is a gap.
    next: Option<i64>,
    /// Gaps whose cause is not known yet.
    gaps: Vec<(i64, i64)>,
    /// Paused because too many of its offsets are in flight.
    capped: bool,
}

impl Assigned {
    /// A record arrived: its topic and slot, if the partition is ours.
    ///
    /// An offset below the one expected says that the log went back (the topic was made anew, or an unclean
    /// election cut it): the records are others, so the books of the partition are opened anew.
    pub(super) fn arrived(
        &mut self,
        topic: &str,
        partition: i32,
        offset: i64,
        ledger: &Ledger,
    ) -> Option<(Arc<str>, Slot)> {
        let name = self.topics.get_key_value(topic).map(|(name, _)| Arc::clone(name))?;
        let owned = self.topics.get_mut(topic)?.get_mut(&partition)?;
        if let Some(next) = owned.next.filter(|next| offset < *next) {
            tracing::error!(
                topic,
                partition,
                expected = next,
                offset,
                "the log went back: was the topic made anew? what is there now is read from here"
            );
            ledger.close(owned.slot);
            owned.slot = ledger.open(Arc::clone(&name), partition, None);
            owned.gaps.clear();
        }
        if let Some(next) = owned.next.filter(|next| offset > *next) {
            owned.gaps.push((next, offset));
        }
        owned.next = Some(offset + 1);
        Some((name, owned.slot))
    }

    /// All slots.
    pub(super) fn slots(&self) -> Vec<Slot> {
        self.topics.values().flat_map(FxHashMap::values).map(|p| p.slot).collect()
    }

    /// Whether any partition is paused for itself.
    pub(super) fn any_capped(&self) -> bool {
        self.capped > 0
    }

    /// How many are.
    pub(super) fn capped(&self) -> i64 {
        self.capped
    }

    /// Pauses one partition.
    pub(super) fn cap(&mut self, topic: &str, partition: i32, consumer: &BaseConsumer<Context>) {
        let Some(owned) = self.topics.get_mut(topic).and_then(|t| t.get_mut(&partition)) else { return };
        if !owned.capped {
            owned.capped = true;
            self.capped += 1;
            log_failure(consumer.pause(&list([(topic, partition)])));
        }
    }

    /// Resumes the partitions whose slot has `room` again.
    pub(super) fn uncap(&mut self, room: impl Fn(Slot) -> bool, consumer: &BaseConsumer<Context>) {
        for (topic, partitions) in &mut self.topics {
            for (number, owned) in partitions.iter_mut().filter(|(_, p)| p.capped && room(p.slot)) {
                owned.capped = false;
                self.capped -= 1;
                log_failure(consumer.resume(&list([(&**topic, *number)])));
            }
        }
    }

    /// Pauses everything.
    pub(super) fn pause_all(&self, consumer: &BaseConsumer<Context>) {
        log_failure(consumer.pause(&list(self.names(|_| true))));
    }

    /// Resumes everything that is not paused for itself.
    pub(super) fn resume_all(&self, consumer: &BaseConsumer<Context>) {
        log_failure(consumer.resume(&list(self.names(|p| !p.capped))));
    }

    fn names(&self, which: impl Fn(&Partition) -> bool + Copy) -> impl Iterator<Item = (&str, i32)> {
        self.topics.iter().flat_map(move |(topic, partitions)| {
            partitions.iter().filter(move |(_, p)| which(p)).map(move |(number, _)| (&**topic, *number))
        })
    }

    fn insert(&mut self, topic: &Arc<str>, partition: i32, slot: Slot, next: Option<i64>) -> Option<Slot> {
        let owned = Partition { slot, next, gaps: Vec::new(), capped: false };
        let old = self.topics.entry(Arc::clone(topic)).or_default().insert(partition, owned);
        old.map(|p| {
            self.capped -= i64::from(p.capped);
            p.slot
        })
    }

    fn remove(&mut self, topic: &str, partition: i32) -> Option<Slot> {
        let removed = self.topics.get_mut(topic)?.remove(&partition)?;
        self.capped -= i64::from(removed.capped);
        Some(removed.slot)
    }

    fn slot(&self, topic: &str, partition: i32) -> Option<Slot> {
        Some(self.topics.get(topic)?.get(&partition)?.slot)
    }

    /// Offsets of noted gaps that lie below the partition's first offset: removed by retention before they
    /// were read. Other gaps (compaction, control records) are nothing to report.
    fn expired(&mut self, topic: &str, partition: i32, first: i64) -> u64 {
        let Some(owned) = self.topics.get_mut(topic).and_then(|t| t.get_mut(&partition)) else { return 0 };
        let gaps = std::mem::take(&mut owned.gaps);
        gaps.into_iter().map(|(from, to)| u64::try_from(to.min(first) - from).unwrap_or(0)).sum()
    }
}

/// The brokers refused the last commit of partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CommitFailed;

/// The consumer's callbacks; all of them run on the poll thread.
#[derive(Debug)]
pub struct Context {
    pub(super) shared: Shared,
    pub(super) poll: Mutex<Poll>,
}

impl Context {
    pub(super) fn new(shared: Shared, poll: Mutex<Poll>) -> Self {
        Self { shared, poll }
    }

    /// An error that a poll returned.
    pub(super) fn failed(&self, error: &KafkaError) {
        match error {
            KafkaError::PartitionEOF(_) => {}
            KafkaError::MessageConsumptionFatal(_) => self.shared.stop.stop(StopReason::Failed(format!(
                "the consumer cannot go on: {error}; another member may use the same input.instance_id"
            ))),
            _ => {
                if error.rdkafka_error_code().is_some_and(is_denied) {
                    self.shared.health.deny(true);
                }
                self.shared.metrics.client_errors.with_label_values(&["consumer"]).inc();
                tracing::warn!(%error, "consuming; it goes on once the cause is gone: `khabar check` names it");
            }
        }
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
        let orderly = !consumer.assignment_lost();
        if orderly {
            self.wait_drained(&slots);
        }
        let due = self.shared.ledger.to_commit(&slots);
        let mut committed = Ok(0);
        if orderly && self.shared.stop.is_orderly() && !due.is_empty() {
            match consumer.commit(&offsets(&due), CommitMode::Sync) {
                Ok(()) => {
                    committed = Ok(due.len());
                    for (topic, partition, offset) in &due {
                        self.shared.ledger.committed(topic, *partition, *offset);
                    }
                }
                Err(error) => {
                    committed = Err(CommitFailed);
                    self.shared.metrics.commit_failures.inc();
                    tracing::warn!(%error, "the last commit failed: records since the one before are read again");
                }
            }
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

    fn wait_drained(&self, slots: &[Slot]) {
        let deadline = Instant::now() + self.shared.settings.drain_deadline;
        while self.shared.stop.is_orderly() {
            self.shared.health.polled();
            let left = deadline.saturating_duration_since(Instant::now());
            let in_flight = self.shared.ledger.wait_drained(slots, left.min(DRAIN_TICK));
            if in_flight == 0 || left.is_zero() {
                return;
            }
        }
    }

    fn take(&self, consumer: &BaseConsumer<Context>, list: &TopicPartitionList) {
        let names: Vec<(String, i32)> =
            list.elements().iter().map(|e| (e.topic().to_owned(), e.partition())).collect();
        let committed = consumer.committed_offsets(list.clone(), ASK_TIMEOUT);
        if let Err(error) = &committed {
            tracing::warn!(%error, "committed offsets are not known yet; records are read from where the group left off");
        }
        let known = |topic: &str, partition: i32| match committed
            .as_ref()
            .ok()?
            .find_partition(topic, partition)?
            .offset()
        {
            Offset::Offset(offset) => Some(offset),
            _ => None,
        };
        let mut ask = true;
        for (topic, partition) in &names {
            let committed = known(topic, *partition);
            let next = committed.filter(|_| ask).and_then(|committed| {
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
            let committed = committed.filter(|committed| next.is_none_or(|next| next >= *committed));
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
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let Rebalance::Revoke(list) = rebalance else { return };
        let kind = if consumer.assignment_lost() { "lost" } else { "revoke" };
        self.shared.metrics.rebalances.with_label_values(&[kind]).inc();
        tracing::info!(partitions = list.count(), kind, "partitions go");
        // A commit that fails here has been counted and logged; whoever gets the partitions reads again.
        let _ = self.give_back(consumer, Some(list));
    }

    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(list) => {
                self.shared.metrics.rebalances.with_label_values(&["assign"]).inc();
                tracing::info!(partitions = list.count(), "partitions come");
                self.take(consumer, list);
            }
            Rebalance::Revoke(_) => {}
            Rebalance::Error(error) => tracing::warn!(%error, "rebalance"),
        }
    }
}

impl ClientContext for Context {
    fn stats(&self, statistics: Statistics) {
        for (topic, stats) in &statistics.topics {
            for (partition, p) in &stats.partitions {
                // Under read-committed, what lies above the last stable offset cannot be read yet.
                let end = if p.ls_offset >= 0 { p.ls_offset } else { p.hi_offset };
                if *partition < 0 || end < 0 {
                    continue;
                }
                self.shared.ledger.observe_end(topic, *partition, end, p.next_offset);
                // Results of asynchronous commits come in no other way through rdkafka.
                if p.committed_offset >= 0 {
                    self.shared.ledger.committed(topic, *partition, p.committed_offset);
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
        self.shared.metrics.client_errors.with_label_values(&["consumer"]).inc();
        tracing::warn!(client = "consumer", %error, reason, "kafka client");
    }
}

fn is_denied(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::TopicAuthorizationFailed | RDKafkaErrorCode::GroupAuthorizationFailed)
}

fn list<'a>(names: impl IntoIterator<Item = (&'a str, i32)>) -> TopicPartitionList {
    let mut list = TopicPartitionList::new();
    for (topic, partition) in names {
        list.add_partition(topic, partition);
    }
    list
}

fn log_failure(result: KafkaResult<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, "a partition could not be paused or resumed");
    }
}
