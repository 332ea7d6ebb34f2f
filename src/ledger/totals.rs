//! How records ended, counted.

use crate::envelope::{DropReason, Reason};

/// Counts since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Records polled and admitted.
    pub consumed: u64,
    /// Their bytes (key and value).
    pub consumed_bytes: u64,
    /// Records acknowledged in the output topic.
    pub published: u64,
    /// Records acknowledged in the dead-letter topic, by `Reason as usize`.
    pub dead_lettered: [u64; Reason::ALL.len()],
    /// Records dropped on purpose, by `DropReason as usize`.
    pub dropped: [u64; DropReason::ALL.len()],
    /// Records given up by a revoke or a stop, to be read again by somebody.
    pub abandoned: u64,
    /// Delivery reports that came after their partition was given up.
    pub late_reports: u64,
    /// Offsets that retention removed before they were read.
    pub expired: u64,
}

impl Totals {
    /// Dead letters of all reasons.
    pub fn all_dead_lettered(&self) -> u64 {
        self.dead_lettered.iter().sum()
    }
    /// Drops of all reasons.
    pub fn all_dropped(&self) -> u64 {
        self.dropped.iter().sum()
    }
}
