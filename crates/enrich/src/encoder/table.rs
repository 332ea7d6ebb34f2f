//! The vector that each piece begins as.

use half::f16;

/// Numbers that share a scale.
pub(super) const GROUP: usize = 32;

/// What the value of largest size in a group may become; the lowest that four bits can say comes first, and wins where others
/// are no better.
const TOPS: [f32; 6] = [-8.0, 7.0, -7.5, 6.5, -8.5, 7.5];

/// Vectors of numbers, as long as a multiple of [`GROUP`], in four bits: nibbles, and scales as little-endian `f16`. Of some
/// scales each group gets the one with the least squared error, so that what came from four bits stays as it was.
/// `None` where a number is too large for such a scale.
pub(super) fn four_bits(values: &[f32]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut nibbles = Vec::with_capacity(values.len() / 2);
    let mut scales = Vec::with_capacity(values.len() / GROUP * 2);
    for group in values.as_chunks::<GROUP>().0 {
        let top = group.iter().fold(0.0_f32, |top, v| if v.abs() > top.abs() { *v } else { top });
        let mut best = (f32::INFINITY, f16::ZERO);
        for steps in TOPS {
            let scale = f16::from_f32(top / steps);
            let error = error(group, scale.to_f32());
            if error < best.0 {
                best = (error, scale);
            }
        }
        let scale = best.1;
        if !scale.is_finite() || !best.0.is_finite() {
            return None;
        }
        let steps = group.map(|v| nibble(v, inverse(scale.to_f32())) as u8);
        let (low, high) = steps.split_at(GROUP / 2);
        nibbles.extend(low.iter().zip(high).map(|(low, high)| low | high << 4));
        scales.extend(scale.to_le_bytes());
    }
    Some((nibbles, scales))
}

/// The squared error of a group with a scale.
fn error(group: &[f32; GROUP], scale: f32) -> f32 {
    let by = inverse(scale);
    let each = group.iter().map(|v| v - (nibble(*v, by) as f32 - 8.0) * scale);
    each.map(|error| error * error).sum()
}

fn inverse(scale: f32) -> f32 {
    if scale == 0.0 { 0.0 } else { 1.0 / scale }
}

fn nibble(value: f32, by: f32) -> i32 {
    ((value * by + 8.5) as i32).clamp(0, 15)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn back(values: &[f32]) -> Vec<f32> {
        let (nibbles, scales) = four_bits(values).expect("numbers of a size");
        let scales = scales.as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b)).collect();
        let table = Table::new(GROUP, nibbles, scales).expect("whole groups");
        let mut out = vec![0.0; values.len()];
        (0..table.len()).for_each(|row| table.add(row, &mut out[row * GROUP..(row + 1) * GROUP]));
        out
    }

    #[test]
    fn numbers_are_at_most_half_a_step_off() {
        let values: Vec<f32> = (0..320).map(|i| ((i * 7919 % 1000) as f32 - 480.0) / 300.0).collect();
        for (group, read) in values.chunks(GROUP).zip(back(&values).chunks(GROUP)) {
            let top = group.iter().fold(0.0_f32, |top, v| top.max(v.abs()));
            for (value, read) in group.iter().zip(read) {
                assert!((value - read).abs() <= top / 7.0, "{value} became {read}");
            }
            let error: f32 = group.iter().zip(read).map(|(a, b)| (a - b).powi(2)).sum();
            assert!((error / GROUP as f32).sqrt() < top / 16.0, "{error}");
        }
    }

    #[test]
    fn what_came_from_four_bits_stays() {
        for (least, most) in [(0_u8, 15), (1, 15), (0, 11)] {
            let values: Vec<f32> = (0..GROUP as u8)
                .map(|i| (f32::from(least + i % (most - least + 1)) - 8.0) * f16::from_f32(0.0371).to_f32())
                .collect();
            assert_eq!(back(&values), values, "{least} to {most}");
        }
        assert_eq!(back(&[0.0; GROUP]), [0.0; GROUP]);
    }

    #[test]
    fn numbers_beyond_the_scales_are_refused() {
        assert_eq!(four_bits(&[1e9; GROUP]), None);
    }
}
