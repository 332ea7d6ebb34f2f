//! Annotations laid over a text as properly nested marks.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use khabar_enrich::enriched::{Field, Span};

use super::view::View;

/// What a mark stands for, with its index in the record's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Speech: outermost where ranges are equal.
    Quote(usize),
    /// A quantity.
    Quantity(usize),
    /// A time.
    Time(usize),
    /// A mention: innermost where ranges are equal.
    Mention(usize),
}

/// A text with its marks, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A mark begins.
    Open(What),
    /// Unmarked or marked text.
    Text(&'a str),
    /// The mark opened last ends.
    Close,
}

/// One field of a record, cut at its annotations. Marks nest; where two annotations cross, the one
/// that begins later is cut in two at the border.
pub fn pieces(view: &View, field: Field) -> Vec<Piece<'_>> {
    let Some(text) = view.field(field) else { return Vec::new() };
    let quotes = view.quotes.iter().enumerate().map(|(i, q)| (What::Quote(i), q.span));
    let quantities = view.quantities.iter().enumerate().map(|(i, q)| (What::Quantity(i), q.span));
    let times = view.times.iter().enumerate().map(|(i, t)| (What::Time(i), t.span));
    let mentions = view.mentions.iter().enumerate().map(|(i, m)| (What::Mention(i), m.span));
    let marks = quotes
        .chain(quantities)
        .chain(times)
        .chain(mentions)
        .filter(|(_, span)| span.field == field)
        .map(|(what, span)| (what, bytes(span)));
    nest(text, marks)
}

fn bytes(span: Span) -> Range<usize> {
    span.byte[0] as usize..span.byte[1] as usize
}

/// Ranges that do not fall on the text's characters are left out: the record may be somebody else's.
fn nest<'a>(text: &'a str, marks: impl Iterator<Item = (What, Range<usize>)>) -> Vec<Piece<'a>> {
    let mut queue: BinaryHeap<_> = marks
        .filter(|(_, range)| text.get(range.clone()).is_some_and(|words| !words.is_empty()))
        .map(|(what, range)| Reverse((range.start, Reverse(range.end), what)))
        .collect();
    let mut out = Vec::with_capacity(queue.len() * 3 + 1);
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    let push = |out: &mut Vec<Piece<'a>>, range: Range<usize>| {
        if let Some(words) = text.get(range).filter(|words| !words.is_empty()) {
            out.push(Piece::Text(words));
        }
    };
    while let Some(Reverse((start, Reverse(end), what))) = queue.pop() {
        while let Some(&border) = open.last().filter(|border| **border <= start) {
            push(&mut out, at..border);
            out.push(Piece::Close);
            open.pop();
            at = border;
        }
        if let Some(&border) = open.last().filter(|border| **border < end) {
            queue.push(Reverse((start, Reverse(border), what)));
            queue.push(Reverse((border, Reverse(end), what)));
            continue;
        }
        push(&mut out, at..start);
        out.push(Piece::Open(what));
        open.push(end);
        at = start;
    }
    while let Some(border) = open.pop() {
        push(&mut out, at..border);
        out.push(Piece::Close);
        at = border;
    }
    push(&mut out, at..text.len());
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(text: &str, marks: &[(usize, usize)]) -> String {
        let marks = marks.iter().enumerate().map(|(i, &(a, b))| (What::Mention(i), a..b));
        let mut out = String::new();
        for piece in nest(text, marks) {
            match piece {
                Piece::Open(What::Mention(i)) => out.push_str(&format!("<{i}:")),
                Piece::Open(_) => out.push('?'),
                Piece::Text(words) => out.push_str(words),
                Piece::Close => out.push('>'),
            }
        }
        out
    }

    #[test]
    fn nested_adjacent_and_crossing() {
        assert_eq!(show("abcdef", &[(0, 6), (2, 4)]), "<0:ab<1:cd>ef>");
        assert_eq!(show("abcdef", &[(0, 3), (3, 6)]), "<0:abc><1:def>");
        assert_eq!(show("abcdef", &[(0, 4), (2, 6)]), "<0:ab<1:cd>><1:ef>");
        assert_eq!(show("abc", &[(1, 9), (2, 2)]), "abc");
    }

    proptest! {
        #[test]
        fn text_is_kept_and_marks_balance(
            text in "[a-cش ]{0,24}",
            marks in prop::collection::vec((0usize..30, 0usize..30), 0..12),
        ) {
            let marks: Vec<_> = marks.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
            let found = nest(&text, marks.iter().enumerate().map(|(i, &(a, b))| (What::Mention(i), a..b)));
            let (mut joined, mut depth) = (String::new(), 0i32);
            for piece in &found {
                match piece {
                    Piece::Open(_) => depth += 1,
                    Piece::Close => depth -= 1,
                    Piece::Text(words) => joined.push_str(words),
                }
                prop_assert!(depth >= 0);
            }
            prop_assert_eq!(depth, 0);
            prop_assert_eq!(joined, text);
        }
    }
}
