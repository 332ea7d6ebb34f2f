//! The weights: one table, a cache line for every look-up.
//!
//! The file, little-endian: `KBTG`, version (u32), buckets as a power of two (u32), scale (f32: weight 1.0 is this
//! many steps), a name (u32 length, UTF-8), frequent words (u32 length, a line each), word clusters
//! ([`Clusters::write`]), then `LABELS` x `LABELS` transitions
//! (i16), zeros up to a multiple of 64 bytes, then the buckets of 64 bytes: four rows of 12 weights (i8, the last unused)
//! and four keys of 32 bits (0: empty).

use std::borrow::Cow;

use super::LABELS;
use super::chain::{Scores, Transitions, WIDTH};
use super::clusters::Clusters;
use super::features::Features;
use super::frequent::Frequent;
use super::item::Keys;

/// A bucket is one line of the processor's cache only where the table begins at one.
#[repr(C, align(64))]
struct Lines<B: ?Sized>(B);

static EMBEDDED: &Lines<[u8]> = &Lines(*include_bytes!("../../../../models/fast.bin"));

const MAGIC: &[u8; 4] = b"KBTG";
const VERSION: u32 = 4;
/// Bytes of a bucket.
pub const BUCKET: usize = 64;
/// Rows of a bucket.
pub const ROWS: usize = 4;
/// Weights of a row, the padding included.
pub const ROW: usize = 12;

/// A trained model.
#[derive(Debug, Clone)]
pub struct Model {
    name: String,
    bits: u32,
    transitions: Transitions,
    frequent: Frequent,
    clusters: Clusters,
    table: Cow<'static, [u8]>,
    /// Where the table begins within it.
    first: usize,
}

/// Why a file is not a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelError(pub(super) &'static str);

impl std::fmt::Display for ModelError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a tagger of this version: {}", self.0)
    }
}

impl std::error::Error for ModelError {}

impl Model {
    /// The embedded model; `None` only if it were damaged, which a test rules out.
    pub fn embedded() -> Option<Self> {
        Self::parse(Cow::Borrowed(&EMBEDDED.0)).ok()
    }

    /// Reads a model; the table is used as it is.
    ///
    /// # Errors
    /// When the bytes are not a model of this version.
    pub fn parse(bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        let mut reader = Reader { bytes: &bytes, at: 0 };
        if reader.take(4)? != MAGIC || reader.u32()? != VERSION {
            return Err(ModelError("magic number or version"));
        }
        let bits = reader.u32()?;
        let scale = f32::from_bits(reader.u32()?);
        if bits > 24 || !(scale.is_finite() && scale >= 1.0) {
            return Err(ModelError("size or scale"));
        }
        let len = reader.u32()? as usize;
        let name = std::str::from_utf8(reader.take(len)?).map_err(|_| ModelError("name"))?.to_owned();
        let len = reader.u32()? as usize;
        let words = reader.take(len)?;
        let words = std::str::from_utf8(words).map_err(|_| ModelError("frequent words"))?.to_owned();
        let mut clusters = Clusters::read(&mut reader)?;
        let mut stored = [[0; LABELS]; LABELS];
        for weight in stored.iter_mut().flatten() {
            *weight = reader.take(2)?.iter().rev().fold(0_u16, |n, b| n << 8 | u16::from(*b)) as i16;
        }
        reader.take(reader.at.next_multiple_of(BUCKET) - reader.at)?;
        let at = reader.at;
        if bytes.len() - at != BUCKET << bits {
            return Err(ModelError("length of the table"));
        }
        let (table, first) = match bytes {
            Cow::Borrowed(bytes) => (Cow::Borrowed(bytes), at),
            Cow::Owned(bytes) => at_a_line(bytes.get(at..).unwrap_or_default()),
        };
        let buckets = table.get(first..).unwrap_or_default();
        let frequent = Frequent::new(words.lines(), |keys| sums(buckets, bits, keys));
        clusters.weigh(|keys| sums(buckets, bits, keys));
        Ok(Self {
            name,
            bits,
            transitions: Transitions::new(scale, &stored),
            frequent,
            clusters,
            table,
            first,
        })
    }

    /// Writes a model as [`Model::parse`] reads it. `table` has `1 << bits` buckets, `words` a frequent word a line,
    /// `clusters` what [`Clusters::write`] gives.
    pub fn write(
        name: &str,
        scale: f32,
        words: &str,
        clusters: &[u8],
        transitions: &[[i16; LABELS]; LABELS],
        bits: u32,
        table: &[u8],
    ) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(VERSION.to_le_bytes());
        out.extend(bits.to_le_bytes());
        out.extend(scale.to_bits().to_le_bytes());
        out.extend((name.len() as u32).to_le_bytes());
        out.extend(name.as_bytes());
        out.extend((words.len() as u32).to_le_bytes());
        out.extend(words.as_bytes());
        out.extend(clusters);
        out.extend(transitions.iter().flatten().flat_map(|w| w.to_le_bytes()));
        out.resize(out.len().next_multiple_of(BUCKET), 0);
        out.extend(table);
        out
    }

    /// Its name, in `pipeline.models`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Scores of each label behind each.
    pub fn transitions(&self) -> &Transitions {
        &self.transitions
    }

    /// Looks up the clusters and the frequent words of a field, so that their keys need not be.
    pub(super) fn look_up(&self, features: &mut Features) {
        features.cluster(&self.clusters);
        features.look_up(|stem| self.frequent.find(stem));
    }

    /// The word clusters.
    #[cfg(test)]
    pub(super) fn clusters(&self) -> &Clusters {
        &self.clusters
    }

    /// Scores of the token at `i`, each of its keys looked up in the table and nothing summed beforehand.
    #[cfg(test)]
    pub(super) fn scores_by_key(&self, features: &Features, i: usize) -> Scores {
        let table = self.table.get(self.first..).unwrap_or_default();
        let mut scores = sums(table, self.bits, &features.of(i)).map(i32::from);
        scores[LABELS..].fill(0);
        scores
    }

    /// Scores of the labels of the token at `i`, of features that were [looked up](Self::look_up).
    pub(super) fn scores(&self, features: &Features, i: usize) -> Scores {
        let table = self.table.get(self.first..).unwrap_or_default();
        let mut sums = sums(table, self.bits, &features.of(i));
        for (number, part) in features.parts(i) {
            self.frequent.add(number, part, &mut sums);
        }
        let [back, here, one] = features.clusters(i);
        self.clusters.add(back, here, one, &mut sums);
        let mut scores = sums.map(i32::from);
        scores[LABELS..].fill(0);
        scores
    }
}

/// A copy of a table that begins at a line of the cache, and where it begins.
fn at_a_line(table: &[u8]) -> (Cow<'static, [u8]>, usize) {
    let mut copy: Vec<u8> = Vec::with_capacity(table.len() + BUCKET);
    let first = copy.as_ptr().align_offset(BUCKET).min(BUCKET);
    copy.resize(first, 0);
    copy.extend(table);
    (Cow::Owned(copy), first)
}

/// Sums of the weights of `keys`; what is behind the labels means nothing.
fn sums(table: &[u8], bits: u32, keys: &Keys) -> [i16; WIDTH] {
    let (buckets, _) = table.as_chunks::<BUCKET>();
    let mut sums = [0_i16; WIDTH];
    // All lines are asked for before the first is used: they come from far, and together.
    let mut touched = 0;
    for key in keys.as_slice() {
        touched ^= buckets.get(place(*key, bits).0).map_or(0, |bucket| bucket[BUCKET - 1]);
    }
    std::hint::black_box(touched);
    for key in keys.as_slice() {
        let (bucket, mark) = place(*key, bits);
        let Some(bucket) = buckets.get(bucket) else { continue };
        let (_, marks) = bucket.split_at(ROW * ROWS);
        let (marks, _) = marks.as_chunks::<4>();
        // Without branches: whether a key has weights cannot be foreseen.
        let mut at = 0;
        let mut has = 0;
        for (row, stored) in marks.iter().enumerate() {
            let same = usize::from(u32::from_le_bytes(*stored) == mark);
            at += row * same;
            has += same;
        }
        // A whole vector, with the begin of what follows the row, which no label is of.
        let Some(row) = bucket.get(ROW * at..).and_then(|row| row.first_chunk::<WIDTH>()) else {
            continue;
        };
        let mask = (has as i16).wrapping_neg();
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum = sum.wrapping_add(i16::from(*weight as i8) & mask);
        }
    }
    sums
}

/// Bucket and mark of a key.
pub fn place(key: u64, bits: u32) -> (usize, u32) {
    let bucket = (key >> 32) as usize & ((1 << bits) - 1);
    (bucket, (key as u32).max(1))
}

/// Reads a file from its begin.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], ModelError> {
        let end = self.at.checked_add(len).ok_or(ModelError("length"))?;
        let taken = self.bytes.get(self.at..end).ok_or(ModelError("cut short"))?;
        self.at = end;
        Ok(taken)
    }

    pub(super) fn u32(&mut self) -> Result<u32, ModelError> {
        Ok(self.take(4)?.iter().rev().fold(0, |n, b| n << 8 | u32::from(*b)))
    }
}
