//! A letter as a line of JSON, from which every byte of it can be had again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::{Letter, time};
use crate::envelope::Position;

/// A letter as it is exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Where the letter is.
    pub position: Place,
    /// Where its record was first read.
    pub source: Place,
    /// `khabar-error-reason`
    pub reason: String,
    /// `khabar-error-stage`
    pub stage: String,
    /// `khabar-error-message`
    pub message: String,
    /// How often it was tried.
    pub attempts: u64,
    /// Whether the value is not in the letter but at its source.
    pub by_reference: bool,
    /// The record's key.
    pub key: Option<Content>,
    /// The record's value; `null` for a tombstone, and by reference.
    pub value: Option<Content>,
    /// All headers in their order.
    pub headers: Vec<Header>,
}

/// A position in Kafka.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Kafka timestamp, RFC 3339; `null` where there is none.
    pub timestamp: Option<String>,
}

/// Bytes: as text where they are UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// UTF-8.
    Text(String),
    /// Anything else, in base64 with padding.
    Base64(String),
}

/// A header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value; `null` where it has none.
    pub value: Option<Content>,
}

impl Exported {
    /// The export of a letter.
    pub fn of(letter: &Letter) -> Self {
        let content = |bytes: &Option<bytes::Bytes>| bytes.as_deref().map(Content::of);
        let headers = letter.raw.headers.0.iter();
        Self {
            position: Place::of(&letter.position),
            source: Place::of(&letter.source),
            reason: letter.reason.clone(),
            stage: letter.stage.clone(),
            message: letter.message.clone(),
            attempts: letter.attempts,
            by_reference: letter.omitted.is_some(),
            key: content(&letter.raw.key),
            value: content(&letter.raw.value),
            headers: headers
                .map(|(name, value)| Header { name: name.clone(), value: content(value) })
                .collect(),
        }
    }
}

impl Place {
    /// The same.
    pub fn of(position: &Position) -> Self {
        let Position { topic, partition, offset, timestamp } = position;
        let millis = |millis: i64| jiff::Timestamp::from_millisecond(millis).map(|time| format!("{time:.3}"));
        let timestamp = timestamp.map(|at| millis(at).unwrap_or_else(|_| time(Some(at))));
        Self { topic: topic.to_string(), partition: *partition, offset: *offset, timestamp }
    }
}

impl Content {
    /// The content of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Content::Text(text.to_owned()),
            Err(_) => Content::Base64(STANDARD.encode(bytes)),
        }
    }

    /// The bytes again; `None` where what should be base64 is none.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Content::Text(text) => Some(text.as_bytes().to_vec()),
            Content::Base64(text) => STANDARD.decode(text).ok(),
        }
    }
}
