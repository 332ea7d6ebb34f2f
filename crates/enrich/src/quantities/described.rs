//! Nouns with an adjective or a genitive between them and their number, and nouns in the dual with two places:
//! `معرض زراعي واحد`, `الجنود الفرنسيون السبعة`, `دورة الخليج الثانية`, `المركزين الأول والثالث`.

use super::behind::with_article;
use super::nouns::owned;
use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::numbers::words::Num;
use crate::times::lexicon::TimeWord;

impl Finder<'_> {
    /// `مهرجان ثقافي واحد`, `فكرة عربية واحدة`: one of a noun with its adjective.
    pub(super) fn one_described(&self, i: usize) -> Option<Found> {
        if self.facts.num(i + 2) != Num::Card(1) {
            return None;
        }
        let words = self.words();
        let one = words.word(i + 2);
        if !matches!(one, "واحد" | "واحدة") || !self.same(i + 2) || self.facts.lead(i + 2) > 0 {
            return None;
        }
        let (noun, adjective) = (words.word(i), words.word(i + 1));
        let feminine = one.ends_with('ة');
        let agree = noun.ends_with('ة') == feminine
            && if feminine { adjective.ends_with("ية") } else { adjective.ends_with('ي') }
            && adjective.chars().count() > 3;
        let plain = |t: usize| {
            !with_article(words.word(t))
                && self.facts.unit(t) != UnitWord::Stop
                && self.facts.num(t) == Num::None
                && self.facts.time(t) == TimeWord::None
        };
        // واحدة من: one of many; يوم رياضي is a day
        let of = self.same(i + 3) && words.word(i + 3) == "من";
        let verb = noun.starts_with('ي') || crate::times::is_past(noun);
        if !agree || !plain(i) || !plain(i + 1) || of || verb || owned(noun) || noun.chars().count() < 3 {
            return None;
        }
        let unit = if let UnitWord::Noun(unit, _) = self.facts.unit(i) { unit } else { Unit::Item };
        let start = words.start(i) + self.lead(i);
        Some(self.found(start, i + 3, 1.0, Some(unit), QuantityKind::Count))
    }

    /// Whether a plural adjective of people stands behind the noun at token `i`, and behind it a number from three to ten.
    pub(super) fn people_described(&self, i: usize) -> bool {
        if !matches!(self.facts.num(i + 2), Num::Card(3..=10)) {
            return false;
        }
        let words = self.words();
        let adjective = words.word(i + 1);
        let women =
            adjective.ends_with("ات") && matches!(self.facts.unit(i), UnitWord::Noun(Unit::Person, false));
        adjective.starts_with("ال")
            && (["يون", "يين"].iter().any(|end| adjective.ends_with(end)) || women)
            && !["ون", "ين"].iter().any(|end| words.word(i).ends_with(end) && !adjective.ends_with(end))
            && self.same(i + 2)
            && self.facts.definite(i + 2)
            && matches!(self.facts.num(i + 2), Num::Card(3..=10))
    }

    /// Whether token `i` is two of a thing that are known: المرتبتين.
    pub(super) fn is_both(&self, i: usize) -> bool {
        let word = self.words().word(i);
        with_article(word) && (matches!(self.facts.unit(i), UnitWord::Noun(_, true)) || word.ends_with("تين"))
    }

    /// `والثالث` behind `المركزين الأول`: the other of two places.
    pub(super) fn other_of_both(&self, i: usize) -> Option<Found> {
        let hit =
            self.facts.hit(i).filter(|hit| hit.definite && hit.clitic.and && !hit.clitic.preposition)?;
        let Num::Ord(_) = hit.value.num else { return None };
        let mut t = i;
        while t > 0 && i - t < 3 && self.same(t) && self.facts.num(t - 1) != Num::None {
            t -= 1;
        }
        if t == i || t == 0 || !self.same(t) || !self.is_both(t - 1) {
            return None;
        }
        let number = self.facts.number(i)?;
        let (value, to) = self.compound(number.value, number.to);
        Some(self.found(number.start, to, value, Some(Unit::Item), QuantityKind::Ordinal))
    }

    /// First byte of the feminine noun before token `i` to which the ordinal behind that token belongs, by its gender:
    /// دورة الخليج الثانية.
    pub(super) fn head_before(&self, i: usize) -> Option<usize> {
        let words = self.words();
        let feminine = |t: usize| words.word(t).ends_with('ة') || words.word(t) == "الأولى";
        let fits = i > 0
            && self.same(i)
            && with_article(words.word(i))
            && self.facts.lead(i) == 0
            && words.word(i).starts_with("ال")
            && feminine(i + 1)
            && !feminine(i)
            && !words.word(i).ends_with(['ى', 'ا', 'ء'])
            && !words.word(i).ends_with("ات")
            && words.kind(i - 1) == TokenKind::Arabic
            && feminine(i - 1)
            && !with_article(words.word(i - 1))
            && self.facts.unit(i - 1) != UnitWord::Stop
            && matches!(self.facts.time(i - 1), TimeWord::None | TimeWord::Stretch)
            && self.facts.num(i - 1) == Num::None;
        fits.then(|| words.start(i - 1) + self.lead(i - 1))
    }

    /// Whether the noun at token `i`, a dual by its form, is a plural by the number behind it: الشرطيين الخمسة.
    pub(super) fn plural_of_dual(&self, i: usize) -> bool {
        let number = self.facts.hit(i + 1).filter(|hit| hit.definite && hit.lead == 0);
        self.facts.definite(i) && matches!(number.map(|hit| hit.value.num), Some(Num::Card(3..=10)))
    }
}
