//! The network over one window.

use khabar_kernels::{Rows, add_layer_norm, attention, gelu, layer_norm};

use super::pieces::Id;
use super::{Encoder, Logits};
use crate::tagger::LABELS;

/// Working memory of one window.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    x: Vec<f32>,
    wide: Vec<f32>,
    attended: Vec<f32>,
    out: Vec<f32>,
    keys: Vec<f32>,
    rows: Rows,
    logits: Vec<Logits>,
}

impl Encoder {
    /// The scores of the labels at the pieces `firsts` of a window.
    pub(super) fn forward<'a>(
        &self,
        pieces: &[Id],
        firsts: &[u32],
        scratch: &'a mut Scratch,
    ) -> &'a [Logits] {
        let Scratch { x, wide, attended, out, keys, rows, logits } = scratch;
        let width = self.width();
        x.clear();
        x.extend(self.positions.iter().take(pieces.len() * width));
        for (row, piece) in x.chunks_exact_mut(width).zip(pieces) {
            self.table.add(*piece as usize, row);
        }
        layer_norm(self.path, x, &self.norm.weight, &self.norm.bias, self.epsilon);
        for layer in &self.layers {
            // Shapes were checked when the model was read: no product is refused.
            rows.quantise(self.path, x, width);
            let _ = layer.qkv.apply(self.path, rows, wide);
            attention(self.path, self.heads, wide, attended, keys);
            rows.quantise(self.path, attended, width);
            let _ = layer.attended.apply(self.path, rows, out);
            let norm = &layer.attended_norm;
            add_layer_norm(self.path, x, out, &norm.weight, &norm.bias, self.epsilon);
            rows.quantise(self.path, x, width);
            let _ = layer.wide.apply(self.path, rows, wide);
            gelu(self.path, wide);
            rows.quantise(self.path, wide, layer.wide.outputs());
            let _ = layer.narrow.apply(self.path, rows, out);
            add_layer_norm(self.path, x, out, &layer.norm.weight, &layer.norm.bias, self.epsilon);
        }
        logits.clear();
        for first in firsts {
            let at = *first as usize * width;
            let vector = x.get(at..at + width).unwrap_or_default();
            let mut scores = self.head.bias;
            for (score, weights) in scores.iter_mut().zip(self.head.weights.chunks_exact(width)).take(LABELS)
            {
                *score += vector.iter().zip(weights).fold(0.0, |sum, (x, w)| sum + x * w);
            }
            logits.push(scores);
        }
        logits
    }
}
