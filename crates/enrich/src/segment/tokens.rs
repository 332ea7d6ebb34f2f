//! Normalised text to tokens, in one pass.

use super::chars::{Kind, Kinds};
use crate::doc::{Token, TokenKind};

/// The tokens of `text`, and whether it holds characters that may form graphemes across tokens.
pub(super) fn tokens(text: &str) -> (Vec<Token>, bool) {
    let mut scan =
        Scan { text, kinds: Kinds::get(), tokens: Vec::with_capacity(text.len() / 8), complex: false };
    let mut at = 0;
    while at < text.len() {
        let (kind, len) = scan.kinds.of(text, at);
        at = match kind {
            Kind::Space => scan.marks(at + len), // marks on white space go with it
            Kind::Arabic => scan.word(at, Kind::Arabic, TokenKind::Arabic),
            Kind::Latin => scan.latin(at),
            Kind::Cyrillic => scan.word(at, Kind::Cyrillic, TokenKind::Cyrillic),
            Kind::Other => {
                scan.complex = true;
                scan.word(at, Kind::Other, TokenKind::Other)
            }
            Kind::Digit => scan.number(at),
            Kind::Punct => scan.push(at, at + len, TokenKind::Punct),
            Kind::Mark | Kind::Symbol => {
                scan.complex = true;
                let end = scan.marks(at + len);
                scan.push(at, end, TokenKind::Punct)
            }
        };
    }
    (scan.tokens, scan.complex)
}

struct Scan<'a> {
    text: &'a str,
    kinds: &'static Kinds,
    tokens: Vec<Token>,
    complex: bool,
}

impl Scan<'_> {
    fn push(&mut self, start: usize, end: usize, kind: TokenKind) -> usize {
        self.tokens.push(Token { start: start as u32, end: end as u32, kind, proclitic: 0 });
        end
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// The end of the letters of one script and their marks from `at` on.
    fn letters(&mut self, mut at: usize, script: Kind) -> usize {
        loop {
            let (kind, len) = self.kinds.of(self.text, at);
            if kind == Kind::Mark {
                self.complex = true;
            } else if kind != script {
                return at;
            }
            at += len;
        }
    }

    /// The end of the marks from `at` on.
    fn marks(&mut self, mut at: usize) -> usize {
        loop {
            let (kind, len) = self.kinds.of(self.text, at);
            if kind != Kind::Mark {
                return at;
            }
            self.complex = true;
            at += len;
        }
    }

    fn word(&mut self, start: usize, script: Kind, kind: TokenKind) -> usize {
        let end = self.letters(start, script);
        let end = if kind == TokenKind::Other { end } else { self.initials(start, end, script) };
        // м'яч, об'єкт: the apostrophe is a letter there
        if script == Kind::Cyrillic
            && self.byte(end) == b'\''
            && self.kinds.of(self.text, end + 1).0 == script
        {
            let end = self.letters(end + 1, script);
            return self.push(start, end, kind);
        }
        self.push(start, end, kind)
    }

    /// Letters with a full stop after each, `U.S.`, `أ.ف.ب`, `т.е.`: where they end. `end` is the end of
    /// the letters from `start` on; what is no such row ends there.
    fn initials(&mut self, start: usize, end: usize, script: Kind) -> usize {
        let single = |from: usize, to: usize| {
            to > from && to - from <= 2 && self.kinds.of(self.text, from).1 == to - from
        };
        if self.byte(end) != b'.' || !single(start, end) {
            return end;
        }
        let mut stop = end;
        let mut letters = 1;
        loop {
            // `stop` is at a full stop after a single letter
            let (kind, len) = self.kinds.of(self.text, stop + 1);
            let after = stop + 1 + len;
            if kind != script
                || matches!(self.kinds.of(self.text, after).0, k if k == script || k == Kind::Mark)
            {
                break if letters > 1 { stop + 1 } else { end };
            }
            letters += 1;
            if self.byte(after) != b'.' {
                break after;
            }
            stop = after;
        }
    }

    fn latin(&mut self, start: usize) -> usize {
        let end = self.letters(start, Kind::Latin);
        let end = self.initials(start, end, Kind::Latin);
        if self.byte(end) != b'\'' || self.kinds.of(self.text, end + 1).0 != Kind::Latin {
            return self.push(start, end, TokenKind::Latin);
        }
        let second = self.letters(end + 1, Kind::Latin);
        let (head, tail) =
            (self.text.get(start..end).unwrap_or(""), self.text.get(end + 1..second).unwrap_or(""));
        if is_elision(head, tail) {
            // l' + Iran
            return self.push(start, end + 1, TokenKind::Latin);
        }
        if is_suffix(tail) {
            // Iran + 's
            self.push(start, end, TokenKind::Latin);
            return self.push(end, second, TokenKind::Latin);
        }
        // O'Brien, aujourd'hui
        self.push(start, second, TokenKind::Latin)
    }

    /// Digits with single separators between them.
    fn number(&mut self, start: usize) -> usize {
        let mut at = start;
        loop {
            let (kind, len) = self.kinds.of(self.text, at);
            if kind == Kind::Digit {
                at += len;
            } else if kind == Kind::Mark {
                self.complex = true;
                at += len;
            } else {
                let separator = match self.text.as_bytes().get(at..) {
                    Some([b'.' | b',', ..]) => 1,
                    Some([0xD9, 0xAB | 0xAC, ..] | [0xD8, 0x8C, ..]) => 2, // ٫ ٬ ،
                    _ => break,
                };
                if self.kinds.of(self.text, at + separator).0 != Kind::Digit {
                    break;
                }
                at += separator;
            }
        }
        self.push(start, at, TokenKind::Number)
    }
}

/// French and Italian words that lose their vowel before another: the apostrophe is theirs.
fn is_elision(head: &str, tail: &str) -> bool {
    const HEADS: [&str; 17] = [
        "l", "d", "j", "n", "s", "c", "m", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "dell", "all",
        "nell", "un",
    ];
    if head.len() == 1 && head.as_bytes()[0].is_ascii_uppercase() && is_suffix(tail) {
        return false;
    }
    HEADS.iter().any(|known| head.eq_ignore_ascii_case(known))
}

/// English endings after an apostrophe.
fn is_suffix(tail: &str) -> bool {
    ["s", "t", "re", "ve", "ll", "d", "m"].iter().any(|known| tail.eq_ignore_ascii_case(known))
}
