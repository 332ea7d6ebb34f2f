//! The low watermark of one partition: pure bookkeeping, no clock, no locks.
//!
//! Offsets are admitted in rising order (gaps are normal: compaction, control records) and complete
//! in any order. The watermark is the lowest offset not yet complete: what may be committed.

use std::collections::VecDeque;

/// Offsets in flight of one partition.
#[derive(Debug, Clone, Default)]
pub struct Tracker {
    /// Admitted offsets from the lowest incomplete one on, in rising order.
    slots: VecDeque<Slot>,
    /// How many of them are not complete.
    incomplete: usize,
    /// The offset after the last one admitted; `None` before the first.
    next: Option<i64>,
    /// The last offset admitted.
    last: Option<i64>,
    /// How those below the watermark ended.
    passed: Passed,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    offset: i64,
    /// Its Kafka timestamp in milliseconds, where it has one.
    timestamp: Option<i64>,
    ended: Option<Kind>,
}

/// How an offset ended, as far as a tracker cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In the output topic.
    Published,
    /// In the dead-letter topic.
    DeadLettered,
    /// Dropped on purpose.
    Dropped,
}

/// How many offsets below the watermark ended in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Passed {
    /// In the output topic.
    pub published: u64,
    /// In the dead-letter topic.
    pub dead_lettered: u64,
    /// Dropped on purpose.
    pub dropped: u64,
}

impl Passed {
    /// All of them.
    pub fn records(&self) -> u64 {
        self.published + self.dead_lettered + self.dropped
    }

    fn count(&mut self, kind: Kind) {
        match kind {
            Kind::Published => self.published += 1,
            Kind::DeadLettered => self.dead_lettered += 1,
            Kind::Dropped => self.dropped += 1,
        }
    }
}

impl std::ops::Add for Passed {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            published: self.published + other.published,
            dead_lettered: self.dead_lettered + other.dead_lettered,
            dropped: self.dropped + other.dropped,
        }
    }
}

impl Tracker {
    /// A tracker of a partition that is done below `next`, where that is known.
    pub fn starting_at(next: Option<i64>) -> Self {
        Self { next, ..Self::default() }
    }

    /// Admits an offset. Returns `false`, changing nothing, when it does not lie above every offset
    /// admitted before: a repeat that the caller must not process twice.
    pub fn admit(&mut self, offset: i64, timestamp: Option<i64>) -> bool {
        if self.next.is_some_and(|next| offset < next) {
            return false;
        }
        self.slots.push_back(Slot { offset, timestamp, ended: None });
        self.incomplete += 1;
        (self.next, self.last) = (Some(offset + 1), Some(offset));
        true
    }

    /// Completes an offset. Returns `false` when it is not in flight (unknown, or complete already).
    pub fn complete(&mut self, offset: i64, kind: Kind) -> bool {
        let Ok(index) = self.slots.binary_search_by_key(&offset, |slot| slot.offset) else { return false };
        let Some(slot) = self.slots.get_mut(index).filter(|slot| slot.ended.is_none()) else {
            return false;
        };
        slot.ended = Some(kind);
        self.incomplete -= 1;
        while let Some(kind) = self.slots.front().and_then(|slot| slot.ended) {
            self.passed.count(kind);
            self.slots.pop_front();
        }
        true
    }

    /// The offset to commit: the lowest one not complete, else the one after the last admitted;
    /// `None` while nothing was admitted.
    pub fn watermark(&self) -> Option<i64> {
        self.slots.front().map(|slot| slot.offset).or(self.next)
    }

    /// The Kafka timestamp of the lowest offset not complete, in milliseconds.
    pub fn oldest(&self) -> Option<i64> {
        self.slots.front()?.timestamp
    }

    /// The offset after the last one admitted.
    pub fn next(&self) -> Option<i64> {
        self.next
    }

    /// The last offset admitted.
    pub fn last(&self) -> Option<i64> {
        self.last
    }

    /// How those below the watermark ended.
    pub fn passed(&self) -> Passed {
        self.passed
    }

    /// Offsets that are not complete.
    pub fn in_flight(&self) -> usize {
        self.incomplete
    }

    /// Offsets held, complete ones above the watermark included: what a crash now would repeat at most.
    pub fn held(&self) -> usize {
        self.slots.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn watermark_waits_for_the_slowest() {
        let mut tracker = Tracker::default();
        assert_eq!(tracker.watermark(), None);
        for offset in [5, 6, 9] {
            assert!(tracker.admit(offset, None));
        }
        assert!(tracker.complete(6, Kind::Published));
        assert!(tracker.complete(9, Kind::Published));
        assert_eq!((tracker.watermark(), tracker.in_flight(), tracker.held()), (Some(5), 1, 3));
        assert!(tracker.complete(5, Kind::Published));
        assert_eq!((tracker.watermark(), tracker.in_flight(), tracker.held()), (Some(10), 0, 0));
    }

    #[test]
    fn repeats_are_refused() {
        let mut tracker = Tracker::default();
        assert!(tracker.admit(3, None));
        assert!(!tracker.admit(3, None));
        assert!(!tracker.admit(2, None));
        assert!(tracker.complete(3, Kind::Published));
        assert!(!tracker.complete(3, Kind::Published));
        assert!(!tracker.complete(77, Kind::Published));
    }

    proptest! {
        /// Against a naive model: whatever the interleaving, the watermark never passes an incomplete
        /// offset and never falls.
        #[test]
        fn agrees_with_a_set(steps in proptest::collection::vec((any::<bool>(), 0usize..64, 1i64..4), 1..400)) {
            let mut tracker = Tracker::default();
            let mut admitted = 0;
            let (mut open, mut next, mut last) = (BTreeSet::new(), None::<i64>, i64::MIN);
            for (admit, pick, gap) in steps {
                if admit || open.is_empty() {
                    let offset = next.map_or(gap, |n| n + gap - 1);
                    prop_assert!(tracker.admit(offset, None));
                    admitted += 1;
                    open.insert(offset);
                    next = Some(offset + 1);
                } else {
                    let offset = *open.iter().nth(pick % open.len()).expect("not empty");
                    prop_assert!(tracker.complete(offset, Kind::Published));
                    open.remove(&offset);
                }
                prop_assert_eq!(tracker.held() as u64 + tracker.passed().records(), admitted);
                let expected = open.first().copied().or(next);
                prop_assert_eq!(tracker.watermark(), expected);
                prop_assert_eq!(tracker.in_flight(), open.len());
                let mark = expected.unwrap_or(i64::MIN);
                prop_assert!(mark >= last, "the watermark fell from {} to {}", last, mark);
                last = mark;
            }
        }
    }
}
