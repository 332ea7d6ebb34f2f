//! From the tables under `data/` to the compiled knowledge base.
//!
//! The same tables give the same bytes: everything is read and kept in a fixed order, and nothing
//! comes from the network or the clock.

mod lexicon;
mod tables;
#[cfg(test)]
mod tests;

use std::path::Path;

use khabar_enrich::enriched::EntityType;
use khabar_enrich::kb::compile::{Record, compile};

/// A compiled knowledge base.
pub struct Built {
    /// The file.
    pub bytes: Vec<u8>,
    /// What went into it, for people.
    pub summary: String,
}

/// Compiles the tables in `data`.
pub fn build(data: &Path) -> anyhow::Result<Built> {
    let lexicon = lexicon::read(&data.join("words"))?;
    let records = tables::read(data, &lexicon)?;
    let bytes = compile(&records, &lexicon);
    let summary = summary(&records, lexicon.len(), bytes.len());
    Ok(Built { bytes, summary })
}

fn summary(records: &[Record], words: usize, bytes: usize) -> String {
    let count = |kind: EntityType| records.iter().filter(|r| r.kind == kind).count();
    let named = |i: usize| records.iter().filter(|r| !r.names[i].is_empty()).count();
    format!(
        "{} entities (PER {}, ORG {}, LOC {}, EVENT {}, MISC {}); named in ar {}, en {}, fr {}, ru {}; {} names; {} words with classes; {} KB",
        records.len(),
        count(EntityType::Per),
        count(EntityType::Org),
        count(EntityType::Loc),
        count(EntityType::Event),
        count(EntityType::Misc),
        named(0),
        named(1),
        named(2),
        named(3),
        records.iter().map(|r| r.forms.len()).sum::<usize>(),
        words,
        bytes / 1024,
    )
}
