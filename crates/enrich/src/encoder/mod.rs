//! The accurate tagger: a transformer that reads a word with those around it, in four languages.
//!
//! An encoder of the BERT family whose sub-word vocabulary and weights come in one file ([`Encoder::parse`]). Text is cut
//! into words ([`words`]), these into pieces ([`pieces`]), sentences are packed into windows ([`windows`]), and the network
//! scores the labels of each word at its first piece ([`forward`]). What becomes of the scores is the tagger's
//! business: the same chain that the fast tier uses ([`crate::tagger`]).
//!
//! Arithmetic is `khabar-kernels`': the same bits on any processor. Everything that is read-only is shared by all
//! lanes; a lane borrows working memory for one article.

mod file;
mod forward;
pub mod pieces;
mod table;
#[cfg(test)]
mod tests;
mod windows;
pub mod words;

use std::sync::Mutex;

use khabar_kernels::{Heads, Matrix, Path, ShapeError};

use crate::doc::Doc;
use crate::tagger::LABELS;
pub use file::FORMAT;
use forward::Scratch;
use pieces::Pieces;
use table::Table;

/// Scores of the labels of one token: logits, to be compared with each other only.
pub type Logits = [f32; LABELS];

/// A loaded model.
#[derive(Debug)]
pub struct Encoder {
    name: String,
    path: Path,
    pieces: Pieces,
    table: Table,
    /// A row for each position, with what is added to every input.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    heads: Heads,
    /// A row of weights and a bias for each of our labels.
    head: Head,
    epsilon: f32,
    /// Working memory that is not in use.
    scratch: Mutex<Vec<Scratch>>,
}

/// Why a file is no model that can be used.
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    /// Not a file of tensors.
    #[error("not a safetensors file: {0}")]
    File(#[from] safetensors::SafeTensorError),
    /// A tensor or a key of the metadata that is not there.
    #[error("`{0}` is missing")]
    Missing(String),
    /// Something that is there and cannot be right.
    #[error("`{name}` {what}")]
    Wrong {
        /// The tensor or key.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// Weights that do not fit.
    #[error("`{name}`: {error}")]
    Shape {
        /// The tensor.
        name: String,
        /// What does not fit.
        error: ShapeError,
    },
}

impl EncoderError {
    fn wrong(name: &str, what: impl Into<String>) -> Self {
        Self::Wrong { name: name.to_owned(), what: what.into() }
    }
}

#[derive(Debug)]
struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

#[derive(Debug)]
struct Layer {
    /// Queries, keys and values, one behind the other.
    qkv: Matrix,
    attended: Matrix,
    attended_norm: Norm,
    wide: Matrix,
    narrow: Matrix,
    norm: Norm,
}

#[derive(Debug)]
struct Head {
    weights: Vec<f32>,
    bias: Logits,
}

impl Encoder {
    /// Its name, in `pipeline.models`: that of the file, and a digest of its bytes.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// On another path than the processor's fastest: the results are the same.
    #[must_use]
    pub fn with_path(self, path: Path) -> Self {
        Self { path, ..self }
    }

    /// What it runs on.
    pub fn path(&self) -> Path {
        self.path
    }

    /// Its vocabulary.
    pub fn pieces(&self) -> &Pieces {
        &self.pieces
    }

    /// Bytes of weights and vocabulary in memory, shared by all lanes.
    pub fn bytes(&self) -> usize {
        let of_layer =
            |l: &Layer| [&l.qkv, &l.attended, &l.wide, &l.narrow].map(Matrix::bytes).iter().sum::<usize>();
        self.table.bytes()
            + self.pieces.bytes()
            + 4 * self.positions.len()
            + self.layers.iter().map(of_layer).sum::<usize>()
    }

    /// Width of its vectors.
    fn width(&self) -> usize {
        self.norm.weight.len()
    }

    /// Positions that it has.
    fn most_positions(&self) -> usize {
        self.positions.len() / self.width().max(1)
    }

    /// The scores of every token of `docs`: those of the word that the token begins in; all 0 for tokens that are part of none.
    pub fn score(&self, docs: &[Doc]) -> Vec<Vec<Logits>> {
        let mut scratch = self.scratch.lock().ok().and_then(|mut free| free.pop()).unwrap_or_default();
        let packed = windows::pack(self, docs);
        let mut by_word: Vec<Vec<Logits>> =
            packed.read.iter().map(|words| vec![[0.0; LABELS]; words.len()]).collect();
        for (pieces, firsts, words) in packed.windows() {
            let logits = self.forward(pieces, firsts, &mut scratch);
            for (word, logits) in words.iter().zip(logits) {
                if let Some(slot) = by_word.get_mut(word.doc).and_then(|d| d.get_mut(word.word)) {
                    *slot = *logits;
                }
            }
        }
        if let Ok(mut free) = self.scratch.lock() {
            free.push(scratch);
        }
        let each = docs.iter().zip(&packed.read).zip(&by_word);
        each.map(|((doc, words), scores)| windows::of_tokens(doc, words, scores)).collect()
    }
}
