//! Who was named with an office: رئيس الوزراء, الوزير المصري, المسؤول الكيني.

use super::Finder;
use super::cues::{self, Cue};
use super::epithets::SPOKESMEN;
use super::subordinate::RELATIVE;
use super::verbs::{List, one_of};

/// A country as its own press calls it: رئيس البلاد.
pub(super) const LAND: List<'_> = List::of("البلاد الدولة الجمهورية المملكة");

impl Finder<'_> {
    /// The person named last before token `head` in whose title, the few words before the name, the same words stand: the
    /// noun at `head`, and where another noun follows it, that one too. Of the president of one country no other's is meant.
    pub(super) fn titled(&self, head: usize) -> Option<usize> {
        // المتحدث باسم التحالف
        let name = self.words.word(head + 1) == "باسم";
        let of = head + 1 + usize::from(name);
        let more = self.words.is_word(of) && (name || self.words.word(of).starts_with("ال"));
        if name && let Some(speaker) = self.with_title(head, &[of]) {
            return Some(speaker);
        }
        let more = more && !name;
        if !cues::definite(self.words, head) {
            // رئيس وزراء البلاد is not just any president
            let noun =
                self.words.is_word(of) && self.cues[of] != Cue::Preposition && !self.is_prepositional(of);
            if !noun {
                return self.with_title(head, &[]);
            }
            // رئيس الوزراء الكيني الجديد: of several who were, whose title has more of the words
            let more = (of..of + 3)
                .take_while(|&t| t == of || self.words.is_word(t) && cues::definite(self.words, t));
            let words: [usize; 3] = [of, of + 1, of + 2];
            let first = self.with_title(head, &words[..1]);
            let better = || (2..=more.count()).rev().find_map(|n| self.with_title(head, &words[..n]));
            let found = first.and_then(|_| better()).or(first);
            if found.is_none() && one_of(&LAND, self.words.word(of)) {
                return self.only_titled(head);
            }
            return found.filter(|&s| !self.is_of_another(s, head));
        }
        if !more {
            return self.with_title(head, &[]);
        }
        // الرئيس الكيني: the Kenyan counterpart is he, too
        let nation = self.words.word(of).ends_with(['ي', 'ة']) && self.cues[head] == Cue::Office;
        let other = || self.with_title(head, &[]).filter(|&s| !nation || !self.has_nation(s, head));
        let later = || self.titled_later(head).filter(|_| nation);
        self.with_title(head, &[of])
            .or_else(|| self.counterpart(of).filter(|_| nation))
            .or_else(other)
            .or_else(later)
    }

    /// The person whose office goes with the noun at token `head` and its nationality: المسؤول الكيني for وزير النقل الكيني X.
    /// A minister is no ambassador, and no president is an official.
    pub(super) fn official(&self, head: usize) -> Option<usize> {
        const ROLES: List<'_> = List::of("المسؤول المسؤولة الدبلوماسي الدبلوماسية الوزير الوزيرة القيادي");
        let of = head + 1;
        let nation = self.words.word(of).ends_with(['ي', 'ة']) && cues::definite(self.words, of);
        const RULERS: List<'_> = List::of("رئيس رئيسة ملك ملكة أمير أميرة سلطان");
        if !self.verb_first || !nation || !one_of(&ROLES, self.words.word(head)) {
            return None;
        }
        let noun = self.bare(head);
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let holds = |index: &usize| {
            let at = self.words.doc.token_at(self.speakers[*index].range.start);
            let other = index.checked_sub(1).and_then(|i| self.speakers.get(i)).filter(|s| s.person);
            let floor = other.map_or(0, |s| self.words.doc.token_at(s.range.end));
            let title = (at.saturating_sub(8).max(floor)..at).rev().take_while(|&t| !self.stops(t));
            let title: Vec<usize> = title.collect();
            let office = |&t: &usize| match noun {
                "مسؤول" | "مسؤولة" => self.cues[t] == Cue::Office,
                _ => self.bare(t).trim_end_matches('ة') == noun.trim_end_matches('ة'),
            };
            self.speakers[*index].person
                && title.iter().any(office)
                && !title.iter().any(|&t| one_of(&RULERS, self.bare(t)))
                && title.iter().any(|&t| self.is_same(t, of))
        };
        (to.saturating_sub(60)..to).rev().find(holds)
    }

    /// Whether the title at token `t` belongs to the name before it, not to one behind it: X، المتحدث باسم الرئيس Y.
    fn is_apposed_title(&self, t: usize) -> bool {
        let Some(comma) = t.checked_sub(1).filter(|&t| matches!(self.words.word(t), "،" | ",")) else {
            return false;
        };
        let end = self.words.start(comma);
        let index = self.speakers.partition_point(|s| s.range.start < end).checked_sub(1);
        index.and_then(|i| self.speakers.get(i)).is_some_and(|s| s.person && s.range.end + 1 >= end)
    }

    /// The person named last before token `head` in whose title the noun at `head` stands, with the words at `of`.
    fn with_title(&self, head: usize, of: &[usize]) -> Option<usize> {
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        (to.saturating_sub(60)..to).rev().find(|&index| self.has_title(index, head, of))
    }

    /// The only person who was named with the office at token `head`: رئيس البلاد for الرئيس X.
    fn only_titled(&self, head: usize) -> Option<usize> {
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let mut all = (to.saturating_sub(60)..to).rev().filter(|&index| self.has_title(index, head, &[]));
        let last = all.next()?;
        all.all(|other| self.speakers[other].entity == self.speakers[last].entity).then_some(last)
    }

    /// Whether the noun at token `head` stands in the title of the mention at `index`, with the words at `of`.
    fn has_title(&self, index: usize, head: usize, of: &[usize]) -> bool {
        let speaker = &self.speakers[index];
        if !speaker.person {
            return false;
        }
        let office = self.bare(head);
        let office = office
            .strip_prefix('ل')
            .filter(|_| self.cues[head] == Cue::Office && !office.starts_with("لا"))
            .unwrap_or(office);
        let speaks = SPOKESMEN.iter().any(|noun| office.starts_with(noun));
        let reach = if !of.is_empty() || speaks { 10 } else { 6 };
        let at = self.words.doc.token_at(speaker.range.start);
        let behind = self.words.doc.tokens.partition_point(|t| (t.start as usize) < speaker.range.end);
        let fits = |from: usize, place: usize, until: usize| {
            let title = self.bare(place);
            let voice = title.starts_with(SPOKESMEN[0]) && office.starts_with(SPOKESMEN[1])
                || title.starts_with(SPOKESMEN[1]) && office.starts_with(SPOKESMEN[0]);
            (title == office || voice)
                && (from..until).all(|t| !self.words.paragraph(t + 1) && !self.stops(t))
                && of.iter().all(|&of| (place..until).any(|t| self.is_same(t, of) || self.is_cabinet(t, of)))
        };
        // a title does not reach over another name
        let other = index.checked_sub(1).and_then(|i| self.speakers.get(i)).filter(|s| s.person);
        let floor = other.map_or(0, |s| self.words.doc.token_at(s.range.end));
        // رئيس الزمالك may begin a longer title than الرئيس
        let before = (at.saturating_sub(reach).max(floor)..at)
            .rev()
            // الطبيب الذي عالج X is not X
            .take_while(|&t| {
                let clause = matches!(self.cues[t], Cue::That | Cue::Say | Cue::Participle);
                !clause && !one_of(&RELATIVE, self.words.word(t))
            })
            .any(|place| fits(place, place, at) && !self.is_apposed_title(place));
        let comma = usize::from(matches!(self.words.word(behind), "،" | ","));
        let apposed = behind + comma;
        // X، رئيس …: the title behind the name
        let after = apposed + 4 < head && !self.words.paragraph(behind) && fits(behind, apposed, apposed + 4);
        before || after
    }

    /// Whether the noun at token `head` tells somebody by what he owns: صاحب المتجر.
    pub(super) fn is_owner_of(&self, head: usize) -> bool {
        matches!(self.bare(head), "صاحب" | "صاحبة")
            && self.words.is_word(head + 1)
            && cues::definite(self.words, head + 1)
    }

    /// Whether both words name a government: رئيس الحكومة is رئيس الوزراء.
    fn is_cabinet(&self, t: usize, of: usize) -> bool {
        let cabinet = |t: usize| matches!(self.bare(t), "وزراء" | "حكومة");
        cabinet(t) && cabinet(of)
    }
}
