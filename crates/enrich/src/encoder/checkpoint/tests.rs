//! A small checkpoint against plain arithmetic, through the whole enricher, and damaged in every way.

use std::fmt::Write;
use std::sync::Arc;

use half::{bf16, f16};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::sample::{HEADS, LAYERS, Sample, WIDTH, WORDS};
use super::{CheckpointError, pack};
use crate::encoder::plain::Plain;
use crate::encoder::{Encoder, Logits};
use crate::{Article, Enricher, Settings, Tier};

type Files = [(&'static str, Vec<u8>); 3];

fn packed(files: &Files) -> Result<Vec<u8>, CheckpointError> {
    pack("own", |name| {
        let file = files.iter().find(|(file, _)| *file == name);
        file.map(|(_, bytes)| bytes.clone()).ok_or(std::io::ErrorKind::NotFound.into())
    })
}

fn encoder(files: &Files) -> Encoder {
    Encoder::parse(&packed(files).expect("a checkpoint")).expect("a model")
}

fn scores(encoder: &Encoder, ids: &[u32], firsts: &[u32]) -> Vec<Logits> {
    encoder.forward(ids, firsts, &mut Default::default()).to_vec()
}

/// Our tensors from those of the checkpoint.
fn plain(sample: &mut Sample, prefix: &str, skipped: usize, ids: &[u32]) -> Vec<Vec<f64>> {
    let mut read = |name: &str| -> Vec<f64> { sample.tensor(name).2.iter().map(|v| f64::from(*v)).collect() };
    let words = read(&format!("{prefix}.embeddings.word_embeddings.weight"));
    let positions = read(&format!("{prefix}.embeddings.position_embeddings.weight"));
    let types = read(&format!("{prefix}.embeddings.token_type_embeddings.weight"));
    let inputs = ids.iter().enumerate().map(|(i, id)| {
        let (word, position) = (*id as usize * WIDTH, (i + skipped) * WIDTH);
        (0..WIDTH).map(|e| words[word + e] + positions[position + e] + types[e]).collect()
    });
    let inputs = inputs.collect();
    let read = std::cell::RefCell::new(read);
    let get = |name: &str| -> Vec<f64> {
        let theirs = name
            .replace("head.", "classifier.")
            .replace("layers.", &format!("{prefix}.encoder.layer."))
            .replace(".o.", ".attention.output.dense.")
            .replace(".fi.", ".intermediate.dense.")
            .replace(".fo.", ".output.dense.")
            .replace(".ln1.", ".attention.output.LayerNorm.")
            .replace(".ln2.", ".output.LayerNorm.");
        let theirs = match theirs.strip_prefix("ln.") {
            Some(part) => format!("{prefix}.embeddings.LayerNorm.{part}"),
            None => theirs,
        };
        let parts =
            ["query", "key", "value"].map(|part| theirs.replace("qkv", &format!("attention.self.{part}")));
        match name.contains("qkv") {
            true => parts.iter().flat_map(|part| read.borrow_mut()(part)).collect(),
            false => read.borrow_mut()(&theirs),
        }
    };
    Plain { get: &get, heads: HEADS, layers: LAYERS, epsilon: 1e-5 }.scores(inputs)
}

#[test]
fn a_checkpoint_scores_as_plain_arithmetic_does() {
    for (is_roberta, prefix, skipped) in [(false, "bert", 0), (true, "roberta", 2)] {
        let mut sample = Sample::new(is_roberta);
        let ids = [0, 4, 5, 6, 15, 20, 9, 13, 3, 2];
        let firsts = [1, 2, 3, 6, 7, 8];
        let right = plain(&mut sample, prefix, skipped, &ids);
        let found = scores(&encoder(&sample.files()), &ids, &firsts);
        for (at, found) in firsts.iter().zip(&found) {
            let right = &right[*at as usize];
            // Of two labels that mean one of ours the higher score counts: B-LOC and B-GPE.
            let right = [&right[..5], &[right[5].max(right[7]), right[6].max(right[8])]].concat();
            for (label, (a, b)) in found.iter().zip(&right).enumerate() {
                assert!(
                    (f64::from(*a) - b).abs() < 0.15,
                    "{prefix}, position {at}, label {label}: {a} for {b}"
                );
            }
            assert!(found[7..].iter().all(|score| *score == -1e4), "labels that the model lacks");
        }
        let spread = right.iter().flatten().fold(0.0_f64, |top, score| top.max(score.abs()));
        assert!(spread > 5.0, "{spread}: scores are far apart, as they have to be to tell anything");
    }
}

#[test]
fn numbers_of_16_bits_are_read_too() {
    let sample = Sample::new(false);
    let ids = [0, 4, 5, 6, 2];
    let exact = scores(&encoder(&sample.files()), &ids, &[1, 2, 3]);
    let half = |values: &[f32]| values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect();
    let brain = |values: &[f32]| values.iter().flat_map(|v| bf16::from_f32(*v).to_le_bytes()).collect();
    for (files, most) in [(sample.files_as("F16", half), 0.05), (sample.files_as("BF16", brain), 0.3)] {
        let found = scores(&encoder(&files), &ids, &[1, 2, 3]);
        let each = exact.iter().flatten().zip(found.iter().flatten());
        let worst = each.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < most, "{worst}");
    }
}

#[test]
fn the_whole_enricher_runs_with_it_and_records_tell() {
    let model = Arc::new(encoder(&Sample::new(true).files()));
    let settings = Settings { tier: Tier::Accurate, ..Settings::default() };
    let enricher = Enricher::new(settings).with_encoder(Some(Arc::clone(&model)));
    let body = WORDS.map(|(word, _)| word.trim_start_matches('▁')).join(" ") + ".";
    let found = enricher.enrich(&Article { body: body.clone(), ..Article::default() });
    let names: Vec<String> =
        found.mentions.iter().map(|m| format!("{} {}", m.kind.as_str(), m.text)).collect();
    assert_eq!(names, ["PER ريمة الحسون", "ORG نورثفيلد", "LOC كرنبوسة"], "{body}");
    let models = enricher.models();
    assert!(models.values().all(|name| name.starts_with("own-") && name == model.name()), "{models:?}");
    let again = encoder(&Sample::new(true).files());
    assert_eq!(again.name(), model.name(), "the same files have the same name");
    let mut other = Sample::new(true);
    other.tensor("classifier.bias").2[0] = 0.5;
    assert_ne!(encoder(&other.files()).name(), model.name(), "others another");
}

#[test]
fn pieces_are_cut_as_the_vocabulary_says() {
    let cut = |sample: &Sample, word: &str| {
        let mut out = Vec::new();
        encoder(&sample.files()).pieces().cut(word, &mut Default::default(), &mut out);
        out
    };
    let mut sample = Sample::new(false);
    assert_eq!(cut(&sample, "ريمة"), [5]);
    // Full width becomes plain, capitals small: ▁ a b.
    assert_eq!(cut(&sample, "ＡB"), [14, 16, 17]);
    assert_eq!(cut(&sample, "<s>"), [14, 3, 34, 3], "a special piece is never cut from text");
    let map = super::charsmap::sample(&[(b'Q', "ab")]);
    let map = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, map);
    sample.tokenizer["normalizer"] = json!({"type": "Precompiled", "precompiled_charsmap": map});
    assert_eq!(cut(&sample, "Qc"), [14, 16, 17, 18]);
    sample.tokenizer["normalizer"] = Value::Null;
    assert_eq!(cut(&sample, "Q"), [14, 3]);
}

/// What is said of unfit files, in `errors.txt` beside this test.
#[test]
fn unfit_checkpoints_are_refused_and_named() {
    let mut read = String::new();
    let mut tell = |what: &str, files: &Files| {
        let error = packed(files).map(|_| ()).expect_err(what).to_string();
        let _ = writeln!(read, "{what}\n    {error}\n");
    };
    let good = || Sample::new(true);
    for (key, value) in [
        ("architectures", json!(["DistilBertForTokenClassification"])),
        ("hidden_size", json!("32")),
        ("hidden_size", json!(40)),
        ("num_attention_heads", json!(5)),
        ("num_hidden_layers", json!(0)),
        ("num_hidden_layers", json!(3)),
        ("intermediate_size", json!(62)),
        ("intermediate_size", json!(128)),
        ("max_position_embeddings", json!(60)),
        ("max_position_embeddings", json!(514)),
        ("type_vocab_size", Value::Null),
        ("layer_norm_eps", json!(1)),
        ("hidden_act", json!("relu")),
        ("position_embedding_type", json!("relative_key")),
        ("vocab_size", json!(39)),
        ("id2label", json!({"0": "O", "1": "B-PER", "2": "I-PER", "3": "B-DATE"})),
        ("id2label", json!({"0": "O", "1": "I-PER"})),
        ("id2label", json!({"0": "B-PER", "1": "I-PER"})),
        ("id2label", json!({"0": "LABEL_0"})),
        ("id2label", json!({"1": "O"})),
    ] {
        let mut sample = good();
        let what = format!("config.json, {key} = {value}");
        sample.config[key] = value;
        tell(&what, &sample.files());
    }
    for (path, value) in [
        ("/model", json!({"type": "WordPiece", "vocab": {}})),
        ("/model/vocab/5", json!(["ab"])),
        (
            "/model/vocab",
            ["<s>", "</s>"].into_iter().cycle().take(43).map(|piece| json!([piece, -1])).collect(),
        ),
        ("/model/vocab", json!([["<s>", 0], ["</s>", 0], ["", 0], ["<unk>", 0]])),
        ("/model/unk_id", json!(40)),
        ("/model/byte_fallback", json!(true)),
        ("/pre_tokenizer", json!({"type": "BertPreTokenizer"})),
        ("/pre_tokenizer/prepend_scheme", json!("never")),
        ("/post_processor", Value::Null),
        ("/post_processor/single", json!([{"Sequence": {"id": "A"}}])),
        ("/post_processor/single/0/SpecialToken/id", json!("[CLS]")),
        ("/post_processor/type", json!("ByteLevel")),
        ("/normalizer/normalizers/0", json!({"type": "BertNormalizer"})),
        ("/normalizer/normalizers/0", json!({"type": "Precompiled", "precompiled_charsmap": "AAAA"})),
        ("/normalizer/normalizers/2/pattern", json!({"String": "a"})),
    ] {
        let mut sample = good();
        let what = format!("tokenizer.json, {path} = {}", super::shown(&value));
        *sample.tokenizer.pointer_mut(path).expect(path) = value;
        tell(&what, &sample.files());
    }
    let mut sample = good();
    sample.tensors.retain(|(name, ..)| name != "roberta.encoder.layer.1.output.dense.bias");
    tell("without a tensor", &sample.files());
    let mut sample = good();
    sample.tensor("classifier.weight").1 = vec![WIDTH, 9];
    tell("a matrix lies on its side", &sample.files());
    let mut sample = good();
    sample.tensor("roberta.embeddings.LayerNorm.bias").2[7] = f32::NAN;
    tell("not a number", &sample.files());
    let mut sample = good();
    sample.tensor("roberta.embeddings.word_embeddings.weight").2[7] = 1e9;
    tell("a large number", &sample.files());
    let i32s = |values: &[f32]| values.iter().flat_map(|v| (*v as i32).to_le_bytes()).collect();
    tell("whole numbers", &good().files_as("I32", i32s));
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
        let mut files = good().files();
        files.iter_mut().filter(|(file, _)| *file == name).for_each(|(_, bytes)| *bytes = b"{".to_vec());
        tell(&format!("{name} is cut short"), &files);
        files.iter_mut().filter(|(file, _)| *file == name).for_each(|(file, _)| *file = "other");
        tell(&format!("{name} is not there"), &files);
    }
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/src/encoder/checkpoint/errors.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(golden, &read).expect(golden);
    }
    let expected = std::fs::read_to_string(golden).unwrap_or_default();
    assert!(expected == read, "{golden} differs (UPDATE_GOLDEN=1 writes it anew)\n{read}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_are_packed_or_refused(file in 0_usize..3, at: prop::sample::Index, byte: u8, cut: Option<prop::sample::Index>) {
        let mut files = Sample::new(false).files();
        let bytes = &mut files[file].1;
        *at.get_mut(bytes) = byte;
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(packed) = packed(&files) {
            prop_assert!(Encoder::parse(&packed).is_ok(), "what was packed is a model");
        }
    }
}
