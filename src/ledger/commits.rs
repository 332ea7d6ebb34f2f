//! What is to be committed, and what is.

use std::sync::Arc;

use super::{Ledger, Offsets, Slot};

impl Ledger {
    /// Offsets to commit: watermarks of `slots` above what is committed, and not above what `floor` says of a
    /// partition, where it says something.
    pub fn to_commit(&self, slots: &[Slot], floor: impl Fn(&str, i32) -> Option<i64>) -> Offsets {
        let mut book = self.lock();
        let mut due = Vec::new();
        for slot in slots {
            let Some(owned) = book.owned(*slot) else { continue };
            let Some(mark) = owned.tracker.watermark() else { continue };
            let mark = floor(&owned.topic, owned.partition).map_or(mark, |floor| mark.min(floor));
            if owned.committed.is_none_or(|committed| mark > committed) {
                owned.asked = owned.asked.max(Some(mark));
                due.push((Arc::clone(&owned.topic), owned.partition, mark));
            }
        }
        due
    }

    /// Where `slots` stand: at their watermark, or where they were committed, or at the `floor` if that is lower.
    pub fn standing(&self, slots: &[Slot], floor: impl Fn(&str, i32) -> Option<i64>) -> Offsets {
        let mut book = self.lock();
        let mut standing = Offsets::new();
        for slot in slots {
            let Some(owned) = book.owned(*slot) else { continue };
            let floor = floor(&owned.topic, owned.partition);
            let Some(mark) = owned.position().into_iter().chain(floor).min() else { continue };
            standing.push((Arc::clone(&owned.topic), owned.partition, mark));
        }
        standing
    }

    /// Notes what the group coordinator acknowledged. An offset above the watermark is not ours: it is of the
    /// log that was there before the topic was made anew.
    pub fn committed(&self, topic: &str, partition: i32, offset: i64) {
        let mut ours = false;
        self.with(topic, partition, |owned| {
            ours = owned.tracker.watermark().is_some_and(|mark| offset <= mark);
            if ours {
                owned.committed = owned.committed.max(Some(offset));
            }
        });
        if ours {
            self.has_reached(topic, partition, offset);
        }
    }

    /// Notes what a client's statistics say of a commit. They may be older than the partition's last assignment, so
    /// only what was to be committed since is believed.
    pub fn heard_committed(&self, topic: &str, partition: i32, offset: i64) {
        let mut ours = false;
        self.with(topic, partition, |owned| ours = owned.asked.is_some_and(|asked| offset <= asked));
        if ours {
            self.committed(topic, partition, offset);
        }
    }

    /// Whether all of these are committed, as far as their partitions are still ours.
    pub fn are_committed(&self, offsets: &Offsets) -> bool {
        let mut done = true;
        for (topic, partition, offset) in offsets {
            self.with(topic, *partition, |owned| done &= owned.committed >= Some(*offset));
        }
        done
    }

    /// How far a partition was committed when we last knew, even if it is not ours now: what the group's
    /// coordinator says later should not be less.
    pub fn reached(&self, topic: &str, partition: i32) -> Option<i64> {
        self.lock().reached.get(&(Arc::from(topic), partition)).copied()
    }

    /// Takes over what the group's coordinator has answered, be it less than what we knew.
    pub fn believe(&self, topic: &str, partition: i32, committed: Option<i64>) {
        let name = (Arc::from(topic), partition);
        let mut book = self.lock();
        match committed {
            Some(offset) => book.reached.insert(name, offset),
            None => book.reached.remove(&name),
        };
    }

    /// Notes that a partition of ours was committed up to `offset`.
    pub(super) fn has_reached(&self, topic: &str, partition: i32, offset: i64) {
        let mut book = self.lock();
        let reached = book.reached.entry((Arc::from(topic), partition)).or_insert(offset);
        *reached = offset.max(*reached);
    }
}
