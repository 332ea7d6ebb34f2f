//! Tokens to sentences.

use std::ops::Range;

use crate::doc::{Token, TokenKind};

/// The sentences of `text`, given its tokens.
pub(crate) fn sentences(text: &str, tokens: &[Token]) -> Vec<Range<u32>> {
    let mut out = Vec::with_capacity(tokens.len() / 16);
    let mut first = 0;
    let mut at = 0;
    while at < tokens.len() {
        let mut last = at;
        let mut ends = false;
        if is_terminator(text, &tokens[at]) {
            last = cluster_end(text, tokens, at);
            ends = ends_sentence(text, tokens, first, at, last);
        }
        ends |= line_break(text, tokens, last);
        if ends {
            out.push(tokens[first].start..tokens[last].end);
            first = last + 1;
        }
        at = last + 1;
    }
    if let (Some(from), Some(to)) = (tokens.get(first), tokens.last()) {
        out.push(from.start..to.end);
    }
    out
}

/// Whether a line ends between a token and the next.
fn line_break(text: &str, tokens: &[Token], at: usize) -> bool {
    let Some(next) = tokens.get(at + 1) else { return false };
    gap(text, &tokens[at], next).as_bytes().contains(&b'\n')
}

fn gap<'a>(text: &'a str, token: &Token, next: &Token) -> &'a str {
    text.get(token.end as usize..next.start as usize).unwrap_or("")
}

fn word<'a>(text: &'a str, token: &Token) -> &'a str {
    text.get(token.range()).unwrap_or("")
}

fn is_terminator(text: &str, token: &Token) -> bool {
    match token.kind {
        TokenKind::Punct => {
            matches!(
                word(text, token),
                "." | "!" | "?" | "؟" | "…" | "۔" | "。" | "！" | "？" | "।" | "‽" | "⁉" | "⁈"
            )
        }
        TokenKind::Latin | TokenKind::Cyrillic | TokenKind::Arabic => {
            text.as_bytes().get((token.end as usize).wrapping_sub(1)) == Some(&b'.')
        }
        _ => false,
    }
}

/// The last token of the terminators and closing marks that follow each other from `at` on.
fn cluster_end(text: &str, tokens: &[Token], at: usize) -> usize {
    let mut last = at;
    while let Some(next) = tokens.get(last + 1) {
        let adjacent = tokens[last].end == next.start;
        let goes_on = next.kind == TokenKind::Punct
            && match word(text, next) {
                "." | "!" | "?" | "؟" | "…" => adjacent || gap(text, &tokens[last], next) == " ",
                "»" | "”" | ")" | "]" | "}" => !gap(text, &tokens[last], next).contains('\n'),
                "\"" | "'" | "“" => adjacent,
                _ => false,
            };
        if !goes_on {
            break;
        }
        last += 1;
    }
    last
}

/// Whether the terminators in `tokens[at..=last]` end the sentence that began with `tokens[first]`.
fn ends_sentence(text: &str, tokens: &[Token], first: usize, at: usize, last: usize) -> bool {
    let Some(next) = tokens.get(last + 1) else { return true };
    let next_word = word(text, next);
    let spaced = tokens[last].end < next.start;
    if next.kind == TokenKind::Punct
        && matches!(next_word, "," | "،" | ";" | "؛" | ":" | ")" | "»" | "”" | "-" | "–" | "—")
    {
        return matches!(next_word, "-" | "–" | "—") && spaced && !is_stop_alone(text, tokens, at, last);
    }
    if !spaced && next.kind != TokenKind::Arabic {
        return false;
    }
    let starts_small = next_word.chars().next().is_some_and(char::is_lowercase);
    if starts_small {
        return false;
    }
    let dots = (at..=last).filter(|&i| word(text, &tokens[i]) == ".").count();
    let strong = (at..=last).any(|i| matches!(word(text, &tokens[i]), "!" | "?" | "؟" | "۔" | "。"));
    if strong {
        return true;
    }
    if dots == 2 && next.kind == TokenKind::Arabic {
        return false;
    }
    if dots != 1 || tokens[at].kind != TokenKind::Punct {
        return tokens[at].kind == TokenKind::Punct || begins_sentence(next_word);
    }
    match at.checked_sub(1).filter(|&before| before >= first && tokens[before].end == tokens[at].start) {
        Some(before) => !is_abbreviation(text, tokens, first, before, next_word, spaced),
        None => true,
    }
}

fn is_stop_alone(text: &str, tokens: &[Token], at: usize, last: usize) -> bool {
    at == last && word(text, &tokens[at]) == "."
}

/// Whether the word before a full stop is an abbreviation that the sentence outlives.
fn is_abbreviation(
    text: &str,
    tokens: &[Token],
    first: usize,
    before: usize,
    next: &str,
    spaced: bool,
) -> bool {
    let token = &tokens[before];
    let word = word(text, token);
    let single = word.chars().nth(1).is_none();
    match token.kind {
        // 1. 2. 3. at the start of a list item
        TokenKind::Number => before == first,
        TokenKind::Arabic => single || matches!(word, "هـ" | "تل" | "صب" | "ص.ب" | "ق.م"),
        TokenKind::Latin => {
            let initial = single && word.starts_with(char::is_uppercase);
            initial || LATIN.contains(&word)
        }
        TokenKind::Cyrillic => {
            let after_number = before > first && tokens[before - 1].kind == TokenKind::Number;
            let unit = matches!(word, "г" | "гг" | "руб" | "коп" | "др" | "чел" | "кв" | "м" | "км" | "с");
            let initial = single && word.starts_with(char::is_uppercase);
            initial || (unit && !(after_number || word == "др")) || (!unit && CYRILLIC.contains(&word))
        }
        _ => !spaced && next.is_empty(),
    }
}

/// Words that begin an English sentence after `U.S.` and are hardly part of a name.
fn begins_sentence(word: &str) -> bool {
    const WORDS: [&str; 24] = [
        "The", "He", "She", "It", "They", "We", "In", "On", "At", "But", "And", "A", "An", "This", "That",
        "However", "Il", "Elle", "Le", "La", "Les", "Он", "Она", "В",
    ];
    WORDS.contains(&word)
}

const LATIN: [&str; 47] = [
    "Dr", "Mr", "Mrs", "Ms", "St", "Prof", "Gen", "Sen", "Rep", "Gov", "Lt", "Col", "Sgt", "Capt", "Cmdr",
    "Maj", "Adm", "Jr", "Sr", "vs", "Vs", "Inc", "Ltd", "Co", "Corp", "No", "Nos", "Art", "art", "al", "cf",
    "approx", "Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec", "MM", "Mme", "Mlle",
    "Me", "av",
];

const CYRILLIC: [&str; 34] = [
    "ст",
    "ул",
    "тыс",
    "млн",
    "млрд",
    "трлн",
    "им",
    "т",
    "д",
    "п",
    "проф",
    "акад",
    "см",
    "рис",
    "стр",
    "обл",
    "р",
    "н",
    "пр",
    "просп",
    "пос",
    "дер",
    "корп",
    "кв",
    "тел",
    "ред",
    "изд",
    "доп",
    "гл",
    "ч",
    "св",
    "мин",
    "сек",
    "в",
];
