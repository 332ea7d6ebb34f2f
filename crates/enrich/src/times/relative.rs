//! Times told from the day of publication: `أمس`, `الثلاثاء الماضي`, `last week`, `в прошлом году`.

use super::lexicon::{Count, Span, TimeWord};
use super::parts::is_kind_of_year;
use super::{Finder, Match, Toward};
use crate::enriched::TimeType;

impl Finder<'_> {
    /// A day: `اليوم الثلاثاء`, `أمس`, `بعد غد`, `يوم الجمعة المقبل`, `yesterday`.
    pub(super) fn day(&self, i: usize) -> Option<Match> {
        self.named_day(i).or_else(|| self.weekday(i))
    }

    fn named_day(&self, i: usize) -> Option<Match> {
        let (days, mut to) = match self.time(i) {
            TimeWord::Day(-1) if matches!(self.word(i + 1), "الأول" | "الأولى" | "الاول" | "الاولى") => {
                (-2, i + 2)
            }
            TimeWord::Day(days) => (i32::from(days), i + 1),
            // أول من أمس, أول أمس
            _ if matches!(self.word(i), "أول" | "اول" | "وأول") => {
                let from = usize::from(self.word(i + 1) == "من");
                let at = i + 1 + from;
                let yesterday =
                    self.same(at) && self.time(at) == TimeWord::Day(-1) && self.facts.lead(at) == 0;
                let found = self.named_day(at).filter(|_| yesterday)?;
                let day = self.anchor.day(-2).filter(|_| found.to == at + 1);
                let value = day.map_or(found.value.clone(), |day| day.to_string());
                let range = self.start(i)..found.range.end;
                return Some(Match { from: i, range, value, ..found });
            }
            // يوم أمس, يوم أمس الأول
            TimeWord::Unit(Span::Day, Count::One) if !self.facts.definite(i) && self.same(i + 1) => {
                let TimeWord::Day(-1 | 1) = self.time(i + 1) else { return None };
                let found = self.named_day(i + 1)?;
                let range = self.start(i)..found.range.end;
                return Some(Match { from: i, range, ..found });
            }
            // اليوم, but not هذا اليوم of a story or اليوم الأول
            TimeWord::Unit(Span::Day, Count::One) if self.facts.definite(i) && self.facts.lead(i) < 4 => {
                if self.facts.number(i + 1).is_some_and(|n| n.ordinal) {
                    return None;
                }
                // "in the day" is a rate, "today" has no preposition
                let rate = i > 0
                    && self.same(i)
                    && matches!(self.word(i - 1), "في" | "ذلك" | "وذلك" | "لذلك")
                    && !matches!(self.time(i + 1), TimeWord::Weekday(_));
                let other = self.same(i + 1)
                    && matches!(
                        self.word(i + 1),
                        "التالي" | "الواحد" | "نفسه" | "ذاته" | "الموعود" | "الذي" | "السابق"
                    );
                if rate || other {
                    return None;
                }
                match self.time(i + 1) {
                    TimeWord::Past | TimeWord::Next | TimeWord::Recent if self.same(i + 1) => return None,
                    _ => (0, i + 1),
                }
            }
            _ => return None,
        };
        let mut from = i;
        // بعد غد, après-demain
        if days == 1 && i > 0 && self.same(i) && matches!(self.word(i - 1), "بعد" | "وبعد") {
            from = i - 1;
        }
        let days = if from < i { 2 } else { days };
        if days == 0 && self.no_day(i) || days == 1 && self.is_party(i) {
            return None;
        }
        if days == 0 && self.word(i).ends_with("الليلة") {
            let day =
                self.anchor.day(0).map_or_else(|| Span::Day.unknown().to_owned(), |day| day.to_string());
            let one = self.same(i + 1) && self.word(i + 1) == "الواحدة";
            let found = self.make(i, i + 1, TimeType::Time, format!("{day}TNI"));
            return (!one).then_some(Match { anchored: self.anchor.0.is_some(), ..found });
        }
        if days == 0 && self.these_days(i) {
            return Some(self.reference_at(i, i + 1, "PRESENT_REF"));
        }
        let open = usize::from(self.same(to) && self.word(to) == "(");
        let mut named = None;
        if let TimeWord::Weekday(weekday) = self.time(to + open)
            && self.same(to)
            && (self.facts.definite(to + open) || self.latin_capital(to + open))
        {
            named = Some(weekday);
            to += 1 + open;
            if open == 1 && self.word(to) == ")" {
                to += 1;
            }
        }
        // Сегодня, 15 февраля
        let comma = usize::from(matches!(self.word(to), "," | "،") && self.same(to));
        if let Some(date) = self.absolute(to + comma).filter(|d| self.same(to) && d.value.len() == 10) {
            let found = self.make(from, date.to, TimeType::Date, date.value);
            return Some(Match {
                range: found.range.start..date.range.end,
                calendar: date.calendar,
                ..found
            });
        }
        // the day's name outweighs a date of publication that is a day late
        let day = match named {
            Some(weekday) => self.anchor.weekday_near(weekday, days),
            None => self.anchor.day(days),
        };
        let anchored = day.is_some();
        let value = match (day, named) {
            (Some(day), _) => day.to_string(),
            (None, Some(weekday)) => format!("XXXX-WXX-{weekday}"),
            (None, None) => Span::Day.unknown().to_owned(),
        };
        let found = self.make(from, to, TimeType::Date, value);
        Some(Match { anchored, ..found })
    }

    fn weekday(&self, i: usize) -> Option<Match> {
        let said = matches!(self.time(i), TimeWord::Unit(Span::Day, Count::One)) && !self.facts.definite(i);
        let this = self.time(i) == TimeWord::This && self.facts.language != "ar";
        let latin = matches!(self.time(i), TimeWord::Past | TimeWord::Next)
            && self.facts.words.kind(i) != crate::doc::TokenKind::Arabic;
        let at = i + usize::from(said || this || latin);
        let TimeWord::Weekday(weekday) = self.time(at) else { return None };
        if at > i && !self.same(at)
            || self.facts.words.kind(at) == crate::doc::TokenKind::Arabic && !self.facts.definite(at)
        {
            return None;
        }
        if i > 0
            && self.same(i)
            && matches!(
                self.word(i - 1),
                "صلاة"
                    | "إمام"
                    | "خطبة"
                    | "خطيب"
                    | "سوق"
                    | "لصلاة"
                    | "باب"
                    | "خطبتي"
                    | "خطب"
                    | "خطباء"
                    | "دور"
                    | "وصلاة"
                    | "بصلاة"
            )
        {
            return None;
        }
        // الجمعة السوداء is a sale
        if self.same(at + 1)
            && matches!(
                self.word(at + 1),
                "السوداء" | "البيضاء" | "الصفراء" | "العظيمة" | "الحزينة" | "الأسود"
            )
        {
            return None;
        }
        // الأحد is also "the one"; a number behind the name of a day is none of its dates
        let mut to = at + 1;
        let mut toward = match self.time(i) {
            TimeWord::Past if latin => Toward::Past,
            TimeWord::Next if latin => Toward::Future,
            _ => Toward::Near,
        };
        if self.same(to) {
            let (next, said) = (self.time(to), self.facts.definite(to) || self.facts.language == "fr");
            match next {
                TimeWord::Past if said => (toward, to) = (Toward::Past, to + 1),
                TimeWord::Next if said => (toward, to) = (Toward::Future, to + 1),
                TimeWord::This if said => (toward, to) = (Toward::Now, to + 1),
                _ => {}
            }
        }
        // الجمعة 23 مارس, Sunday, March 16
        let mut date_at = to;
        while date_at < to + 2 && matches!(self.word(date_at), "," | "،" | "الموافق" | "le") {
            date_at += 1;
        }
        let date = self.absolute(date_at).or_else(|| self.of_month(date_at));
        if let Some(date) = date.filter(|d| self.same(date_at) && d.value.len() == 10) {
            let found = self.make(i, date.to, TimeType::Date, date.value);
            return Some(Match {
                range: found.range.start..date.range.end,
                calendar: date.calendar,
                anchored: date.anchored,
                ..found
            });
        }
        if let Some((day, behind)) = self.day_of_week(weekday, to).filter(|_| self.same(to)) {
            let value = day.map_or_else(|| format!("XXXX-WXX-{weekday}"), |day| day.to_string());
            return Some(Match { anchored: day.is_some(), ..self.make(i, behind, TimeType::Date, value) });
        }
        // أيام الثلاثاء والخميس: no one day of them
        if toward == Toward::Near && at == i && self.of_every_week(i) {
            return Some(self.make(i, to, TimeType::Date, format!("XXXX-WXX-{weekday}")));
        }
        if toward == Toward::Near && self.anchor.0.is_some() && self.ahead(i) {
            toward = Toward::Future;
        }
        // the day of publication itself is still to come
        let today = self.anchor.weekday(weekday, Toward::Near).filter(|day| Some(*day) == self.anchor.0);
        let said_next = self.time(to.max(1) - 1) == TimeWord::Next || self.time(i) == TimeWord::Next;
        let day = if said_next { None } else { today.filter(|_| toward == Toward::Future) };
        let day = day.or_else(|| self.anchor.weekday(weekday, toward));
        let value = day.map_or_else(|| format!("XXXX-WXX-{weekday}"), |day| day.to_string());
        Some(Match { anchored: day.is_some(), ..self.make(i, to, TimeType::Date, value) })
    }

    /// `العام الماضي`, `هذا الأسبوع`, `السنوات الأخيرة`, `last week`, `la semaine dernière`.
    pub(super) fn relative_unit(&self, i: usize) -> Option<Match> {
        let arabic = self.facts.words.kind(i) == crate::doc::TokenKind::Arabic;
        match self.time(i) {
            TimeWord::Stretch if self.same(i + 1) => {
                // the last stage is one of several, and "earlier on Thursday" is Thursday
                let stage = self.word(i).ends_with("مرحلة") || self.word(i).ends_with("حقبة");
                let earlier = self.word(i + 1) == "سابق"
                    && self.word(i + 2) == "من"
                    && self.same(i + 2)
                    && !matches!(self.time(i + 3), TimeWord::None | TimeWord::Now);
                let value = match self.time(i + 1) {
                    TimeWord::Past | TimeWord::Recent if stage || earlier => return None,
                    _ if self.word(i + 1) == "لاحق" && self.ahead(i) => "FUTURE_REF",
                    TimeWord::Past | TimeWord::Recent => "PAST_REF",
                    TimeWord::Next => "FUTURE_REF",
                    // الفترة القريبة
                    TimeWord::FutureRef if self.word(i + 1) == "القريبة" => "FUTURE_REF",
                    TimeWord::This | TimeWord::Now => "PRESENT_REF",
                    _ if matches!(self.word(i + 1), "الراهن" | "الراهنة" | "الحاضر" | "الحاضرة") =>
                    {
                        return Some(self.reference_at(i, i + 2, "PRESENT_REF"));
                    }
                    _ => return None,
                };
                (self.facts.definite(i) == self.facts.definite(i + 1)
                    && !(earlier || stage && value != "FUTURE_REF" && value != "PRESENT_REF"))
                    .then(|| self.reference_at(i, i + 2, value))
            }
            // الأمين العام السابق: here العام is "general", unless what follows is said of times alone
            TimeWord::Unit(Span::Year, Count::One)
                if arabic
                    && i > 0
                    && self.same(i)
                    && self.word(i) == "العام"
                    && (self.general(i)
                        || self.word(i - 1).trim_start_matches(['و', 'ب', 'ف']).starts_with("ال"))
                    && (self.general(i)
                        || !matches!(
                            self.word(i + 1),
                            "الماضي" | "المقبل" | "القادم" | "الجاري" | "المنصرم" | "الفائت"
                        )) =>
            {
                None
            }
            // العام الدراسي المقبل, السنة المالية الحالية
            TimeWord::Unit(Span::Year, Count::One)
                if arabic
                    && self.facts.definite(i)
                    && self.same(i + 2)
                    && is_kind_of_year(self.word(i + 1)) =>
            {
                let steps = match self.time(i + 2) {
                    TimeWord::Past => -1,
                    TimeWord::Next => 1,
                    TimeWord::This => 0,
                    _ => return None,
                };
                self.facts.definite(i + 2).then(|| self.moved(i, i + 3, Span::Year, Count::One, steps))
            }
            TimeWord::Unit(span, count) if self.same(i + 1) => {
                let behind = self.time(i + 1);
                let agrees = if arabic {
                    let last = matches!(self.word(i + 1), "الأسبق" | "الاسبق");
                    self.facts.definite(i) && (self.facts.definite(i + 1) || last)
                } else {
                    self.facts.language == "fr"
                };
                if !agrees {
                    return None;
                }
                let steps = match behind {
                    TimeWord::Past if self.word(i).ends_with("الليلة") => {
                        let value = self.anchor.unit(span, -1, false);
                        let anchored = value.is_some();
                        let value = value.unwrap_or_else(|| span.unknown().to_owned()) + "TNI";
                        return Some(Match { anchored, ..self.make(i, i + 2, TimeType::Time, value) });
                    }
                    // العام قبل الماضي, العام الأسبق
                    _ if arabic && matches!(self.word(i + 1), "الأسبق" | "الاسبق") => -2,
                    TimeWord::Past => -1,
                    TimeWord::Next => 1,
                    TimeWord::This if arabic => 0,
                    // السنوات الأخيرة, السنوات القليلة الماضية
                    TimeWord::Recent => {
                        let more =
                            matches!(self.time(i + 2), TimeWord::Past | TimeWord::Next) && self.same(i + 2);
                        let value = if self.time(i + 2) == TimeWord::Next && more {
                            "FUTURE_REF"
                        } else {
                            "PAST_REF"
                        };
                        let to = if more { i + 3 } else { i + 2 };
                        // the last minutes are those of a game
                        return (count == Count::Many && span > Span::Minute)
                            .then(|| self.reference_at(i, to, value));
                    }
                    _ => return None,
                };
                Some(self.moved(i, i + 2, span, count, steps))
            }
            TimeWord::Past | TimeWord::Next | TimeWord::This | TimeWord::Recent if self.same(i + 1) => {
                let TimeWord::Unit(span, count) = self.time(i + 1) else { return None };
                let step = match self.time(i) {
                    TimeWord::Past if !arabic => -1,
                    TimeWord::Next if !arabic => 1,
                    TimeWord::This
                        if !arabic
                            || ["هذا", "هذه"].iter().any(|this| self.word(i).ends_with(this))
                                && self.facts.definite(i + 1) =>
                    {
                        0
                    }
                    TimeWord::Recent if count == Count::Many && !arabic => {
                        return Some(self.reference_at(i, i + 2, "PAST_REF"));
                    }
                    _ => return None,
                };
                if span <= Span::Hour {
                    return None;
                }
                let found = self.moved(i, i + 2, span, count, step);
                // هذه الليلة
                if self.word(i + 1) == "الليلة" {
                    return Some(Match { kind: TimeType::Time, value: found.value + "TNI", ..found });
                }
                Some(found)
            }
            _ => None,
        }
    }

    /// The unit `steps` from the anchor's.
    fn moved(&self, from: usize, to: usize, span: Span, count: Count, steps: i64) -> Match {
        match (count, steps) {
            (Count::One, _) => {
                let value = self.anchor.unit(span, steps, self.facts.language == "ar");
                let anchored = value.is_some();
                let value = value.unwrap_or_else(|| span.unknown().to_owned());
                Match { anchored, ..self.make(from, to, TimeType::Date, value) }
            }
            (Count::Two, _) => self.make(from, to, TimeType::Duration, span.duration(Some(2.0))),
            (Count::Many, steps) => self.reference_at(
                from,
                to,
                match steps {
                    ..=-1 => "PAST_REF",
                    0 => "PRESENT_REF",
                    1.. => "FUTURE_REF",
                },
            ),
        }
    }

    /// `نهاية العام`: the unit that holds the anchor, named alone.
    pub(super) fn current_unit(&self, i: usize) -> Option<Match> {
        let TimeWord::Unit(span @ (Span::Week | Span::Month | Span::Year), Count::One) = self.time(i) else {
            return None;
        };
        let led = i > 0 && matches!(self.word(i - 1), "the" | "du" | "la" | "le" | "l'");
        let genitive = matches!(self.word(i), "года" | "месяца" | "недели");
        let said = self.facts.definite(i)
            || self.facts.words.kind(i) != crate::doc::TokenKind::Arabic && (led || genitive);
        said.then(|| self.moved(i, i + 1, span, Count::One, 0))
    }

    /// `وقت لاحق من العام`: the unit that holds the anchor, of which a part is told.
    pub(super) fn rest_of_unit(&self, i: usize) -> Option<Match> {
        let part = i > 2
            && self.same(i)
            && self.word(i - 1) == "من"
            && matches!(self.word(i - 2), "لاحق" | "سابق" | "متأخر" | "مبكر");
        self.current_unit(i).filter(|_| part)
    }

    /// Whether العام at token `i` belongs to an office: الأمين العام.
    fn general(&self, i: usize) -> bool {
        let before = self.word(i.max(1) - 1);
        ["الأمين", "الامين", "المدير", "الكاتب", "المدعي", "المفتش", "النائب", "المستشار", "القائد"]
            .iter()
            .any(|office| before.ends_with(office))
    }

    pub(super) fn latin_capital(&self, t: usize) -> bool {
        self.word(t).starts_with(|c: char| c.is_ascii_uppercase())
    }
}
