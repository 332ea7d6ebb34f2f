//! The knowledge base: who and what is known by name, compiled into one embedded file.
//!
//! Names are stored as a trie over *words* (not bytes): a token of the text costs one hash look-up,
//! which gives its word classes (what the patterns need) and the place in the trie where names
//! begin with it. Nothing is built at load: the file's tables are used as they are.

pub mod compile;
mod format;
pub mod forms;
mod merge;
pub mod russian;
pub mod table;
pub mod word;

use std::borrow::Cow;

use crate::enriched::{EntityType, Link, PlacePrecision};
pub use format::KbError;
use format::{Sections, pooled};
use word::Classes;

static EMBEDDED: &[u8] = include_bytes!("../../../../models/kb.bin");

/// A loaded knowledge base; some 14 MB, loaded in milliseconds.
#[derive(Debug, Default)]
pub struct Kb {
    version: String,
    pool: Cow<'static, [u8]>,
    entities: Vec<[u32; format::ENTITY]>,
    words: Vec<[u32; format::WORD]>,
    edges: Vec<[u32; format::EDGE]>,
    ends: Vec<[u32; 1]>,
    readings: Vec<[u32; 1]>,
    known: Filter,
    joined: Filter,
}

/// Which hashes a table holds, roughly: most words of a text are no word of it, and most pairs of words no names,
/// and this says so from the second cache.
#[derive(Debug, Default)]
struct Filter(Vec<u64>);

impl Filter {
    /// Bits: 128 KiB of them, some ten for every word.
    const BITS: u32 = 20;

    fn new(hashes: impl Iterator<Item = u32>) -> Self {
        let mut bits = vec![0; 1 << (Self::BITS - 6)];
        for hash in hashes {
            let (place, bit) = Self::place(hash);
            if let Some(word) = bits.get_mut(place) {
                *word |= bit;
            }
        }
        Self(bits)
    }

    /// By the highest bits; the lowest choose the slot.
    fn place(hash: u32) -> (usize, u64) {
        let bit = hash >> (32 - Self::BITS);
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    #[inline]
    fn may_hold(&self, hash: u32) -> bool {
        let (place, bit) = Self::place(hash);
        self.0.get(place).is_some_and(|word| word & bit != 0)
    }
}

/// A word of the knowledge base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Its identity in the trie.
    pub id: WordId,
    /// What kinds of word it is.
    pub classes: Classes,
    /// Where the names that begin with it go on; `None` when none does.
    pub root: Option<Node>,
}

/// A word that is being looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    hash: u32,
    row: [u32; format::WORD],
}

/// Identity of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordId(u32);

/// A place in the trie: the words of a name so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node(u32);

/// One entity that a name may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Index of the entity, for [`Kb::entity`].
    pub entity: u32,
    /// The name alone is not enough: it is also an ordinary word or another's name.
    pub weak: bool,
    /// An acronym: only in capitals.
    pub capitals: bool,
}

impl Kb {
    /// The one that is built into this crate.
    ///
    /// A damaged one would be a mistake of the build, which the tests catch: it loads as an empty one
    /// with the version `invalid`, so that a service still runs and says so in every record.
    pub fn embedded() -> Self {
        Self::parse_or_say(Cow::Borrowed(EMBEDDED))
    }

    fn parse_or_say(bytes: Cow<'static, [u8]>) -> Self {
        Self::parse(bytes).unwrap_or_else(|_| Self { version: "invalid".to_owned(), ..Self::default() })
    }

    /// Reads a compiled knowledge base.
    pub fn parse(bytes: Cow<'static, [u8]>) -> Result<Self, KbError> {
        let sections = Sections::read(&bytes)?;
        let (start, end) = sections.pool;
        let pool = match &bytes {
            Cow::Borrowed(b) => Cow::Borrowed(b.get(start..end).unwrap_or_default()),
            Cow::Owned(b) => Cow::Owned(b.get(start..end).unwrap_or_default().to_vec()),
        };
        Ok(Self {
            known: Filter::new(sections.words.iter().filter(|[_, at, ..]| *at != 0).map(|[hash, ..]| *hash)),
            joined: Filter::new(
                sections
                    .edges
                    .iter()
                    .filter(|[_, _, child]| *child != 0)
                    .map(|[node, word, _]| format::edge_hash(*node, *word)),
            ),
            version: sections.version,
            pool,
            entities: sections.entities,
            words: sections.words,
            edges: sections.edges,
            ends: sections.ends,
            readings: sections.readings,
        })
    }

    /// Short hash of its content.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Number of entities.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// Looks a folded word up, written in two parts (a lost article and the rest; the first may be empty).
    pub fn word(&self, before: &str, word: &str) -> Option<Word> {
        let mut asked = self.ask(before, word)?;
        self.fetch(&mut asked);
        self.answer(&asked, before, word)
    }

    /// The first of three steps of [`Kb::word`], for many words at once: what one word waits for in memory, another
    /// need not wait for. `None` where it is no word of this table.
    #[inline]
    pub(crate) fn ask(&self, before: &str, word: &str) -> Option<Asked> {
        let hash = format::hash(before.as_bytes(), word.as_bytes());
        self.known.may_hold(hash).then_some(Asked { hash, row: [0; format::WORD] })
    }

    /// The second step: the row where the word is, if it is where it belongs.
    #[inline]
    pub(crate) fn fetch(&self, asked: &mut Asked) {
        let slot = asked.hash as usize & self.words.len().wrapping_sub(1);
        asked.row = self.words.get(slot).copied().unwrap_or_default();
    }

    /// The third: the word, whose letters are those of the table.
    pub(crate) fn answer(&self, asked: &Asked, before: &str, word: &str) -> Option<Word> {
        let mask = self.words.len().checked_sub(1)?;
        let mut slot = asked.hash as usize & mask;
        let mut row = asked.row;
        for _ in 0..self.words.len() {
            let [h, at, classes, root] = row;
            if at == 0 {
                return None;
            }
            if h == asked.hash {
                let text = format::pooled_bytes(&self.pool, at);
                if text.split_at_checked(before.len()) == Some((before.as_bytes(), word.as_bytes())) {
                    return Some(Word {
                        id: WordId(slot as u32),
                        classes: Classes::from_bits(classes),
                        root: (root != 0).then_some(Node(root)),
                    });
                }
            }
            slot = (slot + 1) & mask;
            row = *self.words.get(slot)?;
        }
        None
    }

    /// Goes on from `node` by a word.
    pub fn next(&self, node: Node, word: WordId) -> Option<Node> {
        let mask = self.edges.len().checked_sub(1)?;
        let hash = format::edge_hash(node.0, word.0);
        if !self.joined.may_hold(hash) {
            return None;
        }
        let mut slot = hash as usize & mask;
        for _ in 0..self.edges.len() {
            let [n, w, child] = *self.edges.get(slot)?;
            if child == 0 {
                return None;
            }
            if (n, w) == (node.0, word.0) {
                return Some(Node(child));
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    /// The entities whose name ends at `node`, likeliest first.
    pub fn readings(&self, node: Node) -> impl ExactSizeIterator<Item = Reading> + '_ {
        self.rows(node.0).map(|r| Reading {
            entity: r >> 8,
            weak: r & format::WEAK != 0,
            capitals: r & format::CAPITALS != 0,
        })
    }

    fn rows(&self, node: u32) -> impl ExactSizeIterator<Item = u32> + '_ {
        let n = node as usize;
        let at = |i: usize| self.ends.get(i).map_or(0, |[e]| *e as usize);
        self.readings.get(at(n)..at(n + 1)).unwrap_or_default().iter().map(|[r]| *r)
    }

    /// The entity at `index`.
    pub fn entity(&self, index: u32) -> Option<KbEntity<'_>> {
        let record = self.entities.get(index as usize)?;
        Some(KbEntity { pool: &self.pool, record })
    }
}

/// What is known of one entity.
#[derive(Debug, Clone, Copy)]
pub struct KbEntity<'a> {
    pool: &'a [u8],
    record: &'a [u32; format::ENTITY],
}

impl<'a> KbEntity<'a> {
    /// Its name in a language (`ar`, `en`, `fr`, `ru`); `None` where unknown.
    pub fn name(&self, language: &str) -> Option<&'a str> {
        let i = format::LANGUAGES.iter().position(|l| *l == language)?;
        let name = pooled(self.pool, self.record[i]);
        (!name.is_empty()).then_some(name)
    }

    /// Its type.
    pub fn kind(&self) -> EntityType {
        format::kind(self.record[4] & 0xff)
    }

    /// How well known it is, 0 to 1000: settles ambiguous names.
    pub fn prior(&self) -> u32 {
        self.record[4] >> 16
    }

    /// Identifiers elsewhere.
    pub fn link(&self) -> Link {
        let iso = pooled(self.pool, self.record[7]);
        Link {
            wikidata: (self.record[5] != 0).then(|| format!("Q{}", self.record[5])),
            geonames: (self.record[6] != 0).then_some(self.record[6]),
            iso3166: (!iso.is_empty()).then(|| iso.to_owned()),
        }
    }

    /// Whether it is a country or territory itself, and no part of one: its code has no hyphen.
    pub fn is_country(&self) -> bool {
        pooled(self.pool, self.record[7]).len() == 2
    }

    /// ISO 3166 code of the country that it is or lies in, where that is known.
    pub fn country(&self) -> Option<&'a str> {
        let of = |i: usize| self.record.get(i).map_or("", |at| pooled(self.pool, *at));
        let code = if of(10).is_empty() { of(7) } else { of(10) };
        // of a region's code, RU-TA, what stands before the hyphen
        code.get(..2)
    }

    /// Latitude, longitude and what the point stands for.
    pub fn point(&self) -> Option<(f64, f64, PlacePrecision)> {
        let precision = format::precision(self.record[4] >> 8 & 0xff)?;
        let degrees = |v: u32| f64::from(v as i32) / 1e5;
        Some((degrees(self.record[8]), degrees(self.record[9]), precision))
    }
}
