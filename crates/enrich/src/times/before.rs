//! Times that lean on one told before: a clock on its day, `الشهر نفسه`, `العام نفسه`, the end of a range of weekdays.

use jiff::ToSpan;
use jiff::civil::Date;

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match};
use crate::doc::TokenKind;
use crate::enriched::{Calendar, TimeType};

/// Stands in a value for the month that was told before.
pub(super) const SAME_MONTH: &str = "SAME-MM";

/// Tokens back to which "the same year" looks for it.
const FAR: usize = 80;

impl Finder<'_> {
    /// Gives a time of day without a day the one that stands just before it: غدا الساعة العاشرة.
    pub(super) fn of_day_before(&self, found: &mut Match, before: Option<&Match>) {
        let Some(day) = before.filter(|day| day.value.len() == 10 || day.kind == TimeType::Time) else {
            return;
        };
        // من الساعة السابعة صباح الأحد إلى التاسعة
        let date_before =
            day.value.get(..10).filter(|date| date.parse::<Date>().is_ok() || date.starts_with("XXXX-WXX-"));
        let Some(date_before) = date_before.filter(|_| matches!(day.kind, TimeType::Date | TimeType::Time))
        else {
            return;
        };
        let today = self.anchor.day(0).map(|day| day.to_string());
        let told = found.value.split_once('T').filter(|_| found.kind == TimeType::Time);
        let Some((date, clock)) = told else { return };
        let own = !date.is_empty() && today.as_deref() != Some(date);
        let near = found.from >= day.to && found.from - day.to <= 4;
        let whole = clock.starts_with(|c: char| c.is_ascii_digit());
        let apart = (day.to..found.from)
            .any(|t| matches!(self.word(t), "." | "؟" | "!") || self.facts.words.paragraph(t));
        if !own && near && whole && !apart && !self.facts.words.paragraph(found.from) {
            found.value = format!("{date_before}T{clock}");
            found.anchored = day.anchored;
        }
    }

    /// Gives a day of "the same month" the last month that was told; whether it stands.
    pub(super) fn of_month_before(&self, found: &mut Match, out: &[Match]) -> bool {
        let Some(day) = found.value.strip_prefix(SAME_MONTH) else { return true };
        let month = |before: &&Match| {
            let month = before.value.get(..7).filter(|_| before.kind == TimeType::Date)?;
            let plain = before.calendar == Calendar::Gregorian && month.as_bytes().get(4) == Some(&b'-');
            let digits = month.bytes().skip(5).all(|b| b.is_ascii_digit());
            (plain && digits).then(|| month.to_owned())
        };
        let Some((month, before)) = out.iter().rev().take(4).find_map(|m| Some((month(&m)?, m))) else {
            return false;
        };
        found.value = format!("{month}{day}");
        found.anchored = before.anchored;
        true
    }

    /// `14 شوال 1436هـ الموافق 30 يوليو 2015`: both are one day, whatever the tables say of the moon.
    pub(super) fn of_same_day(&self, found: &mut Match, before: Option<&mut Match>) {
        let Some(before) = before.filter(|before| before.calendar != found.calendar) else { return };
        let said = (before.to..found.from).any(|t| {
            let word = self.word(t);
            matches!(word.trim_start_matches(['ا', 'ل', 'ه', 'و']), "موافق") || word == "المصادف"
        });
        let near = said && found.from - before.to <= 3;
        let day = |m: &Match| m.value.parse::<Date>().ok().filter(|_| m.kind == TimeType::Date);
        let (Some(one), Some(other)) = (day(before), day(found)) else { return };
        let apart = one.until(other).map_or(i32::MAX, |apart| apart.get_days().abs());
        if near && apart <= 3 {
            match found.calendar {
                Calendar::Hijri => found.value.clone_from(&before.value),
                Calendar::Gregorian => before.value.clone_from(&found.value),
            }
        }
    }

    /// `من الأحد إلى الخميس`: the second of two weekdays is not before the first. Where the text says that the second is
    /// past, the first is, too.
    pub(super) fn of_range_before(&self, found: &mut Match, before: Option<&mut Match>) {
        let weekday = |m: &Match| {
            (m.from..m.to).any(|t| matches!(self.time(t), TimeWord::Weekday(_)))
                && m.kind == TimeType::Date
                && m.anchored
        };
        let Some(first) = before.filter(|first| weekday(first) && weekday(found)) else { return };
        let joined = found.from == first.to + 1
            && matches!(self.word(first.to), "إلى" | "الى" | "حتى" | "وحتى" | "ولغاية" | "لغاية");
        let day = |m: &Match| m.value.parse::<Date>().ok();
        let (Some(start), Some(end)) = (day(first), day(found)) else { return };
        if !joined || end >= start {
            return;
        }
        // من السبت إلى الأربعاء الماضي
        let last = |m: &Match| self.time(m.to.max(1) - 1);
        if matches!(last(found), TimeWord::Past | TimeWord::Recent) {
            let plain = matches!(last(first), TimeWord::Weekday(_));
            if let Some(earlier) = start.checked_sub(7.days()).ok().filter(|day| plain && *day < end) {
                first.value = earlier.to_string();
            }
        } else if let Ok(later) = end.checked_add(7.days())
            && later > start
        {
            found.value = later.to_string();
        }
    }

    /// The year last told in digits before token `t`.
    pub(super) fn digits_before(&self, t: usize) -> Option<u32> {
        (t.saturating_sub(FAR)..t).rev().find_map(|t| {
            let year = self.small(t).filter(|year| (1900..=2100).contains(year) && self.word(t).len() == 4);
            year.filter(|_| self.facts.words.kind(t) == TokenKind::Number)
        })
    }

    /// `العام نفسه`, `نفس السنة`: the year that was told before.
    pub(super) fn year_before(&self, i: usize) -> Option<Match> {
        if self.facts.language != "ar" {
            return None;
        }
        let year = |t: usize| {
            matches!(self.time(t), TimeWord::Unit(Span::Year, Count::One))
                && self.same(t)
                && self.facts.definite(t)
        };
        let own = self.same(i + 1) && matches!(self.word(i + 1), "نفسه" | "نفسها" | "ذاته" | "ذاتها");
        if !(year(i) && own) {
            return None;
        }
        let told = self.digits_before(i)?;
        Some(self.make(i, i + 2, TimeType::Date, format!("{told:04}")))
    }

    /// `العام قبل الماضي`, `الشهر قبل الماضي`: two units back.
    pub(super) fn before_last(&self, i: usize) -> Option<Match> {
        let TimeWord::Unit(span, Count::One) = self.time(i) else { return None };
        let said = self.facts.language == "ar"
            && self.facts.definite(i)
            && span >= Span::Week
            && self.same(i + 2)
            && self.word(i + 1) == "قبل"
            && matches!(self.word(i + 2), "الماضي" | "الماضية" | "الأخير" | "الأخيرة");
        if !said {
            return None;
        }
        let value = self.anchor.unit(span, -2, true);
        let anchored = value.is_some();
        let value = value.unwrap_or_else(|| span.unknown().to_owned());
        Some(Match { anchored, ..self.make(i, i + 3, TimeType::Date, value) })
    }
}
