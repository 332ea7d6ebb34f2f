//! Activations as bytes.

use crate::floats::largest;
use crate::path::{Path, on, vectors};

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
        if self.width != columns {
            self.bytes.clear();
        }
        // Zeros fill rows up; all else is written over.
        self.bytes.resize(rows * self.width, 128);
        self.scales.clear();
        for (row, bytes) in
            values.chunks_exact(columns.max(1)).zip(self.bytes.chunks_exact_mut(self.width.max(1)))
        {
            self.scales.push(rounded_bytes(path, row, bytes));
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

/// Rounds a row to bytes, `(byte - 128) * scale`; the scale.
pub(crate) fn rounded_bytes(path: Path, row: &[f32], bytes: &mut [u8]) -> f32 {
    on!(path, round(row, bytes))
}

/// Adding this leaves no bits below 1: it rounds to even, as far as 2^22. The low bits of the sum are the whole number.
pub(crate) const ROUND: f32 = 12_582_912.0;

#[inline(always)]
fn round(row: &[f32], bytes: &mut [u8]) -> f32 {
    let top = largest(row).max(1e-9);
    let by = 127.0 / top;
    for (byte, value) in bytes.iter_mut().zip(row) {
        let rounded = (*value * by + (ROUND + 128.0)).to_bits() & 0xff;
        *byte = rounded as u8;
    }
    top / 127.0
}

vectors! {
    fn round(row: &[f32], bytes: &mut [u8]) -> f32;
}
