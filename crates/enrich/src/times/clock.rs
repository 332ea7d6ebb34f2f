//! Times of day: `الساعة 10 صباحًا`, `13:10`, `صباح اليوم الخميس`, `Friday night`, `15h30`.

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match};
use crate::enriched::TimeType;

impl Finder<'_> {
    /// A time told by the clock, with the day before or behind it where there is one.
    pub(super) fn clock(&self, i: usize) -> Option<Match> {
        let said = matches!(self.time(i), TimeWord::Unit(Span::Hour, Count::One)) && self.facts.definite(i);
        // الساعة الـ11
        let article = said && self.word(i + 1) == "ال" && self.same(i + 2);
        let at = i + usize::from(said) + usize::from(article);
        if said && !self.same(at) {
            return None;
        }
        let (mut hour, minute, mut to, sure) = self.hour(at)?;
        if !said && !sure && !self.clock_alone(at, to) {
            return None;
        }
        let (minute, passed) = self.minutes(to, minute);
        if passed > to {
            to = passed;
        }
        // صباحا, مساء, am, pm
        let mut half = self.half(to).filter(|_| self.same(to));
        if half.is_some() {
            to += 1 + usize::from(self.word(to) == "من");
            if self.time(to - 1) == TimeWord::None && matches!(self.time(to), TimeWord::Part(_)) {
                to += 1;
            }
        } else if self.word(to) == "من"
            && let TimeWord::Part(part) = self.time(to + 1)
        {
            half = Some(matches!(part, "AF" | "EV" | "NI" | "MI"));
            to += 2;
        }
        // من الساعة 5 إلى 9 مساء: both are of one half of the day
        if half.is_none() && self.evening_of_second(to, hour) {
            half = Some(true);
        }
        // at eleven "noon" is still the morning
        let noon = matches!(self.time(to.max(1) - 1), TimeWord::Part("MI"));
        if let Some((afternoon, end)) = self.around_noon(to).filter(|_| half.is_none()) {
            (half, to) = (Some(afternoon), end);
        }
        if half == Some(true) && hour < 12 && !(noon && hour >= 10) {
            hour += 12;
        } else if half == Some(false) && hour == 12 {
            hour = 0;
        } else if hour == 12 && minute == 0 && matches!(self.time(to.max(1) - 1), TimeWord::Part("NI")) {
            // الثانية عشرة ليلا
            hour = 24;
        }
        let (zone, to) = match self.zone(to) {
            ("", same) if same == to && self.facts.language != "ar" => self.western_zone(to),
            told => told,
        };
        let clock = format!("T{hour:02}:{minute:02}{zone}");
        // بعد غد الأربعاء
        let skip = matches!(self.word(to), "on" | "من" | "،" | ",")
            || self.word(to) == "بعد" && self.time(to + 1) == TimeWord::Day(1);
        let day_at = to + usize::from(skip);
        if let Some(day) = self.day(day_at).filter(|day| self.same(day_at) && day.value.len() >= 8) {
            let value = format!("{}{clock}", day.value);
            return Some(Match { anchored: day.anchored, ..self.make(i, day.to, TimeType::Time, value) });
        }
        if self.is_daily(i, to) {
            return Some(self.make(i, to, TimeType::Time, format!("XXXX-XX-XX{clock}")));
        }
        let value = match self.anchor.day(0) {
            Some(day) => format!("{day}{clock}"),
            None => clock,
        };
        Some(Match { anchored: self.anchor.0.is_some(), ..self.make(i, to, TimeType::Time, value) })
    }

    /// Hour and minute at token `t`, the token behind them, and whether they cannot be anything else.
    fn hour(&self, t: usize) -> Option<(u32, u32, usize, bool)> {
        let words = &self.facts.words;
        if words.kind(t) != crate::doc::TokenKind::Number {
            let number = self.facts.number(t).filter(|n| (1.0..13.0).contains(&n.value) && !n.scaled)?;
            let (value, to) =
                self.ordinal(t).filter(|(value, _)| *value < 13.0).unwrap_or((number.value, number.to));
            // والنصف is part of the number
            return Some((value as u32, (value.fract() * 60.0).round() as u32, to, false));
        }
        let word = self.word(t);
        // بزمن قدره 2:04:30
        if t > 0 && matches!(self.word(t - 1), "قدره" | "وقدره" | "زمن" | "بزمن" | "زمنا")
        {
            return None;
        }
        // 17,25 and 12.23, where a zone or الساعة says so
        if let Some((hour, minute)) = word.split_once([',', '.', '،']) {
            let (hour, minutes): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
            let plain = hour < 25 && minutes < 60 && minute.len() == 2;
            let zone = self.same(t + 1) && !self.zone(t + 1).0.is_empty();
            return plain.then_some((hour, minutes, t + 1, zone));
        }
        if let Some((hour, minute)) = word.split_once(':') {
            let (hour, minute) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
            return (hour < 25 && minute < 60 && word.len() <= 8).then_some((hour, minute, t + 1, true));
        }
        let hour = self.small(t)?;
        let next = self.word(t + 1);
        if next == ":" && words.glued(t + 1) && words.glued(t + 2) && hour < 25 {
            let minute = self.small(t + 2).filter(|m| *m < 60 && self.word(t + 2).len() == 2)?;
            let seconds = self.word(t + 3) == ":"
                && words.glued(t + 3)
                && self.small(t + 4).is_some()
                && words.glued(t + 4);
            let ratio = words.glued(t) && matches!(self.word(t.saturating_sub(1)), ":" | "/") && t > 0;
            return (!ratio).then_some((hour, minute, if seconds { t + 5 } else { t + 3 }, true));
        }
        // 15h30, 16 h 00
        if matches!(next, "h" | "H") && hour < 25 && self.same(t + 1) {
            let minute =
                self.small(t + 2).filter(|m| *m < 60 && self.same(t + 2) && self.word(t + 2).len() == 2);
            return Some((hour, minute.unwrap_or(0), if minute.is_some() { t + 3 } else { t + 2 }, true));
        }
        let suffix = matches!(next, "am" | "pm" | "AM" | "PM" | "a.m." | "p.m.")
            || next == "a"
            || next == "p" && self.word(t + 2) == ".";
        if suffix && hour <= 12 && matches!(next.len(), 2 | 4) {
            return Some((hour, 0, t + 1, true));
        }
        // الساعة 1401 بتوقيت جرينتش
        if (100..2400).contains(&hour) && word.len() == 4 && hour % 100 < 60 {
            let zone = self.same(t + 1) && !self.zone(t + 1).0.is_empty();
            return Some((hour / 100, hour % 100, t + 1, zone));
        }
        (hour < 25).then_some((hour, 0, t + 1, false))
    }

    /// Whether an hour from token `at` to before token `to` is one by what stands behind it: السادسة مساء, الواحدة بتوقيت
    /// غرينيتش.
    fn clock_alone(&self, at: usize, to: usize) -> bool {
        let words = &self.facts.words;
        // 5 مساء, 10 صباحا
        let hour = words.word(at).split(['.', ',', '،']).next().and_then(|hour| hour.parse::<u32>().ok());
        let digits = words.kind(at) == crate::doc::TokenKind::Number
            && hour.is_some_and(|hour| (1..=12).contains(&hour))
            && to == at + 1
            && self.same(to)
            && matches!(self.time(to), TimeWord::Part(_))
            && self.facts.lead(to) == 0
            && (words.word(to).ends_with('ا') || words.word(to).starts_with("مساء"))
            && self.facts.language == "ar";
        if digits {
            return true;
        }
        let feminine = words.word(at).ends_with('ة')
            && self.facts.definite(at)
            && words.kind(at) != crate::doc::TokenKind::Number;
        let part = self.same(to) && matches!(self.time(to), TimeWord::Part(_)) && !self.facts.definite(to);
        feminine && (part || self.same(to) && !self.zone(to).0.is_empty() || self.around_noon(to).is_some())
    }

    /// Whether a second hour behind token `t`, later than `hour`, is one of the afternoon: 5 إلى 9 مساء.
    fn evening_of_second(&self, t: usize, hour: u32) -> bool {
        let joins = matches!(self.word(t), "إلى" | "الى" | "حتى" | "وحتى" | "-" | "–");
        if !joins || !self.same(t + 1) || self.facts.language != "ar" {
            return false;
        }
        let said =
            matches!(self.time(t + 1), TimeWord::Unit(Span::Hour, Count::One)) && self.facts.definite(t + 1);
        let Some((second, minute, to, _)) = self.hour(t + 1 + usize::from(said)) else { return false };
        let (_, to) = self.minutes(to, minute);
        let to = to + usize::from(self.word(to) == "من");
        let evening = self.same(to)
            && matches!(self.time(to), TimeWord::Part("EV" | "AF" | "NI"))
            && (!self.facts.definite(to) || self.word(to).starts_with("ال"));
        evening && hour < second && second < 12
    }

    /// The minutes that words behind an hour add, and the token behind them: والنصف, والربع.
    fn minutes(&self, t: usize, minute: u32) -> (u32, usize) {
        if !self.same(t) || minute > 0 {
            return (minute, t);
        }
        // التاسعة و53 دقيقة, العاشرة وخمس دقائق
        let and = usize::from(self.word(t) == "و");
        let joined = and == 1 || self.facts.hit(t).is_some_and(|hit| hit.clitic.and);
        if let Some(number) = self.facts.number(t + and).filter(|n| joined && (1.0..60.0).contains(&n.value))
            && number.value.fract() == 0.0
            && !number.ordinal
            && matches!(self.time(number.to), TimeWord::Unit(Span::Minute, _))
            && self.same(number.to)
        {
            return (number.value as u32, number.to + 1);
        }
        match self.word(t) {
            "والنصف" | "ونصف" => (30, t + 1),
            "والربع" | "وربع" => (15, t + 1),
            "والثلث" | "وثلث" => (20, t + 1),
            _ => (minute, t),
        }
    }

    /// `بعد الظهر`, `قبل الظهر`, `بعد الزوال` at token `t`: whether it is the afternoon, and the token behind it.
    fn around_noon(&self, t: usize) -> Option<(bool, usize)> {
        if !self.same(t) || !self.same(t + 1) || !matches!(self.word(t + 1), "الظهر" | "الزوال" | "ظهر")
        {
            return None;
        }
        let plain = self.word(t + 1) != "ظهر";
        match self.word(t) {
            "بعد" => Some((true, t + 1 + usize::from(plain))),
            "قبل" => Some((false, t + 1 + usize::from(plain))),
            _ => None,
        }
    }

    /// Whether token `t` says the second half of the day.
    fn half(&self, t: usize) -> Option<bool> {
        match self.word(t) {
            "am" | "AM" | "a.m." => Some(false),
            "pm" | "PM" | "p.m." => Some(true),
            _ => match self.time(t) {
                TimeWord::Part("MO") if !self.facts.definite(t) => Some(false),
                TimeWord::Part(_) if !self.facts.definite(t) => Some(true),
                _ => None,
            },
        }
    }

    /// The zone at token `t`, as far as TIMEX3 has one, and the token behind it.
    fn zone(&self, t: usize) -> (&'static str, usize) {
        if !self.same(t) {
            return ("", t);
        }
        match (self.word(t), self.word(t + 1)) {
            ("GMT" | "UTC" | "غرينتش" | "جرينتش", _) => ("Z", t + 1),
            ("بتوقيت", "جرينتش" | "غرينتش" | "غرينيتش" | "غرينتيش") => {
                ("Z", t + 2)
            }
            ("بتوقيت" | "ت", "م") if self.word(t) == "ت" => ("", t + 2),
            ("ت", "غ") => ("Z", t + 2),
            ("تغ", _) => ("Z", t + 1),
            ("ت", ".") if self.word(t + 2) == "غ" => ("Z", t + 3),
            ("بالتوقيت", "المحلي") => ("", t + 2),
            ("بتوقيت", "مكة") if self.word(t + 2) == "المكرمة" && self.same(t + 2) => {
                ("", t + 3)
            }
            ("بتوقيت", place) if place.chars().count() > 2 && self.same(t + 1) => ("", t + 2),
            _ => ("", t),
        }
    }

    /// `صباح اليوم الخميس`, `مساء الجمعة`, `Friday night`, `this morning`, `فجر اليوم`.
    pub(super) fn part_of_day(&self, i: usize) -> Option<Match> {
        // هذا الصباح
        if self.time(i) == TimeWord::This
            && self.facts.words.kind(i) == crate::doc::TokenKind::Arabic
            && let TimeWord::Part(part) = self.time(i + 1)
            && self.same(i + 1)
            && self.facts.definite(i + 1)
        {
            let day = self.anchor.day(0);
            let value = day.map_or_else(|| format!("XXXX-XX-XXT{part}"), |day| format!("{day}T{part}"));
            return Some(Match { anchored: day.is_some(), ..self.make(i, i + 2, TimeType::Time, value) });
        }
        // ليلة الجمعة: ليلة is also a unit
        let eve = self.word(i).ends_with("ليلة") && !self.facts.definite(i);
        let eve = eve && matches!(self.time(i + 1), TimeWord::Weekday(_) | TimeWord::Day(_));
        let part = match self.time(i) {
            TimeWord::Part(part) => Some(part),
            _ if eve => Some("NI"),
            _ => None,
        };
        if let Some(part) = part {
            let at = i + 1;
            // بعد ظهر اليوم
            let after = part == "MI"
                && i > 0
                && self.same(i)
                && self.facts.lead(i) == 0
                && self.word(i - 1).trim_start_matches('و') == "بعد";
            let (first, part) = if after { (i - 1, "AF") } else { (i, part) };
            let day = (self.same(at) && !self.facts.definite(i))
                .then(|| self.day(at).or_else(|| self.day_date(at)))
                .flatten();
            return match day {
                Some(day) => {
                    // منتصف ليل الأحد
                    let middle = part == "NI"
                        && first > 0
                        && self.same(first)
                        && self.word(first - 1).ends_with("منتصف")
                        && self.facts.lead(first) == 0;
                    let first = first - usize::from(middle);
                    let part = match part {
                        "MI" => "12:00",
                        _ if middle => "00:00",
                        part => part,
                    };
                    let value = format!("{}T{part}", day.value);
                    // ليل الأربعاء الخميس: the night between the two
                    let dash = usize::from(matches!(self.word(day.to), "-" | "–" | "ـ" | "/"));
                    let second = day.to + dash;
                    let next = part == "NI"
                        && day.to == at + 1
                        && matches!((self.time(at), self.time(second)),
                            (TimeWord::Weekday(a), TimeWord::Weekday(b)) if b == a % 7 + 1)
                        && self.same(second)
                        && self.facts.definite(second);
                    let to = if next { second + 1 } else { day.to };
                    let found = self.make(first, to, TimeType::Time, value);
                    let end = if next { found.range.end } else { day.range.end };
                    Some(Match { range: found.range.start..end, anchored: day.anchored, ..found })
                }
                None => None,
            };
        }
        let day = self.day(i)?;
        let TimeWord::Part(part) = self.time(day.to) else { return None };
        if !self.same(day.to) || self.facts.definite(day.to) || self.facts.lead(day.to) > 0 {
            return None;
        }
        let value = format!("{}T{part}", day.value);
        let found = self.make(day.from, day.to + 1, TimeType::Time, value);
        Some(Match { anchored: day.anchored, ..found })
    }

    /// A full date behind a part of the day.
    fn day_date(&self, i: usize) -> Option<Match> {
        let at = i + usize::from(matches!(self.time(i), TimeWord::Unit(Span::Day, Count::One)));
        self.absolute(at).filter(|date| date.value.len() == 10)
    }
}
