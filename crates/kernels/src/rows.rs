//! Activations as bytes.

use crate::path::{Path, on};

/// Rows of activations, 8 bits each: `value = (byte - 128) * scale of the row`.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    pub(crate) bytes: Vec<u8>,
    pub(crate) scales: Vec<f32>,
    /// Bytes of a row: a multiple of four.
    pub(crate) width: usize,
}

impl Rows {
    /// Rounds `values`, rows of `columns` each; what was in it is gone, its memory is used again.
    pub fn quantise(&mut self, path: Path, values: &[f32], columns: usize) {
        let rows = values.len().checked_div(columns).unwrap_or(0);
        self.width = columns.next_multiple_of(4);
        self.bytes.clear();
        self.bytes.resize(rows * self.width, 128);
        self.scales.clear();
        for (row, bytes) in
            values.chunks_exact(columns.max(1)).zip(self.bytes.chunks_exact_mut(self.width.max(1)))
        {
            self.scales.push(on!(path, round(row, bytes)));
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }
}

/// Adding this leaves no bits below 1: it rounds to even, as far as 2^22.
const ROUND: f32 = 12_582_912.0;

#[inline(always)]
fn round(row: &[f32], bytes: &mut [u8]) -> f32 {
    // A maximum is the same in any order.
    let mut tops = [0.0_f32; 16];
    let mut chunks = row.chunks_exact(16);
    for chunk in &mut chunks {
        for (top, value) in tops.iter_mut().zip(chunk) {
            let value = value.abs();
            *top = if value > *top { value } else { *top };
        }
    }
    let top =
        tops.iter().chain(chunks.remainder()).fold(0.0_f32, |top, value| top.max(value.abs())).max(1e-9);
    let by = 127.0 / top;
    for (byte, value) in bytes.iter_mut().zip(row) {
        // The low bits of a sum that was so rounded are the whole number.
        let rounded = (*value * by + (ROUND + 128.0)).to_bits() & 0xff;
        *byte = rounded as u8;
    }
    top / 127.0
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    #[target_feature(enable = "avx2")]
    pub fn round(row: &[f32], bytes: &mut [u8]) -> f32 {
        super::round(row, bytes)
    }
}
