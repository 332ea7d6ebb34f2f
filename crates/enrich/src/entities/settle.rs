//! Which of the names found stand: context for weak ones, overlaps, nesting.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::doc::Doc;
use crate::enriched::{EntityType, FoundBy};
use crate::gazetteer::{Hit, Seen};
use crate::kb::word::Class;
use crate::kb::{Kb, Node};
use crate::patterns::Guess;

/// A name in the text that stands.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// Index of the field.
    pub doc: usize,
    /// Tokens it covers, the first perhaps in part.
    pub tokens: Range<usize>,
    /// Bytes it covers.
    pub range: Range<u32>,
    /// Its type.
    pub kind: EntityType,
    /// Where the knowledge base has it.
    pub node: Option<Node>,
    /// What found it.
    pub found_by: FoundBy,
    /// Per cent.
    pub confidence: u8,
}

/// Entities that some name in the article stands for without help.
pub(super) fn strong_entities(kb: &Kb, hits: &[Vec<Hit>]) -> FxHashSet<u32> {
    hits.iter()
        .flatten()
        .filter_map(|hit| kb.readings(hit.node).next())
        .filter(|reading| !reading.weak)
        .map(|reading| reading.entity)
        .collect()
}

/// The hits without those that need context and have none.
pub(super) fn with_context(
    kb: &Kb,
    doc: &Doc,
    seen: &[Seen],
    hits: &[Hit],
    strong: &FxHashSet<u32>,
) -> Vec<Hit> {
    let stands = |hit: &&Hit| {
        let Some(first) = kb.readings(hit.node).next() else { return false };
        let strong_reading = kb.readings(hit.node).any(|r| !r.weak);
        strong_reading
            || strong.contains(&first.entity)
            || kb.entity(first.entity).is_some_and(|e| cued(seen, doc, hit, e.kind()))
    };
    hits.iter().filter(stands).cloned().collect()
}

/// Whether the word before says what kind of name follows.
fn cued(seen: &[Seen], doc: &Doc, hit: &Hit, kind: EntityType) -> bool {
    let Some(before) = hit.tokens.start.checked_sub(1).and_then(|i| seen.get(i)) else { return false };
    let _ = doc;
    let joined = seen.get(hit.tokens.start).is_some_and(|s| s.joined);
    joined
        && match kind {
            EntityType::Loc => before.classes.is(Class::PlaceCue),
            EntityType::Org => before.classes.any(Class::ClubCue, Class::OrgHead),
            EntityType::Per => {
                before.classes.any(Class::Title, Class::Speaker) || before.classes.is(Class::Nation)
            }
            _ => false,
        }
}

/// The names of one field, in order of start, longest first; nested ones are kept, crossing ones are not.
pub(super) fn names(kb: &Kb, doc: &Doc, n: usize, hits: &[Hit], guesses: Vec<Guess>) -> Vec<Name> {
    let mut names: Vec<Name> = hits.iter().map(|hit| known(kb, n, hit)).collect();
    names.extend(guesses.into_iter().map(|g| Name {
        doc: n,
        tokens: g.tokens,
        range: g.range,
        kind: g.kind,
        node: None,
        found_by: FoundBy::Pattern,
        confidence: g.confidence,
    }));
    // Of equal stretches the knowledge base's comes first.
    names.sort_by_key(|m| (m.range.start, std::cmp::Reverse(m.range.end), m.node.is_none()));
    let mut kept: Vec<Name> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for name in names {
        while open.last().is_some_and(|o| kept.get(*o).is_some_and(|k| k.range.end <= name.range.start)) {
            open.pop();
        }
        let Some(outer) = open.last().and_then(|o| kept.get(*o)) else {
            open.push(kept.len());
            kept.push(name);
            continue;
        };
        let inside = name.range.end <= outer.range.end;
        let same = name.range == outer.range || (name.node.is_some() && same_entity(kb, &name, outer));
        // Inside a person's name nothing is named; a guess inside a name is not worth its risk.
        let worth = name.node.is_some() && outer.kind != EntityType::Per;
        if inside && !same && worth {
            open.push(kept.len());
            kept.push(name);
        } else if !inside && name.range.len() > outer.range.len() && open.len() == 1 {
            // They cross: the longer stands.
            open.pop();
            if let Some(at) =
                kept.iter().rposition(|k| k.range.start <= name.range.start && k.range.end > name.range.start)
            {
                kept.truncate(at);
            }
            open.push(kept.len());
            kept.push(name);
        }
    }
    let _ = doc;
    kept
}

fn same_entity(kb: &Kb, a: &Name, b: &Name) -> bool {
    let first = |m: &Name| m.node.and_then(|n| kb.readings(n).next()).map(|r| r.entity);
    first(a).is_some() && first(a) == first(b)
}

fn known(kb: &Kb, n: usize, hit: &Hit) -> Name {
    let mut readings = kb.readings(hit.node);
    let (first, second) = (readings.next(), readings.next());
    let kind = first.and_then(|r| kb.entity(r.entity)).map_or(EntityType::Misc, |e| e.kind());
    let confidence = match (first, second) {
        (Some(r), None) if !r.weak => 95,
        (Some(r), Some(_)) if !r.weak => 85,
        _ => 75,
    };
    Name {
        doc: n,
        tokens: hit.tokens.clone(),
        range: hit.range.clone(),
        kind,
        node: Some(hit.node),
        found_by: FoundBy::Kb,
        confidence,
    }
}
