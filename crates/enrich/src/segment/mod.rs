//! Tokens and sentences.

mod chars;
mod graphemes;
mod sentences;
#[cfg(test)]
mod tests;
mod tokens;

use crate::aligned::AlignedText;
use crate::doc::Token;

pub(crate) use sentences::sentences;

/// The tokens of a text, none of which cuts a grapheme cluster of the original.
pub(crate) fn tokens(text: &AlignedText) -> Vec<Token> {
    let (mut tokens, complex) = tokens::tokens(text.normalised());
    if complex {
        graphemes::join(text, &mut tokens);
    }
    tokens
}
