//! What is kept of every record of the first set: hashes, and numbers of entities.

use rustc_hash::FxHashMap;

use super::digest::{Digest, hash, mix};
use super::names::Names;
use super::{Field, Place};

/// What tells which records belong together: a source position, or a hash of 127 bits of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(u64, u64);

impl Key {
    /// A number that depends on the key alone, spread over all bits.
    pub fn spread(self) -> u64 {
        mix(mix(self.0) ^ self.1)
    }
}

/// Topics of sources, as numbers; the same key on both sides.
#[derive(Debug, Default)]
pub struct Keys {
    topics: Vec<String>,
    by_id: bool,
}

impl Keys {
    /// Keys by id alone, or by source where there is one.
    pub fn new(by_id: bool) -> Self {
        Self { topics: Vec::new(), by_id }
    }

    /// The key of a record.
    pub fn of(&mut self, digest: &Digest) -> Key {
        let Some((topic, partition, offset)) = digest.source.as_ref().filter(|_| !self.by_id) else {
            let id = digest.id.as_bytes();
            return Key(hash(id) | 1 << 63, mix(hash(&[id, b"2"].concat())));
        };
        let topic = self.topics.iter().position(|known| known == topic).unwrap_or_else(|| {
            self.topics.push(topic.clone());
            self.topics.len() - 1
        });
        let high = (topic as u64 & 0x7fff_ffff) << 32 | u64::from(partition.cast_unsigned());
        Key(high, offset.cast_unsigned())
    }

    /// For people: where the raw record is, or the id.
    pub fn describe(&self, digest: &Digest) -> String {
        match &digest.source {
            Some((topic, partition, offset)) if !self.by_id => format!("{topic}/{partition}@{offset}"),
            _ => digest.id.clone(),
        }
    }
}

/// One record of the first set.
#[derive(Debug, Clone)]
pub struct Slot {
    /// Hash of its bytes.
    pub bytes: u64,
    /// Hash of its Kafka key.
    pub kafka_key: u64,
    /// Hash of each field.
    pub fields: [u64; Field::ALL.len()],
    /// Hash of what the other set's record holds, once it was seen.
    pub other: Option<u64>,
    /// Where it was read.
    pub place: Place,
    start: usize,
    entities: u32,
    mentions: u32,
    /// Number of its language.
    pub language: u8,
}

/// Every record of the first set.
#[derive(Debug, Default)]
pub struct Index {
    slots: Vec<Slot>,
    by_key: FxHashMap<Key, u32>,
    /// Entities and mentions of all records, one behind the other.
    lists: Vec<u32>,
}

impl Index {
    /// Adds a record, unless its key is there already: then the hashes of the first one's fields are returned.
    pub fn insert(
        &mut self,
        key: Key,
        slot: Slot,
        digest: &Digest,
        names: &mut Names,
    ) -> Option<[u64; Field::ALL.len()]> {
        let next = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        match self.by_key.entry(key) {
            std::collections::hash_map::Entry::Occupied(at) => {
                return self.slots.get(*at.get() as usize).map(|first| first.fields);
            }
            std::collections::hash_map::Entry::Vacant(free) => drop(free.insert(next)),
        }
        let start = self.lists.len();
        self.lists.extend(numbers(digest, names));
        let entities = u32::try_from(self.lists.len() - start).unwrap_or(u32::MAX);
        self.lists.extend(&digest.mentions);
        let mentions = u32::try_from(digest.mentions.len()).unwrap_or(u32::MAX);
        self.slots.push(Slot { start, entities, mentions, ..slot });
        None
    }

    /// The record of a key.
    pub fn get(&mut self, key: Key) -> Option<&mut Slot> {
        let at = self.by_key.get(&key)?;
        self.slots.get_mut(*at as usize)
    }

    /// Numbers of a record's entities, sorted, each once; and its mentions, sorted.
    pub fn lists(&self, slot: &Slot) -> (&[u32], &[u32]) {
        let all = self.lists.get(slot.start..).unwrap_or_default();
        let (entities, rest) = all.split_at(all.len().min(slot.entities as usize));
        (entities, rest.get(..slot.mentions as usize).unwrap_or_default())
    }

    /// All records with their keys.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &Slot)> {
        self.by_key.iter().filter_map(|(key, at)| Some((*key, self.slots.get(*at as usize)?)))
    }
}

impl Slot {
    /// A record whose lists are not stored yet.
    pub fn new(digest: &Digest, bytes: u64, kafka_key: u64, place: Place, language: u8) -> Self {
        Self {
            bytes,
            kafka_key,
            fields: digest.fields,
            other: None,
            place,
            start: 0,
            entities: 0,
            mentions: 0,
            language,
        }
    }
}

/// Numbers of a record's entities, sorted, each once.
pub fn numbers(digest: &Digest, names: &mut Names) -> Vec<u32> {
    let mut numbers: Vec<_> = digest.entities.iter().map(|entity| names.number(entity)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
