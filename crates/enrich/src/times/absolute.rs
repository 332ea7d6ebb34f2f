//! Dates that stand by themselves: `23 ديسمبر 2017`, `آذار/مارس`, `29/9/1436هـ`, `الربع الثاني من 2014`.

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match, Toward, hijri};
use crate::doc::TokenKind;
use crate::enriched::{Calendar, TimeType};
use crate::numbers::words::Num;

impl Finder<'_> {
    pub(super) fn absolute(&self, i: usize) -> Option<Match> {
        self.numeric(i)
            .or_else(|| self.numeric_day(i))
            .or_else(|| self.day_month(i))
            .or_else(|| self.month_first(i))
            .or_else(|| self.quarter(i))
            .or_else(|| self.season_of_year(i))
            .or_else(|| self.century(i))
            .or_else(|| self.year(i))
    }

    /// `29/9/1436`, `2015-08-10`, `10.08.2015`.
    fn numeric(&self, i: usize) -> Option<Match> {
        let words = &self.facts.words;
        if words.glued(i) && matches!(self.word(i - 1), "/" | "-" | "_" | "=") {
            return None;
        }
        let (first, mark, second, third, to);
        if let [a, b, c] = self.word(i).split(['.', '-', '/']).collect::<Vec<_>>()[..] {
            // one token with its separators inside
            let number = |s: &str| (s.len() <= 4).then(|| s.parse::<u32>().ok()).flatten();
            (first, second, third, to) = (number(a)?, number(b)?, number(c)?, i + 1);
        } else {
            first = self.small(i)?;
            mark = self.word(i + 1);
            if !matches!(mark, "/" | "-" | ".") || self.word(i + 3) != mark {
                return None;
            }
            (second, third, to) = (self.small(i + 2)?, self.small(i + 4)?, i + 5);
            // 7/ 10/ 1436: with gaps only where four digits are the year
            let year = mark == "/" && self.word(i + 4).len() == 4 && self.same(i + 4);
            if !(1..5).all(|t| words.glued(i + t) || year && words.gap(i + t).len() == 1) {
                return None;
            }
        }
        // 4-3-3 is how a team lines up
        if first <= 31 && third < 10 && !self.word(to - 1).ends_with(&format!("0{third}")) {
            return None;
        }
        let (year, month, day) = if first > 31 { (first, second, third) } else { (third, second, first) };
        // month first only where it cannot be the day
        let (month, day) = if month > 12 && day <= 12 { (day, month) } else { (month, day) };
        let year = if year < 100 && first <= 31 { year + if year < 50 { 2000 } else { 1900 } } else { year };
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(1000..=2200).contains(&year) {
            return None;
        }
        if words.glued(to) && matches!(self.word(to), "/" | "-" | "_") {
            return None;
        }
        let mark = matches!(self.time(to), TimeWord::HijriMark) && self.same(to);
        let hijri = mark || (1300..1500).contains(&year);
        let to = if mark || (self.time(to) == TimeWord::Common && self.same(to)) { to + 1 } else { to };
        if hijri {
            let value = hijri::day(i32::try_from(year).ok()?, month as u8, day as u8)?;
            return Some(Match { calendar: Calendar::Hijri, ..self.make(i, to, TimeType::Date, value) });
        }
        Some(self.make(i, to, TimeType::Date, format!("{year:04}-{month:02}-{day:02}")))
    }

    /// `يوم 4-6-2018`.
    fn numeric_day(&self, i: usize) -> Option<Match> {
        let day = matches!(self.time(i), TimeWord::Unit(Span::Day, Count::One)) && !self.facts.definite(i);
        let found = self.numeric(i + 1).filter(|_| day && self.same(i + 1))?;
        Some(Match { from: i, range: self.start(i)..found.range.end, ..found })
    }

    /// `23 ديسمبر 2017`, `السادس من مايو`, `1er mai`, `15 февраля`.
    pub(super) fn day_month(&self, i: usize) -> Option<Match> {
        // يوم 27 يوليو
        let said = matches!(self.time(i), TimeWord::Unit(Span::Day, Count::One)) && !self.facts.definite(i);
        let (day, mut at) = self.day_of_month(i + usize::from(said))?;
        if self.names_a_place(i) {
            return None;
        }
        let hyphen = self.word(at) == "-";
        if (hyphen || matches!(self.word(at), "من" | "of" | "de")) && self.same(at) {
            at += 1;
            // الثامن عشر من شهر شوال
            let month = matches!(self.time(at), TimeWord::Unit(Span::Month, Count::One));
            at += usize::from(month && !hyphen && !self.facts.definite(at));
        }
        if !self.same(at) {
            return None;
        }
        // 3 صفر is a score where no year and no هـ follows
        let nil = |to: usize| self.word(at) == "صفر" && self.year_behind(to).is_none();
        if let Some((month, to)) = self.hijri_month(at).filter(|(_, to)| !hyphen && !nil(*to)) {
            return Some(self.dated_hijri(i, to, month, Some(day)));
        }
        let (month, to) = self.month(at)?;
        Some(self.dated(i, to, month, Some(day)))
    }

    /// Whether the number at token `i` begins the name of a town or a street: مدينة 6 أكتوبر.
    fn names_a_place(&self, i: usize) -> bool {
        const PLACES: &str =
            "مدينة ميدان شارع جسر كوبري جامعة محور نفق مستشفى ملعب حي قصر حديقة قاعة ثورة حركة صحيفة قناة";
        let behind = i > 0 && self.same(i) && self.facts.words.kind(i) == TokenKind::Number;
        behind && PLACES.split_whitespace().any(|place| self.word(i - 1).ends_with(place))
    }

    /// `March 16, 2025`, `آذار/مارس 2011`, `شهر مايو الماضي`, `июне`.
    pub(super) fn month_first(&self, i: usize) -> Option<Match> {
        let said = matches!(self.time(i), TimeWord::Unit(Span::Month, Count::One)) && !self.facts.definite(i);
        let at = if said { i + 1 } else { i };
        if said && !self.same(at) {
            return None;
        }
        if let Some((month, to)) = self.hijri_month(at) {
            let year = self.year_behind(to);
            if !said && year.is_none() && !self.hijri_stands_alone(at, to) {
                return None;
            }
            return Some(self.dated_hijri(i, to, month, None));
        }
        let (month, to) = self.month(at)?;
        if i > 0 && self.names_a_place(i - 1) {
            return None;
        }
        // March 16
        if self.facts.words.kind(at) == TokenKind::Latin && self.facts.language != "fr" {
            let dot = if self.word(to) == "." { to + 1 } else { to };
            if let Some((day, behind)) = self.day_of_month(dot).filter(|_| self.same(dot))
                && self.small(dot).is_none_or(|n| n <= 31)
            {
                return Some(self.dated(i, behind, month, Some(day)));
            }
        }
        let found = self.dated(i, to, month, None);
        let plain = found.to == to && !said;
        (!plain || self.month_stands_alone(i)).then_some(found)
    }

    /// Whether the Hijri month from token `i` to before token `to` is one by itself: those of two words are nothing else;
    /// رمضان and شوال behind a preposition, the others (a nil, men's names) behind a part of a month, are nobody's name.
    fn hijri_stands_alone(&self, i: usize, to: usize) -> bool {
        if matches!(self.time(i), TimeWord::HijriTwin(0)) {
            return true;
        }
        if i == 0 || !self.same(i) || self.facts.definite(i) {
            return false;
        }
        let part = matches!(self.time(i - 1), TimeWord::Mod(_));
        let led = matches!(self.word(i - 1), "في" | "خلال" | "قبل" | "بعد" | "منذ" | "عن" | "طوال" | "طيلة");
        let known = matches!(self.word(i), "رمضان" | "شوال");
        let goes_on = matches!(
            self.word(to),
            "المبارك"
                | "الماضي"
                | "المقبل"
                | "القادم"
                | "الجاري"
                | "الحالي"
                | "المنصرم"
                | "هذا"
                | "و"
                | "من"
                | "في"
                | "كل"
                | "الموافق"
        );
        (part || led && known)
            && (!self.same(to)
                || self.facts.words.kind(to) != TokenKind::Arabic
                || goes_on
                || self.word(to).starts_with('و'))
    }

    /// Whether the month at token `i` needs no year beside it.
    fn month_stands_alone(&self, i: usize) -> bool {
        let before = if i > 0 && self.same(i) { self.time(i - 1) } else { TimeWord::None };
        let led =
            before == TimeWord::In || matches!(before, TimeWord::Mod(_) | TimeWord::Ago | TimeWord::Unit(..));
        match self.word(i) {
            // also a verb, a planet, a modal, a relative
            "اب" | "جوان" | "مارس" | "mars" | "March" | "march" | "May" | "may" | "آب" | "أب" | "ماي"
            | "мая" | "мае" | "آذار" | "نيسان" => led,
            "sept" if self.facts.language == "fr" => false,
            "mar" | "dec" | "sep" | "oct" | "nov" | "jun" | "jul" | "jan" | "feb" | "apr" | "aug" => false,
            "أوت" | "غشت" => led || self.facts.lead(i) > 0,
            _ => true,
        }
    }

    /// The month at token `t` with its doubled form, and the token behind it.
    fn month(&self, t: usize) -> Option<(u8, usize)> {
        let (month, mut to) = self.single_month(t)?;
        let mark = self.word(to);
        let (open, skip) = match mark {
            "/" | "-" | "،" | "\\" => (false, 1),
            "(" => (true, 1),
            _ => (false, 0),
        };
        if self.same(to)
            && let Some((other, end)) = self.single_month(to + skip)
            && other == month
        {
            to = if open && self.word(end) == ")" { end + 1 } else { end };
        }
        Some((month, to))
    }

    fn single_month(&self, t: usize) -> Option<(u8, usize)> {
        match self.time(t) {
            // باب is no month: آب takes no proclitic
            TimeWord::Month(month)
                if !self.facts.definite(t)
                    && !self.word(t).ends_with("إب")
                    && (self.facts.lead(t) == 0 || self.word(t).len() > 6) =>
            {
                Some((month, t + 1))
            }
            TimeWord::Twin(first) => {
                let second = self.word(t + 1);
                let step = match self.facts.num(t + 1) {
                    Num::Ord(1) => 0,
                    Num::Ord(2) => 1,
                    _ if matches!(second, "ثان" | "الثان") => 1,
                    _ => return None,
                };
                Some(((first + step - 1) % 12 + 1, t + 2))
            }
            _ => None,
        }
    }

    fn hijri_month(&self, t: usize) -> Option<(u8, usize)> {
        match (self.time(t), self.time(t + 1)) {
            (TimeWord::Hijri(month), _) => Some((month, t + 1)),
            (TimeWord::HijriTwin(0), TimeWord::HijriEnd(month)) => Some((month, t + 2)),
            (TimeWord::HijriTwin(first), _) if first > 0 => match self.facts.num(t + 1) {
                Num::Ord(1) => Some((first, t + 2)),
                Num::Ord(2) => Some((first + 1, t + 2)),
                _ => matches!(self.word(t + 1), "الآخر" | "الآخرة").then_some((first + 1, t + 2)),
            },
            _ => None,
        }
    }

    fn day_of_month(&self, i: usize) -> Option<(u8, usize)> {
        if self.time(i) == TimeWord::FirstDay {
            return Some((1, i + 1));
        }
        let number = self.facts.number(i).filter(|n| !n.scaled && n.value.fract() == 0.0)?;
        if number.ordinal && self.in_an_order(i) {
            return None;
        }
        // الثاني والعشرين
        if let Some((value, to)) = self.ordinal(i).filter(|(value, _)| (1.0..=31.0).contains(value)) {
            return Some((value as u8, to));
        }
        let written = number.digits && self.word(i).len() <= 2 || number.ordinal;
        let day = (1.0..=31.0).contains(&number.value) && written;
        day.then_some((number.value as u8, number.to))
    }

    /// A Gregorian date whose year, if it has one, stands at token `to`.
    fn dated(&self, from: usize, to: usize, month: u8, day: Option<u8>) -> Match {
        let day = day.map_or(String::new(), |day| format!("-{day:02}"));
        if let Some(year) = self.year_behind(to).filter(|y| y.calendar == Calendar::Gregorian) {
            return self.make(from, year.to, TimeType::Date, format!("{:04}-{month:02}{day}", year.value));
        }
        // يوليو من العام الماضي, أكتوبر من نفس السنة
        if let Some((year, to, anchored)) =
            self.year_of_part(to).filter(|year| year.0.len() == 4 && year.1 > to)
        {
            // من العام الماضي 2014م
            let said =
                self.year_number(to).filter(|said| self.same(to) && said.calendar == Calendar::Gregorian);
            let (year, to) = said.map_or((year, to), |said| (format!("{:04}", said.value), said.to));
            let found = self.make(from, to, TimeType::Date, format!("{year}-{month:02}{day}"));
            return Match { anchored, ..found };
        }
        // août prochain
        let placed = self.same(to) && (self.facts.definite(to) || self.facts.language == "fr");
        let (toward, to) = match self.time(to) {
            TimeWord::Past if placed => (Toward::Past, to + 1),
            TimeWord::Next if placed => (Toward::Future, to + 1),
            TimeWord::This if placed && self.facts.definite(to) => (Toward::Now, to + 1),
            _ => (Toward::Near, to),
        };
        // من 1 يوليو إلى 30 يونيو 2014: both have the year that only the second tells
        if let Some(year) = self.year_of_second(to, month).filter(|_| toward == Toward::Near) {
            return self.make(from, to, TimeType::Date, format!("{year:04}-{month:02}{day}"));
        }
        // a month of every year
        if self.word(to) == "من" && self.time(to + 1) == TimeWord::Every && self.same(to + 1) {
            return self.make(from, to, TimeType::Date, format!("XXXX-{month:02}{day}"));
        }
        // without a verb in the future a month far ahead is one that has been
        let since = from > 0 && self.same(from) && self.word(from - 1).ends_with("منذ");
        let past = since || (self.anchor.far_ahead(month) || self.had_been(from)) && !self.ahead(from);
        let toward =
            if toward == Toward::Near && past && self.anchor.ahead(month) { Toward::Past } else { toward };
        // "took over in January", said in November
        let told = self.facts.language != "ar" && toward == Toward::Near && !self.ahead(from);
        let toward = if told && !self.anchor.ahead(month) { Toward::Now } else { toward };
        match self.anchor.year_of(month, toward) {
            Some(year) => {
                let found = self.make(from, to, TimeType::Date, format!("{year:04}-{month:02}{day}"));
                Match { anchored: true, ..found }
            }
            None => self.make(from, to, TimeType::Date, format!("XXXX-{month:02}{day}")),
        }
    }

    /// The year of a month that begins a range, from the end of the range behind token `t`.
    fn year_of_second(&self, t: usize, month: u8) -> Option<i16> {
        let joins = matches!(self.word(t), "إلى" | "الى" | "حتى" | "وحتى" | "-" | "–" | "و") && self.same(t);
        let joined = !joins && self.facts.hit(t).is_some_and(|hit| hit.clitic.and && !hit.clitic.preposition);
        let at = t + usize::from(joins);
        if !(joins || joined) || !self.same(at) {
            return None;
        }
        let at =
            self.day_of_month(at).filter(|_| self.small(at).is_none_or(|n| n <= 31)).map_or(at, |day| day.1);
        let (last, to) = self.month(at).filter(|_| self.same(at))?;
        let told = self.year_behind(to).filter(|year| year.calendar == Calendar::Gregorian);
        let year = match told {
            Some(year) => year.value,
            // من 28 مارس إلى 3 أبريل المقبل
            None if self.same(to) && self.facts.definite(to) => match self.time(to) {
                TimeWord::Past => self.anchor.year_of(last, Toward::Past)?,
                TimeWord::Next => self.anchor.year_of(last, Toward::Future)?,
                _ => return None,
            },
            None => return None,
        };
        Some(if month <= last { year } else { year - 1 })
    }

    /// A Hijri date as a Gregorian one; with neither a year nor a day of publication its month and day alone.
    fn dated_hijri(&self, from: usize, to: usize, month: u8, day: Option<u8>) -> Match {
        let praise =
            matches!(self.word(to), "المبارك" | "الكريم" | "الفضيل" | "المعظم" | "الحرام") && self.same(to);
        let to = if praise { to + 1 } else { to };
        let (toward, to) = match self.time(to) {
            time @ (TimeWord::Past | TimeWord::Next | TimeWord::This)
                if self.facts.definite(to) && self.same(to) =>
            {
                let toward = match time {
                    TimeWord::Past => Toward::Past,
                    TimeWord::Next => Toward::Future,
                    _ => Toward::Now,
                };
                (toward, to + 1)
            }
            _ => (Toward::Near, to),
        };
        let said = self.year_behind(to).filter(|y| (1..1600).contains(&y.value));
        let (year, to, anchored) = match (said, self.anchor.0) {
            (Some(year), _) => (Some(i32::from(year.value)), year.to, false),
            (None, Some(anchor)) => (hijri::year_of(month, anchor, toward), to, true),
            (None, None) => (None, to, false),
        };
        let placed = year.and_then(|year| match day {
            Some(day) => hijri::day(year, month, day),
            None => hijri::month(year, month),
        });
        let anchored = anchored && placed.is_some();
        let value = placed.unwrap_or_else(|| {
            let day = day.map_or(String::new(), |day| format!("-{day:02}"));
            format!("XXXX-{month:02}{day}")
        });
        Match { calendar: Calendar::Hijri, anchored, ..self.make(from, to, TimeType::Date, value) }
    }
}
