//! Where sentences end, and which token or pair of marks stands at a byte.

use std::ops::Range;

use super::Finder;
use super::cues::{self, Cue};
use super::marks::Pair;
use crate::doc::TokenKind;

impl Finder<'_> {
    /// The first pair that begins inside `range`.
    pub(super) fn pair_in(&self, range: &Range<usize>) -> Option<&Pair> {
        let at = self.pairs.partition_point(|pair| pair.outer.start < range.start);
        self.pairs.get(at).filter(|pair| pair.outer.start < range.end)
    }

    /// The pair, not inside another, that holds byte `at`.
    pub(super) fn pair_around(&self, at: usize) -> Option<&Pair> {
        let before = self.pairs.partition_point(|pair| pair.outer.start <= at);
        let outermost = self.pairs[..before].iter().rev().take(6).find(|pair| !pair.nested)?;
        (outermost.outer.end > at).then_some(outermost)
    }

    /// The first token at or after byte `at`, searched forward from token `from`.
    pub(super) fn token_at(&self, at: usize, from: usize) -> usize {
        from + self.words.doc.tokens[from..].partition_point(|token| (token.start as usize) < at)
    }

    /// Whether token `i` ends a sentence.
    pub(super) fn sentence_ends(&self, i: usize) -> bool {
        if self.words.kind(i) != TokenKind::Punct {
            return false;
        }
        match self.words.word(i) {
            "!" | "?" | "؟" | "۔" | "…" => true,
            "." => {
                // initials and short titles: د. , Mr.
                let before = if i == 0 { "" } else { self.words.word(i - 1) };
                let initial = self.words.is_word(i.max(1) - 1) && before.chars().count() == 1;
                let short = initial
                    || matches!(
                        before,
                        "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "No" | "Gen" | "Sen" | "Rep" | "Gov"
                    );
                !(short && self.words.is_word(i + 1) || self.words.glued(i) && self.words.glued(i + 1))
            }
            _ => false,
        }
    }

    /// Whether a search for a subject or أن ends at token `t`.
    pub(super) fn stops(&self, t: usize) -> bool {
        self.words.paragraph(t) || self.sentence_ends(t) || self.words.word(t) == ":"
    }

    pub(super) fn cue_range(&self, i: usize) -> Range<usize> {
        let (start, end) = (self.words.start(i), self.words.end(i));
        let word = self.words.word(i);
        let clitic = self.words.kind(i) == TokenKind::Arabic && word.chars().count() > 3;
        let lead = if clitic && word.starts_with(['و', 'ف']) && !matches!(self.cue_without(word), Cue::None)
        {
            2
        } else {
            0
        };
        start + lead..end
    }

    /// What the word does without its first letter.
    fn cue_without(&self, word: &str) -> Cue {
        let mut chars = word.chars();
        chars.next();
        cues::of(chars.as_str())
    }
}
