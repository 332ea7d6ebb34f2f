//! Why a partition makes no progress, and what is done about one that is stuck.
//!
//! A partition is *stuck* when it has records to read and makes no progress although for all that time nothing of it
//! is in flight, it is not paused, the output acknowledges, its broker answers, and its position lies below the last
//! stable offset. That is healed: first by reading it anew from where it stands, then, if that was in vain, by a new
//! consumer. What librdkafka says of a partition's end is of the last fetch, and a stuck partition is fetched no
//! more, so its broker is asked. Everything else that holds a partition up is reported for what it is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rustc_hash::FxHashMap;

use crate::health::{Cause, Waiting};
use crate::kafka::fetching::Fetched;
use crate::kafka::poll::lock;
use crate::kafka::rebalance::Context;
use crate::ledger::PartitionView;

/// How often partitions are looked at.
const TICK: Duration = Duration::from_secs(1);
/// How long a broker may take to say where a partition ends; the poll thread waits for it.
const ASK_TIMEOUT: Duration = Duration::from_secs(2);

/// For how long it is remembered of a partition that went that it was healed.
const COMES_BACK: Duration = Duration::from_secs(300);
/// After so many questions without an answer a broker is silent.
const SILENT: u32 = 2;

/// What to do about stuck partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heal {
    /// Read this partition anew from where it stands.
    Seek(Arc<str>, i32),
    /// Reading anew was in vain: make a new consumer.
    NewConsumer,
}

/// Watches the partitions that are ours.
#[derive(Debug)]
pub struct Watchdog {
    /// How long without progress is too long.
    stuck_after: Duration,
    looked: Instant,
    partitions: FxHashMap<(Arc<str>, i32), Watched>,
}

#[derive(Debug, Clone)]
struct Watched {
    /// Whatever changes when there is progress.
    progress: (Option<i64>, usize),
    since: Instant,
    /// When something stood in its way last that has a name of its own; fetching begins again only then.
    hindered: Instant,
    /// When its broker was asked last, and the end that it named.
    asked: Option<(Instant, Option<(i64, i64)>)>,
    /// Since when its broker has said that there is something to read.
    behind: Option<Instant>,
    /// How often in a row it did not answer.
    unanswered: u32,
    /// How often it was healed in vain, and when last.
    heals: u32,
    healed: Instant,
    /// Since when it is not ours.
    gone: Option<Instant>,
}

impl Watched {
    fn new(progress: (Option<i64>, usize), now: Instant) -> Self {
        Self {
            progress,
            since: now,
            hindered: now,
            asked: None,
            behind: None,
            unanswered: 0,
            heals: 0,
            healed: now,
            gone: None,
        }
    }
}

impl Watchdog {
    /// Nothing is known yet.
    pub fn new(stuck_after: Duration) -> Self {
        Self { stuck_after, looked: Instant::now(), partitions: FxHashMap::default() }
    }

    /// Looks at all partitions, once a second; says what to do.
    pub fn look(&mut self, consumer: &BaseConsumer<Context>, context: &Context) -> Vec<Heal> {
        if self.looked.elapsed() < TICK {
            return Vec::new();
        }
        self.looked = Instant::now();
        let now = Instant::now();
        let views = context.shared.ledger.snapshot().partitions;
        self.partitions.retain(|(topic, partition), watched| {
            if views.iter().any(|view| view.topic == *topic && view.partition == *partition) {
                watched.gone = None;
                return true;
            }
            // One that was healed comes back with a new consumer, and may still be stuck then; but that has yet to
            // have its time.
            let gone = *watched.gone.get_or_insert(now);
            (watched.hindered, watched.healed, watched.behind, watched.asked) = (now, now, None, None);
            watched.heals > 0 && gone.elapsed() < COMES_BACK
        });
        let (mut waiting, mut heals) = (Vec::new(), Vec::new());
        let mut may_ask = true;
        for view in &views {
            let Some(cause) = self.judge(view, consumer, context, &mut may_ask) else { continue };
            let key = (Arc::clone(&view.topic), view.partition);
            let Some(watched) = self.partitions.get_mut(&key) else { continue };
            waiting.push(Waiting {
                topic: view.topic.to_string(),
                partition: view.partition,
                cause,
                since: watched.since.elapsed(),
                offset: view.watermark.or(view.committed),
            });
            if cause == Cause::Stuck && (watched.heals == 0 || watched.healed.elapsed() >= self.stuck_after) {
                (watched.heals, watched.healed) = (watched.heals + 1, Instant::now());
                heals.push(if watched.heals == 1 { Heal::Seek(key.0, key.1) } else { Heal::NewConsumer });
            }
        }
        for cause in Cause::ALL {
            let count = waiting.iter().filter(|w| w.cause == cause).count();
            let gauge = context.shared.metrics.waiting_partitions.with_label_values(&[cause.as_str()]);
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        let before = context.shared.health.waiting();
        for new in waiting.iter().filter(|w| !before.iter().any(|b| is_same(b, w))) {
            tracing::warn!(cause = new.cause.as_str(), "{new}");
        }
        for gone in before.iter().filter(|b| !waiting.iter().any(|w| is_same(b, w))) {
            let (topic, partition) = (&gone.topic, gone.partition);
            tracing::info!(topic, partition, cause = gone.cause.as_str(), "no longer held up for this cause");
        }
        context.shared.health.wait(waiting);
        if heals.contains(&Heal::NewConsumer) { vec![Heal::NewConsumer] } else { heals }
    }

    /// Why a partition makes no progress; `None` while it does, or has nothing to do.
    fn judge(
        &mut self,
        view: &PartitionView,
        consumer: &BaseConsumer<Context>,
        context: &Context,
        may_ask: &mut bool,
    ) -> Option<Cause> {
        let now = Instant::now();
        let progress = (view.watermark.or(view.committed), view.in_flight);
        let key = (Arc::clone(&view.topic), view.partition);
        let watched = self.partitions.entry(key).or_insert_with(|| Watched::new(progress, now));
        // What is in flight changes while it is not complete, too.
        let advanced = watched.progress.0 != progress.0;
        if advanced || (view.in_flight == 0 && watched.progress.1 > 0) {
            *watched = Watched::new(progress, now);
            return None;
        }
        watched.progress = progress;
        if watched.since.elapsed() < self.stuck_after {
            return None;
        }
        let shared = &context.shared;
        if view.in_flight > 0 {
            let silent =
                shared.health.failing().is_some() || shared.health.unacknowledged() >= self.stuck_after;
            return Some(if silent { Cause::Output } else { Cause::SlowStage });
        }
        {
            let poll = lock(&context.poll);
            if poll.paused || poll.assigned.is_capped(&view.topic, view.partition) {
                watched.hindered = now;
                return Some(Cause::Budget);
            }
            // Paused and resumed between two looks.
            watched.hindered = watched.hindered.max(poll.resumed);
        }
        let fetched = context.fetching().of(&view.topic, view.partition);
        if fetched.is_some_and(is_held_by_transaction) {
            watched.hindered = now;
            return Some(Cause::Transaction);
        }
        let due = watched.asked.as_ref().is_none_or(|(at, _)| at.elapsed() >= self.stuck_after / 2);
        if due && *may_ask {
            let answer = consumer.fetch_watermarks(&view.topic, view.partition, ASK_TIMEOUT).ok();
            shared.health.polled();
            // One silent broker must not hold the poll thread up once for every partition.
            *may_ask = answer.is_some();
            watched.unanswered = if answer.is_some() { 0 } else { watched.unanswered + 1 };
            watched.asked = Some((Instant::now(), answer));
        }
        match watched.asked {
            Some((_, Some((first, end)))) => {
                let position = view.watermark.or(view.committed).unwrap_or(first);
                let next = fetched.map_or(position, |fetched| fetched.next.max(position));
                if next < end {
                    // What has just been written would have been read by the time of the second answer.
                    let behind = *watched.behind.get_or_insert(now);
                    let stuck = watched.hindered.elapsed() >= self.stuck_after
                        && behind.elapsed() >= self.stuck_after / 2;
                    return stuck.then_some(Cause::Stuck);
                }
                // Nothing to read: the time without progress begins when there is.
                (watched.since, watched.heals, watched.behind) = (now, 0, None);
                None
            }
            Some((_, None)) => {
                watched.hindered = now;
                // Once may be a busy machine.
                (watched.unanswered >= SILENT).then_some(Cause::Broker)
            }
            None => None,
        }
    }
}

/// Whether everything that can be read was, and what lies behind it cannot be read yet.
fn is_held_by_transaction(fetched: Fetched) -> bool {
    fetched.next >= fetched.end && fetched.written > fetched.end
}

fn is_same(one: &Waiting, other: &Waiting) -> bool {
    one.topic == other.topic && one.partition == other.partition && one.cause == other.cause
}
