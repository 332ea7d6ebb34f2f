//! A linear-chain conditional random field, trained by AdaGrad sentence by sentence.

use khabar_enrich::tagger::{LABELS, OUTSIDE, follows};

use super::sentences::Sentence;

/// Weights and the sums of squares of their gradients.
pub struct Crf {
    /// Rows of `LABELS` weights.
    weights: Vec<f32>,
    squares: Vec<f32>,
    transitions: [[f32; LABELS]; LABELS],
    transition_squares: [[f32; LABELS]; LABELS],
    rate: f32,
    /// Keys that a step does not see, of 65,536.
    dropped: u16,
    random: u64,
    /// Keys of a sentence that are seen, and where those of each token end.
    seen: (Vec<u32>, Vec<usize>),
    scores: Vec<[f32; LABELS]>,
    forward: Vec<[f32; LABELS]>,
    backward: Vec<[f32; LABELS]>,
}

/// Gradients below this change nothing worth the time.
const FLAT: f32 = 0.01;

impl Crf {
    /// All weights 0. Each step leaves out each key of each token with a chance of `drop`, so that no weight leans on another that is
    /// mostly there too (Srivastava et al. 2014); `seed` fixes which.
    pub fn new(keys: usize, rate: f32, drop: f32, seed: u64) -> Self {
        Self {
            weights: vec![0.0; keys * LABELS],
            squares: vec![0.0; keys * LABELS],
            transitions: [[0.0; LABELS]; LABELS],
            transition_squares: [[0.0; LABELS]; LABELS],
            rate,
            dropped: (drop * 65_536.0) as u16,
            random: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            seen: (Vec::new(), Vec::new()),
            scores: Vec::new(),
            forward: Vec::new(),
            backward: Vec::new(),
        }
    }

    /// What weights are to be multiplied by where nothing is left out.
    pub fn kept(&self) -> f32 {
        1.0 - f32::from(self.dropped) / 65_536.0
    }

    /// Chooses which keys of a sentence are seen.
    fn look(&mut self, sentence: &Sentence) {
        let (keys, ends) = &mut self.seen;
        keys.clear();
        ends.clear();
        for i in 0..sentence.len() {
            for key in sentence.keys(i) {
                self.random ^= self.random << 13;
                self.random ^= self.random >> 7;
                self.random ^= self.random << 17;
                if self.dropped == 0 || (self.random >> 24) as u16 >= self.dropped {
                    keys.push(*key);
                }
            }
            ends.push(keys.len());
        }
    }

    /// The weights of a key.
    pub fn row(&self, key: u32) -> &[f32] {
        &self.weights[key as usize * LABELS..(key as usize + 1) * LABELS]
    }

    /// The weight of `to` behind `from`.
    pub fn transition(&self, from: usize, to: usize) -> f32 {
        self.transitions[from][to]
    }

    /// One step; the loss before it, in nats.
    pub fn learn(&mut self, sentence: &Sentence) -> f32 {
        let n = sentence.len();
        self.look(sentence);
        let (seen, ends) = std::mem::take(&mut self.seen);
        let keys = |i: usize| &seen[i.checked_sub(1).map_or(0, |before| ends[before])..ends[i]];
        self.scores.clear();
        for i in 0..n {
            let mut scores = [0.0; LABELS];
            for key in keys(i) {
                for (score, weight) in scores.iter_mut().zip(self.row(*key)) {
                    *score += weight;
                }
            }
            self.scores.push(scores);
        }
        let mut moves = [[0.0; LABELS]; LABELS];
        for (from, row) in moves.iter_mut().enumerate() {
            for (to, weight) in row.iter_mut().enumerate().filter(|(to, _)| follows(from, *to)) {
                *weight = self.transitions[from][to].exp();
            }
        }
        let total = self.sums(&moves);
        let gold = |i: usize| usize::from(sentence.labels[i]);
        let mut score = 0.0;
        let mut changes = [[0.0; LABELS]; LABELS];
        for i in 0..n {
            let before = if i == 0 { OUTSIDE } else { gold(i - 1) };
            score += self.scores[i][gold(i)] + self.transitions[before][gold(i)];
            changes[before][gold(i)] -= 1.0;
            self.expect(i, &moves, &mut changes);
            let mut gradient = [0.0; LABELS];
            let sum: f32 = (0..LABELS).map(|l| self.forward[i][l] * self.backward[i][l]).sum();
            for (label, gradient) in gradient.iter_mut().enumerate() {
                *gradient = self.forward[i][label] * self.backward[i][label] / sum;
            }
            gradient[gold(i)] -= 1.0;
            if gradient[gold(i)] > -FLAT {
                continue;
            }
            for key in keys(i) {
                let at = *key as usize * LABELS;
                let (weights, squares) =
                    (&mut self.weights[at..at + LABELS], &mut self.squares[at..at + LABELS]);
                for ((weight, square), g) in weights.iter_mut().zip(squares).zip(&gradient) {
                    *square += g * g;
                    *weight -= self.rate * g / (*square + 1e-6).sqrt();
                }
            }
        }
        self.seen = (seen, ends);
        let rows = self.transitions.iter_mut().zip(&mut self.transition_squares).zip(&changes);
        for ((weight, square), g) in rows.flat_map(|((w, s), g)| w.iter_mut().zip(s).zip(g)) {
            *square += g * g;
            *weight -= self.rate * g / (*square + 1e-6).sqrt();
        }
        total - score
    }

    /// Forward and backward sums, each token's scaled; the logarithm of the sum over all sequences.
    fn sums(&mut self, moves: &[[f32; LABELS]; LABELS]) -> f32 {
        let n = self.scores.len();
        self.forward.clear();
        self.backward.clear();
        self.backward.resize(n, [1.0; LABELS]);
        let mut total = 0.0;
        for i in 0..n {
            let here = weights(&self.scores[i]);
            let mut sums = [0.0; LABELS];
            for to in 0..LABELS {
                let before: f32 = match i {
                    0 => moves[OUTSIDE][to],
                    _ => (0..LABELS).map(|from| self.forward[i - 1][from] * moves[from][to]).sum(),
                };
                sums[to] = before * here.0[to];
            }
            let scale: f32 = sums.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            sums.iter_mut().for_each(|s| *s /= scale);
            total += scale.ln() + here.1;
            self.forward.push(sums);
        }
        for i in (1..n).rev() {
            let here = weights(&self.scores[i]).0;
            let mut sums = [0.0; LABELS];
            for (from, sum) in sums.iter_mut().enumerate() {
                *sum = (0..LABELS).map(|to| moves[from][to] * here[to] * self.backward[i][to]).sum();
            }
            let scale: f32 = sums.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            sums.iter_mut().for_each(|s| *s /= scale);
            self.backward[i - 1] = sums;
        }
        total
    }

    /// Adds the expected transitions into token `i`.
    fn expect(&self, i: usize, moves: &[[f32; LABELS]; LABELS], into: &mut [[f32; LABELS]; LABELS]) {
        let here = weights(&self.scores[i]).0;
        let mut first = [0.0; LABELS];
        first[OUTSIDE] = 1.0;
        let before = if i == 0 { &first } else { &self.forward[i - 1] };
        let mut pairs = [[0.0; LABELS]; LABELS];
        let mut sum = 0.0;
        for (from, row) in pairs.iter_mut().enumerate() {
            for (to, pair) in row.iter_mut().enumerate() {
                *pair = before[from] * moves[from][to] * here[to] * self.backward[i][to];
                sum += *pair;
            }
        }
        for (row, pairs) in into.iter_mut().zip(&pairs) {
            for (sum_of, pair) in row.iter_mut().zip(pairs) {
                *sum_of += pair / sum.max(f32::MIN_POSITIVE);
            }
        }
    }
}

/// Exponentials of scores below the highest, and that; none so small that a sequence that must be has no weight.
fn weights(scores: &[f32; LABELS]) -> ([f32; LABELS], f32) {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    (scores.map(|score| (score - top).max(-40.0).exp()), top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_step_leaves_out_is_not_changed_by_it() {
        let mut crf = Crf::new(1_000, 0.1, 0.25, 1);
        let sentence = Sentence::new(&(0..1_000).collect::<Vec<u32>>(), 1);
        crf.learn(&sentence);
        let changed = (0..1_000).filter(|key| crf.row(*key).iter().any(|weight| *weight != 0.0)).count();
        assert!(
            (680..820).contains(&changed),
            "{changed} of 1000 keys are seen, where three of four should be"
        );
        assert!((crf.kept() - 0.75).abs() < 1e-3, "{}", crf.kept());
        let mut whole = Crf::new(1_000, 0.1, 0.0, 1);
        whole.learn(&sentence);
        assert!(
            (0..1_000).all(|key| whole.row(key).iter().any(|weight| *weight != 0.0)),
            "a key was left out"
        );
    }
}
