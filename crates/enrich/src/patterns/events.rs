//! Arabic: meetings by their number and titles in quotation marks behind the kind of meeting.

use super::{Guess, View};
use crate::doc::TokenKind;
use crate::enriched::EntityType;
use crate::kb::word::Class;

/// Longest title in words.
const MAX_TITLE: usize = 16;
/// Longest complement of a meeting with a number in words.
const MAX_COMPLEMENT: usize = 7;

/// A meeting whose kind stands at token `i`: `المؤتمر "…"`, `المؤتمر الـ 32 لوزراء خارجية …`.
pub(super) fn at(view: &View<'_>, i: usize) -> Option<Guess> {
    let word = view.doc.text.folded().get(view.start(i) as usize..view.token(i)?.end as usize)?;
    let kind = word.strip_prefix("ال").unwrap_or(word);
    if !matches!(kind, "موتمر" | "قمه" | "منتدي" | "ملتقي" | "مهرجان" | "معرض" | "ندوه" | "اولمبياد" | "دوره")
    {
        return None;
    }
    titled(view, i).or_else(|| if kind == "دوره" { None } else { numbered(view, i, word != kind) })
}

/// `مؤتمر دولي بعنوان "…"`: what is inside the marks.
fn titled(view: &View<'_>, i: usize) -> Option<Guess> {
    let mut open = i + 1;
    // Adjectives, and words that say that a title follows.
    while open <= i + 4 && view.joined(open) && view.kind(open) == TokenKind::Arabic {
        let says = matches!(view.word(open), "بعنوان" | "تحت" | "عنوان" | "باسم");
        if !says && view.classes(open).any(Class::Stop, Class::Say) {
            return None;
        }
        open += 1;
    }
    let close = match view.written(open) {
        "\"" => "\"",
        "«" => "»",
        "“" | "”" => "”",
        _ => return None,
    };
    let first = open + 1;
    let end = (first..first + MAX_TITLE + 1).find(|j| view.written(*j) == close)?;
    let words = (first..end).filter(|j| view.kind(*j) != TokenKind::Punct).count();
    // One word is a name like any other; what begins as a sentence is speech. (`بين` is a verb of saying, too.)
    let speech = view.is(first, Class::Say) || matches!(view.word(first), "ان" | "انه" | "لن" | "لا");
    (words >= 2 && words == words.min(MAX_TITLE) && !speech)
        .then(|| view.guess(first..end, EntityType::Event, 70))
        .flatten()
}

/// `المؤتمر العربي الثاني عشر لخدمات نقل الدم`.
fn numbered(view: &View<'_>, i: usize, defined: bool) -> Option<Guess> {
    if !defined {
        return None;
    }
    let mut end = i + 1;
    while end <= i + 3 && view.joined(end) && definite(view, end) && !ordinal(view, end) {
        end += 1;
    }
    let from = end;
    if view.word(end) == "ال" {
        end += 1;
    }
    if view.kind(end) == TokenKind::Number && (end > from || view.written(end).starts_with("ال")) {
        end += 1;
    } else {
        while view.joined(end)
            && (ordinal(view, end) || end > from && matches!(view.word(end), "عشر" | "عشره"))
        {
            end += 1;
        }
    }
    if end == from {
        return None;
    }
    let mut last = end;
    let of = view.cut(end) || view.token(end).is_some_and(|t| t.proclitic > 0);
    if view.joined(end) && view.word(end).starts_with('ل') && of {
        while end < last + MAX_COMPLEMENT && view.joined(end) && view.kind(end) == TokenKind::Arabic {
            if view.classes(end).any(Class::Stop, Class::Say) {
                break;
            }
            if let Some((_, tokens)) = view.known(end).filter(|(_, tokens)| tokens.start == end) {
                last = tokens.end;
                break;
            }
            end += 1;
            if definite(view, end - 1) || view.word(end - 1).starts_with("لل") {
                last = end;
            } else if !view.joined(end) {
                break;
            }
        }
    }
    view.guess(i..last, EntityType::Event, 70)
}

fn definite(view: &View<'_>, i: usize) -> bool {
    view.word(i).starts_with("ال") && view.word(i).len() > 6
}

fn ordinal(view: &View<'_>, i: usize) -> bool {
    let word = view.word(i).trim_start_matches('و');
    let Some(stem) = word.strip_prefix("ال") else { return false };
    matches!(
        stem.trim_end_matches('ه'),
        "اول"
            | "اولي"
            | "ثاني"
            | "ثالث"
            | "رابع"
            | "خامس"
            | "سادس"
            | "سابع"
            | "ثامن"
            | "تاسع"
            | "عاشر"
            | "حادي"
    ) || matches!(
        stem,
        "ثانيه"
            | "حاديه"
            | "عشرون"
            | "عشرين"
            | "ثلاثون"
            | "ثلاثين"
            | "اربعون"
            | "اربعين"
            | "خمسون"
            | "خمسين"
    )
}
