//! A cue and who speaks by it.

use std::ops::Range;

use super::verbs::Agreement;

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
    /// Whether he only says what something is called, and does not take the floor.
    pub passing: bool,
    /// Whether he is an organisation right behind the verb that begins the sentence.
    pub head: bool,
    /// 0 to 1.
    pub confidence: f64,
    /// How sure it was when the speaker was named.
    pub base: f64,
    /// What verbs that go on have to agree with.
    pub agreement: Agreement,
    /// Byte at which he spoke last.
    pub at: usize,
    /// Paragraph in which he spoke last.
    pub paragraph: usize,
}

impl Attribution {
    /// The same with a speaker who is named.
    pub(super) fn named(&self, speaker: usize, confidence: f64) -> Self {
        Self { speaker: Some(speaker), confidence, base: confidence, ..self.clone() }
    }

    /// The same with the words for a speaker.
    pub(super) fn spoken(&self, text: Range<usize>, confidence: f64) -> Self {
        Self { text: Some(text), confidence, base: confidence, ..self.clone() }
    }

    /// Whether it says who speaks.
    pub(super) fn known(&self) -> bool {
        self.speaker.is_some() || self.text.is_some()
    }
}
