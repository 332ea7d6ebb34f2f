//! Every path gives the same bits, and they are right.

use khabar_kernels::{Attention, Heads, Matrix, Path, Rows, add_layer_norm, exp, gelu, layer_norm};
use proptest::prelude::*;

/// Numbers that look random, the same every time.
fn noise(seed: u64, n: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..n).map(|_| next()).collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

/// Runs `f` on every path and checks that all agree; the result of the portable one.
fn on_all(what: &str, f: impl Fn(Path) -> Vec<f32>) -> Vec<f32> {
    let portable = f(Path::PORTABLE);
    for path in Path::available() {
        let found = f(path);
        let differs = bits(&found).iter().zip(bits(&portable)).position(|(a, b)| *a != b);
        assert_eq!(differs, None, "{what} on {} differs from portable at this number", path.name());
        assert_eq!(found.len(), portable.len(), "{what} on {}", path.name());
    }
    portable
}

proptest! {
    #[test]
    fn products_are_exact(rows in 0_usize..11, outputs in 1_usize..100, steps in 1_usize..40, seed: u64) {
        let inputs = 4 * steps;
        let x = noise(seed, rows * inputs);
        let weights: Vec<i8> = noise(seed ^ 1, outputs * inputs).iter().map(|w| (w * 63.0).round() as i8).collect();
        let (scales, bias) = (noise(seed ^ 2, outputs), noise(seed ^ 3, outputs));
        let matrix = Matrix::new(inputs, &weights, &scales, &bias).expect("shapes fit");
        let out = on_all("product", |path| {
            let (mut quantised, mut out) = (Rows::default(), Vec::new());
            quantised.quantise(path, &x, inputs);
            matrix.apply(path, &quantised, &mut out).expect("shapes fit");
            out
        });
        prop_assert_eq!(out.len(), rows * outputs);
        for (row, x) in x.chunks_exact(inputs).enumerate() {
            let top = x.iter().fold(0.0_f32, |top, v| top.max(v.abs())).max(1e-9);
            let a: Vec<i64> = x.iter().map(|v| (v * (127.0 / top)).round_ties_even() as i64).collect();
            for output in 0..outputs {
                let w = &weights[output * inputs..(output + 1) * inputs];
                let sum: i64 = a.iter().zip(w).map(|(a, w)| a * i64::from(*w)).sum();
                let right = sum as f32 * (scales[output] * (top / 127.0)) + bias[output];
                let found = out[row * outputs + output];
                prop_assert!((found - right).abs() <= 1e-5 * right.abs().max(1.0), "{} for {}", found, right);
            }
        }
    }

    #[test]
    fn attention_is_a_weighted_mean(n in 0_usize..40, count in 1_usize..4, eights in 1_usize..6, seed: u64) {
        let heads = Heads { count, width: 8 * eights };
        let all = heads.all();
        let qkv: Vec<f32> = noise(seed, n * 3 * all).iter().map(|x| 3.0 * x).collect();
        // Memory that held more and less is used again.
        let mut again = Attention::default();
        let (mut larger, mut smaller) = (Vec::new(), Vec::new());
        again.apply(Path::best(), Heads { count: 1, width: 48 }, &noise(seed, 50 * 3 * 48), &mut larger);
        again.apply(Path::best(), Heads { count: 1, width: 8 }, &noise(seed, 3 * 8), &mut smaller);
        again.apply(Path::best(), heads, &qkv, &mut smaller);
        let out = on_all("attention", |path| {
            let mut out = Vec::new();
            Attention::default().apply(path, heads, &qkv, &mut out);
            out
        });
        prop_assert_eq!(&smaller, &out, "memory that was used before");
        prop_assert_eq!(out.len(), n * all);
        let at = |i: usize, part: usize, e: usize| f64::from(qkv[i * 3 * all + part * all + e]);
        // What is rounded, in numbers of 64 bits: to so many steps of the largest.
        let rounded = |value: f64, top: f64, steps: f64| (value * steps / top).round() * top / steps;
        let top_of = |values: &mut dyn Iterator<Item = f64>| values.fold(1e-9, |top, v| v.abs().max(top));
        for head in 0..count {
            let of = head * heads.width..(head + 1) * heads.width;
            for i in 0..n {
                let query = top_of(&mut of.clone().map(|e| at(i, 0, e)));
                let score = |j: usize| {
                    let key = top_of(&mut of.clone().map(|e| at(j, 1, e)));
                    let each = of.clone().map(|e| rounded(at(i, 0, e), query, 127.0) * rounded(at(j, 1, e), key, 63.0));
                    each.sum::<f64>() / (heads.width as f64).sqrt()
                };
                let scores: Vec<f64> = (0..n).map(score).collect();
                let top = scores.iter().fold(f64::MIN, |top, s| top.max(*s));
                let weights: Vec<f64> = scores.iter().map(|s| (255.0 * (s - top).exp()).round()).collect();
                let total: f64 = weights.iter().sum();
                for e in of.clone() {
                    let value = top_of(&mut (0..n).map(|j| at(j, 2, e)));
                    let right: f64 =
                        (0..n).map(|j| weights[j] / total * rounded(at(j, 2, e), value, 63.0)).sum();
                    // A number close to the middle of two steps may be rounded to the other side in 32 bits, which moves
                    // scores by a few hundredths; what is wrong is off by the size of the values, 3.
                    prop_assert!((f64::from(out[i * all + e]) - right).abs() < 0.25, "{} for {right}", out[i * all + e]);
                }
            }
        }
    }
}

#[test]
fn numbers_that_are_none_give_the_same_on_all_paths() {
    let heads = Heads { count: 1, width: 8 };
    let row = |query: [f32; 8], key: [f32; 8], value: f32| [query, key, [value; 8]].concat();
    let bits = [f32::NAN, -0.193_774, -0.593_09, -0.475_373, 0.500_729, -0.439_183, -0.029_618, 0.961_474];
    let large = [1e21, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let aside = [0.0, 1e22, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    for (what, query, key) in [
        ("a key that is no number in part", [1e10; 8], bits),
        ("a query that is no number in part", bits, [1e10; 8]),
        ("scales without bound", large, aside),
        ("infinities", [f32::INFINITY; 8], [f32::NEG_INFINITY; 8]),
        ("no numbers", [f32::NAN; 8], [f32::NAN; 8]),
    ] {
        let qkv = [row(query, key, 1.0), row(query, [0.0; 8], -1.0)].concat();
        let out = on_all(what, |path| {
            let mut out = Vec::new();
            Attention::default().apply(path, heads, &qkv, &mut out);
            out
        });
        assert!(out.iter().all(|value| value.abs() < 1.001), "{what}: {out:?}");
    }
    // A tie, though their scale has no bound.
    let qkv = [row(large, aside, 1.0), row(large, [0.0; 8], -1.0)].concat();
    let mut out = Vec::new();
    Attention::default().apply(Path::best(), heads, &qkv, &mut out);
    assert!(out.iter().all(|value| value.abs() < 1e-6), "{out:?}");
}

#[test]
fn a_sequence_that_is_too_long_is_refused() {
    let heads = Heads { count: 1, width: 8 };
    let mut out = Vec::new();
    Attention::default().apply(Path::best(), heads, &vec![1.0; 24 * 65_537], &mut out);
    assert!(out.len() == 8 * 65_537 && out.iter().all(|value| *value == 0.0), "sums would not fit");
}

#[test]
fn norms_and_units_agree_on_all_paths() {
    let (x, more, weight, bias) = (noise(1, 5 * 384), noise(2, 5 * 384), noise(3, 384), noise(4, 384));
    let normed = on_all("layer norm", |path| {
        let mut rows = x.clone();
        layer_norm(path, &mut rows, &weight, &bias, 1e-12);
        rows
    });
    let row = &x[384..768];
    let mean = row.iter().map(|v| f64::from(*v)).sum::<f64>() / 384.0;
    let variance = row.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / 384.0;
    let right = (f64::from(row[7]) - mean) / variance.sqrt() * f64::from(weight[7]) + f64::from(bias[7]);
    assert!((f64::from(normed[384 + 7]) - right).abs() < 1e-5, "{} for {right}", normed[384 + 7]);
    on_all("sum and layer norm", |path| {
        let mut rows = x.clone();
        add_layer_norm(path, &mut rows, &more, &weight, &bias, 1e-12);
        rows
    });
    on_all("odd widths", |path| {
        let mut rows = x[..21].to_vec();
        layer_norm(path, &mut rows, &weight[..21], &bias[..21], 1e-12);
        rows
    });
    on_all("gelu", |path| {
        let mut values: Vec<f32> = x.iter().map(|v| 8.0 * v).collect();
        gelu(path, &mut values);
        values
    });
}

#[test]
fn the_unit_is_as_published() {
    // x * Phi(x), from tables of the normal distribution.
    for (x, right) in [
        (0.0, 0.0),
        (1.0, 0.841_344_7),
        (-1.0, -0.158_655_3),
        (2.0, 1.954_499_7),
        (-3.0, -0.004_049_7),
        (6.0, 6.0),
    ] {
        let mut values = [x];
        gelu(Path::PORTABLE, &mut values);
        assert!(
            (values[0] - right).abs() < (3e-5 * x.abs()).max(1e-4),
            "gelu({x}) = {} for {right}",
            values[0]
        );
    }
}

#[test]
fn the_exponential_is_close_everywhere() {
    for i in -8700..=8800 {
        let x = i as f32 / 100.0;
        let right = f64::from(x).exp();
        let off = (f64::from(exp(x)) - right).abs() / right;
        assert!(off < 3e-7, "exp({x}) is off by {off}");
    }
    assert_eq!(exp(-88.0), 0.0, "below the range");
    assert!(exp(1e9).is_finite(), "above the range");
}

#[test]
fn what_does_not_fit_is_refused() {
    assert!(Matrix::new(6, &[0; 12], &[1.0; 2], &[0.0; 2]).is_err(), "six inputs");
    assert!(Matrix::new(4, &[0; 7], &[1.0; 2], &[0.0; 2]).is_err(), "seven weights");
    assert!(Matrix::new(4, &[64, 0, 0, 0], &[1.0], &[0.0]).is_err(), "a large weight");
    assert!(Matrix::of(4, &[f32::NAN, 0.0, 0.0, 0.0], &[0.0]).is_err(), "not a number");
    let matrix = Matrix::of(4, &[1.0, 0.5, -1.0, 0.0], &[0.5]).expect("shapes fit");
    let mut rows = Rows::default();
    rows.quantise(Path::best(), &[1.0; 8], 8);
    assert!(matrix.apply(Path::best(), &rows, &mut Vec::new()).is_err(), "rows of another width");
}
