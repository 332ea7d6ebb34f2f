//! Words as the encoder was trained on them.

use std::borrow::Cow;
use std::ops::Range;

/// Words of a text: runs of letters, digits and the marks written on them; any other character that is no white
/// space and no bidi control.
pub fn words(line: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (at, c) in line.char_indices() {
        let end = at + c.len_utf8();
        let joins = is_word(c);
        match words.last_mut() {
            Some(last) if joins && open && last.end == at => last.end = end,
            _ if joins => words.push(at..end),
            _ if c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}') || is_dropped(c) => {}
            _ => words.push(at..end),
        }
        open = joins;
    }
    words
}

/// A word without the marks that the vocabulary has no pieces for; itself where it is nothing but marks.
pub fn clean(word: &str) -> Cow<'_, str> {
    if !word.contains(is_mark) {
        return Cow::Borrowed(word);
    }
    let kept: String = word.chars().filter(|c| !is_mark(*c)).collect();
    if kept.is_empty() { Cow::Borrowed(word) } else { Cow::Owned(kept) }
}

/// Arabic marks, tatweel, zero-width joiners.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' | '\u{200c}' | '\u{200d}')
}

fn is_word(c: char) -> bool {
    // Alphabetic in Unicode's sense takes in marks that are no letters; those here are all that news has.
    let mark = matches!(c, '\u{345}' | '\u{5b0}'..='\u{5bd}' | '\u{6d6}'..='\u{6dc}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94c}');
    c == '_' || is_mark(c) || (c.is_alphanumeric() && !mark)
}

fn is_dropped(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{200b}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_and_single_marks() {
        let line = "قال \u{200f}«بوتين» (ي_1): 3.5%";
        let found: Vec<&str> = words(line).into_iter().map(|range| &line[range]).collect();
        assert_eq!(found, ["قال", "«", "بوتين", "»", "(", "ي_1", ")", ":", "3", ".", "5", "%"]);
    }

    #[test]
    fn marks_on_letters_go() {
        assert_eq!(clean("مُحَمَّـد"), "محمد");
        assert_eq!(clean("\u{64b}"), "\u{64b}");
        assert_eq!(clean("plain"), "plain");
    }
}
