//! Attention of every word to every other, head by head, in whole numbers.
//!
//! Queries become bytes, each with a scale of its own; keys become 7 bits and a sign with a scale each, values with a scale
//! for each of their numbers. What a word gives to another is a byte, 255 for the one that it gives most to; a row of
//! these bytes is divided by its exact sum at the very end. So both products are exact, and only their scales, maxima and
//! exponentials are `f32`, number by number and never fused.

use crate::floats::largest;
use crate::path::{Path, on, vectors};
use crate::product::{BLOCK, MOST, Packed, STEP, products};
use crate::rows::{ROUND, rounded_bytes};

/// Queries that are answered together.
const QUERIES: usize = 8;
/// Width of the widest heads.
const MOST_WIDTH: usize = 256;
/// Positions of the longest sequence: so many products of a byte and a weight fit 32 bits.
const MOST_POSITIONS: usize = 1 << 16;
/// Scales beyond this are cut to it, so that no score is infinite or no number.
const MOST_SCALE: f32 = 1e30;

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

/// Attention within one sequence, with memory that is used again.
#[derive(Debug, Default)]
pub struct Attention {
    queries: Vec<u8>,
    keys: Packed,
    key_scales: Vec<f32>,
    values: Packed,
    value_scales: Vec<f32>,
    scores: Vec<f32>,
    weights: Vec<u8>,
}

impl Attention {
    /// `qkv` has a row of queries, keys and values, one behind the other, for each position, at most 65,536; `out` becomes a
    /// row of weighted values for each. Zeros come of shapes that do not fit.
    pub fn apply(&mut self, path: Path, heads: Heads, qkv: &[f32], out: &mut Vec<f32>) {
        let all = heads.all();
        let n = qkv.len().checked_div(3 * all).unwrap_or(0);
        if n == 0 || n > MOST_POSITIONS || !heads.width.is_multiple_of(8) || heads.width > MOST_WIDTH {
            out.clear();
            out.resize(n * all, 0.0);
            return;
        }
        // What was in it is written over, every number of it.
        out.resize(n * all, 0.0);
        for head in 0..heads.count {
            on!(path, keys(qkv, heads, head, &mut self.keys, &mut self.key_scales));
            on!(path, values(qkv, heads, head, &mut self.values, &mut self.value_scales));
            for first in (0..n).step_by(QUERIES) {
                self.answer(path, heads, head, qkv, first..n.min(first + QUERIES), out);
            }
        }
    }

    /// Answers some queries of a head.
    fn answer(
        &mut self,
        path: Path,
        heads: Heads,
        head: usize,
        qkv: &[f32],
        asked: std::ops::Range<usize>,
        out: &mut [f32],
    ) {
        let Self { queries, keys, key_scales, values, value_scales, scores, weights } = self;
        let (all, from) = (heads.all(), head * heads.width);
        let n = qkv.len() / (3 * all);
        let by = 1.0 / (heads.width as f32).sqrt();
        let mut scales = [0.0_f32; QUERIES];
        queries.resize(asked.len() * heads.width, 0);
        for ((position, bytes), scale) in
            asked.clone().zip(queries.chunks_exact_mut(heads.width)).zip(&mut scales)
        {
            let at = position * 3 * all + from;
            *scale = by * rounded_bytes(path, &qkv[at..at + heads.width], bytes);
        }
        let padded = keys.sums.len();
        scores.resize(QUERIES * padded, 0.0);
        products(path, keys, queries, |row, block, sums| {
            let (of_keys, by) = (block * BLOCK, scales[row]);
            let out = &mut scores[row * padded + of_keys..row * padded + of_keys + BLOCK];
            let each = keys.sums[of_keys..].iter().zip(&key_scales[of_keys..]);
            for ((out, sum), (much, scale)) in out.iter_mut().zip(sums).zip(each) {
                let by = scale * by;
                let by = if by < MOST_SCALE { by } else { MOST_SCALE };
                *out = (sum - much) as f32 * by;
            }
        });
        let width = values.inputs;
        weights.resize(asked.len() * width, 0);
        let rows = scores.chunks_exact_mut(padded).zip(weights.chunks_exact_mut(width));
        for ((scores, weights), scale) in rows.zip(&mut scales) {
            // Whole vectors: what fills them up weighs nothing.
            scores[n..].fill(f32::MIN);
            let sum = on!(path, weigh(scores, weights));
            *scale = 1.0 / sum as f32;
        }
        products(path, values, weights, |row, block, sums| {
            let at = (asked.start + row) * all + from;
            let (start, end) = (block * BLOCK, heads.width.min((block + 1) * BLOCK));
            let each = sums.iter().zip(&value_scales[start..]);
            for (out, (sum, scale)) in out[at + start..at + end].iter_mut().zip(each) {
                *out = *sum as f32 * (scale * scales[row]);
            }
        });
    }
}

/// Rounds to a weight; what is no number becomes the lowest.
#[inline(always)]
fn whole(value: f32) -> i8 {
    let most = f32::from(MOST);
    let value = if value > -most { value } else { -most };
    let value = if value < most { value } else { most };
    (value + ROUND).to_bits() as i8
}

/// The keys of a head as weights: an output for each position.
#[inline(always)]
fn keys(qkv: &[f32], heads: Heads, head: usize, keys: &mut Packed, scales: &mut Vec<f32>) {
    let all = heads.all();
    keys.shape(qkv.len() / (3 * all), heads.width);
    scales.clear();
    let mut rounded = [0_i8; MOST_WIDTH];
    let rounded = &mut rounded[..heads.width];
    for (position, row) in qkv.chunks_exact(3 * all).enumerate() {
        let at = all + head * heads.width;
        let key = &row[at..at + heads.width];
        let top = largest(key).max(1e-9);
        let by = f32::from(MOST) / top;
        for (rounded, value) in rounded.iter_mut().zip(key) {
            *rounded = whole(value * by);
        }
        keys.put(position, rounded);
        scales.push(top / f32::from(MOST));
    }
    scales.resize(keys.sums.len(), 0.0);
}

/// The values of a head as weights: an output for each of their numbers, an input for each position.
#[inline(always)]
fn values(qkv: &[f32], heads: Heads, head: usize, values: &mut Packed, scales: &mut Vec<f32>) {
    let (all, width) = (heads.all(), heads.width);
    let n = qkv.len() / (3 * all);
    values.shape(width, n.next_multiple_of(BLOCK));
    values.sums.fill(0);
    let at = 2 * all + head * width;
    let value = |position: usize| &qkv[position * 3 * all + at..position * 3 * all + at + width];
    let mut tops = [1e-9_f32; MOST_WIDTH];
    for position in 0..n {
        for (top, value) in tops.iter_mut().zip(value(position)) {
            *top = if value.abs() > *top { value.abs() } else { *top };
        }
    }
    scales.clear();
    scales.extend(tops[..width].iter().map(|top| top / f32::from(MOST)));
    scales.resize(values.sums.len(), 0.0);
    let by = tops.map(|top| f32::from(MOST) / top);
    // Four positions are one word of each number.
    let mut words = [0_u32; MOST_WIDTH];
    for step in 0..values.inputs / STEP {
        words[..width].fill(0);
        for i in 0..STEP.min(n.saturating_sub(step * STEP)) {
            let each = value(step * STEP + i).iter().zip(&by).zip(&mut values.sums);
            for (word, ((value, by), sum)) in words.iter_mut().zip(each) {
                let value = whole(value * by);
                *word |= u32::from(value.cast_unsigned()) << (8 * i);
                *sum += 128 * i32::from(value);
            }
        }
        for (block, words) in words[..width].chunks(BLOCK).enumerate() {
            let at = (block * values.inputs + step * STEP) * BLOCK;
            let out = values.weights[at..at + BLOCK * STEP].as_chunks_mut::<STEP>().0;
            for (out, word) in out.iter_mut().zip(words) {
                *out = word.to_le_bytes().map(u8::cast_signed);
            }
        }
    }
}

/// What each score weighs, as a byte: 255 for the highest. Their sum.
#[inline(always)]
fn weigh(scores: &[f32], out: &mut [u8]) -> u32 {
    let highest = scores.iter().fold(i32::MIN, |top, score| top.max(ordered(score.to_bits().cast_signed())));
    let top = f32::from_bits(ordered(highest).cast_unsigned());
    let mut sum = 0;
    for (out, score) in out.iter_mut().zip(scores) {
        let weight = (exp_255(*score - top) + ROUND).to_bits() & 0xff;
        *out = weight as u8;
        sum += weight;
    }
    sum
}

/// The bits of an `f32` as a whole number that is the larger the larger it is, and back again.
#[inline(always)]
fn ordered(bits: i32) -> i32 {
    bits ^ ((bits >> 31) & i32::MAX)
}

/// 255 times e to the `x`, which is not above 0; off by less than 0.02.
#[inline(always)]
fn exp_255(x: f32) -> f32 {
    // Below it nothing is left of it.
    let x = if x > -20.0 { x } else { -20.0 };
    // x = n ln 2 + r, |r| <= ln 2 / 2, as in [`crate::exp`].
    let sum = x * std::f32::consts::LOG2_E + ROUND;
    let r = x - (sum - ROUND) * std::f32::consts::LN_2;
    let mut p = 255.0 / 24.0;
    p = p * r + 255.0 / 6.0;
    p = p * r + 127.5;
    p = p * r + 255.0;
    p = p * r + 255.0;
    f32::from_bits(p.to_bits().wrapping_add(sum.to_bits() << 23))
}

vectors! {
    fn keys(qkv: &[f32], heads: Heads, head: usize, keys: &mut Packed, scales: &mut Vec<f32>);
    fn values(qkv: &[f32], heads: Heads, head: usize, values: &mut Packed, scales: &mut Vec<f32>);
    fn weigh(scores: &[f32], out: &mut [u8]) -> u32;
}
