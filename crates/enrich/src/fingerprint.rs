//! Fingerprints for finding duplicates without keeping state.
//!
//! Both are made of the folded words alone: vowel marks, invisible characters, white space, punctuation
//! and letter case change nothing.
//!
//! - exact: SHA-256 over the words, joined by spaces;
//! - near: MinHash over the set of word 5-grams by one-permutation hashing (each 5-gram is hashed once, the
//!   top bits choose one of 64 bins, the smallest hash of each bin is kept, empty bins borrow from the next
//!   full one), in 16 bands of 4 rows. Two articles whose 5-gram sets have Jaccard similarity *s* share at
//!   least one band with probability 1 − (1 − s⁴)¹⁶:
//!
//!   | s | 0.2 | 0.3 | 0.4 | 0.5 | 0.6 | 0.7 | 0.8 | 0.9 |
//!   |---|---|---|---|---|---|---|---|---|
//!   | P | 0.03 | 0.12 | 0.34 | 0.64 | 0.89 | 0.99 | 1.00 | 1.00 |
//!
//! A text of one to four words is one shingle; a text without words has no bands.

#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};

use crate::doc::{Doc, TokenKind};
use crate::enriched::Fingerprint;

const BANDS: usize = 16;
const ROWS: usize = 4;
const BINS: usize = BANDS * ROWS;
const SHINGLE: usize = 5;
/// An odd constant with well-spread bits (2^64 divided by the golden ratio).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Fingerprints a document.
pub fn of(doc: &Doc) -> Fingerprint {
    let folded = doc.text.folded();
    let mut sha = Buffered::new();
    let mut minhash = MinHash::new();
    for token in doc.tokens.iter().filter(|token| token.kind != TokenKind::Punct) {
        let word = folded.get(token.range()).unwrap_or("").as_bytes();
        let separator = if minhash.words == 0 { &b""[..] } else { &b" "[..] };
        let start = sha.len();
        sha.push(separator);
        let word_start = sha.len();
        // Apostrophes and full stops inside a word (`l'`, `U.S.`) are punctuation; inside a number they are not.
        if token.kind == TokenKind::Number || !word.iter().any(|b| matches!(b, b'\'' | b'.')) {
            sha.push(word);
        } else {
            word.split(|b| matches!(b, b'\'' | b'.')).for_each(|part| sha.push(part));
        }
        if sha.len() == word_start {
            sha.truncate(start);
            continue;
        }
        minhash.word(sha.since(word_start));
        sha.flush_if_full();
    }
    Fingerprint { normalised: format!("sha256:{}", hex(&sha.finish())), minhash: minhash.bands() }
}

/// SHA-256 that is fed in blocks: a call for each word would cost more than the hashing.
struct Buffered {
    sha: Sha256,
    pending: Vec<u8>,
}

impl Buffered {
    fn new() -> Self {
        Self { sha: Sha256::new(), pending: Vec::with_capacity(8 << 10) }
    }
    fn len(&self) -> usize {
        self.pending.len()
    }
    fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }
    fn truncate(&mut self, len: usize) {
        self.pending.truncate(len);
    }
    fn since(&self, start: usize) -> &[u8] {
        self.pending.get(start..).unwrap_or(&[])
    }
    fn flush_if_full(&mut self) {
        if self.pending.len() >= 4 << 10 {
            self.sha.update(&self.pending);
            self.pending.clear();
        }
    }
    fn finish(mut self) -> [u8; 32] {
        self.sha.update(&self.pending);
        self.sha.finalize().into()
    }
}

/// One-permutation MinHash over the shingles of a stream of words.
struct MinHash {
    /// Hashes of the last words, a ring.
    last: [u64; SHINGLE],
    words: usize,
    bins: [u64; BINS],
}

impl MinHash {
    fn new() -> Self {
        Self { last: [0; SHINGLE], words: 0, bins: [u64::MAX; BINS] }
    }

    fn word(&mut self, word: &[u8]) {
        self.last.rotate_left(1);
        self.last[SHINGLE - 1] = hash_bytes(word);
        self.words += 1;
        if self.words >= SHINGLE {
            self.shingle();
        }
    }

    fn shingle(&mut self) {
        let hash =
            mix(self.last.iter().fold(0, |sum: u64, &word| sum.wrapping_mul(GOLDEN).wrapping_add(word)));
        let bin = (hash >> 58) as usize % BINS;
        let smallest = &mut self.bins[bin];
        *smallest = (*smallest).min(hash);
    }

    fn bands(mut self) -> Vec<String> {
        if self.words == 0 {
            return Vec::new();
        }
        if self.words < SHINGLE {
            self.shingle();
        }
        let filled = self.filled();
        let bands = filled.chunks_exact(ROWS).enumerate();
        bands
            .map(|(band, rows)| {
                let start = mix(band as u64 + 1);
                let hash =
                    rows.iter().fold(start, |sum, &row| mix(sum.wrapping_mul(GOLDEN).wrapping_add(row)));
                hex(&hash.to_be_bytes())
            })
            .collect()
    }

    /// The bins, each empty one filled from the next full one on a circle, mixed with the distance, so that
    /// two sets agree there as often as they do elsewhere.
    fn filled(&self) -> [u64; BINS] {
        let mut out = self.bins;
        for (bin, value) in out.iter_mut().enumerate() {
            let next = (0..BINS).find(|step| self.bins[(bin + step) % BINS] != u64::MAX);
            if let Some(step @ 1..) = next {
                *value = mix(self.bins[(bin + step) % BINS].wrapping_add((step as u64).wrapping_mul(GOLDEN)));
            }
        }
        out
    }
}

/// A fast hash, the same on every machine: eight bytes at a time, multiplied and folded.
fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut chunks = bytes.chunks_exact(8);
    let mut hash = (bytes.len() as u64).wrapping_mul(GOLDEN);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        hash = mix(hash ^ u64::from_le_bytes(word));
    }
    let mut word = [0; 8];
    for (to, from) in word.iter_mut().zip(chunks.remainder()) {
        *to = *from;
    }
    mix(hash ^ u64::from_le_bytes(word))
}

/// The finaliser of SplitMix64.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}
