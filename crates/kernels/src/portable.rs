//! The product without vectors of our own: what the others must equal.

use crate::matrix::{BLOCK, Matrix, STEP};
use crate::rows::Rows;

pub(crate) fn apply(matrix: &Matrix, rows: &Rows, out: &mut [f32]) {
    let (inputs, outputs) = (matrix.inputs, matrix.outputs);
    for (block, weights) in matrix.packed.chunks_exact(BLOCK * inputs).enumerate() {
        let of_rows = rows.bytes.chunks_exact(inputs).zip(&rows.scales).zip(out.chunks_exact_mut(outputs));
        for ((bytes, scale), out) in of_rows {
            let mut sums = [0_i32; BLOCK];
            for (four, weights) in bytes.chunks_exact(STEP).zip(weights.chunks_exact(BLOCK * STEP)) {
                for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(STEP)) {
                    *sum += four.iter().zip(weights).map(|(a, w)| i32::from(*a) * i32::from(*w)).sum::<i32>();
                }
            }
            let end = outputs.min((block + 1) * BLOCK);
            matrix.finish(block, &sums, *scale, &mut out[block * BLOCK..end]);
        }
    }
}
