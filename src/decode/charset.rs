//! Bytes to text: which character set, and what to do with bytes that are no text in it.
//!
//! In this order: a byte order mark; the declared set (header, then `<meta charset>` or XML
//! declaration); valid UTF-8; UTF-16 and UTF-32 by their zero bytes; detection. Valid UTF-8 with
//! anything outside ASCII is taken for UTF-8 even when another set is declared: text of another set
//! is practically never valid UTF-8, while wrong declarations are common.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use khabar_enrich::DiagnosticCode;

use super::{declarations, detect, remarks::Remarks};
use crate::envelope::{Reason, Reject};

/// Decodes `bytes`; a byte order mark is taken off, and nothing else is.
///
/// # Errors
/// An unknown declared set, or bytes that are no text.
pub fn decode<'a>(
    bytes: &'a [u8],
    declared: Option<&str>,
    remarks: &mut Remarks,
) -> Result<Cow<'a, str>, Reject> {
    if let Some(text) = by_mark(bytes, remarks)? {
        remarks
            .add(DiagnosticCode::ByteOrderMark, "a byte order mark told the character set and was taken off");
        return Ok(text);
    }
    let inner = if declared.is_none() { declarations::character_set(bytes) } else { None };
    let declared = match declared.or(inner.as_deref()) {
        Some(label) => Some(named(label)?),
        None => None,
    };
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        match declared {
            // ASCII is the same in all sets but these.
            Some(Declared::Set(set)) if text.is_ascii() && !set.is_ascii_compatible() => {}
            Some(Declared::Utf32(_)) => {}
            Some(Declared::Set(set)) if set != UTF_8 && !text.is_ascii() => {
                remarks.add(
                    DiagnosticCode::CharsetMismatch,
                    format!("declared as {}, is valid UTF-8: read as UTF-8", set.name()),
                );
                return Ok(Cow::Borrowed(text));
            }
            _ if looks_wide(bytes).is_none() => return Ok(Cow::Borrowed(text)),
            _ => {}
        }
    }
    match declared {
        Some(Declared::Utf32(big)) => utf32(bytes, big, remarks).map(Cow::Owned),
        Some(Declared::Set(set)) if set != UTF_8 => as_declared(bytes, set, remarks),
        _ => undeclared(bytes, remarks),
    }
}

#[derive(Clone, Copy)]
enum Declared {
    Set(&'static Encoding),
    /// UTF-32, which `encoding_rs` leaves out; `true`: big-endian.
    Utf32(bool),
}

fn named(label: &str) -> Result<Declared, Reject> {
    if let Some(set) = Encoding::for_label_no_replacement(label.as_bytes()) {
        return Ok(Declared::Set(set));
    }
    match label.to_ascii_lowercase().as_str() {
        "utf-32" | "utf32" | "utf-32le" => Ok(Declared::Utf32(false)),
        "utf-32be" => Ok(Declared::Utf32(true)),
        _ => {
            let shown: String = label.chars().filter(char::is_ascii_graphic).take(40).collect();
            Err(Reject::new(Reason::UnknownCharset, format!("unknown character set {shown:?}")))
        }
    }
}

fn by_mark<'a>(bytes: &'a [u8], remarks: &mut Remarks) -> Result<Option<Cow<'a, str>>, Reject> {
    if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE, 0, 0]) {
        return utf32(rest, false, remarks).map(|t| Some(Cow::Owned(t)));
    }
    if let Some(rest) = bytes.strip_prefix(&[0, 0, 0xFE, 0xFF]) {
        return utf32(rest, true, remarks).map(|t| Some(Cow::Owned(t)));
    }
    let Some((set, mark)) = Encoding::for_bom(bytes) else { return Ok(None) };
    let rest = bytes.get(mark..).unwrap_or_default();
    if set != UTF_8 {
        return as_declared(rest, set, remarks).map(Some);
    }
    if let Ok(text) = simdutf8::basic::from_utf8(rest) {
        return Ok(Some(Cow::Borrowed(text)));
    }
    match broken_utf8(rest, true, remarks) {
        Broken::Mended(text) => Ok(Some(Cow::Owned(text))),
        Broken::Hopeless | Broken::Foreign => Err(hopeless_utf8()),
    }
}

fn as_declared<'a>(
    bytes: &'a [u8],
    set: &'static Encoding,
    remarks: &mut Remarks,
) -> Result<Cow<'a, str>, Reject> {
    let (text, had_errors) = set.decode_without_bom_handling(bytes);
    if !had_errors {
        return Ok(text);
    }
    let bad = text.matches('\u{FFFD}').count();
    let all = text.chars().count();
    if is_small_share(bad, all) {
        remarks.add(
            DiagnosticCode::ReplacedInvalidBytes,
            format!("{bad} invalid sequences in {} replaced by U+FFFD", set.name()),
        );
        return Ok(text);
    }
    if set == UTF_16LE || set == UTF_16BE {
        return Err(Reject::new(
            Reason::InvalidText,
            format!("{bad} of {all} characters are invalid {}", set.name()),
        ));
    }
    let guess = detect::detect(bytes);
    match guess.and_then(|g| g.decode_without_bom_handling_and_without_replacement(bytes).map(|t| (g, t))) {
        Some((guess, text)) if is_text(&text) => {
            remarks.add(
                DiagnosticCode::CharsetMismatch,
                format!("declared as {}, is {} by its letters", set.name(), guess.name()),
            );
            Ok(text)
        }
        _ => Err(Reject::new(
            Reason::InvalidText,
            format!("{bad} of {all} characters are invalid {}", set.name()),
        )),
    }
}

/// No declaration, or UTF-8 was declared, and it is no valid UTF-8 (or looks like UTF-16 or UTF-32).
fn undeclared<'a>(bytes: &'a [u8], remarks: &mut Remarks) -> Result<Cow<'a, str>, Reject> {
    if let Some(wide) = looks_wide(bytes) {
        let (name, text) = match wide {
            Wide::Utf16(set) => (set.name(), as_declared(bytes, set, remarks)?),
            Wide::Utf32(big) => ("UTF-32", Cow::Owned(utf32(bytes, big, remarks)?)),
        };
        remarks.add(DiagnosticCode::CharsetDetected, format!("{name} by its zero bytes"));
        return Ok(text);
    }
    match broken_utf8(bytes, false, remarks) {
        Broken::Mended(text) => return Ok(Cow::Owned(text)),
        Broken::Hopeless => return Err(hopeless_utf8()),
        Broken::Foreign => {}
    }
    let guess = detect::detect(bytes).ok_or_else(invalid_utf8)?;
    let (text, had_errors) = guess.decode_without_bom_handling(bytes);
    if had_errors || !is_text(&text) {
        return Err(invalid_utf8());
    }
    remarks.add(
        DiagnosticCode::CharsetDetected,
        format!("no valid UTF-8 and no character set declared: {} by its letters", guess.name()),
    );
    Ok(text)
}

fn hopeless_utf8() -> Reject {
    Reject::new(Reason::InvalidText, "UTF-8 with too many invalid sequences")
}

fn invalid_utf8() -> Reject {
    Reject::new(Reason::InvalidText, "neither UTF-8 nor text in any character set that can be told")
}

/// What broken UTF-8 is taken for.
enum Broken {
    /// UTF-8 with a few bad sequences, each replaced by U+FFFD.
    Mended(String),
    /// UTF-8 beyond doubt, too much of it bad.
    Hopeless,
    /// Something else.
    Foreign,
}

/// UTF-8 in which bytes are broken (a cut at the end, a bad join). It is UTF-8 beyond doubt when
/// there are at least as many valid multi-byte characters as bad sequences, which chance does not
/// give to text in another character set, or after a byte order mark.
fn broken_utf8(bytes: &[u8], certain: bool, remarks: &mut Remarks) -> Broken {
    let (mut bad, mut multi, mut all) = (0usize, 0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            all += 1;
            multi += usize::from(!c.is_ascii());
        }
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if !certain && multi < bad {
        return Broken::Foreign;
    }
    if !is_small_share(bad, all + bad) {
        return Broken::Hopeless;
    }
    remarks.add(
        DiagnosticCode::ReplacedInvalidBytes,
        format!("{bad} invalid UTF-8 sequences replaced by U+FFFD"),
    );
    Broken::Mended(String::from_utf8_lossy(bytes).into_owned())
}

/// At most one in a hundred; a single one always, unless there is next to nothing else.
fn is_small_share(bad: usize, all: usize) -> bool {
    bad * 100 <= all || (bad == 1 && all >= 16)
}

/// Nothing that a person reads has more than one control character in fifty.
fn is_text(text: &str) -> bool {
    let (mut odd, mut all) = (0usize, 0usize);
    for c in text.chars() {
        all += 1;
        odd += usize::from(c == '\u{FFFD}' || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')));
    }
    odd * 50 <= all
}

#[derive(Clone, Copy)]
enum Wide {
    Utf16(&'static Encoding),
    Utf32(bool),
}

/// UTF-16 or UTF-32 without a mark. JSON and markup begin with ASCII, whose zeros stand in every
/// second (or three in every four) bytes; Arabic and Cyrillic UTF-16 has 6 or 4 there. Bytes that
/// UTF-8 text never has, so the first eight decide whether to look at all.
fn looks_wide(bytes: &[u8]) -> Option<Wide> {
    let head = bytes.get(..8)?;
    let high = |b: &u8| matches!(b, 0 | 4 | 6);
    if !head.iter().any(high) {
        return None;
    }
    match head.iter().enumerate().fold(0u8, |mask, (i, b)| mask | (u8::from(*b == 0) << i)) {
        0b1110_1110 => return Some(Wide::Utf32(false)),
        0b0111_0111 => return Some(Wide::Utf32(true)),
        _ => {}
    }
    let sample = bytes.get(..bytes.len().min(512) & !1)?;
    let even = sample.iter().step_by(2).filter(|b| high(b)).count();
    let odd = sample.iter().skip(1).step_by(2).filter(|b| high(b)).count();
    let pairs = sample.len() / 2;
    match (even * 4 >= pairs * 3, odd * 4 >= pairs * 3) {
        (false, true) if even * 10 <= pairs => Some(Wide::Utf16(UTF_16LE)),
        (true, false) if odd * 10 <= pairs => Some(Wide::Utf16(UTF_16BE)),
        _ => None,
    }
}

fn utf32(bytes: &[u8], big_endian: bool, remarks: &mut Remarks) -> Result<String, Reject> {
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut bad = usize::from(!bytes.len().is_multiple_of(4));
    let mut all = bad;
    for unit in bytes.chunks_exact(4) {
        let unit = <[u8; 4]>::try_from(unit).unwrap_or_default();
        let code = if big_endian { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) };
        let c = char::from_u32(code);
        bad += usize::from(c.is_none());
        all += 1;
        text.push(c.unwrap_or('\u{FFFD}'));
    }
    if bad == 0 {
        return Ok(text);
    }
    if !is_small_share(bad, all) {
        return Err(Reject::new(
            Reason::InvalidText,
            format!("{bad} of {all} characters are invalid UTF-32"),
        ));
    }
    remarks
        .add(DiagnosticCode::ReplacedInvalidBytes, format!("{bad} invalid UTF-32 units replaced by U+FFFD"));
    Ok(text)
}

#[cfg(test)]
#[path = "charset_tests.rs"]
mod tests;
