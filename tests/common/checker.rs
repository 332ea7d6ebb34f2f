//! Says from what was sent and what arrived whether the promises of at-least-once delivery were kept. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A partition of a topic.
pub type Partition = (String, i32);

/// Where a raw record is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// Topic and partition.
    pub partition: Partition,
    /// Offset.
    pub offset: i64,
}

/// Where a record is meant to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum End {
    /// In the output topic.
    Output,
    /// Among the dead letters.
    DeadLetter,
}

/// A raw record that is in the input topic.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Where it is.
    pub source: Source,
    /// Its key.
    pub key: Option<Vec<u8>>,
    /// Where it has to end.
    pub end: End,
}

/// A record of the output or dead-letter topic.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// What it was made from, as it says itself.
    pub source: Source,
    /// Its key.
    pub key: Option<Vec<u8>>,
    /// Which topic it is in.
    pub end: End,
    /// Partition there.
    pub partition: i32,
    /// Offset there.
    pub offset: i64,
    /// Its Kafka timestamp: when it was processed, in milliseconds.
    pub at_ms: i64,
}

/// An instance that was killed, and the repeats which that excuses.
#[derive(Debug, Clone)]
pub struct Crash {
    /// When, in milliseconds.
    pub at_ms: i64,
    /// Committed offset of every partition that the instance owned, read after its death.
    pub owned: BTreeMap<Partition, i64>,
}

impl Crash {
    /// A repeat is excused where the dead instance owned the partition, had not committed the offset, and
    /// had processed the record.
    fn excuses(&self, source: &Source, first_at_ms: i64) -> bool {
        self.owned.get(&source.partition).is_some_and(|&committed| source.offset >= committed)
            && first_at_ms <= self.at_ms
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// Raw records.
    pub sent: usize,
    /// Different sources in the output topic.
    pub in_output: usize,
    /// Different sources among the dead letters.
    pub in_dead_letters: usize,
    /// Records that came again.
    pub repeats: usize,
    /// How many might have come again at most.
    pub excused: usize,
    /// Pairs of (source partition, key) whose order was checked.
    pub keys: usize,
    /// Sources that are nowhere.
    pub missing: Vec<Source>,
    /// Sources that nobody sent.
    pub unknown: Vec<Source>,
    /// Sources that ended in the wrong topic, or in both.
    pub misplaced: Vec<Source>,
    /// Repeats that no crash excuses.
    pub unexcused: Vec<Source>,
    /// Sources that come before an older one of the same key.
    pub reordered: Vec<Source>,
    /// Sources whose key was changed, or whose key went to several partitions.
    pub rekeyed: Vec<Source>,
}

impl Report {
    /// Whether every promise was kept.
    ///
    /// # Errors
    /// The broken ones, with some of their sources.
    pub fn verdict(&self) -> Result<(), String> {
        let all = [
            ("missing", &self.missing),
            ("sent by nobody", &self.unknown),
            ("in the wrong topic", &self.misplaced),
            ("repeated without excuse", &self.unexcused),
            ("out of order", &self.reordered),
            ("under another key", &self.rekeyed),
        ];
        let broken: Vec<String> = all
            .iter()
            .filter(|(_, sources)| !sources.is_empty())
            .map(|(what, sources)| {
                let shown: Vec<String> = sources
                    .iter()
                    .take(5)
                    .map(|s| format!("{}/{}/{}", s.partition.0, s.partition.1, s.offset))
                    .collect();
                format!("{} {what}: {}", sources.len(), shown.join(" "))
            })
            .collect();
        if broken.is_empty() { Ok(()) } else { Err(broken.join("; ")) }
    }
}

/// Checks all promises. The order of `arrived` does not matter.
pub fn check(sent: &[Sent], arrived: &[Arrived], crashes: &[Crash]) -> Report {
    let mut copies: HashMap<&Source, Vec<&Arrived>> = HashMap::new();
    for record in arrived {
        copies.entry(&record.source).or_default().push(record);
    }
    let mut report = Report { sent: sent.len(), ..Report::default() };
    // The first copies by (source partition, key, topic), to check their order.
    let mut first_copies: BTreeMap<(&Partition, &[u8], End), Vec<&Arrived>> = BTreeMap::new();
    for record in sent {
        let Some(mut found) = copies.remove(&record.source) else {
            report.missing.push(record.source.clone());
            continue;
        };
        // Repeats of a keyed record share a partition, where offsets tell their order to the letter.
        found.sort_by_key(|a| (a.at_ms, a.offset));
        if found.iter().any(|a| a.end != record.end) {
            report.misplaced.push(record.source.clone());
        }
        report.in_output += usize::from(found.iter().any(|a| a.end == End::Output));
        report.in_dead_letters += usize::from(found.iter().any(|a| a.end == End::DeadLetter));
        report.repeats += found.len() - 1;
        let excuses = crashes.iter().filter(|c| c.excuses(&record.source, found[0].at_ms)).count();
        report.excused += excuses;
        if found.len() - 1 > excuses {
            report.unexcused.push(record.source.clone());
        }
        let Some(key) = &record.key else { continue };
        if found.iter().any(|a| a.key.as_ref() != Some(key) || a.partition != found[0].partition) {
            report.rekeyed.push(record.source.clone());
        }
        let first = found.iter().min_by_key(|a| a.offset).unwrap_or(&found[0]);
        first_copies.entry((&record.source.partition, key, first.end)).or_default().push(first);
    }
    report.unknown = copies.into_keys().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    report.keys = first_copies.len();
    for firsts in first_copies.values_mut() {
        firsts.sort_by_key(|a| a.offset);
        let too_early = firsts.windows(2).filter(|pair| pair[0].source.offset > pair[1].source.offset);
        report.reordered.extend(too_early.map(|pair| pair[0].source.clone()));
    }
    report
}

#[cfg(test)]
mod tests;
