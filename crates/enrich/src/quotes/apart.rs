//! Subjects that stand before their verb: أما X فقال, أن مسؤولا قال; and what a sentence begins with that is no subject.

use std::ops::Range;

use super::Finder;
use super::cues::{self, Cue};
use super::speaker::Attribution;
use super::verbs::{self, Agreement, List, one_of};

/// How many tokens a subject before its verb may have.
const REACH: usize = 14;
/// Words after which a clause has its subject first.
const CLAUSE: List<'_> = List::of("فإن فان لكن ولكن وأن وإن");
/// What a sentence begins with that says what somebody was asked or speaks about.
const ASIDES: List<'_> = List::of(
    "عن وعن عما وعما حول وحول بشأن وبشأن بخصوص وبخصوص ردا وردا تعليقا وتعليقا بسؤاله وبسؤاله بسؤالها وبسؤالها بالنسبة وبالنسبة إجابة \
     وإجابة جوابا وجوابا",
);

impl Finder<'_> {
    /// Who is set apart at the head of the sentence of the verb at token `i`: أما X فقال.
    pub(super) fn set_apart(&self, i: usize, sentence: usize, by: &Attribution) -> Option<Attribution> {
        if !self.verb_first || i > sentence + 3 * REACH {
            return None;
        }
        let apart =
            (sentence..i.min(sentence + 2)).find(|&t| matches!(self.words.word(t), "أما" | "وأما"))?;
        if self.begins_aside(apart, true) || self.cues.get(apart + 1) == Some(&Cue::Preposition) {
            return None;
        }
        let before = self.words.word(i - 1);
        let word = self.words.word(i);
        let then =
            matches!(before, "فقد" | "فإنه" | "فإنها") || verbs::bare(word) != word && word.starts_with('ف');
        if !then {
            return None;
        }
        let (start, end) = (self.words.start(apart + 1), self.words.start(i));
        let from = self.speakers.partition_point(|s| s.range.start < start);
        let inside = || self.speakers.iter().enumerate().skip(from).take_while(|(_, s)| s.range.end <= end);
        if let Some((index, _)) = inside().find(|(_, s)| s.person && !self.is_object(s)) {
            return Some(by.named(index, 0.8));
        }
        let near = |s: &super::Speaker<'_>| {
            let noun = self.words.doc.token_at(s.range.start);
            noun == apart + 1 || noun == apart + 2 && self.cues.get(apart + 1) == Some(&Cue::Name)
        };
        match inside().next() {
            Some((index, speaker)) if near(speaker) => Some(by.named(index, 0.85)),
            _ => {
                let bracket = usize::from(self.words.word(apart + 1) == "(");
                Some(by.spoken(self.noun_phrase(apart + 1 + bracket, i)?, 0.65))
            }
        }
    }

    /// The words for somebody without a name who stands between "that" and the verb at token `i`: `أن مسؤولا في الوزارة،
    /// قال`, `إن خبراء يقولون`.
    pub(super) fn source_behind_that(&self, i: usize, sentence: usize) -> Option<Range<usize>> {
        let plain = verbs::bare(self.words.word(i)) == self.words.word(i);
        if !self.verb_first || !plain || self.is_relative(i) {
            return None;
        }
        let that = (sentence..i).rev().take(REACH).find(|&t| {
            matches!(self.cues[t], Cue::That | Cue::Say | Cue::Participle)
                || one_of(&CLAUSE, self.words.word(t))
        })?;
        let opens = self.cues[that] == Cue::That || one_of(&CLAUSE, self.words.word(that));
        let head = that + 1;
        let word = self.words.word(head);
        let source = self.cues[head] == Cue::Source
            || word.strip_suffix('ا').is_some_and(|word| cues::of(word) == Cue::Source);
        let several = verbs::agreement(self.words.word(i)) == Agreement::Plural
            && ["ين", "ي", "ات", "اء"].iter().any(|end| word.ends_with(end))
            && word.chars().count() > 3;
        if !opens || head >= i || !(source || several) {
            return None;
        }
        let index = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let named = self.speakers.get(index).is_some_and(|s| s.person && s.range.end <= self.words.start(i));
        self.noun_phrase(head, i).filter(|_| !named)
    }

    /// Whether the sentence begins with what somebody speaks about, so that whom it names there does not speak. Nobody may
    /// have spoken before only where that is set apart: أما عن X فقال.
    pub(super) fn begins_aside(&self, sentence: usize, spoken: bool) -> bool {
        let apart = matches!(self.words.word(sentence), "أما" | "وأما");
        let from = sentence + usize::from(apart);
        let (first, next) = (self.words.word(from), self.words.word(from + 1));
        self.verb_first
            && (spoken || apart)
            && (one_of(&ASIDES, first)
                || matches!(first, "في" | "وفي" | "لدى" | "ولدى" | "عند" | "وعند")
                    && matches!(
                        next,
                        "رده"
                            | "ردها"
                            | "سؤاله"
                            | "سؤالها"
                            | "تعليقه"
                            | "تعليقها"
                            | "معرض"
                            | "إجابته"
                    )
                || matches!(first, "فيما" | "وفيما") && matches!(next, "يخص" | "يتعلق"))
    }
}
