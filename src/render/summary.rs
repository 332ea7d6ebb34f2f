//! What became of a run, in figures that reconcile.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use khabar_enrich::enriched::EntityType;

use super::view::{HEADINGS, View, language_name, number};

/// What was seen on the output and dead-letter topics, and what the pipeline says it read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counts {
    /// Records read, as the pipeline's ledger has it.
    pub consumed: u64,
    /// Enriched records and passed-on tombstones.
    pub published: u64,
    /// Of `published`, tombstones.
    pub tombstones: u64,
    /// Dead letters by reason.
    pub dead_lettered: BTreeMap<String, u64>,
    /// Records that ended on purpose, by reason.
    pub dropped: BTreeMap<String, u64>,
    /// Records given up, to be read again by somebody.
    pub abandoned: u64,
    /// Records not finished yet.
    pub in_flight: u64,
    /// Enriched records by detected language; `?` where it could not be told.
    pub languages: BTreeMap<String, u64>,
    /// Entities by type.
    pub entities: BTreeMap<EntityType, u64>,
    /// Mentions of entities.
    pub mentions: u64,
    /// Quotes.
    pub quotes: u64,
    /// Of `quotes`, those with a speaker.
    pub attributed: u64,
    /// Times.
    pub times: u64,
    /// Quantities.
    pub quantities: u64,
    /// How long it took; zero leaves the rate out.
    pub elapsed: Duration,
}

impl Counts {
    /// Counts one enriched record.
    pub fn record(&mut self, view: &View) {
        self.published += 1;
        let language = view.language.detected.clone().unwrap_or_else(|| "?".to_owned());
        *self.languages.entry(language).or_default() += 1;
        for entity in &view.entities {
            *self.entities.entry(entity.kind).or_default() += 1;
        }
        self.mentions += view.mentions.len() as u64;
        self.quotes += view.quotes.len() as u64;
        self.attributed += view.quotes.iter().filter(|q| view.speaker(q).is_some()).count() as u64;
        self.times += view.times.len() as u64;
        self.quantities += view.quantities.len() as u64;
    }

    /// Counts one tombstone that was passed on.
    pub fn tombstone(&mut self) {
        self.published += 1;
        self.tombstones += 1;
    }

    /// Counts one dead letter.
    pub fn dead_letter(&mut self, reason: &str) {
        *self.dead_lettered.entry(reason.to_owned()).or_default() += 1;
    }

    /// Everything that consumed records became.
    pub fn accounted(&self) -> u64 {
        let dead: u64 = self.dead_lettered.values().sum();
        let dropped: u64 = self.dropped.values().sum();
        self.published + dead + dropped + self.abandoned + self.in_flight
    }

    /// Whether nothing was lost and nothing counted twice.
    pub fn reconciles(&self) -> bool {
        self.consumed == self.accounted()
    }
}

/// The counts as lines for a terminal.
pub fn summary(counts: &Counts) -> String {
    let mut out = String::new();
    let mut line = |label: &str, count: u64, note: &str| {
        let note = if note.is_empty() { String::new() } else { format!("   {note}") };
        let _ = writeln!(out, "  {label:<14}{:>9}{note}", number(count as f64));
    };
    let total = |reasons: &BTreeMap<String, u64>| reasons.values().sum::<u64>();
    line("consumed", counts.consumed, &rate(counts));
    let tombstones = if counts.tombstones == 0 {
        String::new()
    } else {
        format!("of these, deletions passed on: {}", counts.tombstones)
    };
    line("published", counts.published, &tombstones);
    line("dead-lettered", total(&counts.dead_lettered), &list(&counts.dead_lettered));
    line("dropped", total(&counts.dropped), &list(&counts.dropped));
    line("abandoned", counts.abandoned, "");
    line("in flight", counts.in_flight, "");
    let verdict = if counts.reconciles() {
        format!("everything consumed is accounted for: {} = {}", counts.consumed, sum(counts))
    } else {
        format!(
            "DOES NOT RECONCILE: {} consumed, but {} = {}",
            counts.consumed,
            sum(counts),
            counts.accounted()
        )
    };
    let _ = writeln!(out, "  {verdict}");
    if !counts.languages.is_empty() {
        let _ = writeln!(out, "  languages     {}", languages(counts));
        let _ = writeln!(out, "  entities      {}", entities(counts));
        let _ = writeln!(
            out,
            "  also          {} quotes ({} with a speaker), {} dates, {} quantities",
            counts.quotes, counts.attributed, counts.times, counts.quantities
        );
    }
    out
}

fn rate(counts: &Counts) -> String {
    let seconds = counts.elapsed.as_secs_f64();
    if seconds <= 0.0 {
        return String::new();
    }
    format!("in {seconds:.1} s, {:.1} records/s", counts.consumed as f64 / seconds)
}

fn sum(counts: &Counts) -> String {
    let dead: u64 = counts.dead_lettered.values().sum();
    let dropped: u64 = counts.dropped.values().sum();
    format!("{} + {dead} + {dropped} + {} + {}", counts.published, counts.abandoned, counts.in_flight)
}

fn list(reasons: &BTreeMap<String, u64>) -> String {
    reasons.iter().map(|(reason, n)| format!("{reason} {n}")).collect::<Vec<_>>().join(", ")
}

fn languages(counts: &Counts) -> String {
    let mut found: Vec<_> = counts.languages.iter().collect();
    found.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    let name = |code: &str| if code == "?" { "not told".to_owned() } else { language_name(code).to_owned() };
    found.into_iter().map(|(code, n)| format!("{} {n}", name(code))).collect::<Vec<_>>().join(", ")
}

fn entities(counts: &Counts) -> String {
    let of = |kind| counts.entities.get(&kind).copied().unwrap_or(0);
    let by_type =
        HEADINGS.map(|(kind, heading)| format!("{} {}", of(kind), heading.to_lowercase())).join(", ");
    format!("{by_type}; {} mentions", number(counts.mentions as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts() -> Counts {
        let mut counts = Counts { consumed: 5, elapsed: Duration::from_secs(2), ..Counts::default() };
        counts.record(&View::default());
        counts.record(&View::default());
        counts.tombstone();
        counts.dead_letter("invalid_json");
        counts.dead_letter("empty_body");
        counts
    }

    #[test]
    fn a_run_that_reconciles_says_so() {
        let text = summary(&counts());
        assert!(text.contains("everything consumed is accounted for: 5 = 3 + 2 + 0 + 0 + 0"), "{text}");
        assert!(text.contains("empty_body 1, invalid_json 1"), "{text}");
        assert!(text.contains("2.5 records/s"), "{text}");
    }

    #[test]
    fn a_lost_record_is_loud() {
        let text = summary(&Counts { consumed: 6, ..counts() });
        assert!(text.contains("DOES NOT RECONCILE: 6 consumed, but 3 + 2 + 0 + 0 + 0 = 5"), "{text}");
    }
}
