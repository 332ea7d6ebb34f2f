//! The file of a model: safetensors, everything in it.
//!
//! | tensor | shape | |
//! |---|---|---|
//! | `emb.nibbles`, `emb.scales` | pieces x width / 2 (u8), pieces x width / 32 (f16) | [`super::table`] |
//! | `pos` | positions x width, f32 or f16 | with everything that is added to each input |
//! | `ln.weight`, `ln.bias` | width | of the input |
//! | `layers.N.X.weight`, `.scale`, `.bias` | outputs x inputs (i8, -63 to 63), outputs, outputs | X: `qkv`, `o`, `fi`, `fo` |
//! | `layers.N.ln1.weight`, `.bias`, `ln2` | width | behind attention, behind the wide part |
//! | `head.weight`, `head.bias` | labels x width, labels | |
//! | `tok.pieces`, `tok.ends`, `tok.scores` | bytes, where each piece ends (u32), f32 | vocabulary |
//! | `map.from`, `map.ends`, `map.to` | characters (u32), where each one's writing ends (u32), characters (u32) | |
//!
//! Metadata: `format` (`khabar-encoder 1`), `name`, `labels` (comma-separated, in the order of the head), `heads`, `epsilon`,
//! `begin`, `end`, `unknown` (numbers of pieces).

use half::f16;
use khabar_kernels::{Heads, Matrix, Path};
use rustc_hash::FxHashMap;
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

use super::pieces::{Pieces, Special};
use super::table::Table;
use super::{Encoder, EncoderError, Head, Layer, Norm};
use crate::fingerprint::hex;
use crate::tagger::{LABELS, TYPES, label};

/// What the metadata calls this format.
pub const FORMAT: &str = "khabar-encoder 1";

impl Encoder {
    /// Reads a model; weights are packed for this processor.
    ///
    /// # Errors
    /// When the bytes are not a model of this format, or something in it does not fit.
    pub fn parse(bytes: &[u8]) -> Result<Self, EncoderError> {
        let (_, metadata) = SafeTensors::read_metadata(bytes)?;
        let tensors = SafeTensors::deserialize(bytes)?;
        let file =
            File { tensors, metadata: metadata.metadata().clone().unwrap_or_default().into_iter().collect() };
        let format = file.key("format")?;
        if format != FORMAT {
            return Err(EncoderError::wrong("format", format!("is {format:?}, not {FORMAT:?}")));
        }
        let norm = file.norm("ln")?;
        let width = norm.weight.len();
        let count = file.number::<usize>("heads")?;
        let heads = Heads { count, width: width.checked_div(count).unwrap_or(0) };
        if heads.all() != width || !heads.width.is_multiple_of(8) || heads.width > 256 || width % 32 != 0 {
            return Err(EncoderError::wrong("heads", format!("are {count}: {width} cannot be parted so")));
        }
        let positions = file.floats("pos")?;
        if positions.len() < 64 * width || positions.len() % width != 0 {
            return Err(EncoderError::wrong("pos", "has not at least 64 rows of the width of the rest"));
        }
        let pieces = file.pieces()?;
        let nibbles = file.bytes("emb.nibbles", Dtype::U8)?.to_vec();
        let scales = file.bytes("emb.scales", Dtype::F16)?;
        let scales = scales.as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b)).collect();
        let table = Table::new(width, nibbles, scales)
            .filter(|table| table.len() == pieces.len())
            .ok_or_else(|| EncoderError::wrong("emb.nibbles", "has not one vector for each piece"))?;
        let mut layers = Vec::new();
        while file.tensors.tensor(&format!("layers.{}.qkv.weight", layers.len())).is_ok() {
            layers.push(file.layer(layers.len(), width)?);
        }
        Ok(Self {
            // Tells files of one name apart.
            name: format!("{}-{}", file.key("name")?, hex(&Sha256::digest(bytes)[..4])),
            path: Path::best(),
            pieces,
            table,
            positions,
            norm,
            layers,
            heads,
            head: file.head(width)?,
            epsilon: file.number("epsilon")?,
            scratch: std::sync::Mutex::default(),
        })
    }
}

struct File<'a> {
    tensors: SafeTensors<'a>,
    metadata: FxHashMap<String, String>,
}

impl<'a> File<'a> {
    fn key(&self, name: &str) -> Result<&str, EncoderError> {
        self.metadata.get(name).map(String::as_str).ok_or_else(|| EncoderError::Missing(name.to_owned()))
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T, EncoderError> {
        self.key(name)?.parse().map_err(|_| EncoderError::wrong(name, "is no number"))
    }

    fn bytes(&self, name: &str, dtype: Dtype) -> Result<&'a [u8], EncoderError> {
        let tensor = self.tensors.tensor(name).map_err(|_| EncoderError::Missing(name.to_owned()))?;
        if tensor.dtype() != dtype {
            return Err(EncoderError::wrong(name, format!("is of type {:?}, not {dtype:?}", tensor.dtype())));
        }
        Ok(tensor.data())
    }

    /// Numbers of 32 or 16 bits.
    fn floats(&self, name: &str) -> Result<Vec<f32>, EncoderError> {
        let tensor = self.tensors.tensor(name).map_err(|_| EncoderError::Missing(name.to_owned()))?;
        let floats: Vec<f32> = match tensor.dtype() {
            Dtype::F32 => tensor.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Dtype::F16 => {
                tensor.data().as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect()
            }
            other => return Err(EncoderError::wrong(name, format!("is of type {other:?}, not F32 or F16"))),
        };
        match floats.iter().all(|x| x.is_finite()) {
            true => Ok(floats),
            false => Err(EncoderError::wrong(name, "has numbers that are not finite")),
        }
    }

    fn numbers(&self, name: &str) -> Result<Vec<u32>, EncoderError> {
        let bytes = self.bytes(name, Dtype::U32)?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect())
    }

    fn norm(&self, name: &str) -> Result<Norm, EncoderError> {
        let (weight, bias) = (self.floats(&format!("{name}.weight"))?, self.floats(&format!("{name}.bias"))?);
        if weight.len() != bias.len() || weight.is_empty() {
            return Err(EncoderError::wrong(name, "has weights and biases of different lengths"));
        }
        Ok(Norm { weight, bias })
    }

    fn layer(&self, n: usize, width: usize) -> Result<Layer, EncoderError> {
        let norm = |name: &str| {
            let name = format!("layers.{n}.{name}");
            let norm = self.norm(&name)?;
            let fits = norm.weight.len() == width;
            fits.then_some(norm).ok_or_else(|| EncoderError::wrong(&name, format!("is not {width} wide")))
        };
        let wide = self.matrix(&format!("layers.{n}.fi"), width, None)?;
        Ok(Layer {
            qkv: self.matrix(&format!("layers.{n}.qkv"), width, Some(3 * width))?,
            attended: self.matrix(&format!("layers.{n}.o"), width, Some(width))?,
            attended_norm: norm("ln1")?,
            narrow: self.matrix(&format!("layers.{n}.fo"), wide.outputs(), Some(width))?,
            wide,
            norm: norm("ln2")?,
        })
    }

    fn matrix(&self, name: &str, inputs: usize, outputs: Option<usize>) -> Result<Matrix, EncoderError> {
        let weights = self.bytes(&format!("{name}.weight"), Dtype::I8)?;
        let weights: Vec<i8> = weights.iter().map(|b| *b as i8).collect();
        let (scales, bias) = (self.floats(&format!("{name}.scale"))?, self.floats(&format!("{name}.bias"))?);
        let matrix = Matrix::new(inputs, &weights, &scales, &bias)
            .map_err(|error| EncoderError::Shape { name: name.to_owned(), error })?;
        if outputs.is_some_and(|outputs| outputs != matrix.outputs()) {
            return Err(EncoderError::wrong(name, format!("has {} outputs", matrix.outputs())));
        }
        Ok(matrix)
    }

    /// The rows of the head in the order of our labels; a label that the model lacks is never the best.
    fn head(&self, width: usize) -> Result<Head, EncoderError> {
        let (weights, bias) = (self.floats("head.weight")?, self.floats("head.bias")?);
        let labels: Vec<&str> = self.key("labels")?.split(',').collect();
        if weights.len() != labels.len() * width || bias.len() != labels.len() {
            return Err(EncoderError::wrong("head.weight", "has not one row for each of `labels`"));
        }
        let mut head = Head { weights: vec![0.0; LABELS * width], bias: [-1e4; LABELS] };
        for ((name, weights), bias) in labels.iter().zip(weights.chunks_exact(width)).zip(bias) {
            let ours = ours(name).ok_or_else(|| {
                EncoderError::wrong("labels", format!("has {name:?}, which is none of khabar's"))
            })?;
            if let Some(slot) = head.weights.get_mut(ours * width..(ours + 1) * width) {
                slot.copy_from_slice(weights);
            }
            head.bias[ours] = bias;
        }
        Ok(head)
    }

    fn pieces(&self) -> Result<Pieces, EncoderError> {
        let blob = std::str::from_utf8(self.bytes("tok.pieces", Dtype::U8)?)
            .map_err(|_| EncoderError::wrong("tok.pieces", "is not UTF-8"))?;
        let mut pieces = Vec::new();
        let mut from = 0;
        for end in self.numbers("tok.ends")? {
            let to = end as usize;
            let piece = blob.get(from..to);
            pieces.push(piece.ok_or_else(|| EncoderError::wrong("tok.ends", "does not part `tok.pieces`"))?);
            from = to;
        }
        let special = Special {
            begin: self.number("begin")?,
            end: self.number("end")?,
            unknown: self.number("unknown")?,
        };
        Pieces::new(&pieces, &self.floats("tok.scores")?, special, self.map()?)
    }

    fn map(&self) -> Result<FxHashMap<char, Box<str>>, EncoderError> {
        let wrong = || EncoderError::wrong("map.to", "does not give each of `map.from` its characters");
        let to: String = self
            .numbers("map.to")?
            .into_iter()
            .map(char::from_u32)
            .collect::<Option<_>>()
            .ok_or_else(wrong)?;
        let to: Vec<char> = to.chars().collect();
        let (characters, ends) = (self.numbers("map.from")?, self.numbers("map.ends")?);
        if characters.len() != ends.len() || ends.last().map_or(0, |end| *end as usize) != to.len() {
            return Err(wrong());
        }
        let mut map = FxHashMap::default();
        let mut from = 0;
        for (c, end) in characters.into_iter().zip(ends) {
            let written: String = to.get(from..end as usize).ok_or_else(wrong)?.iter().collect();
            map.insert(char::from_u32(c).ok_or_else(wrong)?, written.into());
            from = end as usize;
        }
        Ok(map)
    }
}

/// Our number of a label.
fn ours(name: &str) -> Option<usize> {
    if name == "O" {
        return Some(crate::tagger::OUTSIDE);
    }
    let (position, kind) = name.split_once('-')?;
    let kind = TYPES.iter().position(|t| t.as_str() == kind)?;
    match position {
        "B" => Some(label(kind, true)),
        "I" => Some(label(kind, false)),
        _ => None,
    }
}
