//! Partitions that are ours, as the poll thread knows them.

use std::sync::Arc;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaResult;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rustc_hash::FxHashMap;

use crate::kafka::rebalance::Context;
use crate::ledger::{Ledger, Offsets, Slot};

/// Partitions that are ours.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    topics: FxHashMap<Arc<str>, FxHashMap<i32, Partition>>,
    capped: i64,
}

#[derive(Debug)]
pub(super) struct Partition {
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

    /// Whether a partition is paused for itself.
    pub(super) fn is_capped(&self, topic: &str, partition: i32) -> bool {
        self.topics.get(topic).and_then(|t| t.get(&partition)).is_some_and(|owned| owned.capped)
    }

    /// Pauses everything.
    pub(super) fn pause_all(&self, consumer: &BaseConsumer<Context>) {
        log_failure(consumer.pause(&list(self.names(|_| true))));
    }

    /// Resumes everything that is not paused for itself.
    pub(super) fn resume_all(&self, consumer: &BaseConsumer<Context>) {
        log_failure(consumer.resume(&list(self.names(|p| !p.capped))));
    }

    pub(super) fn names(
        &self,
        which: impl Fn(&Partition) -> bool + Copy,
    ) -> impl Iterator<Item = (&str, i32)> {
        self.topics.iter().flat_map(move |(topic, partitions)| {
            partitions.iter().filter(move |(_, p)| which(p)).map(move |(number, _)| (&**topic, *number))
        })
    }

    pub(super) fn insert(
        &mut self,
        topic: &Arc<str>,
        partition: i32,
        slot: Slot,
        next: Option<i64>,
    ) -> Option<Slot> {
        let owned = Partition { slot, next, gaps: Vec::new(), capped: false };
        let old = self.topics.entry(Arc::clone(topic)).or_default().insert(partition, owned);
        old.map(|p| {
            self.capped -= i64::from(p.capped);
            p.slot
        })
    }

    pub(super) fn remove(&mut self, topic: &str, partition: i32) -> Option<Slot> {
        let removed = self.topics.get_mut(topic)?.remove(&partition)?;
        self.capped -= i64::from(removed.capped);
        Some(removed.slot)
    }

    pub(super) fn slot(&self, topic: &str, partition: i32) -> Option<Slot> {
        Some(self.topics.get(topic)?.get(&partition)?.slot)
    }

    /// Begins one partition anew under a new generation; returns where it is to be read from.
    pub(super) fn rewind(&mut self, topic: &str, partition: i32, ledger: &Ledger) -> Option<i64> {
        let owned = self.topics.get_mut(topic)?.get_mut(&partition)?;
        let (slot, from) = ledger.reopen(owned.slot)?;
        self.capped -= i64::from(owned.capped);
        *owned = Partition { slot, next: from.or(owned.next), gaps: Vec::new(), capped: false };
        owned.next
    }

    /// Offsets of noted gaps that lie below the partition's first offset: removed by retention before they
    /// were read. Other gaps (compaction, control records) are nothing to report.
    pub(super) fn expired(&mut self, topic: &str, partition: i32, first: i64) -> u64 {
        let Some(owned) = self.topics.get_mut(topic).and_then(|t| t.get_mut(&partition)) else { return 0 };
        let gaps = std::mem::take(&mut owned.gaps);
        gaps.into_iter().map(|(from, to)| u64::try_from(to.min(first) - from).unwrap_or(0)).sum()
    }
}

pub(super) fn list<'a>(names: impl IntoIterator<Item = (&'a str, i32)>) -> TopicPartitionList {
    let mut list = TopicPartitionList::new();
    for (topic, partition) in names {
        list.add_partition(topic, partition);
    }
    list
}

pub(super) fn log_failure(result: KafkaResult<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, "a partition could not be paused or resumed");
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
