//! Numbers in words and digits: `20 مليون`, `ثلاثة وعشرون`, `vingt et un`, `1 234 567`.

pub(crate) mod digits;
mod scales;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use crate::doc::TokenKind;
use crate::facts::Facts;
use words::Num;

/// Tokens that one number can have.
const LONGEST: usize = 16;

/// A number in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number {
    /// Its value, finite.
    pub value: f64,
    /// First byte, behind proclitics.
    pub start: usize,
    /// First token.
    pub from: usize,
    /// Token after the last.
    pub to: usize,
    /// A place in an order.
    pub ordinal: bool,
    /// Written in digits alone.
    pub digits: bool,
    /// Has a scale word.
    pub scaled: bool,
}

/// The token that closes parentheses around the one token `i`.
fn t_close(i: usize) -> usize {
    i + 1
}

/// What is being added up.
#[derive(Default)]
struct Sum {
    total: f64,
    current: f64,
    /// The last power of ten that was closed; 0 before any.
    scale: f64,
    ordinal: bool,
    /// Nothing may follow.
    done: bool,
    digits: bool,
    words: usize,
    /// Begins with a word that is mostly an article.
    article: bool,
}

impl Facts<'_> {
    /// Whether a number may begin at token `i`: at nearly no word one does.
    pub(crate) fn may_be_number(&self, i: usize) -> bool {
        // only eleven may begin with one that is in no list
        self.words.kind(i) == TokenKind::Number
            || self.num(i) != Num::None
            || self.num(i + 1) == Num::Card(10)
    }

    /// The number that begins at token `i`.
    pub(crate) fn number(&self, i: usize) -> Option<Number> {
        self.may_be_number(i).then(|| self.number_at(i)).flatten()
    }

    /// The number that begins at token `i`, which has digits or is a word of numbers.
    fn number_at(&self, i: usize) -> Option<Number> {
        let digits = self.words.kind(i) == TokenKind::Number;
        if self.glued_code(i) {
            return None;
        }
        // أثنى, "he praised", folds to a form of two
        if self.words.word(i).trim_start_matches(['و', 'ف']).starts_with("أثن")
            && self.num(i + 1) != Num::Card(10)
        {
            return None;
        }
        if let Some(number) = self.eleven(i).or_else(|| self.part_of_scale(i)).or_else(|| self.dozens(i)) {
            return Some(number);
        }
        let mut sum = Sum::default();
        let mut t = i;
        if digits {
            t = self.digits(i, &mut sum)?;
        }
        let mut to = t;
        while t < i + LONGEST && t < self.words.len() && !sum.done {
            if t > i && self.words.paragraph(t) {
                break;
            }
            let joined = t > i;
            let Some(next) = self.step(t, joined, &mut sum) else { break };
            t = next;
            to = t;
        }
        // مليون ونصف المليون: the scale said again
        if sum.done && !sum.ordinal && self.definite(to) && !self.words.paragraph(to) {
            to += usize::from(matches!(self.num(to), Num::Scale { power, .. } if power == sum.scale));
        }
        // ثمانية وعشرون (28): said again in digits
        let value = sum.total + sum.current;
        if sum.words > 0
            && !sum.digits
            && self.words.word(to) == "("
            && self.words.word(to + 2) == ")"
            && !self.words.paragraph(to)
            && self.words.word(to + 1).parse() == Ok(value)
        {
            to += 3;
        }
        if to == i || sum.words == 0 && !sum.digits || sum.article && sum.words == 1 {
            return None;
        }
        let value = if self.two_of_scale(i, to) { value * 2.0 } else { value };
        let open = i > 0 && self.words.word(t_close(i)) == ")" && to > t_close(i);
        let start = if open { self.words.start(i - 1) } else { self.words.start(i) + self.lead(i) };
        let scaled = sum.scale >= 1e3;
        let digits = sum.digits && sum.words == 0;
        value.is_finite().then_some(Number {
            value,
            start,
            from: i,
            to,
            ordinal: sum.ordinal,
            digits,
            scaled,
        })
    }

    /// `إحدى عشرة`, `أحد عشر`: one has these forms only in eleven.
    fn eleven(&self, i: usize) -> Option<Number> {
        let one = ["إحدى", "احدى", "أحد", "احد"].iter().find(|one| self.words.word(i).ends_with(**one))?;
        let ten = self.num(i + 1) == Num::Card(10) && self.lead(i + 1) == 0 && !self.words.paragraph(i + 1);
        let start = self.words.end(i) - one.len();
        ten.then_some(Number {
            value: 11.0,
            start,
            from: i,
            to: i + 2,
            ordinal: false,
            digits: false,
            scaled: false,
        })
    }

    /// Reads digits at token `i` with their groups and ordinal ending; the token behind them.
    fn digits(&self, i: usize, sum: &mut Sum) -> Option<usize> {
        let word = self.words.word(i);
        let scaled = matches!(self.num(i + 1), Num::Scale { .. });
        let mut value = digits::value(word, self.language, scaled)?;
        let mut to = i + 1;
        if word.len() <= 3 && self.language != "en" && !word.starts_with('0') {
            // groups of three behind a space
            while to < i + 5 && self.group(to) {
                value = value * 1000.0 + digits::value(self.words.word(to), self.language, false)?;
                to += 1;
            }
            if self.last_group(to) {
                value = value * 1000.0 + digits::value(self.words.word(to), self.language, true)?;
                to += 1;
            }
        }
        sum.digits = true;
        sum.current = value;
        // 4ر95: the old wires' comma; what stands on the right, and so first, is the fraction
        if self.words.word(to) == "ر"
            && self.words.glued(to)
            && self.words.glued(to + 1)
            && self.words.kind(to + 1) == TokenKind::Number
            && [word, self.words.word(to + 1)].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
        {
            let whole = self.words.word(to + 1);
            sum.current = digits::value(&format!("{whole}.{word}"), "en", true)?;
            return Some(to + 2);
        }
        // (1.7) مليون
        if i > 0
            && self.words.word(i - 1) == "("
            && self.words.word(to) == ")"
            && to == t_close(i)
            && let Num::Scale { .. } = self.num(to + 1)
        {
            sum.current = digits::value(word, self.language, true)?;
            return Some(to + 1);
        }
        let suffix = |t: usize| self.words.glued(t).then(|| self.words.word(t));
        if let Some("st" | "nd" | "rd" | "th" | "e" | "er" | "ère" | "ème" | "eme" | "re") = suffix(to) {
            sum.ordinal = true;
            sum.done = true;
            to += 1;
        } else if suffix(to) == Some("-") && self.words.kind(to + 1) == TokenKind::Cyrillic {
            let ending = suffix(to + 1).unwrap_or("");
            if matches!(ending, "й" | "я" | "е" | "го" | "м" | "му" | "х" | "ю")
                || words::RUSSIAN_ENDINGS.contains(&ending)
            {
                sum.ordinal = true;
                sum.done = true;
                to += 2;
            }
        }
        Some(to)
    }

    /// Whether the digits at token `i` are part of a code or an address: `%D8`, `A4`, `x-2021-12`.
    fn glued_code(&self, i: usize) -> bool {
        let latin = |t: usize| self.words.kind(t) == TokenKind::Latin;
        if self.words.kind(i) != TokenKind::Number || !self.words.glued(i) {
            return false;
        }
        latin(i - 1)
            || matches!(self.words.word(i - 1), "%" | "_" | "=" | "#" | "@" | "&")
                && i > 1
                && self.words.glued(i - 1)
            || matches!(self.words.word(i - 1), "/" | "-") && i > 1 && self.words.glued(i - 1) && latin(i - 2)
    }

    /// Whether token `t` is a group of three digits behind one space.
    fn group(&self, t: usize) -> bool {
        self.words.kind(t) == TokenKind::Number
            && matches!(self.words.gap(t), " " | "\u{a0}" | "\u{202f}" | "\u{2009}")
            && self.words.word(t).len() == 3
            && self.words.word(t).bytes().all(|b| b.is_ascii_digit())
            && !self.glued_punct(t + 1)
    }

    /// The same with a fraction behind it, `1 003,5`: no group follows.
    fn last_group(&self, t: usize) -> bool {
        let word = self.words.word(t);
        self.words.kind(t) == TokenKind::Number
            && matches!(self.words.gap(t), " " | "\u{a0}" | "\u{202f}" | "\u{2009}")
            && word.split_once(',').is_some_and(|(whole, fraction)| {
                whole.len() == 3
                    && matches!(fraction.len(), 1 | 2)
                    && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
            })
    }

    fn glued_punct(&self, t: usize) -> bool {
        self.words.glued(t) && matches!(self.words.word(t), "/" | ":" | "-" | "–")
    }

    /// Adds the word at token `t`; the token behind it, or `None` when it is not part of the number.
    fn step(&self, t: usize, joined: bool, sum: &mut Sum) -> Option<usize> {
        // "and" and hyphens join only what goes on
        let mut at = t;
        let mut and = false;
        if joined && (self.num(at) == Num::And || matches!(self.words.word(at), "و" | "-")) {
            let hyphen = self.words.word(at) == "-";
            if hyphen && (sum.digits || !(self.words.glued(at) && self.words.glued(at + 1))) {
                return None;
            }
            and = !hyphen;
            at += 1;
        }
        if self.words.kind(at) == TokenKind::Number {
            // 3 ملايين و500 ألف
            let value = digits::value(self.words.word(at), self.language, false)?;
            if !(and && sum.current == 0.0 && value < sum.scale) || self.says_scale_again(at, sum.scale) {
                return None;
            }
            sum.current = value;
            return Some(at + 1);
        }
        let hit = self.hit(at)?;
        let arabic = self.words.kind(at) == TokenKind::Arabic;
        let and = and || hit.clitic.and;
        // ب and ل begin a phrase of their own
        if joined && hit.clitic.preposition {
            return None;
        }
        if and && arabic && sum.current == 0.0 && self.says_scale_again(at, sum.scale) {
            return None;
        }
        let fits = self.add(hit.value.num, joined, and, arabic, sum);
        if !fits {
            return None;
        }
        sum.words += 1;
        // тыс. т, млн. рублей
        let short = matches!(self.words.word(at), "тыс" | "млн" | "млрд") && self.words.word(at + 1) == ".";
        Some(if short && self.words.is_word(at + 2) && !self.words.paragraph(at + 2) {
            at + 2
        } else {
            at + 1
        })
    }

    /// Adds one word to the sum where the grammar lets it follow.
    fn add(&self, num: Num, joined: bool, and: bool, arabic: bool, sum: &mut Sum) -> bool {
        let current = sum.current;
        let rest = current % 100.0;
        match num {
            Num::Card(value) => {
                let value = f64::from(value);
                let french_eighty = !arabic && value == 20.0 && rest == 4.0 && self.language == "fr";
                if french_eighty {
                    sum.current += 76.0;
                    return true;
                }
                if value == 100.0 && joined && !and && (1.0..=9.0).contains(&current) {
                    sum.current *= 100.0;
                    return true;
                }
                let follows = if !joined {
                    true
                } else if sum.digits && sum.words == 0 {
                    false
                } else if arabic && !and {
                    value == 10.0 && (1.0..=9.0).contains(&rest)
                } else if current == 0.0 {
                    value < sum.scale
                } else if arabic && (1.0..=9.0).contains(&rest) {
                    (20.0..=90.0).contains(&value)
                } else if current >= 100.0 && rest == 0.0 {
                    value < 100.0
                } else {
                    let seventy = self.language == "fr" && matches!(rest, 60.0 | 80.0) && value < 20.0;
                    !arabic && rest >= 20.0 && rest % 10.0 == 0.0 && (1.0..10.0).contains(&value) || seventy
                };
                if follows {
                    sum.current += value;
                }
                follows
            }
            Num::Article if joined => {
                let follows =
                    !arabic && (rest >= 20.0 || current >= 100.0) && rest % 10.0 == 0.0 && !sum.digits;
                sum.current += f64::from(u8::from(follows));
                follows
            }
            Num::Article => {
                // counts only with what follows
                sum.article = true;
                sum.current = 1.0;
                true
            }
            Num::Scale { power, alone } => {
                if sum.scale > 0.0 && power >= sum.scale || current == 0.0 && joined && !and {
                    return false;
                }
                if current == 0.0 && !alone || current > 0.0 && and && arabic {
                    return false;
                }
                sum.total += if current == 0.0 { 1.0 } else { current } * power;
                sum.current = 0.0;
                sum.scale = power;
                true
            }
            Num::Dual(value) => {
                // ألفا after a number is the singular's accusative
                if joined && current > 0.0 {
                    sum.total += current * value / 2.0;
                } else if joined && !(and && value < sum.scale) {
                    return false;
                } else {
                    sum.total += value;
                }
                sum.current = 0.0;
                sum.scale = value / 2.0;
                true
            }
            Num::Ord(value) => {
                let value = f64::from(value);
                if joined && !(!arabic && rest >= 20.0 && value < 10.0) || sum.ordinal {
                    return false;
                }
                sum.current += value;
                sum.ordinal = true;
                sum.done = joined;
                true
            }
            Num::Part(part) if joined && and => {
                sum.total += part * if sum.current > 0.0 { 1.0 } else { sum.scale.max(1.0) };
                sum.done = true;
                true
            }
            Num::Part(part) if !joined && part > 1.0 => {
                sum.current = part;
                true
            }
            Num::Part(_) | Num::And | Num::None => false,
        }
    }
}
