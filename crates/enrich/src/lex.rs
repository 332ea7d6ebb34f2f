//! Closed word lists looked up token by token: the ground that quotes, times and quantities stand on.
//!
//! Lists hold folded words and are asked with the folded text of a document, so a lookup costs a
//! hash and allocates nothing. Hamza on waw and yeh tells words apart here (فئة, فيه), so words that
//! have it are folded anew. Arabic words are tried whole, then without their proclitics, which a hit
//! in a closed list makes safe to cut.

use rustc_hash::FxHashMap;

use crate::doc::{Doc, Token, TokenKind};
use crate::sieve::Sieve;

/// Longest word, in bytes of its folded form, that a list can hold.
const LONGEST: usize = 40;

/// A word found in a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit<T> {
    /// What the list says of it.
    pub value: T,
    /// Bytes of proclitics before it, the article not counted.
    pub lead: u8,
    /// Whether it carries the Arabic article.
    pub definite: bool,
    /// The proclitic letters before it.
    pub clitic: Clitic,
}

/// Which proclitics were cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Clitic {
    /// و or ف.
    pub and: bool,
    /// ب, ل or ك.
    pub preposition: bool,
}

/// A closed list of words.
#[derive(Debug)]
pub(crate) struct Lexicon<T> {
    words: FxHashMap<Box<str>, T>,
    sieve: Sieve,
}

impl<T: Copy> Lexicon<T> {
    /// An empty list.
    pub fn new() -> Self {
        Self { words: FxHashMap::default(), sieve: Sieve::default() }
    }

    /// Adds the words of a list separated by white space; a word already there keeps its first value.
    pub fn add(&mut self, words: &str, value: T) {
        for word in words.split_whitespace() {
            let mut buffer = Folded::default();
            if buffer.fold(word) {
                self.sieve.add(buffer.as_str());
                self.words.entry(buffer.as_str().into()).or_insert(value);
            }
        }
    }

    /// Adds words, changing the entry of those already there.
    pub fn merge(&mut self, words: &str, make: impl Fn(&mut T))
    where
        T: Default,
    {
        for word in words.split_whitespace() {
            let mut buffer = Folded::default();
            if buffer.fold(word) {
                self.sieve.add(buffer.as_str());
                make(self.words.entry(buffer.as_str().into()).or_default());
            }
        }
    }

    /// The entry of a folded word.
    #[inline]
    fn get(&self, folded: &str) -> Option<T> {
        if self.sieve.may_hold(folded) { self.words.get(folded).copied() } else { None }
    }

    /// The word, as it is.
    pub fn exact(&self, word: &str) -> Option<T> {
        let mut buffer = Folded::default();
        if buffer.fold(word) { self.get(buffer.as_str()) } else { None }
    }

    /// A word, normalised and folded as its document has it, with or without proclitics.
    pub fn look(&self, word: &str, folded: &str, kind: TokenKind) -> Option<Hit<T>> {
        if folded.is_empty() || folded.len() > LONGEST {
            return None;
        }
        let mut buffer = Folded::default();
        let folded = match folds_further(word) {
            true if buffer.fold(word) => buffer.as_str(),
            true => return None,
            false => folded,
        };
        if let Some(value) = self.get(folded) {
            return Some(Hit { value, lead: 0, definite: false, clitic: Clitic::default() });
        }
        if kind != TokenKind::Arabic {
            return None;
        }
        let (value, letters, definite, clitic) = self.without_clitics(folded)?;
        Some(Hit { value, lead: u8::try_from(2 * letters).unwrap_or(u8::MAX), definite, clitic })
    }

    /// Tries `[وف]?[بلك]?(ال)?core`, longest core first; letters cut are counted without the article.
    fn without_clitics(&self, folded: &str) -> Option<(T, usize, bool, Clitic)> {
        let mut rest = folded;
        let mut letters = 0;
        let mut clitic = Clitic::default();
        loop {
            if letters > 0
                && let Some(value) = self.get(rest)
            {
                return Some((value, letters, false, clitic));
            }
            if let Some(core) = rest.strip_prefix("ال") {
                return self.get(core).map(|value| (value, letters, true, clitic));
            }
            if let Some(core) = rest.strip_prefix("لل") {
                // ل and the article without its alef: both lams are outside the span
                if let Some(value) = self.get(core) {
                    clitic.preposition = true;
                    return Some((value, letters + 2, true, clitic));
                }
                // لليلة: ل before a word that begins with lam
                if clitic.preposition {
                    return None;
                }
            }
            let first = rest.chars().next()?;
            match first {
                'و' | 'ف' if letters == 0 => clitic.and = true,
                'ب' | 'ل' | 'ك' if !clitic.preposition => clitic.preposition = true,
                _ => return None,
            }
            letters += 1;
            rest = &rest[first.len_utf8()..];
            if rest.len() < 4 {
                return None;
            }
        }
    }
}

/// The usual spelling of a word that rules ask for by its letters, where papers write it without hamza or dots: الى, فى.
/// Both have the same length. Every rule asks it of many words, so most are told by their ends.
#[inline]
fn spelled(word: &str) -> &str {
    let bytes = word.as_bytes();
    let may_differ = match bytes {
        [.., 0xD9, 0x89] => bytes.len() <= 14,
        [0xD8, 0xA7, ..] => bytes.len() <= 8,
        _ => false,
    };
    if may_differ { usual(word) } else { word }
}

#[inline(never)]
fn usual(word: &str) -> &str {
    match word {
        "فى" => "في",
        "وفى" => "وفي",
        "الى" => "إلى",
        "والى" => "وإلى",
        "حوالى" => "حوالي",
        "اخرى" => "أخرى",
        "الاولى" => "الأولى",
        "الثانى" => "الثاني",
        "الماضى" => "الماضي",
        "الحالى" => "الحالي",
        "الجارى" => "الجاري",
        "المحلى" => "المحلي",
        "او" => "أو",
        "اصل" => "أصل",
        "اكثر" => "أكثر",
        "اقل" => "أقل",
        "امس" => "أمس",
        _ => word,
    }
}

/// Whether the document's folding makes more letters of `word` equal than the lists do: ؤ ئ پ and what
/// lies beyond the letters of Arabic.
fn folds_further(word: &str) -> bool {
    // Nearly every word is of plain Arabic letters, two bytes each, which is seen without a branch a letter.
    let (letters, odd) = word.as_bytes().as_chunks::<2>();
    let plain = letters.iter().fold(odd.is_empty(), |plain, &[lead, letter]| {
        plain & ((lead == 0xD8) & (letter != 0xA4) & (letter != 0xA6) | (lead == 0xD9) & (letter != 0xBE))
    });
    !plain
        && word
            .as_bytes()
            .windows(2)
            .any(|pair| matches!(pair, [0xD8, 0xA4 | 0xA6] | [0xD9, 0xBE] | [0xDA | 0xDB, _]))
}

/// A folded word on the stack.
struct Folded {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Default for Folded {
    fn default() -> Self {
        Self { bytes: [0; LONGEST], len: 0 }
    }
}

impl Folded {
    /// Folds `word`; false when it is empty or too long for any list.
    fn fold(&mut self, word: &str) -> bool {
        if word.len() > LONGEST * 2 {
            return false;
        }
        for c in word.chars() {
            let Some(folded) = fold_char(c) else { continue };
            let end = self.len + folded.len_utf8();
            let Some(slot) = self.bytes.get_mut(self.len..end) else { return false };
            folded.encode_utf8(slot);
            self.len = end;
        }
        self.len > 0
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

/// One letter folded; `None` for marks that carry no letter.
fn fold_char(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' | '0'..='9' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' => {
            return None;
        }
        '\u{600}'..='\u{6FF}' => c,
        'ё' | 'Ё' => 'е',
        '’' => '\'',
        _ => c.to_lowercase().next().unwrap_or(c),
    })
}

/// A document seen as words, laid out once: the rules ask for the words around every token, many times over.
pub(crate) struct Words<'a> {
    /// The document.
    pub doc: &'a Doc,
    /// Its normalised text.
    pub text: &'a str,
    folded: &'a str,
    words: Vec<Word<'a>>,
}

struct Word<'a> {
    /// In its usual spelling.
    text: &'a str,
    /// Whether a paragraph begins with it.
    begins: bool,
}

impl<'a> Words<'a> {
    /// A view of `doc`.
    pub fn new(doc: &'a Doc) -> Self {
        let (text, folded) = (doc.text.normalised(), doc.text.folded());
        let mut end = 0;
        let word = |token: &Token| {
            let (from, to) = (token.start as usize, token.end as usize);
            // Mostly a blank.
            let gap = text.get(end..from).unwrap_or("");
            let begins = end == 0 || gap.len() > 1 && gap.contains('\n') || gap == "\n";
            end = to;
            Word { text: spelled(text.get(from..to).unwrap_or("")), begins }
        };
        Self { doc, text, folded, words: doc.tokens.iter().map(word).collect() }
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.doc.tokens.len()
    }

    /// The words of token `i`; empty past the end.
    #[inline]
    pub fn word(&self, i: usize) -> &'a str {
        self.words.get(i).map_or("", |word| word.text)
    }

    /// The same, folded: what lists are asked with.
    pub fn folded(&self, i: usize) -> &'a str {
        self.doc.tokens.get(i).and_then(|t| self.folded.get(t.start as usize..t.end as usize)).unwrap_or("")
    }

    /// The kind of token `i`; punctuation past the end.
    pub fn kind(&self, i: usize) -> TokenKind {
        self.doc.tokens.get(i).map_or(TokenKind::Punct, |t| t.kind)
    }

    /// Whether token `i` is made of letters.
    pub fn is_word(&self, i: usize) -> bool {
        !matches!(self.kind(i), TokenKind::Punct | TokenKind::Number)
    }

    /// First byte of token `i`.
    pub fn start(&self, i: usize) -> usize {
        self.doc.tokens.get(i).map_or(self.text.len(), |t| t.start as usize)
    }

    /// Byte after token `i`.
    pub fn end(&self, i: usize) -> usize {
        self.doc.tokens.get(i).map_or(self.text.len(), |t| t.end as usize)
    }

    /// The text between token `i` and the one before it.
    pub fn gap(&self, i: usize) -> &'a str {
        let from = if i == 0 { 0 } else { self.end(i - 1) };
        self.text.get(from..self.start(i)).unwrap_or("")
    }

    /// Whether nothing stands between token `i` and the one before it.
    pub fn glued(&self, i: usize) -> bool {
        i > 0 && i < self.len() && self.end(i - 1) == self.start(i)
    }

    /// Whether a paragraph begins at token `i`.
    pub fn paragraph(&self, i: usize) -> bool {
        self.words.get(i).is_none_or(|word| word.begins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aligned::AlignedText;

    fn look(list: &Lexicon<u8>, word: &str, kind: TokenKind) -> Option<Hit<u8>> {
        let text = AlignedText::new(word);
        list.look(text.normalised(), text.folded(), kind)
    }

    #[test]
    fn arabic_words_are_found_with_and_without_proclitics() {
        let mut list = Lexicon::new();
        list.add("شهر سنة ألف فئة", 1u8);
        for (word, lead, definite) in [
            ("شهر", 0, false),
            ("الشهر", 0, true),
            ("وشهر", 2, false),
            ("والشهر", 2, true),
            ("بالسنة", 2, true),
            ("للسنة", 4, true),
            ("ولسنة", 4, false),
            ("وَبِالشَّهر", 4, true),
            ("ألف", 0, false),
            ("والفئة", 2, true),
        ] {
            let hit = look(&list, word, TokenKind::Arabic).unwrap_or_else(|| panic!("{word} is not found"));
            assert_eq!((usize::from(hit.lead), hit.definite), (lead, definite), "{word}");
        }
        assert!(look(&list, "فيه", TokenKind::Arabic).is_none());
        assert!(look(&list, "فلسطين", TokenKind::Arabic).is_none());
        assert!(look(&list, "", TokenKind::Arabic).is_none());
        assert!(look(&list, &"ش".repeat(1000), TokenKind::Arabic).is_none());
    }

    #[test]
    fn latin_and_cyrillic_words_are_found_in_any_case() {
        let mut list = Lexicon::new();
        list.add("décembre четвёртый", 1u8);
        assert!(look(&list, "Décembre", TokenKind::Latin).is_some());
        assert!(look(&list, "ЧЕТВЕРТЫЙ", TokenKind::Cyrillic).is_some());
    }
}
