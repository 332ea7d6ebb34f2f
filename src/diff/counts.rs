//! What is counted while records come in.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Field;
use super::digest::Digest;
use super::names::Names;
use super::report::Unreadable;

/// Different makers of records that are told apart on one side.
const PIPELINES: usize = 100;

/// Counts of one side.
#[derive(Debug, Default)]
pub struct Side {
    pub read: u64,
    pub outside_sample: u64,
    pub tombstones: u64,
    /// Hashes of the sources of tombstones, to know repeats.
    pub deleted: FxHashSet<u64>,
    pub unreadable: u64,
    pub unreadable_examples: Vec<Unreadable>,
    pub repeats: u64,
    pub repeats_that_differ: u64,
    pub compared: u64,
    pub pipelines: BTreeMap<String, u64>,
}

/// Counts of one language.
#[derive(Debug, Default, Clone)]
pub struct OfLanguage {
    pub both: u64,
    pub changed: u64,
    pub gained: u64,
    pub lost: u64,
}

/// Counts over all pairs.
#[derive(Debug, Default)]
pub struct Pairs {
    pub both: u64,
    pub identical: u64,
    pub same: u64,
    pub changed: u64,
    pub keys_differ: u64,
    pub fields: [u64; Field::ALL.len()],
    pub languages: BTreeMap<String, OfLanguage>,
    /// Gained, lost and linked otherwise, by number of the entity.
    pub entities: FxHashMap<u32, [u64; 3]>,
    pub mentions_gained: u64,
    pub mentions_lost: u64,
}

impl Side {
    /// A record that counts.
    pub fn compared(&mut self, digest: &Digest) {
        self.compared += 1;
        let known = self.pipelines.contains_key(&digest.pipeline);
        let name = if known || self.pipelines.len() < PIPELINES { digest.pipeline.as_str() } else { "" };
        *self.pipelines.entry(name.to_owned()).or_default() += 1;
    }

    /// One that came before.
    pub fn repeat(&mut self, differs: bool) {
        self.repeats += 1;
        self.repeats_that_differ += u64::from(differs);
    }

    /// One that is no record.
    pub fn unreadable(&mut self, place: String, why: String, most: usize) {
        self.unreadable += 1;
        if self.unreadable_examples.len() < most {
            self.unreadable_examples.push(Unreadable { place, why });
        }
    }
}

impl OfLanguage {
    /// Adds counts.
    pub fn add(&mut self, other: &OfLanguage) {
        self.both += other.both;
        self.changed += other.changed;
        self.gained += other.gained;
        self.lost += other.lost;
    }
}

impl Pairs {
    /// Counts the entities of one pair, sorted lists of numbers; how many were gained and lost. A name that
    /// stayed with another link is neither.
    pub fn entities(&mut self, names: &Names, first: &[u32], second: &[u32]) -> [u64; 2] {
        let [mut lost, mut gained] = only(first, second);
        let mut count = |number: u32, what: usize| {
            if let Some(count) = self.entities.entry(number).or_default().get_mut(what) {
                *count += 1;
            }
        };
        gained.retain(|number| {
            let Some(at) = lost.iter().position(|other| names.get(*other) == names.get(*number)) else {
                return true;
            };
            lost.swap_remove(at);
            count(*number, 2);
            false
        });
        gained.iter().for_each(|number| count(*number, 0));
        lost.iter().for_each(|number| count(*number, 1));
        [gained.len() as u64, lost.len() as u64]
    }
}

/// What only the first, and only the second, of two sorted lists has; a number may be there several times.
pub fn only(first: &[u32], second: &[u32]) -> [Vec<u32>; 2] {
    let (mut a, mut b) = (first.iter().peekable(), second.iter().peekable());
    let mut found = [Vec::new(), Vec::new()];
    loop {
        match (a.peek(), b.peek()) {
            (None, None) => return found,
            (Some(x), Some(y)) if x == y => drop((a.next(), b.next())),
            (Some(x), y) if y.is_none_or(|y| *x < y) => {
                found[0].push(**x);
                a.next();
            }
            (_, Some(y)) => {
                found[1].push(**y);
                b.next();
            }
            (Some(_), None) => return found,
        }
    }
}
