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
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    offset: i64,
    done: bool,
}

impl Tracker {
    /// Admits an offset. Returns `false`, changing nothing, when it does not lie above every offset
    /// admitted before: a repeat that the caller must not process twice.
    pub fn admit(&mut self, offset: i64) -> bool {
        if self.next.is_some_and(|next| offset < next) {
            return false;
        }
        self.slots.push_back(Slot { offset, done: false });
        self.incomplete += 1;
        self.next = Some(offset + 1);
        true
    }

    /// Completes an offset. Returns `false` when it is not in flight (unknown, or complete already).
    pub fn complete(&mut self, offset: i64) -> bool {
        let Ok(index) = self.slots.binary_search_by_key(&offset, |slot| slot.offset) else { return false };
        let Some(slot) = self.slots.get_mut(index).filter(|slot| !slot.done) else { return false };
        slot.done = true;
        self.incomplete -= 1;
        while self.slots.front().is_some_and(|slot| slot.done) {
            self.slots.pop_front();
        }
        true
    }

    /// The offset to commit: the lowest one not complete, else the one after the last admitted;
    /// `None` while nothing was admitted.
    pub fn watermark(&self) -> Option<i64> {
        self.slots.front().map(|slot| slot.offset).or(self.next)
    }

    /// The offset after the last one admitted.
    pub fn next(&self) -> Option<i64> {
        self.next
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
            assert!(tracker.admit(offset));
        }
        assert!(tracker.complete(6));
        assert!(tracker.complete(9));
        assert_eq!((tracker.watermark(), tracker.in_flight(), tracker.held()), (Some(5), 1, 3));
        assert!(tracker.complete(5));
        assert_eq!((tracker.watermark(), tracker.in_flight(), tracker.held()), (Some(10), 0, 0));
    }

    #[test]
    fn repeats_are_refused() {
        let mut tracker = Tracker::default();
        assert!(tracker.admit(3));
        assert!(!tracker.admit(3));
        assert!(!tracker.admit(2));
        assert!(tracker.complete(3));
        assert!(!tracker.complete(3));
        assert!(!tracker.complete(77));
    }

    proptest! {
        /// Against a naive model: whatever the interleaving, the watermark never passes an incomplete
        /// offset and never falls.
        #[test]
        fn agrees_with_a_set(steps in proptest::collection::vec((any::<bool>(), 0usize..64, 1i64..4), 1..400)) {
            let mut tracker = Tracker::default();
            let (mut open, mut next, mut last) = (BTreeSet::new(), None::<i64>, i64::MIN);
            for (admit, pick, gap) in steps {
                if admit || open.is_empty() {
                    let offset = next.map_or(gap, |n| n + gap - 1);
                    prop_assert!(tracker.admit(offset));
                    open.insert(offset);
                    next = Some(offset + 1);
                } else {
                    let offset = *open.iter().nth(pick % open.len()).expect("not empty");
                    prop_assert!(tracker.complete(offset));
                    open.remove(&offset);
                }
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
