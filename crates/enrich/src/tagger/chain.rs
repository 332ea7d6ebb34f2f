//! The best sequence of labels, and how probable each name in it is.

use std::ops::Range;

use super::model::{Model, ROW, Scores};
use super::{LABELS, OUTSIDE};

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

/// Scores of the tokens of a sentence; its memory is used again for the next.
#[derive(Debug, Default)]
pub struct Chain {
    scores: Vec<Scores>,
    best: Vec<[i32; LABELS]>,
    from: Vec<[u8; LABELS]>,
    forward: Vec<[f32; LABELS]>,
    backward: Vec<[f32; LABELS]>,
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
    pub fn decode(&mut self, model: &Model) -> Vec<Span> {
        let labels = self.viterbi(model);
        let mut spans: Vec<Span> = Vec::new();
        for (i, label) in labels.iter().enumerate().filter(|(_, label)| **label != OUTSIDE) {
            let (kind, begins) = ((label - 1) / 2, label % 2 == 1);
            match spans.last_mut() {
                Some(last) if !begins && last.tokens.end == i && last.kind == kind => last.tokens.end = i + 1,
                _ => spans.push(Span { tokens: i..i + 1, kind, probability: 0.0 }),
            }
        }
        if !spans.is_empty() {
            self.sums(model);
            for span in &mut spans {
                span.probability = self.probability(model, span);
            }
        }
        spans
    }

    fn viterbi(&mut self, model: &Model) -> Vec<usize> {
        self.best.clear();
        self.from.clear();
        for (i, scores) in self.scores.iter().enumerate() {
            let mut best = [0; LABELS];
            let mut from = [0; LABELS];
            let before = i.checked_sub(1).and_then(|b| self.best.get(b));
            for (to, (best, from)) in best.iter_mut().zip(&mut from).enumerate() {
                // The first token stands as if behind an outside one.
                let (mut top, mut at) = (model.transition(OUTSIDE, to), OUTSIDE);
                if let Some(before) = before {
                    top = i32::MIN;
                    for (label, score) in before.iter().enumerate() {
                        let score = score.saturating_add(model.transition(label, to));
                        if score > top {
                            (top, at) = (score, label);
                        }
                    }
                }
                *best = top.saturating_add(scores.get(to).copied().unwrap_or_default());
                *from = at as u8;
            }
            self.best.push(best);
            self.from.push(from);
        }
        let mut labels = vec![OUTSIDE; self.scores.len()];
        let last = self.best.last().map(|row| {
            row.iter().enumerate().fold((OUTSIDE, i32::MIN), |top, (label, score)| {
                if *score > top.1 { (label, *score) } else { top }
            })
        });
        let mut at = last.map_or(OUTSIDE, |last| last.0);
        for (label, from) in labels.iter_mut().zip(&self.from).rev() {
            *label = at;
            at = from.get(at).map_or(OUTSIDE, |from| usize::from(*from));
        }
        labels
    }

    /// Forward and backward sums, each token's scaled so that they stay in range; the factors cancel out.
    fn sums(&mut self, model: &Model) {
        let n = self.scores.len();
        let weights = Weights::new(model);
        self.forward.clear();
        self.backward.clear();
        self.backward.resize(n, [1.0; LABELS]);
        for (i, scores) in self.scores.iter().enumerate() {
            let here = weights.of(scores);
            let mut sums = [0.0; LABELS];
            for (to, sum) in sums.iter_mut().enumerate() {
                let before = match i.checked_sub(1).and_then(|b| self.forward.get(b)) {
                    None => weights.transition(OUTSIDE, to),
                    Some(before) => before
                        .iter()
                        .enumerate()
                        .fold(0.0, |sum, (from, f)| sum + f * weights.transition(from, to)),
                };
                *sum = before * here.get(to).copied().unwrap_or_default();
            }
            normalise(&mut sums);
            self.forward.push(sums);
        }
        for i in (1..n).rev() {
            let (Some(scores), Some(behind)) = (self.scores.get(i), self.backward.get(i).copied()) else {
                continue;
            };
            let here = weights.of(scores);
            let mut sums = [0.0; LABELS];
            for (from, sum) in sums.iter_mut().enumerate() {
                for (to, (h, b)) in here.iter().zip(&behind).enumerate() {
                    *sum += weights.transition(from, to) * h * b;
                }
            }
            normalise(&mut sums);
            if let Some(slot) = self.backward.get_mut(i - 1) {
                *slot = sums;
            }
        }
    }

    /// The share of all sequences that have exactly this name: those through it over all, both counted from the
    /// token before it to the token behind it.
    fn probability(&self, model: &Model, span: &Span) -> f32 {
        let weights = Weights::new(model);
        let (begin, inside) = (super::label(span.kind, true), super::label(span.kind, false));
        let Range { start, end } = span.tokens;
        let before = start.checked_sub(1).and_then(|b| self.forward.get(b));
        // Sums over sequences from `start` to `end`, the token behind the name included where there is one.
        let mut all = before.copied().unwrap_or_else(|| {
            let mut first = [0.0; LABELS];
            first[OUTSIDE] = 1.0;
            first
        });
        let mut ours = all;
        let mut first = true;
        for i in start..end {
            let Some(scores) = self.scores.get(i) else { return 0.0 };
            let here = weights.of(scores);
            all = step(&weights, &all, &here, |_| true);
            let only = if first { begin } else { inside };
            ours = step(&weights, &ours, &here, |to| to == only);
            first = false;
            let top = all.iter().fold(0.0_f32, |top, x| top.max(*x)).max(f32::MIN_POSITIVE);
            all.iter_mut().chain(&mut ours).for_each(|x| *x /= top);
        }
        if let (Some(scores), Some(behind)) = (self.scores.get(end), self.backward.get(end)) {
            let here = weights.of(scores);
            let times = |sums: [f32; LABELS]| sums.iter().zip(behind).fold(0.0, |sum, (a, b)| sum + a * b);
            let all = times(step(&weights, &all, &here, |_| true));
            let ours = times(step(&weights, &ours, &here, |to| to != inside));
            return ratio(ours, all);
        }
        ratio(ours.iter().sum(), all.iter().sum())
    }
}

fn ratio(ours: f32, all: f32) -> f32 {
    if all > 0.0 { (ours / all).clamp(0.0, 1.0) } else { 0.0 }
}

fn step(
    weights: &Weights,
    sums: &[f32; LABELS],
    here: &[f32; ROW],
    may: impl Fn(usize) -> bool,
) -> [f32; LABELS] {
    let mut next = [0.0; LABELS];
    for (to, slot) in next.iter_mut().enumerate().filter(|(to, _)| may(*to)) {
        let sum = sums.iter().enumerate().fold(0.0, |sum, (from, s)| sum + s * weights.transition(from, to));
        *slot = sum * here.get(to).copied().unwrap_or_default();
    }
    next
}

fn normalise(sums: &mut [f32; LABELS]) {
    let top = sums.iter().fold(0.0_f32, |top, x| top.max(*x)).max(f32::MIN_POSITIVE);
    sums.iter_mut().for_each(|x| *x /= top);
}

/// Exponentials of a model's scores.
struct Weights {
    scale: f32,
    transitions: [[f32; LABELS]; LABELS],
}

impl Weights {
    fn new(model: &Model) -> Self {
        let scale = model.scale();
        let mut transitions = [[0.0; LABELS]; LABELS];
        for (from, row) in transitions.iter_mut().enumerate() {
            for (to, weight) in row.iter_mut().enumerate() {
                *weight = exp(model.transition(from, to) as f32 / scale);
            }
        }
        Self { scale, transitions }
    }

    fn transition(&self, from: usize, to: usize) -> f32 {
        self.transitions.get(from).and_then(|row| row.get(to)).copied().unwrap_or_default()
    }

    /// Of a token's scores, the highest as 1, and none so small that a sequence that must be has no weight.
    fn of(&self, scores: &Scores) -> [f32; ROW] {
        let top = scores.iter().take(LABELS).fold(i32::MIN, |top, s| top.max(*s));
        scores.map(|score| exp(((score - top) as f32 / self.scale).max(-40.0)))
    }
}

/// e to the `x`, of sums and products in a fixed order, so that it is the same on any machine; 0 below -87.
pub fn exp(x: f32) -> f32 {
    if x < -87.0 {
        return 0.0;
    }
    let x = x.min(88.0);
    // x = n ln 2 + r, |r| <= ln 2 / 2; ln 2 in two parts, so that r is exact.
    let n = (x * std::f32::consts::LOG2_E).round();
    let r = (x - n * 0.693_359_4) - n * -2.121_944_4e-4;
    // The Taylor polynomial of degree 6 is off by less than 2e-7 there.
    let mut p = 1.0 / 720.0;
    for c in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        p = p * r + c;
    }
    f32::from_bits(p.to_bits().wrapping_add_signed((n as i32) << 23))
}
