//! "According to" in English, French and Russian: who is the source, and what is told behind it at the head of a sentence.

use std::ops::Range;

use super::Finder;
use super::cues::Cue;
use super::floor::State;
use super::speaker::Attribution;
use super::subject::Subject;
use super::verbs::Agreement;

/// Words of a clause between a source at the head of its sentence and the comma behind it.
const SOURCE: usize = 18;

impl Finder<'_> {
    /// Who speaks by "according to" at token `i`, as far as the words behind it tell: nobody goes on from before.
    pub(super) fn source_behind(&self, i: usize, state: &State) -> Attribution {
        let by = Attribution { cue: Some(self.cue_range(i)), ..Attribution::default() };
        // по его словам, selon elle
        let his = |t: usize| match self.words.word(t) {
            "его" | "him" | "lui" => Some(Agreement::Masculine),
            "ее" | "её" | "her" | "elle" => Some(Agreement::Feminine),
            _ => None,
        };
        let russian = self.language == "ru";
        let at =
            if russian { i.saturating_sub(1) } else { i + 1 + usize::from(self.words.word(i + 1) == "to") };
        if let Some(wanted) = his(at) {
            let last = state.past().find(|last| wanted.with(last.agreement) && self.is_human(last));
            return match last {
                Some(last) => Attribution {
                    cue: by.cue,
                    confidence: last.base * 0.85,
                    agreement: wanted,
                    ..last.clone()
                },
                None => Attribution { confidence: 0.4, ..by },
            };
        }
        let to = self.subject_end(i);
        let first = if russian { i + 1 } else { at };
        let article =
            usize::from(matches!(self.words.word(first), "the" | "la" | "le" | "l'" | "l’" | "les"));
        if let Some(speaker) = self.mention_at(self.words.start(first + article)) {
            return by.named(speaker, 0.87);
        }
        match self.subject_behind(i, to) {
            Some(Subject::Named(speaker, confidence)) => by.named(speaker, confidence),
            _ => match self.western_phrase(first, to) {
                Some(phrase) => by.spoken(phrase, 0.6),
                None => Attribution { confidence: 0.4, ..by },
            },
        }
    }

    /// `По словам X, …`, `According to X, …`, `Selon X, …` at the head of a sentence: what stands behind the comma.
    pub(super) fn fronted(&self, i: usize, sentence: usize) -> Option<Range<usize>> {
        let lead = if self.language == "ru" { 2 } else { 0 };
        let marks = (sentence..i).filter(|&t| self.words.is_word(t)).count();
        if marks > lead || self.cues[i] != Cue::According {
            return None;
        }
        let end = (i + 1..self.words.len().min(i + 120))
            .find(|&t| self.words.paragraph(t) || self.sentence_ends(t))
            .unwrap_or(self.words.len());
        let commas: Vec<usize> =
            (i + 1..end.min(i + SOURCE)).filter(|&t| self.words.word(t) == ",").take(2).collect();
        let &first = commas.first()?;
        // Selon Jean Roy, de la radio du port, …
        let apposed = |to: usize| {
            let of = matches!(
                self.words.word(first + 1),
                "de" | "du" | "d'" | "of" | "at" | "un" | "une" | "a" | "an"
            );
            let article = usize::from(matches!(self.words.word(first + 1), "the" | "le" | "la" | "l'"));
            let office = (first + 1 + article..first + 3 + article)
                .any(|t| crate::roles::is_western_office(self.words.doc, t));
            // According to the study, published in May, …
            let word = self.words.word(first + 1);
            let told = matches!(word, "who" | "which" | "qui" | "dont")
                || ["ed", "é", "ée", "és", "ées"].iter().any(|end| word.ends_with(end))
                    && word.chars().count() > 4;
            (of || office || told) && to - first < 12
        };
        let comma = commas.get(1).copied().filter(|&second| apposed(second)).unwrap_or(first);
        let from = comma + 1;
        let words = (from..end).filter(|&t| self.words.is_word(t)).count();
        if words < 4 || (from..end).any(|t| matches!(self.cues[t], Cue::Say | Cue::According)) {
            return None;
        }
        let range = self.words.start(from)..self.words.end(end - 1);
        let marks = self.words.text.get(range.clone())?.contains(['"', '“', '”', '«', '»']);
        (!marks && self.pair_in(&range).is_none()).then_some(range)
    }
}
