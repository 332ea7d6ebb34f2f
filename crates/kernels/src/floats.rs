//! Functions of numbers, in a fixed order of operations.

use crate::path::{Path, on, vectors};

/// Numbers that are summed side by side.
const LANES: usize = 16;

/// The largest size in a row, of what is a number; 0 for none. As whole numbers, whose order is that of the sizes, in any
/// order.
#[inline(always)]
pub(crate) fn largest(row: &[f32]) -> f32 {
    let size = |value: &f32| {
        let bits = value.to_bits() & (u32::MAX >> 1);
        // Without a branch, or the compiler finds no vectors for it.
        bits & u32::from(bits > f32::INFINITY.to_bits()).wrapping_sub(1)
    };
    let mut tops = [0_u32; LANES];
    let mut chunks = row.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (top, value) in tops.iter_mut().zip(chunk) {
            *top = size(value).max(*top);
        }
    }
    let rest = chunks.remainder().iter().map(size);
    f32::from_bits(tops.into_iter().chain(rest).fold(0, u32::max))
}

/// Layer normalisation of each row, in place: `(x - mean) / sqrt(variance + epsilon) * weight + bias`.
pub fn layer_norm(path: Path, rows: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    let width = weight.len().min(bias.len()).max(1);
    for row in rows.chunks_exact_mut(width) {
        on!(path, norm(row, weight, bias, epsilon));
    }
}

/// Adds `more` to the rows, then normalises them as [`layer_norm`] does.
pub fn add_layer_norm(
    path: Path,
    rows: &mut [f32],
    more: &[f32],
    weight: &[f32],
    bias: &[f32],
    epsilon: f32,
) {
    let width = weight.len().min(bias.len()).max(1);
    for (row, more) in rows.chunks_exact_mut(width).zip(more.chunks_exact(width)) {
        on!(path, add(row, more));
        on!(path, norm(row, weight, bias, epsilon));
    }
}

/// The Gaussian error linear unit `x * Phi(x)`, in place; off by less than 0.0001 up to 4.25, and by less than 3 in 100,000 of
/// `x` beyond. That is a small part of a step of the bytes that its values become.
pub fn gelu(path: Path, values: &mut [f32]) {
    on!(path, gelu_all(values));
}

/// e to the `x`; 0 below -87, at most e to the 88. Off by less than 3e-7 of the value.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    // Comparisons in these forms become one instruction each.
    let inside = if x < 88.0 { x } else { 88.0 };
    let inside = if inside > -87.0 { inside } else { -87.0 };
    // x = n ln 2 + r, |r| <= ln 2 / 2; ln 2 in two parts, so that r is exact.
    // The sum has no bits below 1, so that this rounds, and its low bits are the whole number.
    let sum = inside * std::f32::consts::LOG2_E + 12_582_912.0;
    let n = sum - 12_582_912.0;
    let r = (inside - n * 0.693_359_4) - n * -2.121_944_4e-4;
    // The Taylor polynomial of degree 6 is off by less than 2e-7 there.
    let mut p = 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    let power = f32::from_bits(p.to_bits().wrapping_add(sum.to_bits() << 23));
    if x < -87.0 { 0.0 } else { power }
}

/// The sum of a row: 16 sums side by side, then these two by two.
#[inline(always)]
pub(crate) fn sum(values: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += value;
        }
    }
    let rest = chunks.remainder().iter().fold(0.0, |sum, value| sum + value);
    folded(sums) + rest
}

#[inline(always)]
fn folded(mut sums: [f32; LANES]) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            sums[i] += sums[i + half];
        }
        half /= 2;
    }
    sums[0]
}

#[inline(always)]
fn add(row: &mut [f32], more: &[f32]) {
    for (value, more) in row.iter_mut().zip(more) {
        *value += more;
    }
}

#[inline(always)]
fn norm(row: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    let by = 1.0 / row.len() as f32;
    let mean = sum(row) * by;
    let mut squares = [0.0_f32; LANES];
    let mut chunks = row.chunks_exact_mut(LANES);
    for chunk in &mut chunks {
        for (square, value) in squares.iter_mut().zip(chunk) {
            *value -= mean;
            *square += *value * *value;
        }
    }
    let mut rest = 0.0;
    for value in chunks.into_remainder() {
        *value -= mean;
        rest += *value * *value;
    }
    let scale = 1.0 / ((folded(squares) + rest) * by + epsilon).sqrt();
    for ((value, weight), bias) in row.iter_mut().zip(weight).zip(bias) {
        *value = *value * scale * weight + bias;
    }
}

/// Phi(x) is 1/2 and an odd polynomial of `x` as far as this.
const NORMAL: f32 = 4.25;
/// That polynomial: the numbers of x, x^3 and so on. Fitted by least squares, weighted anew until the largest error of
/// `x * Phi(x)` stopped falling.
const PHI: [f32; 8] = [
    0.398_457_08,
    -0.065_513_76,
    0.009_290_36,
    -9.486_539e-4,
    6.662_105e-5,
    -3.018_178_4e-6,
    7.866_943e-8,
    -8.904_806e-10,
];

#[inline(always)]
fn gelu_all(values: &mut [f32]) {
    for value in values {
        let x = *value;
        let inside = if x < NORMAL { x } else { NORMAL };
        let inside = if inside > -NORMAL { inside } else { -NORMAL };
        let square = inside * inside;
        let mut p = PHI[7];
        for by in PHI.iter().rev().skip(1) {
            p = p * square + by;
        }
        *value = x * (0.5 + inside * p);
    }
}

vectors! {
    fn norm(row: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32);
    fn add(row: &mut [f32], more: &[f32]);
    fn gelu_all(values: &mut [f32]);
}
