//! A trained tagger: names that nobody has listed, from the words themselves and those around them.
//!
//! A linear-chain conditional random field over hashed features of tokens behind their proclitics, with what the
//! knowledge base and the patterns say among them ([`features`]). Weights are small integers in one table with a
//! cache line for every look-up ([`model`]), so that scores are sums of integers, the same on any machine; the best
//! sequence and the probability of each name in it come from the chain ([`chain`]).
//!
//! Nothing is trained here: `khabar-lab train` does, with the same features.

pub mod chain;
pub mod features;
pub mod model;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::doc::Doc;
use crate::enriched::EntityType;
use crate::entities;
use crate::gazetteer::Seen;
use crate::kb::Kb;
pub use features::{Evidence, Features};
pub use model::{Model, ModelError};

/// Labels: outside, then begin and inside of each type.
pub const LABELS: usize = 11;
/// The label outside of names.
pub const OUTSIDE: usize = 0;
/// Types in the order of their labels.
pub const TYPES: [EntityType; 5] =
    [EntityType::Per, EntityType::Org, EntityType::Loc, EntityType::Event, EntityType::Misc];

/// The label of the first word (`begin`) or a later one of a name of `TYPES[kind]`.
pub const fn label(kind: usize, begin: bool) -> usize {
    1 + 2 * kind + !begin as usize
}

/// Whether `next` may follow `label`: a name goes on only in its own type.
pub const fn follows(label: usize, next: usize) -> bool {
    next == OUTSIDE || next % 2 == 1 || label == next || label + 1 == next
}

/// A name that the tagger found.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagged {
    /// Tokens it covers, the first behind its proclitics.
    pub tokens: Range<usize>,
    /// Its type.
    pub kind: EntityType,
    /// How probable it is, exactly so.
    pub probability: f32,
}

/// Tags one field.
pub(crate) fn find(model: &Model, doc: &Doc, seen: &[Seen], evidence: &Evidence) -> Vec<Tagged> {
    let features = Features::new(doc, seen, evidence);
    let mut tagged = Vec::new();
    let mut chain = chain::Chain::default();
    for sentence in sentences(doc) {
        chain.clear();
        for i in sentence.clone() {
            chain.push(model.scores(&features.of(i)));
        }
        for span in chain.decode(model) {
            let tokens = span.tokens.start + sentence.start..span.tokens.end + sentence.start;
            tagged.push(Tagged {
                tokens,
                kind: TYPES[span.kind % TYPES.len()],
                probability: span.probability,
            });
        }
    }
    tagged
}

/// Tags a text that is read by itself.
pub fn tag(kb: &Kb, model: &Model, doc: &Doc) -> Vec<Tagged> {
    let (seen, clues) = entities::clues(kb, std::slice::from_ref(doc));
    let both = seen.iter().zip(&clues).next();
    both.map(|(seen, clues)| find(model, doc, seen, &clues.evidence)).unwrap_or_default()
}

/// What the tagger sees of each token of a text that is read by itself: for training.
pub fn features(kb: &Kb, doc: &Doc) -> Features {
    let (seen, clues) = entities::clues(kb, std::slice::from_ref(doc));
    let nothing = Evidence::default();
    let evidence = clues.first().map_or(&nothing, |clues| &clues.evidence);
    Features::new(doc, seen.first().map(Vec::as_slice).unwrap_or_default(), evidence)
}

/// The tokens of each sentence.
pub fn sentences(doc: &Doc) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    doc.sentences.iter().map(move |sentence| {
        let to = doc.tokens.partition_point(|token| token.start < sentence.end).max(from);
        std::mem::replace(&mut from, to)..to
    })
}
