//! Offices with a nationality: الرئيس الكيني is not whoever is president elsewhere.

use super::Finder;
use super::cues::{self, Cue};

impl Finder<'_> {
    /// The person who is named behind the office and the nationality at token `head` where they stand again later: الرئيس
    /// الكيني X.
    pub(super) fn titled_later(&self, head: usize) -> Option<usize> {
        let from = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        (from..self.speakers.len().min(from + 20)).find(|&index| {
            let at = self.words.doc.token_at(self.speakers[index].range.start);
            self.speakers[index].person
                && at > head + 2
                && self.words.start(at) == self.speakers[index].range.start
                && self.words.word(at - 2) == self.words.word(head)
                && self.words.word(at - 1) == self.words.word(head + 1)
        })
    }

    /// Whether the title of a person has another nationality than the one at token `head`, which is said with one: وزير الخارجية
    /// التركي is not وزير الخارجية الكيني X.
    pub(super) fn is_of_another(&self, speaker: usize, head: usize) -> bool {
        let nation =
            |t: usize| self.words.word(t).starts_with("ال") && self.words.word(t).ends_with(['ي', 'ة']);
        let at = self.words.doc.token_at(self.speakers[speaker].range.start);
        let behind =
            self.words.doc.tokens.partition_point(|t| (t.start as usize) < self.speakers[speaker].range.end);
        let same = |t: usize| self.bare(t) == self.bare(head) && self.bare(t + 1) == self.bare(head + 1);
        let mut title = (at.saturating_sub(8)..at).chain(behind..behind + 3);
        nation(head + 2)
            && title.find(|&t| same(t)).is_some_and(|t| {
                nation(t + 2)
                    && !self.is_same(t + 2, head + 2)
                    && self.cues.get(t + 2) == self.cues.get(head + 2)
            })
    }

    /// Whether an adjective like a nationality goes with the noun at token `head` where it stands in the title of a person.
    pub(super) fn has_nation(&self, speaker: usize, head: usize) -> bool {
        let at = self.words.doc.token_at(self.speakers[speaker].range.start);
        let office = self.bare(head);
        (at.saturating_sub(6)..at).any(|t| {
            let next = self.words.word(t + 1);
            self.bare(t) == office && t + 1 < at && next.starts_with("ال") && next.ends_with(['ي', 'ة'])
        })
    }

    /// The person named last as a counterpart with the adjective at token `of`: نظيره الكيني X.
    pub(super) fn counterpart(&self, of: usize) -> Option<usize> {
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(of));
        let holds = |index: &usize| {
            let speaker = &self.speakers[*index];
            let at = self.words.doc.token_at(speaker.range.start);
            let same = |t: usize| {
                let before = t.checked_sub(1).map_or("", |t| self.words.word(t));
                self.words.word(t) == self.words.word(of) && before.contains("نظير")
            };
            speaker.person && (at.saturating_sub(3)..at).any(same)
        };
        (to.saturating_sub(60)..to).rev().find(holds)
    }

    /// Whether a person bears another office than the one with a nationality at token `head`, wherever he is named before it:
    /// الوزير الكيني is not الرئيس الكيني X.
    pub(super) fn has_other_office(&self, speaker: usize, head: usize) -> bool {
        let nation = self.words.word(head + 1).ends_with(['ي', 'ة']) && cues::definite(self.words, head + 1);
        if !self.verb_first || !nation {
            return false;
        }
        let entity = self.speakers[speaker].entity;
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let mut other = false;
        for named in self.speakers[to.saturating_sub(120)..to].iter().filter(|s| s.entity == entity).take(8) {
            let at = self.words.doc.token_at(named.range.start);
            if (at.saturating_sub(8)..at).any(|t| self.bare(t) == self.bare(head)) {
                return false;
            }
            let mut title = (at.saturating_sub(4)..at).rev().take_while(|&t| !self.stops(t));
            other |= title.any(|t| self.cues[t] == Cue::Office);
        }
        other
    }
}
