//! The circuit breaker: a broken deployment must not empty a topic into the dead letters.
//!
//! It looks at the last records and stops the service when too many of them were rejected. So that those are
//! not committed by then, the offset of a rejected record is *held* for a while: until enough others were seen
//! behind it, or some seconds went by, and what was seen lately does not look like a broken deployment.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use crate::envelope::{Position, Reason};
use crate::shutdown::{Stop, StopReason};

/// How long a rejected record is held at most while nothing looks broken.
const HOLD: Duration = Duration::from_secs(5);
/// How long nothing may come before what is held is let go although it looks broken: a quiet feed empties no topic,
/// and must not wait for the next records.
pub const QUIET: Duration = Duration::from_secs(30);
/// Fewer records in that time say nothing.
const TELLING: usize = 10;

/// When to break.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// How many of the last records are looked at; none is judged before so many were seen.
    pub window: usize,
    /// The share of rejected ones at which the service stops.
    pub ratio: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { window: 1000, ratio: 0.5 }
    }
}

impl Settings {
    /// How many records are a probe: behind a rejected record before its offset is committed, and at a start
    /// after the breaker tripped.
    pub fn probe(&self) -> usize {
        (self.window / 10).max(TELLING).min(self.window)
    }

    /// Whether so many rejected ones are too many.
    pub fn is_too_many(&self, rejected: usize, seen: usize) -> bool {
        rejected as f64 >= self.ratio * seen as f64
    }
}

/// When it is asked what may not be committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// More records come.
    Running,
    /// Everything there is was read, and nothing has come for [`QUIET`].
    Quiet,
    /// Nothing more will be seen for now: what does not look broken by then is not held.
    Settling,
}

/// The offsets that may not be committed yet: of each partition that has one the lowest.
pub type Floors = FxHashMap<(Arc<str>, i32), i64>;

/// Watches the last records; stops the service when too many were rejected.
#[derive(Debug)]
pub struct Breaker {
    settings: Option<Settings>,
    stop: Stop,
    /// Whether it tripped before this start, and no probe has passed since.
    before: AtomicBool,
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    /// The last records, oldest first: why they were rejected, if they were, and when.
    seen: VecDeque<(Option<Reason>, Instant)>,
    rejected: usize,
    /// All that were ever seen.
    total: u64,
    held: VecDeque<Held>,
    tripped: bool,
}

#[derive(Debug)]
struct Held {
    partition: (Arc<str>, i32),
    offset: i64,
    /// `Last::total` when it was rejected.
    number: u64,
    at: Instant,
}

impl Breaker {
    /// A breaker that stops the service through `stop`; without settings it does nothing.
    pub fn new(settings: Option<Settings>, stop: Stop) -> Self {
        let settings = settings.filter(|s| s.window > 0);
        Self { settings, stop, before: AtomicBool::new(false), last: Mutex::default() }
    }

    /// Notes that a record could be processed.
    pub fn passed(&self) {
        self.note(None);
    }

    /// Notes that a record was rejected, and holds it.
    pub fn rejected(&self, position: &Position, reason: Reason) {
        self.note(Some((position, reason)));
    }

    fn note(&self, rejected: Option<(&Position, Reason)>) {
        let Some(settings) = self.settings else { return };
        let mut last = self.lock();
        let now = Instant::now();
        last.total += 1;
        last.seen.push_back((rejected.map(|(_, reason)| reason), now));
        if let Some((position, _)) = rejected {
            last.rejected += 1;
            let partition = (Arc::clone(&position.topic), position.partition);
            let number = last.total;
            last.held.push_back(Held { partition, offset: position.offset, number, at: now });
        }
        if last.seen.len() > settings.window && last.seen.pop_front().is_some_and(|(why, _)| why.is_some()) {
            last.rejected -= 1;
        }
        let (seen, count) = (last.seen.len(), last.rejected);
        let trips = seen >= settings.window && settings.is_too_many(count, seen);
        last.tripped |= trips;
        let reasons = if trips { last.reasons() } else { String::new() };
        drop(last);
        if trips {
            self.trip(settings, count, seen, &reasons);
        }
    }

    /// What is held takes all the room there is, so no more can be seen: judges by what was.
    pub fn give_up(&self) {
        let Some(settings) = self.settings else { return };
        let mut last = self.lock();
        if last.tripped || !last.looks_broken(settings) {
            return;
        }
        last.tripped = true;
        let (seen, count, reasons) = (last.seen.len(), last.rejected, last.reasons());
        drop(last);
        self.trip(settings, count, seen, &reasons);
    }

    fn trip(&self, settings: Settings, rejected: usize, seen: usize, reasons: &str) {
        let why = format!(
            "{rejected} of the last {seen} records were rejected ({reasons}): has the feed changed its format, or is decode.* set wrongly? \
             they are not committed; look at the dead letters, if some were sent before it tripped, mend the cause, then start again: \
             a probe of {} records decides whether it goes on",
            settings.probe()
        );
        tracing::error!(
            why,
            "the circuit breaker trips; what is in flight is drained, then the service ends"
        );
        self.stop.stop(StopReason::CircuitBreaker(why));
    }

    /// The rejected ones among the last records as a share of a full window, and the share at which the service is
    /// stopped; `None` where it never is.
    pub fn share(&self) -> Option<(f64, f64)> {
        let settings = self.settings?;
        Some((self.lock().rejected as f64 / settings.window as f64, settings.ratio))
    }

    /// Notes whether it tripped before this start and no probe has passed since.
    pub fn tripped_before(&self, yes: bool) {
        self.before.store(yes, Ordering::Relaxed);
    }

    /// Whether it has tripped, here or before this start.
    pub fn is_tripped(&self) -> bool {
        self.before.load(Ordering::Relaxed) || self.lock().tripped
    }

    /// What may not be committed now.
    pub fn floors(&self, moment: Moment) -> Floors {
        let Some(settings) = self.settings else { return Floors::default() };
        let mut last = self.lock();
        let silent = last.seen.back().is_none_or(|(_, at)| at.elapsed() >= QUIET);
        let quiet = moment == Moment::Quiet && silent && !last.tripped;
        let settling = moment == Moment::Settling;
        if !last.held.is_empty() && (quiet || !last.looks_broken(settings)) {
            let (total, probe) = (last.total, settings.probe() as u64);
            let over = |held: &Held| settling || held.number + probe <= total || held.at.elapsed() >= HOLD;
            while last.held.front().is_some_and(over) {
                last.held.pop_front();
            }
        }
        let mut floors = Floors::default();
        for held in &last.held {
            let floor = floors.entry(held.partition.clone()).or_insert(held.offset);
            *floor = held.offset.min(*floor);
        }
        floors
    }

    fn lock(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Last {
    /// Why the last were rejected, the most frequent reason first: `empty_body 300, invalid_json 4`.
    fn reasons(&self) -> String {
        let count = |reason: &Reason| self.seen.iter().filter(|(why, _)| *why == Some(*reason)).count();
        let mut counts: Vec<_> = Reason::ALL.iter().map(|reason| (count(reason), reason.as_str())).collect();
        counts.retain(|(count, _)| *count > 0);
        counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let texts: Vec<_> = counts.iter().map(|(count, reason)| format!("{reason} {count}")).collect();
        texts.join(", ")
    }

    /// Whether the end of the window, taken by number or by time, would trip the breaker if all went on like it.
    fn looks_broken(&self, settings: Settings) -> bool {
        if self.tripped {
            return true;
        }
        let probe = settings.probe();
        let (mut seen, mut rejected) = (0, 0);
        let mut lately = (0, 0);
        for (was_rejected, at) in self.seen.iter().rev() {
            let recent = at.elapsed() < HOLD;
            if seen == probe && !recent {
                break;
            }
            if seen < probe {
                (seen, rejected) = (seen + 1, rejected + usize::from(was_rejected.is_some()));
            }
            if recent {
                lately = (lately.0 + 1, lately.1 + usize::from(was_rejected.is_some()));
            }
        }
        (seen == probe && settings.is_too_many(rejected, seen))
            || (lately.0 >= TELLING && settings.is_too_many(lately.1, lately.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: Settings = Settings { window: 100, ratio: 0.5 };

    fn at(offset: i64) -> Position {
        Position { topic: "t".into(), partition: 0, offset, timestamp: None }
    }

    fn run(outcomes: impl Iterator<Item = bool>) -> (Breaker, Stop) {
        let stop = Stop::default();
        let breaker = Breaker::new(Some(SETTINGS), stop.clone());
        for (offset, rejected) in (0..).zip(outcomes) {
            if rejected { breaker.rejected(&at(offset), Reason::EmptyBody) } else { breaker.passed() }
        }
        (breaker, stop)
    }

    fn breaks(outcomes: impl Iterator<Item = bool>) -> bool {
        run(outcomes).1.reason().is_some()
    }

    fn floor(breaker: &Breaker) -> Option<i64> {
        breaker.floors(Moment::Running).get(&("t".into(), 0)).copied()
    }

    #[test]
    fn breaks_at_half_and_not_before_the_window_is_full() {
        assert!(!breaks(std::iter::repeat_n(true, 99)), "broke before the window was full");
        assert!(breaks(std::iter::repeat_n(true, 100)));
        assert!(breaks((0..100).map(|i| i % 2 == 0)), "half of the window did not break it");
        assert!(!breaks((0..1000).map(|i| i % 5 == 0)), "a fifth broke it");
    }

    #[test]
    fn its_share_is_that_of_a_full_window() {
        assert_eq!(run((0..10).map(|_| true)).0.share(), Some((0.1, 0.5)), "ten of a hundred");
        assert_eq!(run((0..150).map(|i| i < 60)).0.share(), Some((0.1, 0.5)), "fifty were forgotten");
        assert_eq!(Breaker::new(None, Stop::default()).share(), None);
    }

    #[test]
    fn that_it_tripped_before_is_known_until_a_probe_passes() {
        let (breaker, _) = run((0..10).map(|_| true));
        assert!(!breaker.is_tripped(), "ten of a hundred");
        breaker.tripped_before(true);
        assert!(breaker.is_tripped());
        breaker.tripped_before(false);
        assert!(!breaker.is_tripped());
    }

    #[test]
    fn old_records_are_forgotten() {
        assert!(!breaks((0..1000).map(|i| i < 40 || i == 500)));
        assert!(breaks((0..1000).map(|i| i >= 900)));
    }

    #[test]
    fn what_broke_is_never_committed() {
        // A healthy feed whose records are all rejected from offset 500 on.
        let (breaker, stop) = run((0..560).map(|i| i >= 500));
        assert!(stop.reason().is_some() && breaker.is_tripped(), "half of the window was rejected");
        assert_eq!(floor(&breaker), Some(500), "the first that was rejected is held");
        assert_eq!(breaker.floors(Moment::Settling).len(), 1, "also when the service ends");
    }

    #[test]
    fn a_dead_letter_now_and_then_is_held_until_others_follow() {
        let (breaker, _) = run((0..53).map(|i| i == 45));
        assert_eq!(floor(&breaker), Some(45), "only 7 records followed");
        let (breaker, _) = run((0..60).map(|i| i == 45));
        assert_eq!(floor(&breaker), None, "enough records followed");
        let (breaker, _) = run((0..53).map(|i| i == 45));
        assert!(breaker.floors(Moment::Settling).is_empty(), "at the end nothing else will follow");
    }

    #[test]
    fn a_quiet_feed_lets_go_of_what_it_held() {
        // Half of the last were rejected, but too few were seen to judge.
        let (breaker, stop) = run((0..20).map(|i| i % 2 == 0));
        assert!(floor(&breaker).is_some(), "nothing is held");
        let mut last = breaker.lock();
        last.seen.iter_mut().for_each(|(_, at)| *at -= QUIET);
        last.held.iter_mut().for_each(|held| held.at -= QUIET);
        drop(last);
        assert!(floor(&breaker).is_some(), "it is not known that there is nothing more");
        assert!(breaker.floors(Moment::Quiet).is_empty(), "the feed is quiet");
        assert_eq!(stop.reason(), None);
    }

    #[test]
    fn what_is_held_and_leaves_no_room_is_judged_as_it_is() {
        let (breaker, stop) = run((0..20).map(|_| true));
        breaker.give_up();
        let Some(StopReason::CircuitBreaker(why)) = stop.reason() else { panic!("it goes on") };
        assert!(why.starts_with("20 of the last 20 records were rejected"), "{why}");
        assert_eq!(floor(&breaker), Some(0), "what tripped it must not be committed");
    }
}
