//! Weights as small whole numbers.

use crate::path::Path;
use crate::product::{BLOCK, MOST, Packed, STEP, products};
use crate::rows::Rows;

/// A matrix of weights with a bias: `output = scale of the row * weights * input + bias`.
#[derive(Debug, Clone)]
pub struct Matrix {
    outputs: usize,
    packed: Packed,
    /// Of each output, made up to whole blocks; as are those of `bias`.
    scales: Vec<f32>,
    bias: Vec<f32>,
}

/// Shapes or values that do not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeError(String);

impl std::fmt::Display for ShapeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ShapeError {}

impl Matrix {
    /// Packs `weights` (`outputs` rows of `inputs`, -63 to 63) with a scale and a bias for each row.
    ///
    /// # Errors
    /// When lengths do not fit each other, `inputs` is above 65,536 or no multiple of four, or a weight is out of range.
    pub fn new(inputs: usize, weights: &[i8], scales: &[f32], bias: &[f32]) -> Result<Self, ShapeError> {
        let outputs = scales.len();
        if !inputs.is_multiple_of(STEP) || inputs == 0 || inputs > 1 << 16 {
            return Err(ShapeError(format!("{inputs} inputs: must be a multiple of 4, at most 65536")));
        }
        if weights.len() != outputs * inputs || bias.len() != outputs {
            return Err(ShapeError(format!(
                "{} weights and {} biases for {outputs} outputs of {inputs} inputs",
                weights.len(),
                bias.len()
            )));
        }
        if weights.iter().any(|w| w.unsigned_abs() > MOST.unsigned_abs()) {
            return Err(ShapeError("a weight beyond -63..63".to_owned()));
        }
        let mut packed = Packed::default();
        packed.shape(outputs, inputs);
        for (output, row) in weights.chunks_exact(inputs).enumerate() {
            packed.put(output, row);
        }
        let padded = packed.sums.len();
        let pad =
            |values: &[f32]| values.iter().copied().chain(std::iter::repeat(0.0)).take(padded).collect();
        Ok(Self { outputs, scales: pad(scales), bias: pad(bias), packed })
    }

    /// Rounds a matrix of numbers, each row to its own scale.
    ///
    /// # Errors
    /// When shapes do not fit, or a number is not finite.
    pub fn of(inputs: usize, weights: &[f32], bias: &[f32]) -> Result<Self, ShapeError> {
        if weights.iter().chain(bias).any(|w| !w.is_finite()) {
            return Err(ShapeError("a weight that is not finite".to_owned()));
        }
        let (rounded, scales) = rounded(inputs, weights);
        Self::new(inputs, &rounded, &scales, bias)
    }

    /// Outputs.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Inputs.
    pub fn inputs(&self) -> usize {
        self.packed.inputs
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.packed.weights.len() + 4 * (self.packed.sums.len() + self.scales.len() + self.bias.len())
    }

    /// Applies it to every row; `out` becomes one row of outputs for each.
    ///
    /// # Errors
    /// When the rows have another width than it has inputs.
    pub fn apply(&self, path: Path, rows: &Rows, out: &mut Vec<f32>) -> Result<(), ShapeError> {
        let inputs = self.inputs();
        if rows.width != inputs || rows.bytes.len() != rows.len() * rows.width {
            return Err(ShapeError(format!("rows of {} for {inputs} inputs", rows.width)));
        }
        // What was in it is written over, every number of it.
        out.resize(rows.len() * self.outputs, 0.0);
        products(path, &self.packed, &rows.bytes, |row, block, sums| {
            let (from, to) = (block * BLOCK, self.outputs.min((block + 1) * BLOCK));
            let (scale, at) = (rows.scales[row], row * self.outputs);
            // The same operations in the same order on every path.
            let of_block = self.packed.sums[from..].iter().zip(&self.scales[from..]).zip(&self.bias[from..]);
            for ((out, sum), ((much, by), bias)) in out[at + from..at + to].iter_mut().zip(sums).zip(of_block)
            {
                *out = (sum - much) as f32 * (by * scale) + bias;
            }
        });
        Ok(())
    }
}

/// Rounds rows of `inputs` weights as [`Matrix::new`] wants them, each to its own scale: the weights, the scales.
pub fn rounded(inputs: usize, weights: &[f32]) -> (Vec<i8>, Vec<f32>) {
    let mut scales = Vec::with_capacity(weights.len() / inputs.max(1));
    let mut rounded = Vec::with_capacity(weights.len());
    for row in weights.chunks(inputs.max(1)) {
        let scale = row.iter().fold(0.0_f32, |top, w| top.max(w.abs())).max(1e-9) / f32::from(MOST);
        rounded.extend(row.iter().map(|w| (w / scale).round_ties_even() as i8));
        scales.push(scale);
    }
    (rounded, scales)
}
