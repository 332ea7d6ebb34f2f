//! Numbers whose noun stands in brackets or quotation marks: `بثلاثة (أطباء)`, `تسعة عشر "شهيدا"`.

use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::numbers::words::Num;

impl Finder<'_> {
    /// A number with one counted noun in brackets or quotation marks behind it.
    pub(super) fn bracketed(&self, i: usize) -> Option<Found> {
        if self.words().kind(i) != TokenKind::Number && self.facts.num(i) == Num::None {
            return None;
        }
        let number = self.facts.number(i).filter(|n| !n.ordinal && n.value >= 2.0)?;
        let words = self.words();
        let (open, at, close) = (number.to, number.to + 1, number.to + 2);
        let marks = matches!(
            (words.word(open), words.word(close)),
            ("(", ")") | ("«", "»") | ("“", "”") | ("\"", "\"")
        );
        let inside = marks && self.same(open) && self.same(close) && words.kind(at) == TokenKind::Arabic;
        if !inside || self.facts.language != "ar" || number.value.fract() != 0.0 {
            return None;
        }
        // 12 (مصر) is something else: only nouns that the lists know are counted so
        let unit = match self.facts.unit(at) {
            UnitWord::Noun(unit, false) => unit,
            UnitWord::None if super::people::is_person(words.word(at), number.value, 0) => Unit::Person,
            _ => return None,
        };
        if self.facts.definite(at) || self.facts.lead(at) > 0 || self.facts.definite(i) {
            return None;
        }
        let (start, _) = self.behind(&number);
        Some(self.found(start, close + 1, number.value, Some(unit), QuantityKind::Count))
    }

    /// Gives a number that names no noun what the sum or the people just before it were counted in: `12 مليار دولار هنا،
    /// ونحو 30 مليارا هناك`.
    pub(super) fn of_sum_before(&self, found: &mut Found, from: usize, before: Option<&Found>) {
        /// Tokens between the two.
        const FAR: usize = 14;
        let Some(before) = before.filter(|before| before.to <= from && from - before.to <= FAR) else {
            return;
        };
        let bare = found.kind == QuantityKind::Count && found.unit == Some(Unit::Item);
        if !bare
            || self.facts.language != "ar"
            || !matches!(before.kind, QuantityKind::Money | QuantityKind::Count)
        {
            return;
        }
        let words = self.words();
        // the number fills what was found and has a scale word, the same as the one before
        let number = self.facts.number(from).filter(|n| n.scaled && n.to == found.to);
        let Some(number) = number else { return };
        let scale = |t: usize| match self.facts.num(t) {
            Num::Scale { power, .. } => Some(power),
            _ => None,
        };
        let own = (number.from..number.to).find_map(scale);
        let first = (before.to.saturating_sub(4)..before.to).rev().find_map(scale);
        let people = before.kind == QuantityKind::Count && before.unit == Some(Unit::Person);
        let money = before.kind == QuantityKind::Money;
        if own.is_none() || own != first || !(people || money) {
            return;
        }
        // "and", "to", "against" lead the second in one sentence
        let mut t = from;
        while t > before.to {
            if !self.same(t) || matches!(words.word(t), "." | "!" | "؟" | "؛") {
                return;
            }
            t -= 1;
        }
        let about = usize::from(matches!(words.word(from - 1), "نحو" | "حوالي" | "قرابة"));
        let lead = words.word(from - 1 - about.min(from - 1));
        let joined = matches!(lead, "و" | "إلى" | "الى" | "مقابل" | "من" | "أو" | "مقارنة")
            || words.word(from - 1).starts_with('و')
            || words.word(from).starts_with('و');
        if joined {
            found.unit = before.unit;
            found.kind = before.kind;
        }
    }
}
