//! One field of an article, analysed: what every layer reads.

use std::ops::Range;

use crate::aligned::AlignedText;
use crate::clitics;
use crate::enriched::{Field, Span};
use crate::positions::Positions;
use crate::segment;

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
    positions: Positions,
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

impl Token {
    /// All of it, proclitics included.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The word without its proclitics.
    pub fn stem(&self) -> Range<usize> {
        (self.start + u32::from(self.proclitic)).min(self.end) as usize..self.end as usize
    }

    /// Letters of any script, as opposed to numbers and punctuation.
    pub fn is_word(&self) -> bool {
        !matches!(self.kind, TokenKind::Number | TokenKind::Punct)
    }
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
        let text = AlignedText::new(original);
        let mut tokens = segment::tokens(&text);
        clitics::mark(&text, &mut tokens);
        let sentences = segment::sentences(text.normalised(), &tokens);
        let positions = Positions::new(original);
        Self { field, text, tokens, sentences, positions }
    }

    /// Leaves out the tokens after the first `most`, and the sentences after them; says where in the
    /// normalised text that is, `None` when there are no more.
    pub(crate) fn limit(&mut self, most: usize) -> Option<usize> {
        let end = self.tokens.get(most)?.start;
        self.tokens.truncate(most);
        self.sentences.retain(|sentence| sentence.start < end);
        if let (Some(sentence), Some(token)) = (self.sentences.last_mut(), self.tokens.last()) {
            sentence.end = sentence.end.min(token.end);
        }
        Some(end as usize)
    }

    /// The span in the original, in three units, of a range of the normalised text.
    pub fn span(&self, range: Range<usize>) -> Span {
        let byte = self.text.to_original(range);
        let (char_start, utf16_start) = self.positions.at(self.text.original(), byte.start);
        let (char_end, utf16_end) = self.positions.at(self.text.original(), byte.end);
        Span {
            field: self.field,
            char: [char_start, char_end],
            byte: [byte.start as u32, byte.end as u32],
            utf16: [utf16_start, utf16_end],
        }
    }

    /// The original words of a range of the normalised text.
    pub fn original(&self, range: Range<usize>) -> &str {
        self.text.original().get(self.text.to_original(range)).unwrap_or("")
    }

    /// The normalised words of a token.
    pub fn normalised_token(&self, token: &Token) -> &str {
        self.text.normalised().get(token.range()).unwrap_or("")
    }

    /// The folded words of a token, proclitics included.
    pub fn folded_token(&self, token: &Token) -> &str {
        self.text.folded().get(token.range()).unwrap_or("")
    }

    /// The folded word of a token without its proclitics.
    pub fn folded_stem(&self, token: &Token) -> &str {
        self.text.folded().get(token.stem()).unwrap_or("")
    }

    /// Index of the first token that ends after `at`, a byte offset of the normalised text.
    pub fn token_at(&self, at: usize) -> usize {
        self.tokens.partition_point(|token| token.end as usize <= at)
    }

    /// Index of the sentence that holds `at`, a byte offset of the normalised text; between two, the next.
    pub fn sentence_at(&self, at: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.end as usize <= at)
    }
}
