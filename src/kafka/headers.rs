//! Our headers and librdkafka's.

use bytes::Bytes;
use rdkafka::message::{BorrowedMessage, Header, Headers as _, Message, OwnedHeaders};

use crate::envelope::{Headers, Raw};

/// Copies a message out of librdkafka's memory.
pub fn raw(message: &BorrowedMessage<'_>) -> Raw {
    let headers = message.headers().map_or_else(Vec::new, |headers| {
        headers.iter().map(|h| (h.key.to_owned(), h.value.map(Bytes::copy_from_slice))).collect()
    });
    Raw {
        key: message.key().map(Bytes::copy_from_slice),
        value: message.payload().map(Bytes::copy_from_slice),
        headers: Headers(headers),
    }
}

/// Headers for a message to produce. A name with a NUL cannot be sent and is left out.
pub fn owned(headers: &Headers) -> OwnedHeaders {
    let sendable = headers.0.iter().filter(|(name, _)| !name.contains('\0'));
    sendable.fold(OwnedHeaders::new_with_capacity(headers.0.len()), |all, (name, value)| {
        all.insert(Header { key: name, value: value.as_deref() })
    })
}
