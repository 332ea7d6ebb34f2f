//! The product with AVX2, and with the dot products of AVX-512 VNNI.

use std::arch::x86_64::*;

use crate::product::{BLOCK, Packed, STEP};

/// Rows that are computed together with AVX2: the weights of a step are loaded once for all.
const TILE: usize = 4;

/// See [`crate::product::products`].
///
/// # Safety
/// The processor has AVX2; there is at least one row of `inputs` bytes, every block has `BLOCK * inputs` weights of at
/// most 63.
#[target_feature(enable = "avx2")]
pub(crate) unsafe fn products_avx2(
    packed: &Packed,
    rows: &[u8],
    mut each: impl FnMut(usize, usize, &[i32; BLOCK]),
) {
    let inputs = packed.inputs;
    let count = rows.len() / inputs;
    let ones = _mm256_set1_epi16(1);
    for (block, weights) in packed.weights.chunks_exact(BLOCK * inputs).enumerate() {
        for first in (0..count).step_by(TILE) {
            let tile = tile::<TILE>(rows, inputs, first, count);
            let mut low = [_mm256_setzero_si256(); TILE];
            let mut high = [_mm256_setzero_si256(); TILE];
            for step in 0..inputs / STEP {
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
            for (i, (low, high)) in low.iter().zip(&high).enumerate().take(count - first) {
                let mut sums = [0_i32; BLOCK];
                // SAFETY: 16 numbers of 32 bits.
                unsafe {
                    _mm256_storeu_si256(sums.as_mut_ptr().cast(), *low);
                    _mm256_storeu_si256(sums.as_mut_ptr().add(8).cast(), *high);
                }
                each(first + i, block, &sums);
            }
        }
    }
}

/// Blocks that are computed together with VNNI, and rows: 24 sums, which hide how long each addition takes, three vectors
/// of weights and four bytes of a row in 28 of the 32 registers.
const VNNI_BLOCKS: usize = 3;
/// See [`VNNI_BLOCKS`].
const VNNI_ROWS: usize = 8;
/// Bytes of a line of the cache.
const LINE: usize = 64;
/// So many bytes of weights are in the nearest caches anyway.
const NEAR: usize = 1 << 16;

/// See [`crate::product::products`].
///
/// # Safety
/// The processor has AVX-512 F, BW, DQ, VL and VNNI; the rest as for [`products_avx2`].
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
pub(crate) unsafe fn products_vnni(
    packed: &Packed,
    rows: &[u8],
    mut each: impl FnMut(usize, usize, &[i32; BLOCK]),
) {
    let blocks = packed.blocks();
    let wide = blocks / VNNI_BLOCKS * VNNI_BLOCKS;
    // SAFETY: as for the caller; there are that many blocks.
    unsafe {
        for first in (0..wide).step_by(VNNI_BLOCKS) {
            blocks_vnni::<VNNI_BLOCKS>(packed, first, rows, &mut each);
        }
        match blocks - wide {
            2 => blocks_vnni::<2>(packed, wide, rows, &mut each),
            1 => blocks_vnni::<1>(packed, wide, rows, &mut each),
            _ => {}
        }
    }
}

/// The outputs of blocks `first` and on, of all rows.
///
/// # Safety
/// As for [`products_vnni`]; there are `first + B` blocks.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
unsafe fn blocks_vnni<const B: usize>(
    packed: &Packed,
    first: usize,
    rows: &[u8],
    each: &mut impl FnMut(usize, usize, &[i32; BLOCK]),
) {
    let inputs = packed.inputs;
    let count = rows.len() / inputs;
    let (weights, after) = packed.weights[first * BLOCK * inputs..].split_at(B * BLOCK * inputs);
    // The weights of a whole network are more than the cache: the next ones are fetched while these are used.
    let share = (B * BLOCK * inputs).div_ceil(count.div_ceil(VNNI_ROWS)).next_multiple_of(LINE);
    let far = packed.weights.len() > NEAR;
    let mut next = if far { after } else { &[] }.chunks(share);
    for from in (0..count).step_by(VNNI_ROWS) {
        let tile = tile::<VNNI_ROWS>(rows, inputs, from, count);
        for line in next.next().unwrap_or_default().chunks(LINE) {
            // SAFETY: a prefetch reads nothing. (Newer compilers know.)
            #[allow(unused_unsafe)]
            unsafe {
                _mm_prefetch::<_MM_HINT_T1>(line.as_ptr());
            }
        }
        let mut sums = [[_mm512_setzero_si512(); B]; VNNI_ROWS];
        for step in 0..inputs / STEP {
            // SAFETY: a step has 64 bytes of weights in each block, and four bytes of each row.
            unsafe {
                let mut of_block = [_mm512_setzero_si512(); B];
                for (b, of_block) in of_block.iter_mut().enumerate() {
                    *of_block =
                        _mm512_loadu_si512(weights.as_ptr().add((b * inputs + step * STEP) * BLOCK).cast());
                }
                for (row, sums) in tile.iter().zip(&mut sums) {
                    let four =
                        _mm512_set1_epi32(row.as_ptr().add(step * STEP).cast::<i32>().read_unaligned());
                    for (sum, weights) in sums.iter_mut().zip(of_block) {
                        *sum = _mm512_dpbusd_epi32(*sum, four, weights);
                    }
                }
            }
        }
        for (i, sums) in sums.iter().enumerate().take(count - from) {
            for (b, sum) in sums.iter().enumerate() {
                let mut out = [0_i32; BLOCK];
                // SAFETY: 16 numbers of 32 bits.
                unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), *sum) };
                each(from + i, first + b, &out);
            }
        }
    }
}

/// The rows from `first` on; the last tile is filled up with the last row.
#[inline(always)]
fn tile<const N: usize>(rows: &[u8], inputs: usize, first: usize, count: usize) -> [&[u8]; N] {
    let mut tile = [rows; N];
    for (i, row) in tile.iter_mut().enumerate() {
        let at = (first + i).min(count - 1) * inputs;
        *row = &rows[at..at + inputs];
    }
    tile
}
