//! Mentions by type, and the joining of mentions into entities.

use std::collections::{BTreeMap, BTreeSet};

use khabar_enrich::enriched::{Enriched, EntityType, Field, Mention};

use super::gold::{self, Article};
use super::tally::{Tally, harmonic};

/// A name that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Name<'a> {
    /// Its type.
    pub kind: EntityType,
    /// Its words.
    pub text: &'a str,
}

/// What is said of one name.
#[derive(Debug)]
pub enum Judged<'a> {
    /// It was found, rightly or not.
    Found {
        /// In code points.
        span: (u32, u32),
        /// What was found.
        name: Name<'a>,
        /// Whether it is annotated so.
        right: bool,
        /// Whether it touches a name that is annotated.
        touches: bool,
    },
    /// It is annotated and was not found so.
    Missed {
        /// What is annotated.
        gold: &'a gold::Mention,
        /// What was found of the very same span.
        same: Option<Name<'a>>,
        /// What was found that overlaps it.
        near: Option<Name<'a>>,
    },
}

impl Judged<'_> {
    /// The kind of mistake that it is, and an example of it.
    pub fn mistake(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Missed { gold, same: Some(name), .. } => {
                Some(("names of another type", format!("{:?} as {:?}: {}", gold.kind, name.kind, gold.text)))
            }
            Self::Missed { gold, near: Some(name), .. } => Some((
                "names with another span",
                format!("{:?} {} found as {}", gold.kind, gold.text, name.text),
            )),
            Self::Missed { gold, .. } => {
                Some(("names that were missed", format!("{:?} {}", gold.kind, gold.text)))
            }
            Self::Found { name, right: false, touches: false, .. } => {
                Some(("names that are none", format!("{:?} {}", name.kind, name.text)))
            }
            Self::Found { .. } => None,
        }
    }
}

/// Judges exact spans; what is optional counts for nothing, neither do answers that equal it.
pub fn judge<'a>(gold: &'a [gold::Mention], found: &BTreeMap<(u32, u32), Name<'a>>) -> Vec<Judged<'a>> {
    let mut judged = Vec::new();
    for g in gold.iter().filter(|g| !g.optional) {
        let same = found.get(&(g.start, g.end)).copied();
        if same.is_some_and(|name| name.kind == g.kind) {
            continue;
        }
        let before = found.range(..(g.end, 0)).rev().take(3);
        let near =
            before.map(|(span, name)| (span, *name)).find(|(span, _)| span.0 < g.end && span.1 > g.start);
        judged.push(Judged::Missed { gold: g, same, near: near.map(|(_, name)| name) });
    }
    for (span, name) in found {
        let exact = |g: &&gold::Mention| (g.start, g.end) == *span;
        if gold.iter().any(|g| g.optional && exact(&g)) {
            continue;
        }
        let right = gold.iter().any(|g| exact(&g) && g.kind == name.kind);
        let touches = gold.iter().any(|g| g.start < span.1 && g.end > span.0);
        judged.push(Judged::Found { span: *span, name: *name, right, touches });
    }
    judged
}

/// Scores exact spans of outermost mentions.
pub fn mentions(article: &Article, out: &Enriched, tally: &mut Tally) {
    let found = outermost(out);
    let names = found.iter().map(|(span, m)| (*span, Name { kind: m.kind, text: &m.text })).collect();
    for judged in judge(&article.mentions, &names) {
        match &judged {
            Judged::Missed { gold, .. } => rows(gold.kind, &mut |name| tally.count(name).missed += 1),
            Judged::Found { span, name, right, .. } => {
                let mut mark = |name: &str| {
                    let count = tally.count(name);
                    if *right { count.right += 1 } else { count.wrong += 1 }
                };
                rows(name.kind, &mut mark);
                if let Some(m) = found.get(span) {
                    let bin = (m.confidence * 10.0).floor().min(9.0) / 10.0;
                    mark(&format!("  {:?} by {:?}", m.kind, m.found_by));
                    mark(&format!("  confidence {bin:.1} to {:.1}", bin + 0.1));
                }
            }
        }
        if let Some((kind, mut text)) = judged.mistake() {
            if let Judged::Found { span, .. } = &judged
                && let Some(m) = found.get(span)
            {
                text += &format!(" (by {:?})", m.found_by);
            }
            tally.mistake(kind, text);
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
