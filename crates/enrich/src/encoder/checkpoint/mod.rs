//! A user's own model: a checkpoint for token classification as Hugging Face's libraries write it, made into our file.
//!
//! The network must be ours: an encoder of the BERT family with normalisation behind each part and absolute positions
//! (`BertForTokenClassification`, `XLMRobertaForTokenClassification`), such as multilingual-e5-small or XLM-R; the
//! tokeniser SentencePiece's unigram model. It should have been trained on words that are parted from punctuation, as
//! in CoNLL files, each with its label at its first piece: so it is asked. Marks on Arabic letters never reach it.
//!
//! Three files are read: `config.json` ([`config`]), `tokenizer.json` ([`tokenizer`]) and `model.safetensors`
//! ([`weights`]). Whatever does not fit is an error that names the file, the key, what was found and what may be there.

mod charsmap;
mod config;
#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;
mod tokenizer;
mod weights;

use serde_json::Value;

use super::EncoderError;
use super::packing::{Facts, Packer};

/// The network's sizes and labels.
pub const CONFIG: &str = "config.json";
/// The vocabulary.
pub const TOKENIZER: &str = "tokenizer.json";
/// The weights.
pub const WEIGHTS: &str = "model.safetensors";
/// The name of such a model where nobody gives another; records show it with a digest of the file behind it.
pub const NAME: &str = "own";

/// Why a checkpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// A file that cannot be read.
    #[error("{file}: {error}; a checkpoint is a folder with {CONFIG}, {TOKENIZER} and {WEIGHTS}")]
    Read {
        /// The file.
        file: &'static str,
        /// Why.
        error: std::io::Error,
    },
    /// Not JSON.
    #[error("{file}: is no JSON: {error}")]
    Json {
        /// The file.
        file: &'static str,
        /// Why.
        error: serde_json::Error,
    },
    /// A key or tensor that is not there.
    #[error("{file}: `{key}` is missing; {allowed}")]
    Missing {
        /// The file.
        file: &'static str,
        /// The key or tensor.
        key: String,
        /// What is to be there.
        allowed: String,
    },
    /// A key or tensor that cannot be used.
    #[error("{file}: `{key}` is {found}; {allowed}")]
    Wrong {
        /// The file.
        file: &'static str,
        /// The key or tensor.
        key: String,
        /// What stands there.
        found: String,
        /// What may stand there.
        allowed: String,
    },
    /// Not a file of tensors.
    #[error("{WEIGHTS}: is no safetensors file: {0}")]
    Tensors(#[from] safetensors::SafeTensorError),
    /// What was packed cannot be written.
    #[error("what was packed: {0}")]
    Packed(EncoderError),
}

impl CheckpointError {
    fn missing(file: &'static str, key: &str, allowed: impl Into<String>) -> Self {
        Self::Missing { file, key: key.to_owned(), allowed: allowed.into() }
    }

    fn wrong(file: &'static str, key: &str, found: impl Into<String>, allowed: impl Into<String>) -> Self {
        Self::Wrong { file, key: key.to_owned(), found: found.into(), allowed: allowed.into() }
    }
}

/// The file ([`super::Encoder::parse`]) of a checkpoint whose files `read` reads by their names. The same files and name
/// give the same bytes. Weights become numbers of seven bits and a sign, embeddings of four bits.
///
/// # Errors
/// When a file cannot be read, is not what it should be, or does not fit the others.
pub fn pack(
    name: &str,
    mut read: impl FnMut(&str) -> std::io::Result<Vec<u8>>,
) -> Result<Vec<u8>, CheckpointError> {
    let mut open = |file| read(file).map_err(|error| CheckpointError::Read { file, error });
    let config = config::Config::read(&json(CONFIG, &open(CONFIG)?)?)?;
    let (vocabulary, special) = tokenizer::read(&json(TOKENIZER, &open(TOKENIZER)?)?)?;
    let mut packer = Packer::default();
    weights::pack(&open(WEIGHTS)?, &config, vocabulary.ends.len(), &mut packer)?;
    packer.vocabulary(&vocabulary);
    let facts = Facts {
        name: name.to_owned(),
        labels: config.labels.iter().map(|label| (*label).to_owned()).collect(),
        heads: config.heads,
        epsilon: config.epsilon,
        special,
    };
    packer.finish(&facts).map_err(CheckpointError::Packed)
}

fn json(file: &'static str, bytes: &[u8]) -> Result<Value, CheckpointError> {
    serde_json::from_slice(bytes).map_err(|error| CheckpointError::Json { file, error })
}

/// A value as an error shows it: long ones by their beginning.
fn shown(value: &Value) -> String {
    const MOST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
