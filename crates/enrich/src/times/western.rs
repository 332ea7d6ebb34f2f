//! What English, French and Russian say in their own ways: `last July`, `il y a un an`, `the 1980s`, `90-е годы`,
//! `été 2022`, `this weekend`, `les trois dernières années`, `20-летний`.

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match, Toward};
use crate::doc::TokenKind;
use crate::enriched::TimeType;
use crate::numbers::words::Num;

impl Finder<'_> {
    /// The expression of one of these languages that begins at token `i`; those that all languages share are elsewhere.
    pub(super) fn western(&self, i: usize) -> Option<Match> {
        let (time, next) = (self.time(i), self.time(i + 1));
        if let Some(found) = self.western_quarter(i) {
            return Some(found);
        }
        if self.facts.words.kind(i) == TokenKind::Number {
            return self
                .decade_in_digits(i)
                .or_else(|| self.western_hour(i))
                .or_else(|| self.age_in_digits(i))
                .or_else(|| self.last_of_number(i))
                .or_else(|| self.year_behind_the(i));
        }
        if next == TimeWord::Unit(Span::Century, Count::One) {
            return self.roman_century(i);
        }
        if time == TimeWord::None {
            let number = self.facts.num(i);
            return match number {
                Num::None => None,
                Num::Article => self.with_article(i),
                _ => self.western_hour(i).or_else(|| self.last_of_number(i)),
            };
        }
        match time {
            TimeWord::Season(season) => self.in_season(i, i, season, Toward::Near),
            TimeWord::Weekend => self.weekend(i, i, None),
            TimeWord::Past | TimeWord::Next | TimeWord::This | TimeWord::Recent if self.same(i + 1) => {
                self.placed(i, time)
            }
            TimeWord::Unit(span, count) => self.decade_behind(i).or_else(|| self.unit_ago(i, span, count)),
            TimeWord::Part("MI") => self.noon(i),
            TimeWord::Part(part) => self.part_before(i, part),
            TimeWord::Lead | TimeWord::In => self.led(i),
            _ => None,
        }
    }

    /// `last July`, `next summer`, `this weekend`, `ce soir`, `last night`, `next 48 hours`, `past few years`.
    fn placed(&self, i: usize, time: TimeWord) -> Option<Match> {
        let (step, toward) = match time {
            TimeWord::Past => (-1, Toward::Past),
            TimeWord::Next => (1, Toward::Future),
            TimeWord::This => (0, Toward::Now),
            _ => (-1, Toward::Past),
        };
        match self.time(i + 1) {
            TimeWord::Month(month)
                if self.facts.language == "en" && self.latin_capital(i + 1) && time != TimeWord::Recent =>
            {
                let year = self.anchor.year_of(month, toward);
                let value =
                    year.map_or_else(|| format!("XXXX-{month:02}"), |year| format!("{year:04}-{month:02}"));
                Some(Match { anchored: year.is_some(), ..self.make(i, i + 2, TimeType::Date, value) })
            }
            TimeWord::Season(season) => self.in_season(i, i + 1, season, toward),
            TimeWord::Weekend => self.weekend(i, i + 1, Some(step)),
            TimeWord::Unit(Span::Week, Count::One) if self.weekend_in_parts(i + 1) => {
                self.weekend(i, i + 1, Some(step))
            }
            TimeWord::Part(part) if time == TimeWord::This || part == "NI" && time == TimeWord::Past => {
                Some(self.part_of(i, i + 2, step as i32, part))
            }
            _ if time == TimeWord::This => None,
            _ => {
                let few = matches!(
                    self.word(i + 1),
                    "few" | "several" | "couple" | "many" | "несколько" | "quelques"
                );
                let of = usize::from(self.word(i + 2) == "of");
                if few
                    && let TimeWord::Unit(span, Count::Many) = self.time(i + 2 + of)
                    && span > Span::Minute
                {
                    let value = if time == TimeWord::Next { "FUTURE_REF" } else { "PAST_REF" };
                    return Some(self.reference_at(i, i + 3 + of, value));
                }
                // ближайшие недели
                let many = ["ие", "ые", "их", "ых"].iter().any(|end| self.word(i).ends_with(end));
                if many
                    && let TimeWord::Unit(span, _) = self.time(i + 1)
                    && span > Span::Hour
                {
                    let value = if time == TimeWord::Next { "FUTURE_REF" } else { "PAST_REF" };
                    return Some(self.reference_at(i, i + 2, value));
                }
                let (span, number, to) = self.length(i + 1)?;
                number.map(|n| self.make(i, to, TimeType::Duration, span.duration(Some(n))))
            }
        }
    }

    /// `summer of 2023`, `été dernier`, `осень 2023 года`: a season whose year is told.
    fn in_season(&self, from: usize, at: usize, season: &str, toward: Toward) -> Option<Match> {
        let mut to = at + 1;
        let mut toward = toward;
        if toward == Toward::Near && self.same(to) {
            if let Some(year) = self.year_behind(to) {
                return Some(self.make(from, year.to, TimeType::Date, format!("{:04}-{season}", year.value)));
            }
            if let Some((step, behind)) = self.western_year(to) {
                let year = self.anchor.unit(Span::Year, step, false);
                let anchored = year.is_some();
                let value = format!("{}-{season}", year.unwrap_or_else(|| Span::Year.unknown().to_owned()));
                return Some(Match { anchored, ..self.make(from, behind, TimeType::Date, value) });
            }
            (toward, to) = match self.time(to) {
                TimeWord::Past if self.facts.language == "fr" => (Toward::Past, to + 1),
                TimeWord::Next if self.facts.language == "fr" => (Toward::Future, to + 1),
                _ => return None,
            };
        } else if toward == Toward::Near {
            return None;
        }
        // the months that it lies in; winter has the year that it begins in
        let (first, last) = match season {
            "SP" => (3, 5),
            "SU" => (6, 8),
            "FA" => (9, 11),
            _ => (12, 14),
        };
        let year = self.anchor.0.map(|day| {
            let (year, month) = (i32::from(day.year()), i32::from(day.month()));
            // of two winters in a year the one that goes on is this one
            let (year, month) =
                if season == "WI" && month < 3 { (year - 1, month + 12) } else { (year, month) };
            match toward {
                Toward::Past if month <= last => year - 1,
                Toward::Future if month >= first => year + 1,
                _ => year,
            }
        });
        let value = year.map_or_else(|| format!("XXXX-{season}"), |year| format!("{year:04}-{season}"));
        Some(Match { anchored: year.is_some(), ..self.make(from, to, TimeType::Date, value) })
    }

    /// A weekend at token `at`: `last weekend`, `over the weekend`, `le week-end dernier`.
    fn weekend(&self, from: usize, at: usize, step: Option<i64>) -> Option<Match> {
        let mut to = at + if self.weekend_in_parts(at) { 3 } else { 1 };
        let step = match (step, self.time(to)) {
            (Some(step), _) => step,
            (None, time @ (TimeWord::Past | TimeWord::Next)) if self.facts.language == "fr" => {
                to += 1;
                if time == TimeWord::Past { -1 } else { 1 }
            }
            // what is told in the week was at the weekend before it
            (None, _)
                if at > 1
                    && self.same(at)
                    && matches!((self.word(at - 2), self.word(at - 1)), ("over" | "at", "the")) =>
            {
                -i64::from(self.anchor.0.is_some_and(|day| day.weekday().to_monday_one_offset() < 5))
            }
            _ => return None,
        };
        let week = self.anchor.unit(Span::Week, step, false);
        let anchored = week.is_some();
        let value = format!("{}-WE", week.unwrap_or_else(|| Span::Week.unknown().to_owned()));
        Some(Match { anchored, ..self.make(from, to, TimeType::Date, value) })
    }

    /// Whether `week-end` stands at token `t`.
    fn weekend_in_parts(&self, t: usize) -> bool {
        self.word(t) == "week"
            && self.word(t + 1) == "-"
            && self.word(t + 2) == "end"
            && self.facts.words.glued(t + 2)
    }

    /// `il y a trois ans`, `dans trois semaines`, `par an`, `later this year`, `aged 64`, `несколько лет назад`, `at noon`.
    fn led(&self, i: usize) -> Option<Match> {
        match self.word(i) {
            "il" | "Il" if self.word(i + 1) == "y" && self.word(i + 2) == "a" => {
                if self.word(i + 3) == "quelques"
                    && let TimeWord::Unit(..) = self.time(i + 4)
                {
                    return Some(self.reference_at(i, i + 5, "PAST_REF"));
                }
                let about = usize::from(matches!(self.word(i + 3), "environ" | "déjà"));
                let (span, number, to) = self.one_or_more(i + 3 + about)?;
                Some(self.back(i, to, span, number))
            }
            "dans" if self.same(i + 1) => {
                let (span, number, to) = self.one_or_more(i + 1).filter(|(span, ..)| *span >= Span::Day)?;
                let value = self.anchor.unit(span, number as i64, false).filter(|_| number.fract() == 0.0);
                let anchored = value.is_some();
                Some(Match {
                    anchored,
                    ..self.make(i, to, TimeType::Date, value.unwrap_or_else(|| "FUTURE_REF".to_owned()))
                })
            }
            "per" | "par" | "в" => self.rate(i),
            "later" | "earlier" | "Later" | "Earlier" if self.time(i + 1) == TimeWord::This => {
                let found = self.relative_unit(i + 1).filter(|_| self.same(i + 1))?;
                Some(Match { from: i, range: self.start(i)..found.range.end, ..found })
            }
            "aged" => {
                let years = self.small(i + 1).filter(|n| (1..=110).contains(n) && self.same(i + 1))?;
                Some(self.make(i + 1, i + 2, TimeType::Duration, format!("P{years}Y")))
            }
            "few" | "several" | "несколько" => {
                let TimeWord::Unit(_, Count::Many) = self.time(i + 1) else { return None };
                let ago = self.same(i + 2) && matches!(self.word(i + 2), "ago" | "назад");
                ago.then(|| self.reference_at(i, i + 3, "PAST_REF"))
            }
            "midnight" | "minuit" | "полдень" | "полночь" => self.noon(i),
            "на" | "На" if self.word(i + 1) == "днях" => {
                Some(self.reference_at(i, i + 2, "PAST_REF"))
            }
            _ => None,
        }
    }

    /// `$500 a week`, `3 раза в день`, `par an`: how often.
    fn rate(&self, i: usize) -> Option<Match> {
        let TimeWord::Unit(span, Count::One) = self.time(i + 1) else { return None };
        // kilometres per hour
        if span < Span::Day {
            return None;
        }
        let before = i.checked_sub(1).filter(|_| self.same(i) && self.same(i + 1))?;
        let plain = matches!(self.word(i), "per" | "par");
        let counted = self.facts.words.kind(before) == TokenKind::Number
            || self.facts.counts(before)
            || matches!(
                self.word(before),
                "%" | "times" | "раз" | "раза" | "fois" | "once" | "twice" | "million" | "billion"
            );
        // в год Быка
        let named = self.facts.words.kind(i + 2) == TokenKind::Cyrillic && !self.facts.words.paragraph(i + 2);
        let other = self.word(i) == "в" && named && self.word(i + 2).starts_with(char::is_uppercase);
        (plain || counted && !other && !self.word(i + 1).ends_with("ночи")).then(|| {
            let value = span.duration(Some(1.0));
            self.make(i, i + 2, TimeType::Set, value)
        })
    }

    /// `a year ago`, `for a week`, `$500 a week`, `un an`.
    fn with_article(&self, i: usize) -> Option<Match> {
        if let Some(found) = self.rate(i).filter(|_| matches!(self.word(i), "a" | "an")) {
            return Some(found);
        }
        let (span, number, to) = self.one_or_more(i)?;
        if number != 1.0 || to != i + 2 {
            return None;
        }
        if self.same(to) && self.word(to) == "ago" {
            return Some(self.back(i, to + 1, span, 1.0));
        }
        let before = i.checked_sub(1).filter(|_| self.same(i)).map_or("", |t| self.word(t));
        let led = matches!(
            before,
            "for"
                | "than"
                | "within"
                | "after"
                | "over"
                | "under"
                | "nearly"
                | "almost"
                | "about"
                | "around"
                | "pendant"
                | "après"
                | "depuis"
                | "durant"
                | "d'"
                | "presque"
                | "pour"
                | "en"
        );
        let measured = self.same(to)
            && matches!(self.word(to), "after" | "before" | "later" | "earlier" | "plus" | "avant" | "après");
        (led || measured).then(|| self.make(i, to, TimeType::Duration, span.duration(Some(1.0))))
    }

    /// `год назад`, `years ago`.
    fn unit_ago(&self, i: usize, span: Span, count: Count) -> Option<Match> {
        if !self.same(i + 1) || !matches!(self.word(i + 1), "ago" | "назад") {
            return None;
        }
        // the number before it had its turn
        Some(match count {
            Count::One => self.back(i, i + 2, span, 1.0),
            _ => self.reference_at(i, i + 2, "PAST_REF"),
        })
    }

    /// A length of one or more at token `t`: `a year`, `trois semaines`; the token behind it.
    fn one_or_more(&self, t: usize) -> Option<(Span, f64, usize)> {
        if !self.same(t) {
            return None;
        }
        if self.facts.num(t) == Num::Article {
            let TimeWord::Unit(span, Count::One) = self.time(t + 1) else { return None };
            return self.same(t + 1).then_some((span, 1.0, t + 2));
        }
        let (span, number, to) = self.length(t)?;
        Some((span, number?, to))
    }

    /// `Mary Hill, 22,`: an age between two commas behind a name; `20-летний`.
    fn age_in_digits(&self, i: usize) -> Option<Match> {
        let years = self.small(i).filter(|n| (1..=110).contains(n))?;
        let words = &self.facts.words;
        let of_russian = self.word(i + 1) == "-" && words.glued(i + 1) && words.glued(i + 2) && {
            let end = self.word(i + 2).strip_prefix("летн").unwrap_or("");
            matches!(end, "ий" | "яя" | "его" | "ей" | "ему" | "им" | "юю" | "ие" | "их" | "ими" | "ем")
        };
        if of_russian {
            return Some(self.make(i, i + 3, TimeType::Duration, format!("P{years}Y")));
        }
        let name = i.checked_sub(2).filter(|t| self.facts.language == "en" && self.word(t + 1) == ",")?;
        let named = self.latin_capital(name)
            && self.time(name) == TimeWord::None
            && !words.paragraph(i - 1)
            && !words.paragraph(i);
        let closed = self.word(i + 1) == "," && words.glued(i + 1) && words.kind(i + 2) != TokenKind::Number;
        let alone = years > 15 && self.word(i).len() == 2;
        (named && closed && alone).then(|| self.make(i, i + 1, TimeType::Duration, format!("P{years}Y")))
    }

    /// `les trois dernières années`, `10 последних лет`.
    fn last_of_number(&self, i: usize) -> Option<Match> {
        let number = self.facts.number(i).filter(|n| !n.ordinal && n.value > 1.0)?;
        if !matches!(self.time(number.to), TimeWord::Past | TimeWord::Next | TimeWord::Recent) {
            return None;
        }
        let TimeWord::Unit(span, Count::Many) = self.time(number.to + 1) else { return None };
        let near = self.same(number.to) && self.same(number.to + 1);
        near.then(|| self.make(i, number.to + 2, TimeType::Duration, span.duration(Some(number.value))))
    }

    /// Takes the article into what it belongs to: `la semaine dernière`, `l'an dernier`.
    pub(super) fn with_its_article(&self, found: &mut Match) {
        let placed = matches!(self.time(found.to.max(1) - 1), TimeWord::Past | TimeWord::Next);
        let unit = matches!(self.time(found.from), TimeWord::Unit(..) | TimeWord::Season(_)) && placed;
        if self.facts.language == "fr"
            && (unit || self.facts.num(found.from) != Num::None && placed)
            && let Some(before) = found.from.checked_sub(1).filter(|_| self.same(found.from))
            && matches!(self.word(before), "la" | "le" | "l'" | "les" | "La" | "Le" | "L'" | "Les")
        {
            found.range.start = self.start(before);
        }
    }
}
