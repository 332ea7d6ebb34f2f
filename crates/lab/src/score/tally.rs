//! Counts of what is right, wrong and missed, and the mistakes behind them.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Right, wrong and missed.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Count {
    /// Found and annotated.
    pub right: u32,
    /// Found and not annotated.
    pub wrong: u32,
    /// Annotated and not found.
    pub missed: u32,
}

impl Count {
    /// Share of what was found that is right.
    pub fn precision(self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.wrong).max(1.0)
    }
    /// Share of what is annotated that was found.
    pub fn recall(self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.missed).max(1.0)
    }
    /// Harmonic mean of both.
    pub fn f1(self) -> f64 {
        harmonic(self.precision(), self.recall())
    }
}

/// The harmonic mean of two shares.
pub fn harmonic(a: f64, b: f64) -> f64 {
    if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 }
}

/// A table of counts by name, in the order in which the names came, and the mistakes by kind.
#[derive(Debug, Default)]
pub struct Tally {
    names: Vec<String>,
    counts: BTreeMap<String, Count>,
    mistakes: BTreeMap<&'static str, BTreeMap<String, u32>>,
}

impl Tally {
    /// The count under a name.
    pub fn count(&mut self, name: &str) -> &mut Count {
        if !self.counts.contains_key(name) {
            self.names.push(name.to_owned());
        }
        self.counts.entry(name.to_owned()).or_default()
    }

    /// The count under a name, for reading.
    pub fn get(&self, name: &str) -> Count {
        self.counts.get(name).copied().unwrap_or_default()
    }

    /// Names and counts, in the order in which they came.
    pub fn rows(&self) -> impl Iterator<Item = (&str, Count)> {
        self.names.iter().map(|name| (name.as_str(), self.get(name)))
    }

    /// Notes a mistake.
    pub fn mistake(&mut self, kind: &'static str, text: String) {
        *self.mistakes.entry(kind).or_default().entry(text).or_default() += 1;
    }

    /// The table for people.
    pub fn table(&self) -> String {
        let mut out = format!(
            "{:<34}{:>9}{:>8}{:>8}{:>8}{:>8}{:>8}\n",
            "", "precision", "recall", "F1", "right", "wrong", "missed"
        );
        for (name, count) in self.rows() {
            let _ = writeln!(
                out,
                "{name:<34}{:>9.3}{:>8.3}{:>8.3}{:>8}{:>8}{:>8}",
                count.precision(),
                count.recall(),
                count.f1(),
                count.right,
                count.wrong,
                count.missed
            );
        }
        out
    }

    /// The commonest mistakes of each kind, at most `most` of each.
    pub fn mistakes(&self, most: usize) -> String {
        let mut out = String::new();
        for (kind, texts) in &self.mistakes {
            let all: u32 = texts.values().sum();
            let _ = writeln!(out, "\n{kind}: {all}");
            let mut texts: Vec<_> = texts.iter().collect();
            texts.sort_by_key(|(text, n)| (std::cmp::Reverse(**n), (*text).clone()));
            for (text, n) in texts.into_iter().take(most) {
                let _ = writeln!(out, "{n:>5}  {text}");
            }
        }
        out
    }
}
