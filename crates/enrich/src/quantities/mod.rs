//! Numbers with what they count or measure.
//!
//! A number alone is no quantity: it takes a unit, a currency, a per-cent sign or a counted noun
//! beside it. Numbers inside a date are passed over; a length of time is also a quantity.

mod bare;
mod behind;
mod bracketed;
mod currency;
mod described;
mod heads;
mod nouns;
mod order;
mod pairs;
mod partitive;
mod people;
mod phrase;
mod place;
mod score;
mod technical;
#[cfg(test)]
mod tests;
mod understood;
pub(crate) mod units;
mod western;

pub(crate) use behind::dates;

use std::cell::RefCell;
use std::ops::Range;

use crate::doc::{Doc, TokenKind};
use crate::enriched::{Quantity, QuantityKind, TimeType, Unit};
use crate::facts::Facts;
use crate::lex::Words;
use crate::numbers::Number;
use crate::numbers::words::Num;
use crate::times::Match;
use crate::times::lexicon::TimeWord;
use units::UnitWord;

/// Finds the quantities of `doc` in text order. `language` is an ISO 639-1 code.
pub fn find(doc: &Doc, language: &str) -> Vec<Quantity> {
    let words = Words::new(doc);
    let facts = Facts::new(&words, language);
    let times = crate::times::all(&facts, None);
    all(&facts, &times)
}

/// All quantities in text order; `times` are the time expressions of the same document.
pub(crate) fn all(facts: &Facts<'_>, times: &[Match]) -> Vec<Quantity> {
    let finder = Finder { facts, money: RefCell::default() };
    let mut out = Vec::new();
    let mut before: Option<Found> = None;
    let mut next = 0;
    let mut i = 0;
    while i < facts.words.len() {
        while times.get(next).is_some_and(|time| time.to <= i) {
            next += 1;
        }
        // a length is also a quantity, an age without its unit is none
        let counts = |time: &Match| {
            time.kind == TimeType::Duration
                && ((time.from..time.to).any(|t| matches!(facts.time(t), TimeWord::Unit(..)))
                    || first_of_two(facts, time))
        };
        if let Some(time) = times.get(next).filter(|time| time.from <= i && !counts(time)) {
            i = time.to;
            continue;
        }
        match finder.at(i) {
            Some(mut found) => {
                finder.of_people(&mut found, i);
                finder.of_country(&mut found);
                finder.of_sum_before(&mut found, i, before.as_ref());
                out.push(finder.publish(&found));
                i = found.to.max(i + 1);
                before = Some(found);
            }
            None => i += 1,
        }
    }
    out
}

/// Whether a length is a bare number before another one, which has the unit: بين 25 و54 سنة.
fn first_of_two(facts: &Facts<'_>, time: &Match) -> bool {
    let number = |t: usize| facts.words.kind(t) == TokenKind::Number || matches!(facts.num(t), Num::Card(_));
    time.to == time.from + 1 && number(time.from) && number(time.to + 1)
}

#[derive(Debug, Clone)]
struct Found {
    range: Range<usize>,
    /// Token after the last.
    to: usize,
    value: f64,
    /// The other side of a score.
    against: Option<f64>,
    unit: Option<Unit>,
    kind: QuantityKind,
}

/// Whose money a common name of it is, by that name, once it was asked for.
type Money = RefCell<Vec<(&'static str, Option<Option<Unit>>)>>;

struct Finder<'a> {
    facts: &'a Facts<'a>,
    money: Money,
}

impl Facts<'_> {
    /// Whether the word at token `t` can be counted or measures.
    pub(crate) fn counts(&self, t: usize) -> bool {
        matches!(
            self.unit(t),
            UnitWord::Unit(..) | UnitWord::Other(_) | UnitWord::Noun(..) | UnitWord::Nation(_)
        )
    }

    /// Whether the number at token `t` is said to be about or at least so many, as no year is: نحو 2000 حبة.
    pub(crate) fn about(&self, t: usize) -> bool {
        let word = |back: usize| {
            let t = t.checked_sub(back).filter(|_| !self.words.paragraph(t));
            t.map_or("", |t| self.words.word(t)).trim_start_matches(['و', 'ل', 'ب'])
        };
        matches!(word(1), "نحو" | "حوالي" | "قرابة" | "زهاء" | "عدد")
            || self.between_rounds(t)
            || word(1) == "من" && matches!(word(2), "أكثر" | "أقل" | "اكثر" | "اقل")
    }

    /// Whether the number at token `t` is the second of two round ones and what they count stands behind it: بين 1500
    /// و2000 حبة.
    fn between_rounds(&self, t: usize) -> bool {
        let round = |t: usize| {
            self.words.kind(t) == TokenKind::Number
                && self.words.word(t).ends_with("00")
                && !self.words.paragraph(t)
        };
        let led = t > 2
            && self.words.word(t - 1) == "و"
            && round(t)
            && round(t - 2)
            && self.words.word(t - 3) == "بين";
        let noun = self.words.word(t + 1);
        led && !self.words.paragraph(t + 1)
            && noun.ends_with(['ة', 'ا'])
            && !noun.starts_with("ال")
            && self.unit(t + 1) != UnitWord::Stop
            && self.time(t + 1) == TimeWord::None
    }
}

impl Finder<'_> {
    fn words(&self) -> &Words<'_> {
        self.facts.words
    }

    /// The quantity that begins at token `i`.
    fn at(&self, i: usize) -> Option<Found> {
        // Every rule needs a number, or a word that the lists know, here or just behind.
        if !self.facts.tells_within(i, 4) || self.facts.clock_tail(i) {
            return None;
        }
        let number = self.facts.may_be_number(i);
        self.western(i)
            .or_else(|| self.score(i))
            .or_else(|| self.two(i))
            .or_else(|| self.by_number(i))
            .or_else(|| self.place(i))
            .or_else(|| self.behind_noun_said(i))
            .or_else(|| self.sign_first(i))
            .or_else(|| if number { self.numbered_at(i) } else { None })
    }

    /// What begins with a number at token `i`.
    fn numbered_at(&self, i: usize) -> Option<Found> {
        self.one(i).or_else(|| self.bracketed(i)).or_else(|| self.range(i)).or_else(|| self.bare(i))
    }

    /// A number behind a noun, or behind other numbers of that noun.
    fn behind_noun_said(&self, i: usize) -> Option<Found> {
        if self.facts.language != "ar" {
            return None;
        }
        // nearly every word is no number
        if self.words().kind(i) != TokenKind::Number && self.facts.num(i) == Num::None {
            return self.one_and_a_half(i);
        }
        self.of_several(i)
            .or_else(|| self.other_of_both(i))
            .or_else(|| self.understood_place(i))
            .or_else(|| self.among_them(i))
    }

    fn one(&self, i: usize) -> Option<Found> {
        let number = self.facts.number(i)?;
        if number.value != 1.0 && self.counts_no_time(number.to) {
            return None;
        }
        // ثاني أكسيد الكربون is one thing
        if number.ordinal && matches!(self.words().word(number.to), "أكسيد" | "اكسيد") {
            return None;
        }
        self.measured(&number).or_else(|| self.counted(&number))
    }

    /// Two of them by the form of the noun: `شخصين`, `معتمرين اثنين`.
    fn two(&self, i: usize) -> Option<Found> {
        let words = self.words();
        if words.kind(i) != TokenKind::Arabic {
            return None;
        }
        let said = self.same(i + 1) && matches!(words.word(i + 1), "اثنين" | "اثنتين" | "اثنان" | "اثنتان");
        let form = ["ين", "ان"].iter().any(|end| words.word(i).ends_with(end));
        let unit = match self.facts.unit(i) {
            UnitWord::Noun(unit, true) => unit,
            UnitWord::Noun(unit, false) if said && form => unit,
            UnitWord::None if said && form && self.facts.time(i) == TimeWord::None => Unit::Item,
            // سيارتي إسعاف
            _ if words.word(i).ends_with("تي") && self.same(i + 1) && self.longer(i) == i + 2 => Unit::Item,
            UnitWord::None if self.two_and_two(i) => Unit::Item,
            _ => return None,
        };
        // البلدين are two that were named before; قاب قوسين is "within an ace"
        let ace = i > 0 && words.word(i).starts_with("قوس") && words.word(i - 1).ends_with("قاب");
        if ace || self.facts.definite(i) || behind::with_article(words.word(i)) {
            return None;
        }
        let start = words.start(i) + self.lead(i);
        let construct = words.word(i).ends_with("تي");
        let to = if said || construct { i + 2 } else { self.two_of_kind(i) };
        Some(self.found(start, to, 2.0, Some(unit), QuantityKind::Count))
    }

    /// `$5.9 million`, `EGP 15bn`, `%53`.
    fn sign_first(&self, i: usize) -> Option<Found> {
        let words = self.words();
        if words.kind(i + 1) != TokenKind::Number || !self.same(i + 1) {
            return None;
        }
        let start = words.start(i);
        if let Some(unit) = sign(words.word(i)) {
            let number = self.facts.number(i + 1).filter(|n| !n.ordinal)?;
            return Some(self.found(start, number.to, number.value, Some(unit), QuantityKind::Money));
        }
        let percent = matches!(words.word(i), "%" | "٪") && words.glued(i + 1);
        // %D8 of an address
        let inside = words.glued(i) && !matches!(words.word(i.max(1) - 1), "(" | "\"" | "«" | "“");
        let code = words.glued(i + 2) && (words.is_word(i + 2) || words.word(i + 2) == "%");
        if !percent || inside || code {
            return None;
        }
        let number = self.facts.number(i + 1).filter(|n| n.digits)?;
        Some(self.found(start, number.to, number.value, Some(Unit::Percent), QuantityKind::Percent))
    }

    /// The first number of a range, whose unit stands behind the second: `200–300 ريال`, `16 و32 غيغابايت`.
    fn range(&self, i: usize) -> Option<Found> {
        let first = self.facts.number(i).filter(|n| !n.ordinal && n.value > 0.0)?;
        // من أربعة إلى 10 مفتشين
        let words = !first.digits;
        if words && (self.facts.definite(i) || first.scaled || self.facts.language != "ar") {
            return None;
        }
        let joins = matches!(
            self.words().word(first.to),
            "-" | "–" | "و" | "أو" | "إلى" | "الى" | "to" | "or" | "à" | "до" | "или"
        );
        // بين خمسين وستين في المئة
        let between = words
            && i > 0
            && self.same(i)
            && self.words().word(i - 1) == "بين"
            && self.facts.hit(first.to).is_some_and(|hit| hit.clitic.and);
        if between {
            let second = self.facts.number(first.to).filter(|n| n.value > first.value && !n.ordinal)?;
            let unit = self.measured(&second).or_else(|| self.counted(&second))?;
            return Some(self.found(first.start, first.to, first.value, unit.unit, unit.kind));
        }
        let spoken = matches!(self.words().word(first.to), "أو" | "إلى" | "الى");
        let digits = self.words().kind(first.to + 1) == TokenKind::Number;
        if !joins || words && !spoken || !words && !digits || !self.same(first.to + 1) {
            return None;
        }
        let second = self.facts.number(first.to + 1)?;
        let unit = self.measured(&second).or_else(|| self.counted(&second))?;
        // 6-2 is a score
        let score = self.words().glued(first.to)
            && self.words().word(first.to) == "-"
            && unit.unit == Some(Unit::Item);
        let shares = unit.kind == QuantityKind::Percent && first.value > 100.0;
        if score || shares || unit.kind == QuantityKind::Ordinal {
            return None;
        }
        if words {
            return Some(self.found(first.start, first.to, first.value, unit.unit, unit.kind));
        }
        // both share the scale word where the first number is the smaller figure
        let figure = crate::numbers::digits::value(
            self.words().word(second.from),
            self.facts.language,
            second.scaled,
        )?;
        let scale =
            if second.scaled && figure > 0.0 && first.value <= figure { second.value / figure } else { 1.0 };
        Some(Found {
            value: first.value * scale,
            ..self.found(first.start, first.to, 0.0, unit.unit, unit.kind)
        })
    }

    /// First byte of a number and the token behind it, with the parentheses that may stand around it.
    fn behind(&self, number: &Number) -> (usize, usize) {
        let words = self.words();
        let open = number.from > 0
            && matches!(
                (words.word(number.from - 1), words.word(number.to)),
                ("(", ")") | ("«", "»") | ("“", "”")
            );
        if open && words.is_word(number.to + 1) && self.same(number.to + 1) && number.digits {
            (words.start(number.from - 1), number.to + 1)
        } else {
            // 110 milliards d'euros, 1.200 de migrants
            let of = self.facts.language == "fr" && matches!(words.word(number.to), "de" | "d'");
            let of =
                of && (number.scaled || number.value >= 10.0) && !number.ordinal && self.same(number.to + 1);
            (number.start, number.to + usize::from(of))
        }
    }

    fn same(&self, i: usize) -> bool {
        i < self.words().len() && !self.words().paragraph(i)
    }

    fn found(&self, start: usize, to: usize, value: f64, unit: Option<Unit>, kind: QuantityKind) -> Found {
        let end = self.words().end(to.max(1) - 1);
        Found { range: start..end.max(start), to, value, against: None, unit, kind }
    }

    fn publish(&self, found: &Found) -> Quantity {
        let doc = self.words().doc;
        Quantity {
            text: doc.original(found.range.clone()).to_owned(),
            span: doc.span(found.range.clone()),
            // scaled fractions keep no binary dust: 4.1 million is 4100000
            value: if found.value.abs() >= 1000.0 {
                (found.value * 100.0).round() / 100.0
            } else {
                found.value
            },
            against: found.against,
            unit: found.unit,
            kind: found.kind,
        }
    }
}

/// A sign or code of a currency.
fn sign(word: &str) -> Option<Unit> {
    Some(match word {
        "$" | "USD" => Unit::Usd,
        "€" | "EUR" => Unit::Eur,
        "£" | "GBP" => Unit::Gbp,
        "₽" | "RUB" => Unit::Rub,
        "¥" => Unit::Jpy,
        "₺" => Unit::Try,
        "EGP" => Unit::Egp,
        "SAR" => Unit::Sar,
        "AED" => Unit::Aed,
        _ => return None,
    })
}
