//! Two sets of enriched records over the same sources: what is different. Pure: no Kafka, no files.
//!
//! The first set becomes an [`index`] of digests, the second is held against it record by record
//! ([`Comparison`]), and a [`Report`] comes out. No value is kept but those of a few examples, whose first
//! half is fetched again by whoever reads the records.
//!
//! - `digest`: one record as hashes, with everything that only numbers things taken out of them
//! - `names`: entities as numbers; `index`: what is kept of the first set; `lowest`: fair examples
//! - `compare`, `counts`: what is counted; `changes`: what changed in one record, for a person
//! - `report`: the result, as JSON has it; `table`: as a person reads it

mod changes;
mod compare;
mod counts;
mod digest;
mod index;
mod lowest;
mod names;
mod report;
mod table;
#[cfg(test)]
mod tests;

pub use compare::{Comparison, Settings, Wanted};
pub use report::Report;
pub use table::table;

use std::fmt;

/// A part of a record that is compared: a member of its JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// `id`
    Id,
    /// `content_hash`
    ContentHash,
    /// `article`
    Article,
    /// `language`
    Language,
    /// `text`
    Text,
    /// `sentences`
    Sentences,
    /// `entities`
    Entities,
    /// `mentions`
    Mentions,
    /// `roles`
    Roles,
    /// `quotes`
    Quotes,
    /// `quoted`
    Quoted,
    /// `times`
    Times,
    /// `quantities`
    Quantities,
    /// `places`
    Places,
    /// `fingerprint`
    Fingerprint,
    /// `diagnostics`
    Diagnostics,
    /// Members that this build does not know.
    Other,
}

impl Field {
    /// All of them, in the order of a record.
    pub const ALL: [Field; 17] = [
        Field::Id,
        Field::ContentHash,
        Field::Article,
        Field::Language,
        Field::Text,
        Field::Sentences,
        Field::Entities,
        Field::Mentions,
        Field::Roles,
        Field::Quotes,
        Field::Quoted,
        Field::Times,
        Field::Quantities,
        Field::Places,
        Field::Fingerprint,
        Field::Diagnostics,
        Field::Other,
    ];

    /// Its name in a record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Field::Id => "id",
            Field::ContentHash => "content_hash",
            Field::Article => "article",
            Field::Language => "language",
            Field::Text => "text",
            Field::Sentences => "sentences",
            Field::Entities => "entities",
            Field::Mentions => "mentions",
            Field::Roles => "roles",
            Field::Quotes => "quotes",
            Field::Quoted => "quoted",
            Field::Times => "times",
            Field::Quantities => "quantities",
            Field::Places => "places",
            Field::Fingerprint => "fingerprint",
            Field::Diagnostics => "diagnostics",
            Field::Other => "other",
        }
    }

    /// The field of that name.
    pub fn named(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// Which of its items' members name an entity by its number in the record.
    const fn references(self) -> &'static [&'static str] {
        match self {
            Field::Mentions | Field::Places => &["entity"],
            Field::Roles => &["person", "organisation"],
            Field::Quotes => &["speaker", "read_by"],
            _ => &[],
        }
    }
}

/// Where a record was read, within its side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a topic.
    At {
        /// Partition.
        partition: i32,
        /// Offset.
        offset: i64,
    },
    /// A line of a file, from 1.
    Line(u64),
}

impl Place {
    /// For people: `news.enriched/3@42`, `old.jsonl:17`.
    pub fn of(self, side: &str) -> String {
        match self {
            Place::At { partition, offset } => format!("{side}/{partition}@{offset}"),
            Place::Line(line) => format!("{side}:{line}"),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
