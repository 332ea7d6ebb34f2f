//! Products of whole numbers, summed exactly: what every path does in its own way and with the same result.

use crate::path::{Kind, Path};
use crate::portable;

/// Outputs that are computed together.
pub(crate) const BLOCK: usize = 16;
/// Inputs that are multiplied together.
pub(crate) const STEP: usize = 4;
/// The largest weight: two products of it with a byte fit 16 bits.
pub(crate) const MOST: i8 = 63;

/// Weights, packed for vectors: blocks of 16 outputs; in each, four inputs at a time, 16 x 4 weights side by side.
#[derive(Debug, Clone, Default)]
pub(crate) struct Packed {
    /// Of each output: a multiple of [`STEP`].
    pub inputs: usize,
    /// As many for each block as `BLOCK * inputs`, none beyond [`MOST`].
    pub weights: Vec<i8>,
    /// 128 times the sum of each output's weights: what bytes that stand 128 above their values add too much.
    pub sums: Vec<i32>,
}

impl Packed {
    /// Takes on so many outputs and inputs, made up to whole blocks and steps. What is not put in is zero or was in it before:
    /// weights all the same, of outputs that nobody asks for or inputs that are zero.
    pub fn shape(&mut self, outputs: usize, inputs: usize) {
        self.inputs = inputs.next_multiple_of(STEP);
        let padded = outputs.next_multiple_of(BLOCK);
        self.weights.resize(padded * self.inputs, 0);
        self.sums.resize(padded, 0);
    }

    /// How many blocks there are.
    pub fn blocks(&self) -> usize {
        self.sums.len() / BLOCK
    }

    /// The weights of an output, none beyond [`MOST`].
    #[inline(always)]
    pub fn put(&mut self, output: usize, row: &[i8]) {
        let block = output / BLOCK * BLOCK * self.inputs;
        for (step, four) in row.chunks_exact(STEP).enumerate() {
            let at = block + (step * BLOCK + output % BLOCK) * STEP;
            self.weights[at..at + STEP].copy_from_slice(four);
        }
        self.sums[output] = row.iter().map(|w| 128 * i32::from(*w)).sum();
    }
}

/// The products of `rows`, bytes of `packed.inputs` each, with all weights: calls `each` with the number of a row, of a
/// block, and the sums of the block's outputs; in an order that depends on the path.
#[inline(always)]
pub(crate) fn products(
    path: Path,
    packed: &Packed,
    rows: &[u8],
    each: impl FnMut(usize, usize, &[i32; BLOCK]),
) {
    let inputs = packed.inputs;
    assert!(inputs > 0 && inputs.is_multiple_of(STEP), "whole steps");
    assert!(packed.weights.len() == packed.blocks() * BLOCK * inputs, "whole blocks");
    if rows.len() < inputs {
        return;
    }
    match path.0 {
        Kind::Portable => portable::products(packed, rows, each),
        // SAFETY: such a path is only made where the processor has the instructions; lengths were checked above. (That no
        // weight is beyond `MOST` is kept by who puts them in; sums would be wrong, nothing worse.)
        #[cfg(target_arch = "x86_64")]
        Kind::Avx2 => unsafe { crate::x86::products_avx2(packed, rows, each) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kind::Vnni => unsafe { crate::x86::products_vnni(packed, rows, each) },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Kind::Neon => unsafe { crate::neon::products(packed, rows, each) },
    }
}
