//! Entities as numbers: a name is kept once, however many records have it.

use rustc_hash::FxHashMap;

use super::digest::{Entity, hash, mix};

/// All entities seen, numbered from 0.
#[derive(Debug, Default)]
pub struct Names {
    /// All names, one behind the other.
    text: String,
    entries: Vec<Entry>,
    numbers: FxHashMap<u64, u32>,
    kinds: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    start: usize,
    length: u32,
    kind: u8,
}

impl Names {
    /// The number of an entity. Entities are told apart by 64 bits of hash.
    pub fn number(&mut self, entity: &Entity) -> u32 {
        let id = hash(entity.name.as_bytes()) ^ mix(hash(entity.kind.as_bytes()) ^ mix(entity.link));
        if let Some(number) = self.numbers.get(&id) {
            return *number;
        }
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let kind = self.kinds.iter().position(|kind| *kind == entity.kind).unwrap_or_else(|| {
            self.kinds.push(entity.kind.clone());
            self.kinds.len() - 1
        });
        self.entries.push(Entry {
            start: self.text.len(),
            length: u32::try_from(entity.name.len()).unwrap_or(u32::MAX),
            kind: u8::try_from(kind).unwrap_or(u8::MAX),
        });
        self.text.push_str(&entity.name);
        self.numbers.insert(id, number);
        number
    }

    /// Type and name.
    pub fn get(&self, number: u32) -> (&str, &str) {
        let Some(entry) = self.entries.get(number as usize) else { return ("", "") };
        let name = self.text.get(entry.start..entry.start + entry.length as usize).unwrap_or_default();
        (self.kinds.get(usize::from(entry.kind)).map_or("", String::as_str), name)
    }
}
