//! Which names are the same entity, and the short forms of what was named in full.
//!
//! What the knowledge base links is told apart by its entries. A name that nothing linked, of an entity that the article names
//! otherwise, is that entity's. Then people are joined by the parts of their names ([`people`]) and all others by how they are
//! written ([`forms`]); two entries of the knowledge base are never joined.

mod forms;
mod people;
mod spelling;
#[cfg(test)]
mod tests;

use rustc_hash::{FxHashMap, FxHashSet};

use super::settle::Name;
use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::gazetteer::Seen;
use crate::kb::{Kb, russian};
use forms::Forms;
use people::{Full, People};

/// Names with the entity that each stands for.
#[derive(Debug, Default)]
pub(super) struct Joined {
    /// Names in the order of the record, each with its entity.
    pub names: Vec<(Name, usize)>,
    /// Entities in order of first mention.
    pub entities: Vec<Thing>,
}

/// One entity of the article.
#[derive(Debug)]
pub(super) struct Thing {
    /// Its type.
    pub kind: EntityType,
    /// Index in the knowledge base.
    pub kb: Option<u32>,
    /// Other readings of its name there.
    pub others: Vec<u32>,
}

/// A name with its words as names are joined by them.
struct Named {
    name: Name,
    /// Folded, single spaces between, with the article that للـ hides.
    words: String,
    /// Where in `words` the part in quotation marks begins that the name ends with.
    quoted: Option<usize>,
}

/// What tells entities apart.
enum Key<'n> {
    /// An entity of the knowledge base.
    Kb(u32),
    /// Words of its names.
    Form(EntityType, &'n str),
}

/// Joins `names`, which are in the order of the record.
pub(super) fn join(kb: &Kb, docs: &[Doc], seen: &[Vec<Seen>], names: Vec<Name>) -> Joined {
    let mut named: Vec<Named> = names.into_iter().map(|name| Named::new(docs, name)).collect();
    link(kb, docs, &mut named);
    let people = People::new(kb, docs, seen, &named);
    let forms = Forms::new(kb, docs, &named);
    let again: Vec<Named> = people.again().into_iter().map(|name| Named::new(docs, name)).collect();
    let in_order = |n: &Name| (n.doc, n.range.start, std::cmp::Reverse(n.range.end));
    let mut order: Vec<&Named> = named.iter().chain(&again).collect();
    if !again.is_empty() {
        order.sort_by_key(|n| in_order(&n.name));
    }
    let mut entities: Vec<Thing> = Vec::new();
    let mut by_kb: FxHashMap<u32, usize> = FxHashMap::default();
    let mut by_form: FxHashMap<(EntityType, &str), usize> = FxHashMap::default();
    let mut of: Vec<usize> = Vec::with_capacity(order.len());
    for named in order {
        let key = key(&people, &forms, named);
        let (index, id) = match key {
            Key::Kb(id) => (*by_kb.entry(id).or_insert(entities.len()), Some(id)),
            Key::Form(kind, words) => (*by_form.entry((kind, words)).or_insert(entities.len()), None),
        };
        if index == entities.len() {
            let name = &named.name;
            let others = if id.is_some() && id == name.entity { name.others.clone() } else { Vec::new() };
            let kind = id.and_then(|id| kb.entity(id)).map_or(name.kind, |e| e.kind());
            entities.push(Thing { kind, kb: id, others });
        }
        of.push(index);
    }
    let more = !again.is_empty();
    let mut names: Vec<Name> = named.into_iter().chain(again).map(|n| n.name).collect();
    if more {
        names.sort_by_key(in_order);
    }
    Joined { names: names.into_iter().zip(of).collect(), entities }
}

fn key<'n>(people: &People<'n>, forms: &Forms<'n>, named: &'n Named) -> Key<'n> {
    let Named { name, words, .. } = named;
    if let Some(id) = name.entity.filter(|id| name.kind != EntityType::Per || people.in_full(*id)) {
        return Key::Kb(id);
    }
    if name.kind != EntityType::Per {
        return forms.of(name.kind, words);
    }
    match (people.full(named), name.entity) {
        // a short name of the article's own, not whoever is better known by it
        (Some(Full::Words(full)), None) => Key::Form(EntityType::Per, full),
        (Some(Full::Words(full)), Some(_)) if full != words => Key::Form(EntityType::Per, full),
        (Some(Full::Kb(id)), None) => Key::Kb(id),
        // whoever is best known by the name alone is meant by it, whichever relative the article names in full
        (Some(Full::Kb(id)), Some(own)) if people.is_family(named) && !people.is_better_known(own, id) => {
            Key::Kb(id)
        }
        (_, Some(id)) => Key::Kb(id),
        (None, None) => Key::Form(EntityType::Per, words),
    }
}

/// Links names that nothing has linked, to entities that the article names otherwise: what is an adjective or an ordinary word
/// as often needs more than itself to be taken for a name, and the tagger has seen more.
fn link(kb: &Kb, docs: &[Doc], named: &mut [Named]) {
    let open =
        |n: &Named| n.name.entity.is_none() && (n.name.kind != EntityType::Per || n.words.contains(' '));
    if !named.iter().any(open) {
        return;
    }
    let known: FxHashSet<u32> = named.iter().filter_map(|n| n.name.entity).collect();
    for n in named.iter_mut().filter(|n| open(n)) {
        n.name.entity = listed(kb, docs, &n.name, &known);
    }
}

/// The one of `known` that the knowledge base has by the words of `name`; of a club or a platform without the article, too.
fn listed(kb: &Kb, docs: &[Doc], name: &Name, known: &FxHashSet<u32>) -> Option<u32> {
    let doc = docs.get(name.doc)?;
    let tokens = doc.tokens.get(name.tokens.clone())?.iter().filter(|t| t.kind != TokenKind::Punct);
    let end = tokens.clone().next()?.end;
    let first = doc.text.folded().get(name.range.start as usize..end as usize)?;
    let read = |lost: &str, first: &str| {
        let mut node = kb.word(lost, first)?.root?;
        for token in tokens.clone().skip(1) {
            node = kb.next(node, kb.word("", doc.folded_token(token))?.id)?;
        }
        let fits = |id: &u32| known.contains(id) && kb.entity(*id).is_some_and(|e| e.kind() == name.kind);
        kb.readings(node).filter(|r| !r.capitals).map(|r| r.entity).find(fits)
    };
    if has_hidden_article(doc, name) {
        return read("ال", first);
    }
    let is_called = matches!(name.kind, EntityType::Org | EntityType::Misc);
    let bare = || first.strip_prefix("ال").filter(|_| is_called).and_then(|bare| read("", bare));
    read("", first).or_else(bare)
}

/// Whether the article ال of a name is written into the لل before it.
pub(super) fn has_hidden_article(doc: &Doc, name: &Name) -> bool {
    let token = doc.tokens.get(name.tokens.start);
    let before = token.and_then(|t| doc.text.folded().get(t.start as usize..name.range.start as usize));
    before.is_some_and(|before| before.ends_with("لل"))
}

impl Named {
    fn new(docs: &[Doc], name: Name) -> Self {
        let mut named = Self { name, words: String::new(), quoted: None };
        let Some(doc) = docs.get(named.name.doc) else { return named };
        let (name, out) = (&named.name, &mut named.words);
        let folded = doc.text.folded();
        let tokens = doc.tokens.get(name.tokens.clone()).unwrap_or_default();
        out.reserve((name.range.len()) + 4);
        if has_hidden_article(doc, name) {
            out.push_str("ال");
        }
        let mut closed = false;
        for (i, t) in tokens.iter().enumerate() {
            if t.kind == TokenKind::Punct {
                match (doc.normalised_token(t), named.quoted) {
                    ("\"" | "«" | "“" | "„", None) if i > 0 => named.quoted = Some(out.len()),
                    ("\"" | "»" | "”", Some(_)) => closed = true,
                    _ => {}
                }
                continue;
            }
            if closed {
                named.quoted = None;
            }
            let start = if i == 0 { name.range.start } else { t.start };
            // عبد الله is عبدالله
            if i > 0 && !(out.is_empty() || out == "عبد" || out.ends_with(" عبد")) {
                out.push(' ');
            }
            let word = as_key(folded.get(start as usize..t.end as usize).unwrap_or_default(), t.kind);
            out.push_str(if name.kind == EntityType::Per { nominative(word) } else { word });
        }
        named
    }
}

/// A folded word as names are joined by it: a Russian one without its case.
fn as_key(word: &str, kind: TokenKind) -> &str {
    if kind == TokenKind::Cyrillic { russian::stem(word) } else { word }
}

/// أبو, which has cases.
fn nominative(word: &str) -> &str {
    if matches!(word, "ابا" | "ابي") { "ابو" } else { word }
}
