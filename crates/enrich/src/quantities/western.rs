//! What English, French and Russian write in their own ways: `C$105 million`, `3 à 2`, `со счетом 3:1`, `six free throws`,
//! `пять новых школ`.

use super::units::UnitWord;
use super::{Finder, Found};
use crate::doc::TokenKind;
use crate::enriched::{QuantityKind, Unit};
use crate::times::lexicon::TimeWord;

/// Words between a number and the noun at which its phrase ends.
const ADJECTIVES: usize = 3;

impl Finder<'_> {
    /// A quantity of one of these languages that begins at token `i`.
    pub(super) fn western(&self, i: usize) -> Option<Found> {
        if self.facts.language == "ar" {
            return None;
        }
        if self.words().kind(i) == TokenKind::Number {
            return self.score_in_words(i);
        }
        self.dollars(i)
    }

    /// `C$105 million`, `US$ 3bn`: a dollar with its country's letter.
    fn dollars(&self, i: usize) -> Option<Found> {
        let words = self.words();
        if words.word(i + 1) != "$" || !words.glued(i + 1) || words.kind(i + 2) != TokenKind::Number {
            return None;
        }
        let unit = match words.word(i) {
            "C" | "CA" | "CAD" => Some(Unit::Cad),
            "A" | "AU" | "AUD" => Some(Unit::Aud),
            "US" => Some(Unit::Usd),
            "HK" | "NZ" | "S" | "R" | "NT" => None,
            _ => return None,
        };
        let number = self.facts.number(i + 2).filter(|n| !n.ordinal)?;
        Some(self.found(words.start(i), number.to, number.value, unit, QuantityKind::Money))
    }

    /// The token behind points of a percentage at token `at`: `2 percentage points`, `points de pourcentage`, `процентных пункта`.
    pub(super) fn western_points(&self, at: usize) -> Option<usize> {
        let words = self.words();
        let (first, second) = (words.word(at), words.word(at + 1));
        match self.facts.language {
            "en" if first == "percentage" && matches!(second, "point" | "points") => Some(at + 2),
            "fr" if matches!(first, "point" | "points")
                && second == "de"
                && words.word(at + 2) == "pourcentage" =>
            {
                Some(at + 3)
            }
            "ru" if first.starts_with("процентн") && second.starts_with("пункт") => Some(at + 2),
            _ => None,
        }
        .filter(|to| self.same(to - 1))
    }

    /// Whether the number that ends before token `t` belongs to no unit there: `31 млн годом ранее`.
    pub(super) fn counts_no_time(&self, t: usize) -> bool {
        self.facts.language == "ru" && crate::times::lexicon::is_instrumental(self.words().word(t))
    }

    /// `3 à 2`, `3:1` behind a word for a score or a verb of winning.
    fn score_in_words(&self, i: usize) -> Option<Found> {
        let words = self.words();
        let side =
            |t: usize| words.word(t).parse::<f64>().ok().filter(|n| *n <= 60.0 && words.word(t).len() <= 2);
        let joined = match self.facts.language {
            "fr" => words.word(i + 1) == "à",
            "ru" => words.word(i + 1) == ":" && words.glued(i + 1) && words.glued(i + 2),
            _ => false,
        };
        let (value, against) = (side(i)?, side(i + 2)?);
        // what is counted or measured is a range, a clock has minutes of two digits
        let counted = self.facts.counts(i + 3) || matches!(self.facts.time(i + 3), TimeWord::Unit(..));
        let clock = self.facts.language == "ru"
            && words.word(i + 2).len() == 2
            && words.word(i).len() < 3
            && !self.told_score(i);
        if !joined || counted || clock || !self.same(i + 2) || words.glued(i + 3) && words.word(i + 3) == ":"
        {
            return None;
        }
        (self.told_score(i) || self.speaks_of_games(i)).then(|| self.points(i, value, against))
    }

    /// Whether "score" stands right before token `i`.
    fn told_score(&self, i: usize) -> bool {
        i > 0 && matches!(self.words().word(i - 1), "счетом" | "счётом" | "score" | "Счет" | "счет")
    }

    /// The token behind the noun of a number whose adjective stands at token `at`: `six free throws`, `deux derniers matchs`,
    /// `пять новых школ`.
    pub(super) fn behind_adjectives(&self, at: usize, many: bool) -> usize {
        let words = self.words();
        let plain = |t: usize| {
            self.same(t)
                && words.is_word(t)
                && words.kind(t) == words.kind(at)
                && words.word(t).starts_with(char::is_lowercase)
                && self.facts.unit(t) != UnitWord::Stop
                && self.facts.time(t) == TimeWord::None
        };
        if !words.word(at).starts_with(char::is_lowercase)
            || matches!(self.facts.unit(at), UnitWord::Noun(..))
        {
            return at + 1;
        }
        match self.facts.language {
            // a plural ends the phrase, what stands before it belongs to it
            "en" if many && !is_plural(words.word(at)) => {
                let end = (at + 1..at + 1 + ADJECTIVES)
                    .take_while(|t| plain(*t))
                    .find(|t| is_plural(words.word(*t)));
                end.map_or(at + 1, |t| t + 1)
            }
            "fr" if self.is_before_noun(at) && plain(at + 1) => at + 2,
            "ru" => {
                let mut end = at;
                while end < at + 2 && is_adjective(words.word(end)) && plain(end + 1) {
                    end += 1;
                }
                end + 1
            }
            _ => at + 1,
        }
    }

    /// Whether token `at` is a French adjective that stands before its noun.
    pub(super) fn is_before_noun(&self, at: usize) -> bool {
        self.facts.language == "fr" && is_before_noun(self.words().word(at))
    }

    /// Whether the ordinal at token `from` belongs to a name or an office: `Premier ministre`, `World War Two`.
    pub(super) fn in_office(&self, from: usize, at: usize) -> bool {
        let words = self.words();
        let office = matches!(
            words.word(at),
            "ministre" | "ministres" | "secrétaire" | "Minister" | "Lady" | "Secretary"
        );
        let begins = from == 0
            || words.paragraph(from)
            || matches!(words.word(from - 1), "." | "?" | "!" | "\"" | "«" | "“" | "—");
        office
            || !begins
                && words.kind(from) == TokenKind::Latin
                && words.word(from).starts_with(char::is_uppercase)
    }
}

/// Whether an English word is a plural by its form.
fn is_plural(word: &str) -> bool {
    matches!(word, "people" | "men" | "women" | "children" | "police" | "teeth" | "feet")
        || word.len() > 3
            && word.ends_with('s')
            && !["ss", "us", "is", "ous"].iter().any(|end| word.ends_with(end))
}

/// Whether a French adjective stands before its noun.
fn is_before_noun(word: &str) -> bool {
    const BEFORE: &str = "derniers dernières premiers premières nouveaux nouvelles petits petites grands grandes autres jeunes vieux vieilles \
        anciens anciennes bons bonnes principaux principales gros grosses longs longues courts différents prochains prochaines";
    BEFORE.split_whitespace().any(|other| other == word)
}

/// Whether a Russian word is an adjective by its ending.
fn is_adjective(word: &str) -> bool {
    word.chars().count() > 4
        && ["ых", "их", "ые", "ие", "ая", "яя", "ый", "ий", "ой", "ого", "его", "ую", "ым", "ыми", "ими"]
            .iter()
            .any(|end| word.ends_with(end))
}
