//! Days and months placed by a month or a year told from the day of publication: `12 من الشهر الجاري`, `في 21 الحالي`,
//! `يوليو من العام الماضي`, `أكتوبر من نفس السنة`.

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match};
use crate::doc::TokenKind;
use crate::enriched::{Calendar, TimeType};
use crate::numbers::words::Num;

impl Finder<'_> {
    /// The step from the anchor's unit that an adjective says.
    fn step(&self, t: usize) -> Option<i64> {
        if !self.same(t) || !self.facts.definite(t) {
            return None;
        }
        match self.time(t) {
            TimeWord::Past => Some(-1),
            TimeWord::This => Some(0),
            TimeWord::Next => Some(1),
            _ => None,
        }
    }

    /// A unit of `span` told from the anchor at token `t`, and the token behind it: العام الماضي, هذا الشهر.
    fn told(&self, t: usize, span: Span) -> Option<(i64, usize)> {
        if !self.same(t) {
            return None;
        }
        let unit = |t: usize| {
            matches!(self.time(t), TimeWord::Unit(other, Count::One) if other == span)
                && self.facts.definite(t)
                && self.same(t)
        };
        if unit(t) {
            return self.step(t + 1).map(|step| (step, t + 2));
        }
        let this = matches!(self.word(t), "هذا" | "هذه") && unit(t + 1);
        this.then_some((0, t + 2))
    }

    /// `12 من الشهر الجاري`, `17 الشهر الحالي`, `في 21 الحالي`.
    pub(super) fn of_month(&self, i: usize) -> Option<Match> {
        // يوم 27 الجاري
        let day = matches!(self.time(i), TimeWord::Unit(Span::Day, Count::One)) && !self.facts.definite(i);
        if day && self.same(i + 1) && self.facts.words.kind(i + 1) == TokenKind::Number {
            let found = self.of_month(i + 1)?;
            return Some(Match { from: i, range: self.start(i)..found.range.end, ..found });
        }
        let number = self.facts.number(i).filter(|n| !n.scaled && (1.0..=31.0).contains(&n.value))?;
        if self.facts.language != "ar" || !(number.digits && self.word(i).len() <= 2 || number.ordinal) {
            return None;
        }
        if number.ordinal && self.in_an_order(i) {
            return None;
        }
        let of = usize::from(self.word(number.to) == "من" && self.same(number.to));
        let before = if i > 0 && self.same(i) { self.word(i - 1) } else { "" };
        let (step, to) = match self.told(number.to + of, Span::Month) {
            Some(told) => told,
            // الـ17 من الشهر نفسه, 27 منه: the month told before, which the caller knows
            None if self.same_month(number.to).is_some() => {
                let to = self.same_month(number.to)?;
                let value = format!("{}-{:02}", super::before::SAME_MONTH, number.value as u8);
                return Some(self.make(i, to, TimeType::Date, value));
            }
            // في 21 الحالي
            None if of == 0
                && number.digits
                && (matches!(
                    before,
                    "في" | "يوم" | "حتى" | "إلى" | "و" | "بين" | "منذ" | "ال" | "بعد" | "قبل"
                ) || matches!(self.time(i.max(1) - 1), TimeWord::Weekday(_))) =>
            {
                (self.step(number.to)?, number.to + 1)
            }
            None => return None,
        };
        let month = self.anchor.unit(Span::Month, step, true);
        let anchored = month.is_some();
        let month = month.unwrap_or_else(|| Span::Month.unknown().to_owned());
        let value = format!("{month}-{:02}", number.value as u8);
        Some(Match { anchored, ..self.make(i, to, TimeType::Date, value) })
    }

    /// Whether an ordinal at token `i` belongs to the noun before it: الأسبوع الأول من مايو.
    pub(super) fn in_an_order(&self, i: usize) -> bool {
        let before = if i > 0 && self.same(i) { self.word(i - 1) } else { "" };
        let day = matches!(self.time(i.max(1) - 1), TimeWord::Weekday(_) | TimeWord::Unit(Span::Day, _));
        // الأول والثاني من مايو
        let another = matches!(self.facts.num(i.max(1) - 1), Num::Ord(_));
        before.starts_with("ال")
            && self.facts.definite(i)
            && !day
            && !another
            && !matches!(before, "الموافق" | "المصادف")
    }

    /// The token behind "of the same month" at token `t`.
    fn same_month(&self, t: usize) -> Option<usize> {
        if !self.same(t) {
            return None;
        }
        let month = |t: usize| {
            self.same(t)
                && matches!(self.time(t), TimeWord::Unit(Span::Month, Count::One))
                && self.facts.definite(t)
        };
        let own = |t: usize| self.same(t) && matches!(self.word(t), "نفسه" | "ذاته");
        let same = |t: usize| self.same(t) && matches!(self.word(t), "نفس" | "ذات");
        match self.word(t) {
            "منه" => Some(t + 1),
            "من" if month(t + 1) && own(t + 2) => Some(t + 3),
            "من" if same(t + 1) && month(t + 2) => Some(t + 3),
            _ => None,
        }
    }

    /// The year behind a month or a quarter, the token behind it, and whether it was counted from the anchor: `2014`,
    /// `من العام الماضي`, `من نفس السنة`.
    pub(super) fn year_of_part(&self, t: usize) -> Option<(String, usize, bool)> {
        if let Some(year) = self.year_behind(t).filter(|year| year.calendar == Calendar::Gregorian) {
            return Some((format!("{:04}", year.value), year.to, false));
        }
        if self.facts.language != "ar" {
            let (step, to) = self.western_year(t)?;
            let year = self.anchor.unit(Span::Year, step, false);
            let anchored = year.is_some();
            return Some((year.unwrap_or_else(|| Span::Year.unknown().to_owned()), to, anchored));
        }
        let of = usize::from(self.word(t) == "من" && self.same(t));
        let at = t + of;
        if let Some((step, to)) = self.told(at, Span::Year) {
            let year = self.anchor.unit(Span::Year, step, true);
            let anchored = year.is_some();
            return Some((year.unwrap_or_else(|| Span::Year.unknown().to_owned()), to, anchored));
        }
        // النصف الأول من العام
        let plain = of == 1
            && matches!(self.time(at), TimeWord::Unit(Span::Year, Count::One))
            && self.same(at)
            && self.facts.definite(at)
            && (!self.same(at + 1)
                || self.facts.words.kind(at + 1) != TokenKind::Arabic
                || !self.word(at + 1).starts_with("ال") && self.year_behind(at).is_none())
            && !matches!(self.word(at + 1), "نفسه" | "ذاته" | "نفسها" | "ذاتها");
        if plain {
            let year = self.anchor.unit(Span::Year, 0, true);
            let anchored = year.is_some();
            return Some((year.unwrap_or_else(|| Span::Year.unknown().to_owned()), at + 1, anchored));
        }
        let year = |t: usize| matches!(self.time(t), TimeWord::Unit(Span::Year, Count::One)) && self.same(t);
        let same = matches!(self.word(at), "نفس" | "ذات") && year(at + 1)
            || year(at)
                && matches!(self.word(at + 1), "نفسه" | "نفسها" | "ذاته" | "ذاتها")
                && self.same(at + 1);
        if !same {
            return None;
        }
        self.digits_before(t).map(|year| (format!("{year:04}"), at + 2, false))
    }

    /// `الـ22 من أغسطس`, `الـ20 من الشهر الحالي`, `يناهز الـ80`: what the article stands before.
    pub(super) fn behind_article(&self, i: usize) -> Option<Match> {
        let word = self.word(i).trim_end_matches('ـ');
        let lead = word.strip_suffix("ال")?;
        if lead.chars().count() > 2 || !self.same(i + 1) || self.facts.words.kind(i + 1) != TokenKind::Number
        {
            return None;
        }
        let start = self.facts.words.start(i) + lead.len();
        let found =
            self.of_month(i + 1).or_else(|| self.day_month(i + 1)).or_else(|| self.age_behind(i + 1))?;
        Some(Match { from: i, range: start..found.range.end, ..found })
    }
}
