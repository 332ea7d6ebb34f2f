//! Word clusters: words that stand in the same company in raw news have the same number, so that what was learnt of one
//! is known of all, those that were never labelled among them.
//!
//! Each word has a fine cluster, each fine cluster a coarse one; they are part of the model's file. What clusters say depends
//! on nothing but one or two small numbers, so it is summed into dense tables when a model is loaded.

use super::chain::WIDTH;
use super::item::{Item, Keys, of_cluster, of_pair};
use super::model::{ModelError, Reader};

/// The fine cluster of a word that has none.
pub const UNKNOWN: u16 = 0;

/// Stands before the first and behind the last token.
pub const EDGE: u16 = u16::MAX;

/// Coarse clusters that are no clusters: of a word without one, and of the edge of the text.
const OTHERS: usize = 2;

/// Which token a fine cluster is of, as another sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Its own.
    Here,
    /// Of the token before it.
    Back,
    /// Of the token behind it.
    One,
}

impl Place {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Here, Self::Back, Self::One];
}

/// Which two neighbours a pair of coarse clusters is of, as one of them sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    /// Of the token before it and its own.
    Behind,
    /// Its own and that of the token behind it.
    Before,
}

impl Pair {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Behind, Self::Before];
}

/// The hash of a word as a list of words has it: folded, zeros for the digits of a number.
pub fn hash_of(word: &str) -> u64 {
    Item::of_word(word).stem
}

/// Words with their clusters.
#[derive(Debug, Clone, Default)]
pub struct Clusters {
    /// Coarse clusters of the fine ones, from 1 on; of number 0, which is none, 0.
    coarse: Box<[u8]>,
    /// How many coarse ones there are, those that are none among them.
    width: usize,
    /// Marks and fine clusters of words, by hash; twice as many places as words at least. Cluster 0: empty.
    index: Box<[(u32, u16)]>,
    /// Weights of fine clusters, by [`Place`], and of that of the edge, which is behind the last.
    fine: Box<[[Row; Place::ALL.len()]]>,
    /// Weights of pairs of coarse clusters, by [`Pair`].
    pairs: Box<[[Row; Pair::ALL.len()]]>,
}

/// Weights by label.
type Row = [i16; super::model::ROW];

impl Clusters {
    /// Without weights. `words` are hashes of words with fine clusters from 1 on, `coarse` the coarse cluster of each
    /// fine one, from 1 on; the first stands for fine cluster 1.
    ///
    /// # Errors
    /// When a cluster is out of range.
    pub fn new(words: &[(u64, u16)], coarse: &[u8]) -> Result<Self, ModelError> {
        let coarse: Box<[u8]> = [0].iter().chain(coarse).copied().collect();
        let in_range = |fine: u16| fine != UNKNOWN && usize::from(fine) < coarse.len();
        if coarse.len() >= usize::from(EDGE)
            || coarse[1..].contains(&0)
            || !words.iter().all(|w| in_range(w.1))
        {
            return Err(ModelError("clusters"));
        }
        let places = if words.is_empty() { 0 } else { (2 * words.len()).next_power_of_two() };
        let width = coarse.iter().max().map_or(0, |most| usize::from(*most)) + OTHERS;
        if width > usize::from(u8::MAX) {
            return Err(ModelError("clusters"));
        }
        let mut clusters =
            Self { coarse, width, index: vec![(0, UNKNOWN); places].into(), ..Self::default() };
        for (word, fine) in words {
            let free = clusters.places(*word).find(|place| {
                let (mark, there) = clusters.index[*place];
                there == UNKNOWN || mark == mark_of(*word)
            });
            if let Some(free) = free {
                clusters.index[free] = (mark_of(*word), *fine);
            }
        }
        Ok(clusters)
    }

    /// Reads what [`Clusters::write`] wrote.
    ///
    /// # Errors
    /// When it is cut short or a cluster is out of range.
    pub(super) fn read(reader: &mut Reader) -> Result<Self, ModelError> {
        let fine = reader.u32()? as usize;
        let coarse = reader.take(fine)?;
        let count = reader.u32()? as usize;
        let bytes = reader.take(count.checked_mul(WORD).ok_or(ModelError("length"))?)?;
        let (bytes, _) = bytes.as_chunks::<WORD>();
        let words: Vec<(u64, u16)> = bytes
            .iter()
            .map(|[a, b, c, d, e, f, low, high]| {
                (u64::from_le_bytes([0, 0, *a, *b, *c, *d, *e, *f]), u16::from_le_bytes([*low, *high]))
            })
            .collect();
        Self::new(&words, coarse)
    }

    /// As bytes: the number of fine clusters (u32, little-endian as all), their coarse ones (u8), the number of words (u32), of each the
    /// upper 48 bits of its hash and its fine cluster (u16).
    pub fn write(words: &[(u64, u16)], coarse: &[u8]) -> Vec<u8> {
        let mut out = (coarse.len() as u32).to_le_bytes().to_vec();
        out.extend(coarse);
        out.extend((words.len() as u32).to_le_bytes());
        for (word, fine) in words {
            out.extend(&word.to_le_bytes()[2..]);
            out.extend(fine.to_le_bytes());
        }
        out
    }

    /// Sums the weights of all clusters beforehand.
    pub(super) fn weigh(&mut self, weigh: impl Fn(&Keys) -> [i16; WIDTH]) {
        if self.is_empty() {
            return;
        }
        let row = |keys: &Keys| -> Row {
            let sums = weigh(keys);
            std::array::from_fn(|label| sums.get(label).copied().unwrap_or_default())
        };
        let fine = (0..self.coarse.len() as u16).chain([EDGE]);
        self.fine = fine
            .map(|fine| {
                let coarse = self.coarse(fine);
                Place::ALL.map(|place| row(&of_cluster(place, fine, coarse)))
            })
            .collect();
        let width = self.width as u8;
        let both = (0..width).flat_map(|a| (0..width).map(move |b| (a, b)));
        self.pairs = both.map(|(a, b)| Pair::ALL.map(|pair| row(&of_pair(pair, a, b)))).collect();
    }

    /// Whether no word has one.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// The fine cluster of a word by its hash, and the coarse one.
    pub fn find(&self, word: u64) -> (u16, u8) {
        let mark = mark_of(word);
        for place in self.places(word) {
            match self.index.get(place) {
                Some((there, fine)) if *fine != UNKNOWN && *there != mark => {}
                Some((_, fine)) => return (*fine, self.coarse(*fine)),
                None => break,
            }
        }
        (UNKNOWN, 0)
    }

    /// The coarse cluster of a fine one.
    pub fn coarse(&self, fine: u16) -> u8 {
        let edge = self.width.saturating_sub(1) as u8;
        self.coarse.get(usize::from(fine)).copied().unwrap_or(edge)
    }

    /// Adds what the clusters of a token and of its neighbours say; each as [`Clusters::find`] gave it.
    #[inline]
    pub(super) fn add(&self, back: (u16, u8), here: (u16, u8), one: (u16, u8), sums: &mut [i16; WIDTH]) {
        let mut add = |row: Option<&Row>| {
            for (sum, weight) in sums.iter_mut().zip(row.into_iter().flatten()) {
                *sum = sum.wrapping_add(*weight);
            }
        };
        for ((fine, _), place) in [(here, Place::Here), (back, Place::Back), (one, Place::One)] {
            let row = usize::from(fine).min(self.fine.len().wrapping_sub(1));
            add(self.fine.get(row).map(|rows| &rows[place as usize]));
        }
        for (a, b, pair) in [(back, here, Pair::Behind), (here, one, Pair::Before)] {
            let row = usize::from(a.1) * self.width + usize::from(b.1);
            add(self.pairs.get(row).map(|rows| &rows[pair as usize]));
        }
    }

    /// The places where a word may be, in order.
    fn places(&self, word: u64) -> impl Iterator<Item = usize> + use<> {
        let last = self.index.len().wrapping_sub(1);
        (0..self.index.len()).map(move |by| ((word >> 44) as usize).wrapping_add(by) & last)
    }
}

/// Bytes of a word in the file.
const WORD: usize = 8;

/// What tells words of one place apart. Numbers differ in the bits below alone, so those of any length are one word here.
fn mark_of(word: u64) -> u32 {
    (word >> 16) as u32
}
