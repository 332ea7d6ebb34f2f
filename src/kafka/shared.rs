//! What the poll thread works with.

use std::sync::Arc;

use crate::breaker::{Breaker, Moment, QUIET};
use crate::health::Health;
use crate::kafka::sink::KafkaSink;
use crate::ledger::Ledger;
use crate::metrics::Metrics;
use crate::pipeline::Settings;
use crate::shutdown::Stop;

/// Everything that the poll thread works with.
#[derive(Debug, Clone)]
pub struct Shared {
    /// The books.
    pub ledger: Arc<Ledger>,
    /// Where records go.
    pub sink: Arc<KafkaSink>,
    /// What must not be committed yet.
    pub breaker: Arc<Breaker>,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Marks of life.
    pub health: Arc<Health>,
    /// When to end, and whom to tell.
    pub stop: Stop,
    /// How records flow.
    pub settings: Settings,
}

/// What the circuit breaker is to know of the feed while nothing ends.
pub(super) fn moment(health: &Health, ledger: &Ledger) -> Moment {
    let quiet = health.unheard() >= QUIET && ledger.has_fetched_all();
    if quiet { Moment::Quiet } else { Moment::Running }
}
