//! Which words are whole and which stand after proclitics, inflected forms included.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Endings of nouns and verbs, longest first. Folded: ة is ه.
const ENDINGS: [&str; 30] = [
    "تهما", "تها", "تهم", "تنا", "تين", "تان", "هما", "يين", "يون", "يات", "ته", "تي", "تا", "ها", "هم",
    "هن", "نا", "كم", "ات", "ين", "ون", "ان", "وا", "يه", "يا", "ه", "ك", "ي", "ا", "ت",
];

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

    /// Whether `word`, with or without the article, is a word that may follow a proclitic.
    pub fn is_stem(&self, word: &str) -> bool {
        let bare = word.strip_prefix("ال").filter(|bare| bare.len() >= 4).unwrap_or(word);
        self.stems.contains(bare) || self.whole.contains(bare)
    }
}

struct Words {
    words: FxHashSet<&'static str>,
    /// Words in ة without it: the form that takes ت.
    feminine: FxHashSet<&'static str>,
}

impl Words {
    fn new(list: &'static str) -> Self {
        let lines = list.lines().filter(|line| !line.starts_with('#'));
        let words: FxHashSet<&'static str> = lines.flat_map(str::split_whitespace).collect();
        let feminine =
            words.iter().filter_map(|word| word.strip_suffix('ه')).filter(|w| w.len() >= 4).collect();
        Self { words, feminine }
    }

    fn contains(&self, word: &str) -> bool {
        if self.words.contains(word) {
            return true;
        }
        ENDINGS.iter().filter_map(|ending| Some((word.strip_suffix(ending)?, ending))).any(
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
