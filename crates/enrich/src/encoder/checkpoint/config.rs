//! `config.json`: sizes and labels of the network.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::{CONFIG, CheckpointError, shown};

/// Architectures, and what the names of their tensors begin with.
const ARCHITECTURES: [(&str, &str); 2] =
    [("BertForTokenClassification", "bert"), ("XLMRobertaForTokenClassification", "roberta")];
/// Types of names as corpora call them, and as we do.
const TYPES: [(&str, [&str; 2]); 14] = [
    ("PER", ["B-PER", "I-PER"]),
    ("PERS", ["B-PER", "I-PER"]),
    ("PERSON", ["B-PER", "I-PER"]),
    ("ORG", ["B-ORG", "I-ORG"]),
    ("ORGANIZATION", ["B-ORG", "I-ORG"]),
    ("ORGANISATION", ["B-ORG", "I-ORG"]),
    ("LOC", ["B-LOC", "I-LOC"]),
    ("LOCATION", ["B-LOC", "I-LOC"]),
    ("GPE", ["B-LOC", "I-LOC"]),
    ("FAC", ["B-LOC", "I-LOC"]),
    ("EVENT", ["B-EVENT", "I-EVENT"]),
    ("EVE", ["B-EVENT", "I-EVENT"]),
    ("MISC", ["B-MISC", "I-MISC"]),
    ("MIS", ["B-MISC", "I-MISC"]),
];
/// Most labels that are read.
const MOST_LABELS: usize = 256;

/// What is read of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Config {
    /// What the names of tensors begin with.
    pub prefix: &'static str,
    /// Width of vectors.
    pub width: usize,
    /// Layers.
    pub layers: usize,
    /// Heads of attention.
    pub heads: usize,
    /// Width between the two matrices behind attention.
    pub wide: usize,
    /// Rows of positions.
    pub positions: usize,
    /// Those of them that stand for no position: the first piece has the one behind them.
    pub skipped: usize,
    /// Vectors of pieces.
    pub pieces: usize,
    /// Kinds of segments; all text is of the first.
    pub segments: usize,
    /// What normalisation adds to the variance.
    pub epsilon: f32,
    /// Our label for each row of the head.
    pub labels: Vec<&'static str>,
}

impl Config {
    /// # Errors
    /// When the network is another, or too large.
    pub fn read(json: &Value) -> Result<Self, CheckpointError> {
        let prefix = architecture(json)?;
        only(json, "hidden_act", "gelu", false)?;
        only(json, "position_embedding_type", "absolute", true)?;
        let width = number(json, "hidden_size", 32..=4096)?;
        if width % 32 != 0 {
            return Err(wrong(json, "hidden_size", "must be a multiple of 32"));
        }
        let heads = number(json, "num_attention_heads", 1..=width)?;
        if width % heads != 0 || !(width / heads).is_multiple_of(8) || width / heads > 256 {
            let allowed =
                format!("must part hidden_size ({width}) into heads of a multiple of 8, at most 256 wide");
            return Err(wrong(json, "num_attention_heads", &allowed));
        }
        let wide = number(json, "intermediate_size", 4..=65_536)?;
        if wide % 4 != 0 {
            return Err(wrong(json, "intermediate_size", "must be a multiple of 4"));
        }
        // XLM-R counts positions from the one behind that of padding.
        let skipped = match prefix {
            "roberta" if json.get("pad_token_id").is_some() => number(json, "pad_token_id", 0..=1024)? + 1,
            "roberta" => 2,
            _ => 0,
        };
        Ok(Self {
            prefix,
            width,
            layers: number(json, "num_hidden_layers", 1..=96)?,
            heads,
            wide,
            positions: number(json, "max_position_embeddings", 64 + skipped..=65_536)?,
            skipped,
            pieces: number(json, "vocab_size", 4..=4_000_000)?,
            segments: number(json, "type_vocab_size", 1..=64)?,
            epsilon: epsilon(json)?,
            labels: labels(json)?,
        })
    }
}

fn architecture(json: &Value) -> Result<&'static str, CheckpointError> {
    let key = "architectures";
    let allowed = format!("must be {}", ARCHITECTURES.map(|(name, _)| format!("[\"{name}\"]")).join(" or "));
    let found = get(json, key, &allowed)?;
    let named = found.as_array().and_then(|all| all.first()).and_then(Value::as_str);
    let known = ARCHITECTURES.iter().find(|(name, _)| Some(*name) == named);
    known.map(|(_, prefix)| *prefix).ok_or_else(|| wrong(json, key, &allowed))
}

fn get<'a>(json: &'a Value, key: &str, allowed: &str) -> Result<&'a Value, CheckpointError> {
    json.get(key)
        .filter(|value| !value.is_null())
        .ok_or_else(|| CheckpointError::missing(CONFIG, key, allowed))
}

fn wrong(json: &Value, key: &str, allowed: &str) -> CheckpointError {
    CheckpointError::wrong(CONFIG, key, shown(json.get(key).unwrap_or(&Value::Null)), allowed)
}

fn only(json: &Value, key: &str, word: &str, by_default: bool) -> Result<(), CheckpointError> {
    let allowed = format!("must be \"{word}\"");
    match json.get(key) {
        None if by_default => Ok(()),
        None => Err(CheckpointError::missing(CONFIG, key, allowed)),
        Some(value) if value.as_str() == Some(word) => Ok(()),
        Some(_) => Err(wrong(json, key, &allowed)),
    }
}

fn number(json: &Value, key: &str, allowed: RangeInclusive<usize>) -> Result<usize, CheckpointError> {
    let text = format!("must be a whole number from {} to {}", allowed.start(), allowed.end());
    let value = get(json, key, &text)?.as_u64().and_then(|n| usize::try_from(n).ok());
    value.filter(|n| allowed.contains(n)).ok_or_else(|| wrong(json, key, &text))
}

fn epsilon(json: &Value) -> Result<f32, CheckpointError> {
    let (key, allowed) = ("layer_norm_eps", "must be a number above 0, at most 0.001");
    let value = get(json, key, allowed)?.as_f64().map(|n| n as f32);
    value.filter(|n| *n > 0.0 && *n <= 1e-3).ok_or_else(|| wrong(json, key, allowed))
}

/// Our labels by `id2label`.
fn labels(json: &Value) -> Result<Vec<&'static str>, CheckpointError> {
    let key = "id2label";
    let types = TYPES.map(|(name, _)| name).join(", ");
    let allowed = format!("must be O and pairs of B-X and I-X, with X one of {types}");
    let map = get(json, key, &allowed)?.as_object().ok_or_else(|| wrong(json, key, &allowed))?;
    if map.is_empty() || map.len() > MOST_LABELS {
        return Err(wrong(json, key, &allowed));
    }
    let mut labels = Vec::new();
    for number in 0..map.len() {
        let key = format!("{key}.{number}");
        let value = map.get(&number.to_string());
        let value =
            value.ok_or_else(|| CheckpointError::missing(CONFIG, &key, "labels are counted from 0"))?;
        let ours = value.as_str().and_then(ours);
        labels.push(ours.ok_or_else(|| CheckpointError::wrong(CONFIG, &key, shown(value), &*allowed))?);
    }
    let absent = std::iter::once(["O", "O"]).chain(TYPES.map(|(_, pair)| pair)).find(|pair| {
        let [begin, inside] = pair.map(|label| labels.contains(&label));
        begin != inside || (pair[0] == "O" && !begin)
    });
    match absent {
        Some([begin, inside]) => {
            let label = if labels.contains(&begin) { inside } else { begin };
            let allowed = format!("there is no {label} among its labels: they {allowed}");
            Err(wrong(json, key, &allowed))
        }
        None => Ok(labels),
    }
}

/// Our label for one of others.
fn ours(label: &str) -> Option<&'static str> {
    let label = label.to_ascii_uppercase();
    if label == "O" {
        return Some("O");
    }
    let (position, name) = label.split_once(['-', '_'])?;
    let (_, [begin, inside]) = TYPES.iter().find(|(theirs, _)| *theirs == name)?;
    match position {
        "B" => Some(begin),
        "I" => Some(inside),
        _ => None,
    }
}
