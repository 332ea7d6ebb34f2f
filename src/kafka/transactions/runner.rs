//! The transaction thread: sees one epoch after the other through.

mod ask;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering as AtomicOrdering;
use std::time::{Duration, Instant};

use rdkafka::consumer::{Consumer, ConsumerGroupMetadata};

use super::{ExactlyOnce, Shared};
use crate::breaker;
use crate::kafka::assigned::offsets;
use crate::kafka::epoch::{Epoch, replace};
use crate::kafka::finished::Done;
use crate::kafka::reports;
use crate::kafka::session::{Session, Trouble};
use crate::kafka::shared::moment;
use crate::kafka::standing::{Answer, Moment};
use crate::ledger::{End, Offsets};
use crate::shutdown::StopReason;

/// Longest wait for finished records: how soon a drain or a stop is noticed.
const TICK: Duration = Duration::from_millis(20);
/// How long before an epoch that failed is tried again.
const RETRY_PAUSE: Duration = Duration::from_millis(200);
/// How long the group's offsets are asked for in one go.
const ASK_TIMEOUT: Duration = Duration::from_secs(5);
/// More fenced producers than this in [`FENCED_TIME`] are somebody else's doing.
const FENCED: usize = 5;
/// See [`FENCED`].
const FENCED_TIME: Duration = Duration::from_secs(60);
/// How long offsets are waited for that a coordinator had and does not have any more.
const FORGETFUL: Duration = Duration::from_secs(30);
/// How long the circuit breaker may hold back all there is room for.
const BLOCKED: Duration = Duration::from_secs(15);
/// Most records taken at once.
const TAKEN: usize = 500;

/// The thread's own.
pub(super) struct Runner<'a> {
    sink: &'a ExactlyOnce,
    session: Option<Session>,
    fenced: VecDeque<Instant>,
    /// When offsets were last sent.
    sending: Moment,
    /// Since when the group is said to stand where it stood before.
    forgotten: Option<Instant>,
    /// Since when all that there is room for is held back by the circuit breaker.
    blocked: Option<Instant>,
}

impl<'a> Runner<'a> {
    pub(super) fn new(sink: &'a ExactlyOnce) -> Self {
        let sending = Moment::now();
        Self { sink, session: None, fenced: VecDeque::new(), sending, forgotten: None, blocked: None }
    }

    /// Until the service ends.
    pub(super) fn run(&mut self) {
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

    fn take(&mut self) -> Option<Vec<Done>> {
        let shared = &self.sink.shared;
        let now = match shared.ledger.is_draining() {
            true => breaker::Moment::Settling,
            false => moment(&shared.health, &shared.ledger),
        };
        let taken = self.sink.finished.take(TAKEN, TICK, || shared.breaker.floors(now))?;
        let full = shared.health.is_paused() && shared.ledger.bytes() >= shared.memory_budget / 2;
        if taken.is_empty() && full && self.sink.finished.has_ready() {
            // Nothing more can be read, so the breaker will not see more than it has.
            let since = *self.blocked.get_or_insert_with(Instant::now);
            if since.elapsed() >= BLOCKED {
                shared.breaker.give_up();
            }
        } else {
            self.blocked = None;
        }
        Some(taken)
    }

    /// Sees an epoch through: until it is committed, none of it is ours any more, or the service ends.
    fn settle(&mut self, mut epoch: Epoch) {
        (self.blocked, self.forgotten) = (None, None);
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
                        // The producer goes: see the module's own words.
                        Ok(()) => {
                            shared.metrics.transactions.with_label_values(&["aborted"]).inc();
                            self.replace_refused(&session, &mut epoch);
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
            if !epoch.records.is_empty() {
                std::thread::sleep(RETRY_PAUSE);
            }
        }
        // What failed is somebody else's by now, or was committed after all.
        shared.health.fail(false);
    }

    /// One try: produce, send the offsets, commit.
    fn attempt(&mut self, session: &Session, epoch: &mut Epoch) -> Result<(), Trouble> {
        session.begin()?;
        for index in 0..epoch.records.len() {
            self.produce(session, epoch, index)?;
        }
        while !epoch.closed && !epoch.is_full(&self.sink.shared.settings) {
            let more = self.take().ok_or(Trouble::Over)?;
            if more.is_empty() && self.is_waited_for() {
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

    /// Whether somebody waits for the records of this epoch: to let partitions go, or to read more.
    fn is_waited_for(&self) -> bool {
        let Shared { ledger, health, .. } = &self.sink.shared;
        ledger.is_draining() || ledger.is_short() || health.is_paused()
    }

    fn send_offsets(&mut self, session: &Session, epoch: &mut Epoch) -> Result<(), Trouble> {
        let due = epoch.ends();
        // In this order: see the module's own words.
        self.sending = Moment::now();
        let metadata = self.membership()?;
        if !epoch.records.iter().all(|done| done.ticket.is_current()) {
            return Err(Trouble::Abort("partitions were given up".to_owned()));
        }
        if self.sink.standing.is_old(&due) {
            self.check_standing(epoch, &due)?;
        }
        if !epoch.records.iter().all(|done| done.ticket.is_current()) {
            return Err(Trouble::Abort("partitions were given up".to_owned()));
        }
        if !self.sink.shared.stop.is_orderly() {
            return Err(Trouble::Over);
        }
        session.send_offsets(&offsets(&due), &metadata)
    }

    fn membership(&self) -> Result<ConsumerGroupMetadata, Trouble> {
        let consumer = self.sink.consumer();
        let consumer = consumer.as_ref().ok_or_else(|| Trouble::Abort("the consumer is gone".to_owned()))?;
        let metadata = consumer
            .group_metadata()
            .ok_or_else(|| Trouble::Abort("the consumer is in no group".to_owned()))?;
        match consumer.assignment_lost() {
            true => Err(Trouble::Abort("the assignment was lost".to_owned())),
            false => Ok(metadata),
        }
    }

    /// Whether the group stands where it was left; what somebody else has committed of is not ours any more.
    fn check_standing(&mut self, epoch: &mut Epoch, due: &Offsets) -> Result<(), Trouble> {
        let Some(now) = self.committed(due) else {
            self.forgotten = None;
            return Err(Trouble::Abort("the brokers do not say what is committed".to_owned()));
        };
        let answers = self.judged(due, &now);
        let forgotten = answers.iter().any(|(answer, _)| *answer == Answer::Forgotten);
        // Nothing of this epoch is committed, so what stands where it would end was put there by somebody else.
        let passed: Offsets = due
            .iter()
            .zip(answers)
            .filter(|(_, (answer, _))| matches!(answer, Answer::Passed | Answer::Ours))
            .map(|((topic, partition, _), (_, now))| (Arc::clone(topic), *partition, now))
            .collect();
        let Some((topic, partition, offset)) = passed.first() else {
            return self.may_have_been(forgotten);
        };
        self.give_up(epoch, &passed);
        Err(Trouble::Abort(format!(
            "another member has read partition {topic}/{partition} up to {offset} meanwhile; it is not ours any more"
        )))
    }

    /// A coordinator that has just come back may take us for a member that we are no more: what it says is believed
    /// when it stays so.
    fn may_have_been(&mut self, forgotten: bool) -> Result<(), Trouble> {
        if !forgotten {
            self.forgotten = None;
        } else if self.forgotten.get_or_insert_with(Instant::now).elapsed() < FORGETFUL {
            std::thread::sleep(RETRY_PAUSE);
            return Err(Trouble::Abort("the group is said to stand where it stood long ago".to_owned()));
        }
        Ok(())
    }

    /// Lets go of partitions that somebody else has, until a new consumer says what is ours.
    fn give_up(&self, epoch: &Epoch, partitions: &Offsets) {
        for done in &epoch.records {
            let p = &done.ticket.position;
            if of(partitions, &p.topic, p.partition).is_some() && done.ticket.is_current() {
                self.sink.shared.ledger.close(done.ticket.slot());
                self.sink.displaced.store(true, AtomicOrdering::SeqCst);
            }
        }
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
        // Since when the group is said to stand where it stood before: silence says nothing.
        let mut since = None;
        while shared.stop.is_orderly() {
            epoch.records.retain(|done| done.ticket.is_current());
            if epoch.records.is_empty() {
                return;
            }
            let due = epoch.ends();
            let answers = self.committed(&due).map(|now| self.judged(&due, &now));
            // A coordinator that has just come back may have forgotten, and will remember.
            let forgotten = |answers: &[(Answer, i64)]| answers.iter().any(|(a, _)| *a == Answer::Forgotten);
            since = answers.as_ref().filter(|a| forgotten(a)).map(|_| since.unwrap_or_else(Instant::now));
            let waits = since.is_some_and(|since| since.elapsed() < FORGETFUL);
            let Some(answers) = answers.filter(|_| !waits) else {
                std::thread::sleep(RETRY_PAUSE);
                continue;
            };
            let (mut ours, mut others) = (Offsets::new(), Offsets::new());
            for ((topic, partition, _), (answer, now)) in due.iter().zip(answers) {
                match answer {
                    Answer::Ours => ours.push((Arc::clone(topic), *partition, now)),
                    Answer::Passed => others.push((Arc::clone(topic), *partition, now)),
                    Answer::Unmoved | Answer::Forgotten => {}
                }
            }
            self.give_up(epoch, &others);
            let is_ours =
                |done: &Done| of(&ours, &done.ticket.position.topic, done.ticket.position.partition);
            let (done, open) = std::mem::take(&mut epoch.records)
                .into_iter()
                .filter(|done| done.ticket.is_current())
                .partition(|done| is_ours(done).is_some());
            epoch.records = open;
            self.complete(Epoch { records: done, ..*epoch });
            return;
        }
    }

    fn complete(&self, epoch: Epoch) {
        let shared = &self.sink.shared;
        let ends = epoch.ends();
        for Done { end, record, ticket } in epoch.records {
            if let (End::Published, Some(record)) = (end, &record) {
                reports::observe(&shared.metrics, record.size(), ticket.position.timestamp);
            }
            if let Some(record) = &record {
                let what = (record.key.as_deref(), record.value.as_deref());
                // Where the brokers put it is not asked for within a transaction.
                reports::sample(&shared.samples, record.destination, what, &record.headers, || None);
            }
            ticket.complete(end);
        }
        self.sink.standing.moved(&ends, self.sending);
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

    /// Puts dead letters in the place of records that were refused for themselves; has each sent alone first.
    fn replace_refused(&self, session: &Session, epoch: &mut Epoch) {
        let refused = session.take_refused();
        if refused.is_empty() {
            return;
        }
        if !epoch.alone {
            tracing::warn!(
                "the brokers refused a batch: each record of it is sent again alone; look at the topic's max.message.bytes with `khabar check`"
            );
            epoch.alone = true;
            return;
        }
        for (index, code) in refused {
            let Some(done) = epoch.records.get_mut(index) else { continue };
            if let Err(Trouble::Hopeless(why)) = replace(done, code) {
                self.sink.shared.stop.stop(StopReason::Failed(why));
            }
        }
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

/// The offset of a partition in a list.
fn of(offsets: &Offsets, topic: &Arc<str>, partition: i32) -> Option<i64> {
    offsets.iter().find(|(t, n, _)| t == topic && *n == partition).map(|(_, _, offset)| *offset)
}
