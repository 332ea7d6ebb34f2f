//! The network in `f64` by its definition, without rounding: what the encoder is held against.

/// Where it finds its weights, by our names of tensors, and its sizes.
pub(super) struct Plain<'a> {
    pub get: &'a dyn Fn(&str) -> Vec<f64>,
    pub heads: usize,
    pub layers: usize,
    pub epsilon: f64,
}

impl Plain<'_> {
    /// The scores of the head's rows at each position, from what goes into the first normalisation.
    pub fn scores(&self, mut x: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        x.iter_mut().for_each(|x| self.norm(x, "ln"));
        (0..self.layers).for_each(|n| self.layer(&mut x, &format!("layers.{n}")));
        x.iter().map(|x| self.linear(x, "head")).collect()
    }

    fn layer(&self, x: &mut [Vec<f64>], name: &str) {
        let qkv: Vec<Vec<f64>> = x.iter().map(|x| self.linear(x, &format!("{name}.qkv"))).collect();
        for (i, x) in x.iter_mut().enumerate() {
            let (width, of_head) = (x.len(), x.len() / self.heads);
            let mut mixed = Vec::new();
            for head in (0..width).step_by(of_head).map(|from| from..from + of_head) {
                let product = |j: usize| head.clone().map(|e| qkv[i][e] * qkv[j][width + e]).sum::<f64>();
                let weights: Vec<f64> =
                    (0..qkv.len()).map(|j| (product(j) / (of_head as f64).sqrt()).exp()).collect();
                let total: f64 = weights.iter().sum();
                for e in head {
                    mixed.push((0..qkv.len()).map(|j| weights[j] / total * qkv[j][2 * width + e]).sum());
                }
            }
            add(x, self.linear(&mixed, &format!("{name}.o")));
            self.norm(x, &format!("{name}.ln1"));
            let wide = self.linear(x, &format!("{name}.fi")).into_iter();
            let wide: Vec<f64> = wide.map(|v| v * 0.5 * (1.0 + erf(v / 2.0_f64.sqrt()))).collect();
            add(x, self.linear(&wide, &format!("{name}.fo")));
            self.norm(x, &format!("{name}.ln2"));
        }
    }

    fn linear(&self, x: &[f64], name: &str) -> Vec<f64> {
        let (weight, bias) = ((self.get)(&format!("{name}.weight")), (self.get)(&format!("{name}.bias")));
        let rows = weight.chunks_exact(x.len()).zip(bias);
        rows.map(|(row, b)| row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b).collect()
    }

    fn norm(&self, x: &mut [f64], name: &str) {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / x.len() as f64;
        let (weight, bias) = ((self.get)(&format!("{name}.weight")), (self.get)(&format!("{name}.bias")));
        for ((v, w), b) in x.iter_mut().zip(weight).zip(bias) {
            *v = (*v - mean) / (variance + self.epsilon).sqrt() * w + b;
        }
    }
}

fn add(x: &mut [f64], more: Vec<f64>) {
    x.iter_mut().zip(more).for_each(|(a, b)| *a += b);
}

/// The error function by its series.
fn erf(z: f64) -> f64 {
    let terms = (0..60).fold((0.0, z), |(sum, term), n| {
        let n = f64::from(n);
        (sum + term / (2.0 * n + 1.0), -term * z * z / (n + 1.0))
    });
    terms.0 * std::f64::consts::FRAC_2_SQRT_PI
}
