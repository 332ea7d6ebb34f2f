//! Whom a clause or the sentence before is about, where a verb of saying has no subject of its own.

use super::Finder;
use super::cues::{self, Cue};
use super::epithets::ORGANISATIONS;
use super::floor::State;
use super::speaker::{Attribution, THINGS};
use super::subordinate::RELATIVE;
use super::verbs::{self, Agreement, List, one_of};

/// How many tokens of a sentence may hold its subject.
const HEAD: usize = 14;
/// In how many tokens of it a verb of saying is looked for.
const LONG: usize = 200;
/// Words at the head of a sentence before its verb or subject.
pub(super) const LEAD: List<'_> =
    List::of("و كما لكن ولكن غير إلا أن وأن بينما فيما وفيما كذلك وكذلك قد وقد لقد فقد وبينما");
/// Verbs of what had been before: whoever they are about does not take the floor.
const BACKGROUND: List<'_> = List::of("كان كانت كانوا يذكر سبق يشار يعد تعد يبلغ تبلغ يحتل تحتل");
/// What is said in it: "the speech in which he said".
pub(super) const IN_IT: List<'_> = List::of("فيه فيها خلاله خلالها");

impl Finder<'_> {
    /// The person whom the sentence before is about, named since `last` spoke: `وصل X. وقال: "…"`.
    pub(super) fn topic(&self, state: &State, wanted: Agreement) -> Option<usize> {
        let (start, end) = (state.before, state.sentence);
        if !self.verb_first || start >= end || wanted == Agreement::Plural {
            return None;
        }
        let since = state.last().map_or(0, |last| last.at);
        let start = self.behind_turn(start);
        let verb = (start..end.min(start + 4)).find(|&t| !one_of(&LEAD, self.words.word(t)))?;
        let word = verbs::bare(self.words.word(verb));
        let says = (start..end.min(start + LONG)).any(|t| matches!(self.cues[t], Cue::Say | Cue::Participle));
        if says || one_of(&BACKGROUND, word) {
            return None;
        }
        let woman = word.ends_with('ت') || word.starts_with('ت');
        if wanted != Agreement::Unknown && woman != (wanted == Agreement::Feminine) {
            return None;
        }
        let (from, to) = (self.words.start(verb + 1), self.words.start(end.min(verb + HEAD)));
        let index = self.speakers.partition_point(|s| s.range.start < from);
        let speaker =
            self.speakers.get(index).filter(|s| s.person && s.range.end <= to && s.range.start > since)?;
        let tokens = verb + 1..self.words.doc.token_at(speaker.range.start);
        // التقى نظيره X: he is met
        const MET: List<'_> = List::of("نظيره نظيرها نظيرته نظيرتها ضيفه ضيفها");
        let crosses = tokens.into_iter().any(|t| {
            matches!(self.cues[t], Cue::Preposition | Cue::That)
                || one_of(&MET, self.words.word(t))
                || !self.words.is_word(t)
                || self.is_prepositional(t)
        });
        (!crosses && !self.is_object(speaker) && !self.is_byline(speaker)).then_some(index)
    }

    /// The token behind the words that give somebody his turn at token `t`: من جهتها، رفضت X.
    fn behind_turn(&self, t: usize) -> usize {
        const TURNS: List<'_> = List::of("جهته جهتها جانبه جانبها ناحيته ناحيتها");
        let turn = matches!(self.words.word(t), "من" | "ومن") && one_of(&TURNS, self.words.word(t + 1));
        let one = matches!(verbs::bare(self.words.word(t)), "بدوره" | "بدورها");
        let behind = t + if turn { 2 } else { usize::from(one) };
        behind + usize::from(behind > t && matches!(self.words.word(behind), "،" | ","))
    }

    /// The subject of the sentence's own verb, which is no person, for the verb at token `i` that goes on:
    /// `ووافقت الشركة على …، وعزت …`, `سارعت منظمات إلى …، مؤكدة`.
    pub(super) fn subject_of_clause(&self, i: usize, state: &State, by: &Attribution) -> Option<Attribution> {
        if !self.verb_first || !matches!(by.agreement, Agreement::Feminine | Agreement::Masculine) {
            return None;
        }
        if by.agreement == Agreement::Masculine {
            return self.office_of_clause(i, state, by);
        }
        let first =
            (state.sentence..i.min(state.sentence + 4)).find(|&t| !one_of(&LEAD, self.words.word(t)))?;
        let is_verb = |t: usize| {
            let word = self.words.word(t);
            word.ends_with('ت') && !word.ends_with("ات") && word.chars().count() > 3 && self.words.is_word(t)
        };
        if is_verb(first) {
            let noun = first + 1;
            if noun + 2 > i || self.is_prepositional(noun) {
                return None;
            }
            if let Some(speaker) = self.mention_at(self.words.start(noun)) {
                let by = Attribution { head: true, ..by.named(speaker, 0.6) };
                return Some(by).filter(|_| !self.speakers[speaker].person);
            }
            let feminine = self.words.word(noun).ends_with('ة') || self.cues[noun] == Cue::Source;
            return if feminine && cues::definite(self.words, noun) { self.noun(noun, i, by) } else { None };
        }
        // منظمات محلية سارعت إلى, جماعة "X" المحلية وصفت: the subject goes before its verb
        let verb = (first + 1..i.min(first + 5)).find(|&t| is_verb(t)).unwrap_or(i);
        let plain = |t: usize| {
            let ends = matches!(self.words.word(t), "،" | "," | ":" | "؛");
            !ends && !matches!(self.cues[t], Cue::Preposition | Cue::That | Cue::Say)
        };
        let feminine = ["ة", "ات"].iter().any(|end| self.words.word(first).ends_with(end));
        if !feminine || verb < first + 2 || verb > first + 9 || !(first..verb).all(plain) {
            return None;
        }
        let from = self.speakers.partition_point(|s| s.range.start < self.words.start(first));
        match self.speakers.get(from).filter(|s| s.range.end <= self.words.start(verb)) {
            Some(speaker) if speaker.person => None,
            Some(_) => Some(by.named(from, 0.6)),
            None => self.noun(first, verb, by),
        }
    }

    /// The office right behind the verb that begins the sentence, for the verb at token `i` that goes on: `ثمن أمين المدينة …،
    /// واعتبر أن`.
    fn office_of_clause(&self, i: usize, state: &State, by: &Attribution) -> Option<Attribution> {
        let verb =
            (state.sentence..i.min(state.sentence + 4)).find(|&t| !one_of(&LEAD, self.words.word(t)))?;
        let (word, noun) = (self.words.word(verb), verb + 1);
        let office = self.cues[noun] == Cue::Office
            && !self.words.word(noun).ends_with('ة')
            && !self.is_prepositional(noun)
            && !one_of(&ORGANISATIONS, self.bare(noun));
        let is_verb = self.words.is_word(verb)
            && self.cues[verb] == Cue::None
            && !cues::definite(self.words, verb)
            && !word.ends_with(['ت', 'ة', 'ا', 'ي'])
            && !self.is_prepositional(verb)
            && word.chars().count() > 2;
        if !office || !is_verb || noun + 2 > i || one_of(&BACKGROUND, verbs::bare(word)) {
            return None;
        }
        match self.titled(noun) {
            Some(speaker) => Some(by.named(speaker, 0.6)),
            None => Some(by.spoken(self.noun_phrase(noun, i.min(noun + 5))?, 0.5)),
        }
    }

    /// The speaker by the noun at token `noun`: who was named by it before, or its words up to token `to`.
    fn noun(&self, noun: usize, to: usize, by: &Attribution) -> Option<Attribution> {
        match self.named_before(noun, None) {
            Some(speaker) => Some(by.named(speaker, 0.55)),
            None => Some(by.spoken(self.noun_phrase(noun, to.min(noun + 5))?, 0.5)),
        }
    }

    /// The office right before the verb at token `i`, behind "that": أن الرئيس السوري قال.
    pub(super) fn office_before(&self, i: usize, by: &Attribution) -> Option<Attribution> {
        let nouns = (i.saturating_sub(4)..i).rev().take_while(|&t| cues::definite(self.words, t));
        let first = nouns.min().filter(|&t| self.verb_first && t > 0)?;
        // أن رئيس الوزراء قال
        let head = if self.cues[first] == Cue::Office { first } else { first - 1 };
        if head == 0 || self.cues[head] != Cue::Office {
            return None;
        }
        let plain = verbs::bare(self.words.word(i)) == self.words.word(i);
        if !plain || self.cues[head - 1] != Cue::That {
            return None;
        }
        Some(match self.titled(head) {
            Some(speaker) => by.named(speaker, 0.75),
            None => by.spoken(self.words.start(head)..self.words.end(i - 1), 0.6),
        })
    }

    /// The noun that the relative clause with the verb at token `i` is about: المحكمة الجنائية، التي شددت على.
    pub(super) fn antecedent(&self, i: usize, by: &Attribution) -> Option<Attribution> {
        let relative =
            i.checked_sub(1).filter(|&t| self.verb_first && one_of(&RELATIVE, self.words.word(t)))?;
        // التصريحات التي قال فيها, الجماعة التي تعتبرها: not they say it
        if self.describes(i) || (i + 1..i + 3).any(|t| one_of(&IN_IT, self.words.word(t))) {
            return None;
        }
        let comma = relative.checked_sub(1).filter(|&t| matches!(self.words.word(t), "،" | ","));
        let end = comma.unwrap_or(relative);
        // من الكتلة الذي يقولون إن: another's
        let several = verbs::agreement(self.words.word(i)) == Agreement::Plural;
        if several && matches!(self.words.word(relative), "الذي" | "التي") {
            return None;
        }
        let index =
            self.speakers.partition_point(|s| s.range.start < self.words.start(end)).checked_sub(1)?;
        let behind = self.words.text.get(self.speakers[index].range.end..self.words.start(end))?;
        if behind.trim().is_empty() {
            return Some(by.named(index, 0.7));
        }
        let nouns = (end.saturating_sub(4)..end).rev().take_while(|&t| cues::definite(self.words, t));
        let that = (i + 1..i + 6).find(|&t| self.cues.get(t) == Some(&Cue::That));
        // القرار الذي قال إنه: somebody else says it of the decision
        let taken_up = that.is_some_and(|t| verbs::is_that_he(self.words.word(t)))
            || ["ه", "ها"].iter().any(|end| self.words.word(i).ends_with(end));
        const TIMES: List<'_> = List::of("الوقت اليوم اللحظة الفترة المرحلة الأسبوع الشهر العام");
        let head = nouns
            .min()
            .filter(|&t| !one_of(&TIMES, self.words.word(t)) && (!taken_up || self.may_speak(t)))?;
        Some(by.spoken(self.words.start(head)..self.words.end(end - 1), 0.55))
    }

    /// Whether the definite noun at token `t` is of somebody, or of what speaks.
    fn may_speak(&self, t: usize) -> bool {
        const OTHERS: List<'_> =
            List::of("الأم الأب الزوج الزوجة الطفل الطفلة السلطة الدولة المصادر الجهات الجهة");
        let noun = self.bare(t);
        matches!(self.cues[t], Cue::Office | Cue::Source)
            || one_of(&ORGANISATIONS, noun)
            || one_of(&THINGS, noun)
            || one_of(&OTHERS, self.words.word(t))
            || noun.chars().count() > 5 && ["ون", "ين", "ان"].iter().any(|end| noun.ends_with(end))
    }

    /// Who the relative clause is about whose verb, at token `i`, has its object behind it: `X الذي نفى الاتهامات`.
    /// A pronoun would say that it is about somebody else: `X الذي وصفته الوزارة`.
    pub(super) fn with_object(&self, i: usize, by: &Attribution) -> Option<Attribution> {
        let relative = i.checked_sub(1).filter(|_| self.is_relative(i))?;
        let wanted = match self.words.word(relative) {
            "الذي" => Agreement::Masculine,
            "التي" => Agreement::Feminine,
            _ => return None,
        };
        let (verb, noun) = (self.words.word(i), i + 1);
        let object = self.words.is_word(noun)
            && (cues::definite(self.words, noun) || cues::definite(self.words, noun + 1))
            && matches!(self.cues[noun], Cue::None | Cue::Title)
            && !self.is_prepositional(noun);
        let back = if wanted == Agreement::Feminine { "ها" } else { "ه" };
        let own = |t: &usize| matches!(self.cues.get(*t), Some(Cue::None | Cue::Title | Cue::Preposition));
        let another = (noun..noun + 5).take_while(own).any(|t| self.words.word(t).ends_with(back));
        if !verbs::has_object(verb) || verbs::agreement(verb) != wanted || !object || another {
            return None;
        }
        let end = relative - usize::from(matches!(self.words.word(relative - 1), "،" | ","));
        let end = self.words.start(end);
        let index = self.speakers.partition_point(|s| s.range.start < end).checked_sub(1)?;
        let speaker = &self.speakers[index];
        let near = self.words.text.get(speaker.range.end..end)?.trim().is_empty();
        (near && !speaker.place).then(|| by.named(index, 0.75))
    }

    /// Who gave the speech in which something is said: خطاب الرئيس X الذي قال فيه, مقابلة مع X كشف فيها.
    pub(super) fn speaker_in_document(&self, i: usize) -> Option<usize> {
        let said = self.verb_first && (i + 1..i + 3).any(|t| one_of(&IN_IT, self.words.word(t)));
        if !said || verbs::bare(self.words.word(i)) != self.words.word(i) {
            return None;
        }
        let relative = i.checked_sub(1).filter(|&t| one_of(&RELATIVE, self.words.word(t)));
        let end = relative.unwrap_or(i);
        let document = (end.saturating_sub(HEAD)..end).rev().find(|&t| {
            let word = verbs::bare(self.words.word(t));
            let word = word.strip_prefix('ب').unwrap_or(word);
            // نشرت حوارا مع X قال فيه
            let word = word.strip_suffix('ا').unwrap_or(word);
            one_of(&cues::DOCUMENTS, word.strip_prefix("ال").unwrap_or(word))
        })?;
        let (from, to) = (self.words.start(document), self.words.start(end));
        let index = self.speakers.partition_point(|s| s.range.start < from);
        let speaker = self.speakers.get(index).filter(|s| s.person && s.range.end <= to)?;
        let at = self.words.doc.token_at(speaker.range.start);
        // تقرير عن X
        let other = |t: usize| matches!(self.words.word(t), "عن" | "حول" | "بشأن" | "إلى" | "الى");
        // رسالة إلى X: he is written to
        (!(document + 1..at).any(other)).then_some(index)
    }
}
