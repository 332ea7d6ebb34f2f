//! The tree of a page while it is built, counted.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use dom_query::{Document, NodeId};
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, QualName};

/// A document being built, with its size and depth counted.
#[derive(Default)]
pub struct Guarded {
    inner: Document,
    /// Nodes made so far.
    pub nodes: Cell<usize>,
    /// Deepest node put so far.
    pub deepest: Cell<usize>,
    /// What writing the text out again costs: for each text, characters to be escaped times bytes.
    pub escaping: Cell<usize>,
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

/// A node and how deep it stands.
#[derive(Clone)]
pub struct Handle {
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
    pub fn flush(&self) {
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
