//! The circuit breaker: a broken deployment must not empty a topic into the dead letters.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::shutdown::{Stop, StopReason};

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

/// Watches the last records; stops the service when too many were rejected.
#[derive(Debug)]
pub struct Breaker {
    settings: Option<Settings>,
    stop: Stop,
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    rejected: VecDeque<bool>,
    count: usize,
}

impl Breaker {
    /// A breaker that stops the service through `stop`; without settings it only watches.
    pub fn new(settings: Option<Settings>, stop: Stop) -> Self {
        Self { settings, stop, last: Mutex::default() }
    }

    /// Notes what became of one record.
    pub fn note(&self, rejected: bool) {
        let Some(Settings { window, ratio }) = self.settings.filter(|s| s.window > 0) else { return };
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        last.rejected.push_back(rejected);
        last.count += usize::from(rejected);
        if last.rejected.len() > window && last.rejected.pop_front() == Some(true) {
            last.count -= 1;
        }
        let (seen, count) = (last.rejected.len(), last.count);
        drop(last);
        if seen >= window && count as f64 >= ratio * seen as f64 {
            self.stop.stop(StopReason::CircuitBreaker(format!(
                "{count} of the last {seen} records were rejected: has the feed changed its format, or is decode.* set wrongly? \
                 nothing further is committed; look at the dead letters, then start again"
            )));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(outcomes: impl Iterator<Item = bool>) -> bool {
        let stop = Stop::default();
        let breaker = Breaker::new(Some(Settings { window: 10, ratio: 0.5 }), stop.clone());
        outcomes.for_each(|rejected| breaker.note(rejected));
        stop.reason().is_some()
    }

    #[test]
    fn breaks_at_half_and_not_before_the_window_is_full() {
        assert!(!run(std::iter::repeat_n(true, 9)), "broke before the window was full");
        assert!(run(std::iter::repeat_n(true, 10)));
        assert!(run((0..10).map(|i| i % 2 == 0)), "half of the window did not break it");
        assert!(!run((0..100).map(|i| i % 5 == 0)), "a fifth broke it");
    }

    #[test]
    fn old_records_are_forgotten() {
        assert!(!run((0..100).map(|i| i < 4 || i == 50)));
        assert!(run((0..100).map(|i| i >= 90)));
    }
}
