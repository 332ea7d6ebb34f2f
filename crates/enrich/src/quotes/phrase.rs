//! Where the noun phrase of a subject begins and ends: before its object, its listener, a clause of its own.

use std::ops::Range;

use super::Finder;
use super::cues::{self, Cue};
use super::nominal::{HUMANS, TIMES, TOLD};
use super::verbs::{List, one_of};

/// Those who tell an organisation something.
const WITNESSES: List<'_> = List::of(
    "مصدر مصادر شاهد شاهدة شهود مسؤول مسؤولة مسؤولون مسؤولين ناشط ناشطة ناشطون نشطاء خبير خبيرة خبراء محلل محللون مواطن مواطنة",
);
/// Outlets with the preposition, whose letter is not parted from them: وفقا لصحيفة.
const OUTLETS: List<'_> = List::of("لوكالة لصحيفة لقناة لشبكة لموقع لإذاعة لمجلة لبرنامج");
/// Those who are told, with their preposition.
const LISTENERS: List<'_> = List::of(
    "لصحيفة لوكالة لقناة لشبكة لموقع لإذاعة لجريدة لمجلة لبرنامج لرويترز لفرانس للأناضول للصحفيين للصحافيين للإعلاميين \
    للصحيفة للوكالة للقناة للشبكة للموقع للإذاعة للجريدة للمجلة للتلفزيون",
);
/// "According to" where ل comes next.
const WITH_TO: List<'_> = List::of("وفقا طبقا استنادا تبعا");
/// Verbs that begin a clause about a noun without an article and want more words than it: وثيقة نشرت الجمعة. دراسة أجراها X
/// says who made it.
const CLAUSES: List<'_> =
    List::of("أجري أجريت نشرت صدرت قام قامت يقوم تقوم كان كانت كانوا حصلت حضرت شاركت شملت");
/// Adjectives that say nothing without what follows them: البيان الصادر عن.
const OPEN: List<'_> = List::of(
    "الصادر الصادرة صادر صادرة التابع التابعة تابع تابعة مشارك مشاركة قريب قريبة المتعلق المتعلقة المنشور المنشورة",
);

impl Finder<'_> {
    /// The noun phrase that begins at token `head`.
    pub(super) fn noun_phrase(&self, head: usize, to: usize) -> Option<Range<usize>> {
        if head >= to || !self.words.is_word(head) {
            return None;
        }
        let start = self.words.start(head) + self.preposition(head);
        let own = |t: usize| ["و", "باسم"].iter().any(|end| self.words.word(t).ends_with(end));
        let bare_name = self.cues[head] == Cue::None
            && !cues::definite(self.words, head)
            && !matches!(self.words.word(head), "إدارة" | "رئاسة" | "قيادة" | "أهالي" | "سكان");
        let mut end = head + 1;
        while end < to && end < head + 7 {
            let opens = matches!(self.words.word(end), "\"" | "«" | "“") && self.cues[end - 1] == Cue::Name;
            if opens && let Some(pair) = self.pair_in(&(self.words.start(end)..self.words.end(end))) {
                // منظمة "…": the name belongs to it
                return Some(start..pair.outer.end);
            }
            if self.verb_first
                && own(end - 1)
                && let Some(behind) = self.short_name(end)
            {
                // متحدث باسم "…"
                end = behind;
                continue;
            }
            let title = self.cues[end - 1] == Cue::Title;
            if let Some(pair) = self.name_in_marks(end).filter(|_| !title) {
                // قال البائع "…": the name tells more than the noun
                return Some(pair.inner.clone());
            }
            let object = bare_name
                && matches!(self.cues[end], Cue::Name | Cue::Source)
                && !cues::definite(self.words, end);
            if object || self.ends_phrase(head, end, to) {
                break;
            }
            end += 1;
        }
        let open = end > head + 1 && self.is_open(end - 1);
        Some(start..self.words.end(end - 1 - usize::from(open)))
    }

    /// Whether the adjective at token `t` says nothing without the preposition behind it: البيان الصادر عن, مصادر قريبة من.
    pub(super) fn is_open(&self, t: usize) -> bool {
        let next = t + 1;
        self.verb_first
            && one_of(&OPEN, self.words.word(t))
            && (self.cues.get(next) == Some(&Cue::Preposition)
                || self.is_prepositional(next)
                || matches!(self.words.word(next), "له" | "لها" | "لهم"))
    }

    /// How many bytes of the noun at token `head` are a preposition written onto it.
    fn preposition(&self, head: usize) -> usize {
        let lead = self.words.doc.tokens.get(head).map_or(0, |t| usize::from(t.proclitic));
        let word = self.words.word(head);
        if self.is_prepositional(head) {
            let onto = lead == 0 && one_of(&OUTLETS, word);
            return lead + if onto { 'ل'.len_utf8() } else { 0 };
        }
        // وفقا لبيان
        let to = self.verb_first
            && lead == 0
            && word.starts_with('ل')
            && word.chars().count() > 3
            && head > 0
            && one_of(&WITH_TO, self.words.folded(head - 1));
        if to { 'ل'.len_utf8() } else { 0 }
    }

    /// Whether the noun phrase that began at token `head` ends before token `t`, of what stands before token `to`.
    fn ends_phrase(&self, head: usize, t: usize, to: usize) -> bool {
        let word = self.words.word(t);
        if !self.words.is_word(t)
            || self.cues[t] == Cue::Preposition
            || word.ends_with('ـ')
            || word.chars().count() == 1
            || self.carries(t, &['ب', 'ك']) && word != "باسم"
            || is_adverb(word)
        {
            return true;
        }
        if !self.verb_first {
            return one_of(&LISTENERS, word);
        }
        // قالت شاهدة لمنظمة X
        let told = || {
            one_of(&WITNESSES, self.words.word(head))
                && self.carries(t, &['ل'])
                && self.mention_at(self.words.start(t)).is_some()
        };
        // دعا التقرير الرياض: the subject and whom it calls upon; a place is no adjective
        let place = cues::definite(self.words, t)
            && cues::definite(self.words, t - 1)
            && self.cues[t - 1] != Cue::Title
            && !self.words.word(t - 1).ends_with("العاصمة")
            && self.mention_at(self.words.start(t)).is_some_and(|s| self.speakers[s].place);
        // التقرير الـ51
        word == "ال"
            || place
            || matches!(self.cues[t], Cue::Participle | Cue::According)
            || one_of(&LISTENERS, word)
            || told()
            || self.begins_clause(t)
            || self.is_behind_subject(t, to)
    }

    /// Whether a verb at token `t` begins a clause about the noun before it, which has no article.
    fn begins_clause(&self, t: usize) -> bool {
        let word = self.words.word(t);
        // يعملون, but: يمنيون
        let several = word.ends_with("ون") && word.starts_with('ي') && !word.ends_with("يون");
        one_of(&CLAUSES, word)
            || several && word.chars().count() > 5 && self.mention_at(self.words.start(t)).is_none()
    }

    /// Whether the word at token `t`, before token `to`, cannot belong to the noun before it, which ends the subject: `المحامون
    /// الثلاثة وجود`, `محللون تراجع المؤشر`.
    fn is_behind_subject(&self, t: usize, to: usize) -> bool {
        if cues::definite(self.words, t) {
            return false;
        }
        let (word, before) = (self.words.word(t), self.words.word(t - 1));
        if cues::definite(self.words, t - 1) {
            // رئيس الوزراء الكيني أوغندا: the name of a country is no adjective
            let place = || {
                self.mention_at(self.words.start(t)).is_some_and(|s| {
                    self.speakers[s].place && self.speakers[s].range.start == self.words.start(t)
                })
            };
            return one_of(&TOLD, word) || place();
        }
        // a plural with its ending governs no noun
        let plural = before.ends_with("ون")
            && (self.cues[t - 1] == Cue::Source || one_of(&HUMANS, before) || before.ends_with("يون"));
        let governs = || {
            t + 1 < to
                && self.words.is_word(t + 1)
                && self.cues[t + 1] != Cue::Preposition
                && !self.is_prepositional(t + 1)
        };
        plural && !word.ends_with("ون") && !word.starts_with('و') && governs()
    }
}

/// Words that stand behind a verb of saying and are no subject.
pub(super) fn is_adverb(word: &str) -> bool {
    const ADVERBS: List<'_> = List::of(
        "أيضا أيضًا ايضا كذلك مؤخرا سابقا لاحقا حينها هنا هناك بدوره بدورها تعليقا ردا إجابة جوابا مازحا ضاحكا باكيا صراحة \
        حرفيا له لها لهم لنا لي عنه عنها فيه فيها إليه به بها هذا هذه هؤلاء ذلك تلك الذي التي الذين كل بعض كما لقد بعدما عندما حين ثم فقط مباشرة \
        تحديدا دائما أكثر مساءا مجددا أخيرا حاليا شخصيا وهو وهي وذلك حيث بأن لدى فيما بينما رسميا علنا بوضوح بشدة بهذا بهذه بذلك لصحيفة لوكالة \
        قد وقد كان كانت كانوا خلاله خلالها مرارا خصوصا امتدادا قبيل الآن متى إذا مرة يوما نقلا تقريبا وقتها آنذاك \
        بأسى بحزن بحسرة بغضب بفخر بأسف بمرارة بتهكم بسخرية بثقة بصراحة بانفعال بابتسامة",
    );
    one_of(&ADVERBS, word) || one_of(&TIMES, word)
}
