//! Numbers, units and time words of a document, looked up once for times and quantities.

use std::sync::LazyLock;

use crate::doc::{Doc, TokenKind};
use crate::enriched::{Quantity, Time};
use crate::lex::{Hit, Lexicon, Words};
use crate::numbers::words::{self as number_words, Num};
use crate::quantities::units::{self, UnitWord};
use crate::times::lexicon::{self as time_words, TimeWord};
use crate::{quantities, times};

/// What a word may be in a date or a quantity.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fact {
    /// As a number.
    pub num: Num,
    /// In a time expression.
    pub time: TimeWord,
    /// Behind a number.
    pub unit: UnitWord,
}

static FRENCH: LazyLock<Lexicon<Fact>> = LazyLock::new(|| lexicon(true));
static OTHER: LazyLock<Lexicon<Fact>> = LazyLock::new(|| lexicon(false));

fn lexicon(french: bool) -> Lexicon<Fact> {
    let mut list = Lexicon::new();
    number_words::add(&mut list, french);
    time_words::add(&mut list, french);
    units::add(&mut list, french);
    list
}

/// A document with its facts.
pub(crate) struct Facts<'a> {
    /// The document as words.
    pub words: &'a Words<'a>,
    /// ISO 639-1 code.
    pub language: &'a str,
    hits: Vec<Option<Hit<Fact>>>,
    /// Whether a token is a number, or in the lists.
    tells: Vec<bool>,
}

impl<'a> Facts<'a> {
    /// Looks up every word.
    pub fn new(words: &'a Words<'a>, language: &'a str) -> Self {
        let list = if language == "fr" { &*FRENCH } else { &*OTHER };
        let hits: Vec<_> = (0..words.len())
            .map(|i| match words.kind(i) {
                TokenKind::Punct | TokenKind::Number | TokenKind::Other => None,
                kind => list.look(words.word(i), words.folded(i), kind),
            })
            .collect();
        let is_number = |i| words.kind(i) == TokenKind::Number;
        let tells = hits.iter().enumerate().map(|(i, hit)| hit.is_some() || is_number(i)).collect();
        Self { words, language, hits, tells }
    }

    /// Whether one of the tokens from `from` on, so many, is a number or in the lists.
    pub fn tells_within(&self, from: usize, many: usize) -> bool {
        let to = self.tells.len().min(from.saturating_add(many));
        self.tells.get(from..to).is_some_and(|tells| tells.contains(&true))
    }

    /// The entry of token `i`.
    pub fn hit(&self, i: usize) -> Option<Hit<Fact>> {
        self.hits.get(i).copied().flatten()
    }

    /// Token `i` as a number word.
    pub fn num(&self, i: usize) -> Num {
        self.hit(i).map_or(Num::None, |hit| hit.value.num)
    }

    /// Token `i` as a time word.
    pub fn time(&self, i: usize) -> TimeWord {
        self.hit(i).map_or(TimeWord::None, |hit| hit.value.time)
    }

    /// Token `i` as a unit.
    pub fn unit(&self, i: usize) -> UnitWord {
        self.hit(i).map_or(UnitWord::None, |hit| hit.value.unit)
    }

    /// Bytes of proclitics at token `i`.
    pub fn lead(&self, i: usize) -> usize {
        self.hit(i).map_or(0, |hit| usize::from(hit.lead))
    }

    /// Whether token `i` carries the article.
    pub fn definite(&self, i: usize) -> bool {
        self.hit(i).is_some_and(|hit| hit.definite)
    }

    /// Whether token `i` is what stands behind the colon of a clock or of a length like it, in Arabic: 58 of 9:58.
    pub fn clock_tail(&self, i: usize) -> bool {
        let digits = |t: usize| self.words.kind(t) == TokenKind::Number;
        // Every token is asked, and few are numbers.
        if i < 2 || !digits(i) || self.language != "ar" {
            return false;
        }
        let glued = self.words.glued(i) && self.words.glued(i - 1);
        glued && self.words.word(i - 1) == ":" && digits(i - 2)
    }
}

/// Times and quantities of `doc`, each in text order. `anchor` is the ISO date of publication.
pub fn find(doc: &Doc, anchor: Option<&str>, language: &str) -> (Vec<Time>, Vec<Quantity>) {
    among(&Words::new(doc), anchor, language)
}

/// The same, of a document that is laid out as words.
pub(crate) fn among(words: &Words<'_>, anchor: Option<&str>, language: &str) -> (Vec<Time>, Vec<Quantity>) {
    let doc = words.doc;
    let facts = Facts::new(words, language);
    let times = times::all(&facts, anchor);
    let quantities = quantities::all(&facts, &times);
    (times.into_iter().map(|found| found.publish(doc, anchor)).collect(), quantities)
}
