//! Dates, times of day, durations and recurring times as TIMEX3.
//!
//! One pass: at each token the patterns are tried from the most to the least specific, each looking
//! at no more than a dozen tokens. Precision is what the text says: a month never grows a day. What
//! is counted from the day of publication is resolved only when that day is known; otherwise the
//! value keeps `X`.

mod absolute;
mod ages;
mod alone;
mod before;
mod calendar;
mod clock;
mod cues;
mod duration;
mod hijri;
pub(crate) mod lexicon;
mod of_month;
mod parts;
mod programme;
mod recurring;
mod relative;
mod span;
mod tense;
#[cfg(test)]
mod tests;
mod vague;
mod western;
mod western_clock;
mod western_years;
mod year;

use std::ops::Range;

use crate::doc::Doc;
use crate::enriched::{Calendar, Time, TimeMod, TimeType};
use crate::facts::Facts;
use crate::lex::Words;
use crate::quantities::units::UnitWord;
pub(crate) use calendar::{Anchor, Toward};
use lexicon::TimeWord;
pub(crate) use tense::is_past;

/// Finds the time expressions of `doc` in text order. `anchor` is the ISO date of publication.
pub fn find(doc: &Doc, anchor: Option<&str>, language: &str) -> Vec<Time> {
    let words = Words::new(doc);
    all(&Facts::new(&words, language), anchor).into_iter().map(|found| found.publish(doc, anchor)).collect()
}

/// A time expression, in tokens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Match {
    /// First token.
    pub from: usize,
    /// Token after the last.
    pub to: usize,
    /// Bytes of the normalised text, without proclitics.
    pub range: Range<usize>,
    pub kind: TimeType,
    pub value: String,
    pub modifier: Option<TimeMod>,
    pub calendar: Calendar,
    /// Whether it was counted from the anchor.
    pub anchored: bool,
}

impl Match {
    /// The published form.
    pub(crate) fn publish(self, doc: &Doc, anchor: Option<&str>) -> Time {
        Time {
            text: doc.original(self.range.clone()).to_owned(),
            span: doc.span(self.range),
            kind: self.kind,
            value: self.value,
            modifier: self.modifier,
            calendar: self.calendar,
            anchor: anchor.filter(|_| self.anchored).and_then(|a| a.get(..10)).map(str::to_owned),
        }
    }
}

/// All time expressions in text order.
pub(crate) fn all(facts: &Facts<'_>, anchor: Option<&str>) -> Vec<Match> {
    let published = Finder { facts, anchor: Anchor::new(anchor) };
    let finder = Finder { facts, anchor: published.told_today() };
    let mut out = Vec::new();
    let mut i = 0;
    while i < facts.words.len() {
        match finder.at(i) {
            Some(mut found) => {
                finder.with_its_article(&mut found);
                finder.of_every(&mut found);
                i = found.to.max(i + 1);
                finder.of_day_before(&mut found, out.last());
                finder.of_year_before(&mut found, out.last());
                finder.of_programme(&mut found, out.last());
                finder.of_range_before(&mut found, out.last_mut());
                finder.of_same_day(&mut found, out.last_mut());
                if finder.of_month_before(&mut found, &out) {
                    out.push(found);
                }
            }
            None => i += 1,
        }
    }
    out
}

/// The rules and what they look at.
pub(crate) struct Finder<'a> {
    facts: &'a Facts<'a>,
    anchor: Anchor,
}

impl Finder<'_> {
    /// The expression that begins at token `i`.
    fn at(&self, i: usize) -> Option<Match> {
        if self.facts.clock_tail(i) {
            return None;
        }
        if let Some(found) = self.behind_article(i) {
            return Some(found);
        }
        if self.facts.language != "ar"
            && let Some(found) = self.western(i)
        {
            return Some(found);
        }
        if self.facts.unit(i) == UnitWord::Stop
            && let Some(found) = self.afternoon(i)
        {
            return Some(found);
        }
        let number = self.facts.words.kind(i) == crate::doc::TokenKind::Number;
        if matches!(self.word(i), "(" | "«" | "“" | "\"")
            && self.facts.words.kind(i + 1) == crate::doc::TokenKind::Number
        {
            return self.duration(i).filter(|_| self.facts.language == "ar");
        }
        let hit = self.facts.hit(i);
        if !number && hit.is_none_or(|h| h.value.time == TimeWord::None && h.value.num == Default::default())
        {
            return None;
        }
        if let TimeWord::Mod(modifier) = self.facts.time(i) {
            return self.modified(i, modifier);
        }
        self.clock(i).or_else(|| self.part_of_day(i)).or_else(|| self.plain(i))
    }

    /// An expression without a part of the day or a modifier before it.
    fn plain(&self, i: usize) -> Option<Match> {
        self.between(i)
            .or_else(|| self.rate_of_unit(i))
            .or_else(|| self.part_of_every(i))
            .or_else(|| self.first_of_two(i))
            .or_else(|| self.first_in_words(i))
            .or_else(|| self.day(i))
            .or_else(|| self.of_month(i))
            .or_else(|| self.absolute(i))
            .or_else(|| self.ago(i))
            .or_else(|| self.age(i))
            .or_else(|| self.one_unit(i))
            .or_else(|| self.year_before(i))
            .or_else(|| self.before_last(i))
            .or_else(|| self.relative_unit(i))
            .or_else(|| self.rest_of_unit(i))
            .or_else(|| self.duration(i))
            .or_else(|| self.first_of_lengths(i))
            .or_else(|| self.reference(i))
    }

    /// `نهاية يونيو 2005`: the date with its modifier.
    fn modified(&self, i: usize, modifier: TimeMod) -> Option<Match> {
        let mut at = i + 1;
        while at < i + 4
            && matches!(
                self.facts.words.word(at),
                "of" | "the" | "-" | "de" | "du" | "la" | "le" | "l'" | "in" | "d'" | "des" | "les"
            )
        {
            at += 1;
        }
        if self.facts.words.paragraph(at) {
            return None;
        }
        let found = self.at(at).or_else(|| self.current_unit(at));
        let found = found.filter(|found| found.kind == TimeType::Date && found.modifier.is_none())?;
        let start = self.start(i);
        let value =
            hijri::part_of_month(&found.value, modifier).filter(|_| found.calendar == Calendar::Hijri);
        let value = value.unwrap_or_else(|| found.value.clone());
        Some(Match { from: i, range: start..found.range.end, modifier: Some(modifier), value, ..found })
    }

    /// First byte of token `i` behind its proclitics.
    fn start(&self, i: usize) -> usize {
        self.facts.words.start(i) + self.facts.lead(i)
    }

    /// A match from token `from` to before token `to`.
    fn make(&self, from: usize, to: usize, kind: TimeType, value: impl Into<String>) -> Match {
        let end = self.facts.words.end(to.max(from + 1) - 1);
        Match {
            from,
            to,
            range: self.start(from)..end,
            kind,
            value: value.into(),
            modifier: None,
            calendar: Calendar::Gregorian,
            anchored: false,
        }
    }

    fn word(&self, i: usize) -> &str {
        self.facts.words.word(i)
    }

    fn time(&self, i: usize) -> TimeWord {
        self.facts.time(i)
    }

    /// Token `i`, unless a paragraph begins there.
    fn same(&self, i: usize) -> bool {
        i < self.facts.words.len() && !self.facts.words.paragraph(i)
    }

    /// A plain whole number of at most four digits at token `i`.
    fn small(&self, i: usize) -> Option<u32> {
        let word = self.word(i);
        let plain = (1..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| word.parse().ok()).flatten()
    }
}
