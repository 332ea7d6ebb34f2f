//! The compiled file: magic, version, then sections of little-endian `u32` rows.
//!
//! ```text
//! "khabarKB" | format: u32 | version: 16 hexadecimal digits | 6 x (offset: u32, bytes: u32)
//! pool       strings: u16 length and UTF-8; offset 0 is the empty string
//! entities   4 names (ar en fr ru) | type, precision, prior | wikidata | geonames | iso | lat | lon (1e-5 degree) | country
//! words      open addressing by hash: hash | string | classes | trie node of the names that begin so
//! edges      open addressing: node | word slot | child
//! ends       per node: first row of `readings`
//! readings   entity << 8 | flags
//! ```

use crate::enriched::{EntityType, PlacePrecision};

pub(super) const MAGIC: &[u8; 8] = b"khabarKB";
pub(super) const FORMAT: u32 = 2;
pub(super) const VERSION_LEN: usize = 16;
pub(super) const SECTIONS: usize = 6;
pub(super) const HEADER: usize = 8 + 4 + VERSION_LEN + SECTIONS * 8;
pub(super) const ENTITY: usize = 11;
pub(super) const WORD: usize = 4;
pub(super) const EDGE: usize = 3;
pub(super) const LANGUAGES: [&str; 4] = ["ar", "en", "fr", "ru"];
/// Flag of a reading: see [`super::Reading::weak`].
pub(super) const WEAK: u32 = 1;
/// Flag of a reading: see [`super::Reading::capitals`].
pub(super) const CAPITALS: u32 = 2;

const KINDS: [EntityType; 5] =
    [EntityType::Per, EntityType::Org, EntityType::Loc, EntityType::Event, EntityType::Misc];

pub(super) fn kind(code: u32) -> EntityType {
    KINDS.get(code as usize).copied().unwrap_or(EntityType::Misc)
}

pub(super) fn kind_code(kind: EntityType) -> u32 {
    KINDS.iter().position(|k| *k == kind).unwrap_or(KINDS.len() - 1) as u32
}

pub(super) fn precision(code: u32) -> Option<PlacePrecision> {
    match code {
        1 => Some(PlacePrecision::Country),
        2 => Some(PlacePrecision::Region),
        3 => Some(PlacePrecision::City),
        _ => None,
    }
}

pub(super) fn precision_code(precision: PlacePrecision) -> u32 {
    match precision {
        PlacePrecision::Country => 1,
        PlacePrecision::Region => 2,
        PlacePrecision::City => 3,
    }
}

/// A hash of two strings written one after the other: eight bytes at a time, multiplied and folded, the
/// same on every machine.
pub(super) fn hash(a: &[u8], b: &[u8]) -> u32 {
    if a.is_empty() {
        return hash_one(b);
    }
    // Words are short; what does not fit is no word of the knowledge base's, any value will do.
    let mut joined = [0; 64];
    let len = a.len() + b.len();
    match joined.get_mut(..len) {
        Some(place) => {
            let (first, second) = place.split_at_mut(a.len());
            first.copy_from_slice(a);
            second.copy_from_slice(b);
            hash_one(place)
        }
        None => hash_one(b),
    }
}

fn hash_one(bytes: &[u8]) -> u32 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let fold = |h: u64, word: u64| {
        let product = u128::from(h ^ word).wrapping_mul(u128::from(ODD));
        product as u64 ^ (product >> 64) as u64
    };
    let mut h = (bytes.len() as u64 + 1).wrapping_mul(ODD);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        h = fold(h, u64::from_le_bytes(chunk.try_into().unwrap_or_default()));
    }
    let mut rest = [0; 8];
    for (to, from) in rest.iter_mut().zip(chunks.remainder()) {
        *to = *from;
    }
    h = fold(h, u64::from_le_bytes(rest));
    (h >> 32) as u32 ^ h as u32
}

pub(super) fn edge_hash(node: u32, word: u32) -> u32 {
    let h = (u64::from(node) << 32 | u64::from(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (h >> 32) as u32
}

/// The bytes of the string at an offset of the pool; empty where there is none.
pub(super) fn pooled_bytes(pool: &[u8], at: u32) -> &[u8] {
    let at = at as usize;
    let Some(&[a, b]) = pool.get(at..at + 2) else { return &[] };
    pool.get(at + 2..at + 2 + usize::from(u16::from_le_bytes([a, b]))).unwrap_or(&[])
}

/// The string at an offset of the pool; empty where there is none.
pub(super) fn pooled(pool: &[u8], at: u32) -> &str {
    std::str::from_utf8(pooled_bytes(pool, at)).unwrap_or_default()
}

/// Why a file is no knowledge base of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KbError {
    /// Other magic or format number.
    NotAKnowledgeBase,
    /// Shorter than its table of sections says.
    Truncated,
}

impl std::fmt::Display for KbError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotAKnowledgeBase => {
                "not a knowledge base of this version; build it with `khabar-lab kb build`"
            }
            Self::Truncated => "the knowledge base is cut short; build it with `khabar-lab kb build`",
        })
    }
}

impl std::error::Error for KbError {}

/// The tables of a file.
pub(super) struct Sections {
    pub version: String,
    /// Start and end of the pool in the file.
    pub pool: (usize, usize),
    pub entities: Vec<[u32; ENTITY]>,
    pub words: Vec<[u32; WORD]>,
    pub edges: Vec<[u32; EDGE]>,
    pub ends: Vec<[u32; 1]>,
    pub readings: Vec<[u32; 1]>,
}

impl Sections {
    pub fn read(bytes: &[u8]) -> Result<Self, KbError> {
        let word = |at: usize| {
            let raw = bytes.get(at..at + 4).ok_or(KbError::Truncated)?;
            Ok(u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]))
        };
        if bytes.get(..8) != Some(MAGIC) || word(8)? != FORMAT {
            return Err(KbError::NotAKnowledgeBase);
        }
        let version = bytes.get(12..12 + VERSION_LEN).ok_or(KbError::Truncated)?;
        let version = std::str::from_utf8(version).map_err(|_| KbError::NotAKnowledgeBase)?.to_owned();
        let section = |i: usize| {
            let at = 12 + VERSION_LEN + i * 8;
            let (start, len) = (word(at)? as usize, word(at + 4)? as usize);
            bytes.get(start..start + len).map(|s| (start, s)).ok_or(KbError::Truncated)
        };
        let (start, pool) = section(0)?;
        let words = rows(section(2)?.1);
        let edges = rows(section(3)?.1);
        // The look-ups mask with the length.
        if !(words.len().is_power_of_two() && edges.len().is_power_of_two()) {
            return Err(KbError::NotAKnowledgeBase);
        }
        Ok(Self {
            version,
            pool: (start, start + pool.len()),
            entities: rows(section(1)?.1),
            words,
            edges,
            ends: rows(section(4)?.1),
            readings: rows(section(5)?.1),
        })
    }
}

fn rows<const N: usize>(bytes: &[u8]) -> Vec<[u32; N]> {
    let number = |b: &[u8]| u32::from_le_bytes([b[0], b[1], b[2], b[3]]);
    bytes.chunks_exact(4 * N).map(|row| std::array::from_fn(|i| number(&row[4 * i..4 * i + 4]))).collect()
}
