//! A dead letter that an instance shows to whoever watches it: as JSON, and for a person at a terminal.

use serde::{Deserialize, Serialize};

use super::export::{Content, Place};
use super::{Letter, place};
use crate::envelope::{Position, Raw};
use crate::render::{clean, escape};
use crate::samples::{self, EXCERPT};

/// A sampled dead letter: of a large one only the beginning of its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sampled {
    /// Where the letter is, in the dead-letter topic; `null` with `delivery = "exactly-once"`.
    pub position: Option<Place>,
    /// Where its record was first read; `null` where a header that says so is broken.
    pub source: Option<Place>,
    /// `khabar-error-reason`
    pub reason: String,
    /// `khabar-error-stage`
    pub stage: String,
    /// `khabar-error-message`
    pub message: String,
    /// How often it was tried.
    pub attempts: u64,
    /// The record's key.
    pub key: Option<Content>,
    /// The value, or its beginning.
    pub value: Option<Content>,
    /// Bytes of the whole value.
    pub value_bytes: usize,
    /// Whether `value` is its beginning alone.
    #[serde(default)]
    pub value_cut: bool,
}

impl Sampled {
    /// From what is kept of a letter.
    pub fn of(kept: &samples::Letter) -> Self {
        let here = kept.position.clone();
        let raw = Raw { key: kept.key.clone(), value: None, headers: (*kept.headers).clone() };
        let nowhere = || Position { topic: "".into(), partition: 0, offset: 0, timestamp: None };
        let letter = Letter::read(here.clone().unwrap_or_else(nowhere), raw);
        let text = |of: fn(&Letter) -> &String| letter.as_ref().map(of).cloned().unwrap_or_default();
        let content = |bytes: &Option<bytes::Bytes>| bytes.as_deref().map(beginning);
        Self {
            position: here.as_ref().map(Place::of),
            source: letter.as_ref().map(|letter| Place::of(&letter.source)),
            reason: text(|letter| &letter.reason),
            stage: text(|letter| &letter.stage),
            message: text(|letter| &letter.message),
            attempts: letter.as_ref().map_or(1, |letter| letter.attempts),
            key: content(&kept.key),
            value: content(&kept.value),
            value_bytes: kept.value_bytes,
            value_cut: kept.value.as_ref().is_some_and(|value| value.len() < kept.value_bytes),
        }
    }

    /// For a person at a terminal: a few lines, the value's beginning last.
    pub fn show(&self) -> String {
        let one_line = |text: &str| clean(text).replace('\n', " ");
        let mut out = format!("dead letter  {}: {}\n", one_line(&self.reason), one_line(&self.message));
        for (name, at) in [("source", &self.source), ("letter", &self.position)] {
            if let Some(at) = at {
                let at = Position {
                    topic: at.topic.as_str().into(),
                    partition: at.partition,
                    offset: at.offset,
                    timestamp: None,
                };
                out.push_str(&format!("  {name:<9}  {}\n", one_line(&place(&at))));
            }
        }
        if let Some(key) = &self.key {
            out.push_str(&format!("  key        {}\n", shown(key)));
        }
        out.push_str(&match &self.value {
            None => "  value      none\n".to_owned(),
            Some(value) => format!("  value      {} bytes: {}\n", self.value_bytes, shown(value)),
        });
        out
    }
}

/// Most of a value that is shown, in code points.
const SHORT: usize = 400;

fn shown(content: &Content) -> String {
    match content {
        Content::Base64(text) => format!("not UTF-8, in base64: {}", short(text)),
        Content::Text(text) => short(&escape(text).replace('\n', "\\n")),
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Bytes that may have been cut: a character in pieces at the end is left out.
fn beginning(bytes: &[u8]) -> Content {
    let whole = match std::str::from_utf8(bytes) {
        Err(error) if bytes.len() == EXCERPT && error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    };
    Content::of(bytes.get(..whole).unwrap_or(bytes))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::*;
    use crate::dead_letter::dead_letter;
    use crate::envelope::{Headers, Reason, Reject};

    fn sampled(value: &[u8]) -> Sampled {
        let raw = Raw {
            key: Some(Bytes::from_static(b"k")),
            value: Some(Bytes::copy_from_slice(value)),
            headers: Headers::default(),
        };
        let source = Position { topic: "news.raw".into(), partition: 2, offset: 7, timestamp: Some(5) };
        let letter = dead_letter(&raw, &source, "decode", &Reject::new(Reason::InvalidJson, "line 1"));
        Sampled::of(&samples::Letter {
            position: Some(Position {
                topic: "news.raw.dead".into(),
                partition: 0,
                offset: 3,
                timestamp: None,
            }),
            key: letter.key.clone(),
            value: Some(samples::excerpt(value)),
            value_bytes: value.len(),
            headers: Arc::clone(&letter.headers),
        })
    }

    #[test]
    fn a_letter_for_a_person() {
        let shown = sampled("{\"title\": \"\u{1b}[31mخبر\u{202e}\"\n".as_bytes()).show();
        let expected = "dead letter  invalid_json: line 1\n  source     news.raw/2@7\n  letter     news.raw.dead/0@3\n\
            \x20 key        k\n  value      27 bytes: {\"title\": \"\\u{1b}[31mخبر\\u{202e}\"\\n\n";
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_text_that_was_cut_within_a_character_is_still_text() {
        let long = "خ".repeat(EXCERPT);
        let sampled = sampled(format!("x{long}").as_bytes());
        let Some(Content::Text(text)) = &sampled.value else { panic!("no text: {:?}", sampled.value) };
        assert_eq!((text.len(), sampled.value_bytes), (EXCERPT - 1, 2 * EXCERPT + 1));
        assert!(sampled.value_cut);
        assert!(sampled.show().lines().all(|line| line.chars().count() < SHORT + 40));
    }

    #[test]
    fn what_is_no_text_is_base64() {
        assert_eq!(sampled(b"\xff\xfe").value, Some(Content::Base64("//4=".to_owned())));
    }
}
