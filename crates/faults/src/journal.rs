//! What happened when: the group's committed offsets, who owned what, and whatever may excuse a repeat.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::check::Excuse;

/// How much older than an event a look at the owned partitions may be to count: they may have changed since.
const OWNED_MS: i64 = 5_000;
/// The same for what others own.
const OTHERS_MS: i64 = 1_000;
/// After this long an offset that went back is not one that the next commit puts right.
const RIGHTED_MS: i64 = 10_000;
/// How long after an outage somebody may first learn of what it did.
const LEARNT_MS: i64 = 20_000;
/// How long what was sent before may still be under way once everything is well.
const UNDER_WAY_MS: i64 = 5_000;

/// Milliseconds since the epoch.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(0)
}

/// Committed offsets at one moment.
#[derive(Debug, Clone)]
pub struct Sample {
    /// When they were asked for.
    pub asked_ms: i64,
    /// When the answer came.
    pub answered_ms: i64,
    /// By partition.
    pub committed: Vec<Option<i64>>,
}

/// Something after which records may come again: an instance was killed, was frozen beyond its session, lost
/// partitions, or gave up on what it had in flight.
#[derive(Debug, Clone)]
pub struct Event {
    /// In words.
    pub what: String,
    /// When it began.
    pub from_ms: i64,
    /// When it was over.
    pub to_ms: i64,
    /// What the instance may have owned.
    pub partitions: Vec<usize>,
}

/// Everything that is noted while the suite runs.
#[derive(Debug, Default)]
pub struct Notes {
    /// Committed offsets, by time.
    pub samples: Vec<Sample>,
    /// What may excuse repeats.
    pub events: Vec<Event>,
    /// When brokers or links did not work: from, to.
    pub outages: Vec<(i64, i64)>,
    /// Committed offsets that went back and stayed there.
    pub rewound: Vec<String>,
    /// Committed offsets that went back and were right again by the next commit: a commit that was held up on its way
    /// was taken after a newer one. Brokers do not tell them apart, and until the next one a crash would have
    /// records come again from there.
    pub overtaken: Vec<String>,
    /// Those that went back and are not right again: partition, where they were, since when, in words.
    back: Vec<(usize, i64, i64, String)>,
    /// Scrapes that were answered.
    pub scrapes: u64,
    /// Scrapes at which the books did not balance.
    pub unbalanced: Vec<String>,
    /// Instances that ended by themselves.
    pub exits: Vec<String>,
    /// Offsets that instances counted as removed by retention.
    pub expired: u64,
    /// Records that instances counted as dropped on purpose.
    pub dropped: u64,
    /// The latest looks at what instances own: instance, time, partitions.
    owned: Vec<(usize, i64, BTreeSet<usize>)>,
}

/// The notes, shared by all threads.
#[derive(Debug, Default)]
pub struct Journal(Mutex<Notes>);

impl Journal {
    /// The notes.
    pub fn lock(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Notes {
    /// An instance was seen to own these.
    pub fn owns(&mut self, instance: usize, at_ms: i64, partitions: BTreeSet<usize>) {
        self.owned.retain(|(_, seen, _)| *seen > at_ms - 12 * OWNED_MS);
        self.owned.push((instance, at_ms, partitions));
    }

    /// What an instance may have owned between two moments: what it was seen to own, and what nobody was.
    pub fn may_own(&self, instance: usize, from_ms: i64, to_ms: i64) -> Vec<usize> {
        let count = self.samples.last().map_or(0, |sample| sample.committed.len());
        let near = self.owned.iter().filter(|(_, at, _)| (from_ms - OWNED_MS..=to_ms).contains(at));
        let (mine, mut others): (Vec<_>, Vec<_>) = near.partition(|(owner, ..)| *owner == instance);
        // What somebody else owned before may have come to it since.
        others.retain(|(_, at, _)| *at >= from_ms - OTHERS_MS);
        let seen =
            |looks: &[&(usize, i64, BTreeSet<usize>)], p: &usize| looks.iter().any(|l| l.2.contains(p));
        (0..count).filter(|p| seen(&mine, p) || !seen(&others, p)).collect()
    }

    /// What an instance was last seen to own.
    pub fn owned_by(&self, instance: usize) -> BTreeSet<usize> {
        let mut looks = self.owned.iter().rev().filter(|(owner, ..)| *owner == instance);
        looks.next().map(|(_, _, partitions)| partitions.clone()).unwrap_or_default()
    }

    /// Notes committed offsets, and whether any of them went back.
    pub fn committed(&mut self, sample: Sample) {
        // A coordinator that is just back has been seen to say for seconds that a group has no offsets, and then
        // to correct itself. Whoever believes it shows by repeats.
        let forgot =
            |last: &Sample| last.committed.iter().zip(&sample.committed).any(|(a, b)| a > b && b.is_none());
        if self.samples.last().is_some_and(forgot) {
            return;
        }
        if let Some(last) = self.samples.last() {
            let back = last.committed.iter().zip(&sample.committed).enumerate();
            for (partition, (before, now)) in back.filter_map(|(p, (b, n))| Some((p, ((*b)?, (*n)?)))) {
                if before > now {
                    let at = sample.answered_ms;
                    let words = format!(
                        "the committed offset of partition {partition} went back from {before} to {now} at {at}"
                    );
                    self.back.push((partition, before, at, words));
                }
            }
        }
        for (partition, before, since, words) in std::mem::take(&mut self.back) {
            let now = sample.committed.get(partition).copied().flatten();
            if now >= Some(before) {
                self.overtaken
                    .push(format!("{words}, and was right again after {} ms", sample.answered_ms - since));
            } else if sample.answered_ms - since > RIGHTED_MS {
                self.rewound.push(words);
            } else {
                self.back.push((partition, before, since, words));
            }
        }
        self.samples.push(sample);
    }

    /// Nothing more is noted: what is not right again stays wrong.
    pub fn end(&mut self) {
        let left = std::mem::take(&mut self.back);
        self.rewound.extend(left.into_iter().map(|(.., words)| words));
    }

    /// The highest committed offset that was ever seen of a partition.
    pub fn highest(&self, partition: usize) -> Option<i64> {
        self.samples.iter().filter_map(|sample| *sample.committed.get(partition)?).max()
    }

    /// The committed offset of a partition as it was known at a moment; it was never lower since.
    fn floor(&self, partition: usize, at_ms: i64) -> i64 {
        let known = self.samples.partition_point(|sample| sample.answered_ms <= at_ms);
        let mut before = self.samples[..known].iter().rev();
        before.find_map(|sample| *sample.committed.get(partition)?).unwrap_or(0)
    }

    /// The events as excuses. While brokers or links do not work, what instances learn comes late, and what
    /// they send arrives late: an event that an outage touches lasts from its begin until after its end.
    pub fn excuses(&self) -> Vec<Excuse> {
        let partitions = self.samples.last().map_or(0, |sample| sample.committed.len());
        self.events
            .iter()
            .map(|event| {
                let (mut from_ms, mut to_ms) = (event.from_ms, event.to_ms);
                for (began, ended) in &self.outages {
                    if *began <= event.to_ms && *ended + LEARNT_MS >= event.from_ms {
                        from_ms = from_ms.min(*began);
                        to_ms = to_ms.max(*ended);
                    }
                }
                let mut floors = vec![None; partitions];
                for partition in &event.partitions {
                    if let Some(floor) = floors.get_mut(*partition) {
                        *floor = Some(self.floor(*partition, from_ms));
                    }
                }
                Excuse { from_ms, to_ms: to_ms + UNDER_WAY_MS, floors }
            })
            .collect()
    }

    /// Whether commits have moved since a moment: in all of `partitions`, or in any.
    pub fn recovered(&self, since_ms: i64, partitions: Option<&BTreeSet<usize>>) -> bool {
        match partitions {
            Some(all) => all.iter().all(|p| self.recovery(since_ms, Some(&BTreeSet::from([*p]))).is_some()),
            None => self.recovery(since_ms, None).is_some(),
        }
    }

    /// Milliseconds from a moment until commits move again: in each of `partitions` that moves at all later, or
    /// in any. `None` when nothing moves.
    pub fn recovery(&self, since_ms: i64, partitions: Option<&BTreeSet<usize>>) -> Option<i64> {
        // Commits on their way at that moment are not yet a recovery.
        let first = self.samples.partition_point(|sample| sample.asked_ms < since_ms);
        let (base, later) = self.samples[first..].split_first()?;
        let moved = |partition: usize| {
            let before = base.committed.get(partition).copied().flatten();
            let sample = later.iter().find(|s| s.committed.get(partition).copied().flatten() > before)?;
            Some(sample.answered_ms - since_ms)
        };
        match partitions {
            Some(all) => all.iter().filter_map(|p| moved(*p)).max(),
            None => (0..base.committed.len()).filter_map(moved).min(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(committed: &[(i64, i64)]) -> Notes {
        let mut notes = Notes::default();
        for (at, offset) in committed {
            notes.committed(Sample { asked_ms: *at, answered_ms: *at + 1, committed: vec![Some(*offset)] });
        }
        notes
    }

    #[test]
    fn an_event_begins_with_the_outage_that_caused_it() {
        let mut notes = notes(&[(0, 5), (1_000, 7), (9_000, 9)]);
        notes.outages.push((500, 8_000));
        let event = |from_ms| Event { what: String::new(), from_ms, to_ms: from_ms, partitions: vec![0] };
        notes.events = vec![event(10_000), event(60_000)];
        let excuses = notes.excuses();
        assert_eq!((excuses[0].from_ms, excuses[0].floors[0]), (500, Some(5)));
        assert_eq!((excuses[1].from_ms, excuses[1].floors[0]), (60_000, Some(9)));
    }

    #[test]
    fn a_recovery_is_the_first_commit_that_moves() {
        let notes = notes(&[(0, 5), (1_000, 5), (2_000, 6), (3_000, 6), (4_000, 8)]);
        assert_eq!(notes.recovery(500, None), Some(1_501));
        assert_eq!(notes.recovery(2_500, Some(&BTreeSet::from([0]))), Some(1_501));
        assert_eq!(notes.recovery(5_000, None), None);
    }

    #[test]
    fn a_committed_offset_that_goes_back_is_seen() {
        let ended = |samples| {
            let mut notes = notes(samples);
            notes.end();
            (notes.rewound.len(), notes.overtaken.len())
        };
        assert_eq!(ended(&[(0, 5), (1, 4)]), (1, 0), "it ends there");
        assert_eq!(ended(&[(0, 5), (1, 4), (500, 4), (1_000, 6)]), (0, 1), "the next commit mends it");
        assert_eq!(ended(&[(0, 5), (1, 4), (20_000, 4), (21_000, 6)]), (1, 0), "it stays too long");
    }

    #[test]
    fn what_nobody_is_seen_to_own_may_be_anybodys() {
        let mut notes = Notes::default();
        notes.committed(Sample { asked_ms: 0, answered_ms: 0, committed: vec![None; 3] });
        notes.owns(0, 10, BTreeSet::from([0]));
        notes.owns(1, 11, BTreeSet::from([1]));
        assert_eq!(notes.may_own(0, 20, 20), [0, 2]);
        assert_eq!(notes.may_own(1, 20, 20), [1, 2]);
    }
}
