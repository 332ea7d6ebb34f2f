//! Frequent words, whose weights are summed before anything is read: what a word says of itself and of its neighbours
//! depends on nothing else, and half of all look-ups are of a few thousand words.

use super::chain::WIDTH;
use super::item::{Item, Keys, Part};

/// No frequent word.
pub const NONE: u16 = u16::MAX;

/// Most words of a list.
pub const MOST: usize = NONE as usize;

/// Sums of weights, by label; as wide as a row of the table.
pub type Sums = [i16; super::model::ROW];

/// Frequent words with their sums.
#[derive(Debug, Clone, Default)]
pub struct Frequent {
    records: Box<[Record]>,
    /// Numbers of records by hash, twice as many places as records at least; [`NONE`] where there is none.
    index: Box<[u16]>,
}

/// A word.
#[derive(Debug, Clone, Copy)]
struct Record {
    /// Hash of it.
    stem: u64,
    /// By [`Part`].
    sums: [Sums; Part::ALL.len()],
}

impl Frequent {
    /// The words of a list, by the weights of keys; of a word that comes twice, the first.
    pub fn new<'w>(words: impl Iterator<Item = &'w str>, weigh: impl Fn(&Keys) -> [i16; WIDTH]) -> Self {
        let mut records: Vec<Record> = Vec::new();
        for word in words.take(MOST) {
            let item = Item::of_word(word);
            let sums = Part::ALL.map(|part| {
                let sums = weigh(&item.part(part));
                std::array::from_fn(|label| sums.get(label).copied().unwrap_or_default())
            });
            records.push(Record { stem: item.stem, sums });
        }
        let places = (2 * records.len()).next_power_of_two();
        let mut frequent = Self { records: records.into(), index: vec![NONE; places].into() };
        for number in 0..frequent.records.len() {
            let stem = frequent.records[number].stem;
            if frequent.find(stem) == NONE
                && let Some(free) = frequent.places(stem).find(|place| frequent.index[*place] == NONE)
            {
                frequent.index[free] = number as u16;
            }
        }
        frequent
    }

    /// The number of a word by its hash.
    pub fn find(&self, stem: u64) -> u16 {
        for place in self.places(stem) {
            let number = self.index.get(place).copied().unwrap_or(NONE);
            if self.records.get(usize::from(number)).is_none_or(|record| record.stem == stem) {
                return number;
            }
        }
        NONE
    }

    /// The places where it may be, in order.
    fn places(&self, stem: u64) -> impl Iterator<Item = usize> + use<> {
        let last = self.index.len().wrapping_sub(1);
        (0..self.index.len()).map(move |by| ((stem >> 40) as usize).wrapping_add(by) & last)
    }

    /// Adds what a word says, by its number.
    #[inline]
    pub fn add(&self, number: u16, part: Part, sums: &mut [i16; WIDTH]) {
        let Some(record) = self.records.get(usize::from(number)) else { return };
        for (sum, weight) in sums.iter_mut().zip(&record.sums[part as usize]) {
            *sum = sum.wrapping_add(*weight);
        }
    }
}
