//! The card of a model: what it is, what it was made of, how good it is, and where it is not.
//!
//! What people know of it stands in a description (TOML, [`Description`]) beside the file; its size, digest and name are read
//! from the file, and the figures are measured ([`crate::eval`]). The same description, files and articles give the same
//! card.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use khabar_enrich::encoder::Encoder;
use khabar_enrich::tagger::Model;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::eval::{self, Scores};

/// What people know of a model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Name of its file, which lies beside the description.
    pub file: String,
    /// Which tagger it is.
    pub kind: Kind,
    /// What it is, in a few sentences.
    pub about: String,
    /// What else is to be known, by a word for it.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// How it was made.
    pub made: Made,
    /// What it was trained on.
    pub data: Vec<Data>,
    /// What it was measured on.
    pub measured: Measured,
    /// Where it is weak, and what is not known.
    pub limits: Vec<String>,
}

/// The two taggers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Of the fast tier.
    Fast,
    /// Of the accurate tier.
    Accurate,
}

/// Something to be known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// A word for it.
    pub name: String,
    /// What is to be known.
    pub text: String,
}

/// How a model was made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// In words.
    pub text: String,
    /// What was run, in order.
    pub commands: Vec<String>,
}

/// What a model was trained on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// What it is called.
    pub name: String,
    /// Its licence.
    pub licence: String,
    /// By whom, and which part of it.
    #[serde(default)]
    pub note: String,
}

/// What a model was measured on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// In words: which articles, and whether the model has seen them.
    pub on: String,
    /// Other figures, each with how it was measured.
    #[serde(default)]
    pub others: Vec<String>,
}

/// Where the card is made of.
#[derive(Debug, Clone)]
pub struct Options {
    /// The description.
    pub description: PathBuf,
    /// Annotated articles to measure on.
    pub gold: PathBuf,
    /// What was trained on: figures for names that were seen, and by length.
    pub train: Vec<PathBuf>,
    /// File to write.
    pub output: PathBuf,
}

/// Measures, writes the card, and says so.
///
/// # Errors
/// When a file cannot be read or written, or the description is not as [`Description`] says.
pub fn run(options: &Options) -> anyhow::Result<String> {
    let description = Description::read(&options.description)?;
    let path = options.description.with_file_name(&description.file);
    let file = File::read(&path, description.kind)?;
    let mut models = crate::score::Models::default();
    match description.kind {
        Kind::Fast => models.tagger = Some(path),
        Kind::Accurate => models.encoder = Some(path),
    }
    let scores = eval::scores(&eval::Options {
        gold: options.gold.clone(),
        train: options.train.clone(),
        models,
        ..eval::Options::default()
    })?;
    let card = card(&description, &file, &figures(&scores, !options.train.is_empty()));
    std::fs::write(&options.output, card).with_context(|| format!("write {}", options.output.display()))?;
    Ok(format!("{}: {} of {} articles", options.output.display(), file.name, scores.articles))
}

impl Description {
    /// # Errors
    /// When it cannot be read, or lacks something.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }
}

/// What a file says of itself.
#[derive(Debug, Clone)]
pub struct File {
    /// Its size in bytes.
    pub bytes: usize,
    /// SHA-256 of them.
    pub digest: String,
    /// The model's name, as records show it.
    pub name: String,
}

impl File {
    /// # Errors
    /// When it cannot be read or is no such model.
    pub fn read(path: &Path, kind: Kind) -> anyhow::Result<Self> {
        let bytes = crate::read(path)?;
        let load = || format!("load {}", path.display());
        let digest =
            Sha256::digest(&bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let len = bytes.len();
        let name = match kind {
            Kind::Fast => Model::parse(bytes.into()).with_context(load)?.name().to_owned(),
            Kind::Accurate => Encoder::parse(&bytes).with_context(load)?.name().to_owned(),
        };
        if name.is_empty() {
            bail!("{} has no name", path.display());
        }
        Ok(Self { bytes: len, digest, name })
    }
}

/// Heading of the figures; they end where the next heading begins.
const FIGURES: &str = "## Measured";

/// The table of figures: of types, and, where it is known what was trained on, of what was seen, and of lengths.
pub fn figures(scores: &Scores, closely: bool) -> String {
    let mut text = format!("{} articles, {} names.\n\n", scores.articles, scores.names);
    text += "| | precision | recall | F1 | right | wrong | missed |\n|---|---|---|---|---|---|---|\n";
    let is_of_type = |row: &str| row == eval::ALL || row == eval::CORE || row.starts_with(' ');
    for (row, count) in scores.tally.rows().filter(|(row, _)| closely || is_of_type(row)) {
        let [p, r, f] = [count.precision(), count.recall(), count.f1()];
        let _ = writeln!(
            text,
            "| {} | {p:.3} | {r:.3} | {f:.3} | {} | {} | {} |",
            row.trim(),
            count.right,
            count.wrong,
            count.missed
        );
    }
    text
}

/// The card as text.
pub fn card(description: &Description, file: &File, figures: &str) -> String {
    let Description { file: path, about, facts, made, data, measured, limits, .. } = description;
    let mut text = format!("# {path}\n\n{}\n\n", about.trim());
    let File { bytes, digest, name } = file;
    let _ = writeln!(
        text,
        "- **File**: {:.1} MB, named `{name}` in records; SHA-256 `{digest}`.",
        *bytes as f64 / 1e6
    );
    for Fact { name, text: fact } in facts {
        let _ = writeln!(text, "- **{name}**: {}", fact.trim().replace('\n', "\n  "));
    }
    let _ =
        write!(text, "\n## Made by\n\n{}\n\n```sh\n{}\n```\n\n", made.text.trim(), made.commands.join("\n"));
    text += "## Data\n\n| | licence | |\n|---|---|---|\n";
    for Data { name, licence, note } in data {
        let _ = writeln!(text, "| {name} | {licence} | {note} |");
    }
    let _ = write!(text, "\n{FIGURES}\n\n{}\n\n{}", measured.on.trim(), figures);
    let list = |items: &[String]| {
        items.iter().map(|item| format!("- {}\n", item.trim().replace('\n', "\n  "))).collect::<String>()
    };
    if !measured.others.is_empty() {
        let _ = write!(text, "\n{}", list(&measured.others));
    }
    let _ = write!(text, "\n## Limits\n\n{}", list(limits));
    text
}

/// The figures that a card has.
#[cfg(test)]
fn figures_of<'a>(card: &'a str, description: &Description) -> Option<&'a str> {
    let measured = card.split_once(FIGURES)?.1;
    let behind = measured.split_once(description.measured.on.trim())?.1.trim_start();
    let end = behind.rfind("|\n")? + 2;
    behind.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cards of the repository are those of the files beside them.
    #[test]
    fn cards_are_of_these_files_and_descriptions() {
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
        for name in ["accurate", "fast"] {
            let description =
                Description::read(&models.join(format!("{name}.card.toml"))).expect("a description");
            let file = File::read(&models.join(&description.file), description.kind).expect("a model");
            let written = std::fs::read_to_string(models.join(format!("{name}.card.md"))).expect("a card");
            let figures = figures_of(&written, &description).expect("figures");
            assert!(
                card(&description, &file, figures) == written,
                "models/{name}.card.md is not of {name}.card.toml and {}: `khabar-lab card` writes it anew",
                description.file
            );
        }
    }
}
