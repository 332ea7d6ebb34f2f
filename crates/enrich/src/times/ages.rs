//! Ages and lengths without a unit, and lengths of one unit: `عمر 18`, `الرابعة عشرة من عمره`, `بين 25 و54 سنة`,
//! `طوال العام`, `اليوم الواحد`.

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match};
use crate::doc::TokenKind;
use crate::enriched::TimeType;
use crate::numbers::words::Num;
use crate::quantities::units::UnitWord;

/// Years that somebody can have.
const OLDEST: f64 = 120.0;

impl Finder<'_> {
    /// An ordinal with its ten at token `i`, and the token behind it: الثامن عشر, الحادي والعشرين.
    pub(super) fn ordinal(&self, i: usize) -> Option<(f64, usize)> {
        let number = self.facts.number(i).filter(|n| n.ordinal)?;
        let (value, to) = (number.value, number.to);
        if !self.same(to) {
            return Some((value, to));
        }
        Some(match self.facts.hit(to).map(|hit| (hit.value.num, hit.clitic.and)) {
            Some((Num::Card(tens @ 20..=90), true)) => (value + f64::from(tens), to + 1),
            Some((Num::Card(10), false)) => (value + 10.0, to + 1),
            _ => (value, to),
        })
    }

    /// An age that no unit follows.
    pub(super) fn age(&self, i: usize) -> Option<Match> {
        if self.facts.language != "ar" {
            return None;
        }
        let years = |from, to, value: f64| {
            Some(self.make(from, to, TimeType::Duration, Span::Year.duration(Some(value))))
        };
        if self.time(i) == TimeWord::Age {
            let at = i + 1 + usize::from(self.word(i + 1) == "ال");
            if self.facts.definite(i) || !self.same(at) {
                return None;
            }
            let (value, to) = match self.facts.number(at).filter(|n| !n.ordinal && !n.scaled) {
                Some(number) if number.digits || self.facts.definite(at) => (number.value, number.to),
                _ => self.ordinal(at).filter(|_| self.facts.definite(at))?,
            };
            let alone = !self.same(to)
                || self.facts.words.kind(to) == TokenKind::Punct && self.word(to) != "%"
                || self.facts.unit(to) == UnitWord::Stop && self.facts.time(to) == TimeWord::None
                || self.word(to) == "فما";
            let fits = alone && (1.0..OLDEST).contains(&value) && value.fract() == 0.0;
            return if fits { years(i, to, value) } else { None };
        }
        // البالغ من العمر 35
        if self.facts.words.kind(i) == TokenKind::Number {
            let told = i > 1 && self.same(i) && self.word(i - 1) == "العمر" && self.word(i - 2) == "من";
            if !told {
                return None;
            }
            let number = self.facts.number(i).filter(|n| n.digits && n.value.fract() == 0.0)?;
            let next = number.to;
            let stop = self.facts.unit(next) == UnitWord::Stop && self.facts.time(next) == TimeWord::None;
            let alone = !self.same(next) || !self.facts.words.is_word(next) || stop;
            let fits = alone && (1.0..OLDEST).contains(&number.value);
            return if fits { years(i, number.to, number.value) } else { None };
        }
        // الرابعة عشرة من عمره, دون الرابعة عشرة
        let (value, to) = self.ordinal(i).filter(|_| self.facts.definite(i))?;
        let before = if i > 0 && self.same(i) { self.word(i - 1) } else { "" };
        let decade = matches!(self.time(i.max(1) - 1), TimeWord::Unit(..));
        // تبلغ السابعة والعشرين: no place in an order is told so
        let tells = matches!(
            before.strip_prefix('و').unwrap_or(before),
            "تبلغ"
                | "يبلغ"
                | "بلغت"
                | "بلغ"
                | "بلوغه"
                | "بلوغها"
                | "أتم"
                | "أتمت"
                | "تجاوزت"
                | "تجاوز"
        ) && value > 20.0
            && to > i + 1
            && self.word(i).ends_with('ة')
            && !(self.same(to) && matches!(self.time(to), TimeWord::Part(_)));
        let said = self.of_age(to) || tells || before == "دون" && self.word(i).ends_with('ة') && value > 3.0;
        if said && !decade { years(i, to, value) } else { None }
    }

    /// `بين 25 و54 سنة`, `من 13 إلى 16 عاما`: the first of two lengths, whose unit stands behind the second.
    pub(super) fn first_of_lengths(&self, i: usize) -> Option<Match> {
        if self.facts.words.kind(i) != TokenKind::Number {
            return self.first_in_words_of_lengths(i);
        }
        let first = self.facts.number(i).filter(|n| n.digits && n.value > 0.0 && n.value < 1000.0)?;
        if self.facts.language != "ar" || first.to != i + 1 || !self.same(i + 2) {
            return None;
        }
        let joins = matches!(self.word(i + 1), "و" | "إلى" | "الى" | "أو" | "او" | "-" | "–" | "حتى");
        let digits = self.facts.words.kind(i + 2) == crate::doc::TokenKind::Number;
        // و joins two lengths only between them: بين 25 و54 سنة, (26 و27 عاما)
        let led = i > 0 && self.same(i) && matches!(self.word(i - 1), "بين" | "(" | "سن" | "من");
        let score = self.facts.words.glued(i) && matches!(self.word(i.max(1) - 1), "-" | "/" | ".") && i > 0;
        if !joins || !digits || score || self.word(i + 1) == "و" && !led {
            return None;
        }
        let (span, Some(second), _) = self.length(i + 2)? else { return None };
        (second > first.value)
            .then(|| self.make(i, i + 1, TimeType::Duration, span.duration(Some(first.value))))
    }

    /// `ثلاث أو أربع ساعات`: the same in words.
    fn first_in_words_of_lengths(&self, i: usize) -> Option<Match> {
        if !matches!(self.facts.num(i), Num::Card(2..=99)) || self.facts.definite(i) {
            return None;
        }
        let first = self.facts.number(i).filter(|n| !n.ordinal && !n.scaled)?;
        let joins = matches!(self.word(first.to), "أو" | "إلى" | "الى") && self.same(first.to + 1);
        if self.facts.language != "ar" || !joins || self.facts.number(first.to + 1).is_none() {
            return None;
        }
        // خمسة إلى ستة ملايين سنة
        if self.facts.number(first.to + 1).is_some_and(|second| second.scaled) {
            return None;
        }
        let (span, Some(second), _) = self.length(first.to + 1)? else { return None };
        let value = span.duration(Some(first.value));
        (second > first.value).then(|| self.make(i, first.to, TimeType::Duration, value))
    }

    /// An age in digits behind the article: يناهز الـ80, الـ30 من عمره.
    pub(super) fn age_behind(&self, i: usize) -> Option<Match> {
        let number = self.facts.number(i).filter(|n| n.digits && (1.0..OLDEST).contains(&n.value))?;
        let before = self.word(i.max(2) - 2);
        let said = self.of_age(number.to)
            || matches!(before, "يناهز" | "تناهز" | "ناهز") && !self.facts.counts(number.to);
        said.then(|| self.make(i, number.to, TimeType::Duration, Span::Year.duration(Some(number.value))))
    }

    /// Whether "of his age" stands at token `t`.
    pub(super) fn of_age(&self, t: usize) -> bool {
        self.word(t) == "من"
            && self.same(t)
            && self.same(t + 1)
            && matches!(self.word(t + 1), "عمره" | "عمرها" | "العمر" | "عمرهم" | "عمري")
    }

    /// `طوال العام`, `اليوم الواحد`, `ساعة أخرى`: one unit, which no number says.
    pub(super) fn one_unit(&self, i: usize) -> Option<Match> {
        let length = |to, span: Span| Some(self.make(i, to, TimeType::Duration, span.duration(Some(1.0))));
        let placed = |t: usize| {
            self.same(t)
                && (self.facts.definite(t)
                    && matches!(
                        self.time(t),
                        TimeWord::Past | TimeWord::Next | TimeWord::This | TimeWord::Recent
                    )
                    || self.facts.num(t) != Num::None
                    || matches!(self.time(t), TimeWord::Weekday(_))
                    || self.facts.words.kind(t) == TokenKind::Number)
        };
        match self.time(i) {
            TimeWord::Whole if self.same(i + 1) && self.facts.definite(i + 1) => match self.time(i + 1) {
                TimeWord::Unit(span, Count::One) if span >= Span::Day && !placed(i + 2) => {
                    length(i + 2, span)
                }
                _ => None,
            },
            TimeWord::Unit(span, Count::One) if self.same(i + 1) => {
                let next = self.word(i + 1);
                let one = self.facts.definite(i) && matches!(next, "الواحد" | "الواحدة");
                let other =
                    !self.facts.definite(i) && matches!(next, "أخرى" | "آخر") && self.facts.language == "ar";
                // عام كامل
                let whole = !self.facts.definite(i)
                    && matches!(next, "كامل" | "كاملة" | "كاملا")
                    && self.facts.language == "ar";
                if whole {
                    return length(i + 2, span);
                }
                let hour = span == Span::Hour && one;
                if (one && !hour) || other && span <= Span::Hour { length(i + 2, span) } else { None }
            }
            _ => None,
        }
    }
}
