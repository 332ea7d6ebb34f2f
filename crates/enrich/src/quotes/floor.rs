//! Who has the floor: the attribution of the sentence, those before it, and who goes on where a verb has no subject.

use super::Finder;
use super::speaker::Attribution;
use super::verbs::Agreement;

/// How many earlier speakers are kept.
const KEPT: usize = 4;

/// Where the pass stands.
#[derive(Default)]
pub(super) struct State {
    /// First token of the sentence.
    pub sentence: usize,
    /// First token of the sentence before it.
    pub before: usize,
    /// Paragraphs so far.
    pub paragraph: usize,
    /// The attribution opened in this sentence.
    pub current: Option<Attribution>,
    /// Who spoke, the last one at the end.
    past: Vec<Attribution>,
    /// Token after the last direct quote.
    pub after_quote: Option<usize>,
}

impl State {
    /// A sentence begins at token `at`, in which nobody has the floor.
    pub(super) fn begin(&mut self, at: usize) {
        if at > self.sentence {
            self.before = self.sentence;
            self.sentence = at;
        }
        self.current = None;
    }

    /// Who spoke last.
    pub(super) fn last(&self) -> Option<&Attribution> {
        self.past.last()
    }

    /// Who spoke, from the last one on.
    pub(super) fn past(&self) -> impl Iterator<Item = &Attribution> {
        self.past.iter().rev()
    }

    /// Gives the floor to a speaker who is known and not only named in passing, at byte `at` of the text.
    pub(super) fn speaks(&mut self, by: &Attribution, at: usize) {
        if !by.known() || by.passing {
            return;
        }
        let same = |other: &Attribution| match (by.speaker, other.speaker) {
            (Some(a), Some(b)) => a == b,
            (None, None) => by.text == other.text,
            _ => false,
        };
        self.past.retain(|other| !same(other));
        if self.past.len() >= KEPT {
            self.past.remove(0);
        }
        self.past.push(Attribution { at, paragraph: self.paragraph, ..by.clone() });
    }
}

impl Finder<'_> {
    /// Who goes on at token `i` in a form that wants `agreement`: the last speaker whom it fits. How sure that is depends
    /// on how far back he spoke and on who was named since.
    pub(super) fn resume(&self, i: usize, state: &State, agreement: Agreement) -> Option<Attribution> {
        let fits = |by: &&Attribution| {
            // several may be a group named by one word
            agreement.with(by.agreement) || agreement == Agreement::Plural && by.speaker.is_none()
        };
        let (from, agrees) = match state.past().find(fits) {
            Some(from) => (from, if state.last().is_some_and(|last| last.at == from.at) { 1.0 } else { 0.8 }),
            None => (state.last()?, 0.6),
        };
        let far = match state.paragraph.saturating_sub(from.paragraph) {
            0 => 0.96,
            1 => 0.94,
            2 => 0.85,
            _ => 0.7,
        };
        let rival = if self.has_rival(from, i) { 0.85 } else { 1.0 };
        Some(Attribution {
            confidence: from.base * agrees * far * rival,
            base: from.base * 0.98 * agrees,
            agreement: if from.agreement == Agreement::Unknown { agreement } else { from.agreement },
            cue: None,
            ..from.clone()
        })
    }

    /// Whether somebody else is named, not as an object, between where `by` spoke and token `i`.
    pub(super) fn has_rival(&self, by: &Attribution, i: usize) -> bool {
        let entity = by.speaker.and_then(|s| self.speakers.get(s)).map(|s| s.entity);
        let from = self.speakers.partition_point(|s| s.range.start < by.at);
        let between =
            self.speakers.iter().skip(from).take(12).take_while(|s| s.range.end <= self.words.start(i));
        let mut others = between.filter(|s| s.person && Some(s.entity) != entity);
        others.any(|s| !self.is_object(s) && self.pair_around(s.range.start).is_none())
    }
}
