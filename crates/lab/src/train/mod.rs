//! Trains the fast tagger: `models/fast.bin` from annotated articles and from silver labels.
//!
//! The steps: texts with the spans of names in them ([`data`]) become sentences of feature keys, word clusters ([`vocabulary`]) among them, and labels
//! ([`sentences`]); keys that are rare are left out and the others numbered; a conditional random field is trained
//! by AdaGrad on one thread, in an order that the seed fixes ([`crf`]); the weights that matter most go, rounded, into the
//! table that the service reads ([`export`]). The same data and seed give the same file.

pub mod apart;
pub mod crf;
pub mod data;
pub mod export;
pub mod sentences;
pub mod silver;
pub mod vocabulary;

use std::path::{Path, PathBuf};
use std::time::Instant;

use khabar_enrich::kb::Kb;

use crate::progress::say;

use crf::Crf;
use data::Text;
use sentences::{Numbers, Sentence, Sheets};

/// What to train on, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// Annotated articles, in our format.
    pub gold: Vec<PathBuf>,
    /// Outlets whose articles are not trained on, but measured on.
    pub held_back: Vec<String>,
    /// What is measured on: sentences that share eight words in a row with it are left out.
    pub apart: Vec<PathBuf>,
    /// How often gold sentences come in an epoch.
    pub gold_times: usize,
    /// Silver labels, each with its text.
    pub silver: Vec<(PathBuf, PathBuf)>,
    /// Word clusters.
    pub clusters: Vec<PathBuf>,
    /// Most lines of silver, spread evenly over them.
    pub silver_lines: usize,
    /// Spans below this probability make a line of silver unfit.
    pub least: f32,
    /// Passes over everything.
    pub epochs: usize,
    /// Chance that a step leaves a key out.
    pub drop: f32,
    /// Step size of AdaGrad.
    pub rate: f32,
    /// Keys that occur less often than this are left out.
    pub cutoff: u8,
    /// Words whose weights are summed when the model is loaded; at most 65,535.
    pub frequent: usize,
    /// Buckets of the table, as a power of two.
    pub bits: u32,
    /// Of the order of sentences.
    pub seed: u64,
    /// The model's name.
    pub name: String,
    /// The file to write.
    pub output: PathBuf,
}

/// Trains, writes the model, and says what came of it.
///
/// # Errors
/// When a file cannot be read or written.
pub fn run(options: &Options) -> anyhow::Result<String> {
    let kb = Kb::embedded();
    let started = Instant::now();
    let vocabulary = vocabulary::Vocabulary::read(&options.clusters)?;
    let mut sheets = Sheets::new(vocabulary.clusters()?);
    let mut held = Vec::new();
    for path in options.gold.iter().chain(options.silver.iter().map(|(_, text)| text)) {
        apart::allowed(path)?;
    }
    let held_out = apart::HeldOut::read(&options.apart)?;
    for path in &options.gold {
        for (source, text) in data::gold(path)? {
            if options.held_back.contains(&source) {
                held.push(text);
            } else {
                sheets.add(&kb, &text, &held_out);
            }
        }
    }
    let gold = sheets.len();
    for (labels, text) in &options.silver {
        let share = options.silver_lines / options.silver.len().max(1);
        data::silver(labels, text, share, options.least, |text| sheets.add(&kb, &text, &held_out))?;
        say(started, &format!("{} sentences read", sheets.len()));
    }
    say(
        started,
        &format!("{} sentences left out, which share words with what is measured on", sheets.left_out),
    );
    let numbers = Numbers::new(&sheets, options.cutoff);
    let frequent = sheets.frequent(options.frequent);
    let all = sheets.numbered(&numbers);
    let tokens: usize = all.iter().map(Sentence::len).sum();
    say(started, &format!("{} sentences, {tokens} tokens, {} keys", all.len(), numbers.len()));
    let (gold, silver) = all.split_at(gold.min(all.len()));
    let mut crf = Crf::new(numbers.len(), options.rate, options.drop, options.seed);
    let mut random = options.seed | 1;
    for epoch in 0..options.epochs {
        let mut order: Vec<&Sentence> = silver.iter().collect();
        order.extend((0..options.gold_times).flat_map(|_| gold));
        shuffle(&mut order, &mut random);
        let loss: f64 = order.iter().map(|sentence| f64::from(crf.learn(sentence))).sum();
        say(started, &format!("epoch {}: loss {:.4} a token", epoch + 1, loss / tokens as f64));
    }
    let built = export::build(&crf, &numbers, &frequent, &vocabulary, options.bits, &options.name);
    std::fs::write(&options.output, &built.bytes)?;
    let mut summary = format!(
        "{}: {} of {} keys in {} bytes, {:.0} s",
        options.output.display(),
        built.kept,
        numbers.len(),
        built.bytes.len(),
        started.elapsed().as_secs_f64()
    );
    if !held.is_empty() {
        summary += &format!("\nheld back:\n{}", measure(&kb, &options.output, &held)?);
    }
    Ok(summary)
}

/// Strict F1 of the tagger alone, by type.
fn measure(kb: &Kb, model: &Path, texts: &[Text]) -> anyhow::Result<String> {
    let model = khabar_enrich::tagger::Model::parse(std::fs::read(model)?.into())?;
    let taggers = khabar_enrich::tagger::Taggers { fast: Some(model), accurate: None };
    let mut counts = [[0_u32; 3]; 6];
    for text in texts {
        let (doc, gold) = sentences::labelled(text);
        let found = khabar_enrich::tagger::tag(kb, &taggers, &doc);
        let found: Vec<_> = found
            .iter()
            .map(|t| {
                (
                    t.tokens.clone(),
                    khabar_enrich::tagger::TYPES.iter().position(|k| *k == t.kind).unwrap_or(0),
                )
            })
            .collect();
        let gold = sentences::spans(&gold);
        for (spans, others, at) in [(&found, &gold, 1), (&gold, &found, 2)] {
            for span in spans {
                let right = others.contains(span);
                for kind in [span.1, 5] {
                    if kind == 5 && span.1 > 2 {
                        continue;
                    }
                    counts[kind][at] += 1;
                    counts[kind][0] += u32::from(right && at == 1);
                }
            }
        }
    }
    let names = khabar_enrich::tagger::TYPES.map(|kind| kind.as_str());
    let lines = names.iter().chain(&["PER, ORG, LOC"]).zip(counts).map(|(name, [right, found, gold])| {
        let (p, r) = (f64::from(right) / f64::from(found.max(1)), f64::from(right) / f64::from(gold.max(1)));
        format!("{name:<14} P {p:.3} R {r:.3} F1 {:.3} of {gold}", 2.0 * p * r / (p + r).max(1e-9))
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn shuffle<T>(items: &mut [T], random: &mut u64) {
    for i in (1..items.len()).rev() {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        items.swap(i, (*random % (i as u64 + 1)) as usize);
    }
}
