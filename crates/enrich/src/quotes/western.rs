//! Who speaks in English, French and Russian, where a subject stands on either side of its verb.

use std::ops::Range;

use super::Finder;
use super::cues::Cue;
use super::speaker::Attribution;
use super::verbs::Agreement;
use super::western_subject::is_collective;
use crate::doc::TokenKind;
use crate::times::lexicon::weekday;

/// Words of a subject that is no known name.
pub(super) const SUBJECT: usize = 7;
/// Tokens back to which a paragraph is looked through.
pub(super) const PARAGRAPH: usize = 400;

impl Finder<'_> {
    /// Who speaks by the verb at token `i` behind the quote that ends before token `to`.
    pub(super) fn western_after(
        &self,
        i: usize,
        to: usize,
        by: &Attribution,
        last: Option<&Attribution>,
    ) -> Option<Attribution> {
        if let Some(speaker) = self.nearest_before(i, to) {
            return Some(by.named(speaker, 0.9));
        }
        // écrit-il, déclare-t-elle
        let reach = if self.words.word(i + 1) == "-" { i + 5 } else { i + 3 };
        let pronoun = (to..reach).find(|&t| {
            self.cues.get(t) == Some(&Cue::Pronoun) && !matches!(self.words.word(t), "who" | "qui")
        });
        if let Some(pronoun) = pronoun {
            return self.taken_up_by(pronoun, to, by, last);
        }
        // "…," the 27-year-old told Eurosport
        let first = (to..i).find(|&t| self.words.is_word(t) || self.words.kind(t) == TokenKind::Number);
        let subject = |t: &usize| {
            !self.is_auxiliary(*t)
                && self.cues[i] == Cue::Say
                && self.cues[*t] != Cue::Preposition
                && i - t <= SUBJECT
                && (*t..i).all(|t| {
                    self.words.is_word(t) || self.words.kind(t) == TokenKind::Number || self.inner_hyphen(t)
                })
        };
        let phrase = first.filter(subject).map(|t| self.words.start(t)..self.words.end(i - 1));
        if let Some(phrase) = phrase {
            return Some(self.taken_for(phrase, to, by, last));
        }
        let end = self.subject_end(i);
        if let Some(speaker) = self.named_behind(i + 1, end) {
            return Some(by.named(speaker, 0.87));
        }
        if let Some(super::subject::Subject::Named(speaker, confidence)) = self.subject_behind(i, end) {
            return Some(by.named(speaker, confidence));
        }
        let phrase = self.western_phrase(i + 1, end)?;
        Some(self.taken_for(phrase, to, by, last))
    }

    /// Whom the pronoun at token `pronoun` stands for: who spoke in its paragraph, else whom that named last before token `to`.
    pub(super) fn taken_up_by(
        &self,
        pronoun: usize,
        to: usize,
        by: &Attribution,
        last: Option<&Attribution>,
    ) -> Option<Attribution> {
        let agreement = gender(self.words.word(pronoun));
        // they are no one person; he and she are persons, il and elle may be an office
        let several = agreement == Agreement::Plural;
        let single =
            |last: &Attribution| last.speaker.and_then(|s| self.speakers.get(s)).is_some_and(|s| s.person);
        let titled =
            |last: &Attribution| last.speaker.map_or(Agreement::Unknown, |s| self.title_agreement(s));
        let fits = |last: &&Attribution| {
            agreement.with(last.agreement)
                && agreement.with(titled(last))
                && if several { !single(last) } else { self.language == "fr" || self.is_human(last) }
        };
        let carried = |last: &Attribution, worth: f64| Attribution {
            cue: by.cue.clone(),
            confidence: last.base * worth,
            agreement,
            ..last.clone()
        };
        if let Some(last) =
            last.filter(fits).filter(|last| last.speaker.is_some() && self.same_paragraph(last.at, to))
        {
            return Some(carried(last, 0.9));
        }
        if several {
            let last = last.filter(fits).map(|last| carried(last, 0.85));
            return Some(last.unwrap_or_else(|| Attribution { confidence: 0.4, agreement, ..by.clone() }));
        }
        if let Some(speaker) = self.last_subject(to, agreement) {
            return Some(Attribution { agreement, ..by.named(speaker, 0.7) });
        }
        match last.filter(fits) {
            Some(last) => Some(carried(last, 0.85)),
            None => {
                let person = self.last_person(to).filter(|&s| agreement.with(self.title_agreement(s)));
                person.map(|speaker| Attribution { agreement, ..by.named(speaker, 0.5) })
            }
        }
    }

    /// The person whom the paragraph of token `t` named last before it, outside quotes, not as an object, and by no
    /// title of another gender.
    fn last_subject(&self, t: usize, agreement: Agreement) -> Option<usize> {
        let first = (t.saturating_sub(PARAGRAPH)..=t).rev().find(|&t| self.words.paragraph(t))?;
        let (start, end) = (self.words.start(first), self.words.start(t));
        let to = self.speakers.partition_point(|s| s.range.start < end);
        let inside = (0..to).rev().take(8).take_while(|&s| self.speakers[s].range.start >= start);
        inside.into_iter().find(|&s| {
            let speaker = &self.speakers[s];
            speaker.person
                && self.pair_around(speaker.range.start).is_none()
                && !self.is_object(speaker)
                && agreement.with(self.title_agreement(s))
        })
    }

    /// What a noun phrase stands for: with the article, the one person whom the paragraph has named; else its own words.
    pub(super) fn taken_for(
        &self,
        phrase: Range<usize>,
        to: usize,
        by: &Attribution,
        last: Option<&Attribution>,
    ) -> Attribution {
        let words = self.words.text.get(phrase.clone()).unwrap_or("");
        let first = words.split([' ', '\'', '’']).next().unwrap_or("").to_lowercase();
        let source = words.split(' ').any(|word| super::cues::of(word) == Cue::Source);
        let definite = match first.as_str() {
            "the" | "his" | "her" | "le" | "la" | "l" => true,
            "a" | "an" | "one" | "another" | "un" | "une" | "des" | "les" | "один" | "одна" => false,
            _ => words.starts_with(|c: char| ('а'..='я').contains(&c) || c.is_ascii_digit()),
        };
        // the company, издание: nobody's title
        if definite && !source && !is_collective(words) {
            if let Some(speaker) = self.only_person(to) {
                return by.named(speaker, 0.62);
            }
            // «…», — подчеркнул министр: who has just spoken
            let near = last.filter(|last| last.speaker.is_some() && words.split(' ').count() == 1);
            if let Some(last) =
                near.filter(|last| self.same_paragraph(last.at, to) && !self.has_rival(last, to))
            {
                return Attribution {
                    cue: by.cue.clone(),
                    confidence: last.base * 0.7,
                    base: last.base * 0.8,
                    ..last.clone()
                };
            }
        }
        by.spoken(phrase, 0.6)
    }

    /// The one person whom the paragraph of token `t` names before it.
    pub(super) fn only_person(&self, t: usize) -> Option<usize> {
        let first = (t.saturating_sub(PARAGRAPH)..=t).rev().find(|&t| self.words.paragraph(t))?;
        let (start, end) = (self.words.start(first), self.words.start(t));
        let from = self.speakers.partition_point(|s| s.range.start < start);
        let inside = self.speakers.iter().enumerate().skip(from).take_while(|(_, s)| s.range.end <= end);
        let mut people = inside.filter(|(_, s)| s.person);
        let (index, one) = people.next()?;
        people.all(|(_, other)| other.entity == one.entity).then_some(index)
    }

    /// Whether no paragraph begins between byte `at` and token `t`.
    pub(super) fn same_paragraph(&self, at: usize, t: usize) -> bool {
        self.words.text.get(at..self.words.start(t)).is_some_and(|between| !between.contains('\n'))
    }

    /// The words of a subject from token `from` on: up to a mark, a preposition or a relative clause, before token `to`.
    pub(super) fn western_phrase(&self, from: usize, to: usize) -> Option<Range<usize>> {
        let mut head = from;
        // сказал агентству источник в …: whom it was said to comes first
        if !self.latin() {
            let source = (from..to.min(from + 4)).find(|&t| self.cues[t] == Cue::Source);
            let to_whom = |t: usize| {
                matches!(
                    self.words.word(t),
                    "журналистам" | "агентству" | "ТАСС" | "изданию" | "телеканалу" | "газете"
                )
            };
            head = source.unwrap_or(from + usize::from(to_whom(from)));
        }
        let mut end = head;
        while head < to && weekday(self.words.word(head)) {
            head += 1;
            end = head;
        }
        while end < to
            && end < head + SUBJECT
            && (self.words.is_word(end)
                || self.words.kind(end) == TokenKind::Number
                || self.inner_hyphen(end))
        {
            let word = self.words.word(end);
            let of = matches!(word, "of" | "de" | "du" | "des" | "d'");
            let stops = self.cues[end] == Cue::Preposition && !of
                || matches!(self.cues[end], Cue::Pronoun | Cue::That | Cue::Say)
                || matches!(
                    word,
                    "in" | "on"
                        | "at"
                        | "after"
                        | "before"
                        | "as"
                        | "when"
                        | "during"
                        | "dans"
                        | "en"
                        | "après"
                        | "lors"
                        | "sur"
                        | "в"
                        | "во"
                        | "на"
                        | "после"
                        | "по"
                        | "при"
                        | "и"
                        | "and"
                        | "et"
                        | "who"
                        | "qui"
                        | "также"
                        | "also"
                )
                || weekday(word);
            if stops && end > head {
                break;
            }
            if stops {
                return None;
            }
            end += 1;
        }
        (end > head).then(|| self.words.start(head)..self.words.end(end - 1))
    }

    pub(super) fn inner_hyphen(&self, t: usize) -> bool {
        self.words.word(t) == "-" && self.words.glued(t) && self.words.glued(t + 1)
    }

    pub(super) fn latin(&self) -> bool {
        self.language != "ru"
    }

    /// A word that stands between a subject and its verb: has, a, est.
    pub(super) fn is_auxiliary(&self, t: usize) -> bool {
        matches!(
            self.words.word(t),
            "a" | "ont"
                | "avait"
                | "avaient"
                | "est"
                | "t"
                | "s'"
                | "has"
                | "had"
                | "have"
                | "also"
                | "then"
                | "так"
                | "как"
                | "тоже"
                | "ainsi"
                | "aussi"
                | "notamment"
                | "se"
                | "так-то"
        )
    }

    /// The subject before the verb at token `i` that is no known name: `a company spokesperson said`, `un témoin a déclaré`.
    pub(super) fn subject_before(&self, i: usize, sentence: usize) -> Option<Range<usize>> {
        let mut end = i;
        while end > sentence && self.is_auxiliary(end - 1) {
            end -= 1;
        }
        let mut head = end;
        while head > sentence
            && end - head < SUBJECT
            && (self.words.is_word(head - 1) || self.inner_hyphen(head - 1))
        {
            if self.cues[head - 1] == Cue::That || self.cues[head - 1] == Cue::Say {
                break;
            }
            head -= 1;
        }
        let noun = (head..end).find(|&t| {
            let word = self.words.word(t);
            let article = match self.language {
                "fr" => matches!(
                    word,
                    "un" | "une"
                        | "le"
                        | "la"
                        | "l'"
                        | "l’"
                        | "des"
                        | "les"
                        | "Un"
                        | "Une"
                        | "Le"
                        | "La"
                        | "Les"
                        | "L'"
                        | "L’"
                ),
                "en" => matches!(word, "a" | "an" | "the" | "The" | "A" | "An"),
                _ => false,
            };
            article || self.cues[t] == Cue::Source
        })?;
        // in a move ministers said
        if noun > sentence
            && (self.cues[noun - 1] == Cue::Preposition
                || matches!(self.words.word(noun - 1), "in" | "at" | "on" | "dans" | "en"))
        {
            return None;
        }
        let bounded = head == sentence || !self.words.is_word(head - 1);
        (bounded && end > noun).then(|| self.words.start(noun)..self.words.end(end - 1))
    }
}

/// What a pronoun agrees with.
fn gender(pronoun: &str) -> Agreement {
    match pronoun {
        "he" | "He" | "il" | "он" | "Он" => Agreement::Masculine,
        "she" | "She" | "elle" | "она" | "Она" => Agreement::Feminine,
        "they" | "They" | "ils" | "elles" | "они" | "Они" => Agreement::Plural,
        _ => Agreement::Unknown,
    }
}
