//! A few examples that are the same whatever the order in which records are read: those with the lowest
//! hashes.

use std::collections::BTreeMap;

/// The items with the lowest hashes.
#[derive(Debug)]
pub struct Lowest<T> {
    most: usize,
    items: BTreeMap<u64, T>,
}

impl<T> Lowest<T> {
    /// At most so many.
    pub fn new(most: usize) -> Self {
        Self { most, items: BTreeMap::new() }
    }

    /// Adds what `item` makes, if its hash is among the lowest.
    pub fn add(&mut self, hash: u64, item: impl FnOnce() -> T) {
        let is_low = self.items.len() < self.most
            || self.items.last_key_value().is_some_and(|(highest, _)| hash < *highest);
        if self.most == 0 || !is_low {
            return;
        }
        self.items.insert(hash, item());
        if self.items.len() > self.most {
            self.items.pop_last();
        }
    }

    /// All of them, lowest first.
    pub fn into_items(self) -> impl Iterator<Item = T> {
        self.items.into_values()
    }

    /// All of them, lowest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.values()
    }
}
