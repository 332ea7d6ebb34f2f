//! Trained taggers: names that nobody has listed, from the words themselves and those around them.
//!
//! Two tiers score labels. The accurate one is a transformer ([`crate::encoder`]). The fast one is a linear-chain
//! conditional random field over hashed features of tokens behind their proclitics, with what the knowledge base and the
//! patterns say among them ([`features`]), and the clusters that words belong to ([`clusters`]). Weights are small integers in one table with a
//! cache line for every look-up ([`model`]), those of frequent words summed beforehand ([`frequent`]), so that scores are sums of integers, the same on any machine; the best
//! sequence and the probability of each name in it come from the chain ([`chain`]).
//!
//! Nothing is trained here: `khabar-lab train` does, with the same features.

pub mod chain;
pub mod clusters;
pub mod features;
pub mod frequent;
mod item;
pub mod model;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use chain::{Scores, Transitions, WIDTH};

use crate::doc::Doc;
use crate::encoder::{Encoder, Logits};
use crate::enriched::EntityType;
use crate::entities::{self, Clues};
use crate::gazetteer::Seen;
use crate::kb::Kb;
pub use clusters::Clusters;
pub use features::{Evidence, Features};
pub use item::Keys;
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

/// What tags.
#[derive(Debug, Default)]
pub struct Taggers {
    /// Features of words, the knowledge base's names among them.
    pub fast: Option<Model>,
    /// A transformer. Where it is there the fast one is not asked: on outlets that neither was trained on, both
    /// together are no better (0.907 and 0.906).
    pub accurate: Option<Arc<Encoder>>,
}

impl Taggers {
    /// The name of the model that is asked.
    pub fn name(&self) -> Option<&str> {
        let accurate = self.accurate.as_deref().map(Encoder::name);
        accurate.or(self.fast.as_ref().map(Model::name))
    }

    /// Names less probable than this are none: chosen on outlets that the models were not trained on.
    pub(crate) fn least(&self) -> f32 {
        if self.accurate.is_some() { 0.5 } else { 0.3 }
    }

    /// Tags each of `docs`; `None` where nothing tags.
    pub(crate) fn find(&self, docs: &[Doc], seen: &[Vec<Seen>], clues: &[Clues]) -> Option<Vec<Vec<Tagged>>> {
        if let Some(encoder) = &self.accurate {
            let each = docs.iter().zip(encoder.score(docs));
            return Some(each.map(|(doc, logits)| by_encoder(doc, &logits)).collect());
        }
        let model = self.fast.as_ref()?;
        let each = docs.iter().zip(seen).zip(clues);
        Some(each.map(|((doc, seen), clues)| by_model(model, doc, seen, &clues.evidence)).collect())
    }
}

/// Steps of 1 in scores of the encoder.
const STEPS: f32 = 256.0;

fn by_encoder(doc: &Doc, logits: &[Logits]) -> Vec<Tagged> {
    // It learnt no transitions: only those that cannot be are ruled out.
    let transitions = Transitions::new(STEPS, &[[0; LABELS]; LABELS]);
    decode(doc, &transitions, |i| {
        let mut scores = [0; WIDTH];
        for (score, logit) in scores.iter_mut().zip(logits.get(i).unwrap_or(&[0.0; LABELS])) {
            *score = (logit.clamp(-1e4, 1e4) * STEPS).round_ties_even() as i32;
        }
        scores
    })
}

fn by_model(model: &Model, doc: &Doc, seen: &[Seen], evidence: &Evidence) -> Vec<Tagged> {
    let mut features = Features::new(doc, seen, evidence);
    model.look_up(&mut features);
    decode(doc, model.transitions(), |i| model.scores(&features, i))
}

/// The names of each sentence by the scores of its tokens.
fn decode(doc: &Doc, transitions: &Transitions, scores: impl Fn(usize) -> Scores) -> Vec<Tagged> {
    let mut tagged = Vec::new();
    let mut chain = chain::Chain::default();
    for sentence in sentences(doc) {
        chain.clear();
        for i in sentence.clone() {
            chain.push(scores(i));
        }
        for span in chain.decode(transitions) {
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
pub fn tag(kb: &Kb, taggers: &Taggers, doc: &Doc) -> Vec<Tagged> {
    let docs = std::slice::from_ref(doc);
    let (seen, clues) = entities::clues(kb, docs);
    let each = taggers.find(docs, &seen, &clues);
    each.and_then(|each| each.into_iter().next()).unwrap_or_default()
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
