//! Verbs of saying in clauses that tell more of somebody, which do not take the floor: قال دبلوماسي يتابع الملف.

use super::Finder;
use super::cues::{self, Cue};
use super::floor::State;
use super::verbs::{self, List, one_of};

/// Relative pronouns.
pub(super) const RELATIVE: List<'_> = List::of("الذي التي الذين اللذان اللذين اللتان اللتين اللواتي");
/// Words between a noun and its verb, or before a verb, that are no noun.
const NO_NOUNS: List<'_> = List::of(
    "قد لقد فقد وقد ثم أو لا لم لن ما لما كما فيما بينما حين حيث عندما بعدما قبلما حسبما كلما إذ إذا أن إن ألا لكن هو هي هم وهو وهي وهم \
     كان كانت كانوا يكون تكون سوف بل حتى لو أي كيف ماذا هل غير أم منهم منها منه",
);

impl Finder<'_> {
    /// Whether the verb at token `i` stands in a relative clause: تصريحات X التي أكد فيها.
    pub(super) fn is_relative(&self, i: usize) -> bool {
        let before = i.checked_sub(1).map_or("", |t| self.words.word(t));
        self.verb_first && one_of(&RELATIVE, before)
    }

    /// Whether a clause with a verb of its own stands behind "according to".
    pub(super) fn is_clause(&self, t: usize) -> bool {
        matches!(self.words.word(t), "ما" | "لما") && self.cues.get(t + 1) == Some(&Cue::Say)
    }

    /// Whether the verb at token `i` only tells where something was reported: حسبما أكدت مصادر.
    pub(super) fn relays(&self, i: usize) -> bool {
        let word = |back: usize| i.checked_sub(back).map_or("", |t| self.words.word(t));
        let according = i > 1 && self.cues[i - 2] == Cue::According;
        self.verb_first
            && (matches!(word(1), "حسبما" | "وفقما" | "بحسبما")
                || matches!(word(1), "ما" | "لما") && (according || matches!(word(2), "على" | "نحو")))
    }

    /// Whether the verb at token `i` tells more of a noun right before it while what another verb brings is still to
    /// come: `قال دبلوماسي يتابع الملف: "…"`, `قالت الرئاسة في بيان نقلته الوكالة إن`.
    pub(super) fn tells_more(&self, i: usize, state: &State) -> bool {
        if !self.verb_first || self.cues[i] != Cue::Say {
            return false;
        }
        let Some(cue) = state.current.as_ref().filter(|a| a.known()).and_then(|a| a.cue.as_ref()) else {
            return false;
        };
        let main = self.words.doc.token_at(cue.start);
        let Some(noun) = i.checked_sub(1).filter(|&noun| noun > main && main + 24 > i) else { return false };
        let word = self.words.word(noun);
        let told = |t: usize| {
            matches!(self.cues[t], Cue::That | Cue::Participle)
                || self.words.word(t) == ":"
                || matches!(self.words.word(t), "\"" | "«" | "“" | "”")
                    && self
                        .pair_in(&(self.words.start(t)..self.words.end(t)))
                        .is_some_and(|pair| !pair.closed || pair.inner.len() > 60)
        };
        verbs::bare(self.words.word(i)) == self.words.word(i)
            && !self.describes(i)
            && self.cues[main] == Cue::Say
            && self.words.is_word(noun)
            && matches!(self.cues[noun], Cue::None | Cue::Source | Cue::Office | Cue::Title)
            && !cues::definite(self.words, noun)
            && !one_of(&NO_NOUNS, word)
            && word.chars().count() > 2
            && !self.ends_name(noun)
            && !(main + 1..i).any(told)
    }

    /// Whether the verb at token `i` brings what something is called, and no more: معلومات وصفها X بأنها.
    pub(super) fn describes(&self, i: usize) -> bool {
        const CALLED: List<'_> = List::of(
            "وصفه وصفها وصفهم وصفته وصفتها وصفتهم يصفه يصفها تصفه تصفها اعتبره اعتبرها اعتبرته اعتبرتها وصفوه وصفوها وصفوهم يصفونه \
             يصفونها يصفونهم اعتبروه اعتبروها يعتبره يعتبرها تعتبره تعتبرها يعتبرونه يعتبرونها أسماه أسمته أسموه سماه سمته يسميه تسميه يسمونه",
        );
        self.verb_first && one_of(&CALLED, self.words.word(i))
    }

    /// Whether a mention ends with token `t`.
    fn ends_name(&self, t: usize) -> bool {
        let end = self.words.end(t);
        let index = self.speakers.partition_point(|s| s.range.end < end);
        self.speakers.get(index).is_some_and(|s| s.range.start < end && s.range.end >= end)
    }
}
