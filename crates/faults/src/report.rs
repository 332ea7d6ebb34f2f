//! What a run found: a table for people and one line for machines.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::check::{Findings, Source};
use crate::cluster::INPUT;
use crate::command::{Cli, Mode};
use crate::inject::Done;
use crate::journal::{Notes, Sample};
use crate::read::Strange;

/// How many examples of a violation are shown.
const SHOWN: usize = 5;
/// How far away a fault may be to be shown with a violation.
const NEAR_MS: i64 = 20_000;

/// Everything that a run found.
pub struct Report<'a> {
    /// How it was started.
    pub cli: &'a Cli,
    /// The faults that were.
    pub done: &'a [Done],
    /// Of the checker.
    pub findings: &'a Findings,
    /// What does not fit.
    pub strange: &'a Strange,
    /// What was noted.
    pub notes: &'a Notes,
    /// By number.
    pub sources: &'a [Source],
    /// Records of the input that are not committed at the end.
    pub uncommitted: i64,
    /// Offsets that retention removed beyond what was committed.
    pub removed: i64,
    /// Instances that did not end in order when everything was well.
    pub disorderly: &'a [String],
    /// How often a broker served a group before it had read the group's log.
    pub out_of_sync: usize,
    /// How long it took.
    pub seconds: f64,
}

/// A broken promise.
struct Violation {
    what: String,
    count: usize,
    examples: Vec<String>,
}

impl Report<'_> {
    fn violations(&self) -> Vec<Violation> {
        let Findings { lost, unexcused, out_of_order, misplaced, scattered, .. } = self.findings;
        let texts = |texts: &[String]| texts.iter().take(SHOWN).cloned().collect::<Vec<_>>();
        let numbers =
            |numbers: &[usize]| numbers.iter().take(SHOWN).map(|n| self.describe(*n)).collect::<Vec<_>>();
        let repeats: Vec<usize> = match self.cli.mode {
            Mode::AtLeastOnce => unexcused.iter().map(|(number, ..)| *number).collect(),
            Mode::ExactlyOnce => self.strange.arrivals.keys().copied().collect(),
        };
        let what = match self.cli.mode {
            Mode::AtLeastOnce => "repeats without an excuse",
            Mode::ExactlyOnce => "repeats",
        };
        let mut all = Vec::new();
        let mut add = |what: &str, count: usize, examples: Vec<String>| {
            if count > 0 {
                all.push(Violation { what: what.to_owned(), count, examples });
            }
        };
        add("lost", lost.len(), numbers(lost));
        add(what, repeats.len(), numbers(&repeats));
        add("out of order", out_of_order.len(), numbers(out_of_order));
        add("in the wrong topic", misplaced.len(), numbers(misplaced));
        add("of one key in several partitions", scattered.len(), numbers(scattered));
        add("that nobody sent", self.strange.unknown.len(), texts(&self.strange.unknown));
        add("under another name", self.strange.mislabelled.len(), texts(&self.strange.mislabelled));
        add("uncommitted", usize::try_from(self.uncommitted).unwrap_or(0), Vec::new());
        add("books that do not balance", self.notes.unbalanced.len(), texts(&self.notes.unbalanced));
        add("committed offsets that went back", self.notes.rewound.len(), texts(&self.notes.rewound));
        if self.cli.mode == Mode::ExactlyOnce {
            let back = &self.notes.overtaken;
            add("committed offsets that went back for a moment", back.len(), texts(back));
        }
        add("disorderly ends though all was well", self.disorderly.len(), texts(self.disorderly));
        add("partitions with transactions left open", self.strange.open.len(), texts(&self.strange.open));
        let uncounted = u64::try_from(self.removed).unwrap_or(0).saturating_sub(self.notes.expired);
        add("removed by retention and not counted", usize::try_from(uncounted).unwrap_or(0), Vec::new());
        all
    }

    fn sent(&self) -> usize {
        self.sources.iter().filter(|source| source.place.is_some()).count()
    }

    /// A record, where it arrived, and what was near.
    fn describe(&self, number: usize) -> String {
        let Some(source) = self.sources.get(number) else { return format!("record {number}") };
        let Some((partition, offset)) = source.place else {
            return format!("record {number}, which is not in the input");
        };
        let mut text = format!("{INPUT}/{partition}@{offset} (record {number})");
        let mut moments: Vec<i64> = Vec::new();
        for (_, first, again) in self.findings.unexcused.iter().filter(|u| u.0 == number) {
            moments.extend([*first, *again]);
        }
        let committed =
            |sample: &&Sample| sample.committed.get(partition).copied().flatten().is_some_and(|o| o > offset);
        if let Some(sample) = self.notes.samples.iter().find(committed) {
            text.push_str(&format!("\n      committed by {}", sample.answered_ms));
            moments.push(sample.answered_ms);
        }
        for arrival in self.strange.arrivals.get(&number).into_iter().flatten() {
            text.push_str(&format!("\n      arrived in {arrival}"));
        }
        let near = |done: &&Done| {
            moments.iter().any(|at| (done.from_ms - NEAR_MS..=done.to_ms + NEAR_MS).contains(at))
        };
        for done in self.done.iter().filter(near) {
            text.push_str(&format!(
                "\n      near {} {} ({} to {})",
                done.kind.name(),
                done.text,
                done.from_ms,
                done.to_ms
            ));
        }
        let events = self.notes.events.iter().filter(|event| {
            event.partitions.contains(&partition)
                && moments.iter().any(|at| (event.from_ms - NEAR_MS..=event.to_ms + NEAR_MS).contains(at))
        });
        for event in events {
            text.push_str(&format!("\n      event {} ({} to {})", event.what, event.from_ms, event.to_ms));
        }
        text
    }

    /// Seconds until commits moved again, by kind, and how often another fault came before they did.
    fn recoveries(&self) -> (BTreeMap<String, Vec<f64>>, usize) {
        let mut by_kind: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let mut interrupted = 0;
        for (place, done) in self.done.iter().enumerate() {
            let Some(since) = done.since_ms else { continue };
            let Some(millis) = self.notes.recovery(since, done.partitions.as_ref()) else { continue };
            let mut later = self.done[place + 1..].iter().filter(|other| other.kind.disturbs());
            if later.any(|other| other.from_ms < since + millis) {
                interrupted += 1;
            } else {
                by_kind.entry(done.kind.name()).or_default().push(millis as f64 / 1000.0);
            }
        }
        by_kind.values_mut().for_each(|seconds| seconds.sort_by(f64::total_cmp));
        (by_kind, interrupted)
    }

    /// Prints the table, the violations with examples, and last the JSON. Returns whether the promise held.
    pub fn print(&self) -> bool {
        let findings = self.findings;
        let violations = self.violations();
        let (recoveries, interrupted) = self.recoveries();
        let mut faults: BTreeMap<String, u64> = BTreeMap::new();
        for done in self.done {
            *faults.entry(done.kind.name()).or_default() += 1;
        }
        println!("\n{:<36}{:>10}{:>12}{:>10}", "faults", "count", "recovery s", "worst s");
        for (kind, count) in &faults {
            let seconds = recoveries.get(kind).map(Vec::as_slice).unwrap_or_default();
            println!("  {kind:<34}{count:>10}{:>12}{:>10}", show(median(seconds)), show(worst(seconds)));
        }
        let rows = [
            ("records in the input", self.sent()),
            ("published", findings.published),
            ("dead letters", findings.dead_lettered),
            ("removed by retention, never read", findings.expired),
            ("lost", findings.lost.len()),
            ("repeats", findings.duplicated),
            ("repeats that events excuse at most", findings.bound),
            ("repeats without an excuse", findings.unexcused.len()),
            ("out of order", findings.out_of_order.len()),
            ("uncommitted", usize::try_from(self.uncommitted).unwrap_or(0)),
            ("offsets a late commit took back once", self.notes.overtaken.len()),
            ("instances that ended by themselves", self.notes.exits.len()),
            ("events that may make records repeat", self.notes.events.len()),
            ("groups served before they were read", self.out_of_sync),
            ("recoveries that a fault interrupted", interrupted),
            ("scrapes", usize::try_from(self.notes.scrapes).unwrap_or(0)),
            ("scrapes that do not balance", self.notes.unbalanced.len()),
        ];
        println!("records");
        for (name, value) in rows {
            println!("  {name:<34}{value:>10}");
        }
        for note in self.notes.exits.iter().chain(self.notes.overtaken.iter().take(10)) {
            println!("note: {note}");
        }
        if self.out_of_sync > 0 {
            println!(
                "note: a broker served the group before it had read the group's log, {} times: offsets that went \
                 back and their repeats may be the broker's",
                self.out_of_sync
            );
        }
        for violation in &violations {
            println!("VIOLATION: {} {}", violation.count, violation.what);
            for example in &violation.examples {
                println!("    {example}");
            }
        }
        let promise = if violations.is_empty() { "kept" } else { "BROKEN" };
        println!("the promise of {} was {promise}, in {:.0} s", self.cli.mode.name(), self.seconds);
        println!("{}", self.json(&faults, &recoveries, interrupted, &violations));
        violations.is_empty()
    }

    fn json(
        &self,
        faults: &BTreeMap<String, u64>,
        recoveries: &BTreeMap<String, Vec<f64>>,
        interrupted: usize,
        violations: &[Violation],
    ) -> Value {
        let findings = self.findings;
        let mut all: Vec<f64> = recoveries.values().flatten().copied().collect();
        all.sort_by(f64::total_cmp);
        let bound = if self.cli.mode == Mode::ExactlyOnce { 0 } else { findings.bound };
        let of = |seconds: &[f64]| json!({"median": median(seconds), "worst": worst(seconds)});
        let by_kind: BTreeMap<&String, Value> = recoveries.iter().map(|(kind, s)| (kind, of(s))).collect();
        json!({
            "mode": self.cli.mode.name(),
            "seed": self.cli.seed,
            "records": self.sent(),
            "faults": faults,
            "published": findings.published,
            "dead_lettered": findings.dead_lettered,
            "dropped": self.notes.dropped,
            "lost": findings.lost.len(),
            "duplicated": findings.duplicated,
            "duplicates_bound": bound,
            "out_of_order": findings.out_of_order.len(),
            "uncommitted": self.uncommitted,
            "overtaken_commits": self.notes.overtaken.len(),
            "recovery_seconds": of(&all),
            "recovery_by_kind": by_kind,
            "recoveries_interrupted": interrupted,
            "nodes": self.cli.nodes,
            "unexcused": findings.unexcused.len(),
            "expired": findings.expired,
            "expired_counted": self.notes.expired,
            "scrapes": self.notes.scrapes,
            "unbalanced_scrapes": self.notes.unbalanced.len(),
            "coordinator_out_of_sync": self.out_of_sync,
            "ended_by_themselves": self.notes.exits.len(),
            "violations": violations.iter().map(|v| (v.what.clone(), v.count)).collect::<BTreeMap<_, _>>(),
            "seconds": (self.seconds * 10.0).round() / 10.0,
        })
    }
}

fn median(sorted: &[f64]) -> Option<f64> {
    sorted.get(sorted.len() / 2).copied()
}

fn worst(sorted: &[f64]) -> Option<f64> {
    sorted.last().copied()
}

fn show(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.1}"))
}
