//! Dead letters, read back: what they say, which ones are meant, which ones go through again. Pure: no Kafka.
//!
//! - [`filter`]: which letters are meant; [`select`]: which of them are redriven, and what became of the rest
//! - [`summary`]: counts by reason, for `khabar dlq list`; [`show`]: one letter for a person
//! - [`export`]: a letter as a line of JSON; [`sampled`]: what a running instance shows of one

pub mod export;
pub mod filter;
pub mod sampled;
pub mod select;
pub mod show;
pub mod summary;
#[cfg(test)]
mod tests;

use bytes::Bytes;

use crate::dead_letter::is_by_reference;
use crate::envelope::{Headers, Position, Raw};

/// A dead letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Where the letter itself is.
    pub position: Position,
    /// Key, value and headers as they are in the topic.
    pub raw: Raw,
    /// `khabar-error-reason`
    pub reason: String,
    /// `khabar-error-stage`
    pub stage: String,
    /// `khabar-error-message`
    pub message: String,
    /// Where the record was read first.
    pub source: Position,
    /// How often it was tried.
    pub attempts: u64,
    /// Where the value is not in the letter: what is known of it.
    pub omitted: Option<Omitted>,
}

/// What a letter knows of the value that it does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omitted {
    /// Its size.
    pub bytes: Option<u64>,
    /// Its SHA-256, in lower-case hexadecimal.
    pub sha256: Option<String>,
}

impl Letter {
    /// Reads a record of a dead-letter topic; `None` for one that is no dead letter of ours.
    pub fn read(position: Position, raw: Raw) -> Option<Self> {
        let headers = &raw.headers;
        let text = |name: &str| headers.get(name).map(|value| String::from_utf8_lossy(value).into_owned());
        let number = |name: &str| headers.get_str(name).and_then(|number| number.parse::<i64>().ok());
        let source = Position {
            topic: headers.get_str("khabar-source-topic")?.into(),
            partition: i32::try_from(number("khabar-source-partition")?).ok()?,
            offset: number("khabar-source-offset")?,
            timestamp: number("khabar-source-timestamp"),
        };
        let omitted = is_by_reference(headers).then(|| Omitted {
            bytes: number("khabar-value-bytes").and_then(|bytes| u64::try_from(bytes).ok()),
            sha256: text("khabar-value-sha256"),
        });
        Some(Self {
            reason: text("khabar-error-reason")?,
            stage: text("khabar-error-stage").unwrap_or_default(),
            message: text("khabar-error-message").unwrap_or_default(),
            attempts: number("khabar-attempts").and_then(|n| u64::try_from(n).ok()).unwrap_or(1),
            source,
            omitted,
            position,
            raw,
        })
    }

    /// The record to publish again, from the letter itself or, where the letter does not hold it, from the
    /// `original` that was read at its source. It keeps its first position and its attempts, and says nothing
    /// of the error.
    pub fn record(&self, original: Option<Raw>) -> Raw {
        let ours = |name: &str| name.get(..7).is_some_and(|prefix| prefix.eq_ignore_ascii_case("khabar-"));
        let Raw { key, value, headers } = original.unwrap_or_else(|| self.raw.clone());
        let mut headers: Vec<_> = headers.0.into_iter().filter(|(name, _)| !ours(name)).collect();
        for (name, value) in self.source.source_headers() {
            headers.push((name.to_owned(), Some(value)));
        }
        headers.push(("khabar-attempts".to_owned(), Some(Bytes::from(self.attempts.to_string()))));
        Raw { key, value, headers: Headers(headers) }
    }
}

/// For people: `news.raw/3@42`.
pub fn place(position: &Position) -> String {
    format!("{}/{}@{}", position.topic, position.partition, position.offset)
}

/// A position as [`place`] writes it.
///
/// # Errors
/// What it should look like.
pub fn parse_place(text: &str) -> Result<Position, String> {
    let parts = || {
        let (topic, rest) = text.rsplit_once('/')?;
        let (partition, offset) = rest.split_once('@')?;
        let (partition, offset) = (partition.parse::<i32>().ok()?, offset.parse::<i64>().ok()?);
        let is_valid = !topic.is_empty() && partition >= 0 && offset >= 0;
        is_valid.then(|| Position { topic: topic.into(), partition, offset, timestamp: None })
    };
    parts()
        .ok_or_else(|| "give a position as TOPIC/PARTITION@OFFSET, for example news.raw.dead/3@42".to_owned())
}

/// A time for people: RFC 3339 in UTC, to the second.
pub fn time(millis: Option<i64>) -> String {
    let known = millis.and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok());
    known.map_or_else(|| "unknown".to_owned(), |time| format!("{time:.0}"))
}
