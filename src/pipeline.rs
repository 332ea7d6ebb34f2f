//! The whole flow on one screen.

use std::time::Duration;

/// How records flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Parallel lanes; at least one.
    pub lanes: usize,
    /// Which records keep their order.
    pub ordering: Ordering,
    /// Bytes of records that may be in flight, processing included.
    pub memory_budget: usize,
    /// Offsets of one partition that may be in flight.
    pub max_in_flight_per_partition: usize,
    /// Most records in one batch between stages.
    pub batch_records: usize,
    /// How often offsets are committed.
    pub commit_interval: Duration,
    /// How long a revoke or a stop may wait for what is in flight.
    pub drain_deadline: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lanes: 2,
            ordering: Ordering::Key,
            memory_budget: 128 << 20,
            max_in_flight_per_partition: 10_000,
            batch_records: 32,
            commit_interval: Duration::from_secs(1),
            drain_deadline: Duration::from_secs(25),
        }
    }
}

/// Which records keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ordering {
    /// Records with the same key (records without one: of the same partition).
    #[default]
    Key,
    /// Records of the same partition.
    Partition,
    /// None: lanes take turns.
    None,
}
