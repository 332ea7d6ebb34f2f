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
//! - Whoever reads the group's offsets next waits for open transactions (stable offsets).
//! - When it is not known how a transaction ended, the producer is destroyed and made anew, which ends what is
//!   left of the transaction (librdkafka lacks KIP-890, librdkafka#5423), and the group's committed offsets say
//!   which way.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::topic_partition_list::Offset;

use crate::breaker::Breaker;
use crate::envelope::DropReason;
use crate::health::Health;
use crate::kafka::assigned::offsets;
use crate::kafka::epoch::{Epoch, replace};
use crate::kafka::finished::{Done, Finished};
use crate::kafka::rebalance::Context;
use crate::kafka::session::{Session, Trouble};
use crate::kafka::settings::{Output, Transactions};
use crate::ledger::{End, Ledger, Offsets, Ticket};
use crate::metrics::Metrics;
use crate::outgoing::Outgoing;
use crate::shutdown::{Stop, StopReason};
use crate::stage::Sink;

/// Longest wait for finished records: how soon a drain or a stop is noticed.
const TICK: Duration = Duration::from_millis(20);
/// How long before an epoch that failed is tried again.
const RETRY_PAUSE: Duration = Duration::from_millis(200);
/// How long the group's offsets are asked for in one go.
const ASK_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the end of the thread is waited for.
const END_PATIENCE: Duration = Duration::from_secs(5);
/// More fenced producers than this in [`FENCED_TIME`] are somebody else's doing.
const FENCED: usize = 5;
/// See [`FENCED`].
const FENCED_TIME: Duration = Duration::from_secs(60);
/// Most records taken at once.
const TAKEN: usize = 500;

/// The transactional sink.
pub struct ExactlyOnce {
    finished: Finished,
    consumer: Mutex<Option<Arc<BaseConsumer<Context>>>>,
    ended: (Mutex<bool>, Condvar),
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
    /// What must not be committed yet.
    pub breaker: Arc<Breaker>,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Marks of life.
    pub health: Arc<Health>,
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
            shared,
        });
        let running = Arc::clone(&sink);
        std::thread::Builder::new().name("khabar-transactions".to_owned()).spawn(move || {
            let ended = EndedGuard(&running);
            Runner { sink: &running, session: None, fenced: VecDeque::new() }.run();
            drop(ended);
        })?;
        Ok(sink)
    }

    /// The consumer whose group the offsets belong to; `None` before it goes. Waits while it is in use.
    pub fn attach(&self, consumer: Option<Arc<BaseConsumer<Context>>>) {
        *self.consumer() = consumer;
    }

    /// Ends it: an open transaction is aborted.
    pub fn finish(&self) {
        self.finished.close();
        let (lock, changed) = &self.ended;
        let ended = lock.lock().unwrap_or_else(PoisonError::into_inner);
        drop(changed.wait_timeout_while(ended, END_PATIENCE, |ended| !*ended));
    }

    fn consumer(&self) -> MutexGuard<'_, Option<Arc<BaseConsumer<Context>>>> {
        self.consumer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for ExactlyOnce {
    async fn send(&self, record: Outgoing, ticket: Ticket) {
        let end = record.destination.end();
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

struct Runner<'a> {
    sink: &'a ExactlyOnce,
    session: Option<Session>,
    fenced: VecDeque<Instant>,
}

impl Runner<'_> {
    fn run(&mut self) {
        let shared = &self.sink.shared;
        let mut tidied = Instant::now();
        while shared.stop.is_orderly() {
            let Some(records) = self.take() else { break };
            if tidied.elapsed() > Duration::from_secs(1) {
                tidied = Instant::now();
                self.sink.finished.forget_stale(|slot| shared.ledger.is_open(slot));
            }
            if records.is_empty() {
                continue;
            }
            self.settle(Epoch::of(records));
        }
        if let Some(session) = self.session.take() {
            session.end();
        }
    }

    fn take(&self) -> Option<Vec<Done>> {
        let shared = &self.sink.shared;
        self.sink.finished.take(TAKEN, TICK, || shared.breaker.floors(shared.ledger.is_draining()))
    }

    /// Sees an epoch through: until it is committed, none of it is ours any more, or the service ends.
    fn settle(&mut self, mut epoch: Epoch) {
        let shared = &self.sink.shared;
        while !epoch.records.is_empty() && shared.stop.is_orderly() {
            let Some(session) = self.connected(epoch.alone) else { return };
            let result = self.attempt(&session, &mut epoch);
            epoch.closed = true;
            shared.health.fail(result.is_err());
            match result {
                Ok(()) => {
                    shared.metrics.transactions.with_label_values(&["committed"]).inc();
                    // One that sends each record alone is for the epoch that needed it.
                    self.session = Some(session).filter(|_| !epoch.alone);
                    self.complete(epoch);
                    return;
                }
                Err(Trouble::Abort(why)) => {
                    tracing::warn!(%why, records = epoch.records.len(), "a transaction is aborted and tried again");
                    match session.abort() {
                        Ok(()) => {
                            shared.metrics.transactions.with_label_values(&["aborted"]).inc();
                            if self.replace_refused(&session, &mut epoch) {
                                self.session = Some(session);
                            }
                        }
                        Err(why) => self.lost(session, &why, &mut epoch),
                    }
                }
                Err(Trouble::Lost(why)) => self.lost(session, &why, &mut epoch),
                Err(Trouble::Hopeless(why)) => {
                    shared.stop.stop(StopReason::Failed(why));
                    session.end();
                    return;
                }
                Err(Trouble::Over) => {
                    session.end();
                    return;
                }
            }
            epoch.records.retain(|done| done.ticket.is_current());
            std::thread::sleep(RETRY_PAUSE);
        }
    }

    /// One try: produce, send the offsets, commit.
    fn attempt(&self, session: &Session, epoch: &mut Epoch) -> Result<(), Trouble> {
        session.begin()?;
        for index in 0..epoch.records.len() {
            self.produce(session, epoch, index)?;
        }
        while !epoch.closed && !epoch.is_full(&self.sink.shared.settings) {
            let more = self.take().ok_or(Trouble::Over)?;
            if more.is_empty() && self.sink.shared.ledger.is_draining() {
                break;
            }
            let from = epoch.records.len();
            epoch.add(more);
            for index in from..epoch.records.len() {
                self.produce(session, epoch, index)?;
            }
            session.trouble()?;
        }
        self.send_offsets(session, epoch)?;
        session.commit()
    }

    fn produce(&self, session: &Session, epoch: &mut Epoch, index: usize) -> Result<(), Trouble> {
        let Some(done) = epoch.records.get_mut(index) else { return Ok(()) };
        while let Some(record) = &done.record {
            if !self.sink.shared.stop.is_orderly() {
                return Err(Trouble::Over);
            }
            match session.produce(record, index)? {
                None => break,
                // Larger than the client allows: it never reached the transaction.
                Some(code) => replace(done, code)?,
            }
        }
        Ok(())
    }

    fn send_offsets(&self, session: &Session, epoch: &Epoch) -> Result<(), Trouble> {
        if !self.sink.shared.stop.is_orderly() {
            return Err(Trouble::Over);
        }
        let due = offsets(&epoch.ends());
        let consumer = self.sink.consumer();
        // In this order: see the module's own words.
        let consumer = consumer.as_ref().ok_or_else(|| Trouble::Abort("the consumer is gone".to_owned()))?;
        let metadata = consumer
            .group_metadata()
            .ok_or_else(|| Trouble::Abort("the consumer is in no group".to_owned()))?;
        if consumer.assignment_lost() {
            return Err(Trouble::Abort("the assignment was lost".to_owned()));
        }
        if !epoch.records.iter().all(|done| done.ticket.is_current()) {
            return Err(Trouble::Abort("partitions were given up".to_owned()));
        }
        session.send_offsets(&due, &metadata)
    }

    /// It is not known how the transaction ended: ends it for good, and asks which way.
    fn lost(&mut self, session: Session, why: &str, epoch: &mut Epoch) {
        let shared = &self.sink.shared;
        shared.metrics.transactions.with_label_values(&["unknown"]).inc();
        shared.metrics.producer_renewals.inc();
        let records = epoch.records.len();
        tracing::warn!(why, records, "the end of a transaction is not known: a new producer asks");
        if session.was_fenced() {
            self.note_fenced();
        }
        drop(session);
        // Whatever is left of the transaction is ended by the time a new producer is connected.
        let Some(session) = self.connected(epoch.alone) else { return };
        self.session = Some(session);
        while shared.stop.is_orderly() {
            epoch.records.retain(|done| done.ticket.is_current());
            if epoch.records.is_empty() {
                return;
            }
            let Some(committed) = self.committed(&epoch.ends()) else {
                std::thread::sleep(RETRY_PAUSE);
                continue;
            };
            let is_committed = |ticket: &Ticket| {
                let p = &ticket.position;
                committed
                    .iter()
                    .any(|(t, n, offset)| *t == p.topic && *n == p.partition && p.offset < *offset)
            };
            let (done, open) =
                std::mem::take(&mut epoch.records).into_iter().partition(|done| is_committed(&done.ticket));
            epoch.records = open;
            self.complete(Epoch { records: done, ..*epoch });
            return;
        }
    }

    /// The group's committed offsets of these partitions; `None` when nobody answers.
    fn committed(&self, of: &Offsets) -> Option<Offsets> {
        let consumer = self.sink.consumer();
        let answer = consumer.as_ref()?.committed_offsets(offsets(of), ASK_TIMEOUT).ok()?;
        let mut committed = Offsets::new();
        for element in answer.elements() {
            element.error().ok()?;
            if let Offset::Offset(offset) = element.offset() {
                committed.push((element.topic().into(), element.partition(), offset));
            }
        }
        Some(committed)
    }

    fn complete(&self, epoch: Epoch) {
        let shared = &self.sink.shared;
        let ends = epoch.ends();
        for Done { end, record, ticket } in epoch.records {
            if let (End::Published, Some(record)) = (end, &record) {
                let size = record.value.as_ref().map_or(0, bytes::Bytes::len);
                super::producer::observe(&shared.metrics, size, ticket.position.timestamp);
            }
            ticket.complete(end);
        }
        for (topic, partition, offset) in ends {
            shared.ledger.committed(&topic, partition, offset);
        }
    }

    /// A connected producer; `None` when the service ends.
    fn connected(&mut self, alone: bool) -> Option<Session> {
        if let Some(session) = self.session.take().filter(|session| session.alone == alone) {
            return Some(session);
        }
        let shared = &self.sink.shared;
        while shared.stop.is_orderly() && !self.sink.finished.is_closed() {
            match Session::connect(shared, alone) {
                Ok(session) => return Some(session),
                Err(Trouble::Hopeless(why)) => shared.stop.stop(StopReason::Failed(why)),
                Err(trouble) => {
                    shared.health.fail(true);
                    tracing::warn!(why = %trouble, "no transactions yet; it goes on once the cause is gone");
                    std::thread::sleep(RETRY_PAUSE);
                }
            }
        }
        None
    }

    /// Puts dead letters in the place of records that were refused for themselves. Returns whether the session
    /// still fits.
    fn replace_refused(&self, session: &Session, epoch: &mut Epoch) -> bool {
        let refused = session.take_refused();
        if refused.is_empty() {
            return true;
        }
        if !epoch.alone {
            tracing::warn!(
                "the brokers refused a batch: each record of it is sent again alone; look at the topic's max.message.bytes with `khabar check`"
            );
            epoch.alone = true;
            return false;
        }
        for (index, code) in refused {
            let Some(done) = epoch.records.get_mut(index) else { continue };
            if let Err(Trouble::Hopeless(why)) = replace(done, code) {
                self.sink.shared.stop.stop(StopReason::Failed(why));
            }
        }
        true
    }

    fn note_fenced(&mut self) {
        while self.fenced.front().is_some_and(|at| at.elapsed() > FENCED_TIME) {
            self.fenced.pop_front();
        }
        self.fenced.push_back(Instant::now());
        if self.fenced.len() > FENCED {
            let id = &self.sink.shared.settings.transactional_id;
            self.sink.shared.stop.stop(StopReason::Failed(format!(
                "another producer uses the transactional id {id}: give every instance an input.instance_id of its own"
            )));
        }
    }
}
