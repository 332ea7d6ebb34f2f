//! The subject of a verb of saying: a mention, or the words of one who is no known name.

use std::ops::Range;

use super::Finder;
use super::cues::{self, Cue};
use super::verbs::{self, List, one_of};

/// How far a subject may stand from its verb, in tokens.
const REACH: usize = 30;
/// How long a name in quotation marks may be within a subject, in bytes.
const NAME: usize = 60;

/// Nouns whose genitive does not speak itself: the widow, the office, the followers of somebody.
const RELATIONS: List<'_> = List::of(
    "والد والدة زوجة زوج نجل نجلة ابن ابنة شقيق شقيقة أرملة محامي محامية أقرباء أقارب عائلة أسرة مكتب إدارة \
    أبناء ابناء بنات إخوة اخوة أشقاء أخ أخت جد جدة عم خال صهر حفيد حفيدة أحفاد ذوو \
    حكومة حملة نظام قوات حزب ميليشيا مليشيا جماعة أنصار مؤيدو سفارة نائبة معاونو مقربون",
);
/// Some of a group; the group's name is not the one who speaks.
const MEMBERS: List<'_> = List::of("أحد إحدى احدى بعض عدد كثير معظم أغلب أي");

/// Whose turn it is: من جهته.
const SIDES: List<'_> = List::of("جهته جهتها جانبه جانبها ناحيته ناحيتها قبل");

/// The subject of a cue.
pub(super) enum Subject {
    /// A mention, and how sure it is.
    Named(usize, f64),
    /// Words, and how sure they are.
    Words(Range<usize>, f64),
}

impl Finder<'_> {
    /// The token at which the search for the subject of cue `i` ends.
    pub(super) fn subject_end(&self, i: usize) -> usize {
        let according = self.cues[i] == Cue::According;
        let mut t = i + 1;
        while t < self.words.len() && t < i + REACH {
            if self.stops(t) || matches!(self.cues[t], Cue::That | Cue::Say | Cue::Participle) {
                break;
            }
            if matches!(self.words.word(t), "\"" | "«" | "“" | "„" | "‘") {
                // a quoted part of a name does not end the subject
                let pair = self.pair_in(&(self.words.start(t)..self.words.end(t)));
                match pair {
                    Some(pair)
                        if pair.closed && pair.inner.len() <= self.name_length(t) && t > i + 1
                            || self.is_mention(pair)
                            || self.name_in_marks(t).is_some() =>
                    {
                        t = self.token_at(pair.outer.end, t).max(t + 1);
                        continue;
                    }
                    _ => break,
                }
            }
            // فان بيرسي is a name
            let clause = matches!(self.words.word(t), "فإن" | "فان" | "فقد" | "وإن" | "وقد" | "لكن" | "ولكن")
                && !self.is_in_name(t);
            let next = self.words.start(t + 1);
            let comma = matches!(self.words.word(t), "،" | ",");
            let source = according && t > i + 2 && comma && self.mention_at(next).is_none();
            if clause || source || according && comma && !self.verb_first {
                break;
            }
            t += 1;
        }
        t
    }

    /// The mention that begins at byte `at`, or behind a proclitic there.
    pub(super) fn mention_at(&self, at: usize) -> Option<usize> {
        let index = self.speakers.partition_point(|s| s.range.start < at);
        self.speakers.get(index).filter(|s| s.range.start <= at + 4 && self.no_blank(at..s.range.start))?;
        Some(index)
    }

    /// How long, in bytes, a name in the marks at token `t` may be: longer behind a noun that it goes with.
    fn name_length(&self, t: usize) -> usize {
        let noun = t.checked_sub(1).map(|noun| self.cues[noun]);
        if matches!(noun, Some(Cue::Office | Cue::Name)) { 2 * NAME } else { NAME }
    }

    fn no_blank(&self, range: Range<usize>) -> bool {
        self.words.text.get(range).is_some_and(|gap| !gap.contains([' ', '\n', '،', ',']))
    }

    /// The words for a source who stands before its verb: وكانت مصادر محلية قالت.
    pub(super) fn source_before(&self, i: usize, sentence: usize) -> Option<Range<usize>> {
        if !self.verb_first || self.is_relative(i) || verbs::bare(self.words.word(i)) != self.words.word(i) {
            return None;
        }
        let plain = |t: &usize| self.words.is_word(*t) && matches!(self.cues[*t], Cue::None | Cue::Source);
        let mut near = (sentence..i).rev().take(4).take_while(plain);
        let head = near.find(|&t| self.cues[t] == Cue::Source && !cues::definite(self.words, t))?;
        Some(self.words.start(head)..self.words.end(i - 1))
    }

    /// The first token of the subject of cue `i`.
    pub(super) fn head(&self, i: usize) -> usize {
        let skips = self.cues[i] == Cue::According
            && matches!(self.words.word(i + 1), "في" | "عن" | "ضمن" | "لـ" | "ل");
        i + 1 + usize::from(skips)
    }

    /// The subject behind cue `i`, before token `to`, among the mentions.
    pub(super) fn subject_behind(&self, i: usize, to: usize) -> Option<Subject> {
        if i + 1 >= to {
            return None;
        }
        if let Some(subject) = self.source_word(i, to).and_then(|t| self.source(t, to)) {
            return Some(subject);
        }
        let head = self.head(i);
        let according = self.cues[i] == Cue::According;
        // said on Twitter, a dit sur la chaîne
        let where_said = !self.verb_first
            && self.latin()
            && !according
            && matches!(
                self.words.word(head),
                "on" | "in"
                    | "at"
                    | "during"
                    | "after"
                    | "before"
                    | "via"
                    | "through"
                    | "as"
                    | "sur"
                    | "dans"
                    | "en"
                    | "lors"
                    | "après"
                    | "devant"
                    | "pendant"
            );
        if where_said || self.is_accusative(i, head) {
            return None;
        }
        // أعلنت أمس وزارة …: when does not part the verb from its subject
        let near = self.noun_behind(i, to).unwrap_or(head);
        let (start, end) = (self.words.start(head), self.words.end(to - 1));
        let word = verbs::bare(self.words.word(head));
        // والد is no و and الد
        let genitive =
            self.verb_first && (one_of(&RELATIONS, word) || one_of(&RELATIONS, self.words.word(head)));
        let member = self.verb_first && one_of(&MEMBERS, word);
        let prepositional = self.cues.get(head) == Some(&Cue::Preposition);
        let mut first = None;
        let mut owner: Option<usize> = None;
        let from = self.speakers.partition_point(|s| s.range.start < start);
        for (index, speaker) in self.speakers.iter().enumerate().skip(from).take(8) {
            if speaker.range.end > end {
                break;
            }
            let gap = self.words.text.get(start..speaker.range.start).unwrap_or("");
            let steps = gap.split_whitespace().count();
            let adjacent = gap.chars().count() < 2
                || self.words.start(near) <= speaker.range.start
                    && speaker.range.start < self.words.start(near) + 4;
            // حسب مصادر سورية: of no country
            if according && speaker.place && !adjacent && self.cues.get(head) == Some(&Cue::Source) {
                continue;
            }
            let of_source =
                according && (steps == 0 || steps == 1 && self.no_blank(start..speaker.range.start));
            if self.is_object(speaker) && !of_source
                || !according && speaker.person && !adjacent && self.is_addressed(speaker)
            {
                continue;
            }
            if speaker.person
                && !adjacent
                && (!according
                    && (self.is_spoken_of(head, speaker)
                        || self.is_in_complement(i, head, index, to)
                        || self.is_in_object(head, speaker))
                    || !member && self.is_told_of(head, speaker))
            {
                continue;
            }
            // تحدث إلى X: spoken to
            let from = self.words.word(head) == "من" && !one_of(&SIDES, self.words.word(head + 1));
            let to_whom = from
                || prepositional
                    && matches!(self.words.word(head), "إلى" | "الى" | "مع" | "عن" | "على" | "ضد");
            if to_whom && !according && !gap.contains(['،', ',']) {
                continue;
            }
            // مدير حملة X: the campaign is his, what is said is not
            let owns = self.verb_first && !adjacent && self.is_owner(head, speaker.range.start);
            let near = !gap.contains(['،', ',', '"', '«'])
                && !gap.split_whitespace().any(|word| cues::of(word) == Cue::Preposition);
            if owns && speaker.person && !near {
                continue;
            }
            if (genitive || member || owns) && !adjacent && speaker.person {
                if let Some(owner) = owner {
                    let between = self.words.text.get(self.speakers[owner].range.end..speaker.range.start);
                    let apposed = between.is_some_and(|gap| matches!(gap.trim(), "" | "،" | ","));
                    return Some(if apposed {
                        Subject::Named(index, 0.8)
                    } else {
                        self.through(head, owner)
                    });
                }
                if member && (steps > 4 || gap.contains(['،', ',']) || gap.contains("دعى")) {
                    return Some(Subject::Named(index, 0.78));
                }
                owner = Some(index);
                continue;
            }
            if self.is_only_object(i, self.token_at(speaker.range.end, head))
                || !speaker.person && self.is_called_on(i, head, speaker)
            {
                return None;
            }
            // كشفت شركة "…"
            let named = self.cues.get(head) == Some(&Cue::Name)
                && !one_of(&const { List::of("مراسل مراسلة موفد موفدة") }, word)
                && !cues::definite(self.words, head)
                && gap.split_whitespace().filter(|part| part.chars().any(char::is_alphabetic)).count() <= 1;
            if speaker.person {
                // أكدت القيادة «استشهاد» X: what is quoted parts the verb from whoever is named behind it
                let quoted = self.pair_around(speaker.range.start).is_some_and(|p| p.outer.start > start)
                    || !adjacent
                        && cues::definite(self.words, head)
                        && !matches!(self.cues[head], Cue::Office | Cue::Source)
                        && gap.contains(['«', '"', '“']);
                if quoted && !adjacent && !self.is_name_in_marks(speaker)
                    || self.is_inside(head, speaker.range.start)
                {
                    continue;
                }
                if let Some(second) = self.servant(i, head, index, end) {
                    return Some(Subject::Named(second, 0.85));
                }
                let crosses = gap.split_whitespace().any(|word| cues::of(word) == Cue::Preposition);
                let confidence = match (adjacent, prepositional, crosses) {
                    (true, ..) => 0.97,
                    (_, true, _) => 0.65,
                    (.., true) => 0.82,
                    _ => 0.93,
                };
                return Some(Subject::Named(index, confidence));
            }
            // صحيفة "الشمال اليومية": the name is the whole
            let inside = named && !adjacent && self.pair_around(speaker.range.start).is_some();
            if self.verb_first && inside && !self.is_name_in_marks(speaker) {
                break;
            }
            if self.verb_first && (adjacent || named) {
                first = Some(index);
                break;
            }
            if first.is_none() && (adjacent || named || according && steps <= 3) {
                first = Some(index);
            }
        }
        match (owner, first) {
            (Some(owner), _) => Some(self.through(head, owner)),
            (None, Some(index)) => Some(Subject::Named(index, 0.87)),
            _ => None,
        }
    }

    /// The words from token `head` to the end of a mention: the widow of X.
    fn through(&self, head: usize, owner: usize) -> Subject {
        Subject::Words(self.words.start(head)..self.speakers[owner].range.end, 0.6)
    }

    /// Whether the noun right before the person named at byte `at`, behind token `head`, is of something that is his.
    fn is_owner(&self, head: usize, at: usize) -> bool {
        let before = self.words.doc.token_at(at).checked_sub(1);
        // جدة is a grandmother or a city
        before.is_some_and(|t| t > head && one_of(&RELATIONS, self.words.word(t)) && !self.is_in_name(t))
    }

    /// Whether the person named at byte `at` belongs to what a source speaks from: مسؤول في إدارة X.
    fn is_inside(&self, head: usize, at: usize) -> bool {
        if self.cues.get(head) != Some(&Cue::Source) || cues::definite(self.words, head) {
            return false;
        }
        let mut tokens = (head + 1..self.words.len()).take_while(|&t| self.words.start(t) < at);
        let inside = tokens.find(|&t| self.cues[t] == Cue::Preposition).is_some();
        // مصدر مطلع على التحقيقات بشأن X; but: مسؤول في الوزارة، X, or X هو
        let before = self.words.doc.token_at(at).checked_sub(1).unwrap_or(head);
        let apposed =
            matches!(self.words.word(before), "،" | "," | "(" | "هو" | "يدعى" | "تدعى" | "اسمه" | "اسمها");
        inside && (!apposed || tokens.any(|t| one_of(&RELATIONS, self.words.word(t))))
    }

    /// The عن before token `to` with which the verb at `i` hands on what another says: نقلت الوكالة عن.
    pub(super) fn source_word(&self, i: usize, to: usize) -> Option<usize> {
        let hands_on = one_of(
            &const {
                List::of("نقل نقلت ينقل تنقل نقلوا نقلا نقله نقلته نقلها نقلتها")
            },
            verbs::bare(self.words.word(i)),
        );
        (i + 1..to).find(|&t| self.verb_first && hands_on && self.words.word(t) == "عن")
    }

    /// Whom the preposition at token `t` names as the source: عن X.
    fn source(&self, t: usize, to: usize) -> Option<Subject> {
        let (start, end) = (self.words.start(t + 1), self.words.end(to - 1));
        let from = self.speakers.partition_point(|s| s.range.start < start);
        for (index, speaker) in self.speakers.iter().enumerate().skip(from).take(3) {
            let gap = self.words.text.get(start..speaker.range.start).unwrap_or("");
            if speaker.range.end > end || gap.split_whitespace().count() > 8 {
                break;
            }
            let belongs = self.is_object(speaker) || self.is_inside(t + 1, speaker.range.start);
            if speaker.person && !belongs {
                return Some(Subject::Named(index, 0.9));
            }
            // عن صحيفة "…"
            let marked = matches!(gap.split_whitespace().last(), Some("\"" | "«" | "“"));
            let outlet =
                marked && self.cues.get(t + 1) == Some(&Cue::Name) && gap.split_whitespace().count() == 2;
            if gap.is_empty() || outlet {
                return Some(Subject::Named(index, 0.85));
            }
        }
        // عن الوزير: who was named with that office before
        let office = self.cues.get(t + 1) == Some(&Cue::Office);
        if let Some(speaker) = office.then(|| self.titled(t + 1)).flatten() {
            return Some(Subject::Named(speaker, 0.78));
        }
        let words = self.noun_phrase(t + 1, to)?;
        Some(Subject::Words(words, 0.7))
    }
}
