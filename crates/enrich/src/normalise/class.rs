//! Which rule a character falls under.

use std::sync::LazyLock;

use unicode_normalization::IsNormalized;
use unicode_normalization::char::canonical_combining_class;

/// What becomes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It stays.
    Keep,
    /// Removed, part of no grapheme: bidirectional controls, zero-width spaces, soft hyphens.
    Control,
    /// Removed, part of the grapheme before it: zero-width joiners, variation selectors.
    Joiner,
    /// Removed, belongs to the letter before it: vowel marks, Koranic signs, tatweel.
    Mark,
    /// Maddah and hamza as combining marks: composed with alef, waw and yeh, else removed.
    Hamza,
    /// Another character stands for it.
    Replace,
    /// Carriage return, with the line feed after it.
    Return,
    /// A presentation form or ligature that is spelt out.
    Ligature,
    /// Starts or continues a sequence that canonical composition may change.
    Compose,
}

/// Classes of all characters below U+0800, the hot ones; others are worked out.
pub(super) struct Classes([Class; 0x800]);

static CLASSES: LazyLock<Classes> = LazyLock::new(|| {
    Classes(std::array::from_fn(|code| char::from_u32(code as u32).map_or(Class::Keep, classify)))
});

impl Classes {
    pub fn get() -> &'static Self {
        &CLASSES
    }

    /// Class and length in bytes of the character at `at`, a boundary before the end of `text`.
    #[inline]
    pub fn of(&self, text: &str, at: usize) -> (Class, usize) {
        let bytes = text.as_bytes();
        let lead = bytes[at];
        if lead < 0x80 {
            return (self.0[lead as usize], 1);
        }
        if lead < 0xE0 {
            let trail = bytes.get(at + 1).copied().unwrap_or(0);
            let code = (usize::from(lead & 0x1F) << 6) | usize::from(trail & 0x3F);
            return (self.0[code], 2);
        }
        let c = super::char_at(text, at);
        (classify(c), c.len_utf8())
    }
}

pub(super) fn classify(c: char) -> Class {
    match c {
        '\t' | '\n' | ' '..='~' => Class::Keep,
        '\r' => Class::Return,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => Class::Replace,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' => Class::Control,
        '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => Class::Control,
        '\u{FFF9}'..='\u{FFFB}' => Class::Control,
        '\u{200C}' | '\u{200D}' | '\u{34F}' | '\u{FE00}'..='\u{FE0F}' => Class::Joiner,
        '\u{640}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{652}' | '\u{656}'..='\u{65F}' => Class::Mark,
        '\u{670}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}' | '\u{6E7}' | '\u{6E8}' => Class::Mark,
        '\u{6EA}'..='\u{6ED}' | '\u{8CA}'..='\u{8E1}' | '\u{8E3}'..='\u{8FF}' => Class::Mark,
        '\u{653}'..='\u{655}' => Class::Hamza,
        '\u{FB00}'..='\u{FB06}' | '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' => Class::Ligature,
        '\u{FD50}'..='\u{FD8F}' | '\u{FD92}'..='\u{FDC7}' | '\u{FDF0}'..='\u{FDFC}' => Class::Ligature,
        '\u{FE70}'..='\u{FE74}' | '\u{FE76}'..='\u{FEFC}' | '\u{FF01}'..='\u{FF5E}' => Class::Ligature,
        _ if !super::replace::replacement(c).is_empty() => Class::Replace,
        _ if canonical_combining_class(c) != 0 || !is_settled(c) => Class::Compose,
        _ => Class::Keep,
    }
}

/// Whether canonical composition leaves this character alone whatever stands before it.
fn is_settled(c: char) -> bool {
    unicode_normalization::is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes
}
