//! Attention of every word to every other, head by head.

use crate::floats::{exp, sum};
use crate::path::{Path, on};

/// Keys that are scored side by side.
const KEYS: usize = 16;
/// Queries that are answered together.
const QUERIES: usize = 4;
/// Width of the widest heads.
const MOST_WIDTH: usize = 256;
/// Values that are summed side by side.
const VALUES: usize = 8;

/// Shape of the heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heads {
    /// How many.
    pub count: usize,
    /// Width of each: a multiple of 8, at most 256.
    pub width: usize,
}

impl Heads {
    /// Width of all together.
    pub const fn all(self) -> usize {
        self.count * self.width
    }
}

/// Attention within one sequence: `qkv` has a row of queries, keys and values, one behind the other, for each
/// position; `out` becomes a row of weighted values for each. `scratch` is memory that is used again.
pub fn attention(path: Path, heads: Heads, qkv: &[f32], out: &mut Vec<f32>, scratch: &mut Vec<f32>) {
    let all = heads.all();
    let n = qkv.len().checked_div(3 * all).unwrap_or(0);
    out.clear();
    out.resize(n * all, 0.0);
    if n == 0 || !heads.width.is_multiple_of(VALUES) || heads.width > MOST_WIDTH {
        return;
    }
    // Not a power of two, or the columns of the keys would share the same lines of the cache.
    let padded = n.next_multiple_of(KEYS) + KEYS;
    scratch.clear();
    scratch.resize(heads.width * padded + n * heads.width + QUERIES * padded, 0.0);
    let (keys, rest) = scratch.split_at_mut(heads.width * padded);
    let (values, weights) = rest.split_at_mut(n * heads.width);
    let scale = 1.0 / (heads.width as f32).sqrt();
    for head in 0..heads.count {
        let at = head * heads.width;
        for (position, row) in qkv.chunks_exact(3 * all).enumerate() {
            // Keys by their numbers, so that many are scored side by side.
            let key = &row[all + at..all + at + heads.width];
            for (column, value) in keys.chunks_exact_mut(padded).zip(key) {
                column[position] = value * scale;
            }
            values[position * heads.width..(position + 1) * heads.width]
                .copy_from_slice(&row[2 * all + at..2 * all + at + heads.width]);
        }
        for first in (0..n).step_by(QUERIES) {
            let query = |i: usize| {
                let from = (first + i).min(n - 1) * 3 * all + at;
                &qkv[from..from + heads.width]
            };
            let queries = [query(0), query(1), query(2), query(3)];
            on!(path, scores(queries, keys, padded, weights));
            for weights in weights.chunks_exact_mut(padded).take(n - first) {
                on!(path, softmax(&mut weights[..n]));
            }
            for i in (0..QUERIES.min(n - first)).step_by(2) {
                // An odd last one is answered twice.
                let other = (i + 1).min(n - first - 1);
                let pair = [i, other].map(|i| &weights[i * padded..i * padded + n]);
                let mut sums = [[0.0_f32; MOST_WIDTH]; 2];
                on!(path, weighted(pair, values, heads.width, &mut sums));
                for (i, sums) in [i, other].into_iter().zip(&sums) {
                    let from = (first + i) * all + at;
                    out[from..from + heads.width].copy_from_slice(&sums[..heads.width]);
                }
            }
        }
    }
}

/// Products of four queries with all keys, each summed in the order of its numbers.
#[inline(always)]
fn scores(queries: [&[f32]; QUERIES], keys: &[f32], padded: usize, out: &mut [f32]) {
    for first in (0..padded).step_by(KEYS) {
        let mut sums = [[0.0_f32; KEYS]; QUERIES];
        for (e, column) in keys.chunks_exact(padded).enumerate() {
            let keys = &column[first..first + KEYS];
            for (sums, query) in sums.iter_mut().zip(&queries) {
                let by = query[e];
                for (sum, key) in sums.iter_mut().zip(keys) {
                    *sum += by * key;
                }
            }
        }
        for (sums, out) in sums.iter().zip(out.chunks_exact_mut(padded)) {
            out[first..first + KEYS].copy_from_slice(sums);
        }
    }
}

#[inline(always)]
fn softmax(scores: &mut [f32]) {
    let mut tops = [f32::MIN; KEYS];
    let mut chunks = scores.chunks_exact(KEYS);
    for chunk in &mut chunks {
        for (top, score) in tops.iter_mut().zip(chunk) {
            *top = if *score > *top { *score } else { *top };
        }
    }
    let top = tops.iter().chain(chunks.remainder()).fold(f32::MIN, |top, score| top.max(*score));
    for score in scores.iter_mut() {
        *score = exp(*score - top);
    }
    let by = 1.0 / sum(scores);
    for score in scores.iter_mut() {
        *score *= by;
    }
}

/// The sums of all values, each as its weight says, in order of positions, for two queries.
#[inline(always)]
fn weighted(weights: [&[f32]; 2], values: &[f32], width: usize, out: &mut [[f32; MOST_WIDTH]; 2]) {
    // Four vectors at a time: the width of the heads that are common.
    let mut at = 0;
    while at + 4 * VALUES <= width {
        weighted_part::<{ 4 * VALUES }>(weights, values, width, at, out);
        at += 4 * VALUES;
    }
    while at < width {
        weighted_part::<VALUES>(weights, values, width, at, out);
        at += VALUES;
    }
}

#[inline(always)]
fn weighted_part<const N: usize>(
    [first, second]: [&[f32]; 2],
    values: &[f32],
    width: usize,
    at: usize,
    out: &mut [[f32; MOST_WIDTH]; 2],
) {
    let mut sums = [[0.0_f32; N]; 2];
    for ((a, b), row) in first.iter().zip(second).zip(values.chunks_exact(width)) {
        let row = &row[at..at + N];
        for i in 0..N {
            sums[0][i] += a * row[i];
            sums[1][i] += b * row[i];
        }
    }
    for (out, sums) in out.iter_mut().zip(&sums) {
        out[at..at + N].copy_from_slice(sums);
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{MOST_WIDTH, QUERIES};

    #[target_feature(enable = "avx2")]
    pub fn scores(queries: [&[f32]; QUERIES], keys: &[f32], padded: usize, out: &mut [f32]) {
        super::scores(queries, keys, padded, out);
    }

    #[target_feature(enable = "avx2")]
    pub fn softmax(scores: &mut [f32]) {
        super::softmax(scores);
    }

    #[target_feature(enable = "avx2")]
    pub fn weighted(weights: [&[f32]; 2], values: &[f32], width: usize, out: &mut [[f32; MOST_WIDTH]; 2]) {
        super::weighted(weights, values, width, out);
    }
}
