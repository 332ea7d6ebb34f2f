//! Writes the compiled file from records: the twin of the reader in [`super`].
//!
//! Names are split with the crate's own tokeniser, so that text and names can never disagree.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::format::{self, EDGE, ENTITY, HEADER, LANGUAGES, MAGIC, SECTIONS, VERSION_LEN, WORD};
use super::word::Classes;
use crate::doc::{Doc, TokenKind};
use crate::enriched::{EntityType, Field, PlacePrecision};

/// One entity to be compiled.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its type.
    pub kind: EntityType,
    /// Names in Arabic, English, French and Russian; empty where unknown.
    pub names: [String; 4],
    /// Number of the Wikidata item, without the Q.
    pub wikidata: Option<u32>,
    /// GeoNames id.
    pub geonames: Option<u32>,
    /// ISO 3166 code.
    pub iso: String,
    /// ISO 3166 code of the country that a city lies in, to tell it from its namesakes.
    pub country: String,
    /// Degrees north and east, and what the point stands for.
    pub point: Option<(f64, f64, PlacePrecision)>,
    /// How well known, 0 to 1000.
    pub prior: u32,
    /// Everything that it is called; `names` are not matched unless they are here too.
    pub forms: Vec<Form>,
}

/// One name of an entity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form {
    /// As written.
    pub text: String,
    /// See [`super::Reading::weak`].
    pub weak: bool,
    /// See [`super::Reading::capitals`].
    pub capitals: bool,
}

impl Form {
    /// As the compiled file keeps them.
    pub(super) fn flags(&self) -> u32 {
        u32::from(self.weak) * format::WEAK + u32::from(self.capitals) * format::CAPITALS
    }
}

/// The folded words of names, and by entity the flags with which each stands for it.
pub(super) type Names = BTreeMap<Vec<String>, BTreeMap<u32, u32>>;

/// The folded words of a name; punctuation between them does not count.
pub fn words(name: &str) -> Vec<String> {
    let doc = Doc::new(Field::Title, name);
    let folded = doc.text.folded();
    doc.tokens
        .iter()
        .filter(|t| t.kind != TokenKind::Punct)
        .filter_map(|t| folded.get(t.start as usize..t.end as usize))
        .map(str::to_owned)
        .collect()
}

/// The compiled file: the same bytes for the same input, whatever its order.
pub fn compile(records: &[Record], lexicon: &BTreeMap<String, Classes>) -> Vec<u8> {
    let mut names = Names::new();
    for (i, record) in records.iter().enumerate() {
        for form in &record.forms {
            let key = words(&form.text);
            if key.is_empty() {
                continue;
            }
            let flags = form.flags();
            // Two forms that fold to one: the less demanding one stands.
            names.entry(key).or_default().entry(i as u32).and_modify(|f| *f &= flags).or_insert(flags);
        }
    }
    compile_names(records, &names, lexicon)
}

/// The same where the names are split already; `forms` of the records are not looked at.
pub(super) fn compile_names(
    records: &[Record],
    names: &Names,
    lexicon: &BTreeMap<String, Classes>,
) -> Vec<u8> {
    let mut pool = Pool::default();
    let entities: Vec<[u32; ENTITY]> = records.iter().map(|r| entity(r, &mut pool)).collect();
    let words = WordTable::new(names, lexicon, &mut pool);
    let (roots, edges, ends, readings) = trie(names, &words, records);
    let word_rows = words.rows(&roots);

    let sections: [Vec<u8>; SECTIONS] =
        [pool.bytes, bytes(&entities), bytes(&word_rows), bytes(&edges), bytes(&ends), bytes(&readings)];
    let mut digest = Sha256::new();
    for section in &sections {
        digest.update(section);
    }
    let version: String =
        digest.finalize().iter().flat_map(|b| [b >> 4, b & 15]).take(VERSION_LEN).map(hex).collect();
    let mut out = MAGIC.to_vec();
    out.extend(format::FORMAT.to_le_bytes());
    out.extend(version.as_bytes());
    let mut at = HEADER;
    for section in &sections {
        out.extend((at as u32).to_le_bytes());
        out.extend((section.len() as u32).to_le_bytes());
        at += section.len();
    }
    sections.iter().for_each(|s| out.extend(s));
    out
}

fn hex(nibble: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(nibble & 15)])
}

fn entity(r: &Record, pool: &mut Pool) -> [u32; ENTITY] {
    let mut row = [0; ENTITY];
    for (i, _) in LANGUAGES.iter().enumerate() {
        row[i] = pool.add(&r.names[i]);
    }
    let precision = r.point.map_or(0, |(.., p)| format::precision_code(p));
    row[4] = format::kind_code(r.kind) | precision << 8 | r.prior.min(1000) << 16;
    row[5] = r.wikidata.unwrap_or(0);
    row[6] = r.geonames.unwrap_or(0);
    row[7] = pool.add(&r.iso);
    let degrees = |d: f64| (d * 1e5).round() as i32 as u32;
    let (lat, lon) = r.point.map_or((0.0, 0.0), |(lat, lon, _)| (lat, lon));
    (row[8], row[9]) = (degrees(lat), degrees(lon));
    row[10] = pool.add(&r.country);
    row
}

/// Strings, each once.
struct Pool {
    bytes: Vec<u8>,
    known: BTreeMap<String, u32>,
}

impl Default for Pool {
    fn default() -> Self {
        Self { bytes: vec![0, 0], known: BTreeMap::from([(String::new(), 0)]) }
    }
}

impl Pool {
    fn add(&mut self, text: &str) -> u32 {
        if let Some(at) = self.known.get(text) {
            return *at;
        }
        let at = self.bytes.len() as u32;
        let len = text.len().min(usize::from(u16::MAX));
        self.bytes.extend((len as u16).to_le_bytes());
        self.bytes.extend(&text.as_bytes()[..len]);
        self.known.insert(text.to_owned(), at);
        at
    }
}

struct WordTable {
    /// Hash, string, classes.
    slots: Vec<[u32; 3]>,
    ids: BTreeMap<String, u32>,
}

impl WordTable {
    fn new(names: &Names, lexicon: &BTreeMap<String, Classes>, pool: &mut Pool) -> Self {
        let mut all: BTreeMap<&str, Classes> = lexicon.iter().map(|(w, c)| (w.as_str(), *c)).collect();
        for word in names.keys().flatten() {
            all.entry(word).or_default();
        }
        let mut slots = vec![[0; 3]; table_size(all.len())];
        let mut ids = BTreeMap::new();
        for (word, classes) in all {
            let hash = format::hash(b"", word.as_bytes());
            let slot = free_slot(&slots, hash, |s| s[1] == 0);
            slots[slot] = [hash, pool.add(word), classes.bits()];
            ids.insert(word.to_owned(), slot as u32);
        }
        Self { slots, ids }
    }

    fn rows(&self, roots: &BTreeMap<u32, u32>) -> Vec<[u32; WORD]> {
        let root = |i: usize| roots.get(&(i as u32)).copied().unwrap_or(0);
        self.slots.iter().enumerate().map(|(i, [h, s, c])| [*h, *s, *c, root(i)]).collect()
    }
}

/// A power of two that leaves a third of the slots free.
fn table_size(len: usize) -> usize {
    (len * 3 / 2 + 1).next_power_of_two()
}

fn free_slot<T>(slots: &[T], hash: u32, free: impl Fn(&T) -> bool) -> usize {
    let mask = slots.len() - 1;
    let mut slot = hash as usize & mask;
    while !free(&slots[slot]) {
        slot = (slot + 1) & mask;
    }
    slot
}

type Trie = (BTreeMap<u32, u32>, Vec<[u32; EDGE]>, Vec<[u32; 1]>, Vec<[u32; 1]>);

/// First nodes by word slot, edges, and what ends at each node.
fn trie(names: &Names, words: &WordTable, records: &[Record]) -> Trie {
    // Node 0 is the root and stands for "none" in the tables.
    let mut children: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut at_node: BTreeMap<u32, &BTreeMap<u32, u32>> = BTreeMap::new();
    let mut nodes = 1;
    for (name, entities) in names {
        let mut node = 0;
        for word in name {
            let id = words.ids.get(word).copied().unwrap_or(0);
            node = *children.entry((node, id)).or_insert_with(|| {
                nodes += 1;
                nodes - 1
            });
        }
        at_node.insert(node, entities);
    }
    let roots = children.iter().filter(|((n, _), _)| *n == 0).map(|((_, w), c)| (*w, *c)).collect();
    let mut edges = vec![[0; EDGE]; table_size(children.len())];
    for ((node, word), child) in &children {
        if *node != 0 {
            let slot = free_slot(&edges, format::edge_hash(*node, *word), |e| e[2] == 0);
            edges[slot] = [*node, *word, *child];
        }
    }
    let (mut ends, mut readings) = (Vec::new(), Vec::new());
    for node in 0..nodes {
        ends.push([readings.len() as u32]);
        let mut here: Vec<(u32, u32)> =
            at_node.get(&node).into_iter().copied().flatten().map(|(e, f)| (*e, *f)).collect();
        here.sort_by_key(|(e, _)| (std::cmp::Reverse(records[*e as usize].prior), *e));
        readings.extend(here.iter().map(|(e, f)| [e << 8 | f]));
    }
    ends.push([readings.len() as u32]);
    (roots, edges, ends, readings)
}

fn bytes<const N: usize>(rows: &[[u32; N]]) -> Vec<u8> {
    rows.iter().flatten().flat_map(|v| v.to_le_bytes()).collect()
}
