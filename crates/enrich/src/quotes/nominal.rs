//! The words of a subject that is no known name.

use std::ops::Range;

use super::Finder;
use super::cues::{self, Cue};
use super::marks::Pair;
use super::phrase::is_adverb;
use super::verbs::{self, List, one_of};
use crate::doc::TokenKind;

/// Words for when something is said, which stand where its subject could.
pub(super) const TIMES: List<'_> = List::of(
    "السبت الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة أمس اليوم غدا الليلة صباح مساء ظهر فجر ليل ليلة يوم نهاية",
);
/// The same, where they begin the phrase: الأمين العام is no time.
const PERIODS: List<'_> = List::of("مطلع بداية منتصف الأسبوع الشهر العام عصر");
/// What goes on with a time.
const OF_TIMES: List<'_> = List::of("الماضي الماضية المقبل الجاري الحالي نفسه ذاته");
/// People, and what they found out, that speak without an article: أكد قيادي في الحركة, كشفت دراسات.
pub(super) const HUMANS: List<'_> = List::of(
    "إدارة رئاسة قيادة قيادي قيادية قياديان قادة مقاتل مقاتلون عضو أعضاء ناج ناجون ناجية متطوع متطوعة نازح نازحة لاجئ لاجئة مغرد مغردة أطباء نقاد علماء باحثان باحثتان نواب وزراء زعماء      صحفية صحافية جار جارة جيران أقارب محام محامون طلاب تجار مشرع نائبان شاهدان أصدقاء زملاء دراسات أبحاث إحصاءات إحصائيات استطلاعات تحقيقات وثائق سائق      نقابات نقابة أستاذ أستاذة قوات ذوو أهل عائلات فرق لاعب معلم معلمة عامل موظف موظفة مسعف رجال ضباط جنود لاعبون مدربون",
);
/// What is told and tells nothing: يروي تفاصيل.
pub(super) const TOLD: List<'_> = List::of(
    "تفاصيل أسباب سبب ضرورة أهمية حرص دعم رفض حقيقة قصة كيفية مدى موقف رغبة استعداد التزام وجود عدم قدرة أمل مصير مقتل وفاة وصول حق",
);
/// Number words that count those who speak: أكد ثلاثة محامين أن.
const NUMERALS: List<'_> =
    List::of("ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة ثلاث أربع خمس ست سبع ثماني تسع عشر عشرات مئات آلاف");
/// What somebody holds, behind "according to": وفقا لتقديرات الخبراء.
const HELD: List<'_> = List::of(
    "تقدير تقديرات توقعات رواية روايات إفادة إفادات شهادة شهادات أقوال معطيات حسابات تحليلات آراء مزاعم ادعاءات وصف تصنيف",
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
        let plain = word.strip_prefix('ل').unwrap_or(word);
        if self.cues[i] == Cue::According
            && one_of(&HELD, plain)
            && self.words.is_word(head + 1)
            && head + 1 < to
        {
            let source =
                cues::definite(self.words, head + 1) || self.cues.get(head + 1) == Some(&Cue::Source);
            return self.noun_phrase(head + 1, to).filter(|_| source);
        }
        if self.verb_first && self.cues[i] == Cue::Say && self.cues[head] == Cue::None && one_of(&TOLD, word)
        {
            return None;
        }
        let noun = matches!(self.cues[head], Cue::Source | Cue::Office | Cue::Name)
            || self.verb_first && one_of(&HUMANS, word) && !verbs::has_listener(self.words.word(i))
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
        // مدير أبلغ أعضاء اللجنة: they are told
        let verb = self.words.word(i);
        let told = self.verb_first
            && verbs::has_listener(verb)
            && verbs::bare(verb) == verb
            && i > 0
            && self.words.is_word(i - 1)
            && !self.words.paragraph(i)
            && !matches!(self.cues[head], Cue::Source | Cue::Office)
            && !cues::definite(self.words, head);
        let phrase = if noun && !told { self.noun_phrase(head, to) } else { None };
        phrase.map(|phrase| self.without_object(i, head, phrase))
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
        // ذات المصدر
        let this = this || matches!(self.words.word(head), "ذات" | "نفس");
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
        if !self.verb_first || head >= to {
            return None;
        }
        let start = self.words.start(head);
        // أفاد أكثر من نصف المشاركين أن
        let brings = self.cues.get(to) == Some(&Cue::That);
        let more = matches!(self.words.word(head), "أكثر" | "أقل" | "أزيد") && self.words.word(next) == "من";
        if more && brings {
            let of = head + 2;
            let phrase = self.counted(of, to).or_else(|| self.noun_phrase(of, to))?;
            return Some(start..phrase.end);
        }
        let numeral = brings && one_of(&NUMERALS, self.words.word(head));
        if self.words.kind(head) != TokenKind::Number && !numeral {
            return None;
        }
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
    pub(super) fn carries(&self, t: usize, letters: &[char]) -> bool {
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
            && (word.ends_with('و') && (self.words.is_word(t + 1) || self.short_name(t + 1).is_some())
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

    /// The token behind the quotation marks at token `t`, if they hold a short name: مقاتلو «النسر».
    pub(super) fn short_name(&self, t: usize) -> Option<usize> {
        if !matches!(self.words.word(t), "\"" | "«" | "“") {
            return None;
        }
        let pair = self.pair_in(&(self.words.start(t)..self.words.end(t)))?;
        let short = self.words.text.get(pair.inner.clone())?.split_whitespace().count() <= 3;
        (pair.closed && short).then(|| self.token_at(pair.outer.end, t))
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
