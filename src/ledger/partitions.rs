//! Partitions come, go, and begin anew.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::{Ledger, Owned, Slot};
use crate::offsets::{Passed, Tracker};

impl Ledger {
    /// Opens a partition under a new generation.
    pub fn open(&self, topic: Arc<str>, partition: i32, committed: Option<i64>) -> Slot {
        let mut book = self.lock();
        book.generation += 1;
        let generation = book.generation;
        let owned = Owned {
            topic,
            partition,
            generation,
            tracker: Tracker::default(),
            committed,
            asked: None,
            end: None,
            fetched_all: false,
            progressed: Instant::now(),
            before: Passed::default(),
        };
        let index = match book.slots.iter().position(Option::is_none) {
            Some(index) => index,
            None => {
                book.slots.push(None);
                book.slots.len() - 1
            }
        };
        book.slots[index] = Some(owned);
        Slot { index, generation }
    }

    /// Closes a partition; what is in flight is abandoned. Returns how much that is.
    pub fn close(&self, slot: Slot) -> usize {
        let mut book = self.lock();
        let Some(abandoned) = book.owned(slot).map(|owned| owned.tracker.in_flight()) else { return 0 };
        book.totals.abandoned += abandoned as u64;
        book.slots[slot.index] = None;
        self.closings.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_all();
        abandoned
    }

    /// Begins a partition anew under a new generation: what is in flight is abandoned, and records are to be read
    /// again from the offset that is returned (`None` while nothing was read: from where the group stands).
    pub fn reopen(&self, slot: Slot) -> Option<(Slot, Option<i64>)> {
        let mut book = self.lock();
        book.generation += 1;
        let generation = book.generation;
        let owned = book.owned(slot)?;
        let (abandoned, from) = (owned.tracker.in_flight(), owned.position());
        owned.before = owned.before + owned.tracker.passed();
        owned.generation = generation;
        owned.tracker = Tracker::starting_at(from);
        owned.fetched_all = false;
        owned.progressed = Instant::now();
        book.totals.abandoned += abandoned as u64;
        self.closings.fetch_add(1, Ordering::SeqCst);
        drop(book);
        self.changed.notify_all();
        Some((Slot { generation, ..slot }, from))
    }

    /// Whether a slot is not stale.
    pub fn is_open(&self, slot: Slot) -> bool {
        self.lock().owned(slot).is_some()
    }

    /// How far a partition is, since it was opened; beginning it anew does not forget what was done before.
    pub fn progress(&self, slot: Slot) -> Option<Progress> {
        let mut book = self.lock();
        let owned = book.owned(slot)?;
        Some(Progress {
            watermark: owned.tracker.watermark(),
            passed: owned.before + owned.tracker.passed(),
            in_flight: owned.tracker.in_flight(),
        })
    }
}

/// How far a partition is, read at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Everything below is done; `None` before the first record.
    pub watermark: Option<i64>,
    /// How the records below ended.
    pub passed: Passed,
    /// Records in flight.
    pub in_flight: usize,
}
