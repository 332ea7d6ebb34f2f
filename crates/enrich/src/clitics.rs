//! Proclitics: و ف ب ك ل س written onto the word after them, and pronouns written onto the word before them
//! ([`enclitic()`]).
//!
//! Blind stripping eats names (فلسطين, كورونا), so a lexicon of whole words and one of frequent stems
//! decide, then the document itself: a stem that stands alone elsewhere in it is a word.
//! Everything here reads *folded* text ([`crate::aligned::AlignedText::folded`]).

mod bound;
mod enclitic;
mod lexicon;
#[cfg(test)]
mod tests;

use rustc_hash::FxHashSet;

use crate::aligned::AlignedText;
use crate::doc::{Token, TokenKind};
pub(crate) use bound::bound;
pub use enclitic::enclitic;
use lexicon::Lexicon;

/// One way to take proclitics off a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cut {
    /// Bytes of the proclitics; the rest of the token is the word.
    pub bytes: u8,
    /// The word lost its article to لل: `امم` in `للامم` stands for `الامم`.
    pub article_elided: bool,
}

/// Candidate cuts of one token, fewest bytes first; the whole token is always a reading too and is not
/// listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Readings {
    cuts: [Cut; 4],
    len: u8,
}

impl Readings {
    fn push(&mut self, bytes: usize, article_elided: bool) {
        if let (Some(place), Ok(bytes)) = (self.cuts.get_mut(self.len as usize), u8::try_from(bytes)) {
            *place = Cut { bytes, article_elided };
            self.len += 1;
        }
    }
}

impl std::ops::Deref for Readings {
    type Target = [Cut];

    fn deref(&self) -> &[Cut] {
        self.cuts.get(..self.len as usize).unwrap_or(&[])
    }
}

/// Where a name may begin inside `token`, the folded text of an Arabic token: every cut that the grammar
/// allows, `(و|ف)? (ب|ك|ل|لل|س)?`, none where the lexicon knows the word as a whole. Whoever has a list
/// of names tries the whole token first, then each cut, and takes the longest name.
pub fn readings(token: &str) -> Readings {
    let lexicon = Lexicon::get();
    let mut out = Readings::default();
    if !begins_with_clitic(token) || lexicon.is_whole(token) {
        return out;
    }
    let conjunction = conjunction(token);
    if conjunction > 0 && long_enough(token, conjunction, 2) {
        out.push(conjunction, false);
    }
    let rest = token.get(conjunction..).unwrap_or("");
    if conjunction > 0 && lexicon.is_whole(rest) {
        return out;
    }
    if rest.starts_with(['ب', 'ك', 'ل', 'س']) && long_enough(rest, 2, 2) {
        out.push(conjunction + 2, false);
        if rest.starts_with("لل") && long_enough(rest, 4, 2) {
            out.push(conjunction + 4, true);
        }
    }
    out
}

/// Whether the lexicon has `word`, folded, as one whose first letters are its own: as it is or as an adverb, not with
/// pronouns, which other names end like (باب and بابها, but `بأبها`).
pub(crate) fn is_whole(word: &str) -> bool {
    let lexicon = Lexicon::get();
    let bare = word.strip_suffix('ا').filter(|bare| bare.len() >= 6);
    lexicon.begins_own(word) || bare.is_some_and(|bare| lexicon.begins_own(bare))
}

/// Whether the lexicon knows `word`, folded, as one that stands behind proclitics.
pub(crate) fn is_stem(word: &str) -> bool {
    Lexicon::get().is_stem(word)
}

/// Whether the lexicon has `word`, folded, without an ending.
pub(crate) fn is_word(word: &str) -> bool {
    Lexicon::get().is_word(word)
}

/// Sets [`Token::proclitic`] of all Arabic tokens, by lexicon and context.
pub(crate) fn mark(text: &AlignedText, tokens: &mut [Token]) {
    let lexicon = Lexicon::get();
    let folded = text.folded();
    let mut undecided: Vec<(usize, Undecided)> = Vec::new();
    let mut before: Option<Token> = None;
    for (index, token) in tokens.iter_mut().enumerate() {
        let before = before.replace(*token);
        let word = folded.get(token.range()).unwrap_or("");
        if token.kind != TokenKind::Arabic || !begins_with_clitic(word) {
            continue;
        }
        match decide(lexicon, word) {
            Verdict::Cut(0) => {}
            _ if before.is_some_and(|before| bound(text, &before, token)) => {}
            Verdict::Cut(bytes) => token.proclitic = bytes as u8,
            Verdict::Undecided(open) => undecided.push((index, open)),
        }
    }
    if undecided.is_empty() {
        return;
    }
    let word = |token: &Token| folded.get(token.range()).unwrap_or("");
    let words: FxHashSet<&str> =
        tokens.iter().filter(|token| token.kind == TokenKind::Arabic).map(word).collect();
    for (index, open) in undecided {
        let stem = word(&tokens[index]).get(open.alternative..).unwrap_or("");
        let stands_alone = words.contains(stem);
        tokens[index].proclitic = if stands_alone { open.alternative } else { open.otherwise } as u8;
    }
}

/// What the lexicon says of a word.
enum Verdict {
    /// So many bytes of proclitics.
    Cut(usize),
    /// The document must tell.
    Undecided(Undecided),
}

/// A cut to make if what is left stands alone elsewhere in the document, and the cut to make if not.
#[derive(Clone, Copy)]
struct Undecided {
    alternative: usize,
    otherwise: usize,
}

fn decide(lexicon: &Lexicon, word: &str) -> Verdict {
    if word.len() > 60 || lexicon.is_whole(word) {
        return Verdict::Cut(0);
    }
    let rest = word.get(2..).unwrap_or("");
    match word.chars().next() {
        // Almost any word can follow و, so only known whole words keep it.
        Some('و') if long_enough(rest, 0, 3) || lexicon.is_stem(rest) || lexicon.is_whole(rest) => {
            shifted(decide_preposition(lexicon, rest), 2)
        }
        Some('ف') => {
            let inner = decide_preposition(lexicon, rest);
            let known = lexicon.is_stem(rest) || lexicon.is_whole(rest);
            match inner {
                Verdict::Cut(0) if !known && long_enough(rest, 0, 3) => {
                    Verdict::Undecided(Undecided { alternative: 2, otherwise: 0 })
                }
                Verdict::Cut(0) if !known => Verdict::Cut(0),
                Verdict::Undecided(_) if !known => Verdict::Cut(0),
                inner => shifted(inner, 2),
            }
        }
        _ => decide_preposition(lexicon, word),
    }
}

fn shifted(verdict: Verdict, by: usize) -> Verdict {
    match verdict {
        Verdict::Cut(bytes) => Verdict::Cut(bytes + by),
        Verdict::Undecided(Undecided { alternative, otherwise }) => {
            Verdict::Undecided(Undecided { alternative: alternative + by, otherwise: otherwise + by })
        }
    }
}

/// ب ك ل س at the start of `word`, which may follow a conjunction.
fn decide_preposition(lexicon: &Lexicon, word: &str) -> Verdict {
    let letter = word.chars().next().unwrap_or(' ');
    let rest = word.get(2..).unwrap_or("");
    if !matches!(letter, 'ب' | 'ك' | 'ل' | 'س') || lexicon.is_whole(word) || !long_enough(rest, 0, 2) {
        return Verdict::Cut(0);
    }
    let known = lexicon.is_stem(rest) || lexicon.is_whole(rest);
    match letter {
        'ل' if rest.starts_with('ل') => {
            // لليبيا is ل + ليبيا, للقاهرة is ل + القاهرة; of two known words the one without an ending
            let behind = rest.get(2..).unwrap_or("");
            let one = lexicon.is_word(rest) || !lexicon.is_word(behind) && lexicon.is_whole(rest);
            Verdict::Cut(if one || !long_enough(rest, 2, 2) { 2 } else { 4 })
        }
        'ب' | 'ك' if rest.starts_with("ال") && long_enough(rest, 4, 3) => Verdict::Cut(2),
        'س' if !rest.starts_with(['ي', 'ت', 'ن', 'ا']) => Verdict::Cut(0),
        _ if known => Verdict::Cut(2),
        _ if long_enough(rest, 0, 3) => Verdict::Undecided(Undecided { alternative: 2, otherwise: 0 }),
        _ => Verdict::Cut(0),
    }
}

fn begins_with_clitic(word: &str) -> bool {
    // و 0xD988, ف 0xD981, ك 0xD983, ل 0xD984; ب 0xD8A8, س 0xD8B3
    matches!(word.as_bytes(), [0xD9, 0x81 | 0x83 | 0x84 | 0x88, ..] | [0xD8, 0xA8 | 0xB3, ..])
}

fn conjunction(word: &str) -> usize {
    if word.starts_with(['و', 'ف']) { 2 } else { 0 }
}

/// Whether at least `letters` letters of two bytes follow byte `from`.
fn long_enough(word: &str, from: usize, letters: usize) -> bool {
    word.len() >= from + 2 * letters
}
