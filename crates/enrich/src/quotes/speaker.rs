//! Whose words a cue brings.

use std::ops::Range;

use super::Finder;
use super::cues::{self, Cue};
use crate::doc::TokenKind;

/// How far a subject may stand from its verb, in tokens.
const REACH: usize = 30;

/// A cue and who speaks.
#[derive(Debug, Clone, Default)]
pub(super) struct Attribution {
    /// Index of the speaker's mention.
    pub speaker: Option<usize>,
    /// The words for a speaker who is no entity.
    pub text: Option<Range<usize>>,
    /// Index of the mention of who read it out.
    pub read_by: Option<usize>,
    /// The cue.
    pub cue: Option<Range<usize>>,
    /// 0 to 1.
    pub confidence: f64,
}

impl Attribution {
    /// Whether it says who speaks.
    pub(super) fn known(&self) -> bool {
        self.speaker.is_some() || self.text.is_some()
    }
}

impl Finder<'_> {
    /// Who speaks by the cue at token `i`, in the sentence that begins at token `sentence`.
    pub(super) fn attribute(
        &self,
        i: usize,
        sentence: usize,
        current: Option<&Attribution>,
        last: Option<&Attribution>,
    ) -> Attribution {
        let cue = Some(self.cue_range(i));
        let found = |speaker, confidence| Attribution {
            speaker: Some(speaker),
            cue: cue.clone(),
            confidence,
            ..Attribution::default()
        };
        if let Some((speaker, read_by)) = self.on_behalf(sentence, i) {
            return Attribution { read_by, ..found(speaker, 0.75) };
        }
        let carry = |from: &Attribution, worth: f64| Attribution {
            cue: cue.clone(),
            confidence: from.confidence * worth,
            ..from.clone()
        };
        if self.cues[i] == Cue::Participle {
            // the participle's subject is the clause's; قوله may follow its owner
            if let Some(current) = current.filter(|a| a.known()) {
                return carry(current, 0.95);
            }
            if let Some(speaker) = self.person_before(i, sentence) {
                return found(speaker, 0.8);
            }
        }
        let to = self.subject_end(i);
        let behind = self.subject_behind(i, to);
        let before = self.cues[i] == Cue::Say && !self.verb_first;
        if before {
            if let Some(speaker) = self.nearest_before(i, sentence) {
                return found(speaker, 0.9);
            }
            if (sentence..i).rev().take(6).any(|t| self.cues[t] == Cue::Pronoun) {
                if let Some(last) = last {
                    return carry(last, 0.8);
                }
                if let Some(speaker) = self.last_person(i) {
                    return found(speaker, 0.5);
                }
            }
        }
        if let Some((speaker, confidence)) = behind {
            return found(speaker, confidence);
        }
        let unnamed = self.is_unnamed_subject(i, to);
        if let Some(speaker) = unnamed.then(|| self.named_by(i + 1, to)).flatten() {
            return found(speaker, 0.8);
        }
        // المتحدث, رئيس الوزراء: who was named with that office before
        let office = match self.cues.get(i + 1) {
            Some(Cue::Office) => true,
            Some(Cue::Source) => cues::definite(&self.words, i + 1),
            _ => false,
        };
        if let Some(speaker) = office.then(|| self.titled(i + 1)).flatten() {
            return found(speaker, 0.8);
        }
        if let Some(text) = self.nominal(i, to, unnamed || last.is_none() && current.is_none()) {
            let spoken = |text| Attribution {
                text: Some(text),
                cue: cue.clone(),
                confidence: 0.7,
                ..Attribution::default()
            };
            if !cues::definite(&self.words, i + 1) {
                return spoken(text);
            }
            // الوكالة, الوزير: somebody named before
            if let Some(speaker) = self.named_before(i + 1) {
                return found(speaker, 0.8);
            }
            if self.cues[i + 1] == Cue::Source {
                return spoken(text);
            }
            let person =
                |a: &&Attribution| a.speaker.and_then(|s| self.speakers.get(s)).is_some_and(|s| s.person);
            return match (last.filter(person), self.cues[i + 1]) {
                (Some(last), _) => carry(last, 0.75),
                (None, Cue::Office) => {
                    self.last_person(i).map_or_else(|| spoken(text), |speaker| found(speaker, 0.55))
                }
                (None, _) => spoken(text),
            };
        }
        if let Some(speaker) = self.owner_of_clause(i) {
            return found(speaker, 0.75);
        }
        if let Some(current) = current.filter(|a| a.known()) {
            return carry(current, 0.9);
        }
        if let Some(speaker) = self.person_before(i, sentence) {
            return found(speaker, 0.75);
        }
        match last {
            Some(last) => carry(last, 0.85),
            None => Attribution { cue, confidence: 0.4, ..Attribution::default() },
        }
    }

    /// Who speaks by a cue behind the quote that ends before token `to`: `", said X`.
    pub(super) fn after(&self, to: usize, last: Option<&Attribution>) -> Option<Attribution> {
        let i = self.after_cue(to)?;
        let cue = Some(self.cue_range(i));
        let found = |speaker, confidence| Attribution {
            speaker: Some(speaker),
            cue: cue.clone(),
            confidence,
            ..Attribution::default()
        };
        let end = self.subject_end(i);
        if self.cues[i] != Cue::Say || !self.verb_first {
            if let Some(speaker) = self.nearest_before(i, to) {
                return Some(found(speaker, 0.9));
            }
            if (to..i + 3).any(|t| self.cues.get(t) == Some(&Cue::Pronoun)) {
                return match last {
                    Some(last) => {
                        Some(Attribution { cue, confidence: last.confidence * 0.85, ..last.clone() })
                    }
                    None => self.last_person(i).map(|speaker| found(speaker, 0.5)),
                };
            }
        }
        if let Some((speaker, confidence)) = self.subject_behind(i, end) {
            return Some(found(speaker, confidence));
        }
        let text = self
            .nominal(i, end, false)
            .or_else(|| (i > to + 1).then(|| self.words.start(to)..self.words.end(i - 1)))?;
        Some(Attribution { text: Some(text), cue, confidence: 0.6, ..Attribution::default() })
    }

    /// The cue that follows the quote ending before token `to`, within its clause.
    pub(super) fn after_cue(&self, to: usize) -> Option<usize> {
        let mut commas = 0;
        for t in to..(to + 10).min(self.words.len()) {
            if self.words.paragraph(t) || self.sentence_ends(t) || self.cues[t] == Cue::That {
                return None;
            }
            let word = self.words.word(t);
            if matches!(word, "،" | "," | "—" | "–" | "-") {
                commas += 1;
                if commas > 2 || (t > to && self.verb_first) {
                    return None;
                }
            }
            // in Arabic a verb with و begins the next sentence, it does not look back
            let looks_back = !self.verb_first || (t <= to + 2 && !word.starts_with('و'));
            if matches!(self.cues[t], Cue::Say | Cue::According) && looks_back {
                // "… ", he said: "…" brings the next quote all the same
                return Some(t);
            }
        }
        None
    }

    /// The token at which the search for the subject of cue `i` ends.
    fn subject_end(&self, i: usize) -> usize {
        let mut t = i + 1;
        while t < self.words.len() && t < i + REACH {
            let quote = matches!(self.words.word(t), "\"" | "«" | "“" | "„" | "‘");
            if quote || self.stops(t) || matches!(self.cues[t], Cue::That | Cue::Say | Cue::Participle) {
                // a quoted part of a name does not end the subject
                let long = self
                    .pair_in(&(self.words.start(t)..self.words.end(t)))
                    .is_none_or(|p| p.inner.len() > 60);
                if !quote || long || t == i + 1 {
                    break;
                }
            }
            t += 1;
        }
        t
    }

    /// The subject behind cue `i`, before token `to`, with how sure that is.
    fn subject_behind(&self, i: usize, to: usize) -> Option<(usize, f64)> {
        if i + 1 >= to {
            return None;
        }
        let (start, end) = (self.words.end(i), self.words.end(to - 1));
        let begins = if self.cues[i] == Cue::According { i + 1 } else { i };
        let prepositional =
            self.cues.get(begins + 1) == Some(&Cue::Preposition) && self.cues[i] != Cue::According;
        let mut first = None;
        let from = self.speakers.partition_point(|s| s.range.start < start);
        for (index, speaker) in self.speakers.iter().enumerate().skip(from).take(8) {
            if speaker.range.end > end {
                break;
            }
            if self.is_object(speaker) && self.cues[i] != Cue::According {
                continue;
            }
            let gap = self.words.text.get(start..speaker.range.start).unwrap_or("");
            // كشفت شركة "…"
            let adjacent = gap.chars().count() < 3
                || self.cues.get(i + 1) == Some(&Cue::Name) && gap.split_whitespace().count() <= 2;
            if speaker.person {
                return Some((
                    index,
                    if adjacent {
                        0.97
                    } else if prepositional {
                        0.6
                    } else {
                        0.92
                    },
                ));
            }
            if first.is_none() && (adjacent || self.cues[i] == Cue::According) {
                first = Some(index);
            }
        }
        first.map(|index| (index, 0.85))
    }

    fn cue_range(&self, i: usize) -> Range<usize> {
        let (start, end) = (self.words.start(i), self.words.end(i));
        let word = self.words.word(i);
        let clitic = self.words.kind(i) == TokenKind::Arabic && word.chars().count() > 3;
        let lead = if clitic && word.starts_with(['و', 'ف']) && !matches!(self.cue_without(word), Cue::None)
        {
            2
        } else {
            0
        };
        start + lead..end
    }

    /// What the word does without its first letter.
    fn cue_without(&self, word: &str) -> Cue {
        let mut chars = word.chars();
        chars.next();
        cues::of(chars.as_str())
    }
}
