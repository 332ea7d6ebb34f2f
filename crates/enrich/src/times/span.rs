//! Two ends in one expression: `يومي الجمعة والسبت`, `من 4 حتى 6 مارس`, `26 - 27 أبريل`, `(2001-2011)`.

use jiff::ToSpan;

use super::lexicon::{Span, TimeWord};
use super::{Finder, Match, Toward, hijri};
use crate::doc::TokenKind;
use crate::enriched::{Calendar, TimeType};

impl Finder<'_> {
    /// A pair of days, of dates or of years that begins at token `i`.
    pub(super) fn between(&self, i: usize) -> Option<Match> {
        self.two_weekdays(i)
            .or_else(|| self.two_of_month(i))
            .or_else(|| self.two_dates(i))
            .or_else(|| self.two_years(i))
    }

    /// `يومي الجمعة والسبت المقبلين`, with their dates behind them where those are told.
    fn two_weekdays(&self, i: usize) -> Option<Match> {
        if self.time(i) != TimeWord::TwoDays {
            return None;
        }
        let TimeWord::Weekday(first) = self.time(i + 1) else { return None };
        let and = usize::from(self.word(i + 2) == "و");
        let at = i + 2 + and;
        let TimeWord::Weekday(second) = self.time(at) else { return None };
        if !(self.same(at) && self.facts.definite(i + 1) && self.facts.definite(at))
            || and == 0 && !self.joined_by_and(at)
        {
            return None;
        }
        let mut to = at + 1;
        // with the dates: 26 - 27 أبريل, 26 و27 أبريل
        let dates = self.two_dates(to).or_else(|| {
            let first = self.first_of_two(to)?;
            let last = self.day_month(to + 2).or_else(|| self.of_month(to + 2))?;
            let range = first.range.start..last.range.end;
            Some(Match { to: last.to, range, value: format!("{}/{}", first.value, last.value), ..last })
        });
        if let Some(dates) = dates.filter(|_| self.same(to)) {
            let found = self.make(i, dates.to, TimeType::Date, dates.value);
            return Some(Match {
                range: found.range.start..dates.range.end,
                calendar: dates.calendar,
                ..found
            });
        }
        let toward = match self.time(to) {
            TimeWord::Past if self.same(to) => Toward::Past,
            TimeWord::Next if self.same(to) => Toward::Future,
            _ => Toward::Near,
        };
        to += usize::from(toward != Toward::Near);
        let toward = if toward == Toward::Near && self.ahead(i) { Toward::Future } else { toward };
        let value = match self.anchor.weekday(first, toward) {
            Some(day) => {
                let apart = (i64::from(second) - i64::from(first)).rem_euclid(7);
                format!("{day}/{}", day.checked_add(apart.days()).ok()?)
            }
            None => format!("XXXX-WXX-{first}/XXXX-WXX-{second}"),
        };
        let anchored = self.anchor.0.is_some();
        Some(Match { anchored, ..self.make(i, to, TimeType::Date, value) })
    }

    /// `يومي السابع والثامن من يونيو`, `يومي 7 و8 يونيو`.
    fn two_of_month(&self, i: usize) -> Option<Match> {
        if self.time(i) != TimeWord::TwoDays || !self.same(i + 1) {
            return None;
        }
        let (first, to) = match self.small(i + 1) {
            Some(day) => (day, i + 2),
            None => {
                let (day, to) = self.ordinal(i + 1).filter(|_| self.facts.definite(i + 1))?;
                (day as u32, to)
            }
        };
        let and = usize::from(self.word(to) == "و");
        let at = to + and;
        if !self.same(at) || and == 0 && !self.joined_by_and(at) || !(1..=30).contains(&first) {
            return None;
        }
        let second = match self.small(at) {
            Some(day) => day,
            None => self.ordinal(at)?.0 as u32,
        };
        let last =
            self.day_month(at).or_else(|| self.of_month(at)).filter(|_| second > first && second <= 31)?;
        self.days_of_month(i, first, second, &last)
    }

    /// `26 - 27 أبريل`: two days of one month.
    fn two_dates(&self, i: usize) -> Option<Match> {
        let first = self.small(i).filter(|day| (1..=31).contains(day))?;
        if !matches!(self.word(i + 1), "-" | "–" | "ـ") || !self.same(i + 2) {
            return None;
        }
        if self.facts.words.glued(i) && i > 0 && matches!(self.word(i - 1), "/" | "-" | "." | ":") {
            return None;
        }
        let second = self.small(i + 2).filter(|day| (first + 1..=31).contains(day))?;
        let last = self.day_month(i + 2).or_else(|| self.of_month(i + 2))?;
        self.days_of_month(i, first, second, &last)
    }

    /// The days `first` and `second` from token `i` on, of which `last` is the second with its month.
    fn days_of_month(&self, i: usize, first: u32, second: u32, last: &Match) -> Option<Match> {
        let value = format!("{}/{}", self.first_day(first, second, last)?, last.value);
        let found = self.make(i, last.to, TimeType::Date, value);
        Some(Match {
            range: found.range.start..last.range.end,
            calendar: last.calendar,
            anchored: last.anchored,
            ..found
        })
    }

    /// The first day of a pair in the month of the `last`, which a Hijri month need not name.
    fn first_day(&self, first: u32, second: u32, last: &Match) -> Option<String> {
        if let Some(month) = last.value.strip_suffix(&format!("-{second:02}"))
            && last.calendar == Calendar::Gregorian
        {
            return Some(format!("{month}-{first:02}"));
        }
        let day: jiff::civil::Date = last.value.parse().ok()?;
        Some(day.checked_sub(i64::from(second.checked_sub(first)?).days()).ok()?.to_string())
    }

    /// `من 4 حتى 6 مارس`: the first of two days of a month that only the second names.
    pub(super) fn first_of_two(&self, i: usize) -> Option<Match> {
        let first = self.small(i).filter(|day| (1..=31).contains(day))?;
        let led = i > 0
            && (matches!(
                self.word(i - 1).strip_prefix('و').unwrap_or(self.word(i - 1)),
                "من" | "بين" | "الفترة" | "يومي" | "أيام" | "يوم" | "في"
            ) || matches!(self.time(i - 1), TimeWord::Weekday(_)))
            || matches!(
                (self.word(i.max(1) - 1), self.word(i + 1)),
                ("from" | "From", "to")
                    | ("between" | "Between", "and")
                    | ("du" | "Du", "au")
                    | ("entre" | "le" | "les" | "Les", "et")
                    | ("с" | "С", "по")
                    | ("между", "и")
            )
            // 25 и 26 января
            || self.facts.language == "ru" && self.word(i + 1) == "и" && self.word(i).len() <= 2;
        let joins = matches!(
            self.word(i + 1),
            "إلى"
                | "الى"
                | "حتى"
                | "وحتى"
                | "لغاية"
                | "ولغاية"
                | "و"
                | "to"
                | "and"
                | "au"
                | "et"
                | "по"
                | "и"
        );
        if !led || !joins || !self.same(i + 2) {
            return None;
        }
        let second = self.small(i + 2).filter(|day| (first + 1..=31).contains(day))?;
        let last = self.day_month(i + 2).or_else(|| self.of_month(i + 2))?;
        let value = self.first_day(first, second, &last)?;
        let found = self.make(i, i + 1, TimeType::Date, value);
        Some(Match { calendar: last.calendar, anchored: last.anchored, ..found })
    }

    /// `من الخامس إلى التاسع من ديسمبر`: the same in words.
    pub(super) fn first_in_words(&self, i: usize) -> Option<Match> {
        let before = if i > 0 && self.same(i) { self.word(i - 1) } else { "" };
        let before = before.strip_prefix('و').unwrap_or(before);
        let led = matches!(before, "من" | "بين" | "الفترة");
        if self.facts.language != "ar" || !led || !self.facts.definite(i) {
            return None;
        }
        let (first, to) = self.ordinal(i).filter(|(value, _)| (1.0..=30.0).contains(value))?;
        let joins = matches!(self.word(to), "إلى" | "الى" | "حتى" | "وحتى") && self.same(to);
        let and = !joins && before == "بين" && self.joined_by_and(to);
        let at = to + usize::from(joins);
        if !(joins || and) || !self.same(at) {
            return None;
        }
        let (second, _) = self.ordinal(at).filter(|(value, _)| *value > first && *value <= 31.0)?;
        let last = self.day_month(at).or_else(|| self.of_month(at))?;
        let value = self.first_day(first as u32, second as u32, &last)?;
        let found = self.make(i, to, TimeType::Date, value);
        Some(Match { calendar: last.calendar, anchored: last.anchored, ..found })
    }

    /// `(2001-2011)`, `1436-1437هـ`, `570 - 632 ميلاديا`.
    fn two_years(&self, i: usize) -> Option<Match> {
        if self.facts.words.kind(i) != TokenKind::Number
            || self.facts.words.glued(i) && i > 0 && {
                let before = self.word(i - 1);
                matches!(before, "/" | "-" | "." | "_" | "=")
            }
        {
            return None;
        }
        let first = self.small(i).filter(|year| *year >= 100)?;
        if !matches!(self.word(i + 1), "-" | "–" | "ـ" | "/") || !self.same(i + 2) {
            return None;
        }
        let second = self.small(i + 2).filter(|year| *year > first && *year <= 2200)?;
        let mark = if self.same(i + 3) { self.time(i + 3) } else { TimeWord::None };
        let said = matches!(mark, TimeWord::HijriMark | TimeWord::Common);
        // a season is none, and two bare numbers need a bracket
        let bracket = i > 0 && self.word(i - 1) == "(" && self.word(i + 3) == ")";
        let bare = bracket && first >= 1000 && second > first + 1;
        if !(said || bare) || second - first > 1_000 {
            return None;
        }
        let of = |year: u32| match mark {
            TimeWord::HijriMark => hijri::year(i32::try_from(year).ok()?),
            _ => i32::try_from(year).ok(),
        };
        let value = format!("{:04}/{:04}", of(first)?, of(second)?);
        let calendar = if mark == TimeWord::HijriMark { Calendar::Hijri } else { Calendar::Gregorian };
        let to = i + 3 + usize::from(said);
        Some(Match { calendar, ..self.make(i, to, TimeType::Date, value) })
    }

    /// Whether token `t` begins with و.
    fn joined_by_and(&self, t: usize) -> bool {
        self.facts.hit(t).is_some_and(|hit| hit.clitic.and)
    }

    /// `الثلاثاء من الأسبوع المقبل`: the day that `weekday` is in that week, and the token behind it. Weeks of Arabic
    /// news begin on Sunday.
    pub(super) fn day_of_week(&self, weekday: u8, at: usize) -> Option<(Option<jiff::civil::Date>, usize)> {
        let unit = matches!(self.time(at + 1), TimeWord::Unit(Span::Week, _)) && self.facts.definite(at + 1);
        if self.word(at) != "من" || !unit || !self.same(at + 2) {
            return None;
        }
        let weeks = match self.time(at + 2) {
            TimeWord::Past => -7,
            TimeWord::Next => 7,
            TimeWord::This => 0,
            _ => return None,
        };
        let day = self.anchor.0.and_then(|anchor| {
            let today = i32::from(anchor.weekday().to_sunday_zero_offset());
            self.anchor.day(weeks - today + i32::from(weekday) % 7)
        });
        Some((day, at + 3))
    }
}
