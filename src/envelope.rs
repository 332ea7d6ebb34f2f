//! What travels: a payload, where it came from, its headers and its raw bytes; and what a stage makes of it.

use std::sync::Arc;

use bytes::Bytes;

/// Where a record was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position {
    /// Topic.
    pub topic: Arc<str>,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// The record's Kafka timestamp in milliseconds since the epoch.
    pub timestamp: Option<i64>,
}

impl Position {
    /// The `khabar-source-*` headers that tell it.
    pub fn source_headers(&self) -> Vec<(&'static str, Bytes)> {
        let mut headers = vec![
            ("khabar-source-topic", Bytes::copy_from_slice(self.topic.as_bytes())),
            ("khabar-source-partition", Bytes::from(self.partition.to_string())),
            ("khabar-source-offset", Bytes::from(self.offset.to_string())),
        ];
        if let Some(timestamp) = self.timestamp {
            headers.push(("khabar-source-timestamp", Bytes::from(timestamp.to_string())));
        }
        headers
    }
}

/// A record as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Raw {
    /// The key, `None` when the record has none.
    pub key: Option<Bytes>,
    /// The value, `None` for a tombstone.
    pub value: Option<Bytes>,
    /// Headers in their order.
    pub headers: Headers,
}

/// Record headers in their order; names may repeat.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Headers(pub Vec<(String, Option<Bytes>)>);

impl Headers {
    /// A header that the source adds where it had to leave others out: how many. It goes no further than to a
    /// diagnostic.
    pub const UNREADABLE: &'static str = "khabar-unreadable-headers";

    /// A header that says that the value was left out, because it did not fit the topic: a dead letter by
    /// reference.
    pub const OMITTED: &'static str = "khabar-value-omitted";

    /// Bytes of all names and values.
    pub fn size(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.as_ref().map_or(0, Bytes::len)).sum()
    }
    /// The last value under `name`, compared without regard to ASCII case.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        let (_, value) = self.0.iter().rev().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        value.as_deref()
    }
    /// The same where it is UTF-8.
    pub fn get_str(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.get(name)?).ok()
    }
}

/// What a stage makes of a record: closed, so that no record can fall through.
#[derive(Debug)]
pub enum Outcome<T> {
    /// Goes on.
    Emit(T),
    /// Becomes a dead letter.
    Reject(Reject),
    /// Ends here on purpose, and is counted.
    Drop(DropReason),
}

/// Why a record cannot be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// For metrics and headers.
    pub reason: Reason,
    /// For people: what is wrong and where, without the record's text.
    pub message: String,
}

impl Reject {
    /// A rejection.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into() }
    }
}

/// Reasons for a dead letter: a closed set, used as a metric label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Larger than `decode.max_record_bytes`.
    TooLarge,
    /// A `content-encoding` that is not gzip, zstd or identity.
    UnsupportedContentEncoding,
    /// Compressed data that is broken or cut short.
    DecompressionFailed,
    /// Larger than `decode.max_decompressed_bytes` once decompressed.
    DecompressedTooLarge,
    /// A declared character set that is not known.
    UnknownCharset,
    /// Bytes that are no text in the declared or detected character set.
    InvalidText,
    /// Broken JSON.
    InvalidJson,
    /// Nested deeper than `decode.max_depth`.
    TooDeep,
    /// More values or elements than `decode.max_nodes`.
    TooManyNodes,
    /// JSON that is no object, or whose body is no text.
    WrongShape,
    /// No body, or nothing but white space in it.
    EmptyBody,
    /// HTML without an article in it.
    NoArticleInHtml,
    /// A CloudEvent that breaks its specification.
    InvalidCloudEvent,
    /// A payload in Confluent Schema Registry framing (magic byte 0 and a schema id).
    SchemaRegistryFramed,
    /// A stage panicked.
    Panic,
    /// A dead letter by reference was fed in: its value is not in it.
    ValueOmitted,
    /// The enriched record is too large for the output topic.
    TooLargeForOutput,
    /// The brokers refuse the record for another reason (a compacted topic takes no record without a key).
    RefusedByOutput,
}

impl Reason {
    /// All of them, in the order of metrics and documentation.
    pub const ALL: [Reason; 18] = [
        Reason::TooLarge,
        Reason::UnsupportedContentEncoding,
        Reason::DecompressionFailed,
        Reason::DecompressedTooLarge,
        Reason::UnknownCharset,
        Reason::InvalidText,
        Reason::InvalidJson,
        Reason::TooDeep,
        Reason::TooManyNodes,
        Reason::WrongShape,
        Reason::EmptyBody,
        Reason::NoArticleInHtml,
        Reason::InvalidCloudEvent,
        Reason::SchemaRegistryFramed,
        Reason::Panic,
        Reason::ValueOmitted,
        Reason::TooLargeForOutput,
        Reason::RefusedByOutput,
    ];

    /// Its name in metrics and headers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Reason::TooLarge => "too_large",
            Reason::UnsupportedContentEncoding => "unsupported_content_encoding",
            Reason::DecompressionFailed => "decompression_failed",
            Reason::DecompressedTooLarge => "decompressed_too_large",
            Reason::UnknownCharset => "unknown_charset",
            Reason::InvalidText => "invalid_text",
            Reason::InvalidJson => "invalid_json",
            Reason::TooDeep => "too_deep",
            Reason::TooManyNodes => "too_many_nodes",
            Reason::WrongShape => "wrong_shape",
            Reason::EmptyBody => "empty_body",
            Reason::NoArticleInHtml => "no_article_in_html",
            Reason::InvalidCloudEvent => "invalid_cloud_event",
            Reason::SchemaRegistryFramed => "schema_registry_framed",
            Reason::Panic => "panic",
            Reason::ValueOmitted => "value_omitted",
            Reason::TooLargeForOutput => "too_large_for_output",
            Reason::RefusedByOutput => "refused_by_output",
        }
    }
}

/// Why a record ends on purpose: a closed set, used as a metric label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// A tombstone, with `output.tombstones = "drop"`.
    Tombstone,
    /// Not among the dead letters that are sent through again.
    Filtered,
}

impl DropReason {
    /// All of them.
    pub const ALL: [DropReason; 2] = [DropReason::Tombstone, DropReason::Filtered];

    /// Its name in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            DropReason::Tombstone => "tombstone",
            DropReason::Filtered => "filtered",
        }
    }
}
