//! An article in windows that the network reads at once.
//!
//! Sentences in a row, the title's first, are packed up to [`WINDOW`] pieces: the more of an article a word is read with, the
//! better. A sentence that is longer is read in parts that overlap; a word's scores are then those of the part in
//! which it stands farthest from an edge.

use std::ops::Range;

use super::pieces::{Cutter, Id};
use super::words::{clean, words};
use super::{Encoder, Logits};
use crate::doc::Doc;
use crate::tagger::{LABELS, TYPES, label};

/// Pieces of a window, its begin and end not counted: what the network was trained with.
const WINDOW: usize = 252;
/// Pieces by which the parts of a long sentence overlap.
const OVERLAP: usize = 64;
/// Pieces of a word; what is longer is no word of a language.
const MOST_PIECES: usize = 24;

/// A word of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// Index of its field.
    pub doc: usize,
    /// Index in the field.
    pub word: usize,
}

/// Windows, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Packed {
    /// Words of each field, in bytes of its normalised text.
    pub read: Vec<Vec<Range<usize>>>,
    pieces: Vec<Id>,
    firsts: Vec<u32>,
    words: Vec<Word>,
    windows: Vec<Window>,
}

/// A window: places in [`Packed`].
#[derive(Debug, Clone, Default)]
struct Window {
    pieces: Range<usize>,
    words: Range<usize>,
}

impl Packed {
    /// Of each window its pieces, where among them the words begin whose scores are wanted, and these words.
    pub fn windows(&self) -> impl Iterator<Item = (&[Id], &[u32], &[Word])> {
        self.windows.iter().filter_map(|window| {
            let words = window.words.clone();
            Some((
                self.pieces.get(window.pieces.clone())?,
                self.firsts.get(words.clone())?,
                self.words.get(words)?,
            ))
        })
    }
}

/// A run of words that are read together, and their pieces.
struct Words {
    doc: usize,
    words: Range<usize>,
}

/// Packs the fields of an article.
pub(super) fn pack(encoder: &Encoder, docs: &[Doc]) -> Packed {
    let cut: Vec<Cut> = docs.iter().map(|doc| Cut::new(encoder, doc)).collect();
    let room = WINDOW.min(encoder.most_positions().saturating_sub(2)).max(MOST_PIECES);
    let mut packed = Packed::default();
    let mut open = Vec::new();
    let mut filled = 0;
    for (doc, of) in cut.iter().enumerate() {
        for sentence in &of.sentences {
            let pieces = of.count(sentence);
            if filled + pieces > room {
                packed.push(encoder, &cut, &open, None);
                open.clear();
                filled = 0;
            }
            if pieces > room {
                packed.push_long(encoder, &cut, doc, sentence, room);
            } else if pieces > 0 {
                filled += pieces;
                open.push(Words { doc, words: sentence.clone() });
            }
        }
    }
    packed.push(encoder, &cut, &open, None);
    packed.read = cut.into_iter().map(|of| of.words).collect();
    packed
}

/// A field, cut into pieces.
struct Cut {
    words: Vec<Range<usize>>,
    pieces: Vec<Id>,
    /// Where the pieces of each word end.
    ends: Vec<usize>,
    /// Words of each sentence.
    sentences: Vec<Range<usize>>,
}

impl Cut {
    fn new(encoder: &Encoder, doc: &Doc) -> Self {
        let text = doc.text.normalised();
        let mut cut =
            Self { words: words(text), pieces: Vec::new(), ends: Vec::new(), sentences: Vec::new() };
        let mut cutter = Cutter::default();
        for word in &cut.words {
            let from = cut.pieces.len();
            encoder.pieces.cut(
                &clean(text.get(word.clone()).unwrap_or_default()),
                &mut cutter,
                &mut cut.pieces,
            );
            cut.pieces.truncate(from + MOST_PIECES);
            if cut.pieces.len() == from {
                cut.pieces.push(encoder.pieces.special().unknown);
            }
            cut.ends.push(cut.pieces.len());
        }
        let mut from = 0;
        for sentence in &doc.sentences {
            let to = cut.words.partition_point(|word| word.start < sentence.end as usize).max(from);
            cut.sentences.push(std::mem::replace(&mut from, to)..to);
        }
        cut
    }

    /// Where the pieces of a word begin.
    fn begin(&self, word: usize) -> usize {
        word.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }

    /// Pieces of some words.
    fn count(&self, words: &Range<usize>) -> usize {
        self.begin(words.end).saturating_sub(self.begin(words.start))
    }
}

impl Packed {
    /// Adds a window of some words; only the scores of `wanted` ones, where it says.
    fn push(&mut self, encoder: &Encoder, cut: &[Cut], open: &[Words], wanted: Option<Range<usize>>) {
        if open.is_empty() {
            return;
        }
        let special = encoder.pieces.special();
        let (from, first_word) = (self.pieces.len(), self.words.len());
        self.pieces.push(special.begin);
        for Words { doc, words } in open {
            let Some(of) = cut.get(*doc) else { continue };
            for word in words.clone() {
                if wanted.as_ref().is_none_or(|wanted| wanted.contains(&word)) {
                    self.firsts.push((self.pieces.len() - from) as u32);
                    self.words.push(Word { doc: *doc, word });
                }
                self.pieces.extend(of.pieces.get(of.begin(word)..of.begin(word + 1)).unwrap_or_default());
            }
        }
        self.pieces.push(special.end);
        self.windows.push(Window { pieces: from..self.pieces.len(), words: first_word..self.words.len() });
    }

    /// Adds a sentence that is longer than a window, in parts.
    fn push_long(
        &mut self,
        encoder: &Encoder,
        cut: &[Cut],
        doc: usize,
        sentence: &Range<usize>,
        room: usize,
    ) {
        let Some(of) = cut.get(doc) else { return };
        let mut start = sentence.start;
        let mut wanted = start;
        while start < sentence.end {
            let mut end = start + 1;
            while end < sentence.end && of.count(&(start..end + 1)) <= room {
                end += 1;
            }
            let mut next = end;
            while end < sentence.end && next > start + 1 && of.count(&(next - 1..end)) <= OVERLAP {
                next -= 1;
            }
            let border = if end < sentence.end { next + (end - next) / 2 } else { end };
            self.push(encoder, cut, &[Words { doc, words: start..end }], Some(wanted..border));
            wanted = border;
            start = next;
        }
    }
}

/// The scores of the tokens of a field from those of its words.
pub(super) fn of_tokens(doc: &Doc, words: &[Range<usize>], scores: &[Logits]) -> Vec<Logits> {
    let mut at = 0;
    let of = |token: &crate::doc::Token| {
        let token = token.range();
        while words.get(at).is_some_and(|word| word.end <= token.start) {
            at += 1;
        }
        match (words.get(at), scores.get(at)) {
            (Some(word), Some(logits)) if word.start < token.end => {
                if word.start < token.start {
                    going_on(logits)
                } else {
                    *logits
                }
            }
            _ => [0.0; LABELS],
        }
    };
    doc.tokens.iter().map(of).collect()
}

/// Scores for a later token of the same word: where the word begins a name, the token goes on with it.
fn going_on(logits: &Logits) -> Logits {
    let mut scores = *logits;
    for kind in 0..TYPES.len() {
        let (begin, inside) = (label(kind, true), label(kind, false));
        scores[inside] = logits[begin].max(logits[inside]);
        scores[begin] = logits[begin].min(logits[inside]);
    }
    scores
}
