//! Pronouns written onto the end of a word: ه ها هم هن هما نا كم.

use super::lexicon::Lexicon;

/// Prepositions that pronouns are written onto, folded; some change their last letter before one.
const BEFORE: [&str; 22] = [
    "ل", "ب", "في", "من", "عن", "علي", "الي", "لدي", "بين", "مع", "عند", "حول", "ضد", "امام", "خلف", "فوق",
    "تحت", "بعد", "قبل", "نحو", "ان", "لكن",
];
/// Pronouns, those that hold another first, with the letters that a word must have before one if no list knows it.
const PRONOUNS: [(&str, usize); 7] =
    [("هما", 3), ("هم", 4), ("هن", 5), ("ها", 3), ("نا", usize::MAX), ("كم", usize::MAX), ("ه", usize::MAX)];

/// Bytes of the pronoun at the end of `word`, which is folded and without its proclitics; `written` is the same word
/// as it is written, because folding makes ة a ه.
pub fn enclitic(word: &str, written: &str) -> usize {
    let lexicon = Lexicon::get();
    if word.starts_with("ال") || written.ends_with('ة') {
        return 0;
    }
    for (pronoun, letters) in PRONOUNS {
        let Some(base) = word.strip_suffix(pronoun) else { continue };
        if BEFORE.contains(&base) {
            return pronoun.len();
        }
        if base.len() < 4 || lexicon.is_word(word) {
            continue;
        }
        let restored = base.strip_suffix('ت').map(|base| format!("{base}ه"));
        let known = lexicon.is_word(base) || restored.is_some_and(|base| lexicon.is_word(&base));
        if known || base.len() / 2 >= letters {
            return pronoun.len();
        }
    }
    0
}
