//! A record in flight, as the books know it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{End, Ledger, Slot};
use crate::envelope::Position;

/// A record in flight. It must be completed; dropped without that, its memory is released but its
/// offset stays incomplete, so that nothing can be committed past it.
#[derive(Debug)]
pub struct Ticket {
    pub(super) ledger: Arc<Ledger>,
    pub(super) slot: Slot,
    /// Where the record was read.
    pub position: Position,
    /// Bytes taken from the budget, and those of them that count as grown.
    pub(super) charge: AtomicUsize,
    pub(super) grown: AtomicUsize,
    pub(super) done: bool,
}

impl Ticket {
    /// Bytes that the record takes from the budget.
    pub fn charge(&self) -> usize {
        self.charge.load(Ordering::Relaxed)
    }

    /// The record turned out larger than it was when it was admitted, by decompression mostly: it takes
    /// `charge` bytes from now on. `false`, and nothing is changed, while records that grew before leave no
    /// room for it in `budget`; one that is alone always has room.
    pub fn grow(&self, charge: usize, budget: usize) -> bool {
        self.ledger.grow(self, charge, budget)
    }

    /// Completes the record. Returns `false` when its partition was given up meanwhile.
    pub fn complete(mut self, end: End) -> bool {
        self.done = true;
        let counted = self.ledger.end(&self, end);
        if !counted {
            tracing::debug!(position = ?self.position, "a report came after its partition was given up");
        }
        counted
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.done {
            self.ledger.release(self);
        }
    }
}
