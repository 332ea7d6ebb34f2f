//! Reported speech: behind "that", and in English, French and Russian without it.

use std::ops::Range;

use super::Finder;
use super::cues::Cue;
use super::speaker::Attribution;
use super::western::SUBJECT;
use crate::doc::TokenKind;
use crate::times::lexicon::weekday;

/// Tokens of a clause behind reported speech that says who speaks: `— сказал главный тренер клуба X. —`.
const INCISE: usize = 14;
/// Tokens of a sentence on either side of its verb.
const LONGEST: usize = 120;
/// Words from which reported speech is worth listing.
const REPORTED: usize = 4;

impl Finder<'_> {
    /// Reported speech after cue `i`: from behind "that" to the end of its sentence, unless it holds a quote.
    pub(super) fn reported(&self, i: usize) -> Option<Range<usize>> {
        if self.verb_first {
            return self.complement(i);
        }
        let that = (i + 1..self.words.len().min(i + 40)).take_while(|&t| t == i + 1 || !self.stops(t)).find(
            |&t| self.cues[t] == Cue::That || (self.cues[t] != Cue::Participle && self.cues[t] == Cue::Say),
        )?;
        let before = self.words.end(i)..self.words.start(that) + 1;
        let inside = self.pair_in(&before).is_some_and(|pair| pair.outer.end > before.end);
        // « … que … »: what is quoted is told by its marks
        let quoted =
            self.pair_around(self.words.start(that)).is_some_and(|pair| pair.outer.start > before.start);
        if self.cues[that] != Cue::That || inside || quoted || self.belongs_to_other(i, that) {
            return None;
        }
        let mut to = that + 1;
        while to < self.words.len() && to < that + 200 {
            if self.words.paragraph(to) || self.sentence_ends(to) || self.begins_cue_clause(to) {
                break;
            }
            to += 1;
        }
        while to > that + 1 && self.words.kind(to - 1) == TokenKind::Punct && !self.closes(to - 1) {
            to -= 1;
        }
        if to < that + 4 {
            return None;
        }
        // a suffix pronoun (أنه) is not part of what is said
        let range = self.words.start(that + 1)..self.words.end(to - 1);
        let quoted = self.pair_in(&range);
        if quoted.is_some_and(|pair| pair.inner.len() > 24 || pair.outer.start < range.start + 2) {
            return None;
        }
        Some(range)
    }

    /// Whether the что at token `that` goes with another word than the verb at token `i`: `обратив внимание на то, что`,
    /// `потому что`, `есть вероятность, что`; but: `рассказал о том, что`.
    fn belongs_to_other(&self, i: usize, that: usize) -> bool {
        if self.language != "ru" {
            return false;
        }
        let comma = usize::from(self.words.word(that - 1) == ",");
        let Some(before) = that.checked_sub(1 + comma).filter(|&t| t > i) else { return false };
        match self.words.word(before) {
            "том" => !matches!(self.words.word(before - 1), "о" | "об"),
            "то"
            | "того"
            | "тому"
            | "тем"
            | "потому"
            | "так"
            | "оттого"
            | "вероятность"
            | "возможность"
            | "риск"
            | "шанс"
            | "условии"
            | "факт" => true,
            _ => false,
        }
    }

    /// Whether a participle or verb after a comma begins a clause of its own at token `t`.
    fn begins_cue_clause(&self, t: usize) -> bool {
        let comma = matches!(self.words.word(t), "،" | "," | ";" | "؛");
        comma && matches!(self.cues.get(t + 1), Some(Cue::Participle | Cue::Say))
    }

    /// Reported speech around the verb at token `i` where no "that" brings it.
    pub(super) fn western_reported(
        &self,
        i: usize,
        sentence: usize,
        last: Option<&Attribution>,
    ) -> Option<(Range<usize>, Option<Attribution>)> {
        // a sentence that never ends reports nothing
        if i > sentence + LONGEST {
            return None;
        }
        let end = (i + 1..self.words.len().min(i + LONGEST))
            .find(|&t| self.words.paragraph(t) || self.sentence_ends(t))
            .unwrap_or(self.words.len());
        if let Some(range) = self.reported_behind(i, sentence, end) {
            return Some((range, None));
        }
        let (range, comma, turned) = self.reported_before(i, sentence, end)?;
        if self.cues[i] == Cue::According {
            return turned.then_some((range, None));
        }
        if turned {
            let by = self.inside_speech(i, end, last);
            return by.known().then_some((range, Some(by)));
        }
        let by = Attribution { cue: Some(self.words.start(i)..self.words.end(i)), ..Attribution::default() };
        let pronoun = (comma + 1..i).find(|&t| self.cues[t] == Cue::Pronoun);
        let by = match (pronoun, self.nearest_before(i, comma + 1)) {
            (Some(pronoun), _) => self.taken_up_by(pronoun, comma, &by, last)?,
            (None, Some(speaker)) => by.named(speaker, 0.9),
            (None, None) => by.spoken(self.subject_before(i, comma + 1)?, 0.65),
        };
        Some((range, Some(by)))
    }

    /// `X said prices would fall`: only English leaves "that" out.
    fn reported_behind(&self, i: usize, sentence: usize, end: usize) -> Option<Range<usize>> {
        if self.language != "en"
            || !matches!(
                self.words.word(i),
                "said"
                    | "says"
                    | "added"
                    | "adds"
                    | "argued"
                    | "insisted"
                    | "claimed"
                    | "warned"
                    | "believes"
                    | "explained"
            )
        {
            return None;
        }
        // …, said X, the head of it
        let inverted =
            i > 0 && self.words.word(i - 1) == "," && self.mention_at(self.words.start(i + 1)).is_some();
        let subject =
            !inverted && (sentence..i).any(|t| self.words.is_word(t)) && !self.behind_quote(sentence);
        let mut from = i + 1;
        from += usize::from(self.words.word(from) == "on");
        from += usize::from(from > i && weekday(self.words.word(from)));
        if self.words.word(i + 1) == "on" && from == i + 2 {
            return None;
        }
        let word = self.words.word(from);
        let begins = matches!(
            word,
            "he" | "she"
                | "it"
                | "they"
                | "we"
                | "the"
                | "his"
                | "her"
                | "its"
                | "their"
                | "there"
                | "this"
                | "these"
                | "no"
                | "some"
                | "most"
                | "more"
                | "many"
                | "both"
                | "all"
                | "any"
                | "a"
                | "an"
                | "such"
                | "other"
        ) || word == "at" && self.words.word(from + 1) == "least"
            || word.starts_with(char::is_uppercase) && self.words.is_word(from)
            || self.words.kind(from) == TokenKind::Number;
        let words = (from..end).filter(|&t| self.words.is_word(t)).count();
        (subject && begins && words > REPORTED)
            .then(|| self.without_quotes(self.words.start(from)..self.words.end(end - 1)))
            .flatten()
    }

    /// `…, officials said.`, `…, ont annoncé les autorités.`, `…, сообщил X.`: what stands before the comma.
    fn reported_before(&self, i: usize, sentence: usize, end: usize) -> Option<(Range<usize>, usize, bool)> {
        let comma = (sentence..i).rev().take(SUBJECT + 2).find(|&t| self.words.word(t) == ",")?;
        let turned = (comma + 1..i).all(|t| self.is_auxiliary(t));
        let named = self.mention_at(self.words.start(comma + 1)).is_some()
            || (comma + 1..i).any(|t| {
                matches!(self.cues[t], Cue::Source | Cue::Pronoun)
                    || matches!(self.words.word(t), "the" | "a")
            });
        let last = end - (i + 1).min(end) <= if turned { INCISE } else { 8 };
        // "X, who said …" is a clause of its own
        let relative = (comma + 1..i).any(|t| {
            matches!(
                self.words.word(t),
                "who"
                    | "which"
                    | "qui"
                    | "который"
                    | "которая"
                    | "but"
                    | "and"
                    | "as"
                    | "mais"
                    | "что"
                    | "как"
            )
        });
        let according = self.cues[i] == Cue::According && comma + 1 == i;
        let behind = if self.language == "en" {
            named && !turned && self.is_adverbial(i, end)
                || according
                || comma + 1 == i && self.mention_at(self.words.start(i + 1)).is_some()
        } else {
            turned
        };
        let words = (sentence..comma).filter(|&t| self.words.is_word(t)).count();
        if !behind
            || relative
            || !last
            || words <= REPORTED
            || (sentence..comma).any(|t| matches!(self.cues[t], Cue::Say | Cue::According))
        {
            return None;
        }
        // X, Y, a promis: the comma closes an apposition
        let closes = self.words.end(comma - 1);
        let start = self.words.start(sentence);
        let from = self.speakers.partition_point(|s| s.range.start < start);
        let near = self.speakers.iter().skip(from).take_while(|s| s.range.end <= closes);
        let comma_behind = |s: &super::Speaker<'_>| {
            self.words.text.get(s.range.end..).is_some_and(|rest| rest.starts_with(','))
        };
        let apposed = near.into_iter().any(|s| s.person && comma_behind(s));
        let brings = (i + 1..end).any(|t| self.cues[t] == Cue::That);
        if turned && (apposed || brings) {
            return None;
        }
        // a mark around the whole text, a dash behind the date
        let first = (sentence..comma).find(|&t| self.words.kind(t) != TokenKind::Punct)?;
        self.without_quotes(self.words.start(sentence)..closes)?;
        Some((self.words.start(first)..closes, comma, turned))
    }

    fn behind_quote(&self, sentence: usize) -> bool {
        matches!(self.words.word(sentence), "\"" | "“" | "«" | "‘")
    }

    fn without_quotes(&self, range: Range<usize>) -> Option<Range<usize>> {
        let long = self
            .pair_in(&range)
            .is_some_and(|pair| pair.inner.len() > 24 || pair.outer.start < range.start + 2);
        (!long).then_some(range)
    }

    fn closes(&self, t: usize) -> bool {
        matches!(self.words.word(t), "\"" | "»" | "”" | ")" | "’" | "“" | "%")
    }
}
