//! The compiled file: magic, version, then sections of little-endian `u32` rows.
//!
//! ```text
//! "khabarKB" | format: u32 | version: 16 hexadecimal digits | 6 x (offset: u32, bytes: u32)
//! pool       strings: u16 length and UTF-8; offset 0 is the empty string
//! entities   4 names (ar en fr ru) | type, precision, prior | wikidata | geonames | iso | lat | lon (1e-5 degree)
//! words      open addressing by hash: hash | string | classes | trie node of the names that begin so
//! edges      open addressing: node | word slot | child
//! ends       per node: first row of `readings`
//! readings   entity << 8 | flags
//! ```

use crate::enriched::{EntityType, PlacePrecision};

pub(super) const MAGIC: &[u8; 8] = b"khabarKB";
pub(super) const FORMAT: u32 = 1;
pub(super) const VERSION_LEN: usize = 16;
pub(super) const SECTIONS: usize = 6;
pub(super) const HEADER: usize = 8 + 4 + VERSION_LEN + SECTIONS * 8;
pub(super) const ENTITY: usize = 10;
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

/// FNV-1a of two strings written one after the other, mixed so that low bits are good.
pub(super) fn hash(a: &[u8], b: &[u8]) -> u32 {
    let mut h = 0x811c_9dc5_u32;
    for byte in a.iter().chain(b) {
        h = (h ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    h ^= h >> 15;
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^ h >> 13
}

pub(super) fn edge_hash(node: u32, word: u32) -> u32 {
    let h = (u64::from(node) << 32 | u64::from(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (h >> 32) as u32
}

/// The string at an offset of the pool; empty where there is none.
pub(super) fn pooled(pool: &[u8], at: u32) -> &str {
    let at = at as usize;
    let Some(&[a, b]) = pool.get(at..at + 2) else { return "" };
    let len = usize::from(u16::from_le_bytes([a, b]));
    pool.get(at + 2..at + 2 + len).and_then(|s| std::str::from_utf8(s).ok()).unwrap_or_default()
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
