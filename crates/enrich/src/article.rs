//! What comes in: an article as the decoder found it, before anything is understood.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Diagnostic;

/// One news article. `body` and `title` are original text: character set and markup are decoded,
/// nothing else is changed, not even white space at the ends.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Article {
    /// The article's own identity (id, guid, uri), where it has one.
    pub id: Option<String>,
    /// Canonical URL.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Authors, one name each.
    pub authors: Vec<String>,
    /// Outlet or agency.
    pub publisher: Option<String>,
    /// When it was published.
    pub published: Option<Moment>,
    /// When it was crawled.
    pub fetched: Option<Moment>,
    /// Section or category.
    pub section: Option<String>,
    /// Tags or keywords.
    pub tags: Vec<String>,
    /// Declared language: a lower-case ISO 639-1 code where one exists.
    pub language: Option<String>,
    /// The body.
    pub body: String,
    /// What the decoder had to say: absent fields, aliases that matched, repairs.
    pub diagnostics: Vec<Diagnostic>,
}

/// A point in time no finer than its source: a date without a time stays a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Moment {
    /// ISO 8601: `2026`, `2026-11`, `2026-11-23`, `2026-11-23T17:00:00` or with a zone (`Z`, `+03:00`).
    pub value: String,
    /// What the source gave.
    pub precision: Precision,
    /// Whether the source gave a zone; without one `value` carries none.
    pub zone_known: bool,
}

/// How much of a moment the source gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// A year.
    Year,
    /// A month.
    Month,
    /// A day.
    Day,
    /// A minute of a day.
    Minute,
    /// A second or finer.
    Second,
}
