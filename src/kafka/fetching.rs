//! How far partitions are fetched, as librdkafka's statistics say once a second.

use rustc_hash::FxHashMap;

/// What is known of one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetched {
    /// The offset that is fetched next.
    pub next: i64,
    /// The end that can be read: the last stable offset.
    pub end: i64,
    /// The end that is written: behind `end` lies what open transactions hold back.
    pub written: i64,
}

/// What is known of all partitions.
#[derive(Debug, Default)]
pub struct Fetching(FxHashMap<(String, i32), Fetched>);

impl Fetching {
    pub(super) fn observe(&mut self, topic: &str, partition: i32, next: i64, end: i64, written: i64) {
        self.0.insert((topic.to_owned(), partition), Fetched { next, end, written });
    }

    /// The partition is not ours any more, or begins anew.
    pub(super) fn forget(&mut self, topic: &str, partition: i32) {
        self.0.remove(&(topic.to_owned(), partition));
    }

    /// What was last said of a partition.
    pub fn of(&self, topic: &str, partition: i32) -> Option<Fetched> {
        self.0.get(&(topic.to_owned(), partition)).copied()
    }
}
