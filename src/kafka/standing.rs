//! Where the group stands, as this instance knows it: what shows that somebody else had a partition meanwhile.
//!
//! The brokers refuse the offsets of a member that they have expelled. But one that was expelled and is in the
//! group again with a new membership, before the client has said that the assignment was lost, would have its
//! offsets taken although another member read and committed the same records meanwhile. And brokers look at the
//! membership alone, not at who was assigned what: until the rebalance that takes the partition from one of the two is
//! through, both may commit. So whoever has not committed a partition just now asks, before it does, whether the group
//! still stands where it was left.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rustc_hash::FxHashMap;

use crate::ledger::Offsets;

/// For how long after it sent offsets nobody can have been expelled and somebody else have committed: brokers wait
/// longer for a member that they do not hear.
const TRUSTED: Duration = Duration::from_secs(2);

/// A moment on two clocks: one that nobody sets, and one that goes on while the machine is suspended.
#[derive(Debug, Clone, Copy)]
pub struct Moment(Instant, SystemTime);

impl Moment {
    /// Now.
    pub fn now() -> Self {
        Self(Instant::now(), SystemTime::now())
    }

    fn is_recent(self) -> bool {
        self.0.elapsed() < TRUSTED && self.1.elapsed().is_ok_and(|elapsed| elapsed < TRUSTED)
    }
}

/// The group's committed offsets as last known, of the partitions that are or were ours.
#[derive(Debug, Default)]
pub struct Standing(Mutex<FxHashMap<(Arc<str>, i32), Known>>);

#[derive(Debug, Clone, Copy)]
struct Known {
    /// `None` when nothing was committed.
    offset: Option<i64>,
    /// When we began to commit it ourselves.
    ours: Option<Moment>,
}

/// What an answer says of a partition, beside what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The group stands where it was left, or nothing is known of it.
    Unmoved,
    /// It stands where we would have put it.
    Ours,
    /// Somebody else put it further.
    Passed,
    /// It lies before what is known: a coordinator that has just come back has been seen to forget for a while.
    Forgotten,
}

impl Standing {
    /// Where the group stood when a partition became ours.
    pub fn begun(&self, topic: &str, partition: i32, committed: Option<i64>) {
        self.lock().insert((topic.into(), partition), Known { offset: committed, ours: None });
    }

    /// These offsets are committed by us; we began to at `since`.
    pub fn moved(&self, to: &Offsets, since: Moment) {
        let mut known = self.lock();
        for (topic, partition, offset) in to {
            let moved = Known { offset: Some(*offset), ours: Some(since) };
            known.insert((Arc::clone(topic), *partition), moved);
        }
    }

    /// Whether it has to be asked before these are committed.
    pub fn is_old(&self, due: &Offsets) -> bool {
        let known = self.lock();
        due.iter().any(|(topic, partition, _)| {
            let known = known.get(&(Arc::clone(topic), *partition));
            !known.and_then(|known| known.ours).is_some_and(Moment::is_recent)
        })
    }

    /// What it means that the group has committed `now` of a partition of which we want to commit `due`, or wanted to.
    pub fn judge(&self, topic: &Arc<str>, partition: i32, now: Option<i64>, due: i64) -> Answer {
        let Some(known) = self.lock().get(&(Arc::clone(topic), partition)).copied() else {
            return if now == Some(due) { Answer::Ours } else { Answer::Unmoved };
        };
        match now {
            _ if now == known.offset => Answer::Unmoved,
            Some(now) if now == due => Answer::Ours,
            _ if now < known.offset => Answer::Forgotten,
            _ => Answer::Passed,
        }
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<(Arc<str>, i32), Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_judged_by_what_is_known() {
        let standing = Standing::default();
        let topic = Arc::<str>::from("t");
        let judge = |partition, now, due| standing.judge(&topic, partition, now, due);
        standing.begun("t", 0, Some(10));
        standing.begun("t", 1, None);
        assert_eq!(judge(0, Some(10), 20), Answer::Unmoved);
        assert_eq!(judge(0, Some(20), 20), Answer::Ours);
        assert_eq!(judge(0, Some(15), 20), Answer::Passed);
        assert_eq!(judge(0, Some(25), 20), Answer::Passed);
        assert_eq!(judge(0, Some(3), 20), Answer::Forgotten);
        assert_eq!(judge(0, None, 20), Answer::Forgotten);
        assert_eq!(judge(1, None, 5), Answer::Unmoved);
        assert_eq!(judge(1, Some(4), 5), Answer::Passed);
        assert_eq!(judge(7, Some(4), 5), Answer::Unmoved, "nothing is known of it");
    }

    #[test]
    fn a_partition_that_was_just_committed_need_not_be_asked_for() {
        let standing = Standing::default();
        let due = |partition| vec![(Arc::<str>::from("t"), partition, 20)];
        standing.begun("t", 0, Some(10));
        assert!(standing.is_old(&due(0)), "it was never committed by us");
        standing.moved(&due(0), Moment::now());
        assert!(!standing.is_old(&due(0)));
        standing.begun("t", 0, Some(20));
        assert!(standing.is_old(&due(0)), "somebody else may have had it");
    }
}
