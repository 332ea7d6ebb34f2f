//! Limits of markup, applied before and while its tree is built.
//!
//! Two things in HTML cost more than their bytes: a tag with very many attributes (each is compared
//! with all before it), and elements left open (each is searched for, or opened again in every later
//! paragraph). The first is counted on the text, before anything is parsed; the second on the tree,
//! which grows by small pieces of text and is given up when it is too large or too deep.

use dom_query::Document;
use html5ever::ParseOpts;
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;

use super::guarded::Guarded;
use super::json::value::Limits;
use crate::envelope::{Reason, Reject};

/// Attribute comparisons that one document may cost: the sum of squares of attributes a tag. Real
/// pages stay below a thousandth of it.
const MAX_COMPARISONS: usize = 20_000_000;
/// What writing a page's text out again may cost: for each text, its characters to be escaped times
/// its bytes, because the serialiser that readability uses looks ahead to the end after each of them.
/// A program listing of 100 KB with five thousand of them costs a quarter.
const MAX_ESCAPING: usize = 2_000_000_000;
/// Text is parsed in pieces of about this size (bytes); one piece can add no more elements than a few
/// times its length.
const PIECE: usize = 1024;

/// Counts tags and attributes on the text alone.
///
/// # Errors
/// More tags than `max_tags`, or attributes without measure.
pub fn check_tags(markup: &str, max_tags: usize) -> Result<(), Reject> {
    let bytes = markup.as_bytes();
    let (mut tags, mut comparisons, mut at) = (0usize, 0usize, 0usize);
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
        at += found + 1;
        let rest = bytes.get(at..).unwrap_or_default();
        let rest = rest.strip_prefix(b"/").unwrap_or(rest);
        if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        tags += 1;
        let attributes = attributes(rest);
        comparisons = comparisons.saturating_add(attributes.saturating_mul(attributes));
        if tags > max_tags {
            return Err(too_many(max_tags));
        }
        if comparisons > MAX_COMPARISONS {
            return Err(Reject::new(Reason::TooManyNodes, "markup with more attributes than any page has"));
        }
    }
    Ok(())
}

/// About how many attributes a tag has. It is read up to the first `>` outside quotes.
fn attributes(tag: &[u8]) -> usize {
    let (mut count, mut quote, mut before, mut in_name) = (0usize, 0u8, 0u8, true);
    for byte in tag {
        if quote != 0 {
            if *byte == quote {
                quote = 0;
                in_name = false;
            }
            continue;
        }
        match byte {
            b'>' => break,
            b'"' | b'\'' if before == b'=' => quote = *byte,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0C | b'/' => in_name = false,
            _ if !in_name => {
                in_name = true;
                count += usize::from(*byte != b'=');
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = *byte;
        }
    }
    count
}

fn too_many(limit: usize) -> Reject {
    Reject::new(Reason::TooManyNodes, format!("markup of more than {limit} elements (decode.max_nodes)"))
}

fn too_deep(limit: usize) -> Reject {
    Reject::new(Reason::TooDeep, format!("markup nested deeper than {limit} elements (decode.max_depth)"))
}

/// The tree of a page within limits.
///
/// # Errors
/// Too many elements or attributes, or nested too deeply.
pub fn document(markup: &str, limits: Limits) -> Result<Document, Reject> {
    check_tags(markup, limits.max_nodes)?;
    let opts = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let sink = Guarded::default();
    let mut parser = html5ever::parse_document(sink, opts);
    let mut rest = markup;
    while !rest.is_empty() {
        let mut cut = PIECE.min(rest.len());
        while !rest.is_char_boundary(cut) {
            cut += 1;
        }
        let (piece, after) = rest.split_at(cut);
        parser.process(StrTendril::from_slice(piece));
        rest = after;
        let sink = &parser.tokenizer.sink.sink;
        if sink.nodes.get() > limits.max_nodes {
            return Err(too_many(limits.max_nodes));
        }
        if sink.deepest.get() > limits.max_depth {
            return Err(too_deep(limits.max_depth));
        }
    }
    // What is still pending is written, and counted, by finishing.
    parser.tokenizer.sink.sink.flush();
    if parser.tokenizer.sink.sink.escaping.get() > MAX_ESCAPING {
        return Err(Reject::new(
            Reason::TooManyNodes,
            "a page with more special characters than any article has",
        ));
    }
    let document = parser.finish();
    // Elements that were moved on the way may have ended up deeper than they were put.
    if depth(&document) > limits.max_depth {
        return Err(too_deep(limits.max_depth));
    }
    Ok(document)
}

fn depth(document: &Document) -> usize {
    let (mut deepest, mut depth) = (0, 0usize);
    let mut at = document.root();
    loop {
        if let Some(child) = at.first_child() {
            depth += 1;
            deepest = deepest.max(depth);
            at = child;
            continue;
        }
        loop {
            if depth == 0 {
                return deepest;
            }
            if let Some(sibling) = at.next_sibling() {
                at = sibling;
                break;
            }
            let Some(parent) = at.parent() else { return deepest };
            depth -= 1;
            at = parent;
        }
    }
}
