//! Where no proclitic can stand: behind a preposition that is a word of its own, and behind `#`.

use crate::aligned::AlignedText;
use crate::doc::{Token, TokenKind};

/// Words that are written as prepositions before another: `من وإلى`, `في وحول`; folded.
const PREPOSITIONS: [&str; 12] =
    ["الي", "من", "في", "عن", "علي", "حول", "خارج", "داخل", "بين", "عبر", "قرب", "مع"];
/// Pronouns that stand behind a preposition of one letter, folded: `من له` (who has).
const PRONOUNS: [&str; 8] = ["ه", "ها", "هم", "هما", "هن", "نا", "كم", "ي"];

/// Whether the letters in front of `token` are its own, whatever they are: a preposition governs a noun, not a second
/// preposition, and nothing is joined to it by و. `before` is the token before it.
pub(crate) fn bound(text: &AlignedText, before: &Token, token: &Token) -> bool {
    let word = |token: &Token| text.folded().get(token.range()).unwrap_or("");
    let letters = word(before);
    if before.kind == TokenKind::Punct {
        return letters == "#" && before.end == token.start;
    }
    let joined = || text.normalised().get(before.end as usize..token.start as usize) == Some(" ");
    let preposition = letters.strip_prefix(['و', 'ف']).filter(|rest| rest.len() > 2).unwrap_or(letters);
    match preposition {
        "في" | "الي" | "عن" | "مع" | "ضد" | "امام" | "لدي" | "نحو" | "خلال" | "منذ" | "تجاه" => {
            joined() && holds(word(token))
        }
        // عليّ is a name, and مَن is who: `من بالداخل`, `من سيفوز`
        "علي" => {
            text.normalised().get(before.range()).is_some_and(|w| w.ends_with('ى'))
                && joined()
                && holds(word(token))
        }
        "من" => {
            let word = word(token);
            let who = word.starts_with('س') || word.starts_with("بال") || word.starts_with("كال");
            !who && joined() && holds(word)
        }
        _ => false,
    }
}

/// Whether what is behind the first letter of `word` is no preposition and no pronoun; لل holds the article, whatever went
/// wrong before it.
fn holds(word: &str) -> bool {
    let rest = word.get(2..).unwrap_or("");
    !(word.starts_with("لل") || PREPOSITIONS.contains(&rest) || PRONOUNS.contains(&rest))
}
