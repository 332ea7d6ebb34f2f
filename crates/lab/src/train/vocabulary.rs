//! Word clusters (`crates/lab/neural/clusters.py`), and the words that they are made of.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use khabar_enrich::doc::Doc;
use khabar_enrich::enriched::Field;
use khabar_enrich::kb::Kb;
use khabar_enrich::tagger::{self, Clusters, clusters};
use rustc_hash::FxHashSet;

use super::silver;
use crate::progress::Progress;

/// Clusters as a model's file has them.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Hashes of words, with the fine cluster of each, from 1 on.
    pub words: Vec<(u64, u16)>,
    /// The coarse cluster of each fine one, from 1 on.
    pub coarse: Vec<u8>,
}

impl Vocabulary {
    /// Reads files of `WORD \t FINE \t COARSE`, numbers from 0 on, every one with clusters of its own. Of a word that comes twice,
    /// the first counts.
    ///
    /// # Errors
    /// When a file cannot be read, or a fine cluster is of two coarse ones.
    pub fn read(paths: &[PathBuf]) -> anyhow::Result<Self> {
        let mut all = Self::default();
        let mut seen = FxHashSet::default();
        for path in paths {
            let (fine_before, coarse_before) = (all.coarse.len(), all.coarse.iter().max().map_or(0, |c| *c));
            for (number, line) in crate::lines(path)?.enumerate() {
                let line = line?;
                let at =
                    || format!("{}, line {}: WORD, FINE, COARSE parted by tabs", path.display(), number + 1);
                let mut parts = line.split('\t');
                let (Some(word), Some(fine), Some(coarse)) = (parts.next(), parts.next(), parts.next())
                else {
                    bail!(at());
                };
                let fine = fine_before + usize::from(fine.parse::<u16>().with_context(at)?);
                let coarse = coarse.parse::<u8>().ok().and_then(|c| c.checked_add(coarse_before + 1));
                let coarse = coarse.with_context(at)?;
                if all.coarse.len() <= fine {
                    all.coarse.resize(fine + 1, 0);
                }
                if all.coarse[fine] != 0 && all.coarse[fine] != coarse {
                    bail!(
                        "{}, line {}: fine cluster {fine} is of two coarse ones",
                        path.display(),
                        number + 1
                    );
                }
                all.coarse[fine] = coarse;
                let (word, fine) = (clusters::hash_of(word), u16::try_from(fine + 1).with_context(at)?);
                if seen.insert(word) {
                    all.words.push((word, fine));
                }
            }
            // A number that no word has stands for nothing, but must be of some coarse cluster.
            all.coarse.iter_mut().filter(|coarse| **coarse == 0).for_each(|coarse| *coarse = 1);
        }
        all.words.sort_unstable();
        Ok(all)
    }

    /// As the tagger looks them up.
    ///
    /// # Errors
    /// When there are too many.
    pub fn clusters(&self) -> anyhow::Result<Clusters> {
        Ok(Clusters::new(&self.words, &self.coarse)?)
    }
}

/// Prints the words of each line of a text as the tagger sees them, spaces between them: folded, behind their proclitics,
/// digits as zeros. Sentences are lines of their own.
///
/// # Errors
/// When the text cannot be read or the words cannot be written.
pub fn words(text: &Path, mut out: impl Write) -> anyhow::Result<String> {
    let kb = Kb::embedded();
    let mut progress = Progress::new("lines");
    let (mut count, mut sentences) = (0_u64, 0_u64);
    for line in silver::lines(text)? {
        let Some(line) = line.with_context(|| format!("read {}", text.display()))?.1 else { continue };
        let doc = Doc::new(Field::Body, &line);
        let features = tagger::features(&kb, &doc);
        for sentence in tagger::sentences(&doc) {
            let mut between = "";
            for word in sentence.filter_map(|i| features.word(&doc, i)) {
                if !word.contains(char::is_whitespace) {
                    write!(out, "{between}{word}")?;
                    between = " ";
                    count += 1;
                }
            }
            writeln!(out)?;
            sentences += 1;
        }
        progress.one();
    }
    out.flush()?;
    Ok(format!("{count} words in {sentences} sentences"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_of_two_files_are_apart() {
        let folder = std::env::temp_dir().join(format!("khabar-clusters-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let (one, two) = (folder.join("one.tsv"), folder.join("two.tsv"));
        std::fs::write(&one, "كتب\t1\t0\nقلم\t0\t1\n").expect("written");
        std::fs::write(&two, "pen\t0\t0\nكتب\t0\t0\n").expect("written");
        let all = Vocabulary::read(&[one.clone(), two.clone()]).expect("clusters");
        let clusters = all.clusters().expect("few");
        let of = |word| clusters.find(clusters::hash_of(word));
        assert_eq!((of("كتب"), of("قلم"), of("pen"), of("none")), ((2, 1), (1, 2), (3, 3), (0, 0)));
        std::fs::write(&two, "pen\t0\t0\npaper\t0\t1\n").expect("written");
        let error = Vocabulary::read(&[two]).expect_err("two coarse clusters");
        assert!(error.to_string().contains("line 2"), "{error}");
        std::fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn words_are_those_behind_proclitics() {
        let path = std::env::temp_dir().join(format!("khabar-words-{}.txt", std::process::id()));
        std::fs::write(&path, "سافر أحمد إلى القاهرة وبيروت في 2021.\n").expect("written");
        let mut out = Vec::new();
        words(&path, &mut out).expect("words");
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(String::from_utf8(out).expect("text"), "سافر احمد الي القاهره بيروت في 0000 .\n");
    }
}
