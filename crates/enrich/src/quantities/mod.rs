//! Numbers with what they count or measure.
//!
//! A number alone is no quantity: it takes a unit, a currency, a per-cent sign or a counted noun
//! beside it. Numbers inside a date are passed over; a length of time is also a quantity.

#[cfg(test)]
mod tests;
pub(crate) mod units;

use std::ops::Range;

use crate::doc::{Doc, TokenKind};
use crate::enriched::{Quantity, QuantityKind, TimeType, Unit};
use crate::facts::Facts;
use crate::lex::Words;
use crate::numbers::Number;
use crate::numbers::words::Num;
use crate::times::Match;
use crate::times::lexicon::{Count, Span, TimeWord};
use units::UnitWord;

/// Finds the quantities of `doc` in text order.
pub fn find(doc: &Doc, language: &str) -> Vec<Quantity> {
    let facts = Facts::new(doc, language);
    let times = crate::times::all(&facts, None);
    all(&facts, &times)
}

/// All quantities in text order; `times` are the time expressions of the same document.
pub(crate) fn all(facts: &Facts<'_>, times: &[Match]) -> Vec<Quantity> {
    let finder = Finder { facts };
    let mut out = Vec::new();
    let mut next = 0;
    let mut i = 0;
    while i < facts.words.len() {
        while times.get(next).is_some_and(|time| time.to <= i) {
            next += 1;
        }
        if let Some(time) = times.get(next).filter(|time| time.from <= i && time.kind != TimeType::Duration) {
            i = time.to;
            continue;
        }
        match finder.at(i) {
            Some(found) => {
                out.push(finder.publish(&found));
                i = found.to.max(i + 1);
            }
            None => i += 1,
        }
    }
    out
}

struct Found {
    range: Range<usize>,
    to: usize,
    value: f64,
    unit: Option<Unit>,
    kind: QuantityKind,
}

struct Finder<'a> {
    facts: &'a Facts<'a>,
}

impl Facts<'_> {
    /// Whether the word at token `t` can be counted or measures.
    pub(crate) fn counts(&self, t: usize) -> bool {
        matches!(self.unit(t), UnitWord::Unit(..) | UnitWord::Noun(..))
    }
}

impl Finder<'_> {
    fn words(&self) -> &Words<'_> {
        &self.facts.words
    }

    fn at(&self, i: usize) -> Option<Found> {
        // two of them by the form of the noun
        if let UnitWord::Noun(unit, true) = self.facts.unit(i) {
            let start = self.words().start(i) + self.facts.lead(i);
            let mut to = i + 1;
            if self.same(to) && matches!(self.words().word(to), "اثنين" | "اثنتين" | "اثنان")
            {
                to += 1;
            }
            return Some(self.found(start, to, 2.0, Some(unit), QuantityKind::Count));
        }
        if let Some(found) = self.place(i) {
            return Some(found);
        }
        let currency = self.sign(i);
        if let Some(unit) = currency {
            let number = self.facts.number(i + 1).filter(|n| {
                !n.ordinal && self.words().kind(i + 1) == TokenKind::Number && self.same(i + 1)
            })?;
            return Some(self.found(
                self.words().start(i),
                number.to,
                number.value,
                Some(unit),
                QuantityKind::Money,
            ));
        }
        // %5
        if matches!(self.words().word(i), "%" | "٪")
            && self.words().glued(i + 1)
            && !(i > 0 && self.words().kind(i - 1) == TokenKind::Number)
        {
            let number = self.facts.number(i + 1).filter(|n| n.digits)?;
            return Some(self.found(
                self.words().start(i),
                number.to,
                number.value,
                Some(Unit::Percent),
                QuantityKind::Percent,
            ));
        }
        let number = self.facts.number(i)?;
        self.measured(&number).or_else(|| self.counted(&number))
    }

    /// A number with a unit, a currency or a per-cent sign behind it.
    fn measured(&self, number: &Number) -> Option<Found> {
        if number.ordinal {
            return None;
        }
        let (start, at) = self.behind(number);
        let word = self.words().word(at);
        let with = |to, value, unit, kind| Some(self.found(start, to, value, Some(unit), kind));
        if matches!(word, "%" | "٪") && self.same(at) {
            // the sign is inside the parentheses that may stand around the number
            return with(at + 1, number.value, Unit::Percent, QuantityKind::Percent);
        }
        if !self.same(at) {
            return None;
        }
        if let Some(unit) = self.sign(at) {
            return with(at + 1, number.value, unit, QuantityKind::Money);
        }
        let next = self.words().word(at + 1);
        if matches!(
            (word, next),
            ("في", "المئة" | "المائة" | "الميه" | "المية") | ("per" | "pour", "cent") | ("per", "cents")
        ) {
            return with(at + 2, number.value, Unit::Percent, QuantityKind::Percent);
        }
        if let TimeWord::Unit(span, _) = self.facts.time(at) {
            let unit = duration_unit(span);
            let year = number.digits && (1900.0..=2100.0).contains(&number.value);
            return if year || self.facts.lead(at) > 0 {
                None
            } else {
                with(at + 1, number.value, unit, QuantityKind::Duration)
            };
        }
        let UnitWord::Unit(unit, kind) = self.facts.unit(at) else { return None };
        let percent = kind == QuantityKind::Percent;
        if (self.facts.lead(at) > 0 || self.facts.definite(at)) && !percent {
            return None;
        }
        // single letters are units only right behind digits
        if word.chars().count() == 1 && !number.digits && !number.scaled {
            return None;
        }
        let mut to = at + 1;
        let mut unit = unit;
        if kind == QuantityKind::Money && self.same(to) {
            if let UnitWord::Nation(nation) = self.facts.unit(to) {
                unit = of_nation(unit, nation);
                to += 1;
            }
        }
        if matches!(unit, Unit::Point) {
            return with(to, number.value, unit, QuantityKind::Count);
        }
        if self.facts.unit(to) == UnitWord::Rate && self.same(to) && unit == Unit::Barrel {
            to += 1;
            unit = Unit::BarrelPerDay;
        }
        with(to, number.value, unit, kind)
    }

    /// A number with a counted noun: `20 مليون مسلم`, `أول رحلة`, `three lawyers`.
    fn counted(&self, number: &Number) -> Option<Found> {
        let (start, at) = self.behind(number);
        if !self.same(at) || !self.words().is_word(at) {
            return None;
        }
        let arabic = self.words().kind(at) == TokenKind::Arabic;
        let hit = self.facts.hit(at);
        let known = match self.facts.unit(at) {
            UnitWord::Noun(unit, false) => Some(unit),
            UnitWord::Nation(_) => Some(Unit::Person),
            UnitWord::Stop | UnitWord::Rate => return None,
            _ => None,
        };
        if hit.is_some_and(|h| h.lead > 0 || h.value.num != Num::None || h.value.time != TimeWord::None) {
            return None;
        }
        let word = self.words().word(at);
        let definite = arabic && word.starts_with("ال");
        if definite || word.chars().count() < 3 || arabic && self.has_clitic(at) {
            return None;
        }
        if number.ordinal {
            // أول is the one ordinal that goes before its noun in Arabic
            let before = !arabic || matches!(self.words().word(number.from), "أول" | "اول" | "ثاني" | "ثالث");
            if !before || number.digits || self.facts.definite(number.from) {
                return None;
            }
            return Some(self.found(
                start,
                at + 1,
                number.value,
                known.or(Some(Unit::Item)),
                QuantityKind::Ordinal,
            ));
        }
        // a year in digits, a one in words that is mostly a pronoun
        let year = number.digits && (1900.0..=2100.0).contains(&number.value);
        if known.is_none()
            && (year
                || number.value == 1.0 && !number.digits
                || number.value == 0.0
                || number.value.fract() != 0.0 && !number.scaled)
        {
            return None;
        }
        if !arabic && known.is_none() && word.starts_with(char::is_uppercase) {
            return None;
        }
        Some(self.found(start, at + 1, number.value, known.or(Some(Unit::Item)), QuantityKind::Count))
    }

    /// A noun and its place in an order: `المركز التاسع`, `الدقيقة 69`, `للمرة الرابعة`, `المؤتمر الـ 32`.
    fn place(&self, i: usize) -> Option<Found> {
        if self.words().kind(i) != TokenKind::Arabic || self.facts.num(i) != Num::None {
            return None;
        }
        let word = self.words().word(i);
        let next = i + 1;
        if !self.same(next) {
            return None;
        }
        // الـ 32
        let stem = word.trim_end_matches('ـ');
        if matches!(stem, "ال" | "لل") && self.words().kind(next) == TokenKind::Number {
            let number =
                self.facts.number(next).filter(|n| n.digits && n.value.fract() == 0.0 && n.value < 1000.0)?;
            let followed = self.same(number.to)
                && (self.facts.counts(number.to)
                    || matches!(self.facts.time(number.to), TimeWord::Unit(..))
                    || self.words().word(number.to) == "%");
            return (!followed).then(|| {
                self.found(self.words().start(next), number.to, number.value, None, QuantityKind::Ordinal)
            });
        }
        if self.words().kind(next) == TokenKind::Number {
            let place = self.facts.unit(i) == UnitWord::Place && self.facts.definite(i);
            let number = self
                .facts
                .number(next)
                .filter(|n| place && n.digits && n.value.fract() == 0.0 && n.value < 1000.0)?;
            let counted = self.same(number.to) && self.facts.counts(number.to);
            return (!counted).then(|| {
                self.found(
                    self.words().start(i) + self.lead(i),
                    number.to,
                    number.value,
                    Some(Unit::Item),
                    QuantityKind::Ordinal,
                )
            });
        }
        let Num::Ord(_) = self.facts.num(next) else { return None };
        let definite = self.facts.definite(next);
        let noun_definite =
            word.trim_start_matches(['و', 'ف', 'ب', 'ك']).starts_with("ال") || word.starts_with("لل");
        let time = !matches!(
            self.facts.time(i),
            TimeWord::None | TimeWord::Unit(Span::Day | Span::Minute, Count::One)
        );
        let hit = self.facts.hit(next);
        if !definite
            || !noun_definite
            || time
            || hit.is_some_and(|h| h.lead > 0)
            || self.facts.unit(i) == UnitWord::Stop
        {
            return None;
        }
        let number = self.facts.number(next)?;
        let mut value = number.value;
        let mut to = number.to;
        match self.facts.hit(to).filter(|_| self.same(to)).map(|hit| (hit.value.num, hit.clitic.and)) {
            Some((Num::Card(tens @ 20..=90), true)) => (value, to) = (value + f64::from(tens), to + 1),
            Some((Num::Card(10), false)) => (value, to) = (value + 10.0, to + 1),
            _ => {}
        }
        Some(self.found(
            self.words().start(i) + self.lead(i),
            to,
            value,
            Some(Unit::Item),
            QuantityKind::Ordinal,
        ))
    }

    /// First byte of a number and the token behind it, with the parentheses that may stand around it.
    fn behind(&self, number: &Number) -> (usize, usize) {
        let words = self.words();
        let open = number.from > 0 && words.word(number.from - 1) == "(" && words.word(number.to) == ")";
        if open && words.is_word(number.to + 1) && self.same(number.to + 1) && number.digits {
            (words.start(number.from - 1), number.to + 1)
        } else {
            (number.start, number.to)
        }
    }

    /// Proclitic bytes of a noun that no list holds.
    fn lead(&self, i: usize) -> usize {
        let word = self.words().word(i);
        if let Some(hit) = self.facts.hit(i) {
            return usize::from(hit.lead);
        }
        if word.starts_with("لل") {
            return "لل".len();
        }
        let rest = word.trim_start_matches(['و', 'ف', 'ب', 'ك']);
        if rest.starts_with("ال") { word.len() - rest.len() } else { 0 }
    }

    /// Whether a word no list holds begins with a proclitic and the article, or by the tokens' own count.
    fn has_clitic(&self, i: usize) -> bool {
        let token = self.words().doc.tokens.get(i);
        let word = self.words().word(i);
        token.is_some_and(|t| t.proclitic > 0)
            || ["وال", "بال", "لل", "كال", "فال"].iter().any(|p| word.starts_with(p))
    }

    fn sign(&self, i: usize) -> Option<Unit> {
        Some(match self.words().word(i) {
            "$" => Unit::Usd,
            "€" => Unit::Eur,
            "£" => Unit::Gbp,
            "₽" => Unit::Rub,
            "¥" => Unit::Jpy,
            "₺" => Unit::Try,
            "EGP" => Unit::Egp,
            "SAR" => Unit::Sar,
            "AED" => Unit::Aed,
            "USD" => Unit::Usd,
            "EUR" => Unit::Eur,
            "RUB" => Unit::Rub,
            _ => return None,
        })
    }

    fn same(&self, i: usize) -> bool {
        i < self.words().len() && !self.words().paragraph(i)
    }

    fn found(&self, start: usize, to: usize, value: f64, unit: Option<Unit>, kind: QuantityKind) -> Found {
        let end = self.words().end(to.max(1) - 1);
        Found { range: start..end.max(start), to, value, unit, kind }
    }

    fn publish(&self, found: &Found) -> Quantity {
        let doc = self.words().doc;
        Quantity {
            text: doc.original(found.range.clone()).to_owned(),
            span: doc.span(found.range.clone()),
            // the sum of scaled fractions keeps no binary dust: 4.1 million is 4100000
            value: if found.value.abs() >= 1000.0 {
                (found.value * 100.0).round() / 100.0
            } else {
                found.value
            },
            unit: found.unit,
            kind: found.kind,
        }
    }
}

fn duration_unit(span: Span) -> Unit {
    match span {
        Span::Second => Unit::Second,
        Span::Minute => Unit::Minute,
        Span::Hour => Unit::Hour,
        Span::Day => Unit::Day,
        Span::Week => Unit::Week,
        Span::Month => Unit::Month,
        Span::Year => Unit::Year,
        Span::Decade => Unit::Decade,
        Span::Century => Unit::Century,
    }
}

/// The currency that a nation's adjective makes of its common name: دينار كويتي.
fn of_nation(unit: Unit, nation: Unit) -> Unit {
    match (unit, nation) {
        (Unit::Usd, Unit::Usd | Unit::Cad | Unit::Aud) => nation,
        (Unit::Egp, Unit::Gbp | Unit::Egp) => nation,
        (Unit::Sar, Unit::Sar | Unit::Qar | Unit::Yer | Unit::Omr) => nation,
        (Unit::Aed, Unit::Aed | Unit::Mad) => nation,
        (Unit::Dzd, Unit::Kwd | Unit::Dzd | Unit::Tnd | Unit::Jod | Unit::Iqd) => nation,
        (Unit::Try, Unit::Lbp | Unit::Syp | Unit::Try) => nation,
        _ => unit,
    }
}
