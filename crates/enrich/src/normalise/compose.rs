//! Canonical composition of one sequence: a base and what may combine with it.

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization};

use super::class::{Class, Classes};
use super::replace::replacement;
use crate::aligned::Writer;

/// Alef, waw and yeh with a combining maddah or hamza.
pub(super) fn hamza(base: char, mark: &str) -> Option<&'static str> {
    match (base, mark) {
        ('ا', "\u{653}") => Some("آ"),
        ('ا', "\u{654}") => Some("أ"),
        ('ا', "\u{655}") => Some("إ"),
        ('و', "\u{654}") => Some("ؤ"),
        ('ي', "\u{654}") => Some("ئ"),
        _ => None,
    }
}

/// Composes the character at `at` and the marks after it with the last one written, reading on over
/// marks and controls that are removed anyway. Says where to go on. Each byte is read once, so a flood
/// of marks costs no more than any other text (sorting them by class is n log n).
pub(super) fn compose(writer: &mut Writer<'_>, original: &str, at: usize) -> usize {
    let classes = Classes::get();
    let first = super::char_at(original, at);
    let alone = begins_anew(first);
    let (mut text, start) = match alone {
        true => None,
        false => writer.take_last(),
    }
    .unwrap_or_else(|| (String::new(), gap_start(classes, original, writer.tail(), at)));
    text.push(first);
    let arabic_base = text.chars().next().is_some_and(|c| hamza(c, "\u{654}").is_some());
    let mut next = at + first.len_utf8();
    let mut end = next;
    while next < original.len() {
        let (class, len) = classes.of(original, next);
        let here = next;
        match class {
            Class::Compose => {
                let c = super::char_at(original, here);
                if begins_anew(c) {
                    break;
                }
                text.push(c);
            }
            Class::Hamza if arabic_base => text.push(super::char_at(original, here)),
            Class::Hamza | Class::Mark => {}
            Class::Joiner if end == here => {}
            Class::Joiner | Class::Control => {
                next += len;
                continue;
            }
            _ => break,
        }
        next += len;
        end = next;
    }
    let mut composed = String::with_capacity(text.len());
    for c in text.nfc().filter(|c| !matches!(c, '\u{653}'..='\u{655}')) {
        match replacement(c) {
            "" => composed.push(c),
            other => composed.push_str(other),
        }
    }
    if original.get(start..end) == Some(composed.as_str()) {
        writer.keep(start..end);
    } else {
        // One unit: composition may have moved marks, so nothing inside it can be told apart.
        writer.replace(start..end, &composed);
    }
    next
}

/// Whether `c` decomposes to characters that do not combine with what stands before them.
fn begins_anew(c: char) -> bool {
    canonical_combining_class(c) == 0
        && unicode_normalization::is_nfc_quick(std::iter::once(c)) == IsNormalized::No
}

/// Where the removed marks that stand directly before `at`, on no letter, begin: a mark that is kept
/// belongs to the same grapheme.
fn gap_start(classes: &Classes, original: &str, tail: usize, at: usize) -> usize {
    let gap = original.get(tail..at).unwrap_or("");
    let attached = |index: usize| classes.of(original, tail + index).0 != Class::Control;
    gap.char_indices()
        .rev()
        .map(|(index, _)| index)
        .take_while(|&index| attached(index))
        .last()
        .map_or(at, |i| tail + i)
}
