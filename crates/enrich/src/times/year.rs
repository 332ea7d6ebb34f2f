//! Years, with or without a word that says so: `عام 2017`, `2015م`, `في 2013`, `1436 هـ`.

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match, hijri};
use crate::enriched::{Calendar, TimeType};
use crate::quantities::units::UnitWord;

/// A year and the token behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Year {
    pub value: i16,
    pub to: usize,
    pub calendar: Calendar,
    /// A word says that it is a year.
    pub said: bool,
}

impl Finder<'_> {
    /// A year at token `t`, with عام, a comma or "of" before it where there is one.
    pub(super) fn year_behind(&self, t: usize) -> Option<Year> {
        let mut at = t;
        for _ in 0..3 {
            let skip = matches!(self.word(at), "من" | "," | "،" | "of" | "de" | "in")
                || matches!(self.time(at), TimeWord::Unit(Span::Year, _));
            if !skip || !self.same(at) {
                break;
            }
            at += 1;
        }
        // "13 تشرين الثاني" 2015
        let quoted = at == t && matches!(self.word(at), "\"" | "»" | "”") && self.facts.words.glued(at);
        at += usize::from(quoted && self.same(at + 1) && !self.facts.words.glued(at + 1));
        self.same(at).then(|| self.year_number(at)).flatten()
    }

    /// Four digits that are a year by themselves.
    pub(super) fn year_number(&self, t: usize) -> Option<Year> {
        if self.facts.words.kind(t) != crate::doc::TokenKind::Number || self.word(t).len() != 4 {
            return None;
        }
        let value = self.small(t).filter(|year| (1000..=2100).contains(year))?;
        let mut year = Year { value: value as i16, to: t + 1, calendar: Calendar::Gregorian, said: false };
        let mark = self.time(t + 1);
        if self.same(t + 1) && matches!(mark, TimeWord::Common | TimeWord::HijriMark) {
            if mark == TimeWord::HijriMark {
                year.calendar = Calendar::Hijri;
            }
            year.to = t + 2;
            year.said = true;
        } else if self.same(t + 1)
            && matches!(mark, TimeWord::Unit(Span::Year, _))
            && self.facts.language == "ru"
        {
            year.to = t + 2;
            year.said = true;
        }
        Some(year)
    }

    /// `عام 2017`, `2015م`, `في 2013`, `1998-2007`.
    pub(super) fn year(&self, i: usize) -> Option<Match> {
        let word = matches!(self.time(i), TimeWord::Unit(Span::Year, _));
        let at = if word { i + 1 } else { i };
        if word && !self.same(at) {
            return None;
        }
        // العام الحالي 2015, العام المقبل 2016
        let this = word
            && matches!(self.time(at), TimeWord::This | TimeWord::Past | TimeWord::Next)
            && (self.time(at) == TimeWord::This || self.facts.definite(at) && self.facts.definite(i));
        if let Some(found) = self.early_year(i, at, word) {
            return Some(found);
        }
        // عام .2013: a full stop that right-to-left text moved
        let moved =
            word && self.word(at) == "." && self.facts.words.glued(at + 1) && !self.facts.words.glued(at);
        let year = self.year_number(if this || moved { at + 1 } else { at })?;
        let stands = word || year.said || self.year_stands_alone(i, year.to);
        if !stands || (year.value < 1300 && !word && !year.said) {
            return None;
        }
        // أعوام 2025 ـ 2030; the dash may be a tatweel, which normalising removes
        let dash = matches!(self.word(year.to), "-" | "–" | "ـ" | "/") && self.same(year.to);
        let end = (word && !year.said).then(|| self.year_number(year.to + usize::from(dash))).flatten();
        let end = end.filter(|end| self.same(end.to - 1) && end.value > year.value);
        let end = end.filter(|_| dash || self.facts.words.gap(year.to).len() > 1);
        let calendar = end.as_ref().map_or(year.calendar, |end| end.calendar);
        let of = |year: i16| match calendar {
            Calendar::Hijri => hijri::year(i32::from(year)),
            Calendar::Gregorian => Some(i32::from(year)),
        };
        // عام 1435: our years of the Hijri calendar need no هـ
        let hijri = word && end.is_none() && !year.said && (1390..=1450).contains(&year.value);
        if hijri && self.facts.language == "ar" {
            let value = format!("{:04}", hijri::year(i32::from(year.value))?);
            return Some(Match { calendar: Calendar::Hijri, ..self.make(i, year.to, TimeType::Date, value) });
        }
        let (value, to) = match end {
            Some(end) => (format!("{:04}/{:04}", of(year.value)?, of(end.value)?), end.to),
            None => (format!("{:04}", of(year.value)?), year.to),
        };
        Some(Match { calendar, ..self.make(i, to, TimeType::Date, value) })
    }

    /// `عام 568`, `645 ميلاديا`: three digits are a year only where a word says so.
    fn early_year(&self, i: usize, at: usize, word: bool) -> Option<Match> {
        let value = self.small(at).filter(|_| self.word(at).len() == 3)?;
        let common = self.time(at + 1) == TimeWord::Common && self.same(at + 1) && self.word(at + 1) != "م";
        let named = word && matches!(self.time(i), TimeWord::Unit(_, Count::One)) && !self.facts.definite(i);
        let counted = self.same(at + 1) && self.facts.counts(at + 1);
        if !(common || named && !counted && self.facts.language == "ar") {
            return None;
        }
        Some(self.make(i, at + 1 + usize::from(common), TimeType::Date, format!("{value:04}")))
    }

    /// Whether four digits before token `to` are a year by what stands around them.
    pub(super) fn year_stands_alone(&self, i: usize, to: usize) -> bool {
        let value = self.small(i).unwrap_or(0);
        if !(1800..=2100).contains(&value) {
            return false;
        }
        let words = &self.facts.words;
        // what is counted, paid or measured is no year
        let dated = i > 0 && self.same(i) && crate::quantities::dates(self.word(i - 1));
        let accusative = !dated
            && self.word(to).ends_with('ا')
            && !self.word(to).starts_with("ال")
            && self.facts.unit(to) != UnitWord::Stop;
        let counted = self.facts.about(i) && self.same(to) && words.is_word(to)
            || self.same(to)
                && (accusative || matches!(self.word(to), "%" | "$" | "€" | "°") || self.facts.counts(to));
        let code = words.glued(i) && matches!(self.word(i - 1), "$" | "€" | "£" | "#" | "." | ",")
            || words.glued(to) && words.is_word(to)
            || words.glued(i)
                && words.glued(to)
                && matches!(self.word(i - 1), "/" | "-" | "_")
                && matches!(self.word(to), "/" | "-");
        // %86-2024 of an address
        let address = i > 1
            && words.glued(i)
            && words.glued(i - 1)
            && matches!(self.word(i - 1), "-" | "_")
            && words.kind(i - 2) != crate::doc::TokenKind::Arabic
            && self.small(i - 2).is_none_or(|n| n < 1000);
        // 2000 في المائة
        let percent = matches!(self.word(to), "بالمئة" | "بالمائة")
            || self.word(to) == "في" && matches!(self.word(to + 1), "المئة" | "المائة");
        let code = code || address || percent && self.same(to);
        let before = if i > 0 && self.same(i) { self.time(i - 1) } else { TimeWord::None };
        let opened = i > 0 && matches!(self.word(i - 1), "(" | "-" | "–" | "/" | "،" | "و" | "ـ");
        let noun =
            i > 0 && self.same(i) && words.kind(i - 1) == crate::doc::TokenKind::Arabic && value >= 1900;
        !counted
            && !code
            && !self.season(i, to, value)
            && (self.facts.language != "ar" || !self.in_name(i))
            && (before != TimeWord::None || opened || noun || i > 0 && self.follows_year(i - 1))
    }

    /// Whether the year is half of a season: 2003-2004.
    pub(super) fn season(&self, i: usize, to: usize, value: u32) -> bool {
        let mark = |t: usize| matches!(self.word(t), "-" | "/" | "–" | "_");
        mark(to) && self.small(to + 1) == Some(value + 1)
            || i > 1 && mark(i - 1) && self.small(i - 2).is_some_and(|y| y + 1 == value)
    }

    /// Whether a year stands at most two tokens before token `t`.
    pub(super) fn follows_year(&self, t: usize) -> bool {
        (t.saturating_sub(2)..=t).any(|t| self.small(t).is_some_and(|n| (1800..=2100).contains(&n)))
    }
}
