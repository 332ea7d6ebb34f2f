//! How well near-duplicates are joined by the bands of their fingerprints: on pairs that are known, and on copies that
//! are edited here as newsrooms edit them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, ensure};
use khabar_enrich::doc::{Doc, TokenKind};
use khabar_enrich::enriched::{Field, Fingerprint};
use khabar_enrich::fingerprint;
use serde::Deserialize;

/// Words of a shingle, as in fingerprints.
const SHINGLE: usize = 5;
/// Exact Jaccard similarity from which a joined pair counts as one that should be.
const ALIKE: f64 = 0.5;
/// Shortest body, in words, that is edited: below, one sentence more or less is another text.
const SHORTEST: usize = 60;

#[derive(Deserialize)]
struct Article {
    id: String,
    body: String,
}

/// Measures `articles` (JSON lines with `id` and `body`; `-` for standard input) against the pairs of `pairs` (two ids
/// and a similarity, parted by tabs).
///
/// # Errors
/// When a file cannot be read.
pub fn run(articles: &Path, pairs: &Path) -> anyhow::Result<String> {
    let text = if articles == Path::new("-") {
        std::io::read_to_string(std::io::stdin()).context("read standard input")?
    } else {
        std::fs::read_to_string(articles).with_context(|| format!("read {}", articles.display()))?
    };
    let mut all: Vec<Article> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        all.push(serde_json::from_str(line).context("an article without id or body")?);
    }
    let prints: Vec<Fingerprint> = all.iter().map(|article| print(&article.body)).collect();
    let known = std::fs::read_to_string(pairs).with_context(|| format!("read {}", pairs.display()))?;
    let mut out = String::new();
    let joined = join(&prints);
    recall(&all, &prints, &known, &mut out)?;
    precision(&all, &joined, &mut out)?;
    edits(&all, &prints, &mut out)?;
    Ok(out)
}

fn print(body: &str) -> Fingerprint {
    fingerprint::of(&Doc::new(Field::Body, body))
}

fn is_joined(a: &Fingerprint, b: &Fingerprint) -> bool {
    a.minhash.iter().zip(&b.minhash).any(|(a, b)| a == b)
}

/// All pairs that share a band.
fn join(prints: &[Fingerprint]) -> HashSet<(usize, usize)> {
    let mut pairs = HashSet::new();
    let mut by_band: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
    for (index, print) in prints.iter().enumerate() {
        for (number, band) in print.minhash.iter().enumerate() {
            let same = by_band.entry((number, band.as_ref())).or_default();
            pairs.extend(same.iter().map(|other| (*other, index)));
            same.push(index);
        }
    }
    pairs
}

fn recall(all: &[Article], prints: &[Fingerprint], known: &str, out: &mut String) -> anyhow::Result<()> {
    let place: HashMap<&str, usize> =
        all.iter().enumerate().map(|(index, article)| (article.id.as_str(), index)).collect();
    // By tenths of similarity: joined, all.
    let mut by_tenth: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for row in known.lines().skip(1).filter(|row| !row.is_empty()) {
        let cells: Vec<&str> = row.split('\t').collect();
        ensure!(cells.len() == 3, "two ids and a similarity, not {row:?}");
        let (Some(a), Some(b)) = (place.get(cells[0]), place.get(cells[1])) else { continue };
        let similarity: f64 = cells[2].parse()?;
        let (right, all) = by_tenth.entry((similarity * 10.0) as u32).or_default();
        *right += u32::from(is_joined(&prints[*a], &prints[*b]));
        *all += 1;
    }
    let sum = |of: fn(&(u32, u32)) -> u32| by_tenth.values().map(of).sum::<u32>();
    let (right, total) = (sum(|c| c.0), sum(|c| c.1));
    writeln!(out, "known pairs      {right} of {total} joined: recall {:.3}", share(right, total))?;
    for (tenth, (right, total)) in &by_tenth {
        let from = f64::from(*tenth) / 10.0;
        writeln!(out, "  similarity {from:.1}  {right:>5} of {total:>5}  {:.3}", share(*right, *total))?;
    }
    Ok(())
}

fn precision(all: &[Article], joined: &HashSet<(usize, usize)>, out: &mut String) -> anyhow::Result<()> {
    let mut shingles: HashMap<usize, HashSet<u64>> = HashMap::new();
    let (mut alike, mut related) = (0, 0);
    for (a, b) in joined {
        for index in [a, b] {
            shingles.entry(*index).or_insert_with(|| shingle(&all[*index].body));
        }
        let (a, b) = (&shingles[a], &shingles[b]);
        let common = a.intersection(b).count() as f64;
        let similarity = common / (a.len() as f64 + b.len() as f64 - common).max(1.0);
        alike += u32::from(similarity >= ALIKE);
        // One inside the other: a short report and the long one that took it in.
        related += u32::from(common / (a.len().min(b.len()) as f64).max(1.0) >= ALIKE);
    }
    let total = joined.len() as u32;
    writeln!(
        out,
        "joined pairs     {total}, of {} articles: {alike} are at least {ALIKE} alike: precision {:.3}; one is half of the \
         other in {related}: {:.3}",
        all.len(),
        share(alike, total),
        share(related, total)
    )?;
    Ok(())
}

/// The set of hashed word 5-grams.
fn shingle(body: &str) -> HashSet<u64> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let doc = Doc::new(Field::Body, body);
    let folded = doc.text.folded();
    let words: Vec<&str> = doc
        .tokens
        .iter()
        .filter(|token| token.kind != TokenKind::Punct)
        .filter_map(|token| folded.get(token.range()))
        .collect();
    let hash = |words: &[&str]| {
        let mut hasher = DefaultHasher::new();
        words.hash(&mut hasher);
        hasher.finish()
    };
    if words.len() < SHINGLE {
        HashSet::from([hash(&words)])
    } else {
        words.windows(SHINGLE).map(hash).collect()
    }
}

type Edit = (&'static str, fn(&str) -> Option<String>);

const EDITS: [Edit; 8] = [
    ("vocalised", |body| Some(marked(body, '\u{64e}'))),
    ("with tatweel", |body| Some(marked(body, '\u{640}'))),
    ("bidi marks", |body| Some(body.replace(' ', "\u{200f} \u{200e}"))),
    ("other alefs", |body| Some(body.replace(['أ', 'إ', 'آ'], "ا").replace('ى', "ي").replace('ة', "ه"))),
    ("Eastern digits", |body| Some(body.chars().map(eastern).collect())),
    ("agency line", |body| Some(format!("القاهرة (وكالات) - {body}\nالمصدر: وكالات"))),
    ("paragraph dropped", dropped),
    ("last third cut", |body| {
        let words: Vec<&str> = body.split(' ').collect();
        Some(words[..words.len() * 2 / 3].join(" "))
    }),
];

fn edits(all: &[Article], prints: &[Fingerprint], out: &mut String) -> anyhow::Result<()> {
    writeln!(out, "edited copies of bodies of at least {SHORTEST} words")?;
    for (name, edit) in EDITS {
        let (mut same, mut near, mut total) = (0, 0, 0);
        let long =
            |(article, _): &(&Article, &Fingerprint)| article.body.split_whitespace().count() >= SHORTEST;
        for (article, original) in all.iter().zip(prints).filter(long) {
            let Some(copy) = edit(&article.body) else { continue };
            let copy = print(&copy);
            same += u32::from(copy.normalised == original.normalised);
            near += u32::from(is_joined(&copy, original));
            total += 1;
        }
        writeln!(
            out,
            "  {name:<18} {total:>6}  exact {:.4}  joined {:.4}",
            share(same, total),
            share(near, total)
        )?;
    }
    Ok(())
}

/// A mark behind every third Arabic letter.
fn marked(body: &str, mark: char) -> String {
    let mut out = String::with_capacity(body.len() * 2);
    for (number, c) in body.chars().enumerate() {
        out.push(c);
        if ('ب'..='ي').contains(&c) && number % 3 == 0 {
            out.push(mark);
        }
    }
    out
}

fn eastern(c: char) -> char {
    c.to_digit(10).filter(|_| c.is_ascii()).and_then(|digit| char::from_u32('٠' as u32 + digit)).unwrap_or(c)
}

/// Without the paragraph in the middle; nothing where there are fewer than three.
fn dropped(body: &str) -> Option<String> {
    let paragraphs: Vec<&str> = body.lines().filter(|line| !line.trim().is_empty()).collect();
    if paragraphs.len() < 3 {
        return None;
    }
    let middle = paragraphs.len() / 2;
    let left = paragraphs.iter().enumerate().filter(|(number, _)| *number != middle);
    Some(left.map(|(_, line)| *line).collect::<Vec<_>>().join("\n"))
}

fn share(of: u32, all: u32) -> f64 {
    f64::from(of) / f64::from(all.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_joined_and_others_are_not() {
        let dir = std::env::temp_dir().join(format!("khabar-duplicates-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let (articles, pairs) = (dir.join("articles.jsonl"), dir.join("pairs.tsv"));
        let words = |from: u32| (from..from + 80).map(|n| format!("كلمة{n}")).collect::<Vec<_>>().join(" ");
        let line = |id: &str, body: &str| format!("{{\"id\": \"{id}\", \"body\": \"{body}\"}}\n");
        let text = line("a", &words(0)) + &line("b", &words(0)) + &line("c", &words(500));
        std::fs::write(&articles, text).unwrap();
        std::fs::write(&pairs, "id_a\tid_b\tj\na\tb\t1.000\na\tc\t0.500\n").unwrap();
        let out = run(&articles, &pairs).unwrap();
        assert!(out.contains("1 of 2 joined"), "{out}");
        assert!(out.contains("precision 1.000"), "{out}");
        assert!(out.contains("vocalised               3  exact 1.0000  joined 1.0000"), "{out}");
    }
}
