//! The whole flow on one screen.

use std::time::Duration;

/// How records flow.
#[derive(Debug, Clone, PartialEq)]
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
    /// When to stop because too many records are rejected; `None` for never.
    pub breaker: Option<Breaker>,
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
            breaker: Some(Breaker::default()),
        }
    }
}

/// When too many records are rejected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breaker {
    /// How many of the last records count; fewer than that never trip it.
    pub window: usize,
    /// The share of them that may not be rejected, above 0 and at most 1.
    pub ratio: f64,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { window: 1000, ratio: 0.5 }
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
