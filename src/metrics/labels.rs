//! Labels that are closed sets.

use super::catalogue::LANGUAGES;

/// A stage, as a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageLabel {
    /// Bytes to article.
    Decode,
    /// Article to what it says.
    Extract,
    /// What it says to JSON.
    Encode,
}

impl StageLabel {
    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            StageLabel::Decode => "decode",
            StageLabel::Extract => "extract",
            StageLabel::Encode => "encode",
        }
    }
}

/// The label of a detected language: one of ours, `other`, or `unknown`.
pub fn language_label(detected: Option<&str>) -> &'static str {
    match detected {
        None => "unknown",
        Some(code) => LANGUAGES.iter().find(|l| **l == code).copied().unwrap_or("other"),
    }
}
