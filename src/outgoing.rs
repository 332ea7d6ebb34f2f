//! What leaves the pipeline: an enriched record, a tombstone or a dead letter, with its headers.

use std::sync::Arc;

use bytes::Bytes;

use crate::encode::SCHEMA;
use crate::envelope::{Headers, Position, Raw, Reason};
use crate::ledger::End;

/// Where a record goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// The output topic.
    Output,
    /// The dead-letter topic.
    DeadLetter(Reason),
}

impl Destination {
    /// How a record ends once it is acknowledged there.
    pub fn end(self) -> End {
        match self {
            Destination::Output => End::Published,
            Destination::DeadLetter(reason) => End::DeadLettered(reason),
        }
    }
}

/// A record to produce.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Where to.
    pub destination: Destination,
    /// Key.
    pub key: Option<Bytes>,
    /// Value; `None` for a tombstone or a dead letter by reference.
    pub value: Option<Bytes>,
    /// Headers, shared with the delivery report in case the record has to be sent elsewhere.
    pub headers: Arc<Headers>,
    /// What was read, for a dead letter in case the brokers find the record too large; a dead letter has
    /// none, it is that itself.
    pub raw: Option<Raw>,
}

impl Outgoing {
    /// Bytes of its value.
    pub fn size(&self) -> usize {
        self.value.as_ref().map_or(0, Bytes::len)
    }
}

/// Makes enriched records ready to send.
#[derive(Debug, Clone)]
pub struct Finisher {
    /// `khabar-pipeline`: version and configuration hash.
    pub pipeline: Bytes,
    /// Name of the replay, in a replay.
    pub replay: Option<Bytes>,
    /// Use the record's id as key even where the input had one (`output.key = "id"`).
    pub key_is_id: bool,
}

impl Finisher {
    /// An enriched record.
    pub fn enriched(&self, raw: &Raw, id: &str, mut value: Vec<u8>, source_millis: Option<i64>) -> Outgoing {
        let key = match &raw.key {
            Some(key) if !self.key_is_id => key.clone(),
            _ => Bytes::copy_from_slice(id.as_bytes()),
        };
        let headers = Arc::new(self.headers(&raw.headers, source_millis));
        // It may wait for a while, and what was set aside for it is in no books.
        if value.capacity() / 2 > value.len() {
            value.shrink_to_fit();
        }
        Outgoing {
            destination: Destination::Output,
            key: Some(key),
            value: Some(Bytes::from(value)),
            headers,
            raw: None,
        }
    }

    /// A deletion, under its input key. It has no value to say where it was read, so its headers do.
    pub fn tombstone(&self, raw: &Raw, source: &Position) -> Outgoing {
        let mut headers = self.headers(&raw.headers, None);
        let of_source = source.source_headers().into_iter();
        headers.0.extend(of_source.map(|(name, value)| (name.to_owned(), Some(value))));
        let headers = Arc::new(headers);
        Outgoing { destination: Destination::Output, key: raw.key.clone(), value: None, headers, raw: None }
    }

    /// Incoming headers go through, but for those that describe the old value and those that are ours.
    fn headers(&self, incoming: &Headers, source_millis: Option<i64>) -> Headers {
        let passes = |name: &str| {
            let starts = |p: &str| name.get(..p.len()).is_some_and(|s| s.eq_ignore_ascii_case(p));
            !(starts("content-") || starts("ce_") || starts("khabar-"))
        };
        let mut headers = Vec::with_capacity(incoming.0.len() + 4);
        headers.extend(incoming.0.iter().filter(|(name, _)| passes(name)).cloned());
        let mut add = |name: &str, value: Bytes| headers.push((name.to_owned(), Some(value)));
        add("khabar-schema", Bytes::from_static(SCHEMA.as_bytes()));
        add("khabar-pipeline", self.pipeline.clone());
        if let Some(name) = &self.replay {
            add("khabar-replay", name.clone());
        }
        add("khabar-processed-at", Bytes::from(format!("{:.3}", jiff::Timestamp::now())));
        if let Some(millis) = source_millis {
            add("khabar-source-timestamp", Bytes::from(millis.to_string()));
        }
        Headers(headers)
    }
}
