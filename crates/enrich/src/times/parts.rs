//! Parts and wholes of years and months: `الربع الثاني من 2014`, `النصف الأول من شهر مايو`, `القرن الحادي والعشرين`.

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match};
use crate::enriched::TimeType;
use crate::numbers::words::Num;

impl Finder<'_> {
    /// `الربع الثاني من 2014`, `النصف الأول لعام 2015`.
    pub(super) fn quarter(&self, i: usize) -> Option<Match> {
        let Num::Part(part) = self.facts.num(i) else { return None };
        let (letter, most) = match part {
            0.25 => ('Q', 4),
            0.5 => ('H', 2),
            _ => return None,
        };
        let number = match (self.facts.num(i + 1), self.time(i + 1)) {
            (Num::Ord(number), _) => number,
            // الربع الأخير
            (_, TimeWord::Recent) if self.facts.definite(i + 1) && !self.word(i + 1).ends_with('ة') => most,
            _ => return None,
        };
        if !self.facts.definite(i) || number > most || !self.same(i + 1) {
            return None;
        }
        // النصف الأول من شهر مايو
        if letter == 'H' && self.word(i + 2) == "من" && self.same(i + 3) {
            let half = self.month_first(i + 3).or_else(|| self.relative_unit(i + 3));
            if let Some(month) = half.filter(|half| half.value.len() == 7) {
                let found = self.make(i, month.to, TimeType::Date, month.value);
                return Some(Match { anchored: month.anchored, calendar: month.calendar, ..found });
            }
        }
        let last = !matches!(self.facts.num(i + 1), Num::Ord(_));
        let (year, to, anchored) = match (self.year_of_part(i + 2), self.anchor.0) {
            (Some(told), _) => told,
            // the last quarter of a game or of nothing said
            (None, _) if last => return None,
            (None, Some(anchor)) => (format!("{:04}", anchor.year()), i + 2, true),
            (None, None) => ("XXXX".to_owned(), i + 2, false),
        };
        Some(Match { anchored, ..self.make(i, to, TimeType::Date, format!("{year}-{letter}{number}")) })
    }

    /// `صيف 2017`, `شتاء عام 2015`, `خريف العام الماضي`: a season whose year is told. Without a year it is none: in news
    /// `الصيف` is as often one of transfers or of holidays.
    pub(super) fn season_of_year(&self, i: usize) -> Option<Match> {
        let season = match self.time(i) {
            TimeWord::Season(season) => season,
            // ربيع الأول is a month, ربيع 2011 is none
            TimeWord::HijriTwin(_) if self.word(i).ends_with("ربيع") => "SP",
            _ => return None,
        };
        if self.facts.language != "ar" || self.facts.definite(i) || !self.same(i + 1) {
            return None;
        }
        let (year, to, anchored) = self.year_of_part(i + 1)?;
        // صيف 2000 دولار
        if self.same(to) && self.facts.counts(to) {
            return None;
        }
        Some(Match { anchored, ..self.make(i, to, TimeType::Date, format!("{year}-{season}")) })
    }

    /// `القرن الحادي والعشرين`, `the 21st century`, `XXe siècle` not.
    pub(super) fn century(&self, i: usize) -> Option<Match> {
        if matches!(self.time(i), TimeWord::Unit(Span::Century, Count::One)) && self.same(i + 1) {
            // القرن الـ19
            let at = i + 1 + usize::from(self.word(i + 1) == "ال");
            let digits =
                self.small(at).filter(|n| self.same(at) && self.facts.definite(i) && (1..=30).contains(n));
            let (value, mut to) = match digits {
                Some(number) => (f64::from(number), at + 1),
                // القرن العشرين
                None if self.facts.num(i + 1) == Num::Card(20) && self.facts.definite(i + 1) => (20.0, i + 2),
                None => self.ordinal(i + 1).filter(|(value, _)| (1.0..=30.0).contains(value))?,
            };
            if self.time(to) == TimeWord::Common && self.same(to) {
                to += 1;
            }
            return Some(self.make(i, to, TimeType::Date, format!("{:02}", value as i64 - 1)));
        }
        if self.facts.language == "ar" {
            return None;
        }
        let number = self.facts.number(i).filter(|n| n.ordinal && (1.0..=30.0).contains(&n.value))?;
        let after = matches!(self.time(number.to), TimeWord::Unit(Span::Century, _)) && self.same(number.to);
        after.then(|| self.make(i, number.to + 1, TimeType::Date, format!("{:02}", number.value as i64 - 1)))
    }
}

/// Whether an adjective says what kind of year it is: academic, financial, of which calendar.
pub(super) fn is_kind_of_year(word: &str) -> bool {
    const KINDS: &str = "الدراسي الدراسية الجامعي الجامعية الأكاديمي الأكاديمية المالي المالية الهجري الهجرية الميلادي \
        الميلادية القضائي القضائية التشريعي التشريعية الرياضي الرياضية";
    KINDS.split_whitespace().any(|kind| kind == word)
}
