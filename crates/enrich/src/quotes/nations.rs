//! Offices with a nationality: الرئيس الكيني is not whoever is president elsewhere.

use super::Finder;
use super::cues::{self, Cue};
use super::floor::State;
use super::speaker::Attribution;
use super::verbs::{Agreement, List, one_of};

/// Mentions behind a title among which its bearer is looked for.
const LATER: usize = 40;
/// What may stand between a title and the name.
const POLITE: List<'_> =
    List::of("، , الدكتور الدكتورة السيد السيدة المهندس الشيخ الأمير الجنرال اللواء العميد العقيد الأستاذ");

/// Adjectives of countries in the masculine, without the article.
const NATIONS: List<'_> = List::of(
    "إيطالي برازيلي أرجنتيني فرنسي إسباني ألماني برتغالي هولندي إنجليزي بلجيكي كرواتي صربي مصري مغربي تونسي جزائري سعودي كويتي قطري \
    إماراتي عماني بحريني يمني عراقي سوري لبناني أردني فلسطيني سوداني ليبي أمريكي أميركي كندي بريطاني اسكتلندي ويلزي أيرلندي إيرلندي \
    روسي أوكراني بولندي تركي إيراني صيني ياباني هندي باكستاني أسترالي سويدي نرويجي دنماركي فنلندي سويسري نمساوي يوناني \
    أوروغوياني أوروجوياني تشيلي شيلي كولومبي مكسيكي سنغالي نيجيري كاميروني غاني إيفواري كيني إثيوبي روماني بلغاري مجري تشيكي بوسني",
);

/// What says of an office that somebody else has it now.
const FORMER: List<'_> =
    List::of("السابق السابقة الأسبق الأسبقة الراحل الراحلة المقال المقالة المستقيل المستقيلة المنتخب المنتهية");

impl Finder<'_> {
    /// Whoever spoke last or whom the sentence before is about, where the only word of the subject at token `head` of the verb at
    /// `i` is a nationality that no title of his contradicts: وأوضح الإيطالي.
    pub(super) fn national(
        &self,
        i: usize,
        head: usize,
        by: &Attribution,
        state: &State,
    ) -> Option<Attribution> {
        let nation = |t: usize| one_of(&NATIONS, self.bare(t).trim_end_matches('ة'));
        let alone = !self.words.is_word(head + 1)
            || matches!(self.cues.get(head + 1), Some(Cue::That | Cue::Preposition | Cue::Participle));
        let woman = self.words.word(head).ends_with('ة') == (by.agreement == Agreement::Feminine);
        if !self.verb_first || !cues::definite(self.words, head) || !nation(head) || !alone || !woman {
            return None;
        }
        let near = |last: &&Attribution| self.is_person(last) && state.paragraph <= last.paragraph + 2;
        let last = state.last().filter(near).filter(|last| by.agreement.with(last.agreement));
        let found = match (self.topic(state, by.agreement), last) {
            (Some(speaker), _) => by.named(speaker, 0.6),
            (_, Some(last)) => {
                Attribution { confidence: last.base * 0.72, base: last.base * 0.75, ..last.clone() }
            }
            _ => return None,
        };
        let entity = self.speakers[found.speaker?].entity;
        // whom the sentence before is only about needs more than that nothing contradicts
        let spoke =
            last.and_then(|last| last.speaker).is_some_and(|last| self.speakers[last].entity == entity);
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let own = self.speakers[to.saturating_sub(120)..to].iter().filter(|s| s.entity == entity).take(8);
        let titles = own.flat_map(|named| {
            let at = self.words.doc.token_at(named.range.start);
            let behind = self.token_at(named.range.end, at);
            (at.saturating_sub(3)..at).chain(behind..behind + 2)
        });
        let (mut his, mut other) = (false, false);
        for t in titles.filter(|&t| cues::definite(self.words, t) && nation(t)) {
            let same = self.is_same(t, head);
            (his, other) = (his | same, other | !same);
        }
        ((his || spoke) && !other && !self.turns_to_another(i, state.sentence)).then_some(found)
    }

    /// The one person whose title, where he is named later, is that from token `head` to before token `end`, word for word or
    /// its first words: `قال وزير الدفاع الكيني … وغادر وزير الدفاع الكيني X`. Where two bear it, nobody.
    pub(super) fn introduced_later(&self, head: usize, end: usize) -> Option<usize> {
        let office = self.cues[head] == Cue::Office && !cues::definite(self.words, head);
        if !self.verb_first || !office || end < head + 2 || !cues::definite(self.words, head + 1) {
            return None;
        }
        let from = self.speakers.partition_point(|s| s.range.start < self.words.end(end - 1));
        let mut bearers =
            (from..self.speakers.len().min(from + LATER)).filter(|&index| self.bears(index, head, end));
        let first = bearers.next()?;
        let entity = self.speakers[first].entity;
        bearers.all(|other| self.speakers[other].entity == entity).then_some(first)
    }

    /// Whether the title from token `head` to before token `end`, or its first words, stands right before the person at
    /// `index`, or behind him.
    fn bears(&self, index: usize, head: usize, end: usize) -> bool {
        let speaker = &self.speakers[index];
        if !speaker.person {
            return false;
        }
        let name = self.words.doc.token_at(speaker.range.start);
        let mut at = name;
        while at > 0 && name < at + 3 && one_of(&POLITE, self.words.word(at - 1)) {
            at -= 1;
        }
        let same = |from: usize, words: usize| {
            self.bare(from) == self.bare(head)
                && (1..words).all(|n| self.words.word(from + n) == self.words.word(head + n))
        };
        let closes = (head + 1..end).any(|t| at > 0 && self.words.word(t) == self.words.word(at - 1));
        let nation = (head + 1..end).find(|&t| one_of(&NATIONS, self.bare(t).trim_end_matches('ة')));
        // رئيس الوزراء الكيني is not رئيس الوزراء X
        let whole = |from: usize| nation.is_none_or(|of| (from..at).any(|t| self.is_same(t, of)));
        let before = closes
            && (2..=end - head)
                .any(|words| at >= end + words && same(at - words, words) && whole(at - words));
        // X، وزير العمل والإسكان الكيني
        let behind = self.token_at(speaker.range.end, name);
        let behind = behind + usize::from(matches!(self.words.word(behind), "،" | ","));
        let adjective = (head + 2..end).find(|&t| self.is_adjective(t));
        let title = || (behind + 2..behind + 7).take_while(|&t| self.words.is_word(t));
        let theirs = || match adjective.or(nation) {
            Some(of) => title().any(|t| self.is_same(t, of)),
            None => !title().any(|t| one_of(&NATIONS, self.bare(t).trim_end_matches('ة'))),
        };
        // X، وزير المالية السابق
        let former = || title().any(|t| one_of(&FORMER, self.words.word(t)));
        before || same(behind, 2) && theirs() && !former()
    }

    /// Whether the word at token `t` looks like an adjective of a country: الكيني.
    fn is_adjective(&self, t: usize) -> bool {
        self.words.word(t).starts_with("ال") && self.words.word(t).ends_with(['ي', 'ة'])
    }

    /// The person who is named behind the office and the nationality at token `head` where they stand again later: الرئيس
    /// الكيني X.
    pub(super) fn titled_later(&self, head: usize) -> Option<usize> {
        let from = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        (from..self.speakers.len().min(from + 20)).find(|&index| {
            let at = self.words.doc.token_at(self.speakers[index].range.start);
            self.speakers[index].person
                && at > head + 2
                && self.words.start(at) == self.speakers[index].range.start
                && self.words.word(at - 2) == self.words.word(head)
                && self.words.word(at - 1) == self.words.word(head + 1)
        })
    }

    /// Whether the title of a person has another nationality than the one at token `head`, which is said with one: وزير الخارجية
    /// التركي is not وزير الخارجية الكيني X.
    pub(super) fn is_of_another(&self, speaker: usize, head: usize) -> bool {
        let nation =
            |t: usize| self.words.word(t).starts_with("ال") && self.words.word(t).ends_with(['ي', 'ة']);
        let at = self.words.doc.token_at(self.speakers[speaker].range.start);
        let behind =
            self.words.doc.tokens.partition_point(|t| (t.start as usize) < self.speakers[speaker].range.end);
        let same = |t: usize| self.bare(t) == self.bare(head) && self.bare(t + 1) == self.bare(head + 1);
        let mut title = (at.saturating_sub(8)..at).chain(behind..behind + 3);
        nation(head + 2)
            && title.find(|&t| same(t)).is_some_and(|t| {
                nation(t + 2)
                    && !self.is_same(t + 2, head + 2)
                    && self.cues.get(t + 2) == self.cues.get(head + 2)
            })
    }

    /// Whether an adjective like a nationality goes with the noun at token `head` where it stands in the title of a person.
    pub(super) fn has_nation(&self, speaker: usize, head: usize) -> bool {
        let at = self.words.doc.token_at(self.speakers[speaker].range.start);
        let office = self.bare(head);
        (at.saturating_sub(6)..at).any(|t| {
            // وزير الخارجية: the noun behind the office is no adjective
            let of = t + 1 + usize::from(!cues::definite(self.words, t));
            self.bare(t) == office && of < at && self.is_adjective(of)
        })
    }

    /// The person named last as a counterpart with the adjective at token `of`: نظيره الكيني X.
    pub(super) fn counterpart(&self, of: usize) -> Option<usize> {
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(of));
        let holds = |index: &usize| {
            let speaker = &self.speakers[*index];
            let at = self.words.doc.token_at(speaker.range.start);
            let same = |t: usize| {
                let before = t.checked_sub(1).map_or("", |t| self.words.word(t));
                self.words.word(t) == self.words.word(of) && before.contains("نظير")
            };
            speaker.person && (at.saturating_sub(3)..at).any(same)
        };
        (to.saturating_sub(60)..to).rev().find(holds)
    }

    /// Whether a person bears another office than the one with a nationality at token `head`, wherever he is named before it:
    /// الوزير الكيني is not الرئيس الكيني X.
    pub(super) fn has_other_office(&self, speaker: usize, head: usize) -> bool {
        let nation = self.words.word(head + 1).ends_with(['ي', 'ة']) && cues::definite(self.words, head + 1);
        if !self.verb_first || !nation {
            return false;
        }
        let entity = self.speakers[speaker].entity;
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let mut other = false;
        for named in self.speakers[to.saturating_sub(120)..to].iter().filter(|s| s.entity == entity).take(8) {
            let at = self.words.doc.token_at(named.range.start);
            if (at.saturating_sub(8)..at).any(|t| self.bare(t) == self.bare(head)) {
                return false;
            }
            let mut title = (at.saturating_sub(4)..at).rev().take_while(|&t| !self.stops(t));
            other |= title.any(|t| self.cues[t] == Cue::Office);
        }
        other
    }
}
