//! Times that recur: a timetable's clocks, `من كل أسبوع` behind a day, `50 مريضا في اليوم`.

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, TimeType};
use crate::numbers::words::Num;
use crate::quantities::units::UnitWord;

/// Tokens before a clock in which "daily" makes it one of every day.
const NEAR: usize = 14;

impl Finder<'_> {
    /// Joins "of every week" to the day, the month or the clock before it, which no one day is then: `الأحد من كل أسبوع`.
    pub(super) fn of_every(&self, found: &mut Match) {
        let at = found.to;
        let said = self.facts.language == "ar"
            && self.word(at) == "من"
            && self.same(at + 2)
            && self.time(at + 1) == TimeWord::Every
            && matches!(self.time(at + 2), TimeWord::Unit(_, Count::One))
            && !self.facts.definite(at + 2);
        if !said || !matches!(found.kind, TimeType::Date | TimeType::Time) {
            return;
        }
        let days: Vec<String> = (found.from..found.to)
            .filter_map(|t| match self.time(t) {
                TimeWord::Weekday(day) => Some(format!("XXXX-WXX-{day}")),
                _ => None,
            })
            .collect();
        let value = match found.value.split_once('T') {
            Some((_, clock)) if days.is_empty() => format!("XXXX-XX-XXT{clock}"),
            Some((_, clock)) => format!("{}T{clock}", days.concat()),
            None if !days.is_empty() => days.join("/"),
            // أول يونيو من كل عام
            None if found.value.len() >= 7 => format!("XXXX{}", found.value.get(4..).unwrap_or("")),
            None => return,
        };
        found.value = value;
        found.kind = TimeType::Set;
        found.anchored = false;
        found.to = at + 3;
        found.range.end = self.facts.words.end(at + 2);
    }

    /// `وقت الظهر من كل يوم`.
    pub(super) fn part_of_every(&self, i: usize) -> Option<Match> {
        if self.time(i) != TimeWord::Stretch || !self.word(i).ends_with("وقت") || !self.same(i + 1) {
            return None;
        }
        let TimeWord::Part(part) = self.time(i + 1) else { return None };
        let every = self.word(i + 2) == "من" && self.time(i + 3) == TimeWord::Every && self.same(i + 3);
        let part = if part == "MI" { "12:00" } else { part };
        let found = self.make(i, i + 2, TimeType::Time, format!("XXXX-XX-XXT{part}"));
        (every && self.facts.definite(i + 1)).then_some(found)
    }

    /// `بعد الظهر` without a day or an hour.
    pub(super) fn afternoon(&self, i: usize) -> Option<Match> {
        let plain = self.facts.language == "ar"
            && matches!(self.word(i), "بعد" | "وبعد")
            && self.word(i + 1) == "الظهر"
            && self.same(i + 1)
            && !matches!(self.time(i + 2), TimeWord::Weekday(_) | TimeWord::Day(_) | TimeWord::Unit(..));
        if !plain {
            return None;
        }
        // ساعات بعد الظهر, فترة بعد الظهر are a part of any day, صلاة بعد الظهر is a prayer
        let led = i > 0
            && self.same(i)
            && (self.time(i - 1) != TimeWord::None
                || matches!(self.word(i - 1), "ما" | "صلاة" | "إلى" | "حتى"));
        let day = self.anchor.day(0).map_or_else(|| Span::Day.unknown().to_owned(), |day| day.to_string());
        let found = self.make(i, i + 2, TimeType::Time, format!("{day}TAF"));
        let start = self.facts.words.end(i) - "بعد".len();
        let range = start..found.range.end;
        (!led).then_some(Match { anchored: self.anchor.0.is_some(), range, ..found })
    }

    /// Whether the clock from token `i` to before token `to` is one of every day: يبدأ الدوام يوميا الساعة الثامنة.
    pub(super) fn is_daily(&self, i: usize, to: usize) -> bool {
        if self.facts.language != "ar" {
            return false;
        }
        let daily = |t: usize| {
            let word = self.word(t);
            matches!(
                word,
                "يوميا"
                    | "اليومي"
                    | "اليومية"
                    | "يومي"
                    | "الدوام"
                    | "دوام"
                    | "عادة"
                    | "يوميًا"
            ) || word == "كل" && self.word(t + 1) == "يوم"
        };
        if self.same(to) && (daily(to) || self.word(to) == "مثلا") {
            return true;
        }
        let mut t = i;
        while t > 0 && t + NEAR > i && self.same(t) {
            t -= 1;
            if matches!(self.word(t), "." | "!" | "؟" | "؛") {
                return false;
            }
            if daily(t) {
                return true;
            }
        }
        false
    }

    /// `50 مريضا في اليوم`, `32% في السنة`: so many in each.
    pub(super) fn rate_of_unit(&self, i: usize) -> Option<Match> {
        // مليون برميل باليوم
        if let TimeWord::Unit(span @ (Span::Day | Span::Week | Span::Month), Count::One) = self.time(i)
            && self.word(i).starts_with("بال")
            && i > 1
            && self.same(i)
            && self.counted_before(i)
            && (!self.same(i + 1)
                || self.facts.words.kind(i + 1) == TokenKind::Punct
                || self.facts.unit(i + 1) == UnitWord::Stop && self.time(i + 1) == TimeWord::None)
        {
            return Some(self.make(i, i + 1, TimeType::Set, span.duration(Some(1.0))));
        }
        let TimeWord::Unit(span, Count::One) = self.time(i + 1) else { return None };
        let plain = self.word(i) == "في"
            && self.facts.language == "ar"
            && self.same(i + 1)
            && self.facts.definite(i + 1)
            && self.facts.lead(i + 1) == 0
            && span <= Span::Year
            && self.word(i + 1) != "الليلة";
        let next = i + 2;
        let ends = !self.same(next)
            || self.facts.words.kind(next) == TokenKind::Punct && self.word(next) != "("
            || self.facts.unit(next) == UnitWord::Stop
                && self.time(next) == TimeWord::None
                && self.facts.num(next) == Num::None
                && !matches!(self.word(next), "الذي" | "التي" | "سنة" | "عام");
        if !plain || !ends || i < 2 || !self.same(i) || !self.counted_before(i) {
            return None;
        }
        // 80 كيلومترا في الساعة is a measure
        if span <= Span::Hour && self.measures(i - 1) {
            return None;
        }
        // 107 آلاف طائف في الساعة
        let from = i + usize::from(span <= Span::Hour);
        Some(self.make(from, next, TimeType::Set, span.duration(Some(1.0))))
    }

    /// Whether the word at token `t` ends a physical measure.
    fn measures(&self, t: usize) -> bool {
        const BASES: [&str; 12] =
            ["مكعب", "مكعبا", "مكعبة", "مربع", "هرتز", "هيرتز", "بت", "بايت", "واط", "وات", "أمبير", "جول"];
        matches!(
            self.facts.unit(t),
            UnitWord::Unit(_, QuantityKind::Measure) | UnitWord::Other(QuantityKind::Measure)
        ) || BASES.iter().any(|base| self.word(t).ends_with(base))
    }

    /// Whether a number with what it counts ends right before token `i`.
    fn counted_before(&self, i: usize) -> bool {
        let words = &self.facts.words;
        if matches!(words.word(i - 1), "%" | "٪" | "مرة" | "مرات" | "مرتين") {
            return true;
        }
        for t in (i.saturating_sub(4)..i).rev() {
            if !self.same(t + 1)
                || words.kind(t) == TokenKind::Punct
                || matches!(self.time(t), TimeWord::Unit(..) | TimeWord::Weekday(_) | TimeWord::Month(_))
                || self.facts.unit(t) == UnitWord::Stop
            {
                return false;
            }
            // the noun is not the number itself: في 2015 في اليوم
            if words.kind(t) == TokenKind::Number
                || matches!(self.facts.num(t), Num::Card(_) | Num::Scale { .. })
            {
                let year = words.word(t).len() == 4 && self.year_number(t).is_some();
                return t + 1 < i && !year;
            }
        }
        false
    }

    /// A part of a year that is told twice: `العام الماضي 2014 في شهر مايو` is May of that year.
    pub(super) fn of_year_before(&self, found: &mut Match, before: Option<&Match>) {
        let Some(year) = before.filter(|year| year.kind == TimeType::Date && year.value.len() == 4) else {
            return;
        };
        let said = self.small(year.to.max(1) - 1).is_some() || self.word(year.to.max(1) - 1) == "م";
        let near = found.from == year.to + 1 && matches!(self.word(year.to), "في" | "وفي" | "من" | "خلال");
        let month = found.kind == TimeType::Date && found.value.len() == 7 && found.anchored;
        if said && near && month && self.same(found.from) && found.value.as_bytes().get(5) != Some(&b'W') {
            found.value = format!("{}{}", year.value, found.value.get(4..).unwrap_or(""));
            found.anchored = false;
        }
    }
}
