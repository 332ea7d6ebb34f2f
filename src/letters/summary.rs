//! Dead letters counted by reason.

use std::collections::BTreeMap;
use std::fmt::Write;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::select::source;
use super::{Letter, place, time};
use crate::render::clean;

/// Counts while letters come in.
#[derive(Debug, Default)]
pub struct Summary {
    samples: usize,
    groups: BTreeMap<(String, String), Group>,
    records: FxHashMap<u64, Latest>,
    foreign: u64,
}

/// The latest letter of a record: attempts, time, and the number of its group.
type Latest = (u64, Option<i64>, usize);

#[derive(Debug, Default)]
struct Group {
    number: usize,
    letters: u64,
    first: Option<i64>,
    last: Option<i64>,
    attempts: u64,
    /// The latest ones, by time and place.
    samples: BTreeMap<(Option<i64>, i64, i32), Sample>,
}

/// A letter as an example of its group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Where the letter is.
    pub letter: String,
    /// Where its record was first read.
    pub source: String,
    /// How often it was tried.
    pub attempts: u64,
    /// What is wrong with it.
    pub message: String,
}

/// The result, as `--json` prints it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// The dead-letter topic.
    pub topic: String,
    /// Letters.
    pub letters: u64,
    /// Records: letters of one source position are one.
    pub records: u64,
    /// Records of the topic that are no dead letters of khabar.
    pub foreign: u64,
    /// By reason and stage, most letters first.
    pub groups: Vec<Listed>,
}

/// Letters of one reason and stage.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// `khabar-error-reason`
    pub reason: String,
    /// `khabar-error-stage`
    pub stage: String,
    /// Letters.
    pub letters: u64,
    /// Records whose latest letter this is.
    pub records: u64,
    /// When the first letter was written, RFC 3339.
    pub first: String,
    /// When the last letter was written.
    pub last: String,
    /// Most attempts of a letter.
    pub attempts: u64,
    /// The latest letters.
    pub samples: Vec<Sample>,
}

impl Summary {
    /// Nothing counted yet; at most so many samples of each group.
    pub fn new(samples: usize) -> Self {
        Self { samples, ..Self::default() }
    }

    /// Counts a letter.
    pub fn add(&mut self, letter: &Letter) {
        let (at, attempts) = (letter.position.timestamp, letter.attempts);
        let number = self.groups.len();
        let group = self.groups.entry((letter.reason.clone(), letter.stage.clone())).or_default();
        if group.letters == 0 {
            group.number = number;
        }
        let latest = (attempts, at, group.number);
        group.letters += 1;
        group.first = [group.first, at].into_iter().flatten().min();
        group.last = group.last.max(at);
        group.attempts = group.attempts.max(attempts);
        let sample = Sample {
            letter: place(&letter.position),
            source: place(&letter.source),
            attempts,
            message: letter.message.clone(),
        };
        group.samples.insert((at, letter.position.offset, letter.position.partition), sample);
        if group.samples.len() > self.samples {
            group.samples.pop_first();
        }
        let known = self.records.entry(source(letter)).or_insert(latest);
        if (known.0, known.1) <= (attempts, at) {
            *known = latest;
        }
    }

    /// Counts a record of the topic that is no dead letter.
    pub fn foreign(&mut self) {
        self.foreign += 1;
    }

    /// The result.
    pub fn finish(self, topic: &str) -> Listing {
        let mut records: BTreeMap<usize, u64> = BTreeMap::new();
        for (_, _, group) in self.records.values() {
            *records.entry(*group).or_default() += 1;
        }
        let listed = |(key, group): (&(String, String), &Group)| Listed {
            reason: key.0.clone(),
            stage: key.1.clone(),
            letters: group.letters,
            records: records.get(&group.number).copied().unwrap_or(0),
            first: time(group.first),
            last: time(group.last),
            attempts: group.attempts,
            samples: group.samples.values().rev().cloned().collect(),
        };
        let mut groups: Vec<_> = self.groups.iter().map(listed).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.letters));
        Listing {
            topic: topic.to_owned(),
            letters: groups.iter().map(|group| group.letters).sum(),
            records: self.records.len() as u64,
            foreign: self.foreign,
            groups,
        }
    }
}

impl Listing {
    /// For people.
    pub fn table(&self) -> String {
        let line = |text: &str| clean(text).replace('\n', " ");
        let mut out = format!("{}: {} letters of {} records\n", self.topic, self.letters, self.records);
        if self.foreign > 0 {
            let _ =
                writeln!(out, "records of the topic that are no dead letters of khabar: {}", self.foreign);
        }
        if self.groups.is_empty() {
            return out;
        }
        let _ = writeln!(
            out,
            "\n{:<30}{:<9}{:>9}{:>9}{:>10}  {:<22}last",
            "reason", "stage", "letters", "records", "attempts", "first"
        );
        for group in &self.groups {
            let _ = writeln!(
                out,
                "{:<30}{:<9}{:>9}{:>9}{:>10}  {:<22}{}",
                line(&group.reason),
                line(&group.stage),
                group.letters,
                group.records,
                group.attempts,
                group.first,
                group.last
            );
            for sample in &group.samples {
                let Sample { letter, source, attempts, message } = sample;
                let _ = writeln!(
                    out,
                    "  {} of {}, attempt {attempts}: {}",
                    line(letter),
                    line(source),
                    line(message)
                );
            }
        }
        out
    }
}
