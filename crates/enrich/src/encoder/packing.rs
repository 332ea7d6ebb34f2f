//! Writing the file of a model ([`super::file`]): weights are rounded to seven bits and a sign, everything has one order.

use std::collections::HashMap;

use khabar_kernels::rounded;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::pieces::Special;
use super::table::GROUP;
use super::{EncoderError, FORMAT};

/// What stands in the metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Name of the model, as records show it.
    pub name: String,
    /// Labels in the order of the head's rows.
    pub labels: Vec<String>,
    /// Heads of attention.
    pub heads: usize,
    /// What normalisation adds to the variance.
    pub epsilon: f32,
    /// Pieces that mean something to the network.
    pub special: Special,
}

/// Pieces and how characters are written in them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// All pieces, one behind the other.
    pub pieces: Vec<u8>,
    /// Where each ends.
    pub ends: Vec<u32>,
    /// The score of each.
    pub scores: Vec<f32>,
    /// Characters that are written otherwise.
    pub map_from: Vec<u32>,
    /// Where the writing of each ends.
    pub map_ends: Vec<u32>,
    /// What they are written as, one behind the other.
    pub map_to: Vec<u32>,
}

impl Vocabulary {
    /// One more piece; an empty one is never cut.
    pub fn piece(&mut self, piece: &str, score: f32) {
        self.pieces.extend_from_slice(piece.as_bytes());
        self.ends.push(self.pieces.len() as u32);
        self.scores.push(score);
    }

    /// One more character that is written otherwise.
    pub fn written(&mut self, c: char, writing: &str) {
        self.map_from.push(c.into());
        self.map_to.extend(writing.chars().map(u32::from));
        self.map_ends.push(self.map_to.len() as u32);
    }
}

/// The tensors of a file, one after the other.
#[derive(Debug, Default)]
pub struct Packer {
    tensors: Vec<Tensor>,
}

#[derive(Debug)]
struct Tensor {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Packer {
    fn put(&mut self, name: &str, dtype: Dtype, shape: &[usize], bytes: Vec<u8>) {
        self.tensors.push(Tensor { name: name.to_owned(), dtype, shape: shape.to_vec(), bytes });
    }

    /// Numbers as they are.
    pub fn floats(&mut self, name: &str, shape: &[usize], values: &[f32]) {
        self.put(name, Dtype::F32, shape, values.iter().flat_map(|v| v.to_le_bytes()).collect());
    }

    fn numbers(&mut self, name: &str, values: &[u32]) {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.put(name, Dtype::U32, &[values.len()], bytes);
    }

    /// A matrix (rows of `inputs` weights) with a bias for each row.
    pub fn matrix(&mut self, name: &str, inputs: usize, weights: &[f32], bias: &[f32]) {
        let (weights, scales) = rounded(inputs, weights);
        let bytes = weights.into_iter().map(|w| w as u8).collect();
        self.put(&format!("{name}.weight"), Dtype::I8, &[bias.len(), inputs], bytes);
        self.floats(&format!("{name}.scale"), &[bias.len()], &scales);
        self.floats(&format!("{name}.bias"), &[bias.len()], bias);
    }

    /// The vectors of the pieces in four bits (`encoder/table.rs`), scales as little-endian `f16`.
    pub fn embeddings(&mut self, width: usize, nibbles: Vec<u8>, scales: Vec<u8>) {
        let rows = (2 * nibbles.len()).checked_div(width).unwrap_or(0);
        self.put("emb.nibbles", Dtype::U8, &[rows, width / 2], nibbles);
        self.put("emb.scales", Dtype::F16, &[rows, width / GROUP], scales);
    }

    /// The vocabulary.
    pub fn vocabulary(&mut self, vocabulary: &Vocabulary) {
        let Vocabulary { pieces, ends, scores, map_from, map_ends, map_to } = vocabulary;
        self.put("tok.pieces", Dtype::U8, &[pieces.len()], pieces.clone());
        self.numbers("tok.ends", ends);
        self.floats("tok.scores", &[scores.len()], scores);
        self.numbers("map.from", map_from);
        self.numbers("map.ends", map_ends);
        self.numbers("map.to", map_to);
    }

    /// The file: the same tensors and facts give the same bytes.
    ///
    /// # Errors
    /// When a tensor has not the bytes of its shape.
    pub fn finish(self, facts: &Facts) -> Result<Vec<u8>, EncoderError> {
        let metadata: HashMap<String, String> = [
            ("format", FORMAT.to_owned()),
            ("name", facts.name.clone()),
            ("labels", facts.labels.join(",")),
            ("heads", facts.heads.to_string()),
            ("epsilon", facts.epsilon.to_string()),
            ("begin", facts.special.begin.to_string()),
            ("end", facts.special.end.to_string()),
            ("unknown", facts.special.unknown.to_string()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        let views = self.tensors.iter().map(|tensor| {
            Ok((tensor.name.clone(), TensorView::new(tensor.dtype, tensor.shape.clone(), &tensor.bytes)?))
        });
        let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
        let mut bytes = safetensors::serialize(views, Some(metadata))?;
        order(&mut bytes).ok_or_else(|| EncoderError::wrong("header", "cannot be put in order"))?;
        Ok(bytes)
    }
}

/// Puts the keys of the header in order: the crate writes them as a hash map has them, another way each time.
fn order(bytes: &mut [u8]) -> Option<()> {
    let (len, rest) = bytes.split_first_chunk_mut::<8>()?;
    let header = rest.get_mut(..u64::from_le_bytes(*len) as usize)?;
    let keys: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(header).ok()?;
    let mut ordered = serde_json::to_vec(&keys).ok()?;
    if ordered.len() > header.len() {
        return None;
    }
    ordered.resize(header.len(), b' ');
    header.copy_from_slice(&ordered);
    Some(())
}
