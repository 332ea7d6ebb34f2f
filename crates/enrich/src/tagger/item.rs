//! What a word says of itself, wherever it stands, and the keys of weights that come of it.

use crate::doc::{Doc, Token, TokenKind};

use super::clusters::{self, Pair, Place};
use super::frequent::NONE;

/// Properties of one token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// Hash of the folded word behind its proclitics.
    pub stem: u64,
    /// Hash of the whole folded word.
    pub whole: u64,
    /// Hashes of its first one to four letters.
    pub prefix: [u64; 4],
    /// Hashes of its last one to four letters.
    pub suffix: [u64; 4],
    /// Word classes.
    pub classes: u64,
    /// Capitals, digits, script.
    pub shape: u64,
    pub known: u64,
    pub guessed: u64,
    /// Where the stem begins.
    pub from: u32,
    /// Its number among the frequent words, whose keys were looked up before.
    pub frequent: u16,
    /// Its fine and its coarse cluster.
    pub cluster: (u16, u8),
}

/// Stands before the first and behind the last token.
pub(super) const EDGE: Item = Item {
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
    cluster: (clusters::EDGE, 0),
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
pub const MOST_KEYS: usize = 48;

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
    pub(super) fn add(&mut self, template: u64, a: u64, b: u64) {
        if let Some(slot) = self.keys.get_mut(self.len) {
            let mixed =
                (a ^ template.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd);
            let mixed = (mixed ^ (mixed >> 32) ^ b.rotate_left(17)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
            *slot = mixed ^ (mixed >> 29);
            self.len += 1;
        }
    }

    pub(super) fn cluster(&mut self, place: Place, (fine, coarse): (u16, u8)) {
        match place {
            Place::Here => {
                self.add(40, fine.into(), 0);
                self.add(41, coarse.into(), 0);
            }
            Place::Back => self.add(42, fine.into(), 0),
            Place::One => self.add(43, fine.into(), 0),
        }
    }

    pub(super) fn pair(&mut self, pair: Pair, first: u8, second: u8) {
        let template = match pair {
            Pair::Behind => 44,
            Pair::Before => 45,
        };
        self.add(template, first.into(), u64::from(second) + 1);
    }

    /// As a slice.
    pub fn as_slice(&self) -> &[u64] {
        self.keys.get(..self.len).unwrap_or_default()
    }
}

/// Numbers of more digits are alike.
pub(super) const LONGEST_NUMBER: usize = 5;

impl Item {
    pub(super) fn new(doc: &Doc, token: &Token, start: u32) -> Self {
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
        let mut item = Self {
            classes: 0,
            prefix: [0; 4],
            suffix: [0; 4],
            shape: 0,
            known: 0,
            guessed: 0,
            cluster: (clusters::UNKNOWN, 0),
            ..EDGE
        };
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

    pub(super) fn affixes(&self, keys: &mut Keys) {
        for (n, (prefix, suffix)) in self.prefix.iter().zip(&self.suffix).enumerate() {
            if *prefix != 0 {
                keys.add(4 + n as u64, *prefix, 0);
                keys.add(8 + n as u64, *suffix, 0);
            }
        }
    }

    pub(super) fn behind(&self, classes: u64, keys: &mut Keys) {
        keys.add(27, classes, self.suffix[2]);
        keys.add(28, classes, self.stem);
    }
}

/// The keys of a fine cluster and the coarse one that it is of.
pub(super) fn of_cluster(place: Place, fine: u16, coarse: u8) -> Keys {
    let mut keys = Keys::default();
    keys.cluster(place, (fine, coarse));
    keys
}

/// The key of two coarse clusters side by side.
pub(super) fn of_pair(pair: Pair, first: u8, second: u8) -> Keys {
    let mut keys = Keys::default();
    keys.pair(pair, first, second);
    keys
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
