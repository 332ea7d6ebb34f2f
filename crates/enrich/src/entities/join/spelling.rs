//! Spellings of one name: parted or written together, and foreign names, whose vowels and whose g nobody writes alike.

use crate::kb::Kb;
use crate::kb::word::{Class, Classes};

/// Shorter words have no letter to spare.
const SHORT: usize = 4;
/// Words of a name that may be spelled otherwise.
const MOST: usize = 2;
/// Nationalities that are spelled in several ways, folded.
const NATIONS: [(&str, &str); 3] = [("اميرك", "امريك"), ("انكليز", "انجليز"), ("انغليز", "انجليز")];
/// Letters that must be left of a word without its vowels.
const BONES: usize = 3;

/// Whether two names are the same letters, parted otherwise: بوكو حرام and بوكوحرام.
pub(super) fn parted(a: &str, b: &str) -> bool {
    let letters = |name: &str| name.len() - name.bytes().filter(|b| *b == b' ').count();
    a.len() != b.len()
        && letters(a) == letters(b)
        && a.bytes().filter(|b| *b != b' ').eq(b.bytes().filter(|b| *b != b' '))
}

/// Whether two names have the same words, but for the spelling of one or two.
pub(super) fn respelled(kb: &Kb, a: &str, b: &str) -> bool {
    let mut words = (a.split(' '), b.split(' '));
    let mut others = 0;
    loop {
        match (words.0.next(), words.1.next()) {
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) if others < MOST && (alike(kb, a, b) || is_one_nation(a, b)) => others += 1,
            (None, None) => return others > 0,
            _ => return false,
        }
    }
}

/// How often a vowel follows ي: مارين and ماريون are two given names, كارليس and كارلس one.
pub(super) fn hiatus(words: &str) -> usize {
    words
        .chars()
        .zip(words.chars().skip(1))
        .filter(|(one, other)| *one == 'ي' && matches!(other, 'و' | 'ا'))
        .count()
}

/// Whether two adjectives are one nationality: الأمريكية and الأميركية.
fn is_one_nation(a: &str, b: &str) -> bool {
    let usual = |word: &str| {
        let of = NATIONS.iter().find(|(form, _)| word.contains(form));
        of.map(|(form, usual)| word.replace(form, usual))
    };
    match (usual(a), usual(b)) {
        (Some(a), None) => a == b,
        (None, Some(b)) => a == b,
        (Some(a), Some(b)) => a == b,
        (None, None) => false,
    }
}

/// Whether two folded words are one foreign name: كارليس and كارلس, سبيلبرغ and سبيلبيرج. Arabic words that differ in a vowel are
/// two (سعد and سعيد): at least one of them must be none that people have or that is used by itself.
pub(super) fn alike(kb: &Kb, a: &str, b: &str) -> bool {
    let long = |word: &str| word.chars().count() >= SHORT && !word.starts_with("ال");
    if !(long(a) && long(b) && a.chars().next().map(sound) == b.chars().next().map(sound)) {
        return false;
    }
    bones(a).eq(bones(b)) && bones(a).count() >= BONES && !(is_own(kb, a) && is_own(kb, b))
}

/// Whether two folded family names are one with and without the article, where that is no given name or word: العريبي and عريبي.
pub(super) fn with_article(kb: &Kb, a: &str, b: &str) -> bool {
    let bare = a
        .strip_prefix("ال")
        .filter(|bare| *bare == b)
        .or_else(|| b.strip_prefix("ال").filter(|bare| *bare == a));
    bare.is_some_and(|bare| kb.word("", bare).is_none_or(|w| !w.classes.any(Class::Given, Class::Common)))
}

/// The letters that all spellings share: no vowels inside.
fn bones(word: &str) -> impl Iterator<Item = char> + '_ {
    let last = word.chars().count().saturating_sub(1);
    let inside = move |i: usize| i > 0 && i < last;
    word.chars()
        .enumerate()
        .filter(move |(i, c)| !(inside(*i) && matches!(c, 'ا' | 'و' | 'ي')))
        .map(|(_, c)| sound(c))
}

fn sound(letter: char) -> char {
    if letter == 'غ' { 'ج' } else { letter }
}

/// Whether a word is Arabic's own: a given name, a family's, an ordinary word.
fn is_own(kb: &Kb, word: &str) -> bool {
    let own = |c: Classes| {
        c.any(Class::Given, Class::Surname) || c.any(Class::Common, Class::Stop) || c.is(Class::Nation)
    };
    kb.word("", word).is_some_and(|w| own(w.classes))
}
