//! Normalisation: one pass, each rule writing through [`Writer`], so that every change is mapped.
//!
//! Rules: canonical composition (NFC); Arabic presentation forms and ligatures spelt out; tatweel,
//! vowel marks, joiners and bidirectional controls removed without splitting the word; digits of Arabic
//! scripts to ASCII; Persian and Urdu forms of Arabic letters; spaces, line ends, dashes and apostrophes
//! to one form each. Quotation marks with a direction keep it. Normalising twice changes nothing.

mod class;
mod compose;
mod replace;
#[cfg(test)]
mod tests;

use crate::aligned::Writer;
use class::{Class, Classes};

/// Writes the normalised form of `original`; `None` where nothing changes.
pub(crate) fn normalise(original: &str) -> Option<Writer<'_>> {
    let classes = Classes::get();
    let bytes = original.as_bytes();
    let mut writer: Option<Writer<'_>> = None;
    let (mut kept, mut at) = (0, 0);
    while at < bytes.len() {
        let (class, len) = classes.of(original, at);
        if class == Class::Keep {
            at += len;
            continue;
        }
        let writer = writer.get_or_insert_with(|| Writer::new(original));
        writer.keep(kept..at);
        at = apply(class, writer, original, at, len);
        kept = at;
    }
    if let Some(writer) = &mut writer {
        writer.keep(kept..bytes.len());
    }
    writer
}

/// Applies the rule for the character at `at`, `len` bytes long; says where to go on.
fn apply(class: Class, writer: &mut Writer<'_>, original: &str, at: usize, len: usize) -> usize {
    let end = at + len;
    match class {
        Class::Keep => writer.keep(at..end),
        Class::Control => {}
        Class::Joiner => {
            // Part of the grapheme before it, unless something invisible stands between.
            if writer.tail() == at {
                writer.extend_last(end);
            }
        }
        Class::Mark => attach(writer, end),
        Class::Hamza => {
            if let Some(base) = writer.last()
                && let Some(composed) = original.get(at..end).and_then(|mark| compose::hamza(base, mark))
                && let Some((_, start)) = writer.take_last()
            {
                writer.replace(start..end, composed);
            } else {
                attach(writer, end);
            }
        }
        Class::Replace => writer.replace(at..end, replace::replacement(char_at(original, at))),
        Class::Return => {
            let end = if original.as_bytes().get(end) == Some(&b'\n') { end + 1 } else { end };
            writer.replace(at..end, "\n");
            return end;
        }
        Class::Ligature => {
            replace::ligature(writer, char_at(original, at), at..end, char_at(original, end));
        }
        Class::Compose => return compose::compose(writer, original, at),
    }
    end
}

/// A removed mark or tatweel belongs to the letter before it; after white space it belongs to nothing.
fn attach(writer: &mut Writer<'_>, end: usize) {
    if writer.last().is_some_and(|c| !c.is_whitespace()) {
        writer.extend_last(end);
    }
}

fn char_at(text: &str, at: usize) -> char {
    text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ')
}
