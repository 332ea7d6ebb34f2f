//! The product with AVX2, and with the dot products of AVX-512 VNNI.

use std::arch::x86_64::*;

use crate::matrix::{BLOCK, Matrix, STEP};
use crate::rows::Rows;

/// Rows that are computed together: the weights of a step are loaded once for all.
const TILE: usize = 4;

/// # Safety
/// The processor has AVX2; every row has `inputs` bytes, every block `BLOCK * inputs` weights of at most 63.
#[target_feature(enable = "avx2")]
pub(crate) unsafe fn apply_avx2(matrix: &Matrix, rows: &Rows, out: &mut [f32]) {
    each_tile(matrix, rows, out, |weights, tile| {
        let ones = _mm256_set1_epi16(1);
        let mut low = [_mm256_setzero_si256(); TILE];
        let mut high = [_mm256_setzero_si256(); TILE];
        for step in 0..matrix.inputs / STEP {
            // SAFETY: a step has 64 bytes of weights, and four bytes of each row.
            unsafe {
                let at = weights.as_ptr().add(step * BLOCK * STEP);
                let (w0, w1) = (_mm256_loadu_si256(at.cast()), _mm256_loadu_si256(at.add(32).cast()));
                for ((row, low), high) in tile.iter().zip(&mut low).zip(&mut high) {
                    let four =
                        _mm256_set1_epi32(row.as_ptr().add(step * STEP).cast::<i32>().read_unaligned());
                    // 255 * 63 * 2 = 32,130: the 16 bits do not saturate.
                    let pairs = _mm256_maddubs_epi16(four, w0);
                    *low = _mm256_add_epi32(*low, _mm256_madd_epi16(pairs, ones));
                    let pairs = _mm256_maddubs_epi16(four, w1);
                    *high = _mm256_add_epi32(*high, _mm256_madd_epi16(pairs, ones));
                }
            }
        }
        let mut sums = [[0_i32; BLOCK]; TILE];
        for ((sums, low), high) in sums.iter_mut().zip(low).zip(high) {
            // SAFETY: 16 numbers of 32 bits.
            unsafe {
                _mm256_storeu_si256(sums.as_mut_ptr().cast(), low);
                _mm256_storeu_si256(sums.as_mut_ptr().add(8).cast(), high);
            }
        }
        sums
    });
}

/// # Safety
/// The processor has AVX-512 F, BW and VNNI; shapes as for [`apply_avx2`].
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512vnni")]
pub(crate) unsafe fn apply_vnni(matrix: &Matrix, rows: &Rows, out: &mut [f32]) {
    each_tile(matrix, rows, out, |weights, tile| {
        let mut acc = [_mm512_setzero_si512(); TILE];
        for step in 0..matrix.inputs / STEP {
            // SAFETY: a step has 64 bytes of weights, and four bytes of each row.
            unsafe {
                let w = _mm512_loadu_si512(weights.as_ptr().add(step * BLOCK * STEP).cast());
                for (row, acc) in tile.iter().zip(&mut acc) {
                    let four =
                        _mm512_set1_epi32(row.as_ptr().add(step * STEP).cast::<i32>().read_unaligned());
                    *acc = _mm512_dpbusd_epi32(*acc, four, w);
                }
            }
        }
        let mut sums = [[0_i32; BLOCK]; TILE];
        for (sums, acc) in sums.iter_mut().zip(acc) {
            // SAFETY: 16 numbers of 32 bits.
            unsafe { _mm512_storeu_si512(sums.as_mut_ptr().cast(), acc) };
        }
        sums
    });
}

/// Calls `product` for each block of weights and each tile of rows, and writes what it sums. The last tile is
/// filled up with its last row.
#[inline(always)]
fn each_tile(
    matrix: &Matrix,
    rows: &Rows,
    out: &mut [f32],
    product: impl Fn(&[i8], [&[u8]; TILE]) -> [[i32; BLOCK]; TILE],
) {
    let (inputs, outputs) = (matrix.inputs, matrix.outputs);
    for (block, weights) in matrix.packed.chunks_exact(BLOCK * inputs).enumerate() {
        let (from, to) = (block * BLOCK, outputs.min((block + 1) * BLOCK));
        for first in (0..rows.len()).step_by(TILE) {
            let row = |i: usize| {
                let at = (first + i).min(rows.len() - 1) * inputs;
                &rows.bytes[at..at + inputs]
            };
            let sums = product(weights, [row(0), row(1), row(2), row(3)]);
            for (i, sums) in sums.iter().enumerate().take(rows.len() - first) {
                let at = (first + i) * outputs;
                matrix.finish(block, sums, rows.scales[first + i], &mut out[at + from..at + to]);
            }
        }
    }
}
