//! Hours and parts of the day of English, French and Russian: `à 11 heures`, `six o'clock`, `в шесть часов утра`, `this morning`,
//! `в ночь на понедельник`, `dans la nuit de mercredi à jeudi`.

use super::lexicon::{Span, TimeWord};
use super::{Finder, Match};
use crate::enriched::TimeType;

impl Finder<'_> {
    /// `11 heures`, `six o'clock`, `шесть часов утра`, `6 утра` at token `i`.
    pub(super) fn western_hour(&self, i: usize) -> Option<Match> {
        let number = self
            .facts
            .number(i)
            .filter(|n| !n.ordinal && n.value.fract() == 0.0 && (0.0..=24.0).contains(&n.value))?;
        let at = number.to;
        if !self.same(at) {
            return None;
        }
        let before = i.checked_sub(1).filter(|_| self.same(i)).map_or("", |t| self.word(t));
        let unit = matches!(self.time(at), TimeWord::Unit(Span::Hour, _));
        let (mut minute, mut to) = (0, at);
        match self.facts.language {
            "en" if self.word(at) == "o'clock" => to = at + 1,
            "fr" if unit
                && matches!(before, "à" | "À" | "vers" | "dès" | "avant" | "après" | "entre" | "jusqu'à") =>
            {
                to = at + 1;
                if let Some(told) =
                    self.small(to).filter(|m| *m < 60 && self.word(to).len() == 2 && self.same(to))
                {
                    (minute, to) = (told, to + 1);
                }
            }
            "ru" => {
                to += usize::from(unit);
                let part = self.same(to) && matches!(self.word(to), "утра" | "вечера" | "ночи" | "дня");
                let led = matches!(before, "в" | "В" | "около" | "Около" | "к" | "К" | "до" | "после");
                if !(part && (unit || self.word(to) != "дня") || unit && led) {
                    return None;
                }
            }
            _ => return None,
        }
        let mut hour = number.value as u32;
        if let Some((afternoon, behind)) = self.half_of_day(to) {
            hour = match (afternoon, hour) {
                (true, 1..12) => hour + 12,
                (false, 12) => 0,
                _ => hour,
            };
            to = behind;
        }
        let (zone, to) = self.western_zone(to);
        let clock = format!("T{hour:02}:{minute:02}{zone}");
        Some(self.at_clock(i, to, &clock))
    }

    /// `at noon`, `в полночь`.
    pub(super) fn noon(&self, i: usize) -> Option<Match> {
        let led = i > 0
            && self.same(i)
            && matches!(self.word(i - 1), "at" | "At" | "by" | "в" | "В" | "до" | "until" | "à" | "À");
        let clock = if matches!(self.word(i), "midnight" | "полночь" | "minuit") {
            "T00:00"
        } else {
            "T12:00"
        };
        led.then(|| self.at_clock(i, i + 1, clock))
    }

    fn at_clock(&self, from: usize, to: usize, clock: &str) -> Match {
        let skip = usize::from(matches!(self.word(to), "on" | "le"));
        if let Some(day) = self.day(to + skip).filter(|day| self.same(to + skip) && day.value.len() >= 8) {
            let value = format!("{}{clock}", day.value);
            return Match { anchored: day.anchored, ..self.make(from, day.to, TimeType::Time, value) };
        }
        let day = self.anchor.day(0);
        let value = day.map_or_else(|| clock.to_owned(), |day| format!("{day}{clock}"));
        Match { anchored: day.is_some(), ..self.make(from, to, TimeType::Time, value) }
    }

    /// `du soir`, `in the morning`, `вечера` at token `t`: whether it is the second half, and the token behind it.
    fn half_of_day(&self, t: usize) -> Option<(bool, usize)> {
        if !self.same(t) {
            return None;
        }
        let at = match (self.word(t), self.word(t + 1)) {
            ("du", _) => t + 1,
            ("in", "the") | ("de", "l'") => t + 2,
            _ if self.facts.language == "ru" => t,
            _ => return None,
        };
        let afternoon = match self.word(at) {
            "дня" => true,
            // two at night is two
            "ночи" => false,
            _ => match self.time(at) {
                TimeWord::Part(part) => part != "MO",
                _ => return None,
            },
        };
        Some((afternoon, at + 1))
    }

    /// The zone at token `t` as far as TIMEX3 has one, and the token behind it: `GMT`, `local time`, `по московскому времени`.
    pub(super) fn western_zone(&self, t: usize) -> (&'static str, usize) {
        if !self.same(t) {
            return ("", t);
        }
        match (self.word(t), self.word(t + 1)) {
            ("GMT" | "UTC" | "TU", _) => ("Z", t + 1),
            ("ET" | "EST" | "EDT" | "PST" | "PDT" | "BST" | "CET" | "CEST" | "мск" | "МСК", _) => {
                ("", t + 1)
            }
            ("local", "time") | ("heure", "locale") | ("по", "мск" | "МСК") => ("", t + 2),
            ("по", "Гринвичу") => ("Z", t + 2),
            ("по", place) if place.ends_with("ому") && self.word(t + 2) == "времени" => {
                ("", t + 3)
            }
            ("heure", "de") if self.same(t + 2) => ("", t + 3),
            _ => ("", t),
        }
    }

    /// A part of a day so many days from the anchor.
    pub(super) fn part_of(&self, from: usize, to: usize, days: i32, part: &str) -> Match {
        let day = self.anchor.day(days);
        let value = day.map_or_else(|| format!("XXXX-XX-XXT{part}"), |day| format!("{day}T{part}"));
        Match { anchored: day.is_some(), ..self.make(from, to, TimeType::Time, value) }
    }

    /// `tonight`; `утром в понедельник`, `вечером 5 мая`, `ночь на понедельник`, `nuit de mercredi à jeudi`, `soirée de lundi`.
    pub(super) fn part_before(&self, i: usize, part: &str) -> Option<Match> {
        if matches!(self.word(i), "tonight" | "Tonight") {
            return Some(self.part_of(i, i + 1, 0, part));
        }
        let link = self.word(i + 1);
        let linked = matches!(link, "в" | "во" | "на" | "de" | "du" | "of" | "on") && self.same(i + 1);
        let at = i + 1 + usize::from(linked);
        if !self.same(at) || self.facts.language == "en" && !linked {
            return None;
        }
        let day = self
            .day(at)
            .or_else(|| self.absolute(at))
            .filter(|day| matches!(day.value.len(), 10 | 11) && day.kind == TimeType::Date)?;
        // nuit de mercredi à jeudi: the night between the two
        let second =
            matches!(self.word(day.to), "à" | "au") && matches!(self.time(day.to + 1), TimeWord::Weekday(_));
        let to = if part == "NI" && second { day.to + 2 } else { day.to };
        let value = format!("{}T{part}", day.value);
        let found = self.make(i, to, TimeType::Time, value);
        let end = if to > day.to { found.range.end } else { day.range.end };
        Some(Match { range: found.range.start..end, anchored: day.anchored, ..found })
    }
}
