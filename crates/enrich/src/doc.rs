//! One field of an article, analysed: what every layer reads.

use std::ops::Range;

use crate::aligned::AlignedText;
use crate::enriched::{Field, Span};

/// Aligned text with its tokens and sentences. All ranges are byte offsets of the normalised text.
#[derive(Debug, Clone)]
pub struct Doc {
    /// Title or body.
    pub field: Field,
    /// The text.
    pub text: AlignedText,
    /// Tokens in order: words, numbers, single punctuation marks; white space belongs to none.
    pub tokens: Vec<Token>,
    /// Sentences in order, without surrounding white space; they cover every token.
    pub sentences: Vec<Range<u32>>,
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// What it is.
    pub kind: TokenKind,
    /// Bytes of proclitics at its start (for لل: both lams), by lexicon and context; 0 when none.
    pub proclitic: u8,
}

/// Kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Arabic letters.
    Arabic,
    /// Latin letters.
    Latin,
    /// Cyrillic letters.
    Cyrillic,
    /// Letters of another script.
    Other,
    /// Digits of any script, with inner separators (`1,5`, `20.000`).
    Number,
    /// One punctuation mark or symbol.
    Punct,
}

impl Doc {
    /// Analyses `original`.
    pub fn new(field: Field, original: &str) -> Self {
        Self { field, text: AlignedText::new(original), tokens: Vec::new(), sentences: Vec::new() }
    }
    /// The span in the original, in three units, of a range of the normalised text.
    pub fn span(&self, range: Range<usize>) -> Span {
        let byte = self.text.to_original(range);
        let before = &self.text.original()[..byte.start];
        let inside = &self.text.original()[byte.clone()];
        let (c, u) = (before.chars().count(), before.encode_utf16().count());
        let (ci, ui) = (inside.chars().count(), inside.encode_utf16().count());
        let pair = |a: usize, b: usize| [a as u32, b as u32];
        Span {
            field: self.field,
            char: pair(c, c + ci),
            byte: pair(byte.start, byte.end),
            utf16: pair(u, u + ui),
        }
    }
    /// The original words of a range of the normalised text.
    pub fn original(&self, range: Range<usize>) -> &str {
        &self.text.original()[self.text.to_original(range)]
    }
}
