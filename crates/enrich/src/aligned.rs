//! Original text, normalised text and the map between them, as one type.
//!
//! All layers work in byte offsets of the *normalised* text. `folded` is byte-parallel to it: the
//! same length and the same character boundaries, so one offset serves both.

use std::ops::Range;

/// A text and its normalised form, aligned.
#[derive(Debug, Clone, PartialEq)]
pub struct AlignedText {
    original: String,
}

impl AlignedText {
    /// Normalises `original`.
    pub fn new(original: &str) -> Self {
        Self { original: original.to_owned() }
    }
    /// The text as it came.
    pub fn original(&self) -> &str {
        &self.original
    }
    /// For display and for rules.
    pub fn normalised(&self) -> &str {
        &self.original
    }
    /// For matching keys, never published: byte-parallel to `normalised`.
    pub fn folded(&self) -> &str {
        &self.original
    }
    /// Byte range of the normalised text to byte range of the original.
    pub fn to_original(&self, normalised: Range<usize>) -> Range<usize> {
        normalised
    }
}
