//! What the probes look at: written by the poll thread and the producer, read by the admin server.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Shared marks of life.
#[derive(Debug)]
pub struct Health {
    epoch: Instant,
    last_poll: AtomicU64,
    outstanding: AtomicI64,
    waiting_since: AtomicU64,
    draining: AtomicBool,
    paused: AtomicBool,
    denied: AtomicBool,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            epoch: Instant::now(),
            last_poll: AtomicU64::new(0),
            outstanding: AtomicI64::new(0),
            waiting_since: AtomicU64::new(0),
            draining: AtomicBool::new(false),
            paused: AtomicBool::new(false),
            denied: AtomicBool::new(false),
        }
    }
}

impl Health {
    fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The poll loop is alive.
    pub fn polled(&self) {
        self.last_poll.store(self.now(), Ordering::Relaxed);
    }

    /// A record is handed to the producer.
    pub fn sent(&self) {
        if self.outstanding.fetch_add(1, Ordering::Relaxed) <= 0 {
            self.waiting_since.store(self.now(), Ordering::Relaxed);
        }
    }

    /// The producer is done with a record, acknowledged or not.
    pub fn reported(&self, acknowledged: bool) {
        self.outstanding.fetch_sub(1, Ordering::Relaxed);
        if acknowledged {
            self.waiting_since.store(self.now(), Ordering::Relaxed);
        }
    }

    /// Records that the producer has and the output has not acknowledged.
    pub fn outstanding(&self) -> i64 {
        self.outstanding.load(Ordering::Relaxed).max(0)
    }

    /// The service is ending: not ready any more.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the service is ending.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Partitions are paused because the budget is used up, or not any more.
    pub fn pause(&self, paused: bool) {
        self.paused.store(paused, Ordering::Relaxed);
    }

    /// Whether they are.
    pub fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    /// The brokers deny reading, or let it again.
    pub fn deny(&self, denied: bool) {
        if self.denied.load(Ordering::Relaxed) != denied {
            self.denied.store(denied, Ordering::Relaxed);
        }
    }

    /// Whether they do.
    pub fn is_denied(&self) -> bool {
        self.denied.load(Ordering::Relaxed)
    }

    /// Time since the poll loop last ticked.
    pub fn since_poll(&self) -> Duration {
        Duration::from_millis(self.now().saturating_sub(self.last_poll.load(Ordering::Relaxed)))
    }

    /// How long the output has left records unacknowledged without acknowledging any.
    pub fn unacknowledged(&self) -> Duration {
        if self.outstanding.load(Ordering::Relaxed) <= 0 {
            return Duration::ZERO;
        }
        Duration::from_millis(self.now().saturating_sub(self.waiting_since.load(Ordering::Relaxed)))
    }
}
