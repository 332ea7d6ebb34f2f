//! Last names standing alone where nothing has found a name.

use super::People;
use crate::doc::{Doc, Token, TokenKind};
use crate::enriched::{EntityType, FoundBy};
use crate::entities::join::as_key;
use crate::entities::settle::Name;
use crate::gazetteer::{self, Seen};
use crate::kb::word::Class;

impl People<'_> {
    /// Last names standing alone where no other name does.
    pub(in crate::entities::join) fn again(&self) -> Vec<Name> {
        let mut found = Vec::new();
        if self.by_last.is_empty() {
            return found;
        }
        let names = self.named.iter().map(|n| &n.name);
        let mut taken = names.filter(|n| n.kind != EntityType::Event).peekable();
        for (d, doc) in self.docs.iter().enumerate() {
            // Where the last name before the token ends: a full name does not reach into it.
            let mut free = 0;
            for (i, token) in doc.tokens.iter().enumerate() {
                while let Some(name) = taken.next_if(|n| (n.doc, n.range.end) <= (d, token.start)) {
                    free = if name.doc == d { name.range.end.max(free) } else { free };
                }
                if taken.peek().is_some_and(|n| n.doc == d && n.range.start < token.end) {
                    continue;
                }
                let Some(seen) = self.seen.get(d).and_then(|s| s.get(i)) else { continue };
                if let Some((start, index)) = self.stands_alone(doc, token, seen) {
                    let full = self.rest(doc, i, index).filter(|(_, start)| *start >= free);
                    let (first, start) = full.unwrap_or((i, start));
                    free = token.end;
                    found.push(Name {
                        doc: d,
                        tokens: first..i + 1,
                        range: start..token.end,
                        kind: EntityType::Per,
                        entity: None,
                        others: Vec::new(),
                        found_by: FoundBy::Document,
                        confidence: 80,
                    });
                }
            }
        }
        found
    }

    /// First token and byte of the full name that ends at token `i`, where it stands there in full.
    fn rest(&self, doc: &Doc, i: usize, index: usize) -> Option<(usize, u32)> {
        let words = &self.all.get(index)?.words;
        let first = i.checked_sub(words.len().checked_sub(1)?)?;
        let tokens = doc.tokens.get(first..i)?;
        let (head, middle) = (tokens.first()?, tokens.get(1..)?);
        let same = middle.iter().zip(words.get(1..)?).all(|(t, w)| as_key(doc.folded_token(t), t.kind) == *w);
        let name = words.first()?;
        let whole = as_key(doc.folded_token(head), head.kind);
        // Only proclitics may stand before the first word.
        let cut = whole.len().checked_sub(name.len()).filter(|c| *c <= 6 && whole.ends_with(name))?;
        same.then_some((first, head.start + cut as u32))
    }

    /// Where in the token a last name starts, and whose it is.
    fn stands_alone(&self, doc: &Doc, token: &Token, seen: &Seen) -> Option<(u32, usize)> {
        let word = doc.folded_token(token);
        let classes = seen.classes;
        let ordinary = classes.any(Class::Common, Class::Stop) || classes.any(Class::Nation, Class::Title);
        if ordinary || token.kind == TokenKind::Punct || word.len() < 4 {
            return None;
        }
        let written = doc.normalised_token(token);
        if written.chars().next().is_some_and(char::is_lowercase) {
            return None;
        }
        if let Some(index) = self.by_last.get(as_key(word, token.kind)) {
            return Some((token.start, *index));
        }
        gazetteer::cuts(word)
            .filter(|_| token.kind == TokenKind::Arabic)
            .find_map(|cut| Some((token.start + cut.len, *self.by_last.get(word.get(cut.len as usize..)?)?)))
    }
}
