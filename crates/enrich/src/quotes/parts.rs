//! Speech that a clause parts inside its marks, lines of a dialogue, and speech that goes on in the next sentence.

use std::ops::Range;

use super::Finder;
use super::cues::Cue;
use super::floor::State;
use super::marks::Pair;
use super::speaker::Attribution;
use super::western::PARAGRAPH;
use crate::enriched::QuoteKind;

/// Tokens that a clause within speech may have: `— сказал главный тренер клуба X. —`.
const INCISE: usize = 14;

impl Finder<'_> {
    /// Speech with a clause inside its marks that says who speaks; whether there is one.
    pub(super) fn in_parts(&mut self, pair: &Pair, from: usize, to: usize, state: &mut State) -> bool {
        let Some((_, cue, end)) = self.parted(&pair.inner, from, to) else { return false };
        let by = self.inside_speech(cue, end, state.last());
        // the marks are what was said, with the clause in them
        self.parts(std::slice::from_ref(&pair.inner), &by);
        state.speaks(&by, pair.outer.end);
        state.after_quote = Some(to);
        (state.sentence, state.current) = (to, None);
        true
    }

    /// A line from the dash at token `i` to before token `end`; whether it says who speaks.
    pub(super) fn dialogue(&mut self, i: usize, end: usize, state: &mut State) -> bool {
        let inner = self.words.end(i)..self.words.end(end - 1);
        let lead = self.words.text.get(inner.clone()).map_or(0, |text| text.len() - text.trim_start().len());
        let inner = inner.start + lead..inner.end;
        let Some((parts, cue, close)) = self.parted(&inner, i, end) else { return false };
        let by = self.inside_speech(cue, close, state.last());
        self.parts(&parts, &by);
        state.speaks(&by, inner.end);
        true
    }

    fn parts(&mut self, parts: &[Range<usize>], by: &Attribution) {
        for part in parts {
            let quote = self.quote(part.clone(), QuoteKind::Direct, Some(by), by.confidence * 0.95);
            self.quotes.push(quote);
        }
    }

    /// Whether the quote at token `from` goes on with what the last speaker said: it begins a sentence of his paragraph.
    pub(super) fn continues(&self, from: usize, state: &State) -> bool {
        !self.verb_first
            && from == state.sentence
            && state.current.is_none()
            && state.last().is_some_and(|last| {
                last.paragraph == state.paragraph && last.speaker.is_some() && !self.has_rival(last, from)
            })
    }

    /// `Pour X, « … »`: who holds it.
    pub(super) fn holder(&self, i: usize) -> Option<Attribution> {
        if self.language != "fr" || self.words.word(i) != "Pour" {
            return None;
        }
        let start = self.words.start(i + 1);
        let index = self.speakers.partition_point(|s| s.range.start < start);
        let speaker = self.speakers.get(index).filter(|s| s.person)?;
        let near = self.words.text.get(start..speaker.range.start)?.split_whitespace().count() < 3;
        let comma = self.words.text.get(speaker.range.end..)?.starts_with(',');
        (near && comma).then(|| Attribution {
            speaker: Some(index),
            cue: Some(self.words.start(i)..self.words.end(i)),
            confidence: 0.8,
            base: 0.8,
            ..Attribution::default()
        })
    }

    /// Speech that a clause parts inside its marks, `«…, — сказал X. — …»`, or behind a dash at the head of a line: its parts, and
    /// the verb.
    pub(super) fn parted(
        &self,
        inner: &Range<usize>,
        from: usize,
        to: usize,
    ) -> Option<(Vec<Range<usize>>, usize, usize)> {
        if !matches!(self.language, "fr" | "ru") {
            return None;
        }
        let dash = |t: usize| {
            matches!(self.words.word(t), "—" | "–") || self.words.word(t) == "-" && !self.words.glued(t)
        };
        let opens = |t: usize| if self.language == "fr" { self.words.word(t) == "," } else { dash(t) };
        let verb = |t: usize| {
            (t + 1..(t + 7).min(to)).take_while(|&c| !opens(c)).find(|&c| self.cues[c] == Cue::Say)
        };
        for t in from + 1..to {
            if !opens(t) {
                continue;
            }
            let Some(cue) = verb(t) else { continue };
            if self.language == "fr" {
                // a-t-il dit, répond l'artiste: the verb comes before its subject
                let turned = (t + 1..cue + 3)
                    .any(|t| matches!(self.words.word(t), "il" | "elle" | "ils" | "elles" | "on"));
                let next = self.words.word(cue + 1);
                let subject =
                    matches!(next, "le" | "la" | "l'" | "un" | "une") || next.starts_with(char::is_uppercase);
                if !turned && (cue > t + 2 || !subject) {
                    continue;
                }
            } else if cue > t + 2 {
                continue;
            }
            let close = (cue + 1..(cue + INCISE).min(to)).find(|&d| opens(d));
            let before = self
                .words
                .text
                .get(inner.start..self.words.start(t))?
                .trim_end()
                .trim_end_matches([',', ' ']);
            let first = inner.start..inner.start + before.len();
            let mut parts: Vec<Range<usize>> = std::iter::once(first).collect();
            if let Some(d) = close {
                let start = self.words.end(d);
                let rest = self.words.text.get(start..inner.end)?;
                let lead = rest.len() - rest.trim_start().len();
                parts.push(start + lead..inner.end);
            }
            parts.retain(|part| !part.is_empty());
            return Some((parts, cue, close.unwrap_or(to)));
        }
        None
    }

    /// Who speaks by a verb inside speech, whose clause ends before token `to`.
    pub(super) fn inside_speech(&self, cue: usize, to: usize, last: Option<&Attribution>) -> Attribution {
        let by =
            Attribution { cue: Some(self.words.start(cue)..self.words.end(cue)), ..Attribution::default() };
        // confie-t-elle
        let reach = if self.words.word(cue + 1) == "-" { cue + 5 } else { cue + 3 };
        let pronoun = (cue.saturating_sub(2)..reach.min(to)).find(|&t| self.cues[t] == Cue::Pronoun);
        if let Some(found) = pronoun.and_then(|pronoun| self.taken_up_by(pronoun, cue, &by, last)) {
            return found;
        }
        if let Some(speaker) = self.named_behind(cue + 1, to) {
            return by.named(speaker, 0.87);
        }
        let (start, end) = (self.words.start(cue), self.words.start(to));
        let from = self.speakers.partition_point(|s| s.range.start < start);
        let mut inside = self.speakers.iter().enumerate().skip(from).take_while(|(_, s)| s.range.end <= end);
        let adjacent = self.words.end(cue)..self.words.end(cue) + 4;
        let named = inside.find(|(_, s)| s.person || adjacent.contains(&s.range.start));
        if let Some((index, speaker)) = named {
            // сообщает пресс-служба X: the service does
            let source = (cue + 1..to).take_while(|&t| self.words.start(t) < speaker.range.start);
            if !source.into_iter().any(|t| self.cues[t] == Cue::Source) {
                return by.named(index, 0.9);
            }
        }
        match self.western_phrase(cue + 1, to) {
            Some(phrase) => self.taken_for(phrase, cue, &by, last),
            None => Attribution { confidence: 0.4, ..by },
        }
    }

    /// A line of a dialogue that begins with a dash at token `i` and says who speaks, or what a dash opens in the middle of a
    /// line: the token behind it.
    pub(super) fn line(&self, i: usize) -> Option<usize> {
        if self.verb_first || !matches!(self.words.word(i), "—" | "–" | "-") {
            return None;
        }
        if self.words.word(i) == "-" || !self.words.paragraph(i) {
            return self.speech_behind_dash(i);
        }
        (i + 1..self.words.len().min(i + PARAGRAPH))
            .find(|&t| self.words.paragraph(t))
            .or(Some(self.words.len()))
    }

    /// Whether a pair of marks holds the end of a sentence right behind speech of the same paragraph: « C'est fou ! »
    pub(super) fn is_exclaimed(&self, pair: &Pair) -> bool {
        let inside = self.words.text.get(pair.inner.clone()).unwrap_or("");
        inside.ends_with(['!', '?', '.', '…']) && inside.split_whitespace().count() > 1
    }

    /// Whether what is inside the marks ends like a sentence.
    pub(super) fn ends_inside(&self, pair: &Pair) -> bool {
        let inside = self.words.text.get(pair.inner.clone()).unwrap_or("");
        inside.ends_with(['.', '!', '?', '؟', '…'])
    }

    /// Whether the sentence goes on at token `t`, behind a quote.
    pub(super) fn goes_on(&self, t: usize) -> bool {
        !self.words.paragraph(t)
            && (matches!(self.words.word(t), "," | "،" | "؛" | "—" | "–" | "-")
                || self.words.word(t).chars().next().is_some_and(char::is_lowercase)
                || (t..t + 3).any(|t| matches!(self.cues.get(t), Some(Cue::Say | Cue::Participle))))
    }
}
