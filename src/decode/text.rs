//! Plain text, and what is remarkable in any text.

use khabar_enrich::{Article, DiagnosticCode};

use super::json::fields::is_placeholder;
use super::remarks::Remarks;
use crate::envelope::{Reason, Reject};

/// A bare body: the whole text, unchanged.
///
/// # Errors
/// Nothing but white space, or a serialiser's word for nothing.
pub fn decode(text: String) -> Result<Article, Reject> {
    if text.trim().is_empty() || is_placeholder(text.trim()) {
        return Err(Reject::new(Reason::EmptyBody, "the text is empty"));
    }
    Ok(Article { body: text, ..Article::default() })
}

/// Remarks on characters that a reader does not see. They stay: the original is never changed.
pub fn inspect(field: &str, text: &str, remarks: &mut Remarks) {
    let controls = controls(text.as_bytes());
    if controls > 0 {
        remarks.add(
            DiagnosticCode::ControlCharacters,
            format!("the {field} holds {controls} control characters"),
        );
    }
    let invisible = invisible(text.as_bytes());
    // A few joiners and marks belong to Arabic and Persian typing; one character in twenty does not.
    if invisible >= 16 && invisible * 3 * 20 >= text.len() {
        remarks.add(
            DiagnosticCode::InvisibleCharacters,
            format!("the {field} holds {invisible} zero-width or direction characters"),
        );
    }
}

/// How many control characters there are, tab, line feed and carriage return apart. Nearly always
/// none, which is found without a branch a byte.
fn controls(bytes: &[u8]) -> usize {
    let is_control = |b: u8| {
        u8::from(b < 0x20) & u8::from(b != b'\t') & u8::from(b != b'\n') & u8::from(b != b'\r')
            | u8::from(b == 0x7F)
    };
    let in_piece = |piece: &[u8]| match piece.iter().fold(0, |any, b| any | is_control(*b)) {
        0 => 0,
        _ => piece.iter().filter(|b| is_control(**b) != 0).count(),
    };
    bytes.chunks(256).map(in_piece).sum()
}

/// Zero-width characters, direction marks, embeddings, overrides and isolates, and byte order marks:
/// U+200B–200F, U+202A–202E, U+2060–206F, U+FEFF.
fn invisible(bytes: &[u8]) -> usize {
    let after = |at: usize| (bytes.get(at + 1).copied(), bytes.get(at + 2).copied());
    memchr::memchr2_iter(0xE2, 0xEF, bytes)
        .filter(|at| match (bytes.get(*at), after(*at)) {
            (Some(0xE2), (Some(0x80), Some(last))) => matches!(last, 0x8B..=0x8F | 0xAA..=0xAE),
            (Some(0xE2), (Some(0x81), Some(last))) => matches!(last, 0xA0..=0xAF),
            (Some(0xEF), (Some(0xBB), Some(0xBF))) => true,
            _ => false,
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<DiagnosticCode> {
        let mut remarks = Remarks::default();
        inspect("body", text, &mut remarks);
        remarks.into_diagnostics().into_iter().map(|d| d.code).collect()
    }

    #[test]
    fn sees_what_readers_do_not() {
        assert_eq!(codes("قال\tالوزير\r\n…"), []);
        assert_eq!(codes("a\0b"), [DiagnosticCode::ControlCharacters]);
        assert_eq!(codes(&"\u{200b}".repeat(16)), [DiagnosticCode::InvisibleCharacters]);
        assert_eq!(codes(&"\u{202e}a\u{feff}\u{2066}".repeat(9)), [DiagnosticCode::InvisibleCharacters]);
        assert_eq!(codes(&format!("{}{}", "\u{200f}".repeat(16), "كلمة ".repeat(400))), []);
    }
}
