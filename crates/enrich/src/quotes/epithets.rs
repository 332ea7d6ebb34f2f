//! Who is meant by a noun or a surname: the spokesman, the agency, his highness.

use super::Finder;
use super::Speaker;
use super::cues::{self, Cue};
use super::floor::State;
use super::speaker::{Attribution, THINGS};
use super::verbs::{Agreement, List, one_of};

/// Titles that stand for a name: سموه, معاليه.
const HONORIFICS: List<'_> = List::of(
    "سموه سموها معاليه معاليها فضيلته سعادته سعادتها جلالته جلالتها سيادته سيادتها دولته فخامته سماحته قداسته غبطته \
    نيافته حضرته",
);
/// Those who speak for somebody, most of them without a name.
pub(super) const SPOKESMEN: [&str; 4] = ["متحدث", "ناطق", "مسؤول", "مصدر"];
/// Kinds of organisations by which one that was named is taken up.
pub(super) const ORGANISATIONS: List<'_> = List::of(
    "شركة صحيفة مجلة جريدة قناة شبكة وكالة منظمة موقع هيئة وزارة حركة حزب جماعة تنظيم نادي جامعة بنك مصرف لجنة جمعية مؤسسة \
    اتحاد مركز سفارة نقابة رابطة معهد مرصد مجموعة منصة مفوضية",
);

impl Finder<'_> {
    /// Who is meant by the title at token `head`, which stands for a name: قال سموه.
    pub(super) fn honoured(&self, head: usize, state: &State) -> Option<Attribution> {
        let word = self.words.word(head);
        if !self.verb_first || !one_of(&HONORIFICS, word) {
            return None;
        }
        let wanted = if word.ends_with("ها") { Agreement::Feminine } else { Agreement::Masculine };
        let spoke = state.past().find(|a| self.is_person(a) && wanted.with(a.agreement));
        let worth = |by: &Attribution| Attribution { confidence: by.base * 0.85, ..by.clone() };
        let last = |speaker| Attribution {
            speaker: Some(speaker),
            confidence: 0.6,
            base: 0.6,
            ..Attribution::default()
        };
        // whom the article is about comes first in it
        let about = || {
            (0..self.speakers.len().min(12))
                .find(|&s| self.speakers[s].person && !self.is_object(&self.speakers[s]))
        };
        spoke
            .map(worth)
            .or_else(|| about().filter(|&s| self.speakers[s].range.end < self.words.start(head)).map(last))
    }

    /// Who is meant by the latter at token `head`: the person named last.
    pub(super) fn latter(&self, head: usize) -> Option<usize> {
        let latter = self.verb_first && matches!(self.words.word(head), "الأخير" | "الأخيرة" | "الاخير");
        self.last_person(head).filter(|_| latter)
    }

    /// Who speaks for somebody and has the floor already, by the noun at token `head`: المتحدث for متحدث باسم الشرطة.
    pub(super) fn spokesman(&self, head: usize, state: &State) -> Option<Attribution> {
        let noun = self.words.word(head).strip_prefix("ال")?;
        let noun = noun.strip_suffix('ة').unwrap_or(noun);
        if !SPOKESMEN.contains(&noun) {
            return None;
        }
        let same = |text: &str| {
            text.contains(noun)
                || noun == SPOKESMEN[1] && text.contains(SPOKESMEN[0])
                || noun == SPOKESMEN[0] && text.contains(SPOKESMEN[1])
        };
        let spoke = |by: &&Attribution| {
            by.text.as_ref().and_then(|t| self.words.text.get(t.clone())).is_some_and(same)
        };
        state.past().find(spoke).map(|by| Attribution { confidence: by.base * 0.95, ..by.clone() })
    }

    /// The person who spoke last, where the noun at token `head` is anybody's who speaks: المتحدث, المسؤول. With an
    /// adjective, only whoever has it in his title.
    pub(super) fn role_of_last(&self, head: usize, state: &State) -> Option<Attribution> {
        const ROLES: List<'_> =
            List::of("المتحدث المتحدثة المتكلم المسؤول المسؤولة الدبلوماسي السياسي القيادي");
        let of = head + 1;
        if !self.verb_first || !one_of(&ROLES, self.words.word(head)) || self.words.word(of) == "باسم" {
            return None;
        }
        let last = state.last().filter(|by| self.is_person(by) && state.paragraph <= by.paragraph + 2)?;
        const ANY: List<'_> = List::of("الحكومي الحكومية الرسمي الرسمية الرفيع المذكور المذكورة");
        if self.words.is_word(of) && cues::definite(self.words, of) && !one_of(&ANY, self.words.word(of)) {
            let at = self.words.doc.token_at(self.speakers[last.speaker?].range.start);
            let titled = (at.saturating_sub(8)..at)
                .rev()
                .take_while(|&t| !self.stops(t + 1))
                .any(|t| self.is_same(t, of));
            if !titled {
                return None;
            }
        }
        Some(Attribution { confidence: last.base * 0.75, base: last.base * 0.8, ..last.clone() })
    }

    /// The title behind a word of honour at token `head`: جلالة الملك, معالي الوزير.
    pub(super) fn behind_honour(&self, head: usize) -> usize {
        const HONOURS: List<'_> =
            List::of("جلالة فخامة سمو معالي سعادة سماحة فضيلة سيادة دولة نيافة قداسة غبطة عطوفة");
        let honours = self.verb_first && one_of(&HONOURS, self.words.word(head));
        head + usize::from(honours && self.cues.get(head + 1) == Some(&Cue::Office))
    }

    /// The organisation that spoke last, which the noun at token `head` takes up: الشركة.
    pub(super) fn taken_up(&self, head: usize, state: &State) -> Option<Attribution> {
        let noun = self.words.word(head).strip_prefix("ال")?;
        let organisation = |by: &&Attribution| {
            by.speaker.and_then(|s| self.speakers.get(s)).is_some_and(|s| !s.person && !s.place)
        };
        // الجمعية is no ministry
        let other = |by: &&Attribution| {
            let speaker = by.speaker.and_then(|s| self.speakers.get(s));
            let name = speaker.and_then(|s| self.words.text.get(s.range.clone())).unwrap_or("");
            let kind = name.split(' ').next().unwrap_or("");
            let kind = kind.strip_prefix("ال").unwrap_or(kind);
            kind != noun && one_of(&ORGANISATIONS, kind)
        };
        let spoke =
            state.past().find(organisation).filter(|by| one_of(&ORGANISATIONS, noun) && !other(by))?;
        Some(Attribution { confidence: spoke.base * 0.8, base: spoke.base * 0.85, ..spoke.clone() })
    }

    /// Whether `noun` stands right before a mention that does not hold it: صحيفة "…".
    fn is_named_by_noun(&self, speaker: &Speaker<'_>, noun: &str) -> bool {
        let at = self.words.doc.token_at(speaker.range.start);
        let Some(before) = at.checked_sub(1) else { return false };
        let marks = matches!(self.words.word(before), "\"" | "«" | "“" | "”");
        if marks && !self.is_name_in_marks(speaker) {
            return false;
        }
        let word = before.checked_sub(usize::from(marks)).map_or("", |t| self.words.word(t));
        word.strip_suffix(noun).is_some_and(|lead| matches!(lead, "" | "و" | "ل" | "ب" | "ف" | "ول"))
    }

    /// A person named before token `head` whose name, with the two words behind it that may belong to it, holds all the words from there to before token `to`.
    pub(super) fn named_by(&self, head: usize, to: usize) -> Option<usize> {
        // الحكومة is not X باسم الحكومة
        let kind = self.bare(head);
        if one_of(&ORGANISATIONS, kind) || one_of(&THINGS, kind) {
            return None;
        }
        let before = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let holds = |index: &usize| {
            let speaker = &self.speakers[*index];
            let name = self.words.text.get(speaker.range.clone()).unwrap_or("");
            let behind = self.words.doc.tokens.partition_point(|t| (t.start as usize) < speaker.range.end);
            let rest =
                [behind, behind + 1].map(|t| if self.words.is_word(t) { self.words.word(t) } else { "" });
            let has = |word: &str| name.split(' ').any(|part| part == word) || rest.contains(&word);
            speaker.person && behind + 1 < head && (head..to).all(|t| has(self.words.word(t)))
        };
        let behind = |index: &usize| {
            let speaker = &self.speakers[*index];
            let name = self.words.text.get(speaker.range.clone()).unwrap_or("");
            let has = |word: &str| name.split(' ').skip(1).any(|part| part == word);
            speaker.person && (head..to).all(|t| has(self.words.word(t)))
        };
        // the whole name may come later
        let later = || (before..self.speakers.len().min(before + 20)).find(behind);
        (before.saturating_sub(60)..before).rev().find(holds).or_else(later)
    }

    /// The person before whose name stands nothing but the noun at token `head` and an adjective: الناشطة التونسية X.
    pub(super) fn introduced(&self, head: usize) -> Option<usize> {
        let noun = self.bare(head);
        if noun.chars().count() < 4 || ["ون", "ين", "ات"].iter().any(|end| noun.ends_with(end)) {
            return None;
        }
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let holds = |index: &usize| {
            let speaker = &self.speakers[*index];
            let at = self.words.doc.token_at(speaker.range.start);
            let near = (at.saturating_sub(3)..at).rev().take_while(|&t| {
                self.words.is_word(t) && self.cues[t] == Cue::None && !self.is_prepositional(t)
            });
            // قائد الفرقة X is no فرقة
            let of =
                |t: usize| t > 0 && self.cues[t - 1] == Cue::Office && !cues::definite(self.words, t - 1);
            speaker.person && near.into_iter().any(|t| self.bare(t) == noun && !of(t))
        };
        (to.saturating_sub(60)..to).rev().find(holds)
    }

    /// Whether two words are one but for و and the article, or one is the other's adjective: مصر, المصري.
    pub(super) fn is_same(&self, t: usize, of: usize) -> bool {
        let (a, b) = (self.bare(t), self.bare(of));
        let stem = |word: &'_ str| -> usize {
            let ends = ["يا", "ية", "ي", "ا", "ة"];
            ends.iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word).len()
        };
        let nation = |place: &str, adjective: &str| {
            let n = stem(place);
            adjective.ends_with(['ي', 'ة'])
                && n >= 6
                && n == stem(adjective)
                && place.get(..n) == adjective.get(..n)
        };
        a == b
            || self.words.word(t).starts_with("ال") && nation(b, a)
            || self.words.word(of).starts_with("ال") && nation(a, b)
    }

    /// The noun at token `t` without و and the article.
    pub(super) fn bare(&self, t: usize) -> &str {
        let word = self.words.word(t);
        let word = word.strip_prefix('و').filter(|rest| rest.chars().count() > 3).unwrap_or(word);
        // للرئيس
        let onto = word.strip_prefix("لل").filter(|rest| rest.chars().count() > 3);
        word.strip_prefix("ال").or(onto).unwrap_or(word)
    }

    /// The mention before token `head` that its definite noun takes up: الوكالة for وكالة الأنباء.
    /// Of several, whoever spoke already is meant.
    pub(super) fn named_before(&self, head: usize, state: Option<&State>) -> Option<usize> {
        let noun =
            self.words.word(head).trim_start_matches('و').strip_prefix("ال").filter(|n| n.len() > 4)?;
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let starts = |index: &usize| {
            let speaker = &self.speakers[*index];
            let text = self.words.text.get(speaker.range.clone()).unwrap_or("");
            let kind = one_of(&ORGANISATIONS, noun) && self.is_named_by_noun(speaker, noun);
            // الجيش for الجيش اللبناني
            let text = text.strip_prefix("ال").unwrap_or(text);
            let same = text.strip_prefix(noun).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
            !speaker.person && (same || kind)
        };
        let spoke = |index: &usize| {
            let entity = |by: &Attribution| by.speaker.and_then(|s| self.speakers.get(s)).map(|s| s.entity);
            let this = Some(self.speakers[*index].entity);
            state.is_some_and(|state| state.past().any(|by| entity(by) == this))
        };
        let mut all = (to.saturating_sub(40)..to).rev().filter(starts);
        all.clone().find(spoke).or_else(|| all.next())
    }
}
