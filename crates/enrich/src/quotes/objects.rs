//! What a verb of saying has behind it that is its object and not its subject: وصف القرار, دعا المجتمع.

use std::ops::Range;

use super::Finder;
use super::cues::{self, Cue};
use super::verbs::{self, Agreement, List, one_of};

/// Plurals of things and groups, which want a feminine verb, and what is only ever called upon.
const FEMININE: List<'_> = List::of("الدول الشعوب القوى الأمم الفصائل الأحزاب الجماهير البلدان الحكومات");
/// Definite nouns that are no subject of a feminine verb.
const MASCULINE: List<'_> =
    List::of("المجتمع القرار الاتفاق القانون الهجوم الحادث المشروع العالم القضاء الشعب البرلمان النظام");
/// Verbs that call upon somebody, and what is called upon more than it calls.
const CALLS: List<'_> = List::of("دعا دعت يدعو تدعو طالب طالبت يطالب تطالب ناشد ناشدت حث حثت يحث حذر حذرت");
/// Verbs that call upon somebody and are rarely said of many, and who is called upon by them.
const UPON: List<'_> = List::of("دعا دعت يدعو تدعو ناشد ناشدت يناشد تناشد حث حثت يحث تحث حض حضت يحض تحض");
const CALLED: List<'_> = List::of("الشعب الجميع العالم الأطراف المواطنين الطرفين الجانبين");
/// Verbs of prayer.
const PRAYS: List<'_> = List::of("سأل سألت يسأل تسأل دعا دعت يدعو تدعو");
/// Verbal nouns of saying, which are said again: جدد التأكيد.
const VERBAL: List<'_> = List::of(
    "التأكيد الدعوة الرفض الإشارة التذكير القول التحذير المطالبة الالتزام الشكر الترحيب الإعراب التعبير السؤال الطلب النفي",
);

impl Finder<'_> {
    /// The subject at token `head` of the verb at `i` without an object behind it: `اعتبرتها المنظمة جرائم`,
    /// `واتهمت الصحيفة الاتحاد ب`.
    pub(super) fn without_object(&self, i: usize, head: usize, phrase: Range<usize>) -> Range<usize> {
        let verb = self.words.word(i);
        let called =
            self.describes(i) || one_of(&const { List::of("وثق وثقت يوثق توثق") }, self.words.word(i));
        let wants = verbs::wants_object(verb);
        if !called && !wants && !verbs::has_object(verb) {
            return phrase;
        }
        let end = self.token_at(phrase.end, head);
        let object = (head + 1..end).find(|&t| {
            // برر القضاة قرارهم
            let theirs = ["هم", "ها"].iter().any(|end| self.words.word(t).ends_with(end));
            if !called && !wants {
                return cues::definite(self.words, t - 1) && theirs && !cues::definite(self.words, t);
            }
            let closed = cues::definite(self.words, t - 1);
            let definite = cues::definite(self.words, t);
            let name = self
                .mention_at(self.words.start(t))
                .is_some_and(|s| self.speakers[s].range.start == self.words.start(t));
            closed && if definite { !called && name } else { called && !name }
        });
        object.map_or(phrase.clone(), |t| phrase.start..self.words.end(t - 1))
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
        let prayed = matches!(noun, "المولى" | "العلي" | "الباري") && one_of(&PRAYS, verbs::bare(verb));
        // لفت انتباه الحاضرين إلى
        let drawn = matches!(noun, "الانتباه" | "الأنظار" | "النظر" | "انتباه" | "أنظار");
        // أبلغ نظيره
        let peer = matches!(noun, "نظيره" | "نظيرته" | "نظيرها" | "نظيرتها")
            && matches!(verbs::bare(verb), "أبلغ" | "أبلغت" | "أخبر" | "أخبرت" | "طمأن" | "هنأ" | "هنأت");
        if called_on || prayed || drawn || peer {
            return true;
        }
        if !noun.starts_with("ال") || !verbs::has_object(verb) {
            return false;
        }
        // الصين is no plural
        let named = self.mention_at(self.words.start(head)).is_some();
        // القضاة is a plural of men
        const MEN: List<'_> =
            List::of("القضاة القادة السادة الطلبة الأساتذة الدعاة الباعة المشاة الرماة الولاة الوزراء");
        let speaks = self.cues[head] == Cue::Source || named || one_of(&MEN, noun);
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
        let called = noun == "المجتمع" && one_of(&CALLS, verbs::bare(verb))
            || one_of(&CALLED, noun) && one_of(&UPON, verbs::bare(verb));
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
}
