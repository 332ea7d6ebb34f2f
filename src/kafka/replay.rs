//! The source of a replay: fixed ranges, read by manual assignment, to their ends.
//!
//! It never joins the live group and commits nothing to it. What is done is committed to the replay's own group,
//! through the [`Lock`] that keeps a second run of the same name away. A range ends when everything below its end
//! was read: when a record at or behind the end comes, or when the partition's end is reached at or behind it
//! (control records and compaction leave gaps, so the last record need not be next to the end).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::breaker::Moment;
use crate::envelope::{Position, Raw};
use crate::kafka::assigned::{list, log_failure};
use crate::kafka::consumer::{Drained, apply_budget, flush, wait};
use crate::kafka::headers::raw;
use crate::kafka::lock::{Error, Lock};
use crate::kafka::poll::{Poll, lock};
use crate::kafka::ranges::looking;
use crate::kafka::rebalance::{Context, Shared};
use crate::kafka::rewind::{rewind, seek};
use crate::kafka::settings::Cluster;
use crate::ledger::{Progress, Slot};
use crate::offsets::Passed;
use crate::pipeline::Lanes;
use crate::replay::{Job, Range, State, Sums};
use crate::shutdown::StopReason;

/// How often it is looked at how far ranges are.
const LOOK: Duration = Duration::from_millis(200);
/// Longest pause for the rate.
const PACE_PAUSE: Duration = Duration::from_millis(10);

/// Whether a record is to be processed.
pub type Filter = Arc<dyn Fn(&Position, &Raw) -> bool + Send + Sync>;

/// What is replayed.
pub struct Replay {
    /// Where it is read.
    pub cluster: Cluster,
    /// The group of its name.
    pub group: String,
    /// What it is.
    pub job: Job,
    /// Most records a second.
    pub rate: Option<f64>,
    /// Records to process; all when there is none.
    pub filter: Option<Filter>,
}

/// How far it is, for whoever shows it.
#[derive(Debug, Clone, Default)]
pub struct States(Arc<Mutex<Vec<State>>>);

impl States {
    /// These, to begin with.
    pub fn new(states: Vec<State>) -> Self {
        Self(Arc::new(Mutex::new(states)))
    }

    /// The sums of this moment.
    pub fn sums(&self) -> Sums {
        Sums::of(&self.lock())
    }

    /// A copy.
    pub fn all(&self) -> Vec<State> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A source on its way to its thread.
pub struct ReplaySource {
    consumer: BaseConsumer<Context>,
    context: Context,
    lock: Lock,
    replay: Replay,
    states: States,
    ranges: Vec<Reading>,
    admitted: u64,
    started: Instant,
    looked: Instant,
    committed: Instant,
}

/// A range that is being read.
struct Reading {
    /// Its place among the states.
    index: usize,
    topic: Arc<str>,
    partition: i32,
    end: i64,
    /// How records ended in earlier runs.
    before: Passed,
    /// Nothing more of it comes.
    read: bool,
    /// The end of its partition was reached, or of one with the same number in another topic.
    at_end: bool,
}

impl ReplaySource {
    /// Opens the ranges that are not done and begins to read them.
    ///
    /// # Errors
    /// When a property is invalid.
    pub fn start(
        replay: Replay,
        lock_: Lock,
        states: States,
        shared: Shared,
        lanes: Lanes,
    ) -> Result<Self, KafkaError> {
        let mut config = looking(&replay.cluster, &replay.group);
        config
            .set("enable.partition.eof", "true")
            .set("statistics.interval.ms", "200")
            .set("queued.max.messages.kbytes", "16384")
            .set("fetch.max.bytes", "16777216")
            .set("fetch.queue.backoff.ms", "10");
        let context = Context::new(shared, Poll::new(lanes));
        let consumer: BaseConsumer<Context> = config.create_with_context(context.clone())?;
        let (mut ranges, mut assigned) = (Vec::new(), TopicPartitionList::new());
        for (index, state) in states.all().into_iter().enumerate().filter(|(_, state)| !state.is_done()) {
            let (topic, partition) = (Arc::<str>::from(state.range.topic.as_str()), state.range.partition);
            let from = state.position;
            let slot = context.shared.ledger.open(Arc::clone(&topic), partition, Some(from));
            lock(&context.poll).assigned.insert(&topic, partition, slot, Some(from));
            assigned.add_partition_offset(&topic, partition, Offset::Offset(from))?;
            let (end, before) = (state.range.end, state.passed);
            ranges.push(Reading { index, topic, partition, end, before, read: false, at_end: false });
        }
        consumer.assign(&assigned)?;
        let now = Instant::now();
        let (started, looked, committed) = (now, now, now);
        let lock = lock_;
        Ok(Self { consumer, context, lock, replay, states, ranges, admitted: 0, started, looked, committed })
    }

    /// Reads until the ranges are done, or the service ends.
    pub fn run(mut self) -> Drained {
        let context = self.context.clone();
        let shared = &context.shared;
        while shared.stop.reason().is_none() {
            self.turn();
        }
        shared.health.drain();
        let before = shared.ledger.snapshot();
        flush(&context);
        let slots = self.slots();
        context.wait_drained(&slots);
        let done = self.look();
        let committed = if shared.stop.is_orderly() { self.last_commit() } else { Ok(()) };
        if let Err(error) = &committed {
            self.fail(&error.to_string());
        }
        let abandoned: usize = slots.iter().map(|slot| shared.ledger.close(*slot)).sum();
        lock(&context.poll).end();
        Drained {
            completed: before.in_flight.saturating_sub(abandoned as u64),
            abandoned: abandoned as u64,
            committed: done,
            commit_failed: committed.is_err(),
        }
    }

    fn turn(&mut self) {
        let context = self.context.clone();
        let shared = &context.shared;
        shared.health.polled();
        apply_budget(&self.consumer, &context);
        if context.take_worn_out() {
            return self.fail("its consumer has no broker left; start it again, it goes on where it was");
        }
        if shared.sink.is_broken() {
            let from = rewind(&context, |_, _| true);
            shared.sink.renew();
            if !seek(&self.consumer, &context, &from) {
                self.fail("the ranges cannot be read again after a fatal error of the producer");
            }
            self.ranges.iter_mut().for_each(|range| (range.read, range.at_end) = (false, false));
        }
        if self.looked.elapsed() >= LOOK {
            self.looked = Instant::now();
            self.lock.serve(Duration::ZERO);
            let is_ours = match self.lock.check() {
                Ok(is_ours) => is_ours,
                Err(error) => return self.fail(&error.to_string()),
            };
            let done = self.look();
            if is_ours && self.committed.elapsed() >= shared.settings.commit_interval {
                self.committed = Instant::now();
                if let Err(error) = self.commit(false) {
                    shared.metrics.commit_failures.inc();
                    tracing::warn!(%error, "how far it is could not be committed; the next commit covers it");
                }
            }
            if done == self.ranges.len() {
                return shared.stop.stop(StopReason::Asked("everything is read"));
            }
        }
        if self.is_ahead() {
            // What is polled goes on to its lane meanwhile.
            flush(&context);
            return std::thread::sleep(PACE_PAUSE);
        }
        match self.consumer.poll(wait(&context)) {
            Some(Ok(message)) => {
                let (topic, partition, offset) = (message.topic(), message.partition(), message.offset());
                let of = |r: &&mut Reading| r.partition == partition && &*r.topic == topic;
                let Some(range) = self.ranges.iter_mut().find(of) else { return };
                if offset >= range.end {
                    range.read = true;
                    return log_failure(self.consumer.pause(&list([(topic, partition)])));
                }
                let position = || Position {
                    topic: Arc::clone(&range.topic),
                    partition,
                    offset,
                    timestamp: message.timestamp().to_millis(),
                };
                let keep = self.replay.filter.as_ref().is_none_or(|keep| keep(&position(), &raw(&message)));
                self.admitted += 1;
                lock(&context.poll).admit(&message, keep, shared, &self.consumer);
            }
            Some(Err(KafkaError::PartitionEOF(partition))) => self.reached_end(partition),
            Some(Err(error)) => context.failed(&error),
            None => {
                self.nothing_waits();
                flush(&context);
            }
        }
    }

    /// The end of a partition was reached, behind all records that came before. Which topic's is not said: with
    /// several, the fetch position decides.
    fn reached_end(&mut self, partition: i32) {
        let several = self.ranges.iter().filter(|r| r.partition == partition && !r.read).count() > 1;
        for range in self.ranges.iter_mut().filter(|range| range.partition == partition) {
            range.at_end = true;
            range.read |= !several;
        }
    }

    /// Nothing waits to be polled: what is fetched to its end was also read.
    fn nothing_waits(&mut self) {
        let fetching = self.context.fetching();
        for range in self.ranges.iter_mut().filter(|range| range.at_end) {
            let next = fetching.of(&range.topic, range.partition).map(|fetched| fetched.next);
            range.read |= next.is_some_and(|next| next >= range.end);
        }
    }

    /// Whether the rate asks to wait.
    fn is_ahead(&self) -> bool {
        let due = |rate: f64| self.started.elapsed().as_secs_f64() * rate;
        self.replay.rate.is_some_and(|rate| self.admitted as f64 > due(rate))
    }

    fn slots(&self) -> Vec<Slot> {
        lock(&self.context.poll).assigned.slots()
    }

    /// Looks how far ranges are; returns how many are done.
    fn look(&self) -> usize {
        let poll = lock(&self.context.poll);
        let mut states = self.states.lock();
        let mut done = 0;
        for range in &self.ranges {
            let Some(state) = states.get_mut(range.index) else { continue };
            let progress = poll
                .assigned
                .slot(&range.topic, range.partition)
                .and_then(|slot| self.context.shared.ledger.progress(slot));
            if let Some(Progress { watermark, passed, in_flight }) = progress {
                let all = range.read && in_flight == 0 && poll.is_flushed();
                let mark = watermark.unwrap_or(state.position).min(range.end);
                state.position = if all { range.end } else { mark.max(state.position) };
                state.passed = range.before + passed;
            }
            done += usize::from(state.is_done());
        }
        done
    }

    /// Commits how far it is, if the name is still ours, once that is known.
    fn last_commit(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + self.context.shared.settings.drain_deadline;
        loop {
            self.context.shared.health.polled();
            let error = match self.lock.check() {
                Ok(true) => match self.commit(true) {
                    Ok(()) => return Ok(()),
                    Err(error) => Some(error),
                },
                Ok(false) => None,
                Err(error) => return Err(error),
            };
            if Instant::now() >= deadline {
                return Err(error.unwrap_or_else(|| Error::NotJoined(self.replay.group.clone())));
            }
            self.lock.serve(LOOK);
        }
    }

    /// Commits how far it is; partitions with a record that the breaker holds wait.
    fn commit(&mut self, settling: bool) -> Result<(), Error> {
        let floors =
            self.context.shared.breaker.floors(if settling { Moment::Settling } else { Moment::Running });
        let states = self.states.all();
        let free = |state: &&State| {
            let name = (Arc::from(state.range.topic.as_str()), state.range.partition);
            floors.get(&name).is_none_or(|floor| state.position <= *floor)
        };
        self.lock.commit(states.iter().filter(free), &self.replay.job)
    }

    fn fail(&self, why: &str) {
        self.context.shared.stop.stop(StopReason::Failed(why.to_owned()));
    }
}

/// Some records from the beginning of each range, for measuring.
///
/// # Errors
/// When a property is invalid or the brokers refuse.
pub fn sample(
    cluster: &Cluster,
    group: &str,
    states: &[State],
    records: usize,
    time: Duration,
) -> Result<Vec<(Position, Raw)>, KafkaError> {
    let consumer: BaseConsumer = looking(cluster, group).create()?;
    let mut assigned = TopicPartitionList::new();
    for state in states.iter().filter(|state| !state.is_done()) {
        let Range { topic, partition, .. } = &state.range;
        assigned.add_partition_offset(topic, *partition, Offset::Offset(state.position))?;
    }
    consumer.assign(&assigned)?;
    let wanted: u64 = states.iter().map(|state| state.range.offsets()).sum();
    let (started, mut sample) = (Instant::now(), Vec::new());
    while sample.len() < records && (sample.len() as u64) < wanted && started.elapsed() < time {
        let Some(message) = consumer.poll(Duration::from_millis(100)).transpose()? else { continue };
        let position = Position {
            topic: message.topic().into(),
            partition: message.partition(),
            offset: message.offset(),
            timestamp: message.timestamp().to_millis(),
        };
        sample.push((position, raw(&message)));
    }
    Ok(sample)
}
