//! Which word of an English, French or Russian sentence is the subject of its verb of saying, and which name only goes with
//! another noun: `La dirigeante de la CGT affirme`, `said on Twitter`, `сообщило агентство «Север»`.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::cues::Cue;
use super::floor::State;
use super::speaker::Attribution;
use super::verbs::{Agreement, List, one_of};
use super::western::SUBJECT;
use super::{Finder, Speaker};
use crate::times::lexicon::weekday;

impl Finder<'_> {
    /// Who speaks by the verb or the preposition at token `i`, as far as what stands before the verb tells.
    pub(super) fn western_before(&self, i: usize, state: &State, by: &Attribution) -> Option<Attribution> {
        if self.cues[i] == Cue::According {
            return Some(self.source_behind(i, state));
        }
        if self.cues[i] != Cue::Say {
            return None;
        }
        if let Some(text) = self.phrase_before(i, state.sentence) {
            let head = self.words.doc.token_at(text.start);
            return Some(self.taken_for(text, head, by, state.last()));
        }
        if let Some(speaker) = self.nearest_before(i, state.sentence) {
            return Some(by.named(speaker, 0.9));
        }
        let pronoun = (state.sentence..i).rev().take(6).find(|&t| self.cues[t] == Cue::Pronoun);
        if let Some(found) = pronoun.and_then(|t| self.taken_up_by(t, state.sentence, by, state.last())) {
            return Some(found);
        }
        let held = state.current.as_ref().is_some_and(Attribution::known);
        let text = self.subject_before(i, state.sentence).filter(|_| !held)?;
        Some(self.taken_for(text, i, by, state.last()))
    }

    /// Whether the mention that begins at token `at` goes with the noun before it and is no subject itself: `of the club`,
    /// `de la CGT`, `глава МИД`.
    pub(super) fn is_attribute(&self, at: usize) -> bool {
        let Some(mut before) = at.checked_sub(1).filter(|_| !self.words.paragraph(at)) else { return false };
        if matches!(
            self.words.word(before),
            "the" | "The" | "la" | "le" | "l'" | "l’" | "les" | "a" | "«" | "“" | "\""
        ) && before > 0
            && !self.words.paragraph(before)
        {
            before -= 1;
        }
        let word = self.words.word(before);
        match self.language {
            "en" => matches!(
                word,
                "of" | "at"
                    | "from"
                    | "for"
                    | "with"
                    | "by"
                    | "in"
                    | "on"
                    | "to"
                    | "about"
                    | "against"
                    | "via"
            ),
            "fr" => matches!(
                word,
                "de" | "du"
                    | "des"
                    | "d'"
                    | "d’"
                    | "à"
                    | "au"
                    | "aux"
                    | "avec"
                    | "par"
                    | "pour"
                    | "contre"
                    | "sur"
                    | "dans"
                    | "chez"
                    | "en"
            ),
            "ru" => {
                crate::roles::is_western_office(self.words.doc, before) || self.cues[before] == Cue::Source
            }
            _ => false,
        }
    }

    /// The noun phrase that is the subject of the verb at token `i` though a name stands before or in it: with an article, right
    /// before the verb, behind a comma or at the head of the clause: `À Rennes, la société a indiqué`.
    pub(super) fn phrase_before(&self, i: usize, sentence: usize) -> Option<Range<usize>> {
        if self.language == "ru" {
            return self.office_phrase(i, sentence);
        }
        let phrase = self.subject_before(i, sentence)?;
        let head = self.words.doc.token_at(phrase.start);
        let opens = head == sentence || self.words.word(head - 1) == ",";
        let index = self.speakers.partition_point(|s| s.range.end <= phrase.start);
        let inside = self.speakers.iter().skip(index).take_while(|s| s.range.start < phrase.end);
        let own = |s: &Speaker<'_>| !self.is_attribute(self.words.doc.token_at(s.range.start));
        // the number who said, the price as the firm said
        let other = (head..i).any(|t| {
            matches!(
                self.words.word(t),
                "who"
                    | "which"
                    | "as"
                    | "when"
                    | "while"
                    | "because"
                    | "and"
                    | "but"
                    | "or"
                    | "qui"
                    | "que"
                    | "quand"
                    | "dont"
                    | "et"
                    | "mais"
                    | "ou"
            )
        });
        // Roy, le patron du port se dit: the phrase is in apposition
        let comma = head.checked_sub(1).filter(|&comma| head > sentence && comma > sentence);
        let apposed = comma.is_some_and(|comma| {
            let end = self.words.start(comma);
            let before = self.speakers.partition_point(|s| s.range.end < end);
            self.speakers.get(before).is_some_and(|s| s.person && s.range.end == end && !self.is_object(s))
        });
        if other || apposed {
            return None;
        }
        (opens && !inside.into_iter().any(own)).then_some(phrase)
    }

    /// `глава МИД заявил`, `пресс-служба МВД сообщила`: an office with the name of what it belongs to.
    fn office_phrase(&self, i: usize, sentence: usize) -> Option<Range<usize>> {
        let end = self.words.start(i);
        let index = self.speakers.partition_point(|s| s.range.start < end).checked_sub(1)?;
        let speaker = self.speakers.get(index).filter(|s| !s.person)?;
        let at = self.words.doc.token_at(speaker.range.start);
        let close = self.words.text.get(speaker.range.end..end)?.trim().is_empty();
        let head =
            at.checked_sub(1).filter(|&head| head >= sentence && close && !self.words.paragraph(at))?;
        // житель Заречья: a place goes with the noun before it
        let noun = || {
            let word = self.words.word(head);
            let other = matches!(self.cues[head], Cue::Preposition | Cue::That | Cue::Say | Cue::Pronoun)
                || matches!(
                    word,
                    "и" | "а"
                        | "но"
                        | "в"
                        | "во"
                        | "на"
                        | "как"
                        | "сегодня"
                        | "вчера"
                        | "ранее"
                        | "также"
                        | "уже"
                        | "теперь"
                        | "где"
                        | "из"
                );
            speaker.place && word.starts_with(|c: char| ('а'..='я').contains(&c)) && !other
        };
        (self.is_attribute(at) || noun()).then(|| self.words.start(head)..speaker.range.end)
    }

    /// Whether an attribution may be taken up by he or she: a person, or words for one.
    pub(super) fn is_human(&self, by: &Attribution) -> bool {
        match (by.speaker.and_then(|s| self.speakers.get(s)), &by.text) {
            (Some(speaker), _) => speaker.person,
            (None, Some(text)) => !self.words.text.get(text.clone()).is_some_and(is_collective),
            _ => false,
        }
    }

    /// Whether what stands behind a verb whose subject went before it says when or where, and not what: `…, police said on
    /// Friday`, or whom it was said to: `…, X told the paper on Friday`.
    pub(super) fn is_adverbial(&self, i: usize, end: usize) -> bool {
        let behind = if matches!(self.words.word(i), "told" | "tells") {
            self.behind_listener(i + 1, end)
        } else {
            Some(i + 1)
        };
        behind.is_some_and(|t| self.is_when_or_where(t, end))
    }

    fn is_when_or_where(&self, t: usize, end: usize) -> bool {
        let word = self.words.word(t);
        t >= end
            || !self.words.is_word(t)
            || weekday(word)
            || one_of(&MONTHS, word)
            || one_of(&ADVERBIAL, word)
    }

    /// The token behind the words, from token `from` and before token `end`, for whoever is told: a name, one word, or an article
    /// and the words behind it. None where *that* follows.
    fn behind_listener(&self, from: usize, end: usize) -> Option<usize> {
        if (from..end).any(|t| self.cues[t] == Cue::That) {
            return None;
        }
        let upper = |t: usize| self.words.word(t).starts_with(char::is_uppercase);
        let inside = |t: usize| t < end && self.words.is_word(t) && !self.is_when_or_where(t, end);
        let article =
            one_of(&const { List::of("the a an his her its their our this") }, self.words.word(from));
        let more = (from + 1..).take_while(|&t| inside(t) && (upper(t) || article)).take(5).count();
        inside(from).then_some(from + 1 + more)
    }

    /// The mention behind a noun for its kind: `агентство «Север»`, `издание North`.
    pub(super) fn named_behind(&self, t: usize, to: usize) -> Option<usize> {
        let noun = self.words.word(t);
        if !is_collective(noun) || t + 1 >= to {
            return None;
        }
        let open = usize::from(matches!(self.words.word(t + 1), "«" | "\"" | "“" | "'" | "\u{2018}"));
        self.mention_at(self.words.start(t + 1 + open)).filter(|&s| !self.speakers[s].person)
    }

    /// A dash behind the end of a sentence that opens speech, `— Пора, — сказал X.`: the token behind the sentence with the verb.
    pub(super) fn speech_behind_dash(&self, i: usize) -> Option<usize> {
        let dash = |t: usize| {
            matches!(self.words.word(t), "—" | "–") || self.words.word(t) == "-" && !self.words.glued(t + 1)
        };
        let before = i.checked_sub(1)?;
        let opens = self.language == "ru"
            && dash(i)
            && !self.words.glued(i)
            && (self.words.paragraph(i) || self.sentence_ends(before))
            && self.words.word(i + 1).starts_with(char::is_uppercase);
        if !opens {
            return None;
        }
        let reach = self.words.len().min(i + super::western::PARAGRAPH / 2);
        let inside = (i + 1..reach).take_while(|&t| !self.words.paragraph(t));
        let verb = inside.into_iter().find(|&t| {
            dash(t)
                && matches!(self.words.word(t - 1), "," | "!" | "?" | "…")
                && (self.cues.get(t + 1) == Some(&Cue::Say) || self.cues.get(t + 2) == Some(&Cue::Say))
        })?;
        // what is in marks is told by them
        if self
            .pair_in(&(self.words.start(i)..self.words.start(verb)))
            .is_some_and(|pair| pair.inner.len() > 40)
        {
            return None;
        }
        let end = (verb + 1..reach).find(|&t| self.words.paragraph(t) || self.sentence_ends(t));
        end.map(|t| t + usize::from(!self.words.paragraph(t)))
    }

    /// The gender that a Russian verb in the past tells, or the title before a name.
    pub(super) fn western_agreement(&self, i: usize) -> Agreement {
        if self.language != "ru" {
            return Agreement::Unknown;
        }
        let word = self.words.word(i);
        let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
        if ends(&["ла", "лась"]) {
            Agreement::Feminine
        } else if ends(&["ли", "лись", "ют", "ят"]) {
            Agreement::Plural
        } else if ends(&["л", "лся"]) {
            Agreement::Masculine
        } else {
            Agreement::Unknown
        }
    }

    /// What the title before a name tells of its bearer: Mme, Mr.
    pub(super) fn title_agreement(&self, speaker: usize) -> Agreement {
        let Some(named) = self.speakers.get(speaker) else { return Agreement::Unknown };
        let to = self.words.doc.token_at(named.range.start);
        let title = |t: usize| match self.words.word(t) {
            "Mme" | "Mlle" | "Ms" | "Mrs" | "Miss" => Agreement::Feminine,
            "M" | "MM" | "Mr" | "Monsieur" => Agreement::Masculine,
            _ => Agreement::Unknown,
        };
        (to.saturating_sub(2)..to).rev().map(title).find(|a| *a != Agreement::Unknown).unwrap_or_default()
    }
}

/// Words that open when, where or how something was said.
const ADVERBIAL: List<'_> = List::of(
    "about above across after against ahead amid among around as at because before behind below beneath beside between beyond \
    by despite during following for from in inside into near of off on out outside over past per regarding since through throughout \
    to toward towards under until up upon via with within without when while last late later early earlier shortly soon just moments \
    minutes hours days recently yesterday today tonight this again separately",
);
const MONTHS: List<'_> = List::of(
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec January February March April May June July August September October November \
    December",
);

/// Nouns for several, and for what is nobody.
const NOUNS: &str = "company companies agency newspaper paper magazine release statement report study group ministry police government organisation \
    organization club campaign letter team firm bank committee council department office board party union commission court website site \
    channel network outlet league federation association administration university army military authority authorities researchers officials \
    société entreprise agence journal chaîne direction ministère gouvernement parti organisation groupe rapport étude communiqué \
    déclaration lettre équipe banque comité conseil commission tribunal syndicat fédération association ligue parquet préfecture mairie \
    gendarmerie justice médias presse radio \
    издание агентство газета журнал портал телеканал канал компания ведомство министерство служба пресс-служба сайт источник ресурс \
    организация управление прокуратура полиция правительство банк фонд клуб редакция радио радиостанция портале комитет департамент";

static COLLECTIVES: LazyLock<FxHashSet<&str>> = LazyLock::new(|| NOUNS.split_whitespace().collect());

/// Whether a noun phrase stands for several, or for what is nobody: the company, the release, издание.
pub(super) fn is_collective(phrase: &str) -> bool {
    let known = |word: &str| {
        COLLECTIVES.contains(word)
            || word.starts_with(char::is_uppercase) && COLLECTIVES.contains(word.to_lowercase().as_str())
    };
    phrase.split([' ', '\'', '’']).take(SUBJECT).any(known)
}
