//! Whoever spoke last, taken up by what he is: `وقال النجم` behind words of a player, of whom that was not said before.

use super::Finder;
use super::cues;
use super::floor::State;
use super::speaker::Attribution;
use super::subordinate::RELATIVE;
use super::verbs::{Agreement, List, one_of};

/// What people are, without the article, in the masculine; those of one line may be said of one person. Nobody's doctor, lawyer
/// or judge is among them: such a one is mostly somebody else than the one who spoke.
const PROFESSIONS: [List<'_>; 7] = [
    List::of("نجم فنان ممثل مطرب مغني مخرج موسيقار إعلامي مذيع عارض"),
    List::of("نجم لاعب مهاجم حارس مدافع هداف قائد بطل"),
    List::of("مدرب قائد"),
    List::of("كاتب مؤلف روائي أديب شاعر مفكر صحفي صحافي ناقد"),
    List::of("خبير محلل باحث عالم أستاذ دكتور أكاديمي مستشار اقتصادي"),
    List::of("نائب سيناتور برلماني سياسي عضو زعيم"),
    List::of("شيخ داعية إمام عالم دكتور"),
];
/// How far before a name what somebody is may stand, in tokens.
const TITLE: usize = 5;

impl Finder<'_> {
    /// The person who spoke last, where the noun at token `head` is what he may be: nothing else that he is was said, and
    /// nothing behind the noun tells him from others.
    pub(super) fn profession_of_last(&self, head: usize, state: &State) -> Option<Attribution> {
        let noun = masculine(self.bare(head));
        let of = head + 1;
        // النجم الذي, النجم المغربي: perhaps another one
        let told_apart = cues::definite(self.words, of) && self.words.is_word(of)
            || one_of(&RELATIVE, self.words.word(of));
        let known = PROFESSIONS.iter().any(|line| one_of(line, noun));
        if !self.verb_first || !cues::definite(self.words, head) || told_apart || !known {
            return None;
        }
        let last = state.last().filter(|by| self.is_person(by) && state.paragraph <= by.paragraph + 2)?;
        let speaker = last.speaker?;
        // somebody else was introduced as such
        let other =
            self.introduced(head).is_some_and(|s| self.speakers[s].entity != self.speakers[speaker].entity);
        if other || self.is_other(speaker, head, state) {
            return None;
        }
        Some(Attribution { confidence: last.base * 0.7, base: last.base * 0.75, ..last.clone() })
    }

    /// Whether a person cannot be who is meant by the noun at token `head`: a woman for a man, a player for a coach.
    pub(super) fn is_other(&self, speaker: usize, head: usize, state: &State) -> bool {
        let bare = self.bare(head);
        let wanted = if bare.ends_with('ة') { Agreement::Feminine } else { Agreement::Masculine };
        let entity = self.speakers[speaker].entity;
        let spoke = |by: &Attribution| by.speaker.is_some_and(|s| self.speakers[s].entity == entity);
        if state.past().any(|by| spoke(by) && !wanted.with(by.agreement)) {
            return true;
        }
        let noun = masculine(bare);
        let lines = || PROFESSIONS.iter().filter(|line| one_of(line, noun));
        if lines().next().is_none() {
            return false;
        }
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let mut other = false;
        let named = self.speakers[to.saturating_sub(120)..to].iter().filter(|s| s.entity == entity);
        for speaker in named.take(8) {
            let at = self.words.doc.token_at(speaker.range.start);
            let behind = self.token_at(speaker.range.end, at);
            let before = (at.saturating_sub(TITLE)..at).rev().take_while(|&t| !self.stops(t));
            // X، نجم الفريق
            let apposed = behind + usize::from(matches!(self.words.word(behind), "،" | ","));
            for t in before.chain(apposed..apposed + 2) {
                let is = masculine(self.bare(t));
                if is == noun || lines().any(|line| one_of(line, is)) {
                    return false;
                }
                other |= PROFESSIONS.iter().any(|line| one_of(line, is));
            }
        }
        other
    }
}

fn masculine(noun: &str) -> &str {
    noun.strip_suffix('ة').unwrap_or(noun)
}
