//! Silver labels: raw text as the accurate tier reads it, for the fast tagger to be trained on.
//!
//! The teacher is the whole of [`Enricher`] with an encoder: the transformer, the knowledge base, and what weighs both over
//! one document. Each line of the text is a document of its own. What is written is the format of `data/silver/README.md`,
//! which `khabar-lab train --silver LABELS=TEXT` reads: positions in words, no text.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;
use khabar_enrich::Article;
use khabar_enrich::encoder::words::words;
use khabar_enrich::tagger::TYPES;

use crate::progress::Progress;
use crate::score::Models;
use crate::score::names::outermost;
use crate::train::silver::{self, Labelled, Span};

/// What to label, and how much of it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Raw text, plain or gzip, a document a line; in a file named `.tsv` what is behind the first tab.
    pub text: PathBuf,
    /// The teacher.
    pub models: Models,
    /// One line of so many is labelled.
    pub one_in: u64,
    /// Most lines that are labelled.
    pub lines: usize,
    /// Which lines these are.
    pub seed: u64,
    /// File to write (gzip).
    pub output: PathBuf,
}

/// Labels, writes the file, and says what is in it.
///
/// # Errors
/// When a file cannot be read or written.
pub fn run(options: &Options) -> anyhow::Result<String> {
    let enricher = options.models.enricher()?;
    let file = std::fs::File::create(&options.output);
    let file = file.with_context(|| format!("write {}", options.output.display()))?;
    let mut out = GzEncoder::new(std::io::BufWriter::new(file), Compression::default());
    let mut next = 0;
    let mut counts = Counts::default();
    let mut progress = Progress::new("lines labelled");
    for line in silver::lines(&options.text)? {
        let (number, line) = line.with_context(|| format!("read {}", options.text.display()))?;
        if !is_chosen(options, number) {
            continue;
        }
        let Some(line) = line else { continue };
        let words = words(&line);
        if words.is_empty() {
            continue;
        }
        let found = enricher.enrich(&Article { body: line.clone(), ..Article::default() });
        let names = outermost(&found).into_values().map(|mention| {
            let [start, end] = mention.span.byte.map(|at| at as usize);
            let kind = TYPES.iter().position(|kind| *kind == mention.kind).unwrap_or_default();
            // The words that it touches: proclitics are part of the first.
            let words = words.partition_point(|word| word.end <= start)
                ..words.partition_point(|word| word.start < end);
            Span { words, kind, probability: mention.confidence as f32 }
        });
        let labelled = Labelled { line: number, words: words.len(), spans: silver::apart(names) };
        out.write_all(&labelled.bytes(next))
            .with_context(|| format!("write {}", options.output.display()))?;
        next = number + 1;
        counts.add(&labelled);
        progress.one();
        if counts.lines == options.lines {
            break;
        }
    }
    progress.end();
    out.finish()
        .and_then(|mut out| out.flush())
        .with_context(|| format!("write {}", options.output.display()))?;
    let models = enricher.taggers().name().unwrap_or("no tagger");
    Ok(counts.table(models))
}

/// Whether a line is labelled: by the seed and its number alone, whatever the other lines are.
fn is_chosen(options: &Options, line: usize) -> bool {
    // The finaliser of SplitMix64 (Steele et al., 2014).
    let mut hash = (options.seed ^ (line as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (hash ^ hash >> 31).is_multiple_of(options.one_in.max(1))
}

#[derive(Default)]
struct Counts {
    lines: usize,
    words: usize,
    names: [usize; TYPES.len()],
}

impl Counts {
    fn add(&mut self, labelled: &Labelled) {
        self.lines += 1;
        self.words += labelled.words;
        for span in &labelled.spans {
            if let Some(count) = self.names.get_mut(span.kind) {
                *count += 1;
            }
        }
    }

    fn table(&self, teacher: &str) -> String {
        let names = TYPES.iter().zip(self.names).map(|(kind, count)| format!("{} {count}", kind.as_str()));
        let names: Vec<String> = names.collect();
        format!("{} lines, {} words by {teacher}: {}", self.lines, self.words, names.join(", "))
    }
}
