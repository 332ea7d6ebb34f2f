//! Foreign text, made harmless for a terminal.

use std::borrow::Cow;

/// Text without what could steer a terminal or reorder what surrounds it: control characters
/// (escape sequences lose their ESC and stay visible as text), bidirectional embeddings, overrides
/// and isolates, byte order marks, tags and interlinear annotations. Line ends of every kind become
/// `\n`, tabs become spaces; marks that only help a word along (ZWNJ, ZWJ, LRM, RLM) stay.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push(' '),
            c if harmless(c) => out.push(c),
            _ => {}
        }
    }
    Cow::Owned(out)
}

/// The same, but nothing is lost: what [`clean`] leaves out is written as `\u{1b}`. For whoever has to see what
/// is in a record.
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if harmless(c) {
            out.push(c);
        } else {
            out.extend(c.escape_unicode());
        }
    }
    Cow::Owned(out)
}

/// Whether a terminal shows it where it stands, or joins letters by it.
pub(crate) fn harmless(c: char) -> bool {
    match c {
        '\n' => true,
        c if c.is_control() => false,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => false,
        '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, escape};

    #[test]
    fn what_is_escaped_can_be_seen() {
        assert_eq!(escape("a\u{1b}[31m\tb\u{202e}c\nd"), "a\\u{1b}[31m\\u{9}b\\u{202e}c\nd");
    }

    #[test]
    fn an_escape_sequence_becomes_plain_text() {
        assert_eq!(clean("a\u{1b}[31mred\u{7}\u{9b}2J"), "a[31mred2J");
        assert_eq!(clean("a\u{1b}]0;title\u{7}b"), "a]0;titleb");
    }

    #[test]
    fn overrides_go_and_joiners_stay() {
        assert_eq!(clean("x\u{202e}y\u{2066}z\u{202c}"), "xyz");
        assert_eq!(clean("می\u{200c}خواهم"), "می\u{200c}خواهم");
    }

    #[test]
    fn line_ends_are_one_kind() {
        assert_eq!(clean("a\r\nb\rc\u{2028}d\te"), "a\nb\nc\nd e");
    }
}
