//! Names that the knowledge base does not list, by the words around and inside them.
//!
//! Everything is read from word classes that the gazetteer has already looked up, so a pattern costs
//! a few comparisons a token; every search is capped, so hostile text stays linear.

mod arabic;
mod capitals;
mod events;

use std::ops::Range;

use crate::doc::{Doc, Token, TokenKind};
use crate::enriched::EntityType;
use crate::entities::settle::Known;
use crate::gazetteer::Seen;
use crate::kb::word::{Class, Classes};

/// A name found by a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guess {
    /// Tokens it covers, the first perhaps in part.
    pub tokens: Range<usize>,
    /// Bytes it covers.
    pub range: Range<u32>,
    /// Its type.
    pub kind: EntityType,
    /// Per cent.
    pub confidence: u8,
}

/// Finds names in one field. `known` are the names that the knowledge base gave.
pub(crate) fn find(doc: &Doc, seen: &[Seen], known: &[Known]) -> Vec<Guess> {
    let view = View::new(doc, seen, known);
    let mut guesses = Vec::new();
    let mut i = 0;
    while i < doc.tokens.len() {
        if view.kind(i) == TokenKind::Arabic {
            guesses.extend(events::at(&view, i));
        }
        let guess = match view.kind(i) {
            TokenKind::Arabic => arabic::at(&view, i),
            TokenKind::Latin | TokenKind::Cyrillic => capitals::at(&view, i),
            _ => None,
        };
        i = match &guess {
            // Inside an organisation's name there may be a person's, but not the other way round.
            Some(g) if g.kind == EntityType::Per => g.tokens.end.max(i + 1),
            _ => i + 1,
        };
        guesses.extend(guess);
    }
    guesses
}

/// Tokens with what is known of each.
pub(super) struct View<'a> {
    pub doc: &'a Doc,
    seen: &'a [Seen],
    /// Per token: 1 + index of the known name that covers it.
    covered: Vec<u32>,
    names: &'a [Known],
}

impl<'a> View<'a> {
    fn new(doc: &'a Doc, seen: &'a [Seen], names: &'a [Known]) -> Self {
        let mut covered = vec![0; doc.tokens.len()];
        for (n, name) in names.iter().enumerate() {
            for slot in covered.get_mut(name.hit.tokens.clone()).into_iter().flatten().filter(|s| **s == 0) {
                *slot = n as u32 + 1;
            }
        }
        Self { doc, seen, covered, names }
    }

    pub fn token(&self, i: usize) -> Option<&Token> {
        self.doc.tokens.get(i)
    }

    pub fn kind(&self, i: usize) -> TokenKind {
        self.token(i).map_or(TokenKind::Punct, |t| t.kind)
    }

    /// Classes of the word behind its proclitics.
    pub fn classes(&self, i: usize) -> Classes {
        self.seen.get(i).map(|s| s.classes).unwrap_or_default()
    }

    pub fn is(&self, i: usize, class: Class) -> bool {
        self.classes(i).is(class)
    }

    /// Start behind the proclitics.
    pub fn start(&self, i: usize) -> u32 {
        self.seen.get(i).map_or(0, |s| s.start)
    }

    /// Whether proclitics are written onto it.
    pub fn cut(&self, i: usize) -> bool {
        self.token(i).is_some_and(|t| self.start(i) > t.start)
    }

    /// Whether only white space stands before it.
    pub fn joined(&self, i: usize) -> bool {
        self.seen.get(i).is_some_and(|s| s.joined)
    }

    /// Folded word with its proclitics.
    pub fn word(&self, i: usize) -> &str {
        self.token(i).map_or("", |t| self.doc.folded_token(t))
    }

    /// As written, normalised.
    pub fn written(&self, i: usize) -> &str {
        self.token(i).map_or("", |t| self.doc.normalised_token(t))
    }

    /// Type and tokens of the knowledge base's name that covers it.
    pub fn known(&self, i: usize) -> Option<(EntityType, Range<usize>)> {
        let n = (*self.covered.get(i)?).checked_sub(1)? as usize;
        let name = self.names.get(n)?;
        Some((name.kind, name.hit.tokens.clone()))
    }

    pub fn guess(&self, tokens: Range<usize>, kind: EntityType, confidence: u8) -> Option<Guess> {
        let end = self.token(tokens.end.checked_sub(1)?)?.end;
        Some(Guess { range: self.start(tokens.start)..end, tokens, kind, confidence })
    }
}
