//! From names in the text to entities: everything named in an article, once each.

use std::ops::Range;

use crate::doc::Doc;
use crate::enriched::{Entity, EntityType, Field, FoundBy, Mention, Place};
use crate::kb::Kb;

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
        let _ = docs;
        Vec::new()
    }
}

/// Finds everything that `docs` (title first, then body; either may be absent) name. `language` is the
/// ISO 639-1 code of the article's language; it chooses between readings and forms of names only.
pub fn find(kb: &Kb, docs: &[Doc], language: &str) -> Found {
    let _ = (kb, docs, language);
    Found::default()
}
