//! Limits of markup, applied before and while its tree is built.
//!
//! Two things in HTML cost more than their bytes: a tag with very many attributes (each is compared
//! with all before it), and elements left open (each is searched for, or opened again in every later
//! paragraph). The first is counted on the text, before anything is parsed; the second on the tree,
//! which grows by small pieces of text and is given up when it is too large or too deep.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use dom_query::{Document, NodeId};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName};

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
    let sink = Guarded {
        inner: Document::default(),
        nodes: Cell::new(0),
        deepest: Cell::new(0),
        escaping: Cell::new(0),
        pending: RefCell::new(None),
    };
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

/// A document being built, with its size and depth counted.
struct Guarded {
    inner: Document,
    nodes: Cell<usize>,
    deepest: Cell<usize>,
    escaping: Cell<usize>,
    /// Text that is still to be put into the tree. It comes in pieces as small as one entity, and the
    /// tree copies the whole text for each piece that it gets.
    pending: RefCell<Option<(Place, String)>>,
}

/// Where text goes.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Into(NodeId),
    Before(NodeId),
}

#[derive(Clone)]
struct Handle {
    id: NodeId,
    depth: Rc<Cell<usize>>,
}

impl Guarded {
    fn handle(&self, id: NodeId, depth: usize) -> Handle {
        self.nodes.set(self.nodes.get() + 1);
        Handle { id, depth: Rc::new(Cell::new(depth)) }
    }

    fn put(&self, place: Place, depth: usize, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendText(text) => {
                let mut pending = self.pending.borrow_mut();
                if let Some((_, before)) = pending.as_mut().filter(|(at, _)| *at == place) {
                    before.push_str(&text);
                    return;
                }
                let other = pending.replace((place, String::from(&*text)));
                drop(pending);
                self.write(other);
            }
            NodeOrText::AppendNode(node) => {
                self.flush();
                node.depth.set(depth);
                self.deepest.set(self.deepest.get().max(depth));
                self.insert(place, NodeOrText::AppendNode(node.id));
            }
        }
    }

    /// Puts pending text into the tree: before anything else changes in it.
    fn flush(&self) {
        let pending = self.pending.borrow_mut().take();
        self.write(pending);
    }

    fn write(&self, text: Option<(Place, String)>) {
        if let Some((place, text)) = text {
            let escaped = memchr::memchr3_iter(b'&', b'<', b'>', text.as_bytes()).count();
            let cost = escaped.saturating_mul(text.len());
            self.escaping.set(self.escaping.get().saturating_add(cost));
            self.insert(place, NodeOrText::AppendText(StrTendril::from_slice(&text)));
        }
    }

    fn insert(&self, place: Place, child: NodeOrText<NodeId>) {
        match place {
            Place::Into(parent) => self.inner.append(&parent, child),
            Place::Before(sibling) => self.inner.append_before_sibling(&sibling, child),
        }
    }
}

impl TreeSink for Guarded {
    type Handle = Handle;
    type Output = Document;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Document {
        self.flush();
        self.inner
    }
    /// Not kept: a hostile page has one a byte.
    fn parse_error(&self, _msg: Cow<'static, str>) {}
    fn get_document(&self) -> Handle {
        Handle { id: self.inner.get_document(), depth: Rc::default() }
    }
    fn elem_name<'a>(&'a self, target: &'a Handle) -> Ref<'a, QualName> {
        self.inner.elem_name(&target.id)
    }
    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.handle(self.inner.create_element(name, attrs, flags), 0)
    }
    fn create_comment(&self, text: StrTendril) -> Handle {
        self.handle(self.inner.create_comment(text), 0)
    }
    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.handle(self.inner.create_pi(target, data), 0)
    }
    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.put(Place::Into(parent.id), parent.depth.get() + 1, child);
    }
    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        prev_element: &Handle,
        child: NodeOrText<Handle>,
    ) {
        if self.inner.tree.get(&element.id).is_some_and(|node| node.parent().is_some()) {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }
    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.inner.append_doctype_to_document(name, public_id, system_id);
    }
    fn mark_script_already_started(&self, node: &Handle) {
        self.inner.mark_script_already_started(&node.id);
    }
    fn get_template_contents(&self, target: &Handle) -> Handle {
        let depth = target.depth.get() + 1;
        Handle { id: self.inner.get_template_contents(&target.id), depth: Rc::new(Cell::new(depth)) }
    }
    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }
    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }
    fn append_before_sibling(&self, sibling: &Handle, new_node: NodeOrText<Handle>) {
        self.put(Place::Before(sibling.id), sibling.depth.get(), new_node);
    }
    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(&target.id, attrs);
    }
    fn remove_from_parent(&self, target: &Handle) {
        self.flush();
        self.inner.remove_from_parent(&target.id);
    }
    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.flush();
        self.inner.reparent_children(&node.id, &new_parent.id);
    }
    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        self.inner.is_mathml_annotation_xml_integration_point(&handle.id)
    }
}
