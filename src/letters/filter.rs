//! Which letters are meant.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::Letter;
use crate::encode::hex;

/// What a letter must be; nothing asked for means all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of these reasons.
    pub reasons: Vec<String>,
    /// This stage.
    pub stage: Option<String>,
    /// Its record was first read from this topic.
    pub source_topic: Option<String>,
    /// Its record was first read from this partition.
    pub partition: Option<i32>,
    /// Written at this time or later, in milliseconds since the epoch.
    pub since: Option<i64>,
    /// Written before this time.
    pub until: Option<i64>,
    /// In the message, in any case of letters.
    pub contains: Option<String>,
    /// No more attempts than this.
    pub max_attempts: Option<u64>,
}

impl Filter {
    /// Whether a letter is meant. One without a time is meant whatever the times asked for.
    pub fn matches(&self, letter: &Letter) -> bool {
        let contains = |text: &String| letter.message.to_lowercase().contains(&text.to_lowercase());
        let time = letter.position.timestamp;
        (self.reasons.is_empty() || self.reasons.contains(&letter.reason))
            && self.stage.as_ref().is_none_or(|stage| *stage == letter.stage)
            && self.source_topic.as_deref().is_none_or(|topic| topic == &*letter.source.topic)
            && self.partition.is_none_or(|partition| partition == letter.source.partition)
            && self.since.is_none_or(|since| time.is_none_or(|time| time >= since))
            && self.until.is_none_or(|until| time.is_none_or(|time| time < until))
            && self.contains.as_ref().is_none_or(contains)
            && self.max_attempts.is_none_or(|most| letter.attempts <= most)
    }
}

/// A time as it may be typed: RFC 3339, or how long before `now` (`90s`, `90m`, `2h`, `7d`, `2w`).
///
/// # Errors
/// What is allowed.
pub fn when(text: &str, now: i64) -> Result<i64, String> {
    const ALLOWED: &str = "give a time such as 2026-11-23T17:00:00Z, or how long ago: 90m, 2h, 7d";
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Ok(time.as_millisecond());
    }
    let end = text.find(|c: char| !c.is_ascii_digit()).ok_or(ALLOWED)?;
    let (number, unit) = text.split_at(end);
    let seconds: i64 = match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return Err(ALLOWED.to_owned()),
    };
    let ago = number.parse::<i64>().ok().and_then(|number| number.checked_mul(seconds * 1000));
    ago.and_then(|ago| now.checked_sub(ago)).ok_or_else(|| ALLOWED.to_owned())
}

/// A short name for what was asked for, from its parts as they were typed: `2h` is the same today and
/// tomorrow.
pub fn name(parts: &[(&str, String)]) -> String {
    let mut text = String::new();
    for (name, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(text, "{name}={}:{value};", value.len());
    }
    let digest = Sha256::digest(text);
    hex(digest.get(..6).unwrap_or(&digest))
}
