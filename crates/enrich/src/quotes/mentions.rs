//! Which mention a verb, a noun or a clause points to.

use super::cues::{self, Cue};
use super::{Finder, Speaker};
use std::ops::Range;

use crate::doc::TokenKind;

impl Finder<'_> {
    /// Whether a mention stands behind a preposition: it is spoken to or about.
    pub(super) fn is_object(&self, speaker: &Speaker<'_>) -> bool {
        let before = self.words.text.get(..speaker.range.start).unwrap_or("");
        if before.ends_with(['ل', 'ب', 'ك']) {
            return true;
        }
        let token = self.words.doc.tokens.partition_point(|t| (t.end as usize) <= speaker.range.start);
        token > 0
            && self.cues[token - 1] == Cue::Preposition
            && !matches!(self.words.word(token - 1), "عن" | "de" | "du")
    }

    /// The first person of the sentence before cue `i` who is no object.
    pub(super) fn person_before(&self, i: usize, sentence: usize) -> Option<usize> {
        let (start, end) = (self.words.start(sentence), self.words.start(i));
        let from = self.speakers.partition_point(|s| s.range.start < start);
        let mut objects = None;
        for (index, speaker) in self.speakers.iter().enumerate().skip(from).take(12) {
            if speaker.range.end > end {
                break;
            }
            if speaker.person && !self.is_object(speaker) {
                return Some(index);
            }
            if speaker.person && objects.is_none() {
                objects = Some(index);
            }
        }
        objects
    }

    /// The nearest person before cue `i`, else an organisation right before it.
    pub(super) fn nearest_before(&self, i: usize, from: usize) -> Option<usize> {
        let (start, end) = (self.words.start(from), self.words.start(i));
        let to = self.speakers.partition_point(|s| s.range.start < end);
        let mut found = None;
        for index in (to.saturating_sub(4)..to).rev() {
            let speaker = &self.speakers[index];
            if speaker.range.start < start {
                break;
            }
            let near = self
                .words
                .text
                .get(speaker.range.end..end)
                .is_some_and(|gap| gap.split_whitespace().count() < 2);
            if speaker.person && !self.is_object(speaker) {
                return Some(index);
            }
            if near && found.is_none() {
                found = Some(index);
            }
        }
        found
    }

    /// The words for a subject that is no entity: up to a preposition or mark behind cue `i`.
    pub(super) fn nominal(&self, i: usize, to: usize, any: bool) -> Option<Range<usize>> {
        let head = i + 1;
        if head >= to
            || !self.words.is_word(head)
            || matches!(self.cues[head], Cue::Preposition | Cue::Pronoun)
        {
            return None;
        }
        let noun = matches!(self.cues[head], Cue::Source | Cue::Office | Cue::Name)
            || cues::definite(&self.words, head)
            || any
                && self.verb_first
                && self.cues[head] == Cue::None
                && (self.words.word(head).chars().count() > 3 || self.is_unnamed_subject(i, to));
        if !noun {
            return None;
        }
        let mut end = head + 1;
        while end < to && end < head + 6 && self.words.is_word(end) && self.cues[end] != Cue::Preposition {
            end += 1;
        }
        Some(self.words.start(head)..self.words.end(end - 1))
    }

    /// Whether what stands between the verb of saying at token `i` and what is said, before token `to`, can only be its
    /// subject, though no name that is known: `قال سعدون: "…"`, `وأضاف مون أن`.
    pub(super) fn is_unnamed_subject(&self, i: usize, to: usize) -> bool {
        let (head, words) = (i + 1, to.saturating_sub(i + 1));
        let brings = |t: usize| {
            matches!(self.words.word(t), ":" | "\"" | "«" | "“") || self.cues.get(t) == Some(&Cue::That)
        };
        let plain = |t: usize| {
            self.words.kind(t) == TokenKind::Arabic
                && self.cues[t] == Cue::None
                && self.words.word(t).chars().count() > 2
                && !is_adverb(self.words.word(t))
                && !["ًا", "ها", "هم"].iter().any(|end| self.words.word(t).ends_with(end))
        };
        self.cues[i] == Cue::Say
            && self.verb_first
            && (1..=3).contains(&words)
            && brings(to)
            && (head..to).all(plain)
    }

    /// A person named before token `head` whose name holds all the words from there to before token `to`.
    pub(super) fn named_by(&self, head: usize, to: usize) -> Option<usize> {
        let before = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let holds = |index: &usize| {
            let speaker = &self.speakers[*index];
            let name = self.words.text.get(speaker.range.clone()).unwrap_or("");
            speaker.person && (head..to).all(|t| name.split(' ').any(|part| part == self.words.word(t)))
        };
        (before.saturating_sub(60)..before).rev().find(holds)
    }

    /// The person named last before token `head` in whose title, the few words before the name, the same words stand: the
    /// noun at `head`, and where another noun follows it, that one too.
    pub(super) fn titled(&self, head: usize) -> Option<usize> {
        let bare = |t: usize| {
            let word = self.words.word(t);
            let word = word.strip_prefix('و').filter(|rest| rest.chars().count() > 3).unwrap_or(word);
            word.strip_prefix("ال").unwrap_or(word)
        };
        let (office, of) = (bare(head), head + 1);
        let needs = self.words.is_word(of)
            && self.words.word(of).starts_with("ال")
            && !cues::definite(&self.words, head);
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let holds = |index: &usize| {
            let speaker = &self.speakers[*index];
            let at = self.words.doc.tokens.partition_point(|t| (t.end as usize) <= speaker.range.start);
            let from = at.saturating_sub(6);
            let Some(place) = (from..at).rev().find(|t| bare(*t) == office) else { return false };
            let near = (place..at).all(|t| !self.words.paragraph(t + 1) && !self.stops(t));
            speaker.person && near && (!needs || (place..at).any(|t| bare(t) == bare(of)))
        };
        (to.saturating_sub(60)..to).rev().find(holds)
    }

    /// The mention before token `head` that its definite noun takes up: الوكالة for وكالة الأنباء.
    pub(super) fn named_before(&self, head: usize) -> Option<usize> {
        let noun = self.words.word(head).trim_start_matches('و').strip_prefix("ال")?;
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let starts = |index: &usize| {
            let speaker = &self.speakers[*index];
            let text = self.words.text.get(speaker.range.clone()).unwrap_or("");
            !speaker.person && noun.len() > 4 && text.starts_with(noun)
        };
        (to.saturating_sub(40)..to).rev().find(starts)
    }

    /// The person mentioned last before token `i`.
    pub(super) fn last_person(&self, i: usize) -> Option<usize> {
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(i));
        (to.saturating_sub(10)..to).rev().find(|&index| self.speakers[index].person)
    }

    /// Who a relative clause that holds cue `i` is about: `X الذي …، حينما صرح قائلا`.
    pub(super) fn owner_of_clause(&self, i: usize) -> Option<usize> {
        let relative = (i.saturating_sub(12)..i)
            .rev()
            .find(|&t| matches!(self.words.word(t), "الذي" | "التي" | "والذي" | "والتي"))?;
        let start = self.words.start(relative);
        let to = self.speakers.partition_point(|s| s.range.start < start);
        let speaker = self.speakers.get(to.checked_sub(1)?)?;
        let near = self
            .words
            .text
            .get(speaker.range.end..start)
            .is_some_and(|gap| gap.trim_matches([' ', '،', ',']).is_empty());
        (speaker.person && near).then_some(to - 1)
    }

    /// `X …, Y read it on his behalf, …`: who it was read for, and the reader.
    pub(super) fn on_behalf(&self, sentence: usize, i: usize) -> Option<(usize, Option<usize>)> {
        let at = (sentence..i).rev().take(60).find(|&t| self.cues[t] == Cue::Behalf)?;
        let person = |range: Range<usize>| {
            let from = self.speakers.partition_point(|s| s.range.start < range.start);
            let inside = self
                .speakers
                .iter()
                .enumerate()
                .skip(from)
                .take_while(move |(_, s)| s.range.end <= range.end);
            inside.filter(|(_, s)| s.person).map(|(index, _)| index).collect::<Vec<_>>()
        };
        let (start, middle, end) = (
            self.words.start(sentence.max(at.saturating_sub(80))),
            self.words.start(at),
            self.words.start(i),
        );
        let (before, behind) = (person(start..middle), person(middle..end));
        if matches!(self.words.word(at + 1), "عنه" | "عنها" | "عنهم") {
            return before.last().map(|&speaker| (speaker, behind.first().copied()));
        }
        let speaker = *behind.first()?;
        Some((speaker, before.last().or(behind.get(1)).copied()))
    }
}

/// Words that stand behind a verb of saying and are no subject.
fn is_adverb(word: &str) -> bool {
    const ADVERBS: &str = "أيضا أيضًا ايضا كذلك مؤخرا سابقا لاحقا حينها هنا هناك بدوره بدورها اليوم أمس غدا الآن السبت الأحد الاثنين \
        الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة صباح مساء ظهر فجر ليل قبيل تعليقا ردا إجابة جوابا مازحا ضاحكا باكيا صراحة حرفيا له لها لهم \
        لنا لي عنه عنها فيه فيها إليه به بها هذا هذه ذلك تلك الذي التي كل بعض كما لقد بعدما عندما حين ثم فقط مباشرة تحديدا دائما أكثر";
    ADVERBS.split_whitespace().any(|adverb| adverb == word)
}
