//! Subjects that another verb of the sentence brings: كان السفير قد قال, أصدرت الحركة بيانا أكدت فيه.

use super::Finder;
use super::cues::{self, Cue};
use super::floor::State;
use super::speaker::Attribution;
use super::verbs::{self, one_of};

/// Verbs of publishing something that is quoted afterwards.
const PUBLISH: &str = "نشر نشرت ينشر تنشر أصدر أصدرت أطلق أطلقت وجه وجهت بعث بعثت أرسل أرسلت وزع وزعت أذاع أذاعت بث بثت ألقى ألقت عمم عممت";

impl Finder<'_> {
    /// The subject of the verb at token `i` where it stands behind كان, or with a title, at the
    /// head of the sentence: وكان السفير قد قال.
    pub(super) fn behind_was(
        &self,
        i: usize,
        sentence: usize,
        by: &Attribution,
        state: &State,
    ) -> Option<Attribution> {
        let was = (sentence..i.min(sentence + 3))
            .find(|&t| matches!(self.words.word(t), "كان" | "كانت" | "وكان" | "وكانت" | "فكان" | "فكانت"));
        // المستشار في الديوان قال
        let titled = || sentence.checked_sub(1).filter(|_| self.cues[sentence] == Cue::Office);
        let was = was.or_else(titled)?;
        if !self.verb_first || i > was + 16 || i < was + 2 {
            return None;
        }
        let plain = verbs::bare(self.words.word(i)) == self.words.word(i);
        let clause = (was + 1..i).any(|t| {
            matches!(self.cues[t], Cue::That | Cue::Say | Cue::Participle)
                || matches!(self.words.word(t), "،" | ",")
        });
        if !plain || clause {
            return None;
        }
        self.subject_of(was, i, by, state)
    }

    /// Who published the document that the verb at token `i` tells of: `أصدرت X بيانا، أكدت فيه`.
    pub(super) fn publisher(
        &self,
        i: usize,
        sentence: usize,
        by: &Attribution,
        state: &State,
    ) -> Option<Attribution> {
        let published = (sentence..i)
            .take(20)
            .find(|&t| self.verb_first && one_of(PUBLISH, verbs::bare(self.words.word(t))))?;
        let document = (published + 2..i).take(30).find(|&t| {
            let word = self.words.word(t);
            let word = word.strip_suffix("ًا").or(word.strip_suffix('ا')).unwrap_or(word);
            one_of(cues::DOCUMENTS, word.strip_prefix("ال").unwrap_or(word))
        })?;
        let subject = self.subject_of(published, document, by, state)?;
        Some(Attribution { confidence: subject.confidence * 0.85, base: subject.base * 0.9, ..subject })
    }
}
