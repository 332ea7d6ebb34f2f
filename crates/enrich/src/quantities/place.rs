//! Arabic nouns with a number behind them: `المركز التاسع`, `الدقيقة 69`, `القارات الخمس`, `المؤتمر الـ 32`.

use super::behind::with_article;
use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::numbers::words::Num;
use crate::times::lexicon::{Count, Span, TimeWord};

impl Finder<'_> {
    /// A noun and its place in an order, or its number behind it.
    pub(super) fn place(&self, i: usize) -> Option<Found> {
        if self.words().kind(i) != TokenKind::Arabic || self.facts.num(i) != Num::None || !self.same(i + 1) {
            return None;
        }
        // الذكرى الـ60, دور الـ16
        if self.words().word(i + 1) == "ال" && self.same(i + 2) && self.numbered(i) {
            return self.in_digits(i + 1).map(|found| {
                let start = self.words().start(i) + self.lead(i);
                Found { range: start..found.range.end, ..found }
            });
        }
        match self.words().kind(i + 1) {
            TokenKind::Number => self.in_digits(i),
            TokenKind::Arabic => self.in_words(i),
            _ => None,
        }
    }

    fn in_digits(&self, i: usize) -> Option<Found> {
        let words = self.words();
        let number =
            self.facts.number(i + 1).filter(|n| n.digits && n.value.fract() == 0.0 && n.value < 1000.0)?;
        let percent = matches!(words.word(number.to), "%" | "٪")
            || matches!(
                (words.word(number.to), words.word(number.to + 1)),
                ("في", "المئة" | "المائة" | "المية")
            );
        let unit = self.same(number.to)
            && (percent
                || self.facts.counts(number.to)
                || matches!(self.facts.time(number.to), TimeWord::Unit(..)));
        if unit {
            return None;
        }
        // الـ 32
        if matches!(words.word(i).trim_end_matches('ـ'), "ال" | "لل") {
            return Some(self.found(words.start(i), number.to, number.value, None, QuantityKind::Ordinal));
        }
        let place = self.facts.unit(i) == UnitWord::Place && self.facts.definite(i);
        place.then(|| {
            self.found(
                words.start(i) + self.lead(i),
                number.to,
                number.value,
                Some(Unit::Item),
                QuantityKind::Ordinal,
            )
        })
    }

    fn in_words(&self, i: usize) -> Option<Found> {
        let words = self.words();
        // اللقب العالمي الثاني
        let adjective = self.facts.num(i + 1) == Num::None
            && words.word(i + 1).starts_with("ال")
            && (words.word(i + 1).ends_with('ي') || words.word(i + 1).ends_with("ية"))
            && with_article(words.word(i));
        let at = i + 1 + usize::from(adjective && self.same(i + 2));
        let hit = self.facts.hit(at).filter(|hit| hit.lead == 0)?;
        let word = words.word(i);
        let time = !matches!(
            self.facts.time(i),
            TimeWord::None | TimeWord::Unit(Span::Day | Span::Minute, Count::One)
        );
        let stop = matches!(self.facts.unit(i), UnitWord::Stop | UnitWord::Noun(_, true));
        let owned = word.chars().count() > 4
            && ["ها", "ه", "هم", "نا"].iter().any(|end| word.ends_with(end))
            && !word.ends_with("الله");
        if time || stop || at > i + 1 && self.facts.unit(i + 1) == UnitWord::Stop {
            return None;
        }
        let start = words.start(i) + self.lead(i);
        match hit.value.num {
            // دولة واحدة
            Num::Card(1) if !hit.definite && at == i + 1 && !with_article(word) && !owned => {
                let noun = word.chars().count() > 2 && self.facts.unit(i) != UnitWord::Rate;
                let unit = match self.facts.unit(i) {
                    UnitWord::Noun(unit, _) => unit,
                    _ => Unit::Item,
                };
                noun.then(|| self.found(start, at + 1, 1.0, Some(unit), QuantityKind::Count))
            }
            Num::Card(value @ 2..=10) if hit.definite && with_article(word) && !self.counts_on(at + 1) => {
                Some(self.found(start, at + 1, f64::from(value), Some(Unit::Item), QuantityKind::Count))
            }
            // a team, a class and a generation have names that sound like places in an order
            Num::Ord(_)
                if hit.definite
                    && matches!(
                        bare(word),
                        "فريق"
                            | "منتخب"
                            | "طرف"
                            | "درجة"
                            | "جيل"
                            | "وزير"
                            | "مستشار"
                            | "سكرتير"
                            | "ملازم"
                            | "رقيب"
                    ) =>
            {
                None
            }
            Num::Ord(_) if hit.definite && (with_article(word) || owned) => {
                let number = self.facts.number(at)?;
                let (value, to) = self.compound(number.value, number.to);
                Some(self.found(start, to, value, Some(Unit::Item), QuantityKind::Ordinal))
            }
            _ => None,
        }
    }

    /// Whether a definite number goes on with what it counts: الثلاثة أعوام.
    fn counts_on(&self, t: usize) -> bool {
        self.same(t) && (self.facts.counts(t) || matches!(self.facts.time(t), TimeWord::Unit(..)))
    }

    /// An ordinal with its ten: الثامن عشر, الحادي والعشرين.
    fn compound(&self, value: f64, to: usize) -> (f64, usize) {
        match self.facts.hit(to).filter(|_| self.same(to)).map(|hit| (hit.value.num, hit.clitic.and)) {
            Some((Num::Card(tens @ 20..=90), true)) => (value + f64::from(tens), to + 1),
            Some((Num::Card(10), false)) => (value + 10.0, to + 1),
            _ => (value, to),
        }
    }

    /// Whether a noun, and no adjective, stands at token `i` that a number with the article can follow.
    fn numbered(&self, i: usize) -> bool {
        let word = self.words().word(i);
        let adjective = word.ends_with('ي') || word.ends_with("ية");
        word == "دور" || with_article(word) && !adjective
    }

    /// Proclitic bytes of a noun, also of one that no list holds.
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
}

/// A word without its article and the proclitics before that.
fn bare(word: &str) -> &str {
    let rest = word.trim_start_matches(['و', 'ف', 'ب', 'ك']);
    rest.strip_prefix("ال").or_else(|| rest.strip_prefix("لل")).unwrap_or(word)
}
