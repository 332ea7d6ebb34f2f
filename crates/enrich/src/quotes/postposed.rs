//! What is reported before the one who says it is named: `أغلق الطريق أمس، بحسب ما أعلنت الشرطة`, `…، كما قال مصدر أمني`.

use std::ops::Range;

use super::Finder;
use super::cues::{self, Cue};
use super::speaker::Attribution;
use super::verbs::{self, List, one_of};

/// How many tokens may stand behind the verb or the preposition, to the end of the sentence.
const TAIL: usize = 16;
/// Tokens from which what stands before is worth listing.
const ENOUGH: usize = 6;
/// Verbs that say by themselves what stands before: كما قال X.
const AS: List<'_> = List::of(
    "قال قالت يقول تقول أعلن أعلنت أفاد أفادت ذكر ذكرت يذكر أوضح أوضحت أكد أكدت صرح صرحت أورد أوردت نقل نقلت أعلنه أعلنته ذكره ذكرته قاله قالته أكده أكدته أورده أوردته",
);
/// What has a name behind it and speaks.
const VOICES: List<'_> = List::of(
    "صحيفة جريدة مجلة قناة شبكة وكالة موقع إذاعة تلفزيون منظمة هيئة شركة مؤسسة وزارة بنك مجموعة جمعية مركز معهد جامعة حركة حزب",
);

/// What things are ordered or counted by, behind "according to": حسب عدد الغرف.
const MEASURES: List<'_> = List::of(
    "عدد نوع حجم مدى درجة طبيعة ظروف حاجة قدرة ترتيب فئة أهمية أولوية حالة طلب عمر جنس سن تخصص نسبة سعر قيمة مساحة مستوى \
    الحاجة القدرة الترتيب الفئة الأهمية الأولوية الحالة الظروف الطلب العمر الجنس السن التخصص المستوى الحجم النوع السعر",
);

impl Finder<'_> {
    /// Whether "according to" at token `i` tells by what something goes, and not who says it: حسب عدد الغرف, وفقا لحجم الضرر; but:
    /// حسب عدد من السكان, بحسب عمر X.
    pub(super) fn is_measure(&self, i: usize) -> bool {
        if !self.verb_first || self.cues[i] != Cue::According {
            return false;
        }
        let noun = self.words.word(i + 1);
        let noun = noun
            .strip_prefix("لل")
            .or(noun.strip_prefix('ل'))
            .filter(|n| n.chars().count() > 2)
            .unwrap_or(noun);
        let name = self.mention_at(self.words.start(i + 1)).is_some();
        one_of(&MEASURES, noun) && !name && self.is_source(i) && self.words.word(i + 2) != "من"
    }

    /// What the sentence says before the cue at token `i`, where that only names whoever says it, as `by` tells.
    pub(super) fn said_before(&self, i: usize, sentence: usize, by: &Attribution) -> Option<Range<usize>> {
        let from = self.postposed(i)?;
        if !self.verb_first || !by.known() || from < sentence + ENOUGH {
            return None;
        }
        let end = (i + 1..self.words.len().min(i + TAIL) + 1)
            .find(|&t| self.words.paragraph(t) || self.sentence_ends(t))?;
        let says = |t: usize| matches!(self.cues[t], Cue::Say | Cue::Participle | Cue::According);
        let opens =
            |t: usize| self.cues[t] == Cue::That || matches!(self.words.word(t), ":" | "\"" | "«" | "“");
        if (sentence..from).any(|t| says(t) || self.words.word(t) == ":") {
            return None;
        }
        let behind = self.behind_source(i, by)?;
        let whole = self.words.word(from) == "كما";
        if (behind..end).any(|t| says(t) || opens(t)) || !self.is_tail(behind, end, whole) {
            return None;
        }
        // …، وذلك بحسب X
        let to = from - usize::from(matches!(self.words.word(from - 1), "وذلك" | "وهذا"));
        // يذكر أن …، بحسب X
        let told = matches!(verbs::bare(self.words.word(sentence)), "يذكر" | "يشار")
            && self.cues.get(sentence + 1) == Some(&Cue::That);
        let from = sentence + if told { 2 } else { 0 };
        let clause = self.clause(from, to)?;
        // وأدى الهجوم إلى …: the و is the reporter's
        Some(clause.start + self.conjunction(from)..clause.end)
    }

    /// How many bytes of the word at token `t` are the و that joins its sentence to the one before.
    fn conjunction(&self, t: usize) -> usize {
        let apart = self.words.doc.tokens.get(t).is_some_and(|token| token.proclitic > 0);
        let word = self.words.word(t);
        // وأدى, which without its hamza would be a valley
        let joined = word.starts_with('و') && apart || word.starts_with("وأ") || word.starts_with("وإ");
        if joined { 'و'.len_utf8() } else { 0 }
    }

    /// The first token of the phrase or clause with the cue at token `i` that may follow what is said.
    fn postposed(&self, i: usize) -> Option<usize> {
        let before = i.checked_sub(1)?;
        let word = self.words.word(before);
        let bare = verbs::bare(self.words.word(i));
        match self.cues[i] {
            Cue::According => (self.is_source(i) || self.words.folded(i) == "نقلا").then_some(i),
            Cue::Say if matches!(word, "كما" | "حسبما" | "وفقما" | "بحسبما") => {
                one_of(&AS, bare).then_some(before)
            }
            Cue::Say if matches!(word, "ما" | "لما") && self.relays(i) => before.checked_sub(1),
            _ => None,
        }
    }

    /// The token behind the words that name the speaker of the cue at token `i`, if they stand right behind it.
    fn behind_source(&self, i: usize, by: &Attribution) -> Option<usize> {
        let voice = |t: usize| {
            let noun = self.bare(t);
            let noun = noun.strip_prefix("لل").or(noun.strip_prefix('ل')).unwrap_or(noun);
            matches!(self.cues[t], Cue::Office | Cue::Source)
                || one_of(&VOICES, noun)
                || one_of(&cues::DOCUMENTS, noun)
        };
        let said = self.cues[i] == Cue::Say;
        let (start, end) = match (by.speaker.and_then(|s| self.speakers.get(s)), &by.text) {
            (Some(speaker), _) if said || !speaker.place => (speaker.range.start, speaker.range.end),
            (None, Some(text)) if said || voice(self.words.doc.token_at(text.start)) => {
                (text.start, text.end)
            }
            _ => return None,
        };
        let at = self.words.doc.token_at(start);
        let head = self.head(i);
        if start < self.words.start(head) || at > head + 8 {
            return None;
        }
        // وفقا لنظام الوزارة: not hers
        let title = head..at;
        let named = by.speaker.is_none()
            || at <= head
            || voice(head)
            || said && self.speakers.get(by.speaker?).is_some_and(|s| s.person);
        (named && title.len() < 8).then(|| self.token_at(end, at))
    }

    /// Whether nothing but where and when it was said stands from token `from` to before token `end`. `whole` where the verb
    /// would have an object if it told of something else: كما أعلن X عن.
    fn is_tail(&self, from: usize, end: usize, whole: bool) -> bool {
        let Some(first) = (from..end).next() else { return true };
        let word = self.words.word(first);
        matches!(word, "،" | "," | "»" | "\"" | ")" | "في" | "عبر" | "خلال" | "أمس" | "اليوم" | "(")
            || self.is_time(first)
            || self.is_open(first)
            || self.is_prepositional(first)
            || !whole && (matches!(word, "على" | "عن" | "من") || cues::definite(self.words, first))
    }
}
