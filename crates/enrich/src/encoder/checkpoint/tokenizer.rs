//! `tokenizer.json`: the vocabulary, and how text is written before it is cut.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::charsmap::CharsMap;
use super::{CheckpointError, TOKENIZER, shown};
use crate::encoder::packing::Vocabulary;
use crate::encoder::pieces::{Id, Special};

/// Most steps of normalisation.
const MOST_STEPS: usize = 16;

/// The vocabulary, and the pieces that mean something to the network.
///
/// # Errors
/// When the tokeniser is another than SentencePiece's unigram model, or damaged.
pub(super) fn read(json: &Value) -> Result<(Vocabulary, Special), CheckpointError> {
    let at = At { json, key: String::new() };
    let model = at.get("model", "must be a unigram model")?;
    model.only(
        "type",
        &["Unigram"],
        "only \"Unigram\" is supported, the tokeniser of XLM-R; train with such a vocabulary",
    )?;
    if let Some(true) = model.json.get("byte_fallback").and_then(Value::as_bool) {
        return Err(model.wrong("byte_fallback", "must be false: bytes as pieces are not supported"));
    }
    words_begin(&at)?;
    let pieces = pieces(&model)?;
    let special = special(&at, &model, &pieces)?;
    let hidden = hidden(&at, &pieces);
    let is_cut = |id: usize| ![special.begin, special.end, special.unknown].contains(&(id as Id));
    let mut each = pieces.iter().zip(&hidden).enumerate();
    if !each.any(|(id, ((piece, _), hidden))| !piece.is_empty() && !hidden && is_cut(id)) {
        return Err(model.wrong("vocab", "must have pieces beside the special ones"));
    }
    let mut vocabulary = Vocabulary::default();
    for ((piece, score), hidden) in pieces.iter().zip(hidden) {
        vocabulary.piece(if hidden { "" } else { piece }, *score);
    }
    write_characters(&steps(&at)?, &at, &mut vocabulary)?;
    Ok((vocabulary, special))
}

/// A value and where it stands.
struct At<'a> {
    json: &'a Value,
    key: String,
}

impl<'a> At<'a> {
    fn key(&self, key: &str) -> String {
        if self.key.is_empty() { key.to_owned() } else { format!("{}.{key}", self.key) }
    }

    /// What stands under a key; `null` is as nothing.
    fn find(&self, key: &str) -> Option<At<'a>> {
        let json = self.json.get(key).filter(|value| !value.is_null())?;
        Some(At { json, key: self.key(key) })
    }

    fn get(&self, key: &str, allowed: &str) -> Result<At<'a>, CheckpointError> {
        self.find(key).ok_or_else(|| CheckpointError::missing(TOKENIZER, &self.key(key), allowed))
    }

    fn is_wrong(&self, allowed: &str) -> CheckpointError {
        CheckpointError::wrong(TOKENIZER, &self.key, shown(self.json), allowed)
    }

    fn wrong(&self, key: &str, allowed: &str) -> CheckpointError {
        CheckpointError::wrong(
            TOKENIZER,
            &self.key(key),
            shown(self.json.get(key).unwrap_or(&Value::Null)),
            allowed,
        )
    }

    fn word(&self, key: &str) -> Option<&'a str> {
        self.json.get(key).and_then(Value::as_str)
    }

    fn only(&self, key: &str, words: &[&str], allowed: &str) -> Result<&'a str, CheckpointError> {
        let word = self.get(key, allowed)?.json.as_str();
        word.filter(|word| words.contains(word)).ok_or_else(|| self.wrong(key, allowed))
    }

    fn list(&self, key: &str, allowed: &str) -> Result<Vec<At<'a>>, CheckpointError> {
        let list = self.get(key, allowed)?;
        let items = list.json.as_array().ok_or_else(|| list.is_wrong(allowed))?;
        Ok(items.iter().enumerate().map(|(n, json)| At { json, key: format!("{}.{n}", list.key) }).collect())
    }

    /// This, or what it is a sequence of.
    fn sequence(self, list: &str) -> Result<Vec<At<'a>>, CheckpointError> {
        match self.word("type") {
            Some("Sequence") => self.list(list, "must be a list"),
            _ => Ok(vec![self]),
        }
    }
}

/// Pieces with their scores.
fn pieces<'a>(model: &At<'a>) -> Result<Vec<(&'a str, f32)>, CheckpointError> {
    let allowed = "must be a list of pairs of a piece and its score, a finite number";
    let all = model.list("vocab", allowed)?;
    let pieces = all.iter().map(|pair| {
        let (piece, score) = match pair.json.as_array().map(Vec::as_slice) {
            Some([piece, score]) => (piece.as_str(), score.as_f64().map(|score| score as f32)),
            _ => (None, None),
        };
        piece.zip(score.filter(|score| score.is_finite())).ok_or_else(|| pair.is_wrong(allowed))
    });
    pieces.collect()
}

/// Words begin with `▁`.
fn words_begin(at: &At<'_>) -> Result<(), CheckpointError> {
    let allowed =
        "must be Metaspace with \"▁\" before each word, or a sequence of WhitespaceSplit and Metaspace";
    let parts = at.get("pre_tokenizer", allowed)?.sequence("pretokenizers")?;
    let mut begun = false;
    for part in parts {
        match part.only("type", &["Metaspace", "WhitespaceSplit"], allowed)? {
            "Metaspace" => {
                part.only("replacement", &["▁"], "must be \"▁\"")?;
                let scheme = part.word("prepend_scheme").map(|scheme| scheme != "never");
                let prefix = part.json.get("add_prefix_space").and_then(Value::as_bool);
                if !scheme.or(prefix).unwrap_or(true) {
                    return Err(part.is_wrong("must put \"▁\" before each word"));
                }
                begun = true;
            }
            _ => continue,
        }
    }
    if begun { Ok(()) } else { Err(at.wrong("pre_tokenizer", allowed)) }
}

/// The pieces that begin and end a text, and the unknown one.
fn special(at: &At<'_>, model: &At<'_>, pieces: &[(&str, f32)]) -> Result<Special, CheckpointError> {
    let number = |at: &At<'_>, key: &str| -> Result<Id, CheckpointError> {
        let allowed = format!("must be the number of a piece, below {}", pieces.len());
        let id = at.get(key, &allowed)?.json.as_u64().filter(|id| *id < pieces.len() as u64);
        id.map(|id| id as Id).ok_or_else(|| at.wrong(key, &allowed))
    };
    let unknown = number(model, "unk_id")?;
    let allowed =
        "must say what begins and ends a text: a TemplateProcessing, BertProcessing or RobertaProcessing";
    let around = at.get("post_processor", allowed)?;
    let kinds = ["TemplateProcessing", "BertProcessing", "RobertaProcessing"];
    let name =
        |part: &At<'_>| part.find("SpecialToken").and_then(|token| token.word("id").map(str::to_owned));
    let names: Vec<Option<String>> = match around.only("type", &kinds, allowed)? {
        "TemplateProcessing" => around.list("single", allowed)?.iter().map(name).collect(),
        _ => ["cls", "", "sep"]
            .map(|key| around.json.get(key).and_then(|pair| pair.get(0)).and_then(Value::as_str))
            .map(|name| name.map(str::to_owned))
            .into(),
    };
    let [Some(begin), None, Some(end)] = names.as_slice() else {
        return Err(around.is_wrong("must be a special piece, the text, and a special piece"));
    };
    let find = |name: &str| {
        let place = pieces.iter().position(|(piece, _)| *piece == name);
        let missing = format!("must name pieces of model.vocab: {name:?} is none");
        place.map(|id| id as Id).ok_or_else(|| around.is_wrong(&missing))
    };
    Ok(Special { begin: find(begin)?, end: find(end)?, unknown })
}

/// Which pieces no text is cut into: those that are special.
fn hidden(at: &At<'_>, pieces: &[(&str, f32)]) -> Vec<bool> {
    let mut hidden = vec![false; pieces.len()];
    let added = at.json.get("added_tokens").and_then(Value::as_array);
    for token in added.into_iter().flatten() {
        let is_special = token.get("special").and_then(Value::as_bool).unwrap_or(false);
        let id = token.get("id").and_then(Value::as_u64).and_then(|id| usize::try_from(id).ok());
        if let (true, Some(slot)) = (is_special, id.and_then(|id| hidden.get_mut(id))) {
            *slot = true;
        }
    }
    hidden
}

/// A step of normalisation that changes single characters.
enum Step {
    Map(CharsMap),
    Compatibility,
    Lower,
}

fn steps(at: &At<'_>) -> Result<Vec<Step>, CheckpointError> {
    let Some(normaliser) = at.find("normalizer") else { return Ok(Vec::new()) };
    let allowed =
        "must be Precompiled, NFC, NFKC, Lowercase, Strip, Replace of spaces, or a sequence of these";
    let mut steps = Vec::new();
    for step in normaliser.sequence("normalizers")? {
        let kinds = ["Precompiled", "NFC", "NFKC", "Lowercase", "Strip", "Replace"];
        match step.only("type", &kinds, allowed)? {
            "Precompiled" => {
                let key = "precompiled_charsmap";
                let allowed = "must be SentencePiece's map of characters in Base64";
                let text = step.get(key, allowed)?.json.as_str();
                let map = text.and_then(|text| STANDARD.decode(text).ok());
                // An empty one changes nothing.
                if map.as_ref().is_none_or(|map| !map.is_empty()) {
                    let map = map.as_deref().and_then(CharsMap::new);
                    steps.push(Step::Map(map.ok_or_else(|| step.wrong(key, allowed))?));
                }
            }
            "NFKC" => steps.push(Step::Compatibility),
            "Lowercase" => steps.push(Step::Lower),
            "Replace" => spaces(&step)?,
            // Our text is composed, and words have no space around them.
            _ => {}
        }
    }
    if steps.len() > MOST_STEPS {
        return Err(at.wrong("normalizer", "must have fewer steps"));
    }
    Ok(steps)
}

/// What is replaced must be spaces: no word has any.
fn spaces(step: &At<'_>) -> Result<(), CheckpointError> {
    let allowed = "must be spaces: other replacements are not supported";
    let pattern = step.get("pattern", allowed)?;
    let text = pattern.word("String").or(pattern.word("Regex")).unwrap_or_default();
    let without = text.strip_suffix("{2,}").or(text.strip_suffix('+')).unwrap_or(text);
    let is_space = !without.is_empty() && without.chars().all(|c| c == ' ');
    if is_space { Ok(()) } else { Err(pattern.is_wrong(allowed)) }
}

/// Adds all characters that the steps change. Those of several characters change nothing here: our text is composed.
fn write_characters(steps: &[Step], at: &At<'_>, vocabulary: &mut Vocabulary) -> Result<(), CheckpointError> {
    if steps.is_empty() {
        return Ok(());
    }
    let (mut text, mut next) = (String::new(), String::new());
    for c in '\0'..=char::MAX {
        text.clear();
        text.push(c);
        for step in steps {
            next.clear();
            step.apply(&text, &mut next).map_err(|()| {
                at.wrong("normalizer", "its map of characters is damaged: give the file as it was saved")
            })?;
            std::mem::swap(&mut text, &mut next);
        }
        let mut written = text.chars();
        if (written.next(), written.next()) != (Some(c), None) {
            vocabulary.written(c, &text);
        }
    }
    Ok(())
}

impl Step {
    fn apply(&self, text: &str, out: &mut String) -> Result<(), ()> {
        match self {
            Self::Map(map) => {
                for c in text.chars() {
                    match map.write(c)? {
                        Some(written) => out.push_str(written),
                        None => out.push(c),
                    }
                }
            }
            Self::Compatibility => out.extend(text.nfkc()),
            Self::Lower => out.extend(text.chars().flat_map(char::to_lowercase)),
        }
        Ok(())
    }
}
