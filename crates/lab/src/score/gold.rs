//! Annotated articles: JSON lines, one object an article; what is annotated are the fields of [`Article`], what is
//! left out counts as not there.

use std::path::Path;

use anyhow::Context;
use khabar_enrich::enriched::EntityType;
use serde::Deserialize;

/// An annotated article. Offsets are code points of the body, half-open.
#[derive(Debug, Deserialize)]
pub struct Article {
    /// ISO 639-1 code.
    #[serde(default = "arabic")]
    pub lang: String,
    /// Day of publication, with or without a time.
    #[serde(default)]
    pub date: Option<String>,
    /// Headline; nothing is annotated in it.
    #[serde(default)]
    pub title: Option<String>,
    /// Text.
    pub body: String,
    /// Names.
    #[serde(default)]
    pub mentions: Vec<Mention>,
    /// Direct speech.
    #[serde(default)]
    pub quotes: Vec<Quote>,
    /// Time expressions.
    #[serde(default)]
    pub times: Vec<Time>,
    /// Quantities.
    #[serde(default)]
    pub quantities: Vec<Quantity>,
}

fn arabic() -> String {
    "ar".to_owned()
}

/// A name.
#[derive(Debug, Deserialize)]
pub struct Mention {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// What it names.
    #[serde(default)]
    pub entity: String,
    /// First code point.
    pub start: u32,
    /// Code point after the last.
    pub end: u32,
    /// The words.
    pub text: String,
    /// Undecidable: neither rewarded nor punished.
    #[serde(default)]
    pub optional: bool,
}

/// Direct speech.
#[derive(Debug, Deserialize)]
pub struct Quote {
    /// First code point.
    pub start: u32,
    /// Code point after the last.
    pub end: u32,
    /// The words.
    pub text: String,
    /// An entity of a mention, words of the text, or nothing.
    #[serde(default)]
    pub speaker: Option<String>,
}

/// A time expression.
#[derive(Debug, Deserialize)]
pub struct Time {
    /// First code point.
    pub start: u32,
    /// Code point after the last.
    pub end: u32,
    /// The words.
    pub text: String,
    /// TIMEX3 value.
    pub value: String,
}

/// A quantity.
#[derive(Debug, Deserialize)]
pub struct Quantity {
    /// First code point.
    pub start: u32,
    /// Code point after the last.
    pub end: u32,
    /// The words.
    pub text: String,
    /// A number, or two of a score: `2-1`.
    pub value: serde_json::Value,
}

/// Reads a file of annotated articles.
pub fn read(path: &Path) -> anyhow::Result<Vec<Article>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let line = |(n, line): (usize, &str)| {
        serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), n + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(line).collect()
}
