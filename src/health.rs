//! What the probes look at: written by the poll thread and the producer, read by the admin server.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A partition that has made no progress for a while, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Why.
    pub cause: Cause,
    /// For how long.
    pub since: Duration,
    /// Offset that is next to be completed, where it is known.
    pub offset: Option<i64>,
}

/// Why a partition makes no progress: a closed set, used as a metric label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// There are records, nothing stands in their way, and none comes: it is being healed.
    Stuck,
    /// A stage works on one of its records.
    SlowStage,
    /// The memory budget, or what may be in flight of one partition, is used up.
    Budget,
    /// The output acknowledges nothing.
    Output,
    /// The broker that leads it does not answer.
    Broker,
    /// What comes next belongs to a transaction that its producer has not ended.
    Transaction,
}

impl Cause {
    /// All of them.
    pub const ALL: [Cause; 6] =
        [Cause::Stuck, Cause::SlowStage, Cause::Budget, Cause::Output, Cause::Broker, Cause::Transaction];

    /// Its name in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Cause::Stuck => "stuck",
            Cause::SlowStage => "slow_stage",
            Cause::Budget => "budget",
            Cause::Output => "output",
            Cause::Broker => "broker",
            Cause::Transaction => "transaction",
        }
    }
}

impl std::fmt::Display for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let why = match self.cause {
            Cause::Stuck => {
                "has records to read, nothing stands in their way, and none comes: it is being healed"
            }
            Cause::SlowStage => "waits for a stage that works on one of its records",
            Cause::Budget => {
                "waits for room: pipeline.memory_budget or max_in_flight_per_partition is used up"
            }
            Cause::Output => "waits for the output, which acknowledges nothing: are its brokers up?",
            Cause::Broker => "cannot be read: the broker that leads it does not answer",
            Cause::Transaction => {
                "waits for a transaction that its producer has not ended: records behind it cannot be read yet"
            }
        };
        write!(f, "partition {}/{}", self.topic, self.partition)?;
        if let Some(offset) = self.offset {
            write!(f, " at offset {offset}")?;
        }
        write!(f, " {why} ({} s)", self.since.as_secs())
    }
}

/// A cluster, as seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that is read.
    Input,
    /// The one that is written to; often the same.
    Output,
}

impl Side {
    /// Both.
    pub const ALL: [Side; 2] = [Side::Input, Side::Output];

    /// Its name in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Side::Input => "input",
            Side::Output => "output",
        }
    }
}

/// What the brokers of the input refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Who we are.
    Login,
    /// TLS with us, or we with them.
    Tls,
}

/// Shared marks of life.
#[derive(Debug)]
pub struct Health {
    epoch: Instant,
    last_poll: AtomicU64,
    outstanding: AtomicI64,
    waiting_since: AtomicU64,
    heard_at: AtomicU64,
    draining: AtomicBool,
    paused: AtomicBool,
    denied: AtomicBool,
    missing: AtomicBool,
    /// Since when no broker has answered, of the input and of the output, in [`Health::now`] plus one; 0 while one does.
    unreachable_since: [AtomicU64; 2],
    refused: Mutex<Option<Refused>>,
    waiting: Mutex<Vec<Waiting>>,
    /// When transactions began to fail, in [`Health::now`] plus one; 0 while they do not.
    failing_since: AtomicU64,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            epoch: Instant::now(),
            last_poll: AtomicU64::new(0),
            outstanding: AtomicI64::new(0),
            waiting_since: AtomicU64::new(0),
            heard_at: AtomicU64::new(0),
            draining: AtomicBool::new(false),
            paused: AtomicBool::new(false),
            denied: AtomicBool::new(false),
            missing: AtomicBool::new(false),
            unreachable_since: Default::default(),
            refused: Mutex::default(),
            waiting: Mutex::default(),
            failing_since: AtomicU64::new(0),
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

    /// A record was read, or could not be because partitions are paused or change hands.
    pub fn heard(&self) {
        self.heard_at.store(self.now(), Ordering::Relaxed);
    }

    /// For how long nothing was read although it could have been.
    pub fn unheard(&self) -> Duration {
        Duration::from_millis(self.now().saturating_sub(self.heard_at.load(Ordering::Relaxed)))
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

    /// A topic to read does not exist, or all do again.
    pub fn miss(&self, missing: bool) {
        self.missing.store(missing, Ordering::Relaxed);
    }

    /// Whether one does not.
    pub fn is_missing(&self) -> bool {
        self.missing.load(Ordering::Relaxed)
    }

    /// A broker of a cluster answers, or none does.
    pub fn reach(&self, side: Side, reached: bool) {
        // Only the clients of one side write it, and it does not matter whose second counts.
        self.mark(&self.unreachable_since[side as usize], !reached);
        if reached && side == Side::Input {
            self.refuse(None);
        }
    }

    /// Its brokers answer, and refuse us; until one is reached.
    pub fn refuse(&self, refused: Option<Refused>) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = refused;
    }

    /// What they refuse.
    pub fn refused(&self) -> Option<Refused> {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For how long no broker of a cluster has answered; `None` while one does.
    pub fn unreachable(&self, side: Side) -> Option<Duration> {
        self.marked(&self.unreachable_since[side as usize])
    }

    /// Transactions fail, or come about again.
    pub fn fail(&self, failing: bool) {
        // Only the transaction thread writes it.
        self.mark(&self.failing_since, failing);
    }

    /// For how long transactions have failed, one after the other; `None` while they do not.
    pub fn failing(&self) -> Option<Duration> {
        self.marked(&self.failing_since)
    }

    /// Notes when something began, or that it is over.
    fn mark(&self, since: &AtomicU64, is_so: bool) {
        match is_so {
            true if since.load(Ordering::Relaxed) == 0 => since.store(self.now() + 1, Ordering::Relaxed),
            true => {}
            false => since.store(0, Ordering::Relaxed),
        }
    }

    fn marked(&self, since: &AtomicU64) -> Option<Duration> {
        let since = since.load(Ordering::Relaxed).checked_sub(1)?;
        Some(Duration::from_millis(self.now().saturating_sub(since)))
    }

    /// The partitions that make no progress now.
    pub fn wait(&self, waiting: Vec<Waiting>) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = waiting;
    }

    /// Those that were told last.
    pub fn waiting(&self) -> Vec<Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
