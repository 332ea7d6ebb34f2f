//! Who of several is meant: by gender, by a surname that more than one bears, by whose turn it is.

use std::ops::Range;

use super::cues::{self, Cue};
use super::floor::State;
use super::speaker::Attribution;
use super::verbs::{self, Agreement, List, one_of};
use super::{Finder, Speaker};

/// How many words a title before a name may have.
const TITLE: usize = 7;

impl Finder<'_> {
    /// The person who spoke already and bears the surname that stands for another at `speaker`: of several, whoever spoke last.
    pub(super) fn bearer(&self, speaker: usize, state: &State, agreement: Agreement) -> Option<usize> {
        let named = self.speakers.get(speaker).filter(|s| s.person && self.verb_first)?;
        let surname = self.words.text.get(named.range.clone())?;
        let spoke = |by: &&Attribution, this: bool| {
            by.speaker.and_then(|s| self.speakers.get(s)).is_some_and(|s| {
                let whole = self.words.text.get(s.range.clone()).unwrap_or("");
                s.person
                    && if this {
                        s.entity == named.entity
                    } else {
                        whole.len() > surname.len() && whole.ends_with(surname)
                    }
            })
        };
        if surname.contains(' ') || state.past().any(|by| spoke(&by, true)) {
            return None;
        }
        let sure = |by: &Attribution| agreement != Agreement::Unknown && agreement == by.agreement;
        let by = state.past().find(|by| spoke(by, false) && sure(by))?;
        let whole = self.words.text.get(self.speakers[by.speaker?].range.clone())?;
        whole.strip_suffix(surname).is_some_and(|given| given.ends_with(' ')).then_some(by.speaker?)
    }

    /// The person of the sentence, nearest before token `i`, who is the subject of a verb in the gender that is wanted.
    pub(super) fn person_of(&self, i: usize, state: &State, wanted: Agreement) -> Option<usize> {
        if !matches!(wanted, Agreement::Masculine | Agreement::Feminine) {
            return None;
        }
        let (start, end) = (self.words.start(state.sentence), self.words.start(i));
        let to = self.speakers.partition_point(|s| s.range.start < end);
        let mut near =
            (to.saturating_sub(8)..to).rev().take_while(|&s| self.speakers[s].range.start >= start);
        near.find(|&s| {
            let speaker = &self.speakers[s];
            speaker.person
                && speaker.range.end <= end
                && !self.is_object(speaker)
                && !self.is_addressed(speaker)
                && self.gender_of_verb(speaker, state.sentence) == Some(wanted)
        })
    }

    /// The gender of the verb right before a person and his title: انتقدت نائبة الوزير X.
    fn gender_of_verb(&self, speaker: &Speaker<'_>, sentence: usize) -> Option<Agreement> {
        let at = self.words.doc.token_at(speaker.range.start);
        let title = |t: &usize| {
            self.words.is_word(*t)
                && (self.cues[*t] == Cue::Office
                    || cues::definite(self.words, *t)
                    || self.cues[*t] == Cue::Source)
                && !self.is_prepositional(*t)
        };
        let from = (at.saturating_sub(TITLE)..at).rev().take_while(title).last().unwrap_or(at);
        let verb = from.checked_sub(1).filter(|&t| t >= sentence && self.words.is_word(t))?;
        let word = verbs::bare(self.words.word(verb));
        if self.cues[verb] == Cue::Preposition || cues::definite(self.words, verb) || word.chars().count() < 3
        {
            return None;
        }
        if word.ends_with('ت') && !word.ends_with("ات")
            || self.cues[verb] == Cue::Say && word.starts_with('ت')
        {
            return Some(Agreement::Feminine);
        }
        let past = self.cues[verb] == Cue::Say || word.starts_with('ي') && !word.ends_with(['ن', 'ا', 'ة']);
        past.then_some(Agreement::Masculine)
    }

    /// The subject that stands before its verb at token `i` with the words that give it its turn: `الشرطة، من جانبها، ذكرت`.
    pub(super) fn before_turn(&self, i: usize, state: &State, by: &Attribution) -> Option<Attribution> {
        const TURNS: List<'_> = List::of("جهته جهتها جهتهم جانبه جانبها جانبهم ناحيته ناحيتها");
        let comma = |t: usize| matches!(self.words.word(t), "،" | ",");
        let mut at = i.checked_sub(1)?;
        at -= usize::from(at > 0 && comma(at));
        let turn = one_of(&TURNS, self.words.word(at)) && at > 1 && self.words.word(at - 1) == "من";
        if !self.verb_first || !turn || verbs::bare(self.words.word(i)) != self.words.word(i) {
            return None;
        }
        let end = at - 1;
        let end = end - usize::from(end > 0 && comma(end - 1));
        let first = state.sentence;
        if end <= first || end > first + TITLE {
            return None;
        }
        let index = self.speakers.partition_point(|s| s.range.start < self.words.start(first));
        if let Some(speaker) = self.speakers.get(index).filter(|s| s.range.end <= self.words.start(end)) {
            let closes = self.words.text.get(speaker.range.end..self.words.start(end))?;
            return (closes.trim_matches([' ', '،', ',']).is_empty() || speaker.person)
                .then(|| by.named(index, 0.8));
        }
        let plain = |t: usize| {
            self.words.is_word(t) && !matches!(self.cues[t], Cue::Say | Cue::Participle | Cue::That)
        };
        let all = cues::definite(self.words, first) && (first..end).all(plain);
        all.then(|| by.spoken(self.words.start(first)..self.words.end(end - 1), 0.65))
    }

    /// The plural right before a verb in the plural, which tells more of it: `شهادات لمدنيين من الشمال أكدوا أن`.
    pub(super) fn several_before(&self, i: usize) -> Option<Range<usize>> {
        let word = self.words.word(i);
        if !self.verb_first || !word.ends_with("وا") || verbs::bare(word) != word {
            return None;
        }
        let plain = |t: &usize| {
            self.words.is_word(*t)
                && !matches!(self.cues[*t], Cue::Say | Cue::Participle | Cue::That | Cue::According)
        };
        let noun = (i.saturating_sub(7)..i).rev().take_while(plain).find(|&t| {
            let word = self.words.word(t);
            let next = t + 1;
            word.ends_with("ين")
                && word.chars().count() > 4
                && !cues::definite(self.words, t)
                && self.mention_at(self.words.start(t)).is_none()
                && (next == i
                    || matches!(self.words.word(next), "من" | "في")
                    || !cues::definite(self.words, next))
        })?;
        let lead = self.words.doc.tokens.get(noun).map_or(0, |t| usize::from(t.proclitic));
        let skip = if self.is_prepositional(noun) { lead } else { 0 };
        Some(self.words.start(noun) + skip..self.words.end(i - 1))
    }

    /// Whether a person is named at the head of a line with the outlet and the place that he reports from: `سامي حداد - الشمال:`.
    pub(super) fn is_byline(&self, speaker: &Speaker<'_>) -> bool {
        let at = self.words.doc.token_at(speaker.range.start);
        let behind = self.token_at(speaker.range.end, at);
        let dash = |t: usize| matches!(self.words.word(t), "-" | "–" | "—" | "ـ");
        self.verb_first
            && self.words.paragraph(at)
            && dash(behind)
            && (behind + 1..behind + 7)
                .take_while(|&t| !self.words.paragraph(t))
                .find(|&t| matches!(self.words.word(t), ":" | "." | "،"))
                .is_some_and(|t| self.words.word(t) == ":")
    }
}
