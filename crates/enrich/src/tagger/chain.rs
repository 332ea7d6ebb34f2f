//! The best sequence of labels, and how probable each name in it is.

use std::ops::Range;

use khabar_kernels::exp;

use super::{LABELS, OUTSIDE, follows, label};

/// Labels, padded so that whole vectors are computed.
pub const WIDTH: usize = 16;

/// Scores of the labels of one token, in steps.
pub type Scores = [i32; WIDTH];

/// What it scores to go from label to label.
#[derive(Debug, Clone)]
pub struct Transitions {
    scale: f32,
    /// `steps[from][to]`; far below zero where `to` may not follow.
    steps: [[i32; WIDTH]; LABELS],
    /// Their exponentials; 0 where one may not follow the other.
    moves: [[f32; WIDTH]; LABELS],
}

/// A transition that is not allowed.
const NEVER: i32 = -(1 << 24);

impl Transitions {
    /// Of `weights[from][to]`, `scale` of which are 1; those that are not allowed do not count.
    pub fn new(scale: f32, weights: &[[i16; LABELS]; LABELS]) -> Self {
        let mut steps = [[NEVER; WIDTH]; LABELS];
        for (from, (steps, weights)) in steps.iter_mut().zip(weights).enumerate() {
            for (to, (step, weight)) in steps.iter_mut().zip(weights).enumerate() {
                if follows(from, to) {
                    *step = i32::from(*weight);
                }
            }
        }
        let moves = steps.map(|row| row.map(|step| exp(step as f32 / scale)));
        Self { scale, steps, moves }
    }

    /// Steps of one unit.
    pub fn scale(&self) -> f32 {
        self.scale
    }
}

/// A name in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Tokens, from the sentence's first.
    pub tokens: Range<usize>,
    /// Index into [`super::TYPES`].
    pub kind: usize,
    /// Of exactly this name, over all sequences.
    pub probability: f32,
}

/// Sums over sequences, by label; lanes from [`LABELS`] on stay 0.
type Sums = [f32; WIDTH];

/// Scores of the tokens of a sentence; its memory is used again for the next.
#[derive(Debug, Default)]
pub struct Chain {
    scores: Vec<Scores>,
    from: Vec<[u8; WIDTH]>,
    /// Exponentials of the scores, the highest of a token as 1.
    weights: Vec<Sums>,
    forward: Vec<Sums>,
    backward: Vec<Sums>,
}

impl Chain {
    /// Begins another sentence.
    pub fn clear(&mut self) {
        self.scores.clear();
    }

    /// Adds a token.
    pub fn push(&mut self, scores: Scores) {
        self.scores.push(scores);
    }

    /// The names of the best sequence. Of sequences that score the same, the one of lower labels wins.
    pub fn decode(&mut self, moves: &Transitions) -> Vec<Span> {
        let labels = self.viterbi(moves);
        let mut spans: Vec<Span> = Vec::new();
        for (i, label) in labels.iter().enumerate().filter(|(_, label)| **label != OUTSIDE) {
            let (kind, begins) = ((label - 1) / 2, label % 2 == 1);
            match spans.last_mut() {
                Some(last) if !begins && last.tokens.end == i && last.kind == kind => last.tokens.end = i + 1,
                _ => spans.push(Span { tokens: i..i + 1, kind, probability: 0.0 }),
            }
        }
        if !spans.is_empty() {
            self.sums(moves);
            for span in &mut spans {
                span.probability = self.probability(moves, span);
            }
        }
        spans
    }

    fn viterbi(&mut self, moves: &Transitions) -> Vec<usize> {
        self.from.clear();
        // The first token stands as if behind an outside one.
        let mut before = [i32::MIN / 4; WIDTH];
        before[OUTSIDE] = 0;
        for scores in &self.scores {
            let mut best = [i32::MIN / 2; WIDTH];
            let mut from = [0; WIDTH];
            for (label, row) in moves.steps.iter().enumerate() {
                let base = before[label];
                for ((best, from), step) in best.iter_mut().zip(&mut from).zip(row) {
                    let score = base + step;
                    let better = score > *best;
                    *best = if better { score } else { *best };
                    *from = if better { label as i32 } else { *from };
                }
            }
            // Only differences count: so that sums stay small however long the sentence is.
            let top = best[OUTSIDE];
            for ((before, best), score) in before.iter_mut().zip(&best).zip(scores) {
                *before = (best - top).max(i32::MIN / 4) + score;
            }
            self.from.push(from.map(|label| label as u8));
        }
        let best = before.iter().take(LABELS).enumerate();
        let mut at = best.fold((OUTSIDE, i32::MIN), |top, (l, s)| if *s > top.1 { (l, *s) } else { top }).0;
        let mut labels = vec![OUTSIDE; self.scores.len()];
        for (label, from) in labels.iter_mut().zip(&self.from).rev() {
            *label = at;
            at = from.get(at).map_or(OUTSIDE, |from| usize::from(*from));
        }
        labels
    }

    /// Forward and backward sums, each token's scaled so that they stay in range; the factors cancel out.
    fn sums(&mut self, moves: &Transitions) {
        let scale = moves.scale;
        self.weights.clear();
        self.weights.extend(self.scores.iter().map(|scores| weights(scores, scale)));
        self.forward.clear();
        let mut before = first();
        for here in &self.weights {
            before = scaled(step(moves, &before, here));
            self.forward.push(before);
        }
        self.backward.clear();
        self.backward.resize(self.weights.len(), [1.0; WIDTH]);
        let mut behind = [1.0; WIDTH];
        for (slot, here) in self.backward.iter_mut().zip(&self.weights).rev() {
            *slot = behind;
            let mut product = [0.0; WIDTH];
            for ((p, h), b) in product.iter_mut().zip(here).zip(&behind) {
                *p = h * b;
            }
            let mut sums = [0.0; WIDTH];
            for (sum, row) in sums.iter_mut().zip(&moves.moves) {
                *sum = row.iter().zip(&product).fold(0.0, |sum, (m, p)| sum + m * p);
            }
            behind = scaled(sums);
        }
    }

    /// The share of all sequences that have exactly this name: those through it over all, both counted from the
    /// token before it to the token behind it.
    fn probability(&self, moves: &Transitions, span: &Span) -> f32 {
        let (begin, inside) = (label(span.kind, true), label(span.kind, false));
        let Range { start, end } = span.tokens;
        let mut all = start.checked_sub(1).and_then(|b| self.forward.get(b)).copied().unwrap_or_else(first);
        let mut ours = all;
        for (i, here) in self.weights.get(start..end).unwrap_or_default().iter().enumerate() {
            all = step(moves, &all, here);
            let only = if i == 0 { begin } else { inside };
            let next = step(moves, &ours, here);
            ours = [0.0; WIDTH];
            ours[only] = next[only];
            let top = all.iter().fold(0.0_f32, |top, x| top.max(*x)).max(f32::MIN_POSITIVE);
            all.iter_mut().chain(&mut ours).for_each(|x| *x /= top);
        }
        if let (Some(here), Some(behind)) = (self.weights.get(end), self.backward.get(end)) {
            let times = |sums: Sums| sums.iter().zip(behind).fold(0.0, |sum, (a, b)| sum + a * b);
            let mut next = step(moves, &ours, here);
            next[inside] = 0.0;
            return ratio(times(next), times(step(moves, &all, here)));
        }
        ratio(ours.iter().sum(), all.iter().sum())
    }
}

/// What stands before the first token: an outside one.
fn first() -> Sums {
    let mut first = [0.0; WIDTH];
    first[OUTSIDE] = 1.0;
    first
}

fn ratio(ours: f32, all: f32) -> f32 {
    if all > 0.0 { (ours / all).clamp(0.0, 1.0) } else { 0.0 }
}

/// Sums one token on.
fn step(moves: &Transitions, sums: &Sums, here: &Sums) -> Sums {
    let mut next = [0.0; WIDTH];
    for (from, row) in sums.iter().zip(&moves.moves) {
        for (next, weight) in next.iter_mut().zip(row) {
            *next += from * weight;
        }
    }
    for (next, weight) in next.iter_mut().zip(here) {
        *next *= weight;
    }
    next
}

fn scaled(mut sums: Sums) -> Sums {
    let top = sums.iter().fold(0.0_f32, |top, x| top.max(*x)).max(f32::MIN_POSITIVE);
    sums.iter_mut().for_each(|x| *x /= top);
    sums
}

/// Exponentials of a token's scores, the highest as 1, and none so small that a sequence that must be has no weight.
fn weights(scores: &Scores, scale: f32) -> Sums {
    let top = scores.iter().take(LABELS).fold(i32::MIN, |top, s| top.max(*s));
    let mut weights = [0.0; WIDTH];
    for (weight, score) in weights.iter_mut().zip(scores).take(LABELS) {
        *weight = exp(((score - top) as f32 / scale).max(-40.0));
    }
    weights
}
