//! Exactly once: records, dead letters and source offsets of an epoch in one transaction.
//!
//! One thread takes finished records ([`Finished`]), produces them, and closes the epoch by count, bytes or age:
//! it sends the source offsets and commits. The records of an epoch stay in memory until it is committed. After
//! an abort they are produced again, so nothing has to be read or understood twice; those of partitions that
//! were given up meanwhile are left out.
//!
//! What keeps it exact:
//! - Offsets go with the consumer's group metadata. The metadata is taken first, then the assignment must not be
//!   lost, then every record must be current; in this order no other member can own a partition of the epoch
//!   unless its generation is newer, and then the coordinator refuses the offsets.
//! - Who has not committed a partition just now asks first whether somebody else has ([`Standing`]).
//! - Whoever reads the group's offsets next waits for open transactions (stable offsets).
//! - A producer is used for no other transaction after one that it aborted. What was in flight then may have been
//!   written; in the fault suite, records of a transaction that was tried again by the same producer were once
//!   acknowledged and not written, as brokers do with sequence numbers that they have seen. A new producer has an epoch
//!   of its own.
//! - When it is not known how a transaction ended, the producer is destroyed and made anew, which ends what is
//!   left of the transaction (librdkafka lacks KIP-890, librdkafka#5423), and the group's committed offsets say
//!   which way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::consumer::BaseConsumer;

use crate::breaker::Breaker;
use crate::envelope::DropReason;
use crate::health::Health;
use crate::kafka::epoch::charge;
use crate::kafka::finished::{Done, Finished};
use crate::kafka::rebalance::Context;
use crate::kafka::settings::{Output, Transactions};
use crate::kafka::standing::Standing;
use crate::ledger::{End, Ledger, Ticket};
use crate::metrics::Metrics;
use crate::outgoing::Outgoing;
use crate::samples::Samples;
use crate::shutdown::{Stop, StopReason};
use crate::stage::Sink;

mod runner;

use runner::Runner;

/// How long the end of the thread is waited for.
const END_PATIENCE: Duration = Duration::from_secs(5);

/// The transactional sink.
pub struct ExactlyOnce {
    finished: Finished,
    consumer: Mutex<Option<Arc<BaseConsumer<Context>>>>,
    ended: (Mutex<bool>, Condvar),
    standing: Standing,
    /// Somebody else has committed offsets of partitions that we took to be ours.
    displaced: AtomicBool,
    shared: Shared,
}

/// What the transactions need of the service.
#[derive(Clone)]
pub struct Shared {
    /// Epochs.
    pub settings: Transactions,
    /// Where records go.
    pub output: Output,
    /// The books.
    pub ledger: Arc<Ledger>,
    /// Bytes of records that may be in flight.
    pub memory_budget: usize,
    /// What must not be committed yet.
    pub breaker: Arc<Breaker>,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Marks of life.
    pub health: Arc<Health>,
    /// A few records for people who look.
    pub samples: Arc<Samples>,
    /// When to end, and whom to tell.
    pub stop: Stop,
}

impl ExactlyOnce {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(shared: Shared) -> std::io::Result<Arc<Self>> {
        let sink = Arc::new(Self {
            finished: Finished::default(),
            consumer: Mutex::default(),
            ended: (Mutex::new(false), Condvar::new()),
            standing: Standing::default(),
            displaced: AtomicBool::new(false),
            shared,
        });
        let running = Arc::clone(&sink);
        std::thread::Builder::new().name("khabar-transactions".to_owned()).spawn(move || {
            let ended = EndedGuard(&running);
            Runner::new(&running).run();
            drop(ended);
        })?;
        Ok(sink)
    }

    /// The consumer whose group the offsets belong to; `None` before it goes. Waits while it is in use.
    pub fn attach(&self, consumer: Option<Arc<BaseConsumer<Context>>>) {
        *self.consumer() = consumer;
    }

    /// Where the group stands of a partition that becomes ours.
    pub fn begun(&self, topic: &str, partition: i32, committed: Option<i64>) {
        self.standing.begun(topic, partition, committed);
    }

    /// Whether somebody else has committed offsets of partitions that we took to be ours, since this was asked last:
    /// then only a new consumer knows what is ours.
    pub fn take_displaced(&self) -> bool {
        self.displaced.swap(false, Ordering::SeqCst)
    }

    /// Ends it: an open transaction is aborted. Whether the thread ended in time; if not, what it has begun to commit
    /// may still be committed.
    pub fn finish(&self) -> bool {
        self.finished.close();
        let (lock, changed) = &self.ended;
        let ended = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = changed.wait_timeout_while(ended, END_PATIENCE, |ended| !*ended);
        *wait.unwrap_or_else(PoisonError::into_inner).0
    }

    fn consumer(&self) -> MutexGuard<'_, Option<Arc<BaseConsumer<Context>>>> {
        self.consumer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for ExactlyOnce {
    async fn send(&self, record: Outgoing, ticket: Ticket) {
        let end = record.destination.end();
        // It waits for its transaction now, and then for the end of that, while others are read.
        ticket.settle(charge(&record));
        self.finished.put(Done { end, record: Some(record), ticket });
    }

    fn skip(&self, ticket: Ticket, reason: DropReason) {
        self.finished.put(Done { end: End::Dropped(reason), record: None, ticket });
    }
}

/// Tells that the thread ended, also when it panicked.
struct EndedGuard<'a>(&'a ExactlyOnce);

impl Drop for EndedGuard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let why = "the transaction thread ended before its time; nothing was lost, start again";
            self.0.shared.stop.stop(StopReason::Failed(why.to_owned()));
        }
        *self.0.ended.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.ended.1.notify_all();
    }
}
