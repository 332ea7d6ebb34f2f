//! A record in flight, as the books know it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{End, Ledger, Slot};
use crate::envelope::Position;
use crate::trace::span::{Outcome, Span};

/// A record in flight. It must be completed; dropped without that, its memory is released but its
/// offset stays incomplete, so that nothing can be committed past it.
#[derive(Debug)]
pub struct Ticket {
    pub(super) ledger: Arc<Ledger>,
    pub(super) slot: Slot,
    /// Where the record was read.
    pub position: Position,
    /// The offset of its partition that was admitted just before it, in the same generation.
    pub(super) after: Option<i64>,
    /// `Ledger::closings` when it was admitted.
    pub(super) closings: u64,
    /// Bytes taken from the budget, and those of them that count as grown.
    pub(super) charge: AtomicUsize,
    pub(super) grown: AtomicUsize,
    /// Its span, where its trace is recorded; ends with the ticket.
    pub span: Option<Box<Span>>,
    pub(super) done: bool,
}

impl Ticket {
    /// Bytes that the record takes from the budget.
    pub fn charge(&self) -> usize {
        self.charge.load(Ordering::Relaxed)
    }

    /// The partition under the generation in which the record was read.
    pub fn slot(&self) -> Slot {
        self.slot
    }

    /// The offset that was admitted just before this one under the same slot; `None` for the first.
    pub fn after(&self) -> Option<i64> {
        self.after
    }

    /// Whether the record's partition is still ours in the generation in which it was read. Once it is not, it
    /// never is again: whoever owns the partition reads the record anew.
    pub fn is_current(&self) -> bool {
        self.ledger.closings.load(Ordering::SeqCst) == self.closings || self.ledger.is_open(self.slot)
    }

    /// The record turned out larger than it was when it was admitted, by decompression mostly: it takes
    /// `charge` bytes from now on. `false`, and nothing is changed, while records that grew before leave no
    /// room for it in `budget`. One that is alone always has room, and so has the lowest of its partition while
    /// no other exceeds the budget: those that hold the room may be waiting for it.
    pub fn grow(&self, charge: usize, budget: usize) -> bool {
        self.ledger.grow(self, charge, budget)
    }

    /// What the record takes is known by now: `charge` bytes, where that is less than was charged before.
    pub fn settle(&self, charge: usize) {
        self.ledger.settle(self, charge);
    }

    /// Completes the record. Returns `false` when its partition was given up meanwhile.
    pub fn complete(mut self, end: End) -> bool {
        self.done = true;
        let counted = self.ledger.end(&self, end);
        self.trace(match end {
            _ if !counted => Outcome::Abandoned,
            End::Published => Outcome::Published,
            End::DeadLettered(reason) => Outcome::DeadLettered(reason),
            End::Dropped(reason) => Outcome::Dropped(reason),
        });
        if !counted {
            tracing::debug!(position = ?self.position, "a report came after its partition was given up");
        }
        counted
    }

    fn trace(&mut self, outcome: Outcome) {
        if let Some(span) = self.span.take() {
            span.end(outcome);
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.done {
            self.ledger.release(self);
            self.trace(Outcome::Abandoned);
        }
    }
}
