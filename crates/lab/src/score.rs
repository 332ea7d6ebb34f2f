//! Precision and recall of entities against annotated articles.
//!
//! Exact spans, outermost mentions, PER, LOC and ORG; optional mentions of the gold count for
//! nothing, neither do answers that equal one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use khabar_enrich::doc::Doc;
use khabar_enrich::enriched::{EntityType, Field, FoundBy};
use khabar_enrich::entities;
use khabar_enrich::kb::Kb;
use serde::Deserialize;

#[derive(Deserialize)]
struct Article {
    #[serde(default)]
    source: String,
    #[serde(default = "arabic")]
    lang: String,
    body: String,
    mentions: Vec<Gold>,
}

fn arabic() -> String {
    "ar".to_owned()
}

#[derive(Deserialize)]
struct Gold {
    #[serde(rename = "type")]
    kind: EntityType,
    start: u32,
    end: u32,
    text: String,
    #[serde(default)]
    optional: bool,
}

#[derive(Default, Clone, Copy)]
struct Count {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Count {
    fn line(self) -> String {
        let (r, w, m) = (f64::from(self.right), f64::from(self.wrong), f64::from(self.missed));
        let (p, c) = (r / (r + w).max(1.0), r / (r + m).max(1.0));
        let f = if p + c > 0.0 { 2.0 * p * c / (p + c) } else { 0.0 };
        format!(
            "precision {:.3}  recall {:.3}  F1 {:.3}  (right {}, wrong {}, missed {})",
            p, c, f, self.right, self.wrong, self.missed
        )
    }
}

const KINDS: [EntityType; 3] = [EntityType::Per, EntityType::Loc, EntityType::Org];

/// Scores `gold` (JSON lines) and describes the result, with the `errors` commonest mistakes.
pub fn run(gold: &Path, kb: Option<&Path>, errors: usize) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(gold).with_context(|| format!("read {}", gold.display()))?;
    let kb = match kb {
        Some(path) => {
            let bytes = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
            Kb::parse(bytes.into()).with_context(|| format!("load {}", path.display()))?
        }
        None => Kb::embedded(),
    };
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut mistakes: BTreeMap<String, u32> = BTreeMap::new();
    let (mut tokens, mut seconds) = (0, 0.0);
    for (n, line) in text.lines().enumerate() {
        let article: Article =
            serde_json::from_str(line).with_context(|| format!("{}:{}", gold.display(), n + 1))?;
        let docs = [Doc::new(Field::Body, &article.body)];
        tokens += docs[0].tokens.len();
        // The best of three: the first pays for cold caches.
        let mut best = f64::MAX;
        let mut found = entities::Found::default();
        for _ in 0..3 {
            let start = Instant::now();
            found = entities::find(&kb, &docs, &article.lang);
            best = best.min(start.elapsed().as_secs_f64());
        }
        seconds += best;
        let mut answers: BTreeMap<(u32, u32), (EntityType, FoundBy, String)> = BTreeMap::new();
        for m in found.to_mentions(&docs).into_iter().filter(|m| m.nested_in.is_none()) {
            answers.insert((m.span.char[0], m.span.char[1]), (m.kind, m.found_by, m.text));
        }
        let optional: BTreeSet<(u32, u32)> =
            article.mentions.iter().filter(|g| g.optional).map(|g| (g.start, g.end)).collect();
        let mut add = |keys: &[String], change: fn(&mut Count)| {
            keys.iter().for_each(|k| change(counts.entry(k.clone()).or_default()));
        };
        let all = "all".to_owned();
        for g in article.mentions.iter().filter(|g| !g.optional && KINDS.contains(&g.kind)) {
            let hit = answers.get(&(g.start, g.end)).is_some_and(|a| a.0 == g.kind);
            if !hit {
                add(&[all.clone(), format!("{:?}", g.kind), format!("outlet {}", article.source)], |c| {
                    c.missed += 1
                });
                *mistakes.entry(format!("missed {:?} {}", g.kind, g.text)).or_default() += 1;
            }
        }
        for (span, (kind, by, text)) in &answers {
            if !KINDS.contains(kind) || optional.contains(span) {
                continue;
            }
            let keys = [
                all.clone(),
                format!("{kind:?}"),
                format!("outlet {}", article.source),
                format!("by {by:?} {kind:?}"),
            ];
            if article.mentions.iter().any(|g| (g.start, g.end) == *span && g.kind == *kind) {
                add(&keys, |c| c.right += 1);
            } else {
                add(&keys, |c| c.wrong += 1);
                *mistakes.entry(format!("wrong {kind:?} {by:?} {text}")).or_default() += 1;
            }
        }
    }
    let mut out = String::new();
    for (key, count) in &counts {
        writeln!(out, "{key:<22} {}", count.line())?;
    }
    writeln!(out, "{tokens} tokens, {:.3} microseconds a token", seconds * 1e6 / (tokens.max(1)) as f64)?;
    let mut list: Vec<_> = mistakes.into_iter().collect();
    list.sort_by_key(|(text, n)| (std::cmp::Reverse(*n), text.clone()));
    for (text, n) in list.iter().take(errors) {
        writeln!(out, "{n:>4}  {text}")?;
    }
    Ok(out.trim_end().to_owned())
}
