//! Names in Latin and Cyrillic letters: initials, Russian names with the father's for the family's, what capitals around a
//! name tell.

use super::People;
use crate::doc::{Token, TokenKind};
use crate::entities::settle::Name;

/// Whether a Russian name of two words, without their cases, has the father's name for the family's: `татьян юрьевн`.
pub(super) fn is_patronymic(words: &str) -> bool {
    let mut parts = words.split(' ').skip(1);
    let Some(second) = parts.next().filter(|_| parts.next().is_none()) else { return false };
    ["ович", "евич", "овн", "евн", "ичн"].iter().any(|end| second.ends_with(end))
}

/// The initial that a name in Latin or Cyrillic letters begins with instead of a given name: `b obama`.
pub(super) fn initial(words: &str) -> Option<char> {
    let mut letters = words.split(' ').next()?.chars();
    letters.next().filter(|&letter| letters.next().is_none() && !is_arabic(letter))
}

/// Whether a first name is more than an initial or two.
pub(super) fn is_given(first: &str) -> bool {
    first.starts_with(is_arabic) || first.chars().nth(2).is_some()
}

fn is_arabic(c: char) -> bool {
    ('\u{600}'..='\u{6FF}').contains(&c)
}

impl<'n> People<'n> {
    /// The one person of that surname whose given name begins so: B. Obama.
    pub(super) fn initialled(&self, words: &str) -> Option<usize> {
        let (letter, (_, last)) = (initial(words)?, words.rsplit_once(' ')?);
        self.only(|p| {
            let first = p.words.first().is_some_and(|first| {
                first.starts_with(letter) && first.chars().nth(1).is_some() && p.words.len() > 1
            });
            first && p.words.last() == Some(&last)
        })
    }

    /// Whether no other capital word touches a name: Prince Harry is not whoever is called Harry.
    pub(super) fn stands_free(&self, name: &Name) -> bool {
        let Some(doc) = self.docs.get(name.doc) else { return false };
        let capital =
            |t: &Token| t.kind != TokenKind::Punct && doc.normalised_token(t).starts_with(char::is_uppercase);
        let begins = doc.sentences.get(doc.sentence_at(name.range.start as usize)).map_or(0, |s| s.start);
        let before = name.tokens.start.checked_sub(1).and_then(|t| doc.tokens.get(t));
        let behind = doc.tokens.get(name.tokens.end);
        !before.is_some_and(|t| capital(t) && t.start > begins) && !behind.is_some_and(capital)
    }
}
