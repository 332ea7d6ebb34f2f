//! Where the group stands, as this instance knows it: what shows that somebody else had a partition meanwhile.
//!
//! The brokers refuse the offsets of a member that they have expelled. But one that was expelled and is in the
//! group again with a new membership, before the client has said that the assignment was lost, would have its
//! offsets taken although another member read and committed the same records meanwhile. So whoever has not
//! committed for a while asks, before it does, whether the group still stands where it was left.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use crate::ledger::Offsets;

/// The group's committed offsets as last known, of the partitions that are or were ours; `None` for one of which
/// nothing was committed.
#[derive(Debug, Default)]
pub struct Standing(Mutex<Known>);

type Known = FxHashMap<(Arc<str>, i32), Option<i64>>;

impl Standing {
    /// Where the group stood when a partition became ours.
    pub fn begun(&self, topic: &str, partition: i32, committed: Option<i64>) {
        self.lock().insert((topic.into(), partition), committed);
    }

    /// These offsets are committed, by us or by what is left of us.
    pub fn moved(&self, to: &Offsets) {
        let mut known = self.lock();
        for (topic, partition, offset) in to {
            known.insert((Arc::clone(topic), *partition), Some(*offset));
        }
    }

    /// Those of the offsets that the group has `now` which lie behind what is known of it: somebody else
    /// committed them. One that lies before it is not: a topic that was made anew begins again, and coordinators
    /// that have just come back have been seen to forget for a while.
    pub fn passed(&self, now: &Offsets) -> Offsets {
        let known = self.lock();
        let passed = |(topic, partition, offset): &&(Arc<str>, i32, i64)| {
            known.get(&(Arc::clone(topic), *partition)).is_some_and(|known| *known < Some(*offset))
        };
        now.iter().filter(passed).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_behind_what_is_known_was_committed_by_others() {
        let standing = Standing::default();
        let at = |partition, offset| (Arc::<str>::from("t"), partition, offset);
        standing.begun("t", 0, Some(10));
        standing.begun("t", 1, None);
        standing.begun("t", 2, Some(1000));
        let passed = standing.passed(&vec![at(0, 10), at(1, 5), at(2, 3), at(3, 7)]);
        assert_eq!(passed, [at(1, 5)], "nothing was committed of 1; 2 was made anew; nothing is known of 3");
        standing.moved(&vec![at(0, 20), at(1, 5)]);
        assert_eq!(standing.passed(&vec![at(0, 20), at(1, 5)]), []);
        assert_eq!(standing.passed(&vec![at(0, 21), at(1, 5)]), [at(0, 21)]);
    }
}
