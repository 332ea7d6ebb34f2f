//! Names that stand inside what another noun begins: in his superior's title, in what is spoken of, in a clause.

use super::cues::{self, Cue};
use super::epithets::ORGANISATIONS;
use super::speaker::THINGS;
use super::subordinate::RELATIVE;
use super::verbs::{self, List, one_of};
use super::{Finder, Speaker};

/// What parts at most a person from the one in whose title he is named, in words: للأمن القومي.
const BETWEEN: usize = 5;
/// Kinds of organisations whose names often leave the kind out.
const KINDS: List<'_> = List::of(
    "شركة صحيفة مجلة جريدة قناة شبكة وكالة منظمة موقع حركة حزب جماعة تنظيم نادي فريق بنك مصرف مجموعة منصة",
);
/// Verbs whose object is no person, beside those that have none.
const TOLD_OF_THINGS: List<'_> =
    List::of("أكد أكدت يؤكد تؤكد أعلن أعلنت يعلن تعلن أوضح أوضحت يوضح توضح أضاف أضافت يضيف تضيف");
/// How far before a noun an organisation may have been told of, in tokens.
const TOLD: usize = 90;
/// Verbs, in the masculine, and the preposition that what they tell of comes with.
const WANTED: [(List<'_>, &str); 4] = [
    (List::of("عبر أعرب كشف تحدث أعلن أفصح يعبر يعرب يكشف يتحدث يعلن تعبر تعرب تكشف تتحدث تعلن"), "عن"),
    (List::of("شدد أكد أثنى علق يشدد يؤكد يثني يعلق تشدد تؤكد تثني"), "على"),
    (List::of("أشار لفت دعا دعت ألمح خلص يشير يلفت يدعو يلمح تشير تلفت تدعو"), "إلى"),
    (List::of("حذر سخر يحذر يسخر تحذر تسخر"), "من"),
];
/// Words that name somebody within a clause about him.
const NAMED: List<'_> = List::of("يدعى تدعى اسمه اسمها يسمى تسمى");

impl Finder<'_> {
    /// The person who serves the one at `index`, as the title from token `head` says: `المتحدث باسم الرئيس X، Y`.
    /// `end` is the byte at which the subject of the verb at token `i` ends.
    pub(super) fn servant(&self, i: usize, head: usize, index: usize, end: usize) -> Option<usize> {
        let first = self.speakers.get(index)?;
        let at = self.words.doc.token_at(first.range.start);
        let serves = matches!(self.cues.get(head)?, Cue::Office | Cue::Source);
        let mut title = head + 1..at;
        let plain = !cues::definite(self.words, head);
        let of = plain && title.is_empty()
            || title.clone().any(|t| self.words.word(t) == "باسم")
            || plain && title.any(|t| self.cues[t] == Cue::Office && cues::definite(self.words, t));
        if !self.verb_first || !serves || !of {
            return None;
        }
        let second = self.speakers.get(index + 1).filter(|s| s.person && s.range.end <= end)?;
        let gap = self.words.text.get(first.range.end..second.range.start)?;
        let mut words = gap.split([' ', '،', ',']).filter(|word| !word.is_empty());
        let apart = words.clone().count();
        let to_whom = words.clone().next_back().is_some_and(|word| word.starts_with('ل'));
        let own = words.all(|word| word.starts_with("ال") || word.starts_with('ل'));
        // X وY: both speak
        let alone = gap.ends_with(' ');
        let comma = gap.contains(['،', ',']);
        // the title behind X may be of somebody who is told: X النائب Y; but: X للأمن القومي Y
        let titled = gap.trim_start_matches([' ', '،', ',']).starts_with("ال");
        let behind = self.token_at(second.range.end, at);
        let verb = self.words.word(i);
        let parted = if verbs::has_no_object(verb) || one_of(&TOLD_OF_THINGS, verbs::bare(verb)) {
            comma || !titled
        } else {
            // أبلغ نائب الرئيس X الرئيس Y: Y is told
            comma && !titled && matches!(self.words.word(behind), "،" | ",")
        };
        (alone && own && parted && !to_whom && apart <= BETWEEN && first.entity != second.entity)
            .then_some(index + 1)
    }

    /// Whether a person is named in what the verb before token `head` is about: أشاد بدور X.
    pub(super) fn is_spoken_of(&self, head: usize, speaker: &Speaker<'_>) -> bool {
        let word = self.words.word(head);
        let gap = self.words.text.get(self.words.end(head)..speaker.range.start).unwrap_or("");
        let open = !["ه", "ها", "هم", "نا", "ي"].iter().any(|end| word.ends_with(end));
        self.is_prepositional(head)
            && !["بال", "لل", "كال"].iter().any(|lead| word.starts_with(lead))
            && open
            && !matches!(self.cues[head], Cue::Name | Cue::Source)
            && word != "باسم"
            && !gap.contains(['،', ',', '"', '«', '“'])
            && gap.split_whitespace().count() < BETWEEN
            && !gap.split_whitespace().any(|word| cues::of(word) == Cue::Preposition)
    }

    /// Whether the person at `index` is named behind the preposition that the verb at token `i` wants, before token `to`:
    /// عبرت الأسر عن ثقتها في X.
    pub(super) fn is_in_complement(&self, i: usize, head: usize, index: usize, to: usize) -> bool {
        let verb = verbs::bare(self.words.word(i));
        let bare = verb.strip_suffix('ت').unwrap_or(verb);
        let wants = |list: &List<'_>| one_of(list, verb) || one_of(list, bare);
        let Some((_, wanted)) = WANTED.iter().find(|(list, _)| wants(list)) else { return false };
        let speaker = &self.speakers[index];
        let at = self.words.doc.token_at(speaker.range.start);
        let behind = self.token_at(speaker.range.end, at);
        let is_wanted = |t: usize| self.words.word(t) == *wanted;
        let Some(complement) = (head..at).find(|&t| is_wanted(t)) else { return false };
        // النائب عن الحزب X: what is said comes right behind the name
        let next = behind + usize::from(matches!(self.words.word(behind), "،" | ","));
        let brings = next == to && self.cues.get(to) == Some(&Cue::That) || self.words.word(behind) == ":";
        let apposed = (complement..at).any(|t| matches!(self.words.word(t), "،" | ","));
        self.verb_first && !apposed && !brings && !(behind..to).any(is_wanted)
    }

    /// The organisation of which a sentence not far before token `head` told, where its name does not say of what kind it is
    /// and no other that could be meant was named there: رفضت X القرار، وقالت الحركة.
    pub(super) fn of_kind(&self, head: usize) -> Option<usize> {
        // النادي الملكي is one of several
        let told_apart = cues::definite(self.words, head + 1) && self.words.is_word(head + 1);
        let noun = one_of(&KINDS, self.bare(head)) && cues::definite(self.words, head);
        if !self.verb_first || !noun || told_apart {
            return None;
        }
        let before = self.speakers.partition_point(|s| s.range.start < self.words.start(head));
        let begins = |t: usize| t == 0 || self.words.paragraph(t) || self.sentence_ends(t - 1);
        let kind = |word: &str| one_of(&ORGANISATIONS, word) || one_of(&THINGS, word);
        let could_be = |index: &usize| {
            let speaker = &self.speakers[*index];
            let at = self.words.doc.token_at(speaker.range.start);
            let first =
                self.words.text.get(speaker.range.clone()).unwrap_or("").split(' ').next().unwrap_or("");
            let own = kind(first.strip_prefix("ال").unwrap_or(first));
            // a line by itself names whoever wrote
            let line = self.words.paragraph(self.token_at(speaker.range.end, at));
            at + TOLD > head && !speaker.person && !speaker.place && !own && !line
        };
        let is_subject = |index: &usize| {
            let at = self.words.doc.token_at(self.speakers[*index].range.start);
            let verb = at.checked_sub(1).filter(|&t| self.words.is_word(t) && !self.is_prepositional(t));
            begins(at)
                || verb.is_some_and(|t| begins(t) && !kind(self.bare(t)) && self.cues[t] != Cue::Preposition)
        };
        let all = || (before.saturating_sub(30)..before).rev().filter(could_be);
        let found = all().find(is_subject)?;
        all().all(|other| self.speakers[other].entity == self.speakers[found].entity).then_some(found)
    }

    /// Whether a person is named in the object of a verb whose subject, at token `head`, is complete before it: `لا يستبعد
    /// الوزير زيارة الملك X`.
    pub(super) fn is_in_object(&self, head: usize, speaker: &Speaker<'_>) -> bool {
        let at = self.words.doc.token_at(speaker.range.start);
        if !cues::definite(self.words, head) || self.cues[head] != Cue::Office {
            return false;
        }
        let Some(noun) = (head + 1..at).find(|&t| !cues::definite(self.words, t)) else { return false };
        self.words.is_word(noun)
            && self.cues[noun] == Cue::None
            && !self.is_prepositional(noun)
            && self.words.word(noun) != "باسم"
            && self.mention_at(self.words.start(noun)).is_none()
            && (noun + 1..at).all(|t| cues::definite(self.words, t) || self.cues[t] == Cue::Office)
            && noun + 1 < at
    }

    /// Whether the name at token `head`, of a country or the like, is feminine and the verb at token `i` is not, so that it is
    /// its object: حث روسيا على.
    pub(super) fn is_called_on(&self, i: usize, head: usize, speaker: &Speaker<'_>) -> bool {
        let name = self.words.text.get(speaker.range.clone()).unwrap_or("");
        self.verb_first
            && speaker.place
            && self.cues[i] == Cue::Say
            && speaker.range.start == self.words.start(head)
            && name.split(' ').next().is_some_and(|word| word.ends_with(['ا', 'ة']))
            && verbs::has_object(self.words.word(i))
            && verbs::agreement(self.words.word(i)) == verbs::Agreement::Masculine
    }

    /// Whether a person is named in a clause that tells more of the noun at token `head`: الجدة التي ربت X.
    pub(super) fn is_told_of(&self, head: usize, speaker: &Speaker<'_>) -> bool {
        let gap = self.words.text.get(self.words.start(head)..speaker.range.start).unwrap_or("");
        let mut words = gap.split_whitespace();
        self.verb_first
            && !gap.contains(['،', ','])
            && words.any(|word| one_of(&RELATIVE, word))
            && !words.any(|word| one_of(&NAMED, word))
    }
}
