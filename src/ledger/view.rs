//! The books as one consistent view.

use std::sync::Arc;
use std::time::Duration;

use super::Totals;

/// One consistent view.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Counts.
    pub totals: Totals,
    /// Records in flight, counted from the trackers.
    pub in_flight: u64,
    /// Bytes charged to the budget.
    pub bytes: usize,
    /// Partitions owned now.
    pub partitions: Vec<PartitionView>,
}

impl Snapshot {
    /// The accounting identity.
    pub fn reconciles(&self) -> bool {
        let t = &self.totals;
        t.consumed == t.published + t.all_dead_lettered() + t.all_dropped() + t.abandoned + self.in_flight
    }
}

/// One owned partition.
#[derive(Debug, Clone)]
pub struct PartitionView {
    /// Topic.
    pub topic: Arc<str>,
    /// Partition.
    pub partition: i32,
    /// Records in flight.
    pub in_flight: usize,
    /// Kafka timestamp of the lowest record that is not complete, in milliseconds since the epoch.
    pub oldest: Option<i64>,
    /// What may be committed; `None` before the first record.
    pub watermark: Option<i64>,
    /// What is committed; `None` when unknown.
    pub committed: Option<i64>,
    /// End of the partition as the broker last said.
    pub end: Option<i64>,
    /// Records between the watermark (else the committed offset) and the end.
    pub lag: Option<i64>,
    /// Time since the watermark moved or there was nothing to do.
    pub idle: Duration,
}
