//! The books of a running service: every record polled is in here until its end is known.
//!
//! One lock over all trackers and totals, so that any reader sees one consistent snapshot:
//! `consumed = published + dead_lettered + dropped + abandoned + in_flight`, where `in_flight` is
//! counted from the trackers. Delivery reports complete offsets directly, from the producer's own
//! thread, never through a channel that the poll thread would have to read.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::envelope::{DropReason, Position, Reason};
use crate::offsets::{Kind, Passed, Tracker};

/// How a record ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Acknowledged in the output topic.
    Published,
    /// Acknowledged in the dead-letter topic.
    DeadLettered(Reason),
    /// Dropped on purpose.
    Dropped(DropReason),
}

impl End {
    fn kind(self) -> Kind {
        match self {
            End::Published => Kind::Published,
            End::DeadLettered(_) => Kind::DeadLettered,
            End::Dropped(_) => Kind::Dropped,
        }
    }
}

/// Topic, partition, and the offset of the first record that is not done yet.
pub type Offsets = Vec<(Arc<str>, i32, i64)>;

/// Names an owned partition; stale once its generation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    index: usize,
    generation: u64,
}

#[derive(Debug)]
struct Owned {
    topic: Arc<str>,
    partition: i32,
    generation: u64,
    tracker: Tracker,
    committed: Option<i64>,
    /// The highest offset that was to be committed in this generation.
    asked: Option<i64>,
    end: Option<i64>,
    fetched_all: bool,
    progressed: Instant,
    /// How records ended that earlier generations passed.
    before: Passed,
}

impl Owned {
    fn position(&self) -> Option<i64> {
        self.tracker.watermark().or(self.committed)
    }
    fn lag(&self) -> Option<i64> {
        if self.fetched_all && self.tracker.in_flight() == 0 {
            return Some(0);
        }
        Some((self.end? - self.position()?).max(0))
    }
}

#[derive(Debug, Default)]
struct Book {
    slots: Vec<Option<Owned>>,
    totals: Totals,
    bytes: usize,
    /// Those of `bytes` that are of records that grew.
    grown: usize,
    /// The record that grew beyond the budget.
    exceeding: Option<(Slot, i64)>,
    generation: u64,
    /// How far each partition was committed, as far as we know, whoever owns it now.
    reached: HashMap<(Arc<str>, i32), i64>,
}

impl Book {
    fn owned(&mut self, slot: Slot) -> Option<&mut Owned> {
        self.slots.get_mut(slot.index)?.as_mut().filter(|owned| owned.generation == slot.generation)
    }
}

/// The books, shared by the poll thread, the lanes and the producer.
#[derive(Debug)]
pub struct Ledger {
    book: Mutex<Book>,
    /// Signalled whenever something completes.
    changed: Condvar,
    /// `Book::bytes`, readable without the lock.
    bytes: AtomicUsize,
    /// How often a slot became stale: while this stands still, no ticket can have.
    closings: AtomicU64,
    /// Whether somebody waits for what is in flight to end.
    draining: AtomicBool,
    /// Whether somebody waits for room.
    short: AtomicBool,
}

impl Ledger {
    /// Empty books.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            book: Mutex::default(),
            changed: Condvar::new(),
            bytes: AtomicUsize::new(0),
            closings: AtomicU64::new(0),
            draining: AtomicBool::new(false),
            short: AtomicBool::new(false),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        // The book is only ever changed by code that cannot panic half-way.
        self.book.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Admits a record: `size` bytes were read, `charge` bytes are taken from the budget until it completes.
    /// `None` when the slot is stale or the offset was admitted before.
    pub fn admit(
        self: &Arc<Self>,
        slot: Slot,
        position: Position,
        size: usize,
        charge: usize,
    ) -> Option<(Ticket, usize)> {
        let mut book = self.lock();
        let owned = book.owned(slot)?;
        if owned.tracker.in_flight() == 0 {
            owned.progressed = Instant::now();
        }
        let after = owned.tracker.last();
        if !owned.tracker.admit(position.offset, position.timestamp) {
            return None;
        }
        let held = owned.tracker.held();
        book.totals.consumed += 1;
        book.totals.consumed_bytes += size as u64;
        book.bytes += charge;
        self.bytes.store(book.bytes, Ordering::Relaxed);
        let closings = self.closings.load(Ordering::SeqCst);
        drop(book);
        let (charge, grown) = (AtomicUsize::new(charge), AtomicUsize::new(0));
        let ledger = Arc::clone(self);
        Some((Ticket { ledger, slot, position, after, closings, charge, grown, done: false }, held))
    }

    fn end(&self, ticket: &Ticket, end: End) -> bool {
        let mut book = self.lock();
        self.give_back(&mut book, ticket);
        let counted = match book.owned(ticket.slot) {
            Some(owned) => {
                let before = owned.tracker.watermark();
                let completed = owned.tracker.complete(ticket.position.offset, end.kind());
                if owned.tracker.watermark() != before {
                    owned.progressed = Instant::now();
                }
                completed
            }
            None => false,
        };
        let totals = &mut book.totals;
        match (counted, end) {
            (false, _) => totals.late_reports += 1,
            (true, End::Published) => totals.published += 1,
            (true, End::DeadLettered(reason)) => totals.dead_lettered[reason as usize] += 1,
            (true, End::Dropped(reason)) => totals.dropped[reason as usize] += 1,
        }
        drop(book);
        self.changed.notify_all();
        counted
    }

    fn give_back(&self, book: &mut Book, ticket: &Ticket) {
        book.bytes -= ticket.charge();
        book.grown -= ticket.grown.load(Ordering::Relaxed);
        if book.exceeding == Some((ticket.slot, ticket.position.offset)) {
            book.exceeding = None;
        }
        self.bytes.store(book.bytes, Ordering::Relaxed);
    }

    fn grow(&self, ticket: &Ticket, charge: usize, budget: usize) -> bool {
        let mut book = self.lock();
        let (before, grown) = (ticket.charge(), ticket.grown.load(Ordering::Relaxed));
        let others = book.grown - grown;
        if charge <= before {
            return true;
        }
        if others > 0 && others + charge > budget {
            let offset = ticket.position.offset;
            let mark = book.owned(ticket.slot).and_then(|owned| owned.tracker.watermark());
            if mark != Some(offset) || book.exceeding.is_some() {
                return false;
            }
            book.exceeding = Some((ticket.slot, offset));
        }
        book.grown = others + charge;
        book.bytes += charge - before;
        ticket.charge.store(charge, Ordering::Relaxed);
        ticket.grown.store(charge, Ordering::Relaxed);
        self.bytes.store(book.bytes, Ordering::Relaxed);
        true
    }

    fn settle(&self, ticket: &Ticket, charge: usize) {
        let mut book = self.lock();
        let (before, grown) = (ticket.charge(), ticket.grown.load(Ordering::Relaxed));
        if charge >= before {
            return;
        }
        book.bytes -= before - charge;
        book.grown -= grown - grown.min(charge);
        ticket.charge.store(charge, Ordering::Relaxed);
        ticket.grown.store(grown.min(charge), Ordering::Relaxed);
        self.bytes.store(book.bytes, Ordering::Relaxed);
        drop(book);
        self.changed.notify_all();
    }

    fn release(&self, ticket: &Ticket) {
        let mut book = self.lock();
        self.give_back(&mut book, ticket);
        drop(book);
        self.changed.notify_all();
    }

    /// Bytes charged to the budget now.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Offsets held of a partition (complete ones above the watermark included).
    pub fn held(&self, slot: Slot) -> usize {
        self.lock().owned(slot).map_or(0, |owned| owned.tracker.held())
    }

    /// Waits until fewer than `mark` bytes are charged, at most `timeout`. Returns whether that is so.
    pub fn wait_below(&self, mark: usize, timeout: Duration) -> bool {
        self.short.store(true, Ordering::Relaxed);
        let wait = self.changed.wait_timeout_while(self.lock(), timeout, |book| book.bytes >= mark);
        self.short.store(false, Ordering::Relaxed);
        wait.map_or_else(|poisoned| poisoned.into_inner().0.bytes < mark, |(book, _)| book.bytes < mark)
    }

    /// Whether somebody waits for room: whoever collects records should not wait for more.
    pub fn is_short(&self) -> bool {
        self.short.load(Ordering::Relaxed)
    }

    /// Waits until nothing of `slots` is in flight, at most `timeout`. Returns how much still is.
    pub fn wait_drained(&self, slots: &[Slot], timeout: Duration) -> usize {
        self.draining.store(true, Ordering::Relaxed);
        let in_flight = |book: &mut Book| -> usize {
            slots.iter().filter_map(|slot| book.owned(*slot).map(|o| o.tracker.in_flight())).sum()
        };
        let wait = self.changed.wait_timeout_while(self.lock(), timeout, |book| in_flight(book) > 0);
        self.draining.store(false, Ordering::Relaxed);
        let mut book = wait.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        in_flight(&mut book)
    }

    /// Whether somebody waits for what is in flight to end: whoever collects records should not wait for more.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Notes the end of a partition as the broker says (the last stable offset under read-committed), and the
    /// offset that is fetched next. Control records and compaction leave nothing to read before the end, so a
    /// partition has caught up when the fetch has, not when the last record is next to the end.
    pub fn observe_end(&self, topic: &str, partition: i32, end: i64, fetched: i64) {
        self.with(topic, partition, |owned| {
            owned.end = Some(end);
            owned.fetched_all = fetched >= end;
            if owned.lag() == Some(0) {
                owned.progressed = Instant::now();
            }
        });
    }

    /// Whether all that can be read of every partition was fetched.
    pub fn has_fetched_all(&self) -> bool {
        self.lock().slots.iter().flatten().all(|owned| owned.fetched_all)
    }

    /// Counts offsets that retention removed before they were read.
    pub fn expired(&self, offsets: u64) {
        self.lock().totals.expired += offsets;
    }

    fn with(&self, topic: &str, partition: i32, change: impl FnOnce(&mut Owned)) {
        let mut book = self.lock();
        let mut slots = book.slots.iter_mut().flatten();
        if let Some(owned) = slots.find(|o| o.partition == partition && &*o.topic == topic) {
            change(owned);
        }
    }

    /// One consistent view of everything.
    pub fn snapshot(&self) -> Snapshot {
        let book = self.lock();
        let mut partitions: Vec<_> = book
            .slots
            .iter()
            .flatten()
            .map(|owned| PartitionView {
                topic: Arc::clone(&owned.topic),
                partition: owned.partition,
                in_flight: owned.tracker.in_flight(),
                oldest: owned.tracker.oldest(),
                watermark: owned.tracker.watermark(),
                committed: owned.committed,
                end: owned.end,
                lag: owned.lag(),
                idle: owned.progressed.elapsed(),
            })
            .collect();
        let (totals, bytes) = (book.totals, book.bytes);
        drop(book);
        partitions.sort_by(|a, b| (&a.topic, a.partition).cmp(&(&b.topic, b.partition)));
        let in_flight = partitions.iter().map(|p| p.in_flight as u64).sum();
        Snapshot { totals, in_flight, bytes, partitions }
    }
}

mod commits;
mod partitions;
mod ticket;
mod totals;
mod view;

pub use partitions::Progress;
pub use ticket::Ticket;
pub use totals::Totals;
pub use view::{PartitionView, Snapshot};

#[cfg(test)]
mod exhaustive_tests;
#[cfg(test)]
mod tests;
