//! Latin and Cyrillic: runs of capitalised words with a title, a given name or an organisation's word.

use super::{Guess, View};
use crate::doc::TokenKind;
use crate::enriched::EntityType;
use crate::kb::word::Class;

/// Longest run that is looked at, in tokens.
const MAX_RUN: usize = 8;

/// A name that begins at token `i`.
pub(super) fn at(view: &View<'_>, i: usize) -> Option<Guess> {
    // Names begin where a run begins.
    if !capital(view, i) || view.known(i).is_some() || (i > 0 && joined(view, i) && inside_run(view, i - 1)) {
        return None;
    }
    let mut end = i + 1;
    let mut last = end;
    while end < i + MAX_RUN && joined(view, end) && view.known(end).is_none() {
        if capital(view, end) && !view.is(end, Class::Stop) {
            end += 1;
            last = end;
        } else if link(view, end) {
            end += 1;
        } else {
            break;
        }
    }
    let words = last - i;
    if (i..last).any(|k| view.classes(k).any(Class::OrgHead, Class::OrgTail)) {
        return if words >= 2 { view.guess(i..last, EntityType::Org, 60) } else { None };
    }
    // Titles stay outside: `President Alar Karis`.
    let mut first = i;
    while first < last && titled(view, first) {
        first += 1;
    }
    let title = first > i || (i > 0 && joined(view, i) && titled(view, i - 1));
    let given = view.is(first, Class::Given);
    let words = last.checked_sub(first).filter(|n| *n > 0)?;
    let confidence = match (title, given, words) {
        (_, true, 2..=4) => 75,
        (true, _, 1..=4) => 65,
        _ => return None,
    };
    view.guess(first..last, EntityType::Per, confidence)
}

fn capital(view: &View<'_>, i: usize) -> bool {
    matches!(view.kind(i), TokenKind::Latin | TokenKind::Cyrillic)
        && view.written(i).chars().next().is_some_and(char::is_uppercase)
        && !(view.is(i, Class::Stop) && view.written(i).len() <= 4)
}

/// Only white space or a hyphen before it.
fn joined(view: &View<'_>, i: usize) -> bool {
    view.joined(i)
}

fn inside_run(view: &View<'_>, i: usize) -> bool {
    capital(view, i) && view.known(i).is_none() && !view.is(i, Class::Stop)
}

fn titled(view: &View<'_>, i: usize) -> bool {
    view.is(i, Class::Title)
}

/// Small words inside names: de, van, of.
fn link(view: &View<'_>, i: usize) -> bool {
    view.is(i, Class::Particle) || matches!(view.word(i), "of" | "de" | "du" | "des")
}
