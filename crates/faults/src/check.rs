//! Says from what was sent, what arrived and what happened whether the promise was kept. Pure.
//!
//! A repeat needs an excuse: an event that was not over when the record first arrived and had begun when it
//! came again, in whose partition the record was not committed. Each event excuses one repeat of a record.

use std::collections::{BTreeMap, HashMap};

/// Where a record ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum End {
    /// In the output topic.
    Output,
    /// Among the dead letters.
    DeadLetter,
}

/// A record of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Partition and offset. One that nobody acknowledged and that is not in the input has none: it may arrive, if
    /// retention removed it from there, and need not.
    pub place: Option<(usize, i64)>,
    /// Key, as a number.
    pub key: Option<u32>,
    /// Where it has to end.
    pub end: End,
}

/// A record of the output or dead-letter topic. Those of one partition are shown in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Number of its source.
    pub number: usize,
    /// The topic it is in.
    pub end: End,
    /// Partition there.
    pub partition: i32,
    /// When the broker took it, in milliseconds.
    pub at_ms: i64,
}

/// An event after which records may come again.
#[derive(Debug, Clone)]
pub struct Excuse {
    /// When it began.
    pub from_ms: i64,
    /// When everything that was sent before it was over had arrived.
    pub to_ms: i64,
    /// The lowest offset by partition that may come again; `None` where it has nothing to say.
    pub floors: Vec<Option<i64>>,
}

impl Excuse {
    fn covers(&self, source: &Source) -> bool {
        let Some((partition, offset)) = source.place else { return false };
        self.floors.get(partition).copied().flatten().is_some_and(|floor| offset >= floor)
    }
}

/// Offsets of a partition that retention removed: partition, first, the one behind the last.
pub type Removed = (usize, i64, i64);

/// What was found. Records are named by their numbers.
#[derive(Debug, Default)]
pub struct Findings {
    /// Different records in the output.
    pub published: usize,
    /// Different records among the dead letters.
    pub dead_lettered: usize,
    /// Records that came again, each as often as it did.
    pub duplicated: usize,
    /// How many may have come again at most.
    pub bound: usize,
    /// Records that are nowhere because retention removed them.
    pub expired: usize,
    /// Records that are nowhere.
    pub lost: Vec<usize>,
    /// Repeats without an excuse: record, first arrival, repeat.
    pub unexcused: Vec<(usize, i64, i64)>,
    /// Records that first arrived after a later one of their partition and key.
    pub out_of_order: Vec<usize>,
    /// Records in the wrong topic.
    pub misplaced: Vec<usize>,
    /// Records whose key went to several partitions.
    pub scattered: Vec<usize>,
}

/// Takes arrivals one by one.
pub struct Checker<'a> {
    sources: &'a [Source],
    /// First arrival of each record.
    first: Vec<Option<i64>>,
    /// Bit 1: in the output; bit 2: among the dead letters.
    ends: Vec<u8>,
    repeats: BTreeMap<usize, Vec<i64>>,
    /// The latest offset that has arrived of each topic, source partition and key.
    latest: HashMap<(End, usize, u32), i64>,
    homes: HashMap<(End, u32), i32>,
    findings: Findings,
}

impl<'a> Checker<'a> {
    /// For the records that were sent, by number.
    pub fn new(sources: &'a [Source]) -> Self {
        Self {
            sources,
            first: vec![None; sources.len()],
            ends: vec![0; sources.len()],
            repeats: BTreeMap::new(),
            latest: HashMap::new(),
            homes: HashMap::new(),
            findings: Findings::default(),
        }
    }

    /// Takes one. `false` when nobody sent it.
    pub fn arrived(&mut self, arrival: Arrival) -> bool {
        let Arrival { number, end, partition, at_ms } = arrival;
        let Some(source) = self.sources.get(number) else { return false };
        let bit = if end == End::Output { 1 } else { 2 };
        let is_repeat_here = self.ends[number] & bit != 0;
        self.ends[number] |= bit;
        if end != source.end {
            self.findings.misplaced.push(number);
        }
        match &mut self.first[number] {
            Some(first) => {
                // Without a key, copies are in different partitions, which are read in any order.
                let later = at_ms.max(*first);
                *first = at_ms.min(*first);
                self.repeats.entry(number).or_default().push(later);
            }
            none => *none = Some(at_ms),
        }
        let Some(key) = source.key else { return true };
        if *self.homes.entry((end, key)).or_insert(partition) != partition {
            self.findings.scattered.push(number);
        }
        if let Some((partition, offset)) = source.place.filter(|_| !is_repeat_here) {
            let latest = self.latest.entry((end, partition, key)).or_insert(-1);
            if offset < *latest {
                self.findings.out_of_order.push(number);
            }
            *latest = offset.max(*latest);
        }
        true
    }

    /// What was found, once all have arrived.
    pub fn finish(mut self, excuses: &[Excuse], removed: &[Removed]) -> Findings {
        let mut findings = std::mem::take(&mut self.findings);
        findings.published = self.ends.iter().filter(|ends| **ends & 1 != 0).count();
        findings.dead_lettered = self.ends.iter().filter(|ends| **ends & 2 != 0).count();
        let is_removed = |(partition, offset): (usize, i64)| {
            removed.iter().any(|(of, from, to)| *of == partition && (*from..*to).contains(&offset))
        };
        for (number, source) in self.sources.iter().enumerate() {
            match self.first[number] {
                Some(first) => {
                    let may = |e: &&Excuse| e.covers(source) && first <= e.to_ms;
                    findings.bound += excuses.iter().filter(may).count();
                }
                None => match source.place {
                    None => {}
                    Some(place) if is_removed(place) => findings.expired += 1,
                    Some(_) => findings.lost.push(number),
                },
            }
        }
        for (number, mut again) in std::mem::take(&mut self.repeats) {
            again.sort_unstable();
            findings.duplicated += again.len();
            let first = self.first[number].unwrap_or_default();
            let covers = |e: &&Excuse| e.covers(&self.sources[number]) && first <= e.to_ms;
            let mut open: Vec<&Excuse> = excuses.iter().filter(covers).collect();
            for at in again {
                // Those that began first are of no more use to later repeats than the others.
                let fitting = open.iter().enumerate().filter(|(_, e)| e.from_ms <= at);
                match fitting.min_by_key(|(_, e)| e.from_ms).map(|(place, _)| place) {
                    Some(place) => drop(open.swap_remove(place)),
                    None => findings.unexcused.push((number, first, at)),
                }
            }
        }
        findings
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
