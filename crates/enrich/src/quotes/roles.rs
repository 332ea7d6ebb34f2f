//! Descriptions of somebody named before: مدرب برشلونة السابق, هداف الدوري, المدير الفني.

use super::Finder;
use super::cues::{self, Cue};
use super::epithets::ORGANISATIONS;
use super::floor::State;
use super::speaker::{Attribution, GOES_ON, THINGS};
use super::subordinate::RELATIVE;
use super::titles::LAND;
use super::verbs::{self, List, one_of};
use crate::doc::TokenKind;

/// Nouns of which one and the same person bears several, by trade.
const TRADES: [List<'_>; 4] = [
    List::of("لاعب نجم مهاجم مدافع حارس هداف قائد كابتن ظهير جناح لاعبة نجمة دولي"),
    List::of("خبير محلل باحث كاتب أكاديمي أستاذ استاذ ناقد مؤرخ خبيرة باحثة كاتبة أستاذة استاذة مؤلف"),
    List::of("فنان مطرب مغني ممثل نجم شاعر مخرج مؤلف فنانة مطربة مغنية ممثلة نجمة مخرجة شاعرة"),
    List::of("مدرب ناخب"),
];
/// Titles that go with any trade.
const POLITE: List<'_> =
    List::of("دكتور دكتورة شيخ مستشار لواء عميد عقيد إعلامي إعلامية صحفي صحافي سيدة شاب فتاة رجل");
/// Organisations that a title names in general: رئيس النادي.
const OWN: List<'_> =
    List::of("النادي الشركة الفريق الجمعية الهيئة المنظمة الحزب الحركة البنك الاتحاد المنتخب الجامعة المؤسسة");
/// Those who speak without being the last who spoke.
const OTHERS: List<'_> = List::of("متحدث متحدثة ناطق ناطقة مصدر مراسل مراسلة شاهد شاهدة آخر أخرى");

impl Finder<'_> {
    /// The person who spoke last, where the subject at token `head` of the verb at `i` can only describe him: a verb that
    /// goes on, or a definite description that no title of his contradicts.
    pub(super) fn described(
        &self,
        i: usize,
        head: usize,
        by: &Attribution,
        state: &State,
    ) -> Option<Attribution> {
        if !self.is_aged(head) && self.is_followed_by_name(i, head) {
            return None;
        }
        let told = one_of(&RELATIVE, self.words.word(head + 1)) || one_of(&POLITE, self.bare(head));
        let topic = self.topic(state, by.agreement).filter(|_| !told && self.is_agent(head));
        if let Some(speaker) = topic {
            // أصيب X. وقال المهاجم: nobody spoke since
            let fits = self.fits(head, self.speakers[speaker].range.clone());
            return (fits != Some(false)).then(|| by.named(speaker, 0.65));
        }
        let last = state.last().filter(|last| self.verb_first && self.is_person(last))?;
        let speaker = last.speaker.and_then(|s| self.speakers.get(s))?;
        let other = state.paragraph > last.paragraph + 2 || self.turns_to_another(i, state.sentence);
        if other || !by.agreement.with(last.agreement) || !self.is_agent(head) {
            return None;
        }
        // صاحبة السبعين: nobody else has spoken
        if self.is_aged(head) && state.past().filter(|by| self.is_person(by)).count() > 1 {
            return None;
        }
        let goes_on = one_of(&GOES_ON, verbs::bare(self.words.word(i)));
        let worth = match (goes_on, self.fits_any(head, speaker.entity)) {
            (true, Some(true)) => 0.85,
            (true, _) => 0.78,
            (false, Some(true)) => 0.75,
            (false, None) => 0.65,
            (false, Some(false)) => return None,
        };
        Some(Attribution { confidence: last.base * worth, base: last.base * worth, ..last.clone() })
    }

    /// Whether a name that nobody found stands behind the title at token `head` of the verb at `i`: مدير الفندق أحمد خالد.
    fn is_followed_by_name(&self, i: usize, head: usize) -> bool {
        let Some(phrase) = self.noun_phrase(head, self.subject_end(i)) else { return false };
        let end = self.token_at(phrase.end, head);
        let name = |t: usize| {
            self.cues[t] == Cue::None
                && !cues::definite(self.words, t)
                && self.words.word(t).chars().count() > 2
                && !self.is_prepositional(t)
        };
        (head + 1..end).any(|t| cues::definite(self.words, t) && t + 1 < end && (t + 1..end).all(name))
    }

    /// The person who spoke last, where the definite noun at token `head` is the subject of a verb that goes on.
    pub(super) fn carried_on(
        &self,
        i: usize,
        head: usize,
        by: &Attribution,
        state: &State,
    ) -> Option<Attribution> {
        let noun = self.words.word(head).strip_prefix("ال")?;
        let last = state.last().filter(|last| self.verb_first && self.is_person(last))?;
        let group = one_of(&const { List::of("ثنائي ثلاثي رباعي طرفان") }, noun)
            || ["ون", "ين", "ات", "ة"].iter().any(|end| noun.ends_with(end))
            || one_of(&THINGS, noun)
            || one_of(&ORGANISATIONS, noun);
        let same = by.agreement == verbs::Agreement::Masculine && by.agreement.with(last.agreement);
        if group
            || !same
            || state.paragraph > last.paragraph + 1
            || !one_of(&GOES_ON, verbs::bare(self.words.word(i)))
        {
            return None;
        }
        Some(Attribution { confidence: last.base * 0.7, base: last.base * 0.75, ..last.clone() })
    }

    /// Whoever spoke last by words that begin with the definite noun at token `head`: الطبيب for الطبيب البيطري.
    pub(super) fn same_words(&self, head: usize, state: &State) -> Option<Attribution> {
        let noun = self.words.word(head);
        let last = state.last().filter(|by| self.verb_first && by.speaker.is_none())?;
        let text = self.words.text.get(last.text.clone()?)?;
        let same = cues::definite(self.words, head)
            && self.cues[head] == Cue::Office
            && text.strip_prefix(noun).is_some_and(|rest| rest.starts_with(' '))
            && !cues::definite(self.words, head + 1);
        same.then(|| Attribution { confidence: last.base * 0.9, ..last.clone() })
    }

    /// Whether the sentence of the verb at token `i` turns to another speaker: من جهته, بدوره.
    pub(super) fn turns_to_another(&self, i: usize, sentence: usize) -> bool {
        const TURNS: List<'_> = List::of("جهته جهتها جهتهم جانبه جانبها ناحيته ناحيتها بدوره بدورها المقابل");
        (sentence.max(i.saturating_sub(5))..i).any(|t| one_of(&TURNS, self.words.word(t)))
    }

    /// Whether the noun at token `head` is of one who is known: the trade or office of a person, definite by itself or by
    /// what it goes with.
    fn is_agent(&self, head: usize) -> bool {
        let word = self.words.word(head);
        let bare = word.strip_prefix("ال").unwrap_or(word);
        let trade = TRADES.iter().any(|list| one_of(list, bare));
        let next = head + 1;
        let definite = cues::definite(self.words, head)
            || self.words.is_word(next)
                && (cues::definite(self.words, next)
                    || self.mention_at(self.words.start(next)).is_some()
                    || cues::definite(self.words, next + 1)
                    || self.mention_at(self.words.start(next + 1)).is_some());
        let organisation = one_of(&ORGANISATIONS, bare) || one_of(&THINGS, bare) || one_of(&OTHERS, bare);
        definite
            && (trade || self.cues[head] == Cue::Office || bare == "عضو" || self.is_aged(head))
            && !organisation
            && self.words.word(next) != "باسم"
    }

    /// Whether the noun at token `head` tells somebody by his age: صاحبة السبعين عاما.
    fn is_aged(&self, head: usize) -> bool {
        const TENS: List<'_> =
            List::of("العشرين الثلاثين الأربعين الخمسين الستين السبعين الثمانين التسعين العشرينات الثلاثينات");
        let next = head + 1 + usize::from(self.words.word(head + 1) == "ال");
        let age = one_of(&TENS, self.words.word(next)) || self.words.kind(next) == TokenKind::Number;
        matches!(verbs::bare(self.words.word(head)), "صاحب" | "صاحبة" | "ابن" | "ابنة") && age
    }

    /// The same of all mentions of an entity before token `head`: borne out by one title, or contradicted by one.
    fn fits_any(&self, head: usize, entity: &str) -> Option<bool> {
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let own = self.speakers[to.saturating_sub(120)..to].iter().filter(|s| s.entity == entity).take(8);
        let mut fits = None;
        for speaker in own {
            match self.fits(head, speaker.range.clone()) {
                Some(true) => return Some(true),
                Some(false) => fits = Some(false),
                None => {}
            }
        }
        fits
    }

    /// Whether the noun at token `head` is borne out by the title of the person named at `range`, or contradicted by it.
    fn fits(&self, head: usize, range: std::ops::Range<usize>) -> Option<bool> {
        let (from, to) = (
            self.words.doc.token_at(range.start),
            self.words.doc.tokens.partition_point(|t| (t.start as usize) < range.end),
        );
        let bare = |t: usize| {
            let word = verbs::bare(self.words.word(t));
            word.strip_prefix("ال").unwrap_or(word)
        };
        let noun = bare(head);
        let comma = usize::from(matches!(self.words.word(to), "،" | ","));
        let before = (from.saturating_sub(6)..from).rev().take_while(|&t| self.words.is_word(t));
        let behind = (to + comma..to + comma + 3).take_while(|&t| self.words.is_word(t));
        // وزير الخارجية التركي is not وزير الخارجية الكيني
        let another = |t: usize| {
            let told = cues::definite(self.words, head + 2) && self.words.is_word(head + 2);
            told && t < from && !self.is_same(t, head + 2)
        };
        let mut fits = None;
        for t in before.chain(behind) {
            let title = bare(t);
            let trade = TRADES.iter().any(|list| one_of(list, title) && one_of(list, noun));
            let next = self.words.word(t + 1);
            // عضو مجلس الشيوخ, as he was called before
            let own = title == noun
                && (one_of(&OWN, next)
                    || t + 1 < from && next == self.words.word(head + 1) && !another(t + 2)
                    // رئيس البلاد for الرئيس X
                    || cues::definite(self.words, t) && one_of(&LAND, self.words.word(head + 1)));
            if trade || own {
                return Some(true);
            }
            let office = self.cues[t] == Cue::Office || TRADES.iter().any(|list| one_of(list, title));
            if office && !one_of(&POLITE, title) {
                fits = Some(false);
            }
        }
        fits
    }
}
