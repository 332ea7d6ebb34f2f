//! Mentions by type, and the joining of mentions into entities.

use std::collections::{BTreeMap, BTreeSet};

use khabar_enrich::enriched::{Enriched, EntityType, Field, Mention};

use super::gold::{self, Article};
use super::tally::{Tally, harmonic};

/// Scores exact spans of outermost mentions; what is optional counts for nothing, neither do answers that equal it.
pub fn mentions(article: &Article, out: &Enriched, tally: &mut Tally) {
    let found = outermost(out);
    let optional: BTreeSet<_> =
        article.mentions.iter().filter(|g| g.optional).map(|g| (g.start, g.end)).collect();
    for g in article.mentions.iter().filter(|g| !g.optional) {
        let span = found.get(&(g.start, g.end));
        if span.is_some_and(|m| m.kind == g.kind) {
            continue;
        }
        rows(g.kind, &mut |name| tally.count(name).missed += 1);
        let near = found
            .range(..(g.end, 0))
            .rev()
            .take(3)
            .find(|((start, end), _)| *start < g.end && *end > g.start);
        match (span, near) {
            (Some(m), _) => {
                tally.mistake("names of another type", format!("{:?} as {:?}: {}", g.kind, m.kind, g.text))
            }
            (None, Some((_, m))) => {
                tally.mistake(
                    "names with another span",
                    format!("{:?} {} found as {}", g.kind, g.text, m.text),
                );
            }
            (None, None) => tally.mistake("names that were missed", format!("{:?} {}", g.kind, g.text)),
        }
    }
    for (span, m) in &found {
        if optional.contains(span) {
            continue;
        }
        let right = article.mentions.iter().any(|g| (g.start, g.end) == *span && g.kind == m.kind);
        let layer = format!("  {:?} by {:?}", m.kind, m.found_by);
        let bin = (m.confidence * 10.0).floor().min(9.0) / 10.0;
        let bin = format!("  confidence {bin:.1} to {:.1}", bin + 0.1);
        rows(m.kind, &mut |name| {
            let count = tally.count(name);
            if right { count.right += 1 } else { count.wrong += 1 }
        });
        for row in [&layer, &bin] {
            let count = tally.count(row);
            if right { count.right += 1 } else { count.wrong += 1 }
        }
        let overlaps = |g: &&gold::Mention| g.start < span.1 && g.end > span.0;
        if !right && !article.mentions.iter().any(|g| overlaps(&g)) {
            tally.mistake("names that are none", format!("{:?} {:?} {}", m.kind, m.found_by, m.text));
        }
    }
}

fn rows(kind: EntityType, change: &mut dyn FnMut(&str)) {
    let core = matches!(kind, EntityType::Per | EntityType::Org | EntityType::Loc);
    if core {
        change("mentions PER, ORG, LOC");
    }
    change(match kind {
        EntityType::Per => "  PER",
        EntityType::Org => "  ORG",
        EntityType::Loc => "  LOC",
        EntityType::Event => "  EVENT",
        EntityType::Misc => "  MISC",
    });
}

/// Outermost mentions of the body by their span.
pub fn outermost(out: &Enriched) -> BTreeMap<(u32, u32), &Mention> {
    let body = out.mentions.iter().filter(|m| m.nested_in.is_none() && m.span.field == Field::Body);
    body.map(|m| ((m.span.char[0], m.span.char[1]), m)).collect()
}

/// B-cubed sums over the mentions of PER, ORG and LOC: how pure found entities are, and how complete.
#[derive(Debug, Default, Clone, Copy)]
pub struct Joining {
    precision: f64,
    found: u32,
    recall: f64,
    annotated: u32,
}

impl Joining {
    /// Adds an article. A mention without a counterpart counts as nothing joined right.
    pub fn add(&mut self, article: &Article, out: &Enriched) {
        let core = |kind| matches!(kind, EntityType::Per | EntityType::Org | EntityType::Loc);
        let optional =
            |span: &(u32, u32)| article.mentions.iter().any(|g| g.optional && (g.start, g.end) == *span);
        let answers: BTreeMap<(u32, u32), &str> = outermost(out)
            .into_iter()
            .filter(|(span, m)| core(m.kind) && !optional(span))
            .map(|(span, m)| (span, m.entity.as_str()))
            .collect();
        let gold: BTreeMap<(u32, u32), &str> = article
            .mentions
            .iter()
            .filter(|g| !g.optional && core(g.kind))
            .map(|g| ((g.start, g.end), g.entity.as_str()))
            .collect();
        self.found += answers.len() as u32;
        self.annotated += gold.len() as u32;
        for (span, entity) in answers.iter().filter(|(span, _)| gold.contains_key(span)) {
            let together = |of: &BTreeMap<(u32, u32), &str>, name: &str| -> BTreeSet<(u32, u32)> {
                of.iter().filter(|(_, e)| **e == name).map(|(span, _)| *span).collect()
            };
            let (mine, theirs) = (together(&answers, entity), together(&gold, gold[span]));
            let both = mine.intersection(&theirs).count() as f64;
            self.precision += both / mine.len() as f64;
            self.recall += both / theirs.len() as f64;
        }
    }

    /// Precision, recall and F1.
    pub fn result(self) -> (f64, f64, f64) {
        let (p, r) =
            (self.precision / f64::from(self.found.max(1)), self.recall / f64::from(self.annotated.max(1)));
        (p, r, harmonic(p, r))
    }
}
