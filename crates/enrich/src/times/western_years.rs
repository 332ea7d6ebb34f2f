//! Years, decades and centuries of English, French and Russian, and what says that a day is still to come: `the 1980s`,
//! `90-е годы`, `années 1970`, `XXe siècle`, `этого года`.

use super::lexicon::{Count, Span, TimeWord};
use super::{Finder, Match};
use crate::doc::TokenKind;
use crate::enriched::TimeType;
use crate::numbers::words::Num;

impl Finder<'_> {
    /// `the 1980s`, `’90s`, `1990-х`, `90-е годы`; `2016-м`, `в 2018-м году`.
    pub(super) fn decade_in_digits(&self, i: usize) -> Option<Match> {
        let words = &self.facts.words;
        let (year, digits) = (self.small(i)?, self.word(i).len());
        let century = match digits {
            4 if (1500..=2090).contains(&year) => year / 100,
            // which century's twenties are meant nobody knows
            2 if (30..=90).contains(&year) => 19,
            _ => return None,
        };
        let value = format!("{century:02}{}", year / 10 % 10);
        let round = year.is_multiple_of(10);
        if round && words.glued(i + 1) {
            let (mark, end) = (self.word(i + 1), self.word(i + 2));
            let s = if mark == "s" { Some(i + 2) } else { None };
            if let Some(to) = s.or((matches!(mark, "'s" | "’s")).then_some(i + 2)) {
                return Some(self.make(i, to, TimeType::Date, value));
            }
            if mark == "-" && words.glued(i + 2) && matches!(end, "х" | "е" | "ые" | "ых" | "м" | "ми")
            {
                let plural = end != "м" || digits == 2;
                if plural && (digits == 4 || matches!(end, "х" | "е" | "ые" | "ых")) {
                    let years = matches!(self.time(i + 3), TimeWord::Unit(Span::Year, Count::Many))
                        && self.same(i + 3);
                    // 30-е place
                    let led = years
                        || digits == 4
                        || matches!(self.word(i.max(1) - 1), "в" | "с" | "начале" | "конце");
                    return led.then(|| self.make(i, i + 3 + usize::from(years), TimeType::Date, value));
                }
            }
        }
        let ordinal = digits == 4
            && (1900..=2100).contains(&year)
            && words.glued(i + 1)
            && words.glued(i + 2)
            && self.word(i + 1) == "-"
            && matches!(self.word(i + 2), "м" | "го" | "й" | "му");
        let years = matches!(self.time(i + 3), TimeWord::Unit(Span::Year, _)) && self.same(i + 3);
        ordinal.then(|| self.make(i, i + 3 + usize::from(years), TimeType::Date, format!("{year:04}")))
    }

    /// `années 1970`, `années 90`, `années soixante-dix`.
    pub(super) fn decade_behind(&self, i: usize) -> Option<Match> {
        if self.word(i) != "années" || !self.same(i + 1) {
            return None;
        }
        let number = self.facts.number(i + 1).filter(|n| !n.ordinal && n.value % 10.0 == 0.0)?;
        let value = match number.value as i64 {
            year @ 1500..=2090 => format!("{}", year / 10),
            year @ 30..=90 => format!("19{}", year / 10),
            _ => return None,
        };
        Some(self.make(i, number.to, TimeType::Date, value))
    }

    /// `XXe siècle`, `XIX век`.
    pub(super) fn roman_century(&self, i: usize) -> Option<Match> {
        let word = self.word(i);
        let digits = word.trim_end_matches(['e', 'è', 'm', 'ᵉ']);
        let number = roman(digits).filter(|n| (2..=30).contains(n) && self.same(i + 1))?;
        Some(self.make(i, i + 2, TimeType::Date, format!("{:02}", number - 1)))
    }

    /// `first quarter of 2020`, `premier semestre 2012`, `III квартал прошлого года`, `Q4 2024`.
    pub(super) fn western_quarter(&self, i: usize) -> Option<Match> {
        let word = self.word(i);
        let digits = self.facts.words.kind(i) == TokenKind::Number;
        let ordinal = matches!(self.facts.num(i), Num::Ord(_));
        let code = word.starts_with('Q');
        if !(digits || ordinal || code || word.starts_with(['I', 'V'])) {
            return None;
        }
        let (number, at) = if code {
            let figure = word.strip_prefix('Q').filter(|rest| !rest.is_empty());
            let glued = figure.is_none() && self.facts.words.glued(i + 1);
            let figure = figure.or(glued.then(|| self.word(i + 1)))?;
            (figure.parse().ok()?, i + usize::from(glued))
        } else if digits || ordinal {
            let number = self.facts.number(i).filter(|n| n.ordinal && n.value.fract() == 0.0)?;
            (number.value as u32, number.to)
        } else {
            (roman(word)?, i + 1)
        };
        if !code && !self.same(at) {
            return None;
        }
        // a quarter of a game has no year
        let (letter, most, alone) = match self.word(at) {
            _ if code => ('Q', 4, false),
            "quarter" => ('Q', 4, false),
            "half" => ('H', 2, false),
            "trimestre" => ('Q', 4, true),
            "semestre" => ('H', 2, true),
            "квартал" | "квартала" | "квартале" | "кварталу" | "кварталом" => {
                ('Q', 4, true)
            }
            "полугодие" | "полугодия" | "полугодии" | "полугодию" => {
                ('H', 2, true)
            }
            _ => return None,
        };
        if !(1..=most).contains(&number) {
            return None;
        }
        let of = at + 1 + usize::from(matches!(self.word(at + 1), "of" | "de"));
        let year = self.year_of_part(at + 1).or_else(|| self.year_of_part(of));
        // le premier trimestre de la grossesse, в первом квартале микрорайона
        let of_thing = self.same(at + 1)
            && matches!(
                self.word(at + 1),
                "de" | "du"
                    | "des"
                    | "d'"
                    | "d’"
                    | "микрорайона"
                    | "посёлка"
                    | "поселка"
                    | "города"
                    | "леса"
                    | "лесничества"
            );
        let (year, to, anchored) = match (year, self.anchor.0) {
            (Some(told), _) => told,
            (None, _) if !alone || of_thing => return None,
            (None, Some(anchor)) => (format!("{:04}", anchor.year()), at + 1, true),
            (None, None) => ("XXXX".to_owned(), at + 1, false),
        };
        Some(Match { anchored, ..self.make(i, to, TimeType::Date, format!("{year}-{letter}{number}")) })
    }

    /// `the 2020 final`: a year between the article and a noun.
    pub(super) fn year_behind_the(&self, i: usize) -> Option<Match> {
        let year = self.small(i).filter(|year| (1900..=2100).contains(year) && self.word(i).len() == 4)?;
        let led = i > 0
            && self.same(i)
            && matches!(self.word(i - 1), "the" | "The" | "its" | "their" | "his" | "her");
        let noun = self.same(i + 1) && self.facts.words.is_word(i + 1) && !self.facts.words.glued(i + 1);
        let counted =
            self.facts.counts(i + 1) || self.word(i + 1).ends_with('s') && !self.latin_capital(i + 1);
        (self.facts.language == "en" && led && noun && !counted && !self.season(i, i + 1, year))
            .then(|| self.make(i, i + 1, TimeType::Date, format!("{year:04}")))
    }

    /// A year told from the anchor's at token `t`, and the token behind it: `last year`, `этого года`, `de l'an dernier`.
    pub(super) fn western_year(&self, t: usize) -> Option<(i64, usize)> {
        let mut at = t;
        while at < t + 2 && matches!(self.word(at), "of" | "de" | "l'" | "d'") && self.same(at) {
            at += 1;
        }
        let step = |t: usize| match self.time(t) {
            TimeWord::Past => Some(-1),
            TimeWord::This => Some(0),
            TimeWord::Next => Some(1),
            _ => None,
        };
        let year = |t: usize| {
            matches!(self.time(t), TimeWord::Unit(Span::Year, Count::One)) || self.word(t) == "года"
        };
        if !self.same(at) || !self.same(at + 1) {
            return None;
        }
        if let Some(step) = step(at).filter(|_| year(at + 1)) {
            return Some((step, at + 2));
        }
        let behind = self.facts.language == "fr" && year(at);
        behind.then(|| step(at + 1)).flatten().map(|step| (step, at + 2))
    }

    /// Whether a verb in the future or a plan stands shortly before token `i` in its sentence.
    pub(super) fn western_ahead(&self, i: usize) -> bool {
        const PLANS: &str = "starts begins opens kicks resumes sale will shall 'll expected due scheduled planned set plans hopes by until upcoming ahead tomorrow aura auront \
            doit doivent devra devront prévu prévue prévus prévues attendu attendue attendus attendues d'ici jusqu'au avant ici \
            будет будут пройдет пройдут состоится состоятся начнется начнутся запланирован запланирована запланировано \
            запланированы ожидается планирует планируют намерен намерена намерены проведет сыграет встретится откроется \
            завершится продлится приедет прибудет до";
        let ends =
            |t: &usize| !matches!(self.word(*t), "." | "!" | "?" | ";") && !self.facts.words.paragraph(t + 1);
        (i.saturating_sub(12)..i).rev().take_while(ends).any(|t| {
            let word = self.word(t);
            let future = self.facts.language == "fr"
                && word.chars().count() > 4
                && (word.ends_with("ra") || word.ends_with("ront"))
                && word.starts_with(char::is_lowercase)
                && !matches!(word, "opéra" | "caméra" | "extra" | "choléra");
            // "before", "by" and "until" say it of what they stand before
            let near = !matches!(word, "by" | "until" | "avant" | "до") || t + 3 > i;
            future || near && PLANS.split_whitespace().any(|plan| plan == word)
        })
    }
}

/// The value of a number in Roman digits up to thirty-nine.
fn roman(digits: &str) -> Option<u32> {
    let mut value = 0;
    let mut before = 0;
    if digits.is_empty() || digits.len() > 6 {
        return None;
    }
    for c in digits.chars().rev() {
        let digit = match c {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            _ => return None,
        };
        if digit < before {
            value -= digit;
        } else {
            value += digit;
            before = digit;
        }
    }
    Some(value)
}
