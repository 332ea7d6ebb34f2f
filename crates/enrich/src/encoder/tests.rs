//! The encoder on a small model made by hand: the file, the pieces, the windows, and the network against plain arithmetic.

use std::collections::HashMap;

use khabar_kernels::Path;
use proptest::prelude::*;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::pieces::Cutter;
use super::{Encoder, EncoderError, FORMAT};
use crate::doc::Doc;
use crate::enriched::Field;
use crate::tagger::LABELS;

const WIDTH: usize = 32;
const PIECES: [&str; 12] = ["<s>", "<pad>", "</s>", "<unk>", "▁", "a", "b", "▁a", "▁ab", "abc", "▁قال", "ه"];
const SCORES: [f32; 12] = [0.0, 0.0, 0.0, 0.0, -4.0, -3.0, -3.5, -2.0, -2.5, -3.0, -2.0, -3.0];

/// Numbers that look random, the same every time.
fn noise(seed: u64, n: usize) -> Vec<f32> {
    let mut state = seed | 1;
    (0..n)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

type Tensors = Vec<(String, Dtype, Vec<usize>, Vec<u8>)>;

fn tensors() -> Tensors {
    let mut out: Tensors = Vec::new();
    let f32s = |v: &[f32]| v.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
    let u32s = |v: &[u32]| v.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
    let mut put =
        |name: &str, dtype, shape: &[usize], bytes| out.push((name.into(), dtype, shape.to_vec(), bytes));
    put("pos", Dtype::F32, &[80, WIDTH], f32s(&noise(1, 80 * WIDTH)));
    let norm = |seed| f32s(&noise(seed, WIDTH).iter().map(|x| 1.0 + x / 4.0).collect::<Vec<_>>());
    for name in ["ln", "layers.0.ln1", "layers.0.ln2"] {
        put(&format!("{name}.weight"), Dtype::F32, &[WIDTH], norm(2));
        put(&format!("{name}.bias"), Dtype::F32, &[WIDTH], f32s(&noise(3, WIDTH)));
    }
    for (name, outputs, inputs) in [("qkv", 96, 32), ("o", 32, 32), ("fi", 64, 32), ("fo", 32, 64)] {
        let name = format!("layers.0.{name}");
        let weights = noise(4, outputs * inputs).iter().map(|w| (w * 63.0) as i8 as u8).collect();
        put(&format!("{name}.weight"), Dtype::I8, &[outputs, inputs], weights);
        put(&format!("{name}.scale"), Dtype::F32, &[outputs], f32s(&vec![0.01; outputs]));
        put(&format!("{name}.bias"), Dtype::F32, &[outputs], f32s(&noise(5, outputs)));
    }
    put("head.weight", Dtype::F32, &[3, WIDTH], f32s(&noise(6, 3 * WIDTH)));
    put("head.bias", Dtype::F32, &[3], f32s(&[0.1, 0.2, 0.3]));
    put(
        "emb.nibbles",
        Dtype::U8,
        &[12, 16],
        noise(7, 12 * 16).iter().map(|x| (x * 127.0) as i8 as u8).collect(),
    );
    put(
        "emb.scales",
        Dtype::F16,
        &[12, 1],
        (0..12).flat_map(|_| half::f16::from_f32(0.1).to_le_bytes()).collect(),
    );
    put("tok.pieces", Dtype::U8, &[PIECES.concat().len()], PIECES.concat().into_bytes());
    let ends: Vec<u32> = PIECES
        .iter()
        .scan(0, |end, p| {
            *end += p.len() as u32;
            Some(*end)
        })
        .collect();
    put("tok.ends", Dtype::U32, &[12], u32s(&ends));
    put("tok.scores", Dtype::F32, &[12], f32s(&SCORES));
    put("map.from", Dtype::U32, &[1], u32s(&[u32::from('Ａ')]));
    put("map.ends", Dtype::U32, &[1], u32s(&[1]));
    put("map.to", Dtype::U32, &[1], u32s(&[u32::from('a')]));
    out
}

fn file(tensors: &Tensors, change: &[(&str, &str)]) -> Vec<u8> {
    let mut metadata: HashMap<String, String> = [
        ("format", FORMAT),
        ("name", "small"),
        ("labels", "O,B-PER,I-PER"),
        ("heads", "2"),
        ("epsilon", "1e-12"),
        ("begin", "0"),
        ("end", "2"),
        ("unknown", "3"),
    ]
    .map(|(k, v)| (k.to_owned(), v.to_owned()))
    .into();
    metadata.extend(change.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        (name.clone(), TensorView::new(*dtype, shape.clone(), bytes).expect("shape and bytes fit"))
    });
    safetensors::serialize(views.collect::<Vec<_>>(), Some(metadata)).expect("a file")
}

fn encoder() -> Encoder {
    Encoder::parse(&file(&tensors(), &[])).expect("a model")
}

fn cut(encoder: &Encoder, word: &str) -> Vec<&'static str> {
    let mut out = Vec::new();
    encoder.pieces().cut(word, &mut Cutter::default(), &mut out);
    out.into_iter().map(|id| PIECES[id as usize]).collect()
}

#[test]
fn words_are_cut_at_the_highest_sum() {
    let encoder = encoder();
    // ▁ab -2.5; ▁a b -5.5; ▁ a b -10.5.
    assert_eq!(cut(&encoder, "ab"), ["▁ab"]);
    // ▁ abc -7; ▁ab is followed by nothing that begins with c but the unknown.
    assert_eq!(cut(&encoder, "abc"), ["▁", "abc"]);
    assert_eq!(cut(&encoder, "ba"), ["▁", "b", "a"]);
    assert_eq!(cut(&encoder, "قاله"), ["▁قال", "ه"]);
    assert_eq!(cut(&encoder, "axyb"), ["▁a", "<unk>", "b"], "unknown characters in a row are one");
    assert_eq!(cut(&encoder, "Ａ"), ["▁a"], "characters are mapped first");
    assert_eq!(cut(&encoder, ""), ["▁"]);
    assert_eq!(cut(&encoder, "<s>"), ["▁", "<unk>"], "a special piece is never cut from text");
}

#[test]
fn the_network_is_what_plain_arithmetic_says() {
    let encoder = encoder();
    let ids = [0, 8, 6, 3, 2];
    let mut scratch = super::Scratch::default();
    let found = encoder.forward(&ids, &[1, 3], &mut scratch).to_vec();
    let right = plain(&ids.map(|id| id as usize));
    for (at, logits) in [1, 3].into_iter().zip(&found) {
        for (label, (a, b)) in logits.iter().zip(&right[at]).enumerate() {
            assert!((a - b).abs() < 0.15, "position {at}, label {label}: {a} for {b}");
        }
        assert!(logits[3..].iter().all(|l| *l == -1e4), "labels that the model lacks: {logits:?}");
    }
    for path in Path::available() {
        let other = Encoder::parse(&file(&tensors(), &[])).expect("a model").with_path(path);
        assert_eq!(other.forward(&ids, &[1, 3], &mut scratch), found, "{}", path.name());
    }
}

/// The same network in `f64`, without rounding of activations, from the tensors.
fn plain(ids: &[usize]) -> Vec<Vec<f32>> {
    let tensors = tensors();
    let get = |name: &str| -> Vec<f64> {
        let (_, dtype, _, bytes) = tensors.iter().find(|t| t.0 == name).expect(name);
        match dtype {
            Dtype::F32 => bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b).into()).collect(),
            _ => bytes.iter().map(|b| f64::from(*b as i8)).collect(),
        }
    };
    let norm = |x: &mut Vec<f64>, name: &str| {
        let mean = x.iter().sum::<f64>() / WIDTH as f64;
        let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / WIDTH as f64;
        let (weight, bias) = (get(&format!("{name}.weight")), get(&format!("{name}.bias")));
        for ((v, w), b) in x.iter_mut().zip(weight).zip(bias) {
            *v = (*v - mean) / (variance + 1e-12).sqrt() * w + b;
        }
    };
    let linear = |x: &[f64], name: &str| -> Vec<f64> {
        let (weight, bias) = (get(&format!("layers.0.{name}.weight")), get(&format!("layers.0.{name}.bias")));
        let rows = weight.chunks_exact(x.len()).zip(bias);
        rows.map(|(row, b)| row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() * f64::from(0.01_f32) + b)
            .collect()
    };
    let nibbles = &tensors.iter().find(|t| t.0 == "emb.nibbles").expect("nibbles").3;
    let positions = get("pos");
    let mut x: Vec<Vec<f64>> = ids
        .iter()
        .enumerate()
        .map(|(i, id)| {
            let row = &nibbles[id * 16..id * 16 + 16];
            let four = row.iter().map(|b| b & 15).chain(row.iter().map(|b| b >> 4));
            let scale = half::f16::from_f32(0.1).to_f64();
            let vector = four.map(|n| (f64::from(n) - 8.0) * scale);
            let mut x: Vec<f64> = vector.zip(&positions[i * WIDTH..]).map(|(a, b)| a + b).collect();
            norm(&mut x, "ln");
            x
        })
        .collect();
    let qkv: Vec<Vec<f64>> = x.iter().map(|x| linear(x, "qkv")).collect();
    for (i, x) in x.iter_mut().enumerate() {
        let mut mixed = Vec::new();
        for head in [0..16, 16..32] {
            let score =
                |j: usize| -> f64 { head.clone().map(|e| qkv[i][e] * qkv[j][WIDTH + e]).sum::<f64>() / 4.0 };
            let weights: Vec<f64> = (0..ids.len()).map(|j| score(j).exp()).collect();
            let total: f64 = weights.iter().sum();
            for e in head {
                mixed.push((0..ids.len()).map(|j| weights[j] / total * qkv[j][2 * WIDTH + e]).sum());
            }
        }
        let add = |x: &mut Vec<f64>, more: Vec<f64>| x.iter_mut().zip(more).for_each(|(a, b)| *a += b);
        add(x, linear(&mixed, "o"));
        norm(x, "layers.0.ln1");
        // The unit by its definition, the error function by its series.
        let erf = |z: f64| {
            (0..60)
                .fold((0.0, z), |(sum, term), n| {
                    let n = f64::from(n);
                    (sum + term / (2.0 * n + 1.0), -term * z * z / (n + 1.0))
                })
                .0
                * std::f64::consts::FRAC_2_SQRT_PI
        };
        let wide: Vec<f64> =
            linear(x, "fi").into_iter().map(|v| v * 0.5 * (1.0 + erf(v / 2.0_f64.sqrt()))).collect();
        add(x, linear(&wide, "fo"));
        norm(x, "layers.0.ln2");
    }
    let (weight, bias) = (get("head.weight"), get("head.bias"));
    let head = |x: &Vec<f64>| {
        let rows = weight.chunks_exact(WIDTH).zip(&bias);
        rows.map(|(row, b)| (row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b) as f32).collect()
    };
    x.iter().map(head).collect()
}

#[test]
fn what_is_no_model_is_refused_and_named() {
    let error = |tensors: &Tensors, change: &[(&str, &str)]| {
        Encoder::parse(&file(tensors, change)).unwrap_err().to_string()
    };
    assert!(matches!(Encoder::parse(b"no"), Err(EncoderError::File(_))));
    assert!(error(&tensors(), &[("format", "other 9")]).contains("other 9"));
    assert!(error(&tensors(), &[("heads", "5")]).contains("heads"));
    assert!(error(&tensors(), &[("heads", "0")]).contains("heads"));
    assert!(error(&tensors(), &[("labels", "O,B-PER,B-CAT")]).contains("B-CAT"));
    assert!(error(&tensors(), &[("unknown", "99")]).contains("special"));
    for at in 0..tensors().len() {
        let mut missing = tensors();
        let (name, ..) = missing.remove(at);
        // Without its first matrix there is no layer, which is a model too.
        if !name.starts_with("layers.0.qkv.weight") {
            assert!(error(&missing, &[]).contains(&name), "without {name}: {}", error(&missing, &[]));
        }
        let mut short = tensors();
        let (_, dtype, shape, bytes) = &mut short[at];
        let size = if *dtype == Dtype::F16 {
            2
        } else if matches!(dtype, Dtype::U8 | Dtype::I8) {
            1
        } else {
            4
        };
        bytes.truncate(bytes.len() - size);
        *shape = vec![bytes.len() / size];
        assert!(Encoder::parse(&file(&short, &[])).is_err(), "{name} cut short");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However long sentences are, each token gets scores, the same for the same article.
    #[test]
    fn every_token_is_read(words in prop::collection::vec("[ab]{1,9}|قال|[.]|3,5|x_y", 0..400)) {
        let encoder = encoder();
        let text = words.join(" ");
        let docs = [Doc::new(Field::Title, "ab a."), Doc::new(Field::Body, &text)];
        let scores = encoder.score(&docs);
        prop_assert_eq!(scores.len(), 2);
        for (doc, scores) in docs.iter().zip(&scores) {
            prop_assert_eq!(scores.len(), doc.tokens.len());
            prop_assert!(scores.iter().all(|s: &[f32; LABELS]| s[..3].iter().any(|x| *x != 0.0)), "a token without scores");
        }
        prop_assert_eq!(encoder.score(&docs), scores);
    }

    #[test]
    fn any_bytes_are_read_or_refused(at in 0_usize..3000, byte: u8, cut in 0_usize..6000) {
        let mut bytes = file(&tensors(), &[]);
        let len = bytes.len();
        bytes[at % len] = byte;
        let _ = Encoder::parse(&bytes);
        bytes.truncate(cut % len);
        prop_assert!(Encoder::parse(&bytes).is_err());
    }
}
