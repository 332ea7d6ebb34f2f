//! A rejected record: its key, value and headers as they came, and why it was rejected.

use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::encode::hex;
use crate::envelope::{Headers, Position, Raw, Reject};
use crate::outgoing::{Destination, Outgoing};

/// Longest `khabar-error-message`, in bytes.
const MAX_MESSAGE: usize = 1000;

/// The dead letter of `raw`. Headers that an earlier attempt added are replaced, never appended; a record
/// redriven from the dead letters keeps its first position and counts its attempts.
pub fn dead_letter(raw: &Raw, position: &Position, stage: &'static str, reject: &Reject) -> Outgoing {
    let attempts = raw.headers.get_str("khabar-attempts").and_then(|a| a.parse::<u64>().ok()).unwrap_or(0);
    let mut headers: Vec<(String, Option<Bytes>)> = raw
        .headers
        .0
        .iter()
        .filter(|(name, _)| !is_ours(name) || says_what_is_omitted(name))
        .cloned()
        .collect();
    let mut add = |name: &str, value: Bytes| headers.push((name.to_owned(), Some(value)));
    add("khabar-error-reason", Bytes::from_static(reject.reason.as_str().as_bytes()));
    add("khabar-error-stage", Bytes::from_static(stage.as_bytes()));
    add("khabar-error-message", Bytes::copy_from_slice(shorten(&reject.message).as_bytes()));
    for (name, value) in first_position(raw, position).source_headers() {
        add(name, value);
    }
    add("khabar-attempts", Bytes::from(attempts.saturating_add(1).to_string()));
    Outgoing {
        destination: Destination::DeadLetter(reject.reason),
        key: raw.key.clone(),
        value: raw.value.clone(),
        headers: Arc::new(Headers(headers)),
        raw: None,
    }
}

/// Where a record was read first: a redriven one says so in its headers.
pub fn first_position(raw: &Raw, position: &Position) -> Position {
    let number = |name: &str| raw.headers.get_str(name).and_then(|n| n.parse::<i64>().ok());
    let first = || {
        number("khabar-attempts").filter(|attempts| *attempts > 0)?;
        Some(Position {
            topic: raw.headers.get_str("khabar-source-topic")?.into(),
            partition: i32::try_from(number("khabar-source-partition")?).ok()?,
            offset: number("khabar-source-offset")?,
            timestamp: number("khabar-source-timestamp"),
        })
    };
    first().unwrap_or_else(|| position.clone())
}

/// The same without the value, for a value that does not fit the dead-letter topic: its position, size and
/// hash say where to find it.
pub fn by_reference(letter: &Outgoing) -> Outgoing {
    let mut headers = (*letter.headers).clone();
    let mut add = |name: &str, value: String| headers.0.push((name.to_owned(), Some(Bytes::from(value))));
    add(Headers::OMITTED, "true".to_owned());
    if let Some(value) = letter.value.as_deref() {
        add("khabar-value-bytes", value.len().to_string());
        add("khabar-value-sha256", hex(&Sha256::digest(value)));
    }
    // A key that is itself too large goes the same way.
    let key = match &letter.key {
        Some(key) if key.len() > MAX_KEY => {
            add("khabar-key-bytes", key.len().to_string());
            add("khabar-key-sha256", hex(&Sha256::digest(key)));
            None
        }
        key => key.clone(),
    };
    let mut room = MAX_HEADERS;
    headers.0.retain(|(name, value)| {
        let size = name.len() + value.as_ref().map_or(0, Bytes::len);
        let keep = is_ours(name) || size <= room;
        room -= if keep && !is_ours(name) { size } else { 0 };
        keep
    });
    Outgoing { destination: letter.destination, key, value: None, headers: Arc::new(headers), raw: None }
}

/// Largest key of a dead letter by reference, in bytes.
const MAX_KEY: usize = 64 << 10;
/// Most bytes of foreign headers that a dead letter by reference keeps.
const MAX_HEADERS: usize = 64 << 10;
/// Whether a record is a dead letter by reference already.
pub fn is_by_reference(headers: &Headers) -> bool {
    headers.get(Headers::OMITTED).is_some()
}

/// What is not in the record cannot be told a second time.
fn says_what_is_omitted(name: &str) -> bool {
    ["khabar-value-", "khabar-key-"]
        .iter()
        .any(|prefix| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
}

fn is_ours(name: &str) -> bool {
    name.get(..7).is_some_and(|prefix| prefix.eq_ignore_ascii_case("khabar-"))
}

fn shorten(message: &str) -> &str {
    let mut end = message.len().min(MAX_MESSAGE);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    &message[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::Reason;

    #[test]
    fn a_redriven_record_keeps_its_first_position_and_others_cannot_claim_one() {
        let here = Position { topic: "news.raw".into(), partition: 1, offset: 9, timestamp: Some(5) };
        let source = [
            ("khabar-source-topic", "old.raw"),
            ("khabar-source-partition", "7"),
            ("khabar-source-offset", "42"),
            ("khabar-source-timestamp", "1000"),
        ];
        let redriven = [&source[..], &[("khabar-attempts", "1")]].concat();
        let first = Position { topic: "old.raw".into(), partition: 7, offset: 42, timestamp: Some(1000) };
        assert_eq!(first_position(&raw(&redriven), &here), first);
        assert_eq!(first_position(&raw(&source), &here), here, "without an attempt it is no redrive");
        assert_eq!(first_position(&raw(&redriven[1..]), &here), here, "half a position is none");
    }

    fn raw(headers: &[(&str, &str)]) -> Raw {
        let headers =
            headers.iter().map(|(n, v)| (n.to_string(), Some(Bytes::from(v.to_string())))).collect();
        Raw { key: Some(Bytes::from("k")), value: Some(Bytes::from("{broken")), headers: Headers(headers) }
    }

    fn position(offset: i64) -> Position {
        Position { topic: "news.raw".into(), partition: 2, offset, timestamp: Some(5) }
    }

    #[test]
    fn keeps_the_original_and_says_why() {
        let reject = Reject::new(Reason::InvalidJson, "line 1");
        let letter = dead_letter(&raw(&[("traceparent", "00-ab")]), &position(7), "decode", &reject);
        assert_eq!(letter.value.as_deref(), Some(&b"{broken"[..]));
        let header = |name: &str| letter.headers.get_str(name);
        assert_eq!(header("traceparent"), Some("00-ab"));
        assert_eq!(header("khabar-error-reason"), Some("invalid_json"));
        assert_eq!(header("khabar-source-offset"), Some("7"));
        assert_eq!(header("khabar-attempts"), Some("1"));
    }

    #[test]
    fn a_second_attempt_keeps_the_first_position_and_repeats_no_header() {
        let reject = Reject::new(Reason::InvalidJson, "line 1");
        let first = dead_letter(&raw(&[]), &position(7), "decode", &reject);
        let again = Raw { headers: (*first.headers).clone(), ..raw(&[]) };
        let second = dead_letter(&again, &position(99), "decode", &reject);
        assert_eq!(second.headers.get_str("khabar-source-offset"), Some("7"));
        assert_eq!(second.headers.get_str("khabar-attempts"), Some("2"));
        let names: Vec<_> = second.headers.0.iter().map(|(n, _)| n).collect();
        let mut unique = names.clone();
        unique.dedup();
        assert_eq!(names, unique);
    }

    #[test]
    fn by_reference_says_where_the_value_is() {
        let letter = dead_letter(&raw(&[]), &position(7), "decode", &Reject::new(Reason::TooLarge, "x"));
        let small = by_reference(&letter);
        assert_eq!((small.value.clone(), small.headers.get_str("khabar-value-bytes")), (None, Some("7")));
        assert_eq!(small.headers.get_str("khabar-source-offset"), Some("7"));
    }
}
