//! What a verb of saying brings in Arabic: which أن is its own, and where what it reports ends.

use std::ops::Range;

use super::Finder;
use super::cues::{self, Cue};
use super::verbs::{self, List, one_of};
use crate::doc::TokenKind;

/// How far behind its verb the أن may stand, in tokens.
const REACH: usize = 40;
/// How long what is reported may be, in tokens.
const LONGEST: usize = 200;
/// Words that make a conjunction with أن: بعد أن, حتى أنه.
const JOINED: List<'_> = List::of(
    "بعد قبل دون منذ غير إلا مع رغم برغم لولا حتى خاصة خصوصا وخاصة وخصوصا لاسيما سيما طالما كما فور ريثما لدرجة شرط بشرط بمجرد مجرد أجل بدل عوض \
     ذلك علما لحين حين عدا سوى دونما قبيل بعيد",
);
/// Verbs, and adjectives that stand for them, to which an أن right behind them belongs: يبدو أن, من المقرر أن.
const MODAL: List<'_> = List::of(
    "يمكن يمكنه يمكنها يمكنهم يجب ينبغي يبدو بدا يريد تريد يريدون أراد أرادت يستطيع تستطيع يستطيعون يحاول يحاولون تحاول حاول حاولت الممكن المتوقع المفترض المرجح المقرر المنتظر \
     المستحيل الضروري المحتمل المفروض المؤمل الأفضل الصعب الطبيعي اللافت المؤكد الواضح المعروف قرر قررت قرروا يقرر تقرر يجوز يحق يصعب يسهل يجدر سبق يكفي يكاد تكاد \
     بد لابد يفضل تفضل يأمل تأمل يأملون يود تود اعتاد أوشك يوشك كاد كادت يستحق يخشى تخشى يحتمل يعقل يعني تعني يفترض يرجى تمكن تمكنت",
);
/// Words behind a semicolon with which what is said goes on.
const GOES_ON: List<'_> = List::of("لأن لأنه لأنها لأنهم إذ كي لكي بل أو وأن وأنه وأنها مما بهدف");
/// What is said or written on an occasion, and the occasion.
const OCCASIONS: List<'_> = List::of(
    "تصريح تصريحات بيان كلمة خطاب مؤتمر لقاء مقابلة حديث حوار اجتماع رد جلسة تغريدة تغريدات منشور تدوينة مداخلة رسالة اتصال ندوة تقرير مقال حوارات",
);
/// Participles that only say.
const SAYING: List<'_> = List::of(
    "مشددا مؤكدا نافيا داعيا مطالبا مشيرا موضحا قائلا مضيفا مبينا معربا منوها محذرا معتبرا مشددة مشيرة قائلة موضحة مضيفة",
);
/// Verbs with which another answers what is reported: وهو ما نفته الوزارة.
const ANSWERS: List<'_> = List::of("نفاه نفته نفوه ينفيه تنفيه أكده أكدته رفضه رفضته أيده أيدته");

impl Finder<'_> {
    /// What the cue at token `i` reports: from behind its أن to the end of what it brings.
    pub(super) fn complement(&self, i: usize) -> Option<Range<usize>> {
        let that = self.brought(i)?;
        let before = self.words.end(i)..self.words.start(that) + 1;
        if self.pair_in(&before).is_some_and(|pair| pair.outer.end > before.end) {
            return None;
        }
        let mut to = that + 1;
        while to < self.words.len() && to < that + LONGEST {
            let ends = self.words.paragraph(to) || self.sentence_ends(to);
            if ends || to > that + 1 && self.is_left(to) {
                break;
            }
            to += 1;
        }
        self.clause(that + 1, to)
    }

    /// The words from token `from` to before token `to` where they are worth listing: enough of them, and not what is quoted.
    pub(super) fn clause(&self, from: usize, mut to: usize) -> Option<Range<usize>> {
        let start = self.words.start(from);
        while to > from && self.words.kind(to - 1) == TokenKind::Punct && !self.closes_within(to - 1, start) {
            to -= 1;
        }
        if to < from + 3 {
            return None;
        }
        let range = start..self.words.end(to - 1);
        let first = self.pairs.partition_point(|pair| pair.outer.start < range.start);
        let pairs = self.pairs[first..].iter().take_while(|pair| pair.outer.start < range.end);
        let mut quoted = 0;
        for pair in pairs.filter(|pair| !pair.nested) {
            quoted += pair.inner.len();
            // أن "البرج" أعلى من غيره: a name that begins the clause
            let begins = pair.outer.start < range.start + 2;
            let name = self.words.text.get(pair.inner.clone())?.split_whitespace().count() <= 2;
            if !pair.closed || begins && !name {
                return None;
            }
        }
        (2 * quoted < range.len()).then_some(range)
    }

    /// Whether the mark at token `t` closes something opened at byte `start` or behind it.
    fn closes_within(&self, t: usize, start: usize) -> bool {
        let word = self.words.word(t);
        if matches!(word, ")" | "]") {
            let inside = self.words.text.get(start..self.words.start(t)).unwrap_or("");
            return inside.contains(['(', '[']);
        }
        let end = self.words.end(t);
        let first = self.pairs.partition_point(|pair| pair.outer.start < start);
        let mut inside = self.pairs[first..].iter().take_while(|pair| pair.outer.start < end);
        word == "%" || inside.any(|pair| pair.closed && pair.outer.end == end)
    }

    /// The أن, or the فإن behind a source, that belongs to the cue at token `i`.
    fn brought(&self, i: usize) -> Option<usize> {
        // بحسب X, وفق ما قال X
        let then = self.cues[i] == Cue::According && self.is_source(i) || self.relays(i);
        // what another أن than the verb's own has opened goes on to the next verb of saying
        let mut open = false;
        for t in i + 1..self.words.len().min(i + REACH) {
            if self.stops(t) {
                // قال X: إن
                let colon = self.words.word(t) == ":" && self.cues.get(t + 1) == Some(&Cue::That);
                return (colon && !then && !open && !self.words.paragraph(t)).then_some(t + 1);
            }
            let so = matches!(self.words.word(t), "فإن" | "فان" | "فإنه" | "فإنها" | "فإنهم");
            if then && so && !self.is_in_name(t) {
                return Some(t);
            }
            match self.cues[t] {
                // حسب الصحيفة أن
                Cue::That if then && (t > i + 8 || self.is_anothers(i, t)) => return None,
                Cue::That if self.is_anothers(i, t) => {
                    if matches!(self.words.word(t - 1), "إلا" | "غير" | "ذلك" | "علما" | "كما")
                    {
                        return None;
                    }
                    open = true;
                }
                // قال، بعد أن التقى X، إن
                Cue::That if open && !self.words.word(t).starts_with('إ') => return None,
                Cue::That => return Some(t),
                Cue::Say if then && self.is_relative(t) || self.is_published(t) => {}
                Cue::Say | Cue::Participle => return None,
                _ => {}
            }
        }
        None
    }

    /// Whether the preposition at token `i` only names a source: بحسب X.
    pub(super) fn is_source(&self, i: usize) -> bool {
        const SOURCE: List<'_> = List::of("بحسب حسب وفقا وفق برأي وبحسب وحسب ووفقا ووفق وبرأي");
        one_of(&SOURCE, self.words.folded(i))
    }

    /// Whether the verb at token `t` only tells where something appeared: تصريحات نقلتها الصحيفة.
    fn is_published(&self, t: usize) -> bool {
        let object = ["ها", "ه"].iter().any(|end| self.words.word(t).ends_with(end));
        let noun = t.checked_sub(1).map_or("", |t| self.words.word(t));
        object && one_of(&cues::DOCUMENTS, noun.strip_prefix('ل').unwrap_or(noun))
    }

    /// Whether the أن at token `t` belongs to another word than the cue at token `i`: بعد أن, يمكن أن.
    fn is_anothers(&self, i: usize, t: usize) -> bool {
        let before = t - 1;
        if before <= i {
            return false;
        }
        let word = self.words.word(before);
        // ذلك أن is because; but: أكدت إثر ذلك أن
        const AFTER: List<'_> = List::of("إثر بعد عقب قبل خلال رغم مع");
        if word == "ذلك" && before > i + 1 && one_of(&AFTER, self.words.word(before - 1)) {
            return false;
        }
        let modal = |t: usize| {
            let word = self.words.word(t);
            one_of(&MODAL, word)
                || one_of(&MODAL, verbs::bare(word))
                || one_of(&MODAL, word.trim_start_matches("سي"))
        };
        // يمكن للشركة أن
        let near = before > i + 1 && self.is_prepositional(before) && modal(before - 1);
        one_of(&JOINED, word) || one_of(&JOINED, verbs::bare(word)) || modal(before) || near
    }

    /// Whether what is reported ends before token `t`: another verb of saying, or what whoever wrote the text adds.
    fn is_left(&self, t: usize) -> bool {
        let (word, next) = (self.words.word(t), t + 1);
        match word {
            // unless somebody is said to say more, what is behind it goes on: حالة تشنج حادة؛ أفقدته الوعي
            "؛" | ";" => {
                let says = |t: usize| matches!(self.cues.get(t), Some(Cue::Say | Cue::Participle));
                return self.words.word(next) == "حيث"
                    || !one_of(&GOES_ON, self.words.word(next))
                        && (next..next + 3).find(|&t| says(t)).is_some_and(|t| self.brings_soon(t, 8));
            }
            "،" | "," => return self.is_added(next),
            _ => {}
        }
        match self.cues[t] {
            // الطريق مفتوح وأضاف أن
            Cue::Say if word.starts_with('و') && verbs::bare(word) != word => self.brings_soon(t, 8),
            // مشددا على; but: أصبح مهددا
            Cue::Participle => one_of(&SAYING, word.trim_end_matches('ً')) || self.brings_soon(t, 4),
            _ if matches!(word, "لكنه" | "ولكنه" | "لكنها" | "ولكنها") => {
                self.cues.get(next) == Some(&Cue::Say)
            }
            Cue::According => {
                const HIS: List<'_> = List::of(
                    "تعبيره تعبيرها تعبيرهم قوله قولها قولهم وصفه وصفها وصفهم زعمه زعمها زعمهم رأيه رأيها",
                );
                let named = self.cues.get(next) == Some(&Cue::Source) || one_of(&HIS, self.words.word(next));
                self.is_clause(next) || named
            }
            _ => self.is_as_said(t),
        }
    }

    /// The same of the word behind a comma, at token `t`.
    fn is_added(&self, t: usize) -> bool {
        let next = self.words.word(t + 1);
        let noun = self.words.word(t + 2);
        match self.words.word(t) {
            // another one says something else: فيما يرى المنتقدون أن; figures go on: فيما بلغ عدد الزوار
            "فيما" | "وفيما" | "أما" | "وأما" => {
                self.cues.get(t + 1) == Some(&Cue::Say) || self.speaks_soon(t + 1)
            }
            "وذلك" => {
                let noun = noun.strip_prefix("ال").unwrap_or(noun);
                let occasion = noun.strip_suffix(['ه', 'ا']).unwrap_or(noun);
                matches!(next, "حسب" | "بحسب" | "وفق" | "وفقا" | "حسبما" | "ردا" | "تعليقا")
                    || matches!(next, "في" | "خلال" | "ضمن" | "أثناء" | "عبر" | "عقب")
                        && (one_of(&OCCASIONS, noun) || one_of(&OCCASIONS, occasion))
            }
            "وهو" => next == "ما" && one_of(&ANSWERS, noun),
            "لكن" | "ولكن" | "لكنه" | "ولكنه" | "لكنها" | "ولكنها" | "بيد" | "بينما" | "إلا" => {
                self.speaks_soon(t + 1)
            }
            "قبل" => next == "أن" && self.cues.get(t + 2) == Some(&Cue::Say),
            "على" => next == "حد" || self.is_as_said(t),
            _ => {
                matches!(self.cues.get(t), Some(Cue::Participle | Cue::Say | Cue::According))
                    || self.is_as_said(t)
            }
        }
    }

    /// Whether a clause at token `t` says who said what stands before it: كما أوضح X, على ما قالت.
    fn is_as_said(&self, t: usize) -> bool {
        let says = |t: usize| self.cues.get(t) == Some(&Cue::Say);
        match self.words.word(t) {
            "كما" | "حسبما" | "وفقما" | "بحسبما" => says(t + 1),
            "على" => self.words.word(t + 1) == "ما" && says(t + 2),
            _ => false,
        }
    }

    /// Whether a verb of saying stands at token `t` or just behind, and brings what is said.
    fn speaks_soon(&self, t: usize) -> bool {
        let says = |t: &usize| self.cues.get(*t) == Some(&Cue::Say);
        (t..t + 3).find(says).is_some_and(|t| self.brings_soon(t, 8))
    }

    /// Whether the cue at token `t` brings what is said within `reach` tokens.
    fn brings_soon(&self, t: usize, reach: usize) -> bool {
        (t + 1..self.words.len().min(t + reach)).take_while(|&t| !self.words.paragraph(t)).find_map(|t| {
            match self.cues[t] {
                Cue::That => Some(true),
                Cue::Say | Cue::Participle => Some(false),
                _ => matches!(self.words.word(t), ":" | "\"" | "«" | "“").then_some(true),
            }
        }) == Some(true)
    }
}
