//! Lengths of time, and times told by one: `15 عاما`, `منذ ثلاث سنوات`, `three years ago`.

use super::lexicon::{Count, Span, TimeWord, is_instrumental};
use super::{Finder, Match};
use crate::enriched::TimeType;
use crate::numbers::words::Num;

impl Finder<'_> {
    /// `15 عاما`, `يومين`, `السنوات الخمس الماضية`, `39-year-old`, `قرون` behind منذ.
    pub(super) fn duration(&self, i: usize) -> Option<Match> {
        let (span, value, to) = self.length(i)?;
        if let Some((value, to)) = self.parts(span, value, to) {
            return Some(self.make(i, to, TimeType::Duration, value));
        }
        if let Some((value, to)) = self.and_a_part(span, value, to) {
            return Some(self.make(i, to, TimeType::Duration, span.duration(Some(value))));
        }
        let mut end = to;
        // الماضية, الأخيرة, last three years
        let told = matches!(self.time(end), TimeWord::Past | TimeWord::Next | TimeWord::Recent);
        let arabic = self.facts.words.kind(end) == crate::doc::TokenKind::Arabic;
        // الدقائق العشر الأولى, but not اليوم الأول
        let first = value.is_some_and(|value| value > 1.0)
            && self.facts.num(end) == Num::Ord(1)
            && self.word(end).ends_with("الأولى");
        // السنوات التسع الباقية
        let first = first
            || self.facts.definite(i)
                && value.is_some()
                && matches!(self.word(end), "الباقية" | "المتبقية" | "المتبقيتين");
        if self.same(end) && (told && (self.facts.definite(i) || arabic && self.facts.definite(end)) || first)
        {
            end += 1;
        }
        if self.word(end) == "-" && self.word(end + 1) == "old" {
            end += 2;
        }
        Some(self.make(i, end, TimeType::Duration, span.duration(value)))
    }

    /// A length at token `i`: its unit, its number (`None`: several) and the token behind it.
    pub(super) fn length(&self, i: usize) -> Option<(Span, Option<f64>, usize)> {
        // ربع ساعة, نصف قرن
        if let (Num::Part(part), TimeWord::Unit(span @ (Span::Hour | Span::Century), Count::One)) =
            (self.facts.num(i), self.time(i + 1))
        {
            let plain =
                self.same(i + 1) && self.facts.lead(i + 1) == 0 && !self.facts.definite(i) && part < 1.0;
            return match span {
                _ if !plain => None,
                Span::Hour => Some((Span::Minute, Some((part * 60.0).round()), i + 2)),
                _ => Some((Span::Year, Some((part * 100.0).round()), i + 2)),
            };
        }
        if let TimeWord::Unit(span, count) = self.time(i) {
            let number = self.same(i + 1).then(|| self.facts.number(i + 1)).flatten();
            // السنوات الـ49
            if count == Count::Many && self.facts.definite(i) && self.word(i + 1) == "ال" && self.same(i + 2)
            {
                let number = self.facts.number(i + 2).filter(|n| n.digits && n.value > 0.0)?;
                return Some((span, Some(number.value), number.to));
            }
            return match (count, number) {
                // العامي is "vulgar"
                (Count::Two, _) if self.facts.definite(i) && !self.word(i).ends_with(['ن']) => None,
                // الأمينين العامين, أبو قرنين
                (Count::Two, _) if self.two_generals(i) => None,
                (Count::Two, _)
                    if i > 0 && self.same(i) && matches!(self.word(i - 1), "أبو" | "ذو" | "ذي") =>
                {
                    None
                }
                // الدقيقتين 33 و70 are told, not counted
                (Count::Two, Some(number)) if self.facts.definite(i) && (number.digits || number.ordinal) => {
                    None
                }
                (Count::Two, _) => Some((span, Some(2.0), i + 1)),
                // السنوات الخمس
                (Count::Many, Some(number))
                    if self.facts.definite(i) && self.facts.definite(i + 1) && !number.ordinal =>
                {
                    Some((span, Some(number.value), number.to))
                }
                // يوم واحد
                (Count::One, Some(number))
                    if number.value == 1.0
                        && !number.digits
                        && !number.ordinal
                        && !self.facts.definite(i) =>
                {
                    Some((span, Some(1.0), number.to))
                }
                (Count::One, None) if self.measured_alone(i) => Some((span, Some(1.0), i + 1)),
                // بين سنة وعشر سنوات
                (Count::One, Some(_)) if i > 0 && self.word(i - 1) == "بين" && self.measured_alone(i) => {
                    Some((span, Some(1.0), i + 1))
                }
                (Count::Many, None) if !self.facts.definite(i) && self.several(i, span) => {
                    Some((span, None, i + 1))
                }
                (Count::Many, _)
                    if span == Span::Century && !self.facts.definite(i) && self.facts.lead(i) == 0 =>
                {
                    Some((span, None, i + 1))
                }
                _ => None,
            };
        }
        // (7) سنوات, «60» يوما
        let marks =
            matches!((self.word(i), self.word(i + 2)), ("(", ")") | ("«", "»") | ("“", "”") | ("\"", "\""));
        if marks && self.same(i + 3) {
            let number = self.facts.number(i + 1).filter(|n| n.digits && n.value > 0.0 && n.to == i + 2)?;
            let TimeWord::Unit(span, _) = self.time(i + 3) else { return None };
            let year = (1900.0..=2100.0).contains(&number.value) && span == Span::Year;
            return (!year && self.facts.lead(i + 3) == 0).then_some((span, Some(number.value), i + 4));
        }
        let number = self.facts.number(i).filter(|n| !n.ordinal && n.value > 0.0)?;
        // 31 млн годом ранее
        if number.value != 1.0 && self.facts.language == "ru" && is_instrumental(self.word(number.to)) {
            return None;
        }
        let hyphen = self.word(number.to) == "-" && self.facts.words.glued(number.to);
        // une dizaine d'années
        let of = self.facts.language == "fr"
            && number.value >= 10.0
            && matches!(self.word(number.to), "de" | "d'");
        let at = number.to + usize::from(hyphen || of);
        let TimeWord::Unit(span, count) = self.time(at) else { return None };
        // 1.2 مليار عام 2017
        if span == Span::Year
            && count == Count::One
            && self.same(at + 1)
            && self.year_number(at + 1).is_some()
        {
            return None;
        }
        // 45 في المئة عام 2016
        if self.facts.definite(i) && i > 0 && self.word(i - 1) == "في" && number.value == 100.0 {
            return None;
        }
        let year = number.digits && number.value >= 1900.0 && number.value <= 2100.0 && span == Span::Year;
        let apart = !self.same(at) || self.facts.lead(at) > 0 || year;
        (!apart).then_some((span, Some(number.value), at + 1))
    }

    /// `شهر ونصف`, `ثلاث سنوات ونصف السنة`: a length with a part of its unit, and the token behind it.
    fn and_a_part(&self, span: Span, value: Option<f64>, to: usize) -> Option<(f64, usize)> {
        let hit = self.facts.hit(to).filter(|hit| hit.clitic.and && !hit.definite && self.same(to))?;
        let Num::Part(part) = hit.value.num else { return None };
        let again = self.same(to + 1)
            && self.time(to + 1) == TimeWord::Unit(span, Count::One)
            && self.facts.definite(to + 1);
        (self.facts.num(to + 1) == Num::None).then_some((value? + part, to + 1 + usize::from(again)))
    }

    /// A length that goes on in a smaller unit: `ثلاث ساعات و54 دقيقة`, `2 hours and 5 minutes`; its value and the
    /// token behind it.
    fn parts(&self, span: Span, value: Option<f64>, to: usize) -> Option<(String, usize)> {
        let (mut parts, mut last, mut end) = (vec![(span, value?)], span, to);
        while self.same(end) {
            let and = matches!(self.word(end), "و" | "and" | "et" | "и");
            let joined = and || self.facts.hit(end).is_some_and(|hit| hit.clitic.and);
            if !joined || !self.same(end + usize::from(and)) {
                break;
            }
            // ولثلاثين دقيقة is a length of its own
            if self.facts.hit(end).is_some_and(|hit| hit.clitic.preposition) {
                break;
            }
            let Some((span, Some(value), behind)) = self.length(end + usize::from(and)) else { break };
            if span >= last || last > Span::Day && span < Span::Day {
                break;
            }
            parts.push((span, value));
            (last, end) = (span, behind);
        }
        if parts.len() < 2 || parts.iter().any(|(_, value)| value.fract() != 0.0) {
            return None;
        }
        let mut text = "P".to_owned();
        for (span, value) in parts {
            let part = span.duration(Some(value));
            let part = part.strip_prefix('P').unwrap_or(&part);
            let time = part.strip_prefix('T');
            match time {
                Some(rest) if text.contains('T') => text.push_str(rest),
                _ => text.push_str(part),
            }
        }
        Some((text, end))
    }

    /// `قبل 17 عاما`, `منذ عام`, `three days ago`, `5 лет назад`, `il y a trois ans`.
    pub(super) fn ago(&self, i: usize) -> Option<Match> {
        if self.time(i) == TimeWord::Ago {
            // منذ حوالي عام, قبل نحو ثلاث سنوات
            let about = matches!(self.word(i + 1), "حوالي" | "نحو" | "قرابة" | "زهاء" | "قرابه" | "about");
            let at = i + 1 + usize::from(about && self.same(i + 1));
            if !self.same(at) {
                return None;
            }
            // منذ يوم أمس
            if matches!(self.time(at + 1), TimeWord::Day(_)) && self.same(at + 1) {
                return None;
            }
            if let Some(found) = self.several_ago(i, at) {
                return Some(found);
            }
            // منذ عام ونصف
            if matches!(self.word(at + 1), "ونصف" | "ونصف العام")
                && self.same(at + 1)
                && let TimeWord::Unit(span @ (Span::Year | Span::Month | Span::Day), Count::One) =
                    self.time(at)
                && !self.facts.definite(at)
            {
                return Some(self.back(i, at + 2, span, 1.5));
            }
            if let Some((span, Some(number), to)) = self.length(at) {
                // قبل ثلاثة أيام من الاقتراع: so long before it
                let before = self.word(i).ends_with("قبل") && self.word(to) == "من" && self.same(to);
                if before && self.time(to + 1) != TimeWord::Now {
                    return None;
                }
                let (number, to) = self.and_a_part(span, Some(number), to).unwrap_or((number, to));
                // قبل عامين من الآن
                let now = self.word(to) == "من" && self.time(to + 1) == TimeWord::Now && self.same(to + 1);
                return Some(self.back(i, if now { to + 2 } else { to }, span, number));
            }
            // منذ بعض الوقت
            if self.word(at) == "بعض" && self.word(at + 1) == "الوقت" && self.same(at + 1) {
                return Some(self.make(i, at + 2, TimeType::Date, "PAST_REF"));
            }
            // قبل قليل, منذ وقت طويل
            if matches!(self.word(at), "قليل" | "لحظات" | "وقت" | "زمن" | "فترة" | "أمد" | "مدة") && !about
            {
                let long = matches!(
                    self.word(at + 1),
                    "طويل" | "طويلة" | "بعيد" | "قصيرة" | "قصير" | "قليل" | "وجيزة" | "قريب"
                );
                if matches!(self.word(at), "قليل" | "لحظات" | "زمن" | "مدة" | "فترة") || long
                {
                    let to = at + 1 + usize::from(long && self.same(at + 1));
                    return Some(self.make(i, to, TimeType::Date, "PAST_REF"));
                }
            }
            return match self.time(at) {
                TimeWord::Unit(Span::Century, Count::Many) => None,
                TimeWord::Unit(_, Count::Many) if !self.facts.definite(at) => {
                    Some(self.make(i, at + 1, TimeType::Date, "PAST_REF"))
                }
                TimeWord::Unit(span, Count::One)
                    if !self.facts.definite(at) && self.year_behind_unit(at) && span >= Span::Day =>
                {
                    Some(self.back(i, at + 1, span, 1.0))
                }
                _ => None,
            };
        }
        let there_is = self.word(i) == "y" && self.word(i + 1) == "a";
        if there_is {
            let (span, number, to) = self.length(i + 2)?;
            return Some(self.back(i, to, span, number?));
        }
        let (span, number, to) = self.length(i)?;
        let ago = self.same(to) && matches!(self.word(to), "ago" | "назад");
        ago.then(|| self.back(i, to + 1, span, number.unwrap_or(1.0)))
    }

    /// `منذ سنوات`, `قبل عدة أيام`, `منذ سنوات طويلة`: nobody knows how many.
    fn several_ago(&self, i: usize, at: usize) -> Option<Match> {
        let few = matches!(self.word(at), "عدة" | "بضعة" | "بضع");
        let unit = at + usize::from(few);
        let TimeWord::Unit(span, Count::Many) = self.time(unit) else { return None };
        let plain = self.same(unit) && !self.facts.definite(unit) && self.facts.lead(unit) == 0;
        let described = self.same(unit + 1)
            && matches!(
                self.word(unit + 1),
                "قليلة"
                    | "طويلة"
                    | "عديدة"
                    | "معدودة"
                    | "كثيرة"
                    | "خلت"
                    | "مضت"
                    | "طوال"
                    | "عدة"
                    | "قليله"
            );
        if !plain || span == Span::Century && !described || !few && !described {
            return None;
        }
        Some(self.make(i, unit + 1 + usize::from(described), TimeType::Date, "PAST_REF"))
    }

    /// Whether العامين at token `i` are two secretaries general and no years.
    fn two_generals(&self, i: usize) -> bool {
        let before = if i > 0 && self.same(i) { self.word(i - 1) } else { "" };
        self.word(i).starts_with("العام")
            && before.contains("ال")
            && (before.ends_with("ين") || before.ends_with("ان"))
            && !matches!(before, "هذين" | "خلال")
            || self.word(i).starts_with("عام")
                && matches!(
                    before.strip_prefix(['و', 'ل', 'ب']).unwrap_or(before),
                    "مدراء" | "مديرين" | "مديرون" | "أمناء" | "مفتشين" | "كتاب"
                )
    }

    /// Whether no number, weekday or month makes the unit at token `t` the head of a date.
    fn year_behind_unit(&self, t: usize) -> bool {
        let next = t + 1;
        let moved = self.word(next) == "."
            && self.facts.words.glued(next + 1)
            && self.year_number(next + 1).is_some();
        !moved
            && (!self.same(next)
                || self.facts.words.kind(next) != crate::doc::TokenKind::Number
                    && self.facts.number(next).is_none()
                    && !matches!(
                        self.time(next),
                        TimeWord::Weekday(_) | TimeWord::Month(_) | TimeWord::Twin(_) | TimeWord::Hijri(_)
                    ))
    }

    pub(super) fn back(&self, from: usize, to: usize, span: Span, number: f64) -> Match {
        // a year and a half are eighteen months, two decades are twenty years
        let (span, number) = match span {
            Span::Decade if self.facts.language == "ar" => (Span::Year, number * 10.0),
            Span::Year if number.fract() == 0.5 => (Span::Month, number * 12.0),
            _ => (span, number),
        };
        let whole = number.fract() == 0.0 && number < 1000.0 && span >= Span::Day;
        let value =
            if whole { self.anchor.unit(span, -(number as i64), self.facts.language == "ar") } else { None };
        let anchored = value.is_some();
        let value = value.unwrap_or_else(|| "PAST_REF".to_owned());
        Match { anchored, ..self.make(from, to, TimeType::Date, value) }
    }
}
