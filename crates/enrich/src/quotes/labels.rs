//! What stands in marks and is a name, a term or a gloss, though a verb of saying governs its sentence; and what is an
//! evaluation that somebody made.

use super::Finder;
use super::cues::Cue;
use super::marks::Pair;
use super::verbs::{self, List, one_of};
use crate::doc::TokenKind;
use crate::enriched::QuotedKind;

/// Nouns right before the marks that hold their name: ولاية "…". Only without the article.
const NAMED: List<'_> = List::of(
    "ولاية محافظة إقليم مقاطعة بلدة ناحية جزيرة صندوق مخطط ساحة حديقة سوق برج جسر ميناء مطار زر صالة مجمع احتفالات فعاليات فعالية خاصية بند قانون وثيقة",
);
/// Nouns of crimes and charges, whose term stands in the marks: بارتكاب "جرائم حرب".
const CHARGES: List<'_> = List::of("ارتكاب بارتكاب لارتكاب وارتكاب تهمة بتهمة تهم بتهم جريمة بجريمة جرائم");
/// What has a subject: خطابه عن "…".
const ABOUT: List<'_> = List::of("خطاب محاضرة كتاب ندوة ورقة بحث مقال دراسة فيلم برنامج جلسة");
/// Words with which a predicate begins, never a name.
const PREDICATES: List<'_> = List::of("مجرد غير ليس ليست لا لن لم ما لكن كان كانت");
/// How many words a label has at most.
const LABEL: usize = 10;

impl Finder<'_> {
    /// The kind of what the pair from token `from` to before token `to` holds where it is a label whatever governs it.
    pub(super) fn label(&self, pair: &Pair, from: usize, to: usize, words: usize) -> Option<QuotedKind> {
        let before = from.checked_sub(1).filter(|_| self.verb_first && words <= LABEL)?;
        let inside = self.words.text.get(pair.inner.clone())?;
        let word = self.words.word(before);
        // ولاية is no و
        let noun = [word, word.strip_prefix('و').unwrap_or(""), word.strip_prefix(['ل', 'ب']).unwrap_or("")];
        let first = (from..to).find(|&t| self.words.is_word(t)).map_or("", |t| self.words.word(t));
        // مدير "صندوق …"
        let office = self.cues[before] == Cue::Office && one_of(&NAMED, first);
        if office || noun.iter().any(|noun| one_of(&NAMED, noun)) {
            return Some(QuotedKind::Name);
        }
        // رابط الخبر بصحيفة الشمال: «…»
        if word == ":" && (before.saturating_sub(6)..before).any(|t| self.words.word(t) == "رابط") {
            return Some(QuotedKind::Name);
        }
        let direct = self.introduces(before);
        // "أي مرتين في العام", "أي بعد ساعة"; not: لم يجد "أي دليل"
        let gloss = inside.strip_prefix("أي ").is_some_and(|rest| {
            let first = (from..to)
                .filter(|&t| self.words.is_word(t) || self.words.kind(t) == TokenKind::Number)
                .nth(1);
            rest.starts_with("أن")
                || first.is_some_and(|t| {
                    self.words.kind(t) == TokenKind::Number
                        || self.cues[t] == Cue::Preposition
                        || self.is_prepositional(t)
                })
        });
        if !direct && gloss || words <= 3 && one_of(&CHARGES, word) {
            return Some(QuotedKind::Term);
        }
        // خطابه عن "…"
        let document = before.checked_sub(1).map_or("", |t| self.bare(t));
        let document = document.strip_suffix('ه').or(document.strip_suffix("ها")).unwrap_or(document);
        if matches!(word, "عن" | "حول") && words <= 4 && one_of(&ABOUT, document) {
            return Some(QuotedKind::Title);
        }
        if self.is_called(before) || self.names_several(pair, from, to) {
            return Some(QuotedKind::Name);
        }
        // أن "النسور" سيلعبون: a known name is the subject
        let that = self.cues[before] == Cue::That && words <= 3 && self.words.is_word(to);
        if that && self.is_mention(pair) && !matches!(self.cues[to], Cue::Preposition | Cue::According) {
            return Some(QuotedKind::Name);
        }
        // "خبز الفرن" أو "خبز الحجر": what the one is, the other is
        let other = matches!(word, "أو" | "و")
            && before > 0
            && matches!(self.words.word(before - 1), "\"" | "»" | "”");
        if other && words <= 3 && !inside.ends_with(['؟', '?', '!']) {
            let end = self.words.end(before - 1);
            let quoted =
                self.quoted.last().filter(|last| last.span.byte[1] as usize + 4 >= self.original(end));
            return quoted.map(|last| last.kind).filter(|kind| *kind == QuotedKind::Name);
        }
        None
    }

    /// Where byte `at` of the normalised text is in the original.
    fn original(&self, at: usize) -> usize {
        self.words.doc.span(at.saturating_sub(1)..at).byte[1] as usize
    }

    /// Whether the words up to token `t` say that somebody or something is called so: يطلق عليهم في المدينة "…".
    fn is_called(&self, t: usize) -> bool {
        const CALLED: List<'_> =
            List::of("يطلق تطلق أطلق أطلقوا أطلقت يطلقون يطلقه ويطلق يسمون يسمونه يسمونها");
        (t.saturating_sub(7)..=t)
            .rev()
            .take_while(|&t| {
                self.words.is_word(t) && !matches!(self.cues[t], Cue::Say | Cue::That | Cue::Participle)
            })
            .any(|t| one_of(&CALLED, self.words.folded(t)) && self.words.word(t + 1).starts_with("علي"))
    }

    /// Whether the marks hold a list of names: "سامي حداد، نادر سعد، عمر ناجي".
    fn names_several(&self, pair: &Pair, from: usize, to: usize) -> bool {
        let inside = self.words.text.get(pair.inner.clone()).unwrap_or("");
        let parts = inside.split(['،', ',']);
        let short = parts.clone().all(|part| (1..=4).contains(&part.split_whitespace().count()));
        if parts.count() < 3 || !short {
            return false;
        }
        let first = self.speakers.partition_point(|s| s.range.start < self.words.start(from));
        let names = self.speakers[first..].iter().take_while(|s| s.range.end <= self.words.start(to)).take(3);
        names.filter(|s| s.person).count() >= 2
    }

    /// Whether the marks at token `from` hold what somebody calls a thing: `ما وصفه ب"الخطأ الكبير"`.
    pub(super) fn is_evaluation(&self, pair: &Pair, from: usize, words: usize) -> bool {
        let Some(before) = from.checked_sub(1).filter(|_| self.verb_first && words >= 2) else {
            return false;
        };
        let with = matches!(self.words.word(before).trim_end_matches('ـ'), "ب" | "بأنه" | "بأنها" | "بأنهم");
        const CALLS: List<'_> = List::of("وصف وصفت وصفوا يصف تصف واصفا واصفة");
        let mut near =
            (from.saturating_sub(9)..from).rev().take_while(|&t| self.words.is_word(t) || t == before);
        let called = near.any(|t| {
            self.describes(t) && t + 4 > before
                || with && (self.describes(t) || one_of(&CALLS, verbs::bare(self.words.word(t))))
        });
        called
            && (with || self.describes(before) || self.describes(before.saturating_sub(1)))
            && !self.is_mention(pair)
    }

    /// Whether the word at token `t` begins a predicate: "مجرد كلام".
    pub(super) fn begins_predicate(&self, t: usize) -> bool {
        self.verb_first && one_of(&PREDICATES, self.words.word(t))
    }
}
