//! Words into pieces: the most probable segmentation by a unigram language model of pieces.
//!
//! As SentencePiece does it (Kudo, 2018): characters are mapped first (compatibility forms, case where the vocabulary has
//! none), a word begins with `▁`, a character that begins no piece is unknown at a score ten below the least. The best
//! segmentation is found by dynamic programming over all pieces in the word, which an Aho-Corasick automaton lists in one pass.

use daachorse::{DoubleArrayAhoCorasick, DoubleArrayAhoCorasickBuilder};
use rustc_hash::FxHashMap;

use super::EncoderError;

/// Number of a piece.
pub type Id = u32;

/// Numbers of the pieces that mean something to the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Special {
    /// Begins a sequence.
    pub begin: Id,
    /// Ends a sequence.
    pub end: Id,
    /// Stands for what has no piece.
    pub unknown: Id,
}

/// A vocabulary with its scores.
pub struct Pieces {
    automaton: DoubleArrayAhoCorasick<Id>,
    scores: Vec<f64>,
    special: Special,
    /// What characters are written as before they are cut; those that are not in it stay.
    map: FxHashMap<char, Box<str>>,
    unknown_score: f64,
}

impl std::fmt::Debug for Pieces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pieces").field("len", &self.scores.len()).finish_non_exhaustive()
    }
}

/// Working memory for cutting words.
#[derive(Debug, Default)]
pub struct Cutter {
    word: String,
    best: Vec<(f64, usize, Id)>,
}

/// Begins a word.
const SPACE: &str = "▁";

impl Pieces {
    /// A vocabulary of `pieces` (the number of a piece is its place; empty ones are not used) with their scores.
    ///
    /// # Errors
    /// When lengths do not fit, or there are no pieces.
    pub fn new(
        pieces: &[&str],
        scores: &[f32],
        special: Special,
        map: FxHashMap<char, Box<str>>,
    ) -> Result<Self, EncoderError> {
        if pieces.len() != scores.len() || scores.iter().any(|s| !s.is_finite()) {
            return Err(EncoderError::wrong("tok.scores", "has not one number for each piece"));
        }
        let special_ids = [special.begin, special.end, special.unknown];
        if special_ids.iter().any(|id| *id as usize >= pieces.len()) {
            return Err(EncoderError::wrong("special", "names pieces that are not there"));
        }
        // Of pieces that are the same, the last counts.
        let mut numbers: FxHashMap<&str, Id> = FxHashMap::default();
        for (id, piece) in (0..).zip(pieces) {
            if !piece.is_empty() && !special_ids.contains(&id) {
                numbers.insert(piece, id);
            }
        }
        let mut patterns: Vec<(&str, Id)> = numbers.into_iter().collect();
        patterns.sort_unstable_by_key(|(_, id)| *id);
        let automaton = DoubleArrayAhoCorasickBuilder::new()
            .build_with_values(patterns)
            .map_err(|error| EncoderError::wrong("tok.pieces", error.to_string()))?;
        let least = scores.iter().fold(0.0_f64, |least, s| least.min(f64::from(*s)));
        Ok(Self {
            automaton,
            scores: scores.iter().map(|s| f64::from(*s)).collect(),
            special,
            map,
            unknown_score: least - 10.0,
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// Those that mean something.
    pub fn special(&self) -> Special {
        self.special
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.automaton.heap_bytes() + 8 * self.scores.len()
    }

    /// Cuts one word and appends its pieces to `out`; several unknown characters in a row are one piece.
    pub fn cut(&self, word: &str, cutter: &mut Cutter, out: &mut Vec<Id>) {
        let Cutter { word: written, best } = cutter;
        written.clear();
        written.push_str(SPACE);
        self.write(word, written);
        best.clear();
        best.resize(written.len() + 1, (f64::NEG_INFINITY, 0, self.special.unknown));
        if let Some(first) = best.first_mut() {
            first.0 = 0.0;
        }
        let mut matches = self.automaton.find_overlapping_iter(written.as_bytes()).peekable();
        let mut last = 0;
        for end in written.char_indices().map(|(at, c)| at + c.len_utf8()) {
            let mut here = (f64::NEG_INFINITY, last, self.special.unknown);
            // The longest first; of segmentations that score the same the first found stays.
            while let Some(found) = matches.next_if(|m| m.end() <= end) {
                let before = best.get(found.start()).map_or(f64::NEG_INFINITY, |b| b.0);
                let score =
                    before + self.scores.get(found.value() as usize).copied().unwrap_or(f64::NEG_INFINITY);
                if score > here.0 {
                    here = (score, found.start(), found.value());
                }
            }
            let score = best.get(last).map_or(f64::NEG_INFINITY, |b| b.0) + self.unknown_score;
            if score > here.0 {
                here = (score, last, self.special.unknown);
            }
            if let Some(slot) = best.get_mut(end) {
                *slot = here;
            }
            last = end;
        }
        let from = out.len();
        let mut at = written.len();
        while at > 0 {
            let Some((_, start, id)) = best.get(at).copied() else { break };
            if id != self.special.unknown || out.len() == from || out.last() != Some(&id) {
                out.push(id);
            }
            at = start;
        }
        if let Some(pieces) = out.get_mut(from..) {
            pieces.reverse();
        }
    }

    /// The word as the vocabulary writes it, without white space around it, that inside as [`SPACE`].
    fn write(&self, word: &str, out: &mut String) {
        let from = out.len();
        for c in word.chars() {
            match self.map.get(&c) {
                Some(written) => out.push_str(written),
                None => out.push(c),
            }
        }
        if out.get(from..).is_some_and(|w| w.contains(char::is_whitespace)) {
            let written = out.split_off(from);
            let mut parts = written.trim().split(' ').filter(|part| !part.is_empty());
            out.push_str(parts.next().unwrap_or_default());
            for part in parts {
                out.push_str(SPACE);
                out.push_str(part);
            }
        }
    }
}
