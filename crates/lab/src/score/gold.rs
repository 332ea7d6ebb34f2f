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

/// The day of publication as `YYYY-MM-DD`, however the source writes it: `2026-11-23T17:00:00Z`, `2026/11/23`, `20261123`,
/// `23/11/2026`, `Mon, 23 Nov 2026 17:00:00 GMT`. The annotation counts from that day, so it must not get lost here.
pub fn day(date: &str) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let parts: Vec<&str> =
        date.split(|c: char| !c.is_ascii_alphanumeric()).filter(|p| !p.is_empty()).collect();
    let number = |text: &str| {
        let head = text.split(['T', 't']).next().unwrap_or(text);
        head.bytes().all(|b| b.is_ascii_digit()).then(|| head.parse::<u32>().ok()).flatten()
    };
    let named = |text: &str| {
        let head = text.get(..3).unwrap_or("").to_ascii_lowercase();
        (1..).zip(MONTHS).find(|(_, month)| *month == head).map(|(month, _)| month)
    };
    // a day of the week may stand before
    let skip = usize::from(parts.first().is_some_and(|part| number(part).is_none() && named(part).is_none()));
    let (first, second, third) = (parts.get(skip)?, parts.get(skip + 1), parts.get(skip + 2));
    let (year, month, day) = match (number(first), second, third) {
        (Some(whole), _, _) if first.split(['T', 't']).next().is_some_and(|head| head.len() == 8) => {
            (whole / 10_000, whole / 100 % 100, whole % 100)
        }
        (Some(year), Some(month), Some(day)) if first.len() == 4 => (year, number(month)?, number(day)?),
        (Some(day), Some(month), Some(year)) => (number(year)?, number(month).or_else(|| named(month))?, day),
        (None, Some(day), Some(year)) => (number(year)?, named(first)?, number(day)?),
        _ => return None,
    };
    let real = (1000..=2999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    real.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Reads a file of annotated articles.
pub fn read(path: &Path) -> anyhow::Result<Vec<Article>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let line = |(n, line): (usize, &str)| {
        serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), n + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(line).collect()
}
