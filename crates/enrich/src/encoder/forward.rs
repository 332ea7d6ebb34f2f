//! The network over one window.

use khabar_kernels::{Attention, Rows, add_layer_norm, gelu, layer_norm};

use super::pieces::Id;
use super::{Encoder, Logits};
use crate::tagger::LABELS;

/// The score of a label that the model lacks.
const NEVER: f32 = -1e4;

/// Working memory of one window; each part keeps its size from layer to layer but the last.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    x: Vec<f32>,
    qkv: Vec<f32>,
    wide: Vec<f32>,
    attended: Vec<f32>,
    out: Vec<f32>,
    attention: Attention,
    rows: Rows,
    wide_rows: Rows,
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
        let Scratch { x, qkv, wide, attended, out, attention, rows, wide_rows, logits } = scratch;
        let width = self.width();
        x.clear();
        x.extend(self.positions.iter().take(pieces.len() * width));
        for (row, piece) in x.chunks_exact_mut(width).zip(pieces) {
            self.table.add(*piece as usize, row);
        }
        layer_norm(self.path, x, &self.norm.weight, &self.norm.bias, self.epsilon);
        for (number, layer) in self.layers.iter().enumerate() {
            // Shapes were checked when the model was read: no product is refused.
            rows.quantise(self.path, x, width);
            let _ = layer.qkv.apply(self.path, rows, qkv);
            attention.apply(self.path, self.heads, qkv, attended);
            if number + 1 == self.layers.len() {
                // Nobody asks for the others any more.
                keep(firsts, width, x);
                keep(firsts, width, attended);
            }
            rows.quantise(self.path, attended, width);
            let _ = layer.attended.apply(self.path, rows, out);
            let norm = &layer.attended_norm;
            add_layer_norm(self.path, x, out, &norm.weight, &norm.bias, self.epsilon);
            rows.quantise(self.path, x, width);
            let _ = layer.wide.apply(self.path, rows, wide);
            gelu(self.path, wide);
            wide_rows.quantise(self.path, wide, layer.wide.outputs());
            let _ = layer.narrow.apply(self.path, wide_rows, out);
            add_layer_norm(self.path, x, out, &layer.norm.weight, &layer.norm.bias, self.epsilon);
        }
        if self.layers.is_empty() {
            keep(firsts, width, x);
        }
        logits.clear();
        for vector in x.chunks_exact(width) {
            let mut scores = [NEVER; LABELS];
            let rows = self.head.bias.iter().zip(self.head.weights.chunks_exact(width));
            for (label, (bias, weights)) in self.head.labels.iter().zip(rows) {
                let score = bias + vector.iter().zip(weights).fold(0.0, |sum, (x, w)| sum + x * w);
                if let Some(best) = scores.get_mut(*label) {
                    *best = score.max(*best);
                }
            }
            logits.push(scores);
        }
        logits
    }
}

/// Leaves the rows with these numbers, which go up.
fn keep(numbers: &[u32], width: usize, rows: &mut Vec<f32>) {
    let mut kept = 0;
    for number in numbers {
        let from = *number as usize * width;
        if from + width <= rows.len() {
            rows.copy_within(from..from + width, kept);
            kept += width;
        }
    }
    rows.truncate(kept);
}
