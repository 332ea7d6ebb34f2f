//! Who said what: direct speech in quotation marks, reported speech after a cue, and the quoted
//! strings that are no speech.
//!
//! One pass over the tokens in text order. A cue opens an attribution (whose words follow); a pair
//! of marks is judged by what stands before it, by its length and by the attribution of its
//! sentence; a verb without a subject carries on with the last speaker. Every look forward or back
//! is bounded, so the time is linear in the text.

mod apart;
mod attribution;
mod bounds;
mod clause;
mod complement;
mod cues;
mod epithets;
mod floor;
mod judge;
mod labels;
mod marks;
mod mentions;
mod nations;
mod nominal;
mod objects;
mod parts;
mod phrase;
mod postposed;
mod professions;
mod reported;
mod roles;
mod speaker;
mod subject;
mod subordinate;
#[cfg(test)]
mod tests;
mod titles;
mod topic;
mod verbs;
mod western;
mod western_source;
mod western_subject;
mod who;
mod within;

use std::ops::Range;

use crate::doc::Doc;
use crate::enriched::{Quote, QuoteKind, Quoted, QuotedKind};
use crate::lex::Words;
use cues::Cue;
use floor::State;
use judge::Verdict;
use marks::Pair;
use speaker::Attribution;
use verbs::Agreement;

/// A mention of somebody who may speak. Mentions come in text order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker<'a> {
    /// Where, in bytes of the normalised text, without clitics.
    pub range: Range<usize>,
    /// The entity's id.
    pub entity: &'a str,
    /// Whether it is a person; organisations and places speak only right beside their verb.
    pub person: bool,
    /// Whether it is a place, which no noun for an organisation takes up.
    pub place: bool,
}

/// Finds speech and what is quoted without being said, each in text order.
pub fn find(doc: &Doc, speakers: &[Speaker<'_>], language: &str) -> (Vec<Quote>, Vec<Quoted>) {
    among(&Words::new(doc), speakers, language)
}

/// The same, of a document that is laid out as words.
pub(crate) fn among(
    words: &Words<'_>,
    speakers: &[Speaker<'_>],
    language: &str,
) -> (Vec<Quote>, Vec<Quoted>) {
    let mut finder = Finder {
        words,
        pairs: marks::pairs(words.text),
        speakers,
        cues: Vec::new(),
        verb_first: language == "ar",
        language,
        quotes: Vec::new(),
        quoted: Vec::new(),
    };
    finder.cues = cues::cues(words, finder.verb_first);
    finder.run();
    finder.quotes.sort_by_key(|quote| quote.span.byte);
    (finder.quotes, finder.quoted)
}

/// Everything the rules look at.
struct Finder<'a> {
    words: &'a Words<'a>,
    pairs: Vec<Pair>,
    speakers: &'a [Speaker<'a>],
    cues: Vec<Cue>,
    /// The subject follows its verb, as in Arabic.
    verb_first: bool,
    /// ISO 639-1 code.
    language: &'a str,
    quotes: Vec<Quote>,
    quoted: Vec<Quoted>,
}

impl Finder<'_> {
    fn run(&mut self) {
        let mut state = State::default();
        let mut next = 0;
        let mut i = 0;
        while i < self.words.len() {
            if i > 0 && self.words.paragraph(i) {
                state.begin(i);
                state.paragraph += 1;
            }
            while self
                .pairs
                .get(next)
                .is_some_and(|pair| pair.nested || pair.outer.end <= self.words.start(i))
            {
                next += 1;
            }
            if self.pairs.get(next).is_some_and(|pair| pair.outer.start <= self.words.start(i)) {
                let pair = self.pairs[next].clone();
                let end = self.token_at(pair.outer.end, i);
                self.pair(&pair, i, end, &mut state);
                i = end.max(i + 1);
                next += 1;
                continue;
            }
            if let Some(end) = self.line(i)
                && self.dialogue(i, end, &mut state)
            {
                i = end.max(i + 1);
                continue;
            }
            if self.sentence_ends(i) {
                state.begin(i + 1);
            }
            if i == state.sentence
                && let Some(holder) = self.holder(i)
            {
                state.speaks(&holder, self.words.start(i));
                state.current = Some(holder);
            }
            if matches!(self.cues[i], Cue::Say | Cue::Participle | Cue::According) {
                self.open(i, &mut state);
            }
            i += 1;
        }
    }

    /// A cue: resolves who speaks and reports indirect speech.
    fn open(&mut self, i: usize, state: &mut State) {
        if self.cues[i] == Cue::According && self.is_clause(i + 1) {
            // وفقا لما أعلنه: the verb brings the source
            return;
        }
        // بحسب ما تم تداوله: nobody is named
        let nobody = self.cues[i] == Cue::According
            && matches!(self.words.word(i + 1), "ما" | "لما")
            && matches!(
                self.words.word(i + 2),
                "تم" | "يتم" | "هو" | "هي" | "يتردد" | "تردد" | "يقال" | "قيل"
            )
            && self.is_source(i);
        if nobody || self.is_measure(i) || self.tells_more(i, state) {
            return;
        }
        let mut attribution = self.attribute(i, state);
        // قال X إن الاتفاق الذي وصفه Y ب…: Y does not take the floor
        attribution.passing = self.describes(i) && state.last().is_some();
        // قال الله تعالى: he is quoted
        let text = attribution.text.as_ref().and_then(|text| self.words.text.get(text.clone()));
        attribution.passing |= text.is_some_and(|text| text.starts_with("الله"));
        if let Some(source) = self.source_word(i, self.subject_end(i)) {
            // the agency goes on when its source is done
            let by =
                Attribution { agreement: verbs::agreement(self.words.word(i)), ..Attribution::default() };
            if let Some(agency) = self.subject_of(i, source, &by, state) {
                state.speaks(&agency, self.words.start(i));
            }
        }
        let plain = !self.verb_first && matches!(self.cues[i], Cue::Say | Cue::According);
        let without_that = || self.western_reported(i, state.sentence, state.last()).filter(|_| plain);
        let before = || self.said_before(i, state.sentence, &attribution).map(|range| (range, None));
        let by_source = !self.verb_first && self.cues[i] == Cue::According;
        let that = || if by_source { self.fronted(i, state.sentence) } else { self.reported(i) };
        let reported = that().map(|range| (range, None)).or_else(without_that).or_else(before);
        if let Some((range, by)) = reported {
            let by = by.unwrap_or_else(|| attribution.clone());
            let quote = self.quote(range, QuoteKind::Indirect, Some(&by), by.confidence * 0.9);
            // two verbs of one clause: the nearer brings it, but not a source: قال X بحسب الصحيفة إن
            let same =
                self.quotes.last().is_some_and(|last| last.kind == quote.kind && last.span == quote.span);
            let passing = self.cues[i] == Cue::According && !matches!(self.words.folded(i), "نقلا" | "لسان");
            if same && !passing {
                self.quotes.pop();
            }
            if !same || !passing {
                self.quotes.push(quote);
            }
            if by.known() && !self.verb_first && self.cues[i] == Cue::Say {
                state.speaks(&by, self.words.start(i));
                state.current = Some(by);
                return;
            }
        }
        let tongue =
            self.verb_first && verbs::bare(self.words.word(i)) == "لسان" && self.is_person(&attribution);
        let main = !tongue && state.current.as_ref().is_some_and(Attribution::known);
        // صحيفة الشمال نقلا عن X
        let handed_on = self.verb_first
            && self.words.word(i) == "نقلا"
            && self.is_person(&attribution)
            && !state.current.as_ref().is_some_and(|by| self.is_person(by));
        if !tongue && !handed_on && (self.cues[i] == Cue::According || self.relays(i))
            || main && self.is_relative(i) && !self.describes(i)
        {
            // a source named in passing does not take the floor from who has it
            if self.is_person(&attribution) && self.cues[i] == Cue::According {
                state.speaks(&attribution, self.words.start(i));
            }
            state.current.get_or_insert(attribution);
            return;
        }
        state.speaks(&attribution, self.words.start(i));
        state.current = Some(attribution);
    }

    fn is_person(&self, by: &Attribution) -> bool {
        by.speaker.and_then(|s| self.speakers.get(s)).is_some_and(|s| s.person)
    }

    /// A pair of marks from token `from` to before token `to`.
    fn pair(&mut self, pair: &Pair, from: usize, to: usize, state: &mut State) {
        if pair.closed && !self.verb_first && self.in_parts(pair, from, to, state) {
            return;
        }
        let continues = self.continues(from, state);
        let cued = state.current.is_some() || continues && self.is_exclaimed(pair);
        match self.judge(pair, from, to, cued) {
            Verdict::Nothing => {}
            Verdict::Quoted(kind) => {
                self.list(pair, kind);
            }
            Verdict::Speech(sure) => {
                let found = self.speaker_of(from, to, state);
                let words = (from..to).filter(|&t| self.words.is_word(t)).count();
                if self.verb_first
                    && sure < 0.65
                    && words < 8
                    && !found.as_ref().is_some_and(Attribution::known)
                {
                    // neither a verb of saying nor anybody who could say it
                    self.list(pair, QuotedKind::Term);
                    return;
                }
                let sure = if continues { sure.max(0.9) } else { sure };
                let confidence = sure
                    * found.as_ref().map_or(0.4, |a| a.confidence)
                    * self.near(found.as_ref(), from, words);
                let quote = self.quote(pair.inner.clone(), QuoteKind::Direct, found.as_ref(), confidence);
                self.quotes.push(quote);
                if let Some(found) = found.filter(Attribution::known) {
                    state.speaks(&found, pair.outer.end);
                    state.current.get_or_insert(found);
                }
                state.after_quote = Some(to);
            }
        }
        // a full stop inside the marks ends the sentence when a new one begins behind them
        if self.ends_inside(pair) && !self.goes_on(to) {
            state.begin(to);
        }
    }

    /// How much an attribution is worth for a quote of `words` words at token `from`: less where its verb stands far
    /// before, or where a few words are quoted out of what is said.
    fn near(&self, by: Option<&Attribution>, from: usize, words: usize) -> f64 {
        let cue = by.and_then(|by| by.cue.as_ref()).filter(|cue| cue.start < self.words.start(from));
        let Some(cue) = cue else { return 1.0 };
        let at = self.words.doc.tokens.partition_point(|t| (t.start as usize) < cue.start).min(from);
        let direct = from > 0 && self.introduces(from - 1);
        let partly = !direct && words < 6 && (at..from).rev().take(60).any(|t| self.cues[t] == Cue::That);
        (if from - at > 24 { 0.92 } else { 1.0 }) * (if partly { 0.93 } else { 1.0 })
    }

    /// Lists what is quoted and not said.
    fn list(&mut self, pair: &Pair, kind: QuotedKind) {
        if pair.closed {
            self.quoted.push(Quoted {
                text: self.words.doc.original(pair.inner.clone()).to_owned(),
                span: self.words.doc.span(pair.inner.clone()),
                kind,
            });
        }
    }

    /// Who says a direct quote.
    fn speaker_of(&self, from: usize, to: usize, state: &State) -> Option<Attribution> {
        let opened_just_now = from > 0 && self.introduces(from - 1);
        // "…"، كما قال X: whoever has the floor does not say it
        if !opened_just_now
            && self.after_cue(to).is_some_and(|cue| self.looks_back(cue, to))
            && let Some(found) = self.after(to, state.last()).filter(Attribution::known)
        {
            return Some(found);
        }
        if (opened_just_now || self.verb_first)
            && let Some(current) = state.current.as_ref().filter(|a| a.known())
        {
            return Some(current.clone());
        }
        if let Some(speaker) = self.before_colon(from, state.sentence).filter(|_| state.current.is_none()) {
            let person = self.speakers.get(speaker).is_some_and(|s| s.person);
            let confidence = if person { 0.85 } else { 0.7 };
            return Some(Attribution {
                speaker: Some(speaker),
                confidence,
                base: confidence,
                ..Attribution::default()
            });
        }
        // X s'est emporté : « … »
        let guess = |speaker: usize, confidence: f64| {
            let speaker = Some(speaker);
            Some(Attribution { speaker, confidence, base: confidence, ..Attribution::default() })
        };
        let colon = !self.verb_first && opened_just_now && from > 0 && self.words.word(from - 1) == ":";
        if let Some((speaker, true)) = self.person_before(from, state.sentence).filter(|_| colon) {
            return guess(speaker, 0.78);
        }
        // "… ." X has said: a full stop inside the marks leaves English no verb behind them
        let ended = self.language == "en"
            && to > 1
            && self.words.word(to - 2) == "."
            && self.words.word(to).starts_with(char::is_uppercase);
        if let Some(found) = self.after(to, state.last()).filter(|_| !ended) {
            return Some(found);
        }
        if let Some(current) = &state.current {
            return Some(current.clone());
        }
        if let Some((speaker, true)) = self.person_before(from, state.sentence).filter(|_| self.verb_first) {
            return guess(speaker, 0.55);
        }
        let adjacent = state.after_quote.is_some_and(|t| from <= t + 3);
        if self.continues(from, state)
            && let Some(last) = state.last()
        {
            return Some(Attribution { cue: None, confidence: last.base * 0.95, ..last.clone() });
        }
        if !adjacent
            && self.verb_first
            && from == state.sentence
            && let Some(speaker) = self.person_behind(to)
        {
            return guess(speaker, 0.45);
        }
        // وقف X أمام بيته. "…"، يقول
        let told = self.after_cue(to).filter(|_| self.verb_first);
        let wanted = told.map(|cue| verbs::agreement(self.words.word(cue)));
        if let Some(speaker) = wanted.and_then(|wanted| self.topic(state, wanted)) {
            return guess(speaker, 0.6);
        }
        let mut found = self.resume(from, state, Agreement::Unknown)?;
        found.confidence *= if adjacent { 0.8 } else { 0.6 };
        Some(found)
    }

    fn quote(
        &self,
        range: Range<usize>,
        kind: QuoteKind,
        by: Option<&Attribution>,
        confidence: f64,
    ) -> Quote {
        let doc = self.words.doc;
        let id = |index: Option<usize>| index.and_then(|s| self.speakers.get(s)).map(|s| s.entity.to_owned());
        let words = |range: &Range<usize>| doc.original(range.clone()).to_owned();
        Quote {
            text: words(&range),
            span: doc.span(range),
            kind,
            speaker: by.and_then(|a| id(a.speaker)),
            speaker_text: by.and_then(|a| a.text.as_ref().map(words)),
            cue: by.and_then(|a| a.cue.as_ref().map(words)),
            read_by: by.and_then(|a| id(a.read_by)),
            confidence: (confidence.clamp(0.0, 1.0) * 100.0).round() / 100.0,
        }
    }
}
