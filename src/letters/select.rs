//! Which letters are redriven, and what became of all that were read.
//!
//! Two passes: the first notes the latest letter of every record, the second gives each letter its
//! [`Verdict`].

use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::FxHashMap;

use super::Letter;
use super::filter::Filter;

/// What becomes of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It goes through again.
    Redrive,
    /// It is not meant.
    FilteredOut,
    /// Its record has a later letter.
    Superseded,
    /// It was tried as often as it may be.
    OverTheCap,
}

/// Chooses letters.
#[derive(Debug)]
pub struct Selector {
    filter: Filter,
    max_attempts: u64,
    latest: FxHashMap<u64, Rank>,
}

/// The order of the letters of one record: attempts, then time, then place.
type Rank = (u64, Option<i64>, i64, i32);

impl Selector {
    /// Letters that `filter` means and that were tried less often than `max_attempts`.
    pub fn new(filter: Filter, max_attempts: u64) -> Self {
        Self { filter, max_attempts, latest: FxHashMap::default() }
    }

    /// The first pass: every letter of the topic, in any order.
    pub fn note(&mut self, letter: &Letter) {
        let latest = self.latest.entry(source(letter)).or_insert_with(|| rank(letter));
        *latest = (*latest).max(rank(letter));
    }

    /// The second pass: what becomes of a letter.
    pub fn verdict(&self, letter: &Letter) -> Verdict {
        if !self.filter.matches(letter) {
            Verdict::FilteredOut
        } else if self.latest.get(&source(letter)).is_some_and(|latest| *latest > rank(letter)) {
            Verdict::Superseded
        } else if letter.attempts >= self.max_attempts {
            Verdict::OverTheCap
        } else {
            Verdict::Redrive
        }
    }
}

fn rank(letter: &Letter) -> Rank {
    (letter.attempts, letter.position.timestamp, letter.position.offset, letter.position.partition)
}

/// Stands for the source position of a letter's record.
pub(super) fn source(letter: &Letter) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&letter.source.topic, letter.source.partition, letter.source.offset).hash(&mut hasher);
    hasher.finish()
}

/// What became of all letters that were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records read from the dead-letter topic.
    pub read: u64,
    /// Published again and acknowledged; with a dry run, those that would be.
    pub redriven: u64,
    /// Not meant.
    pub filtered_out: u64,
    /// Tried as often as they may be.
    pub over_the_cap: u64,
    /// Older letters of records that have a later one.
    pub superseded: u64,
    /// Selected, but their record is not to be had any more.
    pub unavailable: u64,
    /// No dead letters of ours.
    pub foreign: u64,
    /// Selected and handed to the producer, but not acknowledged.
    pub unacknowledged: u64,
}

impl Tally {
    /// Counts a verdict other than [`Verdict::Redrive`], whose end is not known yet.
    pub fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Redrive => {}
            Verdict::FilteredOut => self.filtered_out += 1,
            Verdict::Superseded => self.superseded += 1,
            Verdict::OverTheCap => self.over_the_cap += 1,
        }
    }

    /// Everything that was read, by what became of it.
    pub fn accounted(&self) -> u64 {
        self.redriven
            + self.filtered_out
            + self.over_the_cap
            + self.superseded
            + self.unavailable
            + self.foreign
            + self.unacknowledged
    }

    /// For people: figures that reconcile.
    pub fn lines(&self, dry_run: bool, max_attempts: u64) -> String {
        let mut out = String::new();
        let mut line = |label: &str, count: u64, note: &str, always: bool| {
            if always || count > 0 {
                let note = if note.is_empty() || count == 0 { String::new() } else { format!("   {note}") };
                out.push_str(&format!("  {label:<18}{count:>9}{note}\n"));
            }
        };
        let cap = format!("tried {max_attempts} times or more; --max-attempts raises the cap");
        line("read", self.read, "", true);
        line(if dry_run { "would be redriven" } else { "redriven" }, self.redriven, "", true);
        line("filtered out", self.filtered_out, "", true);
        line("over the cap", self.over_the_cap, &cap, true);
        line("superseded", self.superseded, "older letters of records that have a later one", true);
        line("unavailable", self.unavailable, "their records are gone from the source topic", true);
        line("no letters", self.foreign, "records of this topic that are no dead letters of khabar", false);
        line("not acknowledged", self.unacknowledged, "the same command tries them again", false);
        let verdict = if self.read == self.accounted() {
            "everything read is accounted for"
        } else {
            "DOES NOT RECONCILE"
        };
        out.push_str(&format!("  {verdict}\n"));
        out
    }
}
