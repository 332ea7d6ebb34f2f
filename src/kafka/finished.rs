//! What goes into a transaction: finished records, in the order of their partitions and without gaps.
//!
//! Lanes finish records of a partition in any order. [`Finished`] keeps each until every record of its partition
//! that was read before it is finished, too, by the chain that tickets make ([`Ticket::after`]). So whatever is
//! taken from it makes up, for each partition, a contiguous range of offsets that begins where the last one
//! ended: an *epoch* can be cut at any moment, and no record waits for another partition's.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::breaker::Floors;
use crate::ledger::{End, Slot, Ticket};
use crate::outgoing::Outgoing;

/// A record whose stages are done.
#[derive(Debug)]
pub struct Done {
    /// How it ends once its transaction is committed.
    pub end: End,
    /// What to produce; nothing for one that was dropped on purpose.
    pub record: Option<Outgoing>,
    /// Its place in the books.
    pub ticket: Ticket,
}

/// Finished records that are in no transaction yet.
#[derive(Debug, Default)]
pub struct Finished {
    lines: Mutex<Lines>,
    came: Condvar,
}

#[derive(Debug, Default)]
struct Lines {
    of: FxHashMap<Slot, Line>,
    /// Nothing more is taken.
    closed: bool,
}

/// The records of one partition in one generation.
#[derive(Debug, Default)]
struct Line {
    /// The last one that is in order.
    last: Option<i64>,
    /// In order, ready to be taken.
    ready: VecDeque<Done>,
    /// Finished before one that was read before them, by the offset that they come after.
    early: FxHashMap<Option<i64>, Done>,
}

impl Line {
    fn put(&mut self, done: Done) {
        self.early.insert(done.ticket.after(), done);
        while let Some(next) = self.early.remove(&self.last) {
            self.last = Some(next.ticket.position.offset);
            self.ready.push_back(next);
        }
    }

    /// Gives at most `most` of what is ready and below the partition's floor.
    fn give(&mut self, most: usize, floors: &Floors, taken: &mut Vec<Done>) {
        for _ in 0..most {
            let Some(next) = self.ready.front() else { break };
            let position = &next.ticket.position;
            let key = (std::sync::Arc::clone(&position.topic), position.partition);
            if !floors.is_empty() && floors.get(&key).is_some_and(|floor| position.offset >= *floor) {
                break;
            }
            taken.extend(self.ready.pop_front());
        }
    }
}

impl Finished {
    /// Takes note of a finished record.
    pub fn put(&self, done: Done) {
        let mut lines = self.lock();
        let line = lines.of.entry(done.ticket.slot()).or_default();
        line.put(done);
        let ready = !line.ready.is_empty();
        drop(lines);
        if ready {
            self.came.notify_one();
        }
    }

    /// What is ready, at most about `records`, waiting at most `timeout` for the first; records at or above the
    /// floor of their partition stay. Records that became stale go: somebody reads them anew. `None` once closed.
    pub fn take(&self, records: usize, timeout: Duration, floors: impl Fn() -> Floors) -> Option<Vec<Done>> {
        let mut lines = self.lock();
        if !lines.closed && !lines.of.values().any(|line| !line.ready.is_empty()) {
            let wait = self.came.wait_timeout(lines, timeout);
            lines = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
        if lines.closed {
            return None;
        }
        // A line whose first record is stale is stale as a whole; an empty one has nothing to lose.
        lines.of.retain(|_, line| {
            let first = line.ready.front().or_else(|| line.early.values().next());
            first.is_none_or(|done| done.ticket.is_current())
        });
        let floors = floors();
        let mut taken = Vec::new();
        // An equal share of each first, so that a partition with a backlog does not hold up the others.
        let waiting = lines.of.values().filter(|line| !line.ready.is_empty()).count();
        for share in [records / waiting.max(1), records] {
            for line in lines.of.values_mut() {
                line.give(share.min(records - taken.len()), &floors, &mut taken);
            }
        }
        if taken.is_empty() && lines.of.values().any(|line| !line.ready.is_empty()) {
            // All that is ready is held: looking again at once would find the same.
            drop(self.came.wait_timeout(lines, timeout));
        }
        Some(taken)
    }

    /// Whether anything is in order and was not taken.
    pub fn has_ready(&self) -> bool {
        self.lock().of.values().any(|line| !line.ready.is_empty())
    }

    /// Forgets partitions that are gone; to be called now and then.
    pub fn forget_stale(&self, is_open: impl Fn(Slot) -> bool) {
        self.lock().of.retain(|slot, _| is_open(*slot));
    }

    /// Ends it: what is in here is dropped, and whoever waits is told.
    pub fn close(&self) {
        let mut lines = self.lock();
        lines.closed = true;
        let gone = std::mem::take(&mut lines.of);
        drop(lines);
        self.came.notify_all();
        // Outside the lock: the tickets tell the ledger.
        drop(gone);
    }

    /// Whether it was ended.
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::envelope::{DropReason, Position};
    use crate::ledger::Ledger;

    fn admit(ledger: &Arc<Ledger>, slot: Slot, partition: i32, offset: i64) -> Ticket {
        let position = Position { topic: "t".into(), partition, offset, timestamp: None };
        ledger.admit(slot, position, 1, 1).expect("admitted").0
    }

    fn done(ticket: Ticket) -> Done {
        Done { end: End::Dropped(DropReason::Tombstone), record: None, ticket }
    }

    fn offsets(taken: &[Done]) -> Vec<i64> {
        taken.iter().map(|done| done.ticket.position.offset).collect()
    }

    fn take(finished: &Finished, records: usize) -> Vec<Done> {
        finished.take(records, Duration::ZERO, Floors::default).expect("open")
    }

    proptest! {
        /// Whatever the order in which records finish and however often is taken: each comes once, in order.
        #[test]
        fn ranges_have_no_gaps(
            order in Just((0..40).collect::<Vec<usize>>()).prop_shuffle(),
            cuts in proptest::collection::vec(0usize..5, 40),
        ) {
            let ledger = Ledger::new();
            let slot = ledger.open("t".into(), 0, None);
            // With gaps, as compaction and control records leave them.
            let mut tickets: Vec<_> = (0..40).map(|i| Some(admit(&ledger, slot, 0, i * 3))).collect();
            let finished = Finished::default();
            let mut came = Vec::new();
            for (i, cut) in order.into_iter().zip(cuts) {
                finished.put(done(tickets[i].take().expect("once")));
                came.extend(offsets(&take(&finished, cut)));
            }
            came.extend(offsets(&take(&finished, 100)));
            prop_assert_eq!(came, (0..40).map(|i| i * 3).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_slow_record_holds_up_its_own_partition_alone() {
        let ledger = Ledger::new();
        let slots = [0, 1].map(|p| ledger.open("t".into(), p, None));
        let slow = admit(&ledger, slots[0], 0, 5);
        let finished = Finished::default();
        finished.put(done(admit(&ledger, slots[0], 0, 6)));
        finished.put(done(admit(&ledger, slots[1], 1, 9)));
        assert_eq!(offsets(&take(&finished, 10)), [9]);
        finished.put(done(slow));
        assert_eq!(offsets(&take(&finished, 10)), [5, 6]);
    }

    #[test]
    fn a_backlog_of_one_partition_does_not_hold_up_another() {
        let ledger = Ledger::new();
        let finished = Finished::default();
        for partition in 0..3 {
            let slot = ledger.open("t".into(), partition, None);
            let records = if partition == 1 { 2 } else { 100 };
            (0..records).for_each(|i| finished.put(done(admit(&ledger, slot, partition, i))));
        }
        let taken = take(&finished, 30);
        assert_eq!(taken.len(), 30, "there was enough");
        for partition in 0..3 {
            let of = taken.iter().filter(|done| done.ticket.position.partition == partition).count();
            assert!(of >= if partition == 1 { 2 } else { 10 }, "partition {partition} got {of} of 30");
        }
    }

    #[test]
    fn what_became_stale_is_not_taken_and_what_is_held_stays() {
        let ledger = Ledger::new();
        let old = ledger.open("t".into(), 0, None);
        let finished = Finished::default();
        finished.put(done(admit(&ledger, old, 0, 1)));
        let (new, _) = ledger.reopen(old).expect("ours");
        finished.put(done(admit(&ledger, new, 0, 1)));
        finished.put(done(admit(&ledger, new, 0, 2)));
        let floors = || Floors::from_iter([(("t".into(), 0), 2)]);
        let taken = finished.take(10, Duration::ZERO, floors).expect("open");
        assert_eq!(offsets(&taken), [1]);
        assert!(taken[0].ticket.is_current(), "a stale record was taken");
        assert_eq!(offsets(&take(&finished, 10)), [2]);
        finished.close();
        assert!(finished.take(10, Duration::ZERO, Floors::default).is_none());
    }
}
