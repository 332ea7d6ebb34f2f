//! `model.safetensors`: the weights.

use safetensors::SafeTensors;

use super::config::Config;
use super::{CheckpointError, WEIGHTS};
use crate::encoder::numbers::{FLOATS, floats};
use crate::encoder::packing::Packer;
use crate::encoder::table;

/// Packs all tensors; `pieces` is what the vocabulary has.
///
/// # Errors
/// When one is missing, has another shape than `config` says, or numbers that are not finite.
pub(super) fn pack(
    bytes: &[u8],
    config: &Config,
    pieces: usize,
    packer: &mut Packer,
) -> Result<(), CheckpointError> {
    let file = File { tensors: SafeTensors::deserialize(bytes)?, prefix: config.prefix };
    let width = config.width;
    file.inputs(config, pieces, packer)?;
    for n in 0..config.layers {
        let from = format!("encoder.layer.{n}");
        let to = format!("layers.{n}");
        let mut qkv = (Vec::new(), Vec::new());
        for part in ["query", "key", "value"] {
            let (weights, bias) = file.linear(&format!("{from}.attention.self.{part}"), [width, width])?;
            qkv.0.extend(weights);
            qkv.1.extend(bias);
        }
        packer.matrix(&format!("{to}.qkv"), width, &qkv.0, &qkv.1);
        for (part, ours, outputs, inputs) in [
            ("attention.output.dense", "o", width, width),
            ("intermediate.dense", "fi", config.wide, width),
            ("output.dense", "fo", width, config.wide),
        ] {
            let (weights, bias) = file.linear(&format!("{from}.{part}"), [outputs, inputs])?;
            packer.matrix(&format!("{to}.{ours}"), inputs, &weights, &bias);
        }
        for (part, ours) in [("attention.output.LayerNorm", "ln1"), ("output.LayerNorm", "ln2")] {
            file.norm(&format!("{from}.{part}"), &format!("{to}.{ours}"), width, packer)?;
        }
    }
    let labels = config.labels.len();
    packer.floats("head.weight", &[labels, width], &file.read("classifier.weight", &[labels, width])?);
    packer.floats("head.bias", &[labels], &file.read("classifier.bias", &[labels])?);
    Ok(())
}

struct File<'a> {
    tensors: SafeTensors<'a>,
    prefix: &'static str,
}

impl File<'_> {
    /// Embeddings, positions with what is added to all of them, and the first normalisation.
    fn inputs(&self, config: &Config, pieces: usize, packer: &mut Packer) -> Result<(), CheckpointError> {
        let width = config.width;
        let embeddings = |what: &str| format!("{}.embeddings.{what}", self.prefix);
        let name = embeddings("word_embeddings.weight");
        let rows = self.read(&name, &[config.pieces, width])?;
        // There may be vectors without a piece, not the other way round.
        let rows = rows.get(..pieces * width).ok_or_else(|| {
            let allowed =
                format!("the vocabulary of tokenizer.json has {pieces} pieces, each needs a vector");
            CheckpointError::wrong(WEIGHTS, &name, format!("{} vectors", config.pieces), allowed)
        })?;
        let (nibbles, scales) = table::four_bits(rows).ok_or_else(|| {
            CheckpointError::wrong(
                WEIGHTS,
                &name,
                "beyond half a million somewhere",
                "vectors must be smaller",
            )
        })?;
        packer.embeddings(width, nibbles, scales);
        let name = embeddings("position_embeddings.weight");
        let positions = self.read(&name, &[config.positions, width])?;
        let segments = self.read(&embeddings("token_type_embeddings.weight"), &[config.segments, width])?;
        let rows = positions.chunks_exact(width).skip(config.skipped);
        let positions: Vec<f32> =
            rows.flat_map(|row| row.iter().zip(&segments).map(|(a, b)| a + b)).collect();
        if positions.iter().any(|value| !value.is_finite()) {
            let allowed = "with token_type_embeddings.weight added, all numbers must be finite";
            return Err(CheckpointError::wrong(WEIGHTS, &name, "too large somewhere", allowed));
        }
        packer.floats("pos", &[config.positions - config.skipped, width], &positions);
        self.norm("embeddings.LayerNorm", "ln", width, packer)
    }

    fn norm(&self, name: &str, ours: &str, width: usize, packer: &mut Packer) -> Result<(), CheckpointError> {
        for part in ["weight", "bias"] {
            let values = self.read(&format!("{}.{name}.{part}", self.prefix), &[width])?;
            packer.floats(&format!("{ours}.{part}"), &[width], &values);
        }
        Ok(())
    }

    fn linear(&self, name: &str, shape: [usize; 2]) -> Result<(Vec<f32>, Vec<f32>), CheckpointError> {
        let name = format!("{}.{name}", self.prefix);
        let weights = self.read(&format!("{name}.weight"), &shape)?;
        Ok((weights, self.read(&format!("{name}.bias"), &shape[..1])?))
    }

    fn read(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, CheckpointError> {
        let allowed = format!("config.json asks for a tensor of {shape:?}");
        let tensor = self.tensors.tensor(name);
        let tensor = tensor.map_err(|_| CheckpointError::missing(WEIGHTS, name, &*allowed))?;
        if tensor.shape() != shape {
            let found = format!("a tensor of {:?}", tensor.shape());
            return Err(CheckpointError::wrong(WEIGHTS, name, found, allowed));
        }
        let values = floats(tensor.dtype(), tensor.data()).ok_or_else(|| {
            let found = format!("of type {:?}", tensor.dtype());
            CheckpointError::wrong(WEIGHTS, name, found, format!("must be {FLOATS}"))
        })?;
        match values.iter().find(|value| !value.is_finite()) {
            Some(value) => {
                let found = format!("{value} somewhere");
                Err(CheckpointError::wrong(WEIGHTS, name, found, "all numbers must be finite"))
            }
            None => Ok(values),
        }
    }
}
