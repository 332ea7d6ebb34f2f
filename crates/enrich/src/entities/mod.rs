//! From names in the text to entities: everything named in an article, once each.
//!
//! The steps: names of the knowledge base and names by pattern ([`crate::gazetteer`],
//! [`crate::patterns`]); overlaps settled, nested names kept ([`settle`]); forms of one entity
//! joined ([`join`]); short forms of what was named in full found again; the record's shapes
//! ([`describe`]).
//!
//! For layers that look for people: a mention is a person when its `kind` is [`EntityType::Per`];
//! its `range` is in bytes of the normalised text of its `field`, clitics left out;
//! [`Found::id`] of its `entity` is the id that the record uses.

mod again;
mod begin;
mod conjoined;
mod describe;
mod heads;
mod homographs;
mod join;
mod kind_noun;
mod kinds;
mod marks;
mod namesakes;
mod nationality;
mod nominative;
mod none;
pub(crate) mod settle;
#[cfg(test)]
mod tests;
mod weigh;

use std::ops::Range;

use crate::doc::Doc;
use crate::enriched::{Entity, EntityType, Field, FoundBy, Mention, Place};
use crate::gazetteer::Seen;
use crate::kb::Kb;
use crate::tagger::{Evidence, Taggers};
use crate::{gazetteer, patterns};

/// What an article names. `mentions` is in the order of the record (title first, then start, then
/// longest first), so an index into it is an index into the record's `mentions`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Entities in order of first mention: `entities[i].id == format!("e{}", i + 1)`.
    pub entities: Vec<Entity>,
    /// Mentions, with positions that other layers can compute with.
    pub mentions: Vec<FoundMention>,
    /// Coordinates of the entities that have one.
    pub places: Vec<Place>,
    /// The tokens of each document as the knowledge base sees them.
    pub(crate) seen: Vec<Vec<Seen>>,
}

/// One mention, in byte offsets of the normalised text of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundMention {
    /// Title or body.
    pub field: Field,
    /// Where the name is, clitics left out.
    pub range: Range<u32>,
    /// Where its first token starts: before `range.start` by the proclitics.
    pub token_start: u32,
    /// Index into [`Found::entities`].
    pub entity: u32,
    /// Its type; people are [`EntityType::Per`].
    pub kind: EntityType,
    /// Index of the enclosing mention.
    pub nested_in: Option<u32>,
    /// What found it.
    pub found_by: FoundBy,
    /// Confidence in per cent, 0 to 100.
    pub confidence: u8,
}

impl Found {
    /// Mentions that lie inside `range` of `field`, in order: `(index into mentions, mention)`.
    pub fn mentions_in(
        &self,
        field: Field,
        range: Range<u32>,
    ) -> impl DoubleEndedIterator<Item = (u32, &FoundMention)> {
        let from = self.mentions.partition_point(|m| (m.field, m.range.start) < (field, range.start));
        let to = self.mentions.partition_point(|m| (m.field, m.range.start) < (field, range.end)).max(from);
        self.mentions[from..to]
            .iter()
            .enumerate()
            .filter(move |(_, m)| m.range.end <= range.end)
            .map(move |(i, m)| ((from + i) as u32, m))
    }

    /// The id in the record of the entity at `index`.
    pub fn id(&self, index: u32) -> Option<&str> {
        self.entities.get(index as usize).map(|e| e.id.as_str())
    }

    /// The mentions as the record shows them.
    pub fn to_mentions(&self, docs: &[Doc]) -> Vec<Mention> {
        self.mentions
            .iter()
            .filter_map(|m| {
                let doc = docs.iter().find(|d| d.field == m.field)?;
                Some(describe::mention(self, doc, m))
            })
            .collect()
    }
}

/// Finds everything that `docs` (title first, then body; either may be absent) name. `language` is the
/// ISO 639-1 code of the article's language; it chooses the names that entities are shown by. Without a tagger,
/// names by pattern stand for those that nobody has listed.
pub fn find(kb: &Kb, taggers: &Taggers, docs: &[Doc], language: &str) -> Found {
    let (seen, clues) = clues(kb, docs);
    let mut tagged = taggers.find(docs, &seen, &clues).map(Vec::into_iter);
    let begins = begin::Begins::new(kb, docs, &seen);
    let mut names = Vec::new();
    for (n, ((doc, seen), clues)) in docs.iter().zip(&seen).zip(clues).enumerate() {
        let mut tagged = tagged.as_mut().map(|each| each.next().unwrap_or_default());
        if let Some(tagged) = &mut tagged {
            tagged.retain(|t| t.probability >= taggers.least());
        }
        names.extend(settle::names(doc, weigh::weigh(kb, &begins, n, doc, seen, clues, tagged)));
    }
    let names = if tagged.is_some() { again::find(kb, docs, &seen, names) } else { names };
    let joined = join::join(kb, docs, &seen, names);
    Found { seen, ..describe::describe(kb, docs, joined, language) }
}

/// What the knowledge base and the patterns say of one field.
pub(crate) struct Clues {
    /// Names of the knowledge base that stand.
    pub known: Vec<settle::Known>,
    /// Single words that are no names where they stand, whatever else says so.
    pub words: Vec<Range<u32>>,
    /// Names by pattern.
    pub guesses: Vec<patterns::Guess>,
    /// The same for the tagger, with the names that do not stand.
    pub evidence: Evidence,
}

/// The tokens of each document as the knowledge base sees them, and what it and the patterns say.
pub(crate) fn clues(kb: &Kb, docs: &[Doc]) -> (Vec<Vec<Seen>>, Vec<Clues>) {
    let (mut seen, mut hits) = (Vec::new(), Vec::new());
    for doc in docs {
        let (tokens, behind) = gazetteer::see(kb, doc);
        hits.push(gazetteer::find(kb, doc, &tokens, &behind));
        seen.push(tokens);
    }
    let strong = settle::strong_entities(kb, &hits);
    let countries = namesakes::Countries::new(kb, docs, &seen, &hits);
    let homographs = homographs::Homographs::new(kb, docs, &seen, &hits);
    let context = settle::Context {
        strong: &strong,
        sport: settle::about_sport(&seen),
        countries: &countries,
        homographs: &homographs,
    };
    let each = docs.iter().zip(&seen).zip(&hits).map(|((doc, seen), hits)| {
        let mut evidence = Evidence::new(doc.tokens.len());
        for hit in hits {
            let kind = kb.readings(hit.node).next().and_then(|r| kb.entity(r.entity)).map(|e| e.kind());
            evidence.known(hit.tokens.clone(), kind.unwrap_or(EntityType::Misc), 0);
        }
        let mut words = Vec::new();
        let known = settle::choose(kb, doc, seen, hits, &context, &mut words);
        for name in &known {
            let sure = match name.confidence {
                ..80 => 1,
                80..90 => 2,
                _ => 3,
            };
            evidence.known(name.hit.tokens.clone(), name.kind, sure);
        }
        let guesses = patterns::find(doc, seen, &known);
        for guess in &guesses {
            evidence.guessed(guess.tokens.clone(), guess.kind);
        }
        Clues { known, words, guesses, evidence }
    });
    let clues = each.collect();
    (seen, clues)
}
