//! Which words are whole and which stand after proclitics, inflected forms included.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::sieve::Sieve;

/// Endings of nouns and verbs by their last letter. Folded: ة is ه.
fn endings(word: &str) -> &'static [&'static str] {
    match word.as_bytes() {
        [.., 0xD8, 0xA7] => &["تهما", "تنا", "هما", "تا", "ها", "نا", "وا", "يا", "تها", "ا"],
        [.., 0xD9, 0x85] => &["تهم", "هم", "كم"],
        [.., 0xD9, 0x86] => &["تين", "تان", "يين", "يون", "هن", "ين", "ون", "ان"],
        [.., 0xD9, 0x87] => &["ته", "يه", "ه"],
        [.., 0xD9, 0x8A] => &["تي", "ي"],
        [.., 0xD8, 0xAA] => &["يات", "ات", "ت"],
        [.., 0xD9, 0x83] => &["ك"],
        _ => &[],
    }
}

/// The word lists, written by hand with an eye on how frequent words are in news.
pub(super) struct Lexicon {
    whole: Words,
    stems: Words,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon {
    whole: Words::new(include_str!("whole.txt")),
    stems: Words::new(include_str!("stems.txt")),
});

impl Lexicon {
    pub fn get() -> &'static Self {
        &LEXICON
    }

    /// Whether `word` begins with a clitic letter that belongs to it.
    pub fn is_whole(&self, word: &str) -> bool {
        matches!(word.as_bytes(), [_, _, _, _, ..]) && self.whole.contains(word)
    }

    /// The same for a word that is in the list without an ending.
    pub fn begins_own(&self, word: &str) -> bool {
        self.whole.words.contains(word)
    }

    /// Whether `word` is in a list as it stands, without an ending taken off.
    pub fn is_word(&self, word: &str) -> bool {
        self.stems.words.contains(word) || self.whole.words.contains(word)
    }

    /// Whether `word`, with or without the article, is a word that may follow a proclitic.
    pub fn is_stem(&self, word: &str) -> bool {
        let bare = word.strip_prefix("ال").filter(|bare| bare.len() >= 4).unwrap_or(word);
        self.stems.contains(bare) || self.whole.contains(bare)
    }
}

struct Words {
    words: Set,
    /// Words in ة without it: the form that takes ت.
    feminine: Set,
}

struct Set {
    words: FxHashSet<&'static str>,
    sieve: Sieve,
}

impl Set {
    fn contains(&self, word: &str) -> bool {
        self.sieve.may_hold(word) && self.words.contains(word)
    }
}

impl FromIterator<&'static str> for Set {
    fn from_iter<I: IntoIterator<Item = &'static str>>(words: I) -> Self {
        let words: FxHashSet<&'static str> = words.into_iter().collect();
        let mut sieve = Sieve::default();
        words.iter().for_each(|word| sieve.add(word));
        Self { words, sieve }
    }
}

impl Words {
    fn new(list: &'static str) -> Self {
        let lines = list.lines().filter(|line| !line.starts_with('#'));
        let words: Set = lines.flat_map(str::split_whitespace).collect();
        let feminine =
            words.words.iter().filter_map(|word| word.strip_suffix('ه')).filter(|w| w.len() >= 4).collect();
        Self { words, feminine }
    }

    fn contains(&self, word: &str) -> bool {
        if self.words.contains(word) {
            return true;
        }
        endings(word).iter().filter_map(|ending| Some((word.strip_suffix(ending)?, ending))).any(
            |(base, ending)| {
                base.len() >= 6 && self.words.contains(base)
                    || base.len() >= 4
                        && ending.starts_with(['ت', 'ا'])
                        && ending.len() >= 4
                        && self.feminine.contains(base)
            },
        )
    }
}
