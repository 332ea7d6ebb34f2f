//! The product without vectors: what the others must equal.

use crate::product::{BLOCK, Packed, STEP};

/// See [`crate::product::products`].
#[inline(always)]
pub(crate) fn products(packed: &Packed, rows: &[u8], mut each: impl FnMut(usize, usize, &[i32; BLOCK])) {
    let inputs = packed.inputs;
    for (block, weights) in packed.weights.chunks_exact(BLOCK * inputs).enumerate() {
        for (number, row) in rows.chunks_exact(inputs).enumerate() {
            let mut sums = [0_i32; BLOCK];
            for (four, weights) in row.chunks_exact(STEP).zip(weights.chunks_exact(BLOCK * STEP)) {
                for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(STEP)) {
                    *sum += four.iter().zip(weights).map(|(a, w)| i32::from(*a) * i32::from(*w)).sum::<i32>();
                }
            }
            each(number, block, &sums);
        }
    }
}
