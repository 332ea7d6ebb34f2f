//! The words of a subject that is no known name.

use std::ops::Range;

use super::Finder;
use super::cues::{self, Cue};
use super::marks::Pair;
use super::verbs::{self, Agreement, List, one_of};
use crate::doc::TokenKind;

/// Words for when something is said, which stand where its subject could.
const TIMES: List<'_> = List::of(
    "السبت الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة أمس اليوم غدا الليلة صباح مساء ظهر فجر ليل ليلة يوم نهاية",
);
/// The same, where they begin the phrase: الأمين العام is no time.
const PERIODS: List<'_> = List::of("مطلع بداية منتصف الأسبوع الشهر العام عصر");
/// What goes on with a time.
const OF_TIMES: List<'_> = List::of("الماضي الماضية المقبل الجاري الحالي نفسه ذاته");
/// Plurals of things and groups, which want a feminine verb, and what is only ever called upon.
const FEMININE: List<'_> = List::of("الدول الشعوب القوى الأمم الفصائل الأحزاب الجماهير البلدان الحكومات");
/// Definite nouns that are no subject of a feminine verb.
const MASCULINE: List<'_> =
    List::of("المجتمع القرار الاتفاق القانون الهجوم الحادث المشروع العالم القضاء الشعب البرلمان النظام");
/// Verbs that call upon somebody, and what is called upon more than it calls.
const CALLS: List<'_> = List::of("دعا دعت يدعو تدعو طالب طالبت يطالب تطالب ناشد ناشدت حث حثت يحث حذر حذرت");
/// Verbal nouns of saying, which are said again: جدد التأكيد.
const VERBAL: List<'_> = List::of(
    "التأكيد الدعوة الرفض الإشارة التذكير القول التحذير المطالبة الالتزام الشكر الترحيب الإعراب التعبير السؤال الطلب النفي",
);
/// A name in quotation marks has no more words.
const NAME: usize = 5;

impl Finder<'_> {
    /// The words for a subject that is no entity: up to a preposition or mark behind cue `i`. `any` takes any noun.
    pub(super) fn nominal(&self, i: usize, to: usize, any: bool) -> Option<Range<usize>> {
        let head = self.noun_behind(i, to)?;
        if let Some(pair) = self.name_in_marks(head) {
            return Some(pair.inner.clone());
        }
        if let Some(counted) = self.counted(head, to) {
            return Some(counted);
        }
        if !self.words.is_word(head)
            || matches!(self.cues[head], Cue::Preposition | Cue::Pronoun)
            || self.is_accusative(i, head)
        {
            return None;
        }
        let word = self.words.word(head);
        let noun = matches!(self.cues[head], Cue::Source | Cue::Office | Cue::Name)
            || cues::definite(self.words, head)
            || self.is_nominative(head)
            // أم أحمد
            || self.verb_first && matches!(word, "أم" | "أبو") && self.words.is_word(head + 1)
            || any
                && self.verb_first
                && matches!(self.cues[head], Cue::None | Cue::Title)
                && !is_adverb(word)
                && !["ها", "هم"].iter().any(|end| word.ends_with(end))
                && (word.chars().count() > if verbs::has_no_object(self.words.word(i)) { 2 } else { 3 }
                    || self.is_unnamed_subject(i, to));
        if noun { self.noun_phrase(head, to) } else { None }
    }

    /// The first token of the subject of cue `i`, before token `to`: behind when it was said and to whom.
    pub(super) fn noun_behind(&self, i: usize, to: usize) -> Option<usize> {
        let first = self.head(i);
        let mut head = first;
        while self.verb_first
            && head < to
            && (one_of(&TIMES, self.words.word(head))
                || one_of(&PERIODS, self.words.word(head))
                || head > first && one_of(&OF_TIMES, self.words.word(head)))
        {
            head += 1;
        }
        if let Some(behind) = self.addressee(head).filter(|&behind| behind < to) {
            head = behind;
        }
        // هذا المسؤول
        let this = matches!(self.words.word(head), "هذا" | "هذه" | "هؤلاء");
        if this && self.verb_first && head + 1 < to && cues::definite(self.words, head + 1) {
            head += 1;
        }
        // بالبيردي is a name
        let aside = self.cues[i] != Cue::According && self.is_prepositional(head);
        if aside && self.named_by(head, head + 1).is_none() {
            // قال للصحفيين مسؤول أمني
            let behind = (head + 1..to.min(head + 6)).take_while(|&t| self.cues[t] != Cue::Preposition);
            let speaks = |t: &usize| {
                matches!(self.cues[*t], Cue::Source | Cue::Office)
                    && !cues::definite(self.words, *t)
                    && !self.is_prepositional(*t)
            };
            head = behind.filter(|t| self.words.is_word(*t)).find(speaks)?;
        }
        (head < to).then_some(head)
    }

    /// Whether the word at token `t` says when something happens.
    pub(super) fn is_time(&self, t: usize) -> bool {
        let word = verbs::bare(self.words.word(t));
        one_of(&TIMES, word) || one_of(&PERIODS, word)
    }

    /// The token behind an addressee in quotation marks at token `t`: قال ل"صوت الشمال", أضاف «للمدينة».
    fn addressee(&self, t: usize) -> Option<usize> {
        let mark = t + usize::from(self.words.word(t) == "ل");
        if !self.verb_first || !matches!(self.words.word(mark), "\"" | "«" | "“" | "”") {
            return None;
        }
        let pair = self.pair_in(&(self.words.start(mark)..self.words.end(mark)))?;
        let inside = self.words.text.get(pair.inner.clone())?;
        let to_whom = mark > t || inside.starts_with("لل");
        (pair.closed && to_whom && inside.split_whitespace().count() <= NAME)
            .then(|| self.token_at(pair.outer.end, mark))
    }

    /// The number at token `head` with what it counts: `قال 14% إن`, `نددت 19 منظمة ب`.
    fn counted(&self, head: usize, to: usize) -> Option<Range<usize>> {
        let next = head + 1;
        if !self.verb_first || self.words.kind(head) != TokenKind::Number || head >= to {
            return None;
        }
        let start = self.words.start(head);
        let share = matches!(self.words.word(next), "%" | "٪" | "بالمئة" | "بالمائة");
        if share || self.words.word(head).ends_with(['%', '٪']) {
            return Some(start..self.words.end(if share { next } else { head }));
        }
        if self.words.word(next) == "في" && matches!(self.words.word(next + 1), "المئة" | "المائة")
        {
            return Some(start..self.words.end(next + 1));
        }
        let plain = matches!(self.cues.get(next), Some(Cue::None | Cue::Source | Cue::Office | Cue::Name));
        let phrase = self.noun_phrase(next, to).filter(|_| plain && !cues::definite(self.words, next))?;
        Some(start..phrase.end)
    }

    /// Whether ب, ل or ك is written onto the word at token `t`: للصحفيين, بحماس.
    pub(super) fn is_prepositional(&self, t: usize) -> bool {
        const ONTO: List<'_> = List::of(
            "لرويترز لفرانس لوكالة لصحيفة لقناة لشبكة لموقع لإذاعة لمجلة لبرنامج عليه عليها بكل بكثير",
        );
        let word = self.words.word(t);
        self.verb_first
            && (self.carries(t, &['ب', 'ل', 'ك'])
                || word.starts_with("لل") && word.chars().count() > 4
                || one_of(&ONTO, word))
    }

    /// Whether one of these letters is written onto the word at token `t`.
    fn carries(&self, t: usize, letters: &[char]) -> bool {
        self.words.doc.tokens.get(t).is_some_and(|token| {
            let lead = token.start as usize..token.start as usize + usize::from(token.proclitic);
            token.proclitic > 0 && self.words.text.get(lead).is_some_and(|lead| lead.contains(letters))
        })
    }

    /// Whether the noun at token `t` is a plural that only a subject has: مقاتلو الحركة.
    fn is_nominative(&self, t: usize) -> bool {
        let word = self.words.word(t);
        self.verb_first
            && self.cues[t] == Cue::None
            && self.words.kind(t) == TokenKind::Arabic
            && word.chars().count() > 4
            // صحافيون بارزون, منتقدوه
            && (word.ends_with('و') && self.words.is_word(t + 1)
                || ["وه", "وها", "وهم"].iter().any(|end| word.ends_with(end))
                || word.ends_with("ون") && !word.starts_with(['ي', 'ت']))
    }

    /// The quotation marks at token `t` that hold a name, as what follows tells: `قال "…": `, `أكد "…" أن`.
    pub(super) fn name_in_marks(&self, t: usize) -> Option<&Pair> {
        if !self.verb_first || !matches!(self.words.word(t), "\"" | "«" | "“" | "”") {
            return None;
        }
        let pair = self.pair_in(&(self.words.start(t)..self.words.end(t)))?;
        let behind = self.token_at(pair.outer.end, t);
        let to_whom = self.words.text.get(pair.inner.clone()).is_some_and(|inside| inside.starts_with("لل"));
        if behind > t + 4 * NAME || to_whom {
            return None;
        }
        let words = (t..behind).filter(|&t| self.words.is_word(t)).count();
        let tells = match self.words.word(behind) {
            ":" => true,
            "،" | "," | "؛" => matches!(self.words.word(behind + 1), "وهو" | "وهي" | "الذي" | "التي"),
            _ => self.cues.get(behind) == Some(&Cue::That),
        };
        (pair.closed && tells && (1..=NAME).contains(&words)).then_some(pair)
    }

    /// Whether the noun at token `head` is what the verb at `i` is about, whose subject went before: وصف القرار بأنه.
    pub(super) fn is_accusative(&self, i: usize, head: usize) -> bool {
        let (verb, noun) = (self.words.word(i), self.words.word(head));
        if !self.verb_first || self.cues[i] != Cue::Say {
            return false;
        }
        // طالبوا الحكومة: a verb in the plural has had its subject
        if verb.ends_with("وا") && self.words.is_word(head) || verbs::repeats(verb) && one_of(&VERBAL, noun)
        {
            return true;
        }
        // دعا الله أن, لفت الانتباه إلى
        let called_on = noun == "الله" && !matches!(verbs::bare(verb), "قال" | "يقول");
        let drawn = matches!(noun, "الانتباه" | "الأنظار" | "النظر");
        if called_on || drawn {
            return true;
        }
        if !noun.starts_with("ال") || !verbs::has_object(verb) {
            return false;
        }
        // الصين is no plural
        let named = self.mention_at(self.words.start(head)).is_some();
        let speaks = self.cues[head] == Cue::Source || named;
        let other = match verbs::agreement(verb) {
            Agreement::Masculine => {
                !speaks && (noun.ends_with('ة') || noun.ends_with("ات")) || !named && one_of(&FEMININE, noun)
            }
            Agreement::Feminine => {
                !named && one_of(&MASCULINE, noun)
                    || self.cues[head] == Cue::Office && !noun.ends_with(['ة', 'ى', 'ء', 'ا'])
            }
            _ => false,
        };
        let called = noun == "المجتمع" && one_of(&CALLS, verbs::bare(verb));
        // الأمين is no plural
        let plural = noun.ends_with("ين") && self.cues[head] != Cue::Office;
        plural && !speaks || other || called
    }

    /// Whether the mention that ends before token `behind` is all that stands between a verb that wants an object, at
    /// token `i`, and what is said of it: `واتهم X ب…`.
    pub(super) fn is_only_object(&self, i: usize, behind: usize) -> bool {
        self.verb_first && self.cues[i] == Cue::Say && verbs::wants_object(self.words.word(i)) && {
            let opens = matches!(self.words.word(behind), "\"" | "«" | "“");
            self.words.word(behind + usize::from(opens)).starts_with('ب')
        }
    }

    /// The same of a noun phrase at token `head`: `واتهم النظام ب…`.
    pub(super) fn is_object_phrase(&self, i: usize, head: usize, to: usize) -> bool {
        verbs::wants_object(self.words.word(i))
            // اتهم تقرير X ب: a report charges and is not charged
            && (self.cues[head] != Cue::Source || cues::definite(self.words, head))
            && self.noun_phrase(head, to).is_some_and(|phrase| {
                // a name goes on to its end
                let name = self.speakers.get(self.speakers.partition_point(|s| s.range.end <= phrase.end));
                let end = name.filter(|s| s.range.start < phrase.end).map_or(phrase.end, |s| s.range.end);
                self.is_only_object(i, self.token_at(end, head))
            })
    }

    /// The noun phrase that begins at token `head`.
    pub(super) fn noun_phrase(&self, head: usize, to: usize) -> Option<Range<usize>> {
        if head >= to || !self.words.is_word(head) {
            return None;
        }
        let bare_name = self.cues[head] == Cue::None && !cues::definite(self.words, head);
        let mut end = head + 1;
        while end < to && end < head + 7 {
            let word = self.words.word(end);
            let opens = matches!(word, "\"" | "«" | "“") && self.cues[end - 1] == Cue::Name;
            if opens && let Some(pair) = self.pair_in(&(self.words.start(end)..self.words.end(end))) {
                // منظمة "…": the name belongs to it
                return Some(self.words.start(head)..pair.outer.end);
            }
            let title = self.cues[end - 1] == Cue::Title;
            if let Some(pair) = self.name_in_marks(end).filter(|_| !title) {
                // قال البائع "…": the name tells more than the noun
                return Some(pair.inner.clone());
            }
            let addressee =
                ["لصحيفة", "لوكالة", "لقناة", "لشبكة", "لموقع", "للصحفيين", "للصحافيين", "لإذاعة", "لرويترز"]
                    .contains(&word);
            let object = bare_name && matches!(self.cues[end], Cue::Name | Cue::Source);
            if !self.words.is_word(end)
                || self.cues[end] == Cue::Preposition
                || word.ends_with('ـ')
                || word.chars().count() == 1
                || self.carries(end, &['ب', 'ك']) && word != "باسم"
                || is_adverb(word)
                || addressee
                || object
            {
                break;
            }
            end += 1;
        }
        let lead = self.words.doc.tokens.get(head).map_or(0, |t| usize::from(t.proclitic));
        let skip = if self.is_prepositional(head) { lead } else { 0 };
        Some(self.words.start(head) + skip..self.words.end(end - 1))
    }

    /// Whether what stands between the verb of saying at token `i` and what is said, before token `to`, can only be its
    /// subject, though no name that is known: `قال سعدون: "…"`, `وأضاف مون أن`.
    pub(super) fn is_unnamed_subject(&self, i: usize, to: usize) -> bool {
        let (head, words) = (i + 1, to.saturating_sub(i + 1));
        let brings = |t: usize| {
            matches!(self.words.word(t), ":" | "\"" | "«" | "“") || self.cues.get(t) == Some(&Cue::That)
        };
        let plain = |t: usize| {
            let word = self.words.word(t);
            self.words.kind(t) == TokenKind::Arabic
                && (self.cues[t] == Cue::None || t > head && matches!(self.cues[t], Cue::Title | Cue::Name))
                && word.chars().count() > 2
                && !is_adverb(word)
                && !self.is_prepositional(t)
                && !["ًا", "ها", "هم"].iter().any(|end| word.ends_with(end))
        };
        self.cues[i] == Cue::Say
            && self.verb_first
            && (1..=3).contains(&words)
            && brings(to)
            && (head..to).all(plain)
            && !self.is_accusative(i, head)
    }
}

/// Words that stand behind a verb of saying and are no subject.
fn is_adverb(word: &str) -> bool {
    const ADVERBS: List<'_> = List::of(
        "أيضا أيضًا ايضا كذلك مؤخرا سابقا لاحقا حينها هنا هناك بدوره بدورها تعليقا ردا إجابة جوابا مازحا ضاحكا باكيا صراحة \
        حرفيا له لها لهم لنا لي عنه عنها فيه فيها إليه به بها هذا هذه هؤلاء ذلك تلك الذي التي الذين كل بعض كما لقد بعدما عندما حين ثم فقط مباشرة \
        تحديدا دائما أكثر مساءا مجددا أخيرا حاليا شخصيا وهو وهي وذلك حيث بأن لدى فيما بينما رسميا علنا بوضوح بشدة بهذا بهذه بذلك لصحيفة لوكالة \
        خلاله خلالها مرارا خصوصا امتدادا قبيل الآن متى إذا مرة يوما",
    );
    one_of(&ADVERBS, word) || one_of(&TIMES, word)
}
