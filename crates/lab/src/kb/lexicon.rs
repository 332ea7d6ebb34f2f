//! Word classes: `data/words/*.tsv`, lines of a class and words.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, ensure};
use khabar_enrich::kb::compile::words;
use khabar_enrich::kb::word::{Class, Classes};

/// Folded words and their classes.
pub type Lexicon = BTreeMap<String, Classes>;

/// Reads every table of the folder.
pub fn read(folder: &Path) -> anyhow::Result<Lexicon> {
    let mut paths = std::fs::read_dir(folder)
        .with_context(|| format!("read the folder {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<anyhow::Result<Vec<_>>>()?;
    paths.retain(|p| p.extension().is_some_and(|e| e == "tsv"));
    paths.sort();
    let mut lexicon = Lexicon::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.is_empty()) {
            let place = || format!("{}:{}", path.display(), n + 1);
            let (class, list) = line.split_once('\t').with_context(|| format!("{}: no tab", place()))?;
            let class = Class::named(class).with_context(|| format!("{}: unknown class {class}", place()))?;
            ensure!(!list.contains('\t'), "{}: more than two columns", place());
            for word in list.split_whitespace().flat_map(|w| forms(w, class)) {
                let word = word.as_str();
                // Words of several tokens (hyphens) have no class of their own.
                if let [key] = words(word).as_slice() {
                    let classes = lexicon.entry(key.clone()).or_default();
                    *classes = classes.with(class);
                }
            }
        }
    }
    Ok(lexicon)
}

/// A word with its cases, where it is a Russian name.
fn forms(word: &str, class: Class) -> Vec<String> {
    let russian = word.starts_with(|c: char| ('А'..='я').contains(&c));
    if russian && class == Class::Given {
        khabar_enrich::kb::russian::decline(word, true)
    } else {
        vec![word.to_owned()]
    }
}
