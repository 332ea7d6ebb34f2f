//! Which mention a verb, a noun or a clause points to.

use std::ops::Range;

use super::cues::{self, Cue};
use super::epithets::ORGANISATIONS;
use super::verbs::{self, List, one_of};
use super::{Finder, Speaker};

impl Finder<'_> {
    /// Whether a mention stands behind a preposition: it is spoken to or about.
    pub(super) fn is_object(&self, speaker: &Speaker<'_>) -> bool {
        let before = self.words.text.get(..speaker.range.start).unwrap_or("");
        if before.ends_with(['ل', 'ب', 'ك']) {
            return true;
        }
        let token = self.words.doc.token_at(speaker.range.start);
        let Some(before) = token.checked_sub(1) else { return false };
        // قال لمراسل "…": the noun before the mark is spoken to
        if matches!(self.words.word(before), "\"" | "«" | "“") && before > 0 {
            let noun = before - 1;
            if self.words.word(noun) == "ل" {
                return true;
            }
            return self.cues[noun] == Cue::Name
                && self.words.word(noun).starts_with('ل')
                && self.is_prepositional(noun);
        }
        // قال كل من X وY
        if self.words.word(before) == "من" && before > 0 && self.words.word(before - 1) == "كل" {
            return false;
        }
        // مع قناة X
        let behind = |t: usize| matches!(self.words.word(t), "مع" | "على" | "عبر");
        if self.verb_first
            && !speaker.person
            && self.cues[before] == Cue::Name
            && before > 0
            && behind(before - 1)
        {
            return true;
        }
        let word = self.words.word(before);
        let western = match self.language {
            "en" => matches!(word, "on" | "in" | "at" | "via" | "through" | "for"),
            "fr" => matches!(word, "sur" | "dans" | "chez" | "au" | "aux"),
            // в министерстве сообщили: there it is said
            "ru" => {
                matches!(word, "на" | "из" | "у" | "за" | "при" | "под" | "над" | "через" | "по")
                    || speaker.person && matches!(word, "в" | "во")
            }
            _ => false,
        };
        western || self.cues[before] == Cue::Preposition && !matches!(word, "عن" | "de" | "du")
    }

    /// Whether token `t` stands in a mention.
    pub(super) fn is_in_name(&self, t: usize) -> bool {
        let start = self.words.start(t);
        let before = self.speakers.partition_point(|s| s.range.start <= start);
        // one that stands inside another ends first
        self.speakers[before.saturating_sub(2)..before].iter().any(|s| s.range.end > start)
    }

    /// The person whose name is a line by itself at the head or the end of the text: whoever wrote it.
    pub(super) fn writer(&self) -> Option<usize> {
        let alone = |index: &usize| {
            let speaker = &self.speakers[*index];
            let before =
                self.words.text.get(..speaker.range.start).unwrap_or("").trim_end_matches([' ', ':']);
            let behind = self.words.text.get(speaker.range.end..).unwrap_or("").trim_start_matches(' ');
            let signed = ["بقلم", "كتب", "كتبت"].iter().any(|word| before.ends_with(word));
            let begins = before.is_empty() || before.ends_with('\n') || signed && *index == 0;
            speaker.person && begins && (behind.trim().is_empty() || *index == 0 && behind.starts_with('\n'))
        };
        let last = self.speakers.len().checked_sub(1)?;
        [0, last].into_iter().find(alone)
    }

    /// The first person of the sentence before cue `i` who is no object, else the first; and whether it is no object.
    pub(super) fn person_before(&self, i: usize, sentence: usize) -> Option<(usize, bool)> {
        let (start, end) = (self.words.start(sentence), self.words.start(i));
        let from = self.speakers.partition_point(|s| s.range.start < start);
        let mut objects = None;
        for (index, speaker) in self.speakers.iter().enumerate().skip(from).take(12) {
            if speaker.range.end > end {
                break;
            }
            if !self.verb_first && self.pair_around(speaker.range.start).is_some() {
                continue;
            }
            if self.is_byline(speaker) {
                continue;
            }
            if speaker.person && !self.is_object(speaker) && !self.is_addressed(speaker) {
                return Some((index, true));
            }
            if speaker.person && objects.is_none() {
                objects = Some((index, false));
            }
        }
        objects
    }

    /// Whether ل or ب is written onto the title of a person: شكره للوزير X; but: بيان لوزير النقل X.
    pub(super) fn is_addressed(&self, speaker: &Speaker<'_>) -> bool {
        const HIS: List<'_> = List::of(
            "صحفي صحفية صحافي صحافية متلفز متلفزة مشترك مشتركة مصور مصورة مسجل مسجلة مؤتمر ظهور حساب صفحة فيديو",
        );
        let at = self.words.doc.token_at(speaker.range.start);
        let mut title = (at.saturating_sub(4)..at).rev().take_while(|&t| {
            self.words.is_word(t)
                && !matches!(self.cues[t], Cue::That | Cue::Say | Cue::Participle | Cue::According)
        });
        // بوزارة الصحة X: he works there; لوزارة الصحة X: it is told
        let office = |t: usize| {
            let lead = self.words.doc.tokens.get(t).map_or(0, |token| usize::from(token.proclitic));
            let noun = self.words.word(t).get(lead..).unwrap_or("");
            let noun = noun.strip_prefix("ال").unwrap_or(noun);
            self.cues[t] == Cue::Office && !(self.carries(t, &['ب']) && one_of(&ORGANISATIONS, noun))
        };
        let Some(to) = title.find(|&t| office(t) && self.is_prepositional(t)) else {
            return false;
        };
        let Some(before) = to.checked_sub(1) else { return false };
        let word = self.words.word(before);
        let word = word.strip_prefix("ال").unwrap_or(word);
        let own = one_of(&cues::DOCUMENTS, word) || one_of(&HIS, word);
        self.verb_first && self.cues[before] != Cue::According && !own
    }

    /// The mention that ends right before cue `i` in its sentence and is its subject: `X قال`.
    pub(super) fn right_before(&self, i: usize, sentence: usize) -> Option<usize> {
        let (start, end) = (self.words.start(sentence), self.words.start(i));
        let index = self.speakers.partition_point(|s| s.range.start < end).checked_sub(1)?;
        let speaker = &self.speakers[index];
        let gap = self.words.text.get(speaker.range.end..end)?;
        // X قد قال, X، قد قال, أن X، قال
        let name = self.words.doc.token_at(speaker.range.start);
        let that = name > 0 && self.cues[name - 1] == Cue::That;
        let words = gap.trim_matches([' ', '،', ',']);
        // "نسيم" كشفت, صحيفة "الشمال" ذكرت: not: في فيلم "الشمال" قالت X
        let marked = || {
            let mark = name.saturating_sub(1);
            let begins = mark == sentence || mark == sentence + 1 && self.cues[sentence] == Cue::Name;
            self.verb_first
                && begins
                && !speaker.person
                && matches!(gap.trim(), "\"" | "»" | "”")
                && self.is_name_in_marks(speaker)
        };
        let near = speaker.range.start >= start
            && (gap.trim().is_empty()
                || marked()
                || matches!(words, "قد" | "لقد")
                || that && words.is_empty());
        // وقال begins a clause of its own
        let begins = verbs::bare(self.words.word(i)) != self.words.word(i);
        // تغريدة عن X تقول
        let about = self.words.text.get(..speaker.range.start).is_some_and(|text| text.ends_with(" عن "));
        let other = || begins || self.is_object(speaker) || (about && self.verb_first);
        (near && !other()).then_some(index)
    }

    /// The mention whose tweet, speech or statement the sentence names before cue `i`: `في تغريدة لـX قال`.
    pub(super) fn author(&self, i: usize, sentence: usize) -> Option<usize> {
        let documents = (sentence..i).rev().take(25).filter(|&t| {
            let word = verbs::bare(self.words.word(t));
            let word = word.strip_prefix('ب').unwrap_or(word);
            let word = word.strip_prefix("ال").unwrap_or(word);
            one_of(&cues::DOCUMENTS, word)
        });
        documents.filter_map(|t| self.owner(t, i)).next()
    }

    /// The mention that owns the document at token `t`, before token `to`: تغريدة لـX, بيان صادر عن X.
    pub(super) fn owner(&self, t: usize, to: usize) -> Option<usize> {
        let (start, end) = (self.words.end(t), self.words.start(to));
        let from = self.speakers.partition_point(|s| s.range.start < start);
        for (index, speaker) in self.speakers.iter().enumerate().skip(from).take(2) {
            let gap = self.words.text.get(start..speaker.range.start)?;
            // دراسة أجريت لأطفال البلد is not the country's
            if speaker.range.end > end
                || speaker.place && !gap.trim_end_matches('ل').trim().is_empty()
                || gap.split_whitespace().count() > 4
                || gap.contains(['،', ',', '.', '"'])
            {
                return None;
            }
            let (last, marked) = (gap.split_whitespace().last().unwrap_or(""), gap.ends_with('ل'));
            let of =
                marked || last == "عن" || gap.split_whitespace().any(|w| w.starts_with('ل') && w.len() > 6);
            if of || speaker.person && last.is_empty() {
                return Some(index);
            }
        }
        None
    }

    /// The mention before a colon that stands right before token `from`, at the head of its sentence: `X: "…"`.
    pub(super) fn before_colon(&self, from: usize, sentence: usize) -> Option<usize> {
        let colon = from.checked_sub(1).filter(|&t| self.words.word(t) == ":")?;
        let end = self.words.start(colon);
        let index = self.speakers.partition_point(|s| s.range.start < end).checked_sub(1)?;
        let speaker = &self.speakers[index];
        let near = self.words.text.get(speaker.range.end..end)?.trim().is_empty();
        let heads = speaker.range.start >= self.words.start(sentence) && colon < sentence + 14;
        // سأل X الرئيس Y, وجه سؤالا إلى الرئيس Y: "…"
        let at = self.words.doc.token_at(speaker.range.start);
        let mut title = (at.saturating_sub(4).max(sentence)..at).rev().take_while(|&t| {
            self.words.is_word(t) && matches!(self.cues[t], Cue::None | Cue::Office | Cue::Preposition)
        });
        let to_whom = self.verb_first && title.any(|t| matches!(self.words.word(t), "إلى" | "الى" | "مع"));
        (near && heads && !to_whom && !self.is_object(speaker)).then_some(index)
    }

    /// The first person named within a few words behind token `to`, in the same sentence.
    pub(super) fn person_behind(&self, to: usize) -> Option<usize> {
        let end = (to..self.words.len().min(to + 14))
            .find(|&t| self.words.paragraph(t) || t > to + 1 && self.sentence_ends(t))
            .unwrap_or(self.words.len().min(to + 14));
        let from = self.speakers.partition_point(|s| s.range.start < self.words.start(to));
        let until = self.words.start(end);
        let mut inside =
            self.speakers.iter().enumerate().skip(from).take(3).take_while(|(_, s)| s.range.end <= until);
        inside.find(|(_, s)| s.person && !self.is_object(s)).map(|(index, _)| index)
    }

    /// The woman named last before token `i`, as far as the title before her name tells.
    pub(super) fn last_woman(&self, i: usize) -> Option<usize> {
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(i));
        let titled = |index: &usize| {
            let speaker = &self.speakers[*index];
            let at = self.words.doc.token_at(speaker.range.start);
            let title = |t: usize| self.cues[t] == Cue::Office && self.words.word(t).ends_with('ة');
            speaker.person && (at.saturating_sub(9)..at).rev().take_while(|&t| !self.stops(t)).any(title)
        };
        (to.saturating_sub(10)..to).rev().find(titled)
    }

    /// The nearest person before cue `i`, else an organisation right before it.
    pub(super) fn nearest_before(&self, i: usize, from: usize) -> Option<usize> {
        let (start, end) = (self.words.start(from), self.words.start(i));
        let to = self.speakers.partition_point(|s| s.range.start < end);
        let mut found = None;
        for index in (to.saturating_sub(6)..to).rev() {
            let speaker = &self.speakers[index];
            if speaker.range.start < start {
                break;
            }
            // whom somebody speaks of does not speak
            if self.pair_around(speaker.range.start).is_some() && !self.is_name_in_marks(speaker) {
                continue;
            }
            let near = self
                .words
                .text
                .get(speaker.range.end..end)
                .is_some_and(|gap| gap.split_whitespace().count() < 2);
            if speaker.person && !self.is_object(speaker) {
                let gap = self.words.text.get(speaker.range.end..end).unwrap_or("");
                // X, who met Y, said: behind a comma the first of them goes on
                let first = self.person_before(i, from).filter(|(_, subject)| *subject && gap.contains(','));
                return Some(first.map_or(index, |(first, _)| first));
            }
            if near && found.is_none() {
                found = Some(index);
            }
        }
        found
    }

    /// The person mentioned last before token `i`.
    pub(super) fn last_person(&self, i: usize) -> Option<usize> {
        let to = self.speakers.partition_point(|s| s.range.start < self.words.start(i));
        (to.saturating_sub(10)..to).rev().find(|&index| self.speakers[index].person)
    }

    /// Who a relative clause that holds cue `i` is about: `X الذي …، حينما صرح قائلا`.
    pub(super) fn owner_of_clause(&self, i: usize) -> Option<usize> {
        let relative = (i.saturating_sub(12)..i)
            .rev()
            .find(|&t| matches!(self.words.word(t), "الذي" | "التي" | "والذي" | "والتي"))?;
        let start = self.words.start(relative);
        let to = self.speakers.partition_point(|s| s.range.start < start);
        let speaker = self.speakers.get(to.checked_sub(1)?)?;
        let near = self
            .words
            .text
            .get(speaker.range.end..start)
            .is_some_and(|gap| gap.trim_matches([' ', '،', ',']).is_empty());
        // X، المستشار في …، الذي: what stands between two commas is in apposition
        let last = (0..12).filter_map(|back| relative.checked_sub(back + 2));
        let comma = |t: usize| matches!(self.words.word(t), "،" | ",");
        let goes_on = |t: &usize| {
            let cue = self.cues[*t];
            let noun = matches!(cue, Cue::None | Cue::Office | Cue::Preposition | Cue::Name | Cue::Title);
            noun && !self.stops(*t)
        };
        let apposed = || {
            let first = last.take_while(goes_on).find(|&t| comma(t)).map(|t| self.words.start(t));
            let behind = speaker.range.end..=speaker.range.end + 1;
            relative > 0 && comma(relative - 1) && first.is_some_and(|first| behind.contains(&first))
        };
        (speaker.person && (near || self.verb_first && apposed())).then_some(to - 1)
    }

    /// `X …, Y read it on his behalf, …`: who it was read for, and the reader.
    pub(super) fn on_behalf(&self, sentence: usize, i: usize) -> Option<(usize, Option<usize>)> {
        let at = (sentence..i).rev().take(60).find(|&t| self.cues[t] == Cue::Behalf)?;
        let person = |range: Range<usize>| {
            let from = self.speakers.partition_point(|s| s.range.start < range.start);
            let inside = self
                .speakers
                .iter()
                .enumerate()
                .skip(from)
                .take_while(move |(_, s)| s.range.end <= range.end);
            inside.filter(|(_, s)| s.person).map(|(index, _)| index).collect::<Vec<_>>()
        };
        let (start, middle, end) = (
            self.words.start(sentence.max(at.saturating_sub(80))),
            self.words.start(at),
            self.words.start(i),
        );
        let (before, behind) = (person(start..middle), person(middle..end));
        if matches!(self.words.word(at + 1), "عنه" | "عنها" | "عنهم") {
            return before.last().map(|&speaker| (speaker, behind.first().copied()));
        }
        let speaker = *behind.first()?;
        Some((speaker, before.last().or(behind.get(1)).copied()))
    }
}
