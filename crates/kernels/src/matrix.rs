//! Weights as small whole numbers.

use crate::path::{Kind, Path};
use crate::portable;
use crate::rows::Rows;

/// Outputs that are computed together.
pub(crate) const BLOCK: usize = 16;
/// Inputs that are multiplied together.
pub(crate) const STEP: usize = 4;
/// The largest weight: two products of it with a byte fit 16 bits.
pub(crate) const MOST: i8 = 63;

/// A matrix of weights with a bias: `output = scale of the row * weights * input + bias`.
///
/// Packed for vectors: blocks of 16 outputs; in each, four inputs at a time, 16 x 4 weights side by side.
#[derive(Debug, Clone)]
pub struct Matrix {
    pub(crate) outputs: usize,
    pub(crate) inputs: usize,
    pub(crate) packed: Vec<i8>,
    /// 128 times the sum of each output's weights: what bytes, which stand 128 above their values, add too much.
    pub(crate) sums: Vec<i32>,
    pub(crate) scales: Vec<f32>,
    pub(crate) bias: Vec<f32>,
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
        let padded = outputs.next_multiple_of(BLOCK);
        let mut packed = vec![0; padded * inputs];
        let mut sums = vec![0; padded];
        for (output, row) in weights.chunks_exact(inputs).enumerate() {
            let block = output / BLOCK * BLOCK * inputs;
            for (step, four) in row.chunks_exact(STEP).enumerate() {
                let at = block + (step * BLOCK + output % BLOCK) * STEP;
                if let Some(slot) = packed.get_mut(at..at + STEP) {
                    slot.copy_from_slice(four);
                }
            }
            if let Some(sum) = sums.get_mut(output) {
                *sum = row.iter().map(|w| 128 * i32::from(*w)).sum();
            }
        }
        let pad =
            |values: &[f32]| values.iter().copied().chain(std::iter::repeat(0.0)).take(padded).collect();
        Ok(Self { outputs, inputs, packed, sums, scales: pad(scales), bias: pad(bias) })
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
        self.inputs
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.packed.len() + 4 * (self.sums.len() + self.scales.len() + self.bias.len())
    }

    /// Applies it to every row; `out` becomes one row of outputs for each.
    ///
    /// # Errors
    /// When the rows have another width than it has inputs.
    pub fn apply(&self, path: Path, rows: &Rows, out: &mut Vec<f32>) -> Result<(), ShapeError> {
        if rows.width != self.inputs || rows.bytes.len() != rows.len() * rows.width {
            return Err(ShapeError(format!("rows of {} for {} inputs", rows.width, self.inputs)));
        }
        out.clear();
        out.resize(rows.len() * self.outputs, 0.0);
        match path.0 {
            Kind::Portable => portable::apply(self, rows, out),
            // SAFETY: such a path is only made where the processor has the instructions; lengths were checked here and
            // in `new`: a block of weights has `BLOCK * inputs` bytes, each row `inputs`.
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => unsafe { crate::x86::apply_avx2(self, rows, out) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kind::Vnni => unsafe { crate::x86::apply_vnni(self, rows, out) },
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            Kind::Neon => unsafe { crate::neon::apply(self, rows, out) },
        }
        Ok(())
    }

    /// Outputs of one row of a block from its sums: the same operations in the same order on every path.
    #[inline(always)]
    pub(crate) fn finish(&self, block: usize, sums: &[i32; BLOCK], scale: f32, out: &mut [f32]) {
        let from = block * BLOCK;
        let each = self.sums[from..].iter().zip(&self.scales[from..]).zip(&self.bias[from..]);
        for ((out, sum), ((much, by), bias)) in out.iter_mut().zip(sums).zip(each) {
            *out = (sum - much) as f32 * (by * scale) + bias;
        }
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
