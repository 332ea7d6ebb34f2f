//! Arabic nouns with a number behind them: `المركز التاسع`, `الدقيقة 69`, `القارات الخمس`, `المؤتمر الـ 32`.

use super::behind::with_article;
use super::nouns::{OWNERS, bare, has_anniversaries, is_noun, owned, without_dots};
use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::numbers::words::Num;
use crate::times::lexicon::{Count, Span, TimeWord};

impl Finder<'_> {
    /// A noun and its place in an order, or its number behind it.
    pub(super) fn place(&self, i: usize) -> Option<Found> {
        if self.words().kind(i) != TokenKind::Arabic || self.facts.num(i) != Num::None || !self.same(i + 1) {
            return None;
        }
        // الذكرى الـ60, دور الـ16, الدول الأعضاء الـ 28
        let kind =
            usize::from(self.is_adjective(i + 1) && self.words().word(i + 2) == "ال" && self.same(i + 2));
        if self.words().word(i + 1 + kind) == "ال"
            && self.same(i + 2 + kind)
            && self.numbered(i)
            && !self.is_both(i)
        {
            return self.in_digits(i + 1 + kind).map(|found| {
                let start = self.words().start(i) + self.lead(i);
                Found { range: start..found.range.end, ..found }
            });
        }
        if let Some(found) = self.in_brackets(i) {
            return Some(found);
        }
        if let Some(found) = self.accusative_place(i) {
            return Some(found);
        }
        match self.words().kind(i + 1) {
            TokenKind::Number => self.in_digits(i),
            TokenKind::Arabic => self.in_words(i),
            _ => None,
        }
    }

    /// `المادة (16)`.
    fn in_brackets(&self, i: usize) -> Option<Found> {
        let words = self.words();
        if bare(words.word(i)) != "مادة" || words.word(i + 1) != "(" || words.word(i + 3) != ")" {
            return None;
        }
        let number = self.facts.number(i + 2).filter(|n| n.digits && n.value < 1000.0)?;
        let start = words.start(i) + self.lead(i);
        Some(self.found(start, i + 4, number.value, Some(Unit::Item), QuantityKind::Ordinal))
    }

    fn in_digits(&self, i: usize) -> Option<Found> {
        let words = self.words();
        let number =
            self.facts.number(i + 1).filter(|n| n.digits && n.value.fract() == 0.0 && n.value < 1000.0)?;
        let percent = matches!(words.word(number.to), "%" | "٪")
            || matches!(
                (words.word(number.to), words.word(number.to + 1)),
                ("في", "المئة" | "المائة" | "المية")
            );
        let unit = self.same(number.to)
            && (percent
                || self.facts.counts(number.to)
                || matches!(self.facts.time(number.to), TimeWord::Unit(..)));
        if unit {
            return None;
        }
        // الـ 32, والـ36
        let article = words.word(i).trim_end_matches('ـ');
        let before = if i > 0 && self.same(i) { words.word(i - 1) } else { "" };
        if matches!(article.trim_start_matches(['و', 'ف', 'ب', 'ك']), "ال" | "لل") {
            // السنوات الـ4 are a length, الساعة الـ11 an hour
            let timed = i > 0
                && self.same(i)
                && match self.facts.time(i - 1) {
                    TimeWord::Unit(_, Count::Many) => true,
                    TimeWord::Unit(Span::Hour, _) => self.facts.definite(i - 1),
                    _ => false,
                };
            let name = timed
                || matches!(
                    before.strip_prefix('ب').unwrap_or(before),
                    "شارع"
                        | "طريق"
                        | "مجموعة"
                        | "ومجموعة"
                        | "لمجموعة"
                        | "يناهز"
                        | "تناهز"
                        | "عمر"
                        | "سن"
                        | "العمر"
                        | "قمة"
                );
            let start = words.start(i) + article.len() - "ال".len();
            return (!name).then(|| self.found(start, number.to, number.value, None, QuantityKind::Ordinal));
        }
        let place = self.facts.unit(i) == UnitWord::Place && self.facts.definite(i);
        place.then(|| {
            self.found(
                words.start(i) + self.lead(i),
                number.to,
                number.value,
                Some(Unit::Item),
                QuantityKind::Ordinal,
            )
        })
    }

    fn in_words(&self, i: usize) -> Option<Found> {
        // nearly every word: the number stands at most two adjectives behind it
        if (i + 1..=i + 3).all(|t| self.facts.num(t) == Num::None) {
            return None;
        }
        if let Some(one) = self.one_described(i) {
            return Some(one);
        }
        let words = self.words();
        let word = words.word(i);
        // اللقب العالمي الثاني, الطائرة الإغاثية السعودية الرابعة
        let noun = with_article(word) || owned(word);
        let mut at = i + 1;
        while noun && at < i + 3 && self.is_adjective(at) && self.same(at + 1) {
            at += 1;
        }
        // الجنود الفرنسيون السبعة, النساء الشابات الثلاث
        if at == i + 1 && with_article(word) && self.people_described(i) {
            at += 1;
        }
        // فترة رئاسية ثانية
        if !noun && self.facts.unit(i) != UnitWord::Stop && self.of_one_noun(i) {
            at += 1;
        }
        if at > i + 1 && self.facts.unit(i + 1) == UnitWord::Stop {
            return None;
        }
        let hit = self.facts.hit(at).filter(|hit| hit.lead == 0 && self.same(at))?;
        let unit_of_time = matches!(self.facts.time(i), TimeWord::Unit(..));
        if self.facts.unit(i) == UnitWord::Stop && !unit_of_time
            || matches!(self.facts.unit(i), UnitWord::Noun(_, true))
                && !self.plural_of_dual(i)
                && !(self.is_both(i) && matches!(hit.value.num, Num::Ord(_)))
        {
            return None;
        }
        // an adjective is no head: عسير الدولية الرابعة
        let headed = self.is_adjective(i)
            && !is_noun(bare(word))
            && i > 0
            && self.same(i)
            && words.kind(i - 1) == TokenKind::Arabic
            && self.facts.unit(i - 1) != UnitWord::Stop;
        if headed {
            return None;
        }
        let start = words.start(i) + self.lead(i);
        let no_time = matches!(self.facts.time(i), TimeWord::None);
        match hit.value.num {
            Num::Card(1) if !hit.definite && at == i + 1 && no_time => self.single(i),
            // الذكرى الخمسون, دورته الأربعين
            Num::Card(value @ 20..=90) if hit.definite && at == i + 1 && has_anniversaries(word) => {
                // عيد ميلاده الثلاثين
                let birthday = i > 0 && self.same(i) && words.word(i - 1).ends_with("عيد");
                let start = if birthday { words.end(i - 1) - "عيد".len() } else { start };
                Some(self.found(start, at + 1, f64::from(value), Some(Unit::Item), QuantityKind::Ordinal))
            }
            // حلقاته الثلاثين: as many as there are
            Num::Card(value @ 20..=90)
                if hit.definite && at == i + 1 && no_time && many_owned(word) && !self.counts_on(at + 1) =>
            {
                Some(self.found(start, at + 1, f64::from(value), Some(Unit::Item), QuantityKind::Count))
            }
            // المواسم السبعة: seasons are vague
            Num::Card(_) if bare(word) == "مواسم" => None,
            // دور الستة عشر
            Num::Card(_) if hit.definite && at == i + 1 && self.stem(i) == "دور" => {
                let number = self.facts.number(at).filter(|n| !n.scaled)?;
                Some(self.found(start, number.to, number.value, Some(Unit::Item), QuantityKind::Ordinal))
            }
            // الاثنين is a Monday
            Num::Card(value @ 3..=10)
                if hit.definite && with_article(word) && no_time && !self.counts_on(at + 1) =>
            {
                // دول الساحل الخمس: the states are five
                let owner = i > 0
                    && self.same(i)
                    && OWNERS.split_whitespace().any(|owner| {
                        words.word(i - 1).strip_prefix(['و', 'ب', 'ل', 'ف']) == Some(owner)
                            || owner == words.word(i - 1)
                    });
                // بمصنعي السيارات الثلاثة
                let lead = owner && OWNERS.split_whitespace().all(|owner| owner != words.word(i - 1));
                let start = if owner { words.start(i - 1) + 2 * usize::from(lead) } else { start };
                Some(self.found(start, at + 1, f64::from(value), Some(Unit::Item), QuantityKind::Count))
            }
            Num::Card(value @ 3..=10) if hit.definite && owned(word) && no_time && at == i + 1 => {
                Some(self.found(start, at + 1, f64::from(value), Some(Unit::Item), QuantityKind::Count))
            }
            Num::Ord(place)
                if hit.definite
                    && noun
                    && (self.has_places(i, place)
                        || at == i + 1 && self.head_before(i).is_some() && self.has_places(i - 1, 2)) =>
            {
                let number = self.facts.number(at)?;
                // التمويل الأولي is no first
                if words.word(at).ends_with("ولي") && !word.ends_with('ة') {
                    return None;
                }
                let (value, to) = self.compound(number.value, number.to);
                // المركزين الأول والثالث: each place is one of two
                if self.is_both(i) && at == i + 1 {
                    return Some(self.found(
                        number.start,
                        to,
                        value,
                        Some(Unit::Item),
                        QuantityKind::Ordinal,
                    ));
                }
                let start = if at == i + 1 { self.head_before(i).unwrap_or(start) } else { start };
                Some(self.found(start, to, value, Some(Unit::Item), QuantityKind::Ordinal))
            }
            Num::Ord(_) if !hit.definite && at == i + 1 => self.behind_noun(i),
            Num::Ord(value) if !hit.definite && !noun => {
                Some(self.found(start, at + 1, f64::from(value), Some(Unit::Item), QuantityKind::Ordinal))
            }
            _ => None,
        }
    }

    /// Whether an indefinite noun at token `i` has an adjective and then an ordinal behind it, all feminine.
    fn of_one_noun(&self, i: usize) -> bool {
        let words = self.words();
        let place = matches!(self.facts.num(i + 2), Num::Ord(2..=10)) && words.word(i + 2).ends_with('ة');
        place
            && self.same(i + 2)
            && words.word(i).ends_with('ة')
            && words.word(i + 1).ends_with("ية")
            && !words.word(i + 1).starts_with("ال")
            && self.facts.lead(i + 2) == 0
    }

    /// Whether token `t` is a definite adjective in ي or ية, or الأعضاء.
    pub(super) fn is_adjective(&self, t: usize) -> bool {
        let word = self.words().word(t);
        self.same(t)
            && word.starts_with("ال")
            && (word.ends_with('ي')
                || word.ends_with("ية")
                || matches!(word, "الأعضاء" | "الاعضاء")
                || without_dots(word))
            && self.facts.num(t) == Num::None
            && word.chars().count() > 4
    }

    /// Whether a definite number goes on with what it counts: الثلاثة أعوام.
    fn counts_on(&self, t: usize) -> bool {
        // السبعة عام 1996: the year is none of theirs
        let year = self.same(t + 1) && self.is_year(t + 1);
        self.same(t) && (self.facts.counts(t) || matches!(self.facts.time(t), TimeWord::Unit(..)) && !year)
    }

    /// An ordinal with its ten: الثامن عشر, الحادي والعشرين.
    pub(super) fn compound(&self, value: f64, to: usize) -> (f64, usize) {
        match self.facts.hit(to).filter(|_| self.same(to)).map(|hit| (hit.value.num, hit.clitic.and)) {
            Some((Num::Card(tens @ 20..=90), true)) => (value + f64::from(tens), to + 1),
            Some((Num::Card(10), false)) => (value + 10.0, to + 1),
            _ => (value, to),
        }
    }

    /// Whether a noun, and no adjective, stands at token `i` that a number with the article can follow.
    fn numbered(&self, i: usize) -> bool {
        let word = self.words().word(i);
        let adjective = (word.ends_with('ي') || word.ends_with("ية")) && !is_noun(bare(word));
        // الساعات الـ24 are a length
        let time = match self.facts.time(i) {
            // الأسبوع الـ12 is one of many
            TimeWord::Unit(span, Count::One) => span <= Span::Hour,
            TimeWord::Unit(..) => true,
            _ => false,
        };
        let time = time && self.facts.unit(i) != UnitWord::Place;
        self.stem(i) == "دور" || (with_article(word) && !adjective || owned(word)) && !time
    }

    /// The word at token `i` without its proclitics.
    pub(super) fn stem(&self, i: usize) -> &str {
        let words = self.words();
        let start = words.start(i) + self.lead(i);
        words.text.get(start..words.end(i)).unwrap_or("")
    }

    /// Proclitic bytes of a noun, also of one that no list holds.
    pub(super) fn lead(&self, i: usize) -> usize {
        let word = self.words().word(i);
        if let Some(hit) = self.facts.hit(i) {
            return usize::from(hit.lead);
        }
        if word.starts_with("لل") {
            return "لل".len();
        }
        let rest = word.trim_start_matches(['و', 'ف', 'ب', 'ك']);
        if rest.starts_with("ال") { word.len() - rest.len() } else { self.proclitic(i) }
    }
}

/// Whether a word is a feminine plural with the article or with a pronoun behind it: الولايات, حلقاته.
fn many_owned(word: &str) -> bool {
    let stem = ["هما", "ها", "هم", "ه"].iter().find_map(|end| word.strip_suffix(end));
    with_article(word) && word.ends_with("ات") || stem.is_some_and(|stem| stem.ends_with("ات"))
}
