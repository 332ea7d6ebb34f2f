//! Scores quotes, times and quantities against gold annotations.
//!
//! `cargo run --release -p khabar-enrich --example score_speech -- GOLD.jsonl [quotes|times|quantities]`
//! reads one object a line (`body`, `date`, `lang`, `mentions`, `quotes`, `times`, `quantities`; offsets
//! in code points) and prints precision, recall and F1; with a layer it also lists that layer's errors.
//! Speakers are the gold mentions, so the figure is that of the rules alone.

use std::collections::HashMap;
use std::io::Write as _;
use std::time::{Duration, Instant};

use khabar_enrich::doc::Doc;
use khabar_enrich::enriched::{Field, QuantityKind, QuoteKind};
use khabar_enrich::quotes::Speaker;
use khabar_enrich::{facts, quotes};
use serde_json::Value;

#[derive(Default)]
struct Score {
    hit: usize,
    found: usize,
    gold: usize,
}

impl Score {
    fn line(&self, name: &str) -> String {
        let (p, r) = (self.hit as f64 / self.found.max(1) as f64, self.hit as f64 / self.gold.max(1) as f64);
        let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        format!(
            "{name:<28} P {:.3} R {:.3} F1 {f:.3} ({} of {}, {} found)",
            p, r, self.hit, self.gold, self.found
        )
    }
}

type Item = (u64, u64, String, String);
type Agree<'a> = dyn Fn(&Item, &Item) -> bool + 'a;

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("give the gold file as the first argument");
    let show = args.next().unwrap_or_default();
    let text = std::fs::read_to_string(&path).expect("the gold file is readable");
    let mut scores: HashMap<&str, Score> = HashMap::new();
    let (mut tokens, mut spent) = (0, [Duration::ZERO; 2]);
    let mut out = std::io::stdout().lock();
    for line in text.lines() {
        let gold: Value = serde_json::from_str(line).expect("each line is JSON");
        let body = gold["body"].as_str().unwrap_or("");
        let language = gold["lang"].as_str().unwrap_or("ar");
        let date = gold["date"].as_str().filter(|d| d.len() >= 10);
        let doc = Doc::new(Field::Body, body);
        tokens += doc.tokens.len();
        let at = positions(&doc);
        let mentions: Vec<_> = gold["mentions"].as_array().into_iter().flatten().collect();
        let mut speakers: Vec<Speaker> = mentions
            .iter()
            .filter_map(|m| {
                let range = *at.get(&m["start"].as_u64()?)?..*at.get(&m["end"].as_u64()?)?;
                let person = m["type"] == "PER";
                let kind = m["type"].as_str()?;
                matches!(kind, "PER" | "ORG" | "LOC").then(|| Speaker {
                    range,
                    entity: m["entity"].as_str().unwrap_or(""),
                    person,
                })
            })
            .collect();
        speakers.sort_by_key(|s| s.range.start);
        let (found, _) = quotes::find(&doc, &speakers, language);
        let (times, quantities) = facts::find(&doc, date, language);
        spent[0] += fastest(|| quotes::find(&doc, &speakers, language));
        spent[1] += fastest(|| facts::find(&doc, date, language));

        let list = |name: &str, of: &dyn Fn(&Value) -> Option<String>| -> Vec<Item> {
            let items = gold[name].as_array().into_iter().flatten();
            items
                .filter_map(|v| {
                    Some((v["start"].as_u64()?, v["end"].as_u64()?, of(v)?, v["text"].as_str()?.to_owned()))
                })
                .collect()
        };
        let plain = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        let gold_quotes = list("quotes", &|v| Some(plain(&v["speaker"])));
        let found_quotes: Vec<Item> = found
            .iter()
            .filter(|q| q.kind == QuoteKind::Direct)
            .map(|q| {
                let speaker = q.speaker.clone().or(q.speaker_text.clone()).unwrap_or("null".into());
                (q.span.char[0].into(), q.span.char[1].into(), speaker, q.text.clone())
            })
            .collect();
        let gold_times = list("times", &|v| Some(plain(&v["value"])));
        let found_times: Vec<Item> = times
            .iter()
            .map(|t| (t.span.char[0].into(), t.span.char[1].into(), t.value.clone(), t.text.clone()))
            .collect();
        let gold_quantities = list("quantities", &|v| {
            (v["kind"] != "score").then(|| v["value"].as_f64().map(|v| v.to_string())).flatten()
        });
        let found_quantities: Vec<Item> = quantities
            .iter()
            .filter(|q| q.kind != QuantityKind::Duration)
            .map(|q| (q.span.char[0].into(), q.span.char[1].into(), q.value.to_string(), q.text.clone()))
            .collect();
        for (name, with, gold, found) in [
            ("quotes", ["quotes span", "quotes overlap", "quotes span+speaker"], gold_quotes, found_quotes),
            ("times", ["times span", "times overlap", "times span+value"], gold_times, found_times),
            (
                "quantities",
                ["quantities span", "quantities overlap", "quantities span+value"],
                gold_quantities,
                found_quantities,
            ),
        ] {
            let same: [&Agree<'_>; 3] =
                [&|a, b| (a.0, a.1) == (b.0, b.1), &|a, b| a.0 < b.1 && b.0 < a.1, &|a, b| {
                    (a.0, a.1) == (b.0, b.1) && (a.2 == b.2 || b.2.starts_with(&a.2) && name == "quotes")
                }];
            for (label, same) in with.into_iter().zip(same) {
                let score = scores.entry(label).or_default();
                score.gold += gold.len();
                score.found += found.len();
                score.hit += gold.iter().filter(|g| found.iter().any(|f| same(g, f))).count();
            }
            if show == name {
                let around = |item: &Item| {
                    let from = item.0.saturating_sub(30) as usize;
                    let context: String =
                        body.chars().skip(from).take((item.1 - item.0) as usize + 50).collect();
                    context.replace('\n', "⏎")
                };
                for g in gold.iter().filter(|g| !found.iter().any(|f| same[2](g, f))) {
                    let near = found.iter().find(|f| same[1](g, f));
                    let near = near.map(|f| format!("{} = {}", f.3, f.2)).unwrap_or_default();
                    writeln!(out, "- missed {} = {} | found {near} | {}", g.3, g.2, around(g)).ok();
                }
                for f in found.iter().filter(|f| !gold.iter().any(|g| same[1](g, f))) {
                    writeln!(out, "+ spurious {} = {} | {}", f.3, f.2, around(f)).ok();
                }
            }
        }
    }
    let mut names: Vec<_> = scores.iter().collect();
    names.sort_by_key(|(name, _)| **name);
    for (name, score) in names {
        writeln!(out, "{}", score.line(name)).ok();
    }
    let per = |d: Duration| d.as_nanos() as f64 / tokens.max(1) as f64 / 1000.0;
    writeln!(
        out,
        "{tokens} tokens; us a token: quotes {:.3}, times and quantities {:.3}",
        per(spent[0]),
        per(spent[1])
    )
    .ok();
}

/// The shortest of several runs: what the work takes when nothing else interrupts it.
fn fastest<T>(work: impl Fn() -> T) -> Duration {
    let run = || {
        let started = Instant::now();
        std::hint::black_box(work());
        started.elapsed()
    };
    (0..7).map(|_| run()).min().unwrap_or_default()
}

/// Code point of the original to byte of the normalised text, at the borders of characters.
fn positions(doc: &Doc) -> HashMap<u64, usize> {
    let text = doc.text.normalised();
    let mut bytes: HashMap<usize, usize> = HashMap::new();
    for (at, c) in text.char_indices() {
        let range = doc.text.to_original(at..at + c.len_utf8());
        bytes.entry(range.start).or_insert(at);
        bytes.insert(range.end, at + c.len_utf8());
    }
    let original = doc.text.original();
    let borders = original.char_indices().map(|(at, _)| at).chain([original.len()]);
    borders.enumerate().filter_map(|(point, byte)| bytes.get(&byte).map(|&at| (point as u64, at))).collect()
}
