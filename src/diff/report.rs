//! The result of a comparison: what `--json` prints.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::Field;
use super::changes::Changes;
use super::counts::{Pairs, Side};
use super::names::Names;

/// Most names of each kind of change and type of entity.
const NAMES: usize = 50;

/// What is different between two sets of records.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Whether anything is.
    pub different: bool,
    /// The first side.
    pub a: SideReport,
    /// The second side.
    pub b: SideReport,
    /// What told which records belong together: `source` or `id`.
    pub by: &'static str,
    /// The part of all records that was compared.
    pub sample: f64,
    /// Records that both sides have.
    pub both: u64,
    /// Records that only the first side has.
    pub only_a: u64,
    /// Records that only the second side has.
    pub only_b: u64,
    /// Of `both`, those with the same bytes.
    pub identical: u64,
    /// Of `both`, those with other bytes that say the same.
    pub same: u64,
    /// Of `both`, those that say something else in a field that counts.
    pub changed: u64,
    /// Of `both`, those under another Kafka key.
    pub keys_differ: u64,
    /// Changed records by field, all that count.
    pub fields: Vec<FieldReport>,
    /// Pairs by language: of the second side, else of the first.
    pub languages: Vec<LanguageReport>,
    /// Entities of the pairs by type.
    pub entities: Vec<EntityReport>,
    /// Mentions that only the second side has.
    pub mentions_gained: u64,
    /// Mentions that only the first side has.
    pub mentions_lost: u64,
    /// Changed records, an even choice.
    pub examples: Vec<Example>,
    /// Records of the first side alone: where they are.
    pub only_a_examples: Vec<String>,
    /// Records of the second side alone: what they are and where.
    pub only_b_examples: Vec<String>,
    /// Records under another key.
    pub key_examples: Vec<KeyExample>,
}

/// One side.
#[derive(Debug, Default, Serialize)]
pub struct SideReport {
    /// Its name: a topic or a file.
    pub name: String,
    /// Records read. The sum of the next five.
    pub read: u64,
    /// Records that count: one a source.
    pub compared: u64,
    /// Records of a source that came before.
    pub repeats: u64,
    /// Records without a value.
    pub tombstones: u64,
    /// Records that are none of ours.
    pub unreadable: u64,
    /// Records left out by `--sample`.
    pub outside_sample: u64,
    /// Of `repeats`, those that hold something else than the first.
    pub repeats_that_differ: u64,
    /// What made the records that count.
    pub pipelines: Vec<Pipeline>,
    /// Some that could not be read.
    pub unreadable_examples: Vec<Unreadable>,
}

/// What made records.
#[derive(Debug, Serialize)]
pub struct Pipeline {
    /// `pipeline` as the records have it; `null` stands for all that are too many to tell apart.
    pub pipeline: Value,
    /// How many.
    pub records: u64,
}

/// A record that could not be read.
#[derive(Debug, Serialize)]
pub struct Unreadable {
    /// Where it is.
    pub place: String,
    /// Why.
    pub why: String,
}

/// Changes of one field.
#[derive(Debug, Serialize)]
pub struct FieldReport {
    /// Its name.
    pub field: &'static str,
    /// Records in which it changed.
    pub changed: u64,
}

/// Pairs of one language.
#[derive(Debug, Serialize)]
pub struct LanguageReport {
    /// Its code, or `unknown`.
    pub language: String,
    /// Records that both sides have.
    pub both: u64,
    /// Of these, the changed ones.
    pub changed: u64,
    /// Entities gained in them.
    pub entities_gained: u64,
    /// Entities lost in them.
    pub entities_lost: u64,
}

/// Entities of one type, counted once a record.
#[derive(Debug, Default, Serialize)]
pub struct EntityReport {
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Only the second side has them.
    pub gained: u64,
    /// Only the first side has them.
    pub lost: u64,
    /// Both sides have the name, with different links.
    pub relinked: u64,
    /// The most frequent of each.
    pub gained_names: Vec<Named>,
    /// The most frequent ones lost.
    pub lost_names: Vec<Named>,
    /// The most frequent ones linked otherwise.
    pub relinked_names: Vec<Named>,
}

/// A name and in how many records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Records.
    pub records: u64,
}

/// A record under two keys.
#[derive(Debug, Serialize)]
pub struct KeyExample {
    /// The raw record, or the id.
    pub source: String,
    /// Where the first side has it.
    pub a: String,
    /// Where the second side has it.
    pub b: String,
}

/// A changed record.
#[derive(Debug, Serialize)]
pub struct Example {
    /// The raw record, or the id.
    pub source: String,
    /// Where the first side has it.
    pub a: String,
    /// Where the second side has it.
    pub b: String,
    /// What changed; `null` where the first side's record is gone by now.
    pub changes: Option<Changes>,
}

impl SideReport {
    pub(super) fn new(name: &str, side: Side) -> Self {
        let mut pipelines: Vec<_> = side.pipelines.into_iter().collect();
        pipelines.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let pipeline = |(json, records): (String, u64)| Pipeline {
            pipeline: serde_json::from_str(&json).unwrap_or(Value::Null),
            records,
        };
        Self {
            name: name.to_owned(),
            read: side.read,
            compared: side.compared,
            repeats: side.repeats,
            tombstones: side.tombstones,
            unreadable: side.unreadable,
            outside_sample: side.outside_sample,
            repeats_that_differ: side.repeats_that_differ,
            pipelines: pipelines.into_iter().map(pipeline).collect(),
            unreadable_examples: side.unreadable_examples,
        }
    }
}

impl Report {
    /// Takes over what was counted over pairs.
    pub(super) fn pairs(&mut self, pairs: &Pairs, names: &Names, fields: &[Field]) {
        self.both = pairs.both;
        self.identical = pairs.identical;
        self.same = pairs.same;
        self.changed = pairs.changed;
        self.keys_differ = pairs.keys_differ;
        self.mentions_gained = pairs.mentions_gained;
        self.mentions_lost = pairs.mentions_lost;
        let changed = |field: &Field| pairs.fields.get(*field as usize).copied().unwrap_or(0);
        self.fields = fields.iter().map(|f| FieldReport { field: f.as_str(), changed: changed(f) }).collect();
        let mut languages: Vec<_> = pairs.languages.iter().collect();
        languages.sort_by(|a, b| b.1.both.cmp(&a.1.both).then_with(|| a.0.cmp(b.0)));
        self.languages = languages
            .into_iter()
            .map(|(code, of)| LanguageReport {
                language: code.clone(),
                both: of.both,
                changed: of.changed,
                entities_gained: of.gained,
                entities_lost: of.lost,
            })
            .collect();
        self.entities = entities(pairs, names);
        self.different = self.only_a + self.only_b + self.changed + self.keys_differ > 0
            || self.a.unreadable + self.b.unreadable > 0
            || self.a.tombstones != self.b.tombstones;
    }
}

fn entities(pairs: &Pairs, names: &Names) -> Vec<EntityReport> {
    // Entities of one name that differ in their links alone are one line.
    let mut by_type: BTreeMap<&str, BTreeMap<&str, [u64; 3]>> = BTreeMap::new();
    for (number, counts) in &pairs.entities {
        let (kind, name) = names.get(*number);
        let sum = by_type.entry(kind).or_default().entry(name).or_default();
        sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    let report = |(kind, names): (&str, BTreeMap<&str, [u64; 3]>)| {
        let total = |what: usize| names.values().filter_map(|counts| counts.get(what)).sum();
        let most = |what: usize| {
            let count = |counts: &[u64; 3]| counts.get(what).copied().unwrap_or(0);
            let mut found: Vec<_> = names
                .iter()
                .filter(|(_, counts)| count(counts) > 0)
                .map(|(name, counts)| Named { name: (*name).to_owned(), records: count(counts) })
                .collect();
            found.sort_by(|a, b| b.records.cmp(&a.records).then_with(|| a.name.cmp(&b.name)));
            found.truncate(NAMES);
            found
        };
        EntityReport {
            kind: kind.to_owned(),
            gained: total(0),
            lost: total(1),
            relinked: total(2),
            gained_names: most(0),
            lost_names: most(1),
            relinked_names: most(2),
        }
    };
    by_type.into_iter().map(report).collect()
}
