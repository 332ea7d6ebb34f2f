//! Every order of events in a small scope: what the broker holds as committed never passes a record that was not
//! delivered.
//!
//! One partition with records at a few offsets, one of them behind a gap. In any order: a record is admitted; one
//! in flight is delivered, or lost with its batch; the partition begins anew at its watermark; it goes away and
//! comes back where the broker has it; a commit is taken from the books; the commit that was taken arrives.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{End, Ledger, Slot, Ticket};
use crate::envelope::Position;

/// Where there are records.
const LOG: [i64; 4] = [0, 1, 3, 4];
/// How many events follow each other.
const DEPTH: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Admit,
    Deliver(usize),
    Lose(usize),
    Rewind,
    Reassign,
    TakeCommit,
    CommitArrives,
}

struct World {
    ledger: Arc<Ledger>,
    slot: Slot,
    /// The next offset that is read.
    reads: i64,
    in_flight: Vec<Ticket>,
    /// Taken from the books, on its way.
    commit: Option<i64>,
    committed: i64,
    delivered: BTreeSet<i64>,
}

impl World {
    fn new() -> Self {
        let ledger = Ledger::new();
        let slot = ledger.open("t".into(), 0, Some(0));
        let (in_flight, delivered) = (Vec::new(), BTreeSet::new());
        Self { ledger, slot, reads: 0, in_flight, commit: None, committed: 0, delivered }
    }

    /// What can happen now.
    fn events(&self) -> Vec<Event> {
        let mut events = vec![Event::Rewind, Event::Reassign];
        if LOG.iter().any(|offset| *offset >= self.reads) {
            events.push(Event::Admit);
        }
        for i in 0..self.in_flight.len() {
            events.extend([Event::Deliver(i), Event::Lose(i)]);
        }
        if !self.due().is_empty() {
            events.push(Event::TakeCommit);
        }
        events.extend(self.commit.map(|_| Event::CommitArrives));
        events
    }

    fn due(&self) -> Vec<i64> {
        self.ledger.to_commit(&[self.slot], |_, _| None).into_iter().map(|(_, _, offset)| offset).collect()
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Admit => {
                let offset = LOG.into_iter().find(|offset| *offset >= self.reads).expect("a record");
                self.reads = offset + 1;
                let position = Position { topic: "t".into(), partition: 0, offset, timestamp: None };
                self.in_flight.push(self.ledger.admit(self.slot, position, 1, 1).expect("admitted").0);
            }
            Event::Deliver(i) => {
                let ticket = self.in_flight.remove(i);
                // Delivered is delivered, whoever owns the partition by now.
                self.delivered.insert(ticket.position.offset);
                ticket.complete(End::Published);
            }
            Event::Lose(i) => drop(self.in_flight.remove(i)),
            Event::Rewind => {
                let (slot, from) = self.ledger.reopen(self.slot).expect("ours");
                self.slot = slot;
                self.reads = from.expect("known from the start");
            }
            Event::Reassign => {
                self.ledger.close(self.slot);
                self.slot = self.ledger.open("t".into(), 0, Some(self.committed));
                self.reads = self.committed;
                // The coordinator refuses it: it is of an older generation.
                self.commit = None;
            }
            Event::TakeCommit => self.commit = self.due().pop(),
            Event::CommitArrives => {
                let offset = self.commit.take().expect("one is on its way");
                self.committed = offset;
                self.ledger.committed("t", 0, offset);
            }
        }
    }

    fn check(&self, path: &[Event]) {
        let safe = |offset: i64| {
            LOG.iter().filter(|record| **record < offset).all(|record| self.delivered.contains(record))
        };
        for offset in self.due().into_iter().chain([self.committed]) {
            assert!(safe(offset), "{offset} passes a record that was not delivered: {path:?}");
        }
        let books = self.ledger.snapshot();
        assert!(books.reconciles(), "{books:?} after {path:?}");
    }
}

/// Tries every event after `path`, and every one after that.
fn explore(path: &mut Vec<Event>, tried: &mut usize) {
    let mut world = World::new();
    path.iter().for_each(|event| world.happen(*event));
    world.check(path);
    *tried += 1;
    if path.len() == DEPTH {
        return;
    }
    for event in world.events() {
        path.push(event);
        explore(path, tried);
        path.pop();
    }
}

#[test]
fn no_order_of_events_lets_a_commit_pass_an_undelivered_record() {
    let mut tried = 0;
    explore(&mut Vec::new(), &mut tried);
    assert!(tried > 100_000, "only {tried} orders were tried: the scope is too small to prove anything");
}
