//! The vector that each piece begins as.

use half::f16;

/// Numbers that share a scale.
pub(super) const GROUP: usize = 32;

/// A vector for each piece, four bits a number: `(nibble - 8) * scale`. Of a group of 32 the low nibbles are the first
/// 16 numbers, the high ones the others.
#[derive(Debug)]
pub(super) struct Table {
    width: usize,
    nibbles: Vec<u8>,
    scales: Vec<f16>,
}

impl Table {
    /// `None` when lengths do not fit.
    pub fn new(width: usize, nibbles: Vec<u8>, scales: Vec<f16>) -> Option<Self> {
        let fits = width > 0
            && width.is_multiple_of(GROUP)
            && nibbles.len() == scales.len() * GROUP / 2
            && scales.len().is_multiple_of(width / GROUP);
        fits.then_some(Self { width, nibbles, scales })
    }

    /// Vectors.
    pub fn len(&self) -> usize {
        self.scales.len() * GROUP / self.width
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.nibbles.len() + 2 * self.scales.len()
    }

    /// Adds the vector of a piece to `out`.
    pub fn add(&self, piece: usize, out: &mut [f32]) {
        let groups = self.width / GROUP;
        let scales = self.scales.iter().skip(piece * groups).take(groups);
        let nibbles = self.nibbles.chunks_exact(GROUP / 2).skip(piece * groups);
        for ((out, scale), nibbles) in out.chunks_exact_mut(GROUP).zip(scales).zip(nibbles) {
            let scale = scale.to_f32();
            let (low, high) = out.split_at_mut(GROUP / 2);
            for ((low, high), byte) in low.iter_mut().zip(high).zip(nibbles) {
                *low += (f32::from(byte & 15) - 8.0) * scale;
                *high += (f32::from(byte >> 4) - 8.0) * scale;
            }
        }
    }
}
