//! What is measured on is kept out of training.
//!
//! Training text that shares eight words in a row with a text that is measured on is left out, and corpora that must
//! not be trained on are refused by name: those that are held out, and those whose licence forbids it.

use std::path::Path;

use anyhow::{Context, bail};
use rustc_hash::FxHashSet;

use khabar_enrich::encoder::words::words;

/// Corpora that nothing is trained on, by a part of the path in small letters, and why.
pub const FORBIDDEN: [(&str, &str); 12] = [
    ("conll2003", "its text is for research only"),
    ("conll03", "its text is for research only"),
    ("ontonotes", "its licence is not for everybody"),
    ("ace2005", "its licence is not for everybody"),
    ("aqmar", "held out for the last measurement"),
    ("caraner", "held out for the last measurement"),
    ("pud", "held out for the last measurement"),
    ("anercorp_camellab_test", "held out for the last measurement"),
    ("factrueval2016/testset", "held out for the last measurement"),
    ("wojood", "its licence is for research only"),
    ("khabar_ar/dev", "development set: measured on"),
    ("wikineural", "not for commercial use"),
];

/// Words in a row that two texts may not share.
pub const GRAM: usize = 8;

/// Refuses a corpus that must not be trained on.
///
/// # Errors
/// When its path names one.
pub fn allowed(path: &Path) -> anyhow::Result<()> {
    let name = path.to_string_lossy().to_lowercase();
    match FORBIDDEN.iter().find(|(part, _)| name.contains(part)) {
        Some((part, why)) => bail!("{} is not to be trained on: {part}: {why}", path.display()),
        None => Ok(()),
    }
}

/// Texts that are measured on.
#[derive(Debug, Default)]
pub struct HeldOut {
    grams: FxHashSet<u64>,
}

impl HeldOut {
    /// Reads files of JSON lines with `body`, else plain lines.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn read(paths: &[impl AsRef<Path>]) -> anyhow::Result<Self> {
        let mut held = Self::default();
        for path in paths.iter().map(AsRef::as_ref) {
            let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
            for line in text.lines() {
                let body = serde_json::from_str::<serde_json::Value>(line).ok();
                let body = body.as_ref().and_then(|value| value["body"].as_str());
                held.add(body.unwrap_or(line));
            }
        }
        Ok(held)
    }

    /// Adds a text.
    pub fn add(&mut self, text: &str) {
        self.grams.extend(grams(text));
    }

    /// Whether a text shares [`GRAM`] words in a row with one of these.
    pub fn shares(&self, text: &str) -> bool {
        !self.grams.is_empty() && grams(text).any(|gram| self.grams.contains(&gram))
    }
}

fn grams(text: &str) -> impl Iterator<Item = u64> {
    let hashes: Vec<u64> = words(text).into_iter().filter_map(|word| text.get(word)).map(hash).collect();
    (GRAM..=hashes.len()).map(move |end| {
        hashes[end - GRAM..end]
            .iter()
            .fold(0, |sum: u64, hash| (sum.rotate_left(7) ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    })
}

fn hash(word: &str) -> u64 {
    word.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_words_in_a_row_are_found_and_seven_are_not() {
        let mut held = HeldOut::default();
        held.add("one two three four five six seven eight nine ten");
        assert!(held.shares("x two three four five six seven eight nine y"));
        assert!(!held.shares("x two three four five six seven eight y nine"));
        assert!(!HeldOut::default().shares("two three four five six seven eight nine"));
    }

    #[test]
    fn corpora_that_are_held_out_are_refused_by_name() {
        for path in [
            "a/khabar_ar/dev.jsonl",
            "b/AQMAR/x.txt",
            "c/ANERCorp_CamelLab_test.txt",
            "d/wojood_sample/train.txt",
        ] {
            assert!(allowed(Path::new(path)).is_err(), "{path}");
        }
        assert!(allowed(Path::new("shared/corpora/khabar_ar/train.jsonl")).is_ok());
    }

    /// With the corpora at hand: what would be trained on shares nothing with what is measured on.
    #[test]
    fn what_is_trained_on_is_apart_from_what_is_measured_on() {
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
        let labels = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/silver/ar.bin.gz");
        let (dev, train) =
            (shared.join("corpora/khabar_ar/dev.jsonl"), shared.join("corpora/khabar_ar/train.jsonl"));
        if !dev.exists() {
            eprintln!("the corpora are not at hand: nothing was compared");
            return;
        }
        let held = HeldOut::read(&[&dev]).expect("readable");
        let mut shares = 0;
        crate::train::data::silver(&labels, &shared.join("text/ar_raw.txt.gz"), usize::MAX, 0.0, |text| {
            shares += usize::from(held.shares(&text.text));
        })
        .expect("readable");
        assert_eq!(shares, 0, "lines of silver share {GRAM} words with the development set");
        let sentences = |text: &crate::train::data::Text| {
            crate::train::sentences::texts(text).into_iter().filter(|s| held.shares(s)).count()
        };
        let gold: usize =
            crate::train::data::gold(&train).expect("readable").iter().map(|(_, t)| sentences(t)).sum();
        eprintln!(
            "{gold} annotated sentences share {GRAM} words with the development set: training leaves them out"
        );
        assert!(gold < 200, "{gold}: the sets overlap");
    }
}
