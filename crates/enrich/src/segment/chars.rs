//! What a character is to the tokeniser.

use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

/// Character classes of normalised text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Space,
    Arabic,
    Latin,
    Cyrillic,
    Other,
    Digit,
    /// Continues whatever it follows.
    Mark,
    Punct,
    /// Punctuation or a symbol that may form graphemes with its neighbours.
    Symbol,
}

pub(super) struct Kinds([Kind; 0x800]);

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    Kinds(std::array::from_fn(|code| char::from_u32(code as u32).map_or(Kind::Punct, kind)))
});

impl Kinds {
    pub fn get() -> &'static Self {
        &KINDS
    }

    /// Kind and length in bytes of the character at `at`, a boundary; white space at the end of the text.
    #[inline]
    pub fn of(&self, text: &str, at: usize) -> (Kind, usize) {
        let bytes = text.as_bytes();
        let Some(&lead) = bytes.get(at) else { return (Kind::Space, 0) };
        if lead < 0x80 {
            return (self.0[lead as usize], 1);
        }
        if lead < 0xE0 {
            let trail = bytes.get(at + 1).copied().unwrap_or(0);
            return (self.0[(usize::from(lead & 0x1F) << 6) | usize::from(trail & 0x3F)], 2);
        }
        let c = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
        (kind(c), c.len_utf8())
    }
}

fn kind(c: char) -> Kind {
    match c {
        _ if c.is_whitespace() => Kind::Space,
        'a'..='z' | 'A'..='Z' => Kind::Latin,
        '0'..='9' => Kind::Digit,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => Kind::Space,
        '\u{20}'..='\u{BF}' if !c.is_alphanumeric() => Kind::Punct,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{20A0}'..='\u{20C0}' => Kind::Punct,
        '\u{60C}' | '\u{61B}' | '\u{61E}' | '\u{61F}' | '\u{66A}'..='\u{66D}' | '\u{6D4}' => Kind::Punct,
        // Arabic signs that form a grapheme with the digits after them
        '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{890}' | '\u{891}' | '\u{8E2}' => Kind::Symbol,
        _ if is_combining_mark(c) => Kind::Mark,
        _ if c.is_numeric() => Kind::Digit,
        _ if c.is_alphabetic() => script(c),
        _ => Kind::Symbol,
    }
}

fn script(c: char) -> Kind {
    match c {
        '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{870}'..='\u{8FF}' => Kind::Arabic,
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' => Kind::Arabic,
        '\u{AA}'..='\u{2AF}' | '\u{2B0}'..='\u{2FF}' | '\u{1E00}'..='\u{1EFF}' => Kind::Latin,
        '\u{1D00}'..='\u{1DBF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}' => Kind::Latin,
        '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}' | '\u{A640}'..='\u{A69F}' => Kind::Cyrillic,
        _ => Kind::Other,
    }
}
