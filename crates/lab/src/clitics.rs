//! How well words are parted from what is written onto them, on words that were segmented by hand.
//!
//! The table of gold names words by article, start and end (code points of the body), tab, their proclitics, tab,
//! their enclitic; the articles are JSON lines with `id`, `date`, `title` and `body`. A name that was found decides
//! for the word that it begins in, as it does in a record.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, ensure};
use khabar_enrich::article::Article;
use khabar_enrich::clitics::enclitic;
use khabar_enrich::doc::{Doc, TokenKind};
use khabar_enrich::enriched::Field;
use khabar_enrich::{Enricher, Settings};
use serde::Deserialize;

#[derive(Deserialize)]
struct Text {
    id: String,
    body: String,
}

struct Gold {
    id: String,
    span: (u32, u32),
    proclitics: String,
    enclitic: String,
}

/// Proclitics and enclitic of every Arabic word of a text, by its span in code points.
type Segmented = HashMap<(u32, u32), (String, String)>;

/// Right, wrong and missed splits.
#[derive(Default)]
struct Counts {
    right: u32,
    wrong: u32,
    missed: u32,
    same: u32,
}

/// Scores the words of `gold` in `articles`; shows at most `errors` mistakes.
///
/// # Errors
/// When a file cannot be read, or names an article that is not there.
pub fn run(gold: &Path, articles: &Path, errors: usize) -> anyhow::Result<String> {
    let read =
        |path: &Path| std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()));
    let gold = rows(&read(gold)?)?;
    let mut texts = HashMap::new();
    for line in read(articles)?.lines().filter(|line| !line.trim().is_empty()) {
        let text: Text = serde_json::from_str(line).context("an article without id or body")?;
        texts.insert(text.id, text.body);
    }
    let enricher = Enricher::new(Settings::default());
    let mut found: HashMap<&str, Segmented> = HashMap::new();
    let (mut front, mut back) = (Counts::default(), Counts::default());
    let mut mistakes: BTreeMap<String, u32> = BTreeMap::new();
    for word in &gold {
        let body = texts.get(&word.id).with_context(|| format!("{} is not in the articles", word.id))?;
        let of = found.entry(&word.id).or_insert_with(|| segment(&enricher, body));
        let none = (String::new(), String::new());
        let (proclitics, pronoun) = of.get(&word.span).unwrap_or(&none);
        count(&mut front, &word.proclitics, proclitics);
        count(&mut back, &word.enclitic, pronoun);
        if (&word.proclitics, &word.enclitic) != (proclitics, pronoun) {
            let (start, end) = (word.span.0 as usize, word.span.1 as usize);
            let text: String = body.chars().skip(start).take(end - start).collect();
            let text =
                format!("{text}: {}+{} found as {proclitics}+{pronoun}", word.proclitics, word.enclitic);
            *mistakes.entry(text).or_default() += 1;
        }
    }
    let mut out = String::new();
    let mut line = |name: &str, counts: &Counts| {
        let share = |of: u32| f64::from(counts.right) / f64::from((counts.right + of).max(1));
        let all = f64::from(counts.same) / gold.len().max(1) as f64;
        let (precision, recall) = (share(counts.wrong), share(counts.missed));
        writeln!(out, "{name:<12} precision {precision:.3}  recall {recall:.3}  words right {all:.3}")
    };
    line("proclitics", &front)?;
    line("enclitics", &back)?;
    writeln!(out, "{} words", gold.len())?;
    for (text, times) in mistakes.iter().take(errors) {
        writeln!(out, "{times:>5}  {text}")?;
    }
    Ok(out)
}

fn rows(text: &str) -> anyhow::Result<Vec<Gold>> {
    let mut out = Vec::new();
    for (number, row) in (1..).zip(text.lines()).filter(|(_, row)| !row.starts_with('#')) {
        let cells: Vec<&str> = row.split('\t').collect();
        ensure!(cells.len() >= 3, "line {number}: article, start, end, proclitics, enclitic");
        let cell = |i: usize| cells.get(i).copied().unwrap_or_default().to_owned();
        out.push(Gold {
            id: cell(0),
            span: (cell(1).parse()?, cell(2).parse()?),
            proclitics: cell(3),
            enclitic: cell(4),
        });
    }
    Ok(out)
}

fn segment(enricher: &Enricher, body: &str) -> Segmented {
    let enriched = enricher.enrich(&Article { body: body.to_owned(), ..Article::default() });
    let names: Vec<(u32, u32)> = enriched.mentions.iter().map(|m| (m.span.char[0], m.span.char[1])).collect();
    let doc = Doc::new(Field::Body, body);
    let (text, folded) = (doc.text.normalised(), doc.text.folded());
    let mut out = HashMap::new();
    for token in doc.tokens.iter().filter(|token| token.kind == TokenKind::Arabic) {
        let span = doc.span(token.range());
        let (from, to) = (span.char[0], span.char[1]);
        let mut stem = token.stem();
        if let Some((start, _)) =
            names.iter().find(|(start, end)| *start >= from && *start < to && *end >= to)
        {
            let letters = (*start - from) as usize;
            let whole = text.get(token.range()).unwrap_or("");
            let bytes = whole.char_indices().nth(letters).map_or(0, |(at, _)| at);
            stem = token.start as usize + bytes..token.end as usize;
        }
        let front = text.get(token.start as usize..stem.start).unwrap_or("").to_owned();
        let (word, written) = (folded.get(stem.clone()).unwrap_or(""), text.get(stem).unwrap_or(""));
        let back = written.get(written.len() - enclitic(word, written)..).unwrap_or("").to_owned();
        out.insert((from, to), (front, back));
    }
    out
}

fn count(counts: &mut Counts, gold: &str, found: &str) {
    counts.same += u32::from(gold == found);
    match (gold.is_empty(), found.is_empty()) {
        (false, _) if gold == found => counts.right += 1,
        (false, false) => {
            counts.wrong += 1;
            counts.missed += 1;
        }
        (false, true) => counts.missed += 1,
        (true, false) => counts.wrong += 1,
        (true, true) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_by_their_place() {
        let dir = std::env::temp_dir().join(format!("khabar-clitics-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let (gold, articles) = (dir.join("gold.tsv"), dir.join("articles.jsonl"));
        std::fs::write(&articles, "{\"id\": \"a\", \"body\": \"وصل وزير الخارجية لروسيا ورئيسها\"}\n")
            .unwrap();
        std::fs::write(&gold, "# words\na\t4\t8\t\t\na\t18\t24\tل\t\na\t25\t32\tو\tها\n").unwrap();
        let out = run(&gold, &articles, 9).unwrap();
        assert!(out.contains("proclitics   precision 1.000  recall 1.000"), "{out}");
        assert!(out.contains("3 words"), "{out}");
    }
}
