//! What the tagger sees of a token: keys of weights.
//!
//! A key is a hash of a template and of one or two properties of tokens; it is the same on any machine, since the
//! weights were trained under it.

use std::ops::Range;

use crate::doc::{Doc, Token, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::Seen;

use super::frequent::NONE;

/// What other layers say of each token, as small numbers; 0 says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Of names in the knowledge base.
    known: Vec<u8>,
    /// Of names by pattern.
    guessed: Vec<u8>,
}

impl Evidence {
    /// For `tokens` tokens of which nothing is known yet.
    pub(crate) fn new(tokens: usize) -> Self {
        Self { known: vec![0; tokens], guessed: vec![0; tokens] }
    }

    /// A name of the knowledge base; `sure` as its confidence is high, middling or none at all (0: it was not
    /// believed).
    pub(crate) fn known(&mut self, tokens: Range<usize>, kind: EntityType, sure: u8) {
        Self::mark(&mut self.known, tokens, kind, sure);
    }

    /// A name by pattern.
    pub(crate) fn guessed(&mut self, tokens: Range<usize>, kind: EntityType) {
        Self::mark(&mut self.guessed, tokens, kind, 0);
    }

    /// The stronger stays, then the earlier.
    fn mark(codes: &mut [u8], tokens: Range<usize>, kind: EntityType, sure: u8) {
        let kind = match kind {
            EntityType::Per => 0,
            EntityType::Org => 1,
            EntityType::Loc => 2,
            EntityType::Event => 3,
            EntityType::Misc => 4,
        };
        let first = tokens.start;
        for i in tokens {
            if let Some(code) = codes.get_mut(i) {
                let new = 1 + 20 * sure.min(3) + 2 * kind + u8::from(i != first);
                if *code == 0 || (*code - 1) / 20 < sure.min(3) {
                    *code = new;
                }
            }
        }
    }
}

/// The keys of all tokens of a field.
#[derive(Debug)]
pub struct Features {
    items: Vec<Item>,
}

/// Properties of one token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// Hash of the folded word behind its proclitics.
    pub stem: u64,
    /// Hash of the whole folded word.
    whole: u64,
    /// Hashes of its first one to four letters.
    prefix: [u64; 4],
    /// Hashes of its last one to four letters.
    suffix: [u64; 4],
    /// Word classes.
    classes: u64,
    /// Capitals, digits, script.
    shape: u64,
    known: u64,
    guessed: u64,
    /// Where the stem begins.
    from: u32,
    /// Its number among the frequent words, whose keys were looked up before.
    pub frequent: u16,
}

/// Stands before the first and behind the last token.
const EDGE: Item = Item {
    stem: 0x5d0b_1f2e_83a7_9c41,
    whole: 0,
    prefix: [1; 4],
    suffix: [1; 4],
    classes: 1 << 40,
    shape: 99,
    known: 99,
    guessed: 99,
    from: 0,
    frequent: NONE,
};

/// What a word says, apart from everything around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Of itself.
    Here,
    /// Of itself, behind a word without classes.
    Behind,
    /// Of itself, before a word without classes.
    Before,
    /// Of the next word.
    Back,
    /// Of the word before it.
    One,
    /// Of the word behind the next.
    Back2,
    /// Of the word before the one before it.
    Two,
}

impl Part {
    /// All of them, in order.
    pub const ALL: [Self; 7] =
        [Self::Here, Self::Behind, Self::Before, Self::Back, Self::One, Self::Back2, Self::Two];
}

/// Most keys that a token has.
pub const MOST_KEYS: usize = 42;

/// The keys of one token.
#[derive(Debug)]
pub struct Keys {
    keys: [u64; MOST_KEYS],
    len: usize,
}

impl Default for Keys {
    fn default() -> Self {
        Self { keys: [0; MOST_KEYS], len: 0 }
    }
}

impl Keys {
    fn add(&mut self, template: u64, a: u64, b: u64) {
        if let Some(slot) = self.keys.get_mut(self.len) {
            let mixed =
                (a ^ template.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd);
            let mixed = (mixed ^ (mixed >> 32) ^ b.rotate_left(17)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
            *slot = mixed ^ (mixed >> 29);
            self.len += 1;
        }
    }

    /// As a slice.
    pub fn as_slice(&self) -> &[u64] {
        self.keys.get(..self.len).unwrap_or_default()
    }
}

impl Features {
    /// Properties of all tokens of `doc`.
    pub(crate) fn new(doc: &Doc, seen: &[Seen], evidence: &Evidence) -> Self {
        let item = |(i, token): (usize, &Token)| {
            let code = |codes: &[u8]| u64::from(codes.get(i).copied().unwrap_or_default());
            let seen = seen.get(i);
            let start = seen.map_or(token.start, |s| s.start).max(token.start + u32::from(token.proclitic));
            let mut item = Item::new(doc, token, start);
            item.from = start;
            item.classes = seen.map_or(0, |s| u64::from(s.classes.bits()));
            item.known = code(&evidence.known);
            item.guessed = code(&evidence.guessed);
            item
        };
        Self { items: doc.tokens.iter().enumerate().map(item).collect() }
    }

    fn at(&self, i: usize, by: isize) -> &Item {
        i.checked_add_signed(by).and_then(|i| self.items.get(i)).unwrap_or(&EDGE)
    }

    /// Looks up which words are frequent; their keys are then left out.
    pub(super) fn look_up(&mut self, number: impl Fn(u64) -> u16) {
        for item in &mut self.items {
            item.frequent = number(item.stem);
        }
    }

    /// The frequent words whose parts stand for the keys of the token at `i`; [`NONE`] says nothing.
    pub(super) fn parts(&self, i: usize) -> [(u16, Part); Part::ALL.len()] {
        let (here, one, back) = (self.at(i, 0), self.at(i, 1), self.at(i, -1));
        let plain = |item: &Item| if item.classes == 0 { here.frequent } else { NONE };
        [
            (here.frequent, Part::Here),
            (plain(back), Part::Behind),
            (plain(one), Part::Before),
            (back.frequent, Part::Back),
            (one.frequent, Part::One),
            (self.at(i, -2).frequent, Part::Back2),
            (self.at(i, 2).frequent, Part::Two),
        ]
    }

    /// The word of the token at `i` as a list of frequent words has it.
    pub fn word<'d>(&self, doc: &'d Doc, i: usize) -> Option<std::borrow::Cow<'d, str>> {
        let (item, token) = (self.items.get(i)?, doc.tokens.get(i)?);
        let stem = doc.text.folded().get(item.from as usize..token.end as usize)?;
        let word = match token.kind {
            TokenKind::Number => "0".repeat(stem.len().min(LONGEST_NUMBER)).into(),
            _ => std::borrow::Cow::Borrowed(stem),
        };
        let same = Item::of_word(&word);
        let is_same = same.stem == item.stem && same.prefix == item.prefix && same.suffix == item.suffix;
        is_same.then_some(word)
    }

    /// The keys of the token at `i`.
    pub fn of(&self, i: usize) -> Keys {
        let mut keys = Keys::default();
        let (here, one, two) = (self.at(i, 0), self.at(i, 1), self.at(i, 2));
        let (back, back2) = (self.at(i, -1), self.at(i, -2));
        keys.add(1, 0, 0);
        let looked_up = here.frequent != NONE;
        if !looked_up {
            keys.add(2, here.stem, 0);
        }
        if here.whole != here.stem {
            keys.add(3, here.whole, 0);
        }
        if !looked_up {
            here.affixes(&mut keys);
        }
        keys.add(12, here.shape, back.shape);
        keys.add(13, here.shape, one.shape);
        for (item, template) in [(back, 14), (one, 15), (back2, 16), (two, 17)] {
            if item.frequent == NONE {
                keys.add(template, item.stem, 0);
            }
        }
        keys.add(18, back.stem, here.stem);
        keys.add(19, here.stem, one.stem);
        keys.add(20, back.stem, one.stem);
        keys.add(21, back2.stem, back.stem);
        keys.add(22, one.stem, two.stem);
        keys.add(23, here.classes, here.shape);
        keys.add(24, back.classes, here.classes);
        keys.add(25, here.classes, one.classes);
        keys.add(26, back2.classes, back.classes);
        if !looked_up || back.classes != 0 {
            here.behind(back.classes, &mut keys);
        }
        if !looked_up || one.classes != 0 {
            keys.add(29, here.stem, one.classes);
        }
        keys.add(30, here.known, here.guessed);
        keys.add(31, here.known, back.known << 8 | one.known << 16);
        keys.add(32, here.guessed, back.guessed << 8 | one.guessed << 16);
        if here.known != 0 {
            keys.add(33, here.known, here.stem);
            keys.add(34, here.known, back.stem);
            keys.add(35, here.known, one.stem);
        }
        for (item, template) in [(back, 36), (one, 37)] {
            if item.frequent == NONE {
                keys.add(template, item.suffix[1], item.prefix[1]);
            }
        }
        if !looked_up {
            keys.add(38, here.prefix[1], here.suffix[1]);
        }
        keys.add(39, here.prefix[1], one.prefix[1]);
        keys
    }
}

/// Numbers of more digits are alike.
const LONGEST_NUMBER: usize = 5;

impl Item {
    fn new(doc: &Doc, token: &Token, start: u32) -> Self {
        let folded = doc.text.folded();
        let whole = folded.get(token.start as usize..token.end as usize).unwrap_or_default();
        let stem = folded.get(start as usize..token.end as usize).unwrap_or(whole);
        let mut item = Self::of(token.kind, stem);
        item.whole = item.stem;
        match token.kind {
            TokenKind::Number => item.shape = 1,
            TokenKind::Punct => item.shape = 2,
            kind => {
                if stem.len() != whole.len() {
                    item.whole = hash(whole.as_bytes());
                }
                let word = doc.text.normalised().get(token.start as usize..token.end as usize);
                item.shape = shape(kind, word.unwrap_or_default());
            }
        }
        item
    }

    /// What a word of a list has in common wherever it stands; zeros stand for numbers of so many digits.
    pub(super) fn of_word(word: &str) -> Self {
        let kind = if word.bytes().all(|b| b == b'0') {
            TokenKind::Number
        } else if word.chars().any(char::is_alphanumeric) {
            TokenKind::Arabic
        } else {
            TokenKind::Punct
        };
        Self::of(kind, word)
    }

    fn of(kind: TokenKind, stem: &str) -> Self {
        let mut item =
            Self { classes: 0, prefix: [0; 4], suffix: [0; 4], shape: 0, known: 0, guessed: 0, ..EDGE };
        match kind {
            TokenKind::Number => item.stem = hash(b"#") ^ stem.len().min(LONGEST_NUMBER) as u64,
            TokenKind::Punct => item.stem = hash(stem.as_bytes()),
            _ => {
                item.stem = hash(stem.as_bytes());
                for (n, (at, c)) in stem.char_indices().take(4).enumerate() {
                    item.prefix[n] = hash(stem.get(..at + c.len_utf8()).unwrap_or_default().as_bytes()) | 1;
                }
                for (n, (at, _)) in stem.char_indices().rev().take(4).enumerate() {
                    item.suffix[n] = hash(stem.get(at..).unwrap_or_default().as_bytes()) | 1;
                }
            }
        }
        item
    }

    /// The keys that a part stands for.
    pub(super) fn part(&self, part: Part) -> Keys {
        let mut keys = Keys::default();
        match part {
            Part::Here => {
                keys.add(2, self.stem, 0);
                self.affixes(&mut keys);
                keys.add(38, self.prefix[1], self.suffix[1]);
            }
            Part::Behind => self.behind(0, &mut keys),
            Part::Before => keys.add(29, self.stem, 0),
            Part::Back => {
                keys.add(14, self.stem, 0);
                keys.add(36, self.suffix[1], self.prefix[1]);
            }
            Part::One => {
                keys.add(15, self.stem, 0);
                keys.add(37, self.suffix[1], self.prefix[1]);
            }
            Part::Back2 => keys.add(16, self.stem, 0),
            Part::Two => keys.add(17, self.stem, 0),
        }
        keys
    }

    fn affixes(&self, keys: &mut Keys) {
        for (n, (prefix, suffix)) in self.prefix.iter().zip(&self.suffix).enumerate() {
            if *prefix != 0 {
                keys.add(4 + n as u64, *prefix, 0);
                keys.add(8 + n as u64, *suffix, 0);
            }
        }
    }

    fn behind(&self, classes: u64, keys: &mut Keys) {
        keys.add(27, classes, self.suffix[2]);
        keys.add(28, classes, self.stem);
    }
}

/// Script, and for scripts that have them where the capitals are.
fn shape(kind: TokenKind, word: &str) -> u64 {
    let script = match kind {
        TokenKind::Arabic => return 3,
        TokenKind::Latin => 4,
        TokenKind::Cyrillic => 5,
        _ => 6,
    };
    let first = word.chars().next().is_some_and(char::is_uppercase);
    let rest = word.chars().skip(1).any(char::is_uppercase);
    let one = word.chars().nth(1).is_none();
    script << 4 | u64::from(first) | u64::from(rest) << 1 | u64::from(one) << 2
}

/// A hash that is the same on any machine.
fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0x243f_6a88_85a3_08d3_u64 ^ bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        hash = (hash.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(0x9fb2_1c65_1e98_df25);
        hash ^= hash >> 31;
    }
    hash
}
