//! Numbers whose noun was said before them or is understood: `في الدقيقتين 12 و63`, `الهدف الخامس لفريقه والثاني له`,
//! `هي الثالثة`, `بينهم سبعة`, `المشروع السابع والثامن`.

use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::numbers::Number;
use crate::numbers::words::Num;
use crate::times::lexicon::TimeWord;

/// Tokens that a list of numbers behind one noun can have.
const LIST: usize = 12;
/// Highest number that is a place and no code.
const LAST: f64 = 1000.0;

impl Finder<'_> {
    /// A number of a list behind a noun in the dual or plural: `الدقيقتين 12 و63`, `الدقائق 8 و40 و71`.
    pub(super) fn of_several(&self, i: usize) -> Option<Found> {
        let number = self.facts.number(i).filter(|n| n.digits || n.ordinal)?;
        if number.value >= LAST || number.value.fract() != 0.0 {
            return None;
        }
        // back to the noun, over the numbers before
        let mut t = i;
        let mut first = true;
        loop {
            if t == 0 || i - t > LIST || !self.same(t) {
                return None;
            }
            if let Some(unit) = self.numbered_several(t - 1) {
                // the first of them needs a second
                let (value, to) = self.place_with_ten(&number);
                let on = !first || self.joins(to).is_some_and(|next| self.is_place(next));
                let unit = Some(unit).filter(|_| on);
                return unit
                    .map(|unit| self.found(number.start, to, value, Some(unit), QuantityKind::Ordinal));
            }
            let joined = matches!(self.words().word(t - 1), "و" | "،" | ",")
                || self.is_place(t - 1)
                || self.ends_place(t - 1);
            if !joined {
                return None;
            }
            first = false;
            t -= 1;
        }
    }

    /// The unit of what a noun in the dual or plural numbers: minutes, rounds, articles.
    fn numbered_several(&self, t: usize) -> Option<Unit> {
        const NOUNS: &str = "المرحلتين الجولتين النسختين المرتبتين الحلقتين الطبعتين الدورتين المادتين المركزين المراحل الجولات النسخ \
            المراتب الحلقات الطبعات الدورات المواد المراكز";
        let word = self.words().word(t);
        let word =
            word.strip_prefix(['و', 'ب', 'ك', 'ف']).filter(|rest| rest.starts_with("ال")).unwrap_or(word);
        if !word.starts_with("ال") {
            return None;
        }
        match word {
            "الدقيقتين" | "الدقيقتان" | "الدقائق" => Some(Unit::Minute),
            _ => NOUNS.split_whitespace().any(|noun| noun == word).then_some(Unit::Item),
        }
    }

    /// Whether a place in an order stands at token `t`, in digits or with the article.
    fn is_place(&self, t: usize) -> bool {
        self.same(t)
            && (self.words().kind(t) == TokenKind::Number && self.words().word(t).len() <= 3
                || self.facts.definite(t) && matches!(self.facts.num(t), Num::Ord(_)))
    }

    /// The token of a list that goes on behind token `t`: the number behind "and" or a comma.
    fn joins(&self, t: usize) -> Option<usize> {
        if !self.same(t) {
            return None;
        }
        if matches!(self.words().word(t), "و" | "،" | ",") {
            return Some(t + 1);
        }
        self.facts.hit(t).is_some_and(|hit| hit.clitic.and && !hit.clitic.preposition).then_some(t)
    }

    /// A number with the ten behind it, which belongs to it: الثالث عشر, الحادي والعشرين.
    fn place_with_ten(&self, number: &Number) -> (f64, usize) {
        if number.ordinal { self.compound(number.value, number.to) } else { (number.value, number.to) }
    }

    /// An ordinal with the article whose noun was said before: `هي الثالثة`, `والثاني له`, `السابع والثامن`.
    pub(super) fn understood_place(&self, i: usize) -> Option<Found> {
        let hit = self.facts.hit(i).filter(|hit| hit.definite && !hit.clitic.preposition)?;
        let Num::Ord(_) = hit.value.num else { return None };
        let words = self.words();
        // الأولي is "preliminary"
        if i == 0 || words.word(i).ends_with("ولي") {
            return None;
        }
        let number = self.facts.number(i)?;
        let (value, to) = self.compound(number.value, number.to);
        let place = || Some(self.found(number.start, to, value, Some(Unit::Item), QuantityKind::Ordinal));
        if !self.same(i) {
            return None;
        }
        let before = words.word(i - 1);
        let next = if self.same(to) { words.word(to) } else { "" };
        // المشروع السابع والثامن
        let listed = hit.clitic.and && self.ends_place(i - 1) && self.headed_place(i - 1);
        // الهدف الخامس لفريقه والثاني له
        let his = matches!(next, "له" | "لها" | "لهم" | "لهما" | "لي" | "لنا");
        let own = his && (hit.clitic.and || before == "و") && self.place_before(i);
        // هي الثالثة, هو الأول من نوعه; الأولى ب is "the worthier"
        let is = matches!(before, "هي" | "هو" | "وهي" | "وهو" | "فهي" | "فهو") && !hit.clitic.and;
        let alone = !self.same(to)
            || words.kind(to) == TokenKind::Punct && words.word(to) != "("
            || his
            || matches!(
                next,
                "في" | "على" | "فقط" | "منذ" | "خلال" | "بعد" | "ضمن" | "بين" | "عربيا" | "عالميا"
            )
            || next.starts_with('ل')
                && (next.starts_with("لل") || self.proclitic(to) > 0)
                && self.facts.hit(to).is_none_or(|hit| hit.value.time == TimeWord::None);
        let told = listed || own || is && alone || self.in_turn(i, to, value);
        if told && !self.speaks_of_time(i) { place() } else { None }
    }

    /// Whether the ordinal from token `i` to before token `to` tells one of several in turn: `للأول جائزة، والثاني على كأس،
    /// والثالث على درع`. It begins a clause, a particle goes on behind it, and so does its neighbour.
    fn in_turn(&self, i: usize, to: usize, value: f64) -> bool {
        /// Tokens to the neighbour.
        const FAR: usize = 24;
        if !self.begins_clause(i, to) {
            return false;
        }
        let words = self.words();
        let neighbour = |t: usize| {
            let Num::Ord(place) = self.facts.num(t) else { return false };
            let number = self.facts.number(t).filter(|_| self.facts.definite(t));
            number.is_some_and(|n| (f64::from(place) - value).abs() == 1.0 && self.begins_clause(t, n.to))
        };
        let behind = (to..(i + FAR).min(words.len())).take_while(|t| self.same(*t)).any(neighbour);
        behind || (i.saturating_sub(FAR)..i).rev().take_while(|t| self.same(*t + 1)).any(neighbour)
    }

    /// Whether the ordinal from token `i` to before token `to` stands at the beginning of a clause, before a particle.
    fn begins_clause(&self, i: usize, to: usize) -> bool {
        let words = self.words();
        let begins = i == 0 || matches!(words.word(i - 1), "،" | ":" | "," | "؛" | ".") || words.paragraph(i);
        let particle = matches!(
            words.word(to),
            "على"
                | "في"
                | "هو"
                | "هي"
                | "وهو"
                | "وهي"
                | "من"
                | "عن"
                | "إلى"
                | "بين"
                | "مع"
                | "يتعلق"
                | "تتعلق"
        );
        begins && particle && self.same(to)
    }

    /// Whether token `t` ends an ordinal with the article.
    fn ends_place(&self, t: usize) -> bool {
        let ord = |t: usize| matches!(self.facts.num(t), Num::Ord(_)) && self.facts.definite(t);
        ord(t) || t > 0 && matches!(self.facts.num(t), Num::Card(10 | 20..=90)) && ord(t - 1)
    }

    /// Whether the ordinals up to token `t` stand behind a noun that no time is: المشروع السابع.
    fn headed_place(&self, t: usize) -> bool {
        let mut head = t;
        while head > 0 && t - head < LIST && self.same(head) && self.ends_place(head) {
            head -= 1;
        }
        let word = self.words().word(head);
        head < t + 1
            && !self.ends_place(head)
            && self.words().kind(head) == TokenKind::Arabic
            && (super::behind::with_article(word) || super::nouns::owned(word))
            && self.facts.unit(head) != UnitWord::Stop
            && self.facts.time(head) == TimeWord::None
            && self.facts.num(head) == Num::None
            && self.has_places(head, 2)
    }

    /// Whether an ordinal stands before token `i` in its sentence, not far.
    fn place_before(&self, i: usize) -> bool {
        for t in (i.saturating_sub(LIST)..i).rev() {
            if !self.same(t + 1) || matches!(self.words().word(t), "." | "!" | "؟" | "؛") {
                return false;
            }
            if matches!(self.facts.num(t), Num::Ord(_)) {
                return true;
            }
        }
        false
    }

    /// Whether a unit of time stands shortly before token `i`: "the year ... is the second" is a year.
    fn speaks_of_time(&self, i: usize) -> bool {
        (i.saturating_sub(6)..i).any(|t| matches!(self.facts.time(t), TimeWord::Unit(..)))
    }

    /// `بينهم سبعة`, `بينهم نحو ألفين`, `بينها 12`: so many of those just told.
    pub(super) fn among_them(&self, i: usize) -> Option<Found> {
        let words = self.words();
        let number = self.facts.number(i).filter(|n| !n.ordinal && n.value >= 1.0)?;
        if number.value.fract() != 0.0 || i == 0 || !self.same(i) || self.facts.definite(i) {
            return None;
        }
        let about =
            matches!(words.word(i - 1), "نحو" | "حوالي" | "قرابة" | "زهاء") && i > 1 && self.same(i - 1);
        let lead = words.word(i - 1 - usize::from(about));
        let lead = lead.strip_prefix('و').filter(|rest| rest.len() > 6).unwrap_or(lead);
        let people = matches!(lead, "بينهم" | "بينهن");
        if !people && lead != "بينها" || number.value == 1.0 && number.digits {
            return None;
        }
        // nothing that is counted stands behind it
        let next = if self.same(number.to) { words.word(number.to) } else { "" };
        let alone = next.is_empty()
            || matches!(next, "." | "،" | "," | "؛" | "؟" | "!" | ")")
            || self.facts.unit(number.to) == UnitWord::Stop
            || next.starts_with('ي') && self.facts.hit(number.to).is_none()
            || crate::times::is_past(next) && self.facts.hit(number.to).is_none()
            || next.ends_with("وا") && next.chars().count() > 4;
        let alone = alone && next != "من";
        let percent = matches!((next, words.word(number.to + 1)), ("في", "المئة" | "المائة"));
        let unit = if people { Unit::Person } else { Unit::Item };
        (alone && !percent)
            .then(|| self.found(number.start, number.to, number.value, Some(unit), QuantityKind::Count))
    }
}
