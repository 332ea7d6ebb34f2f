//! Our headers and librdkafka's.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Header, Headers as _, Message, OwnedHeaders};

use crate::envelope::{Headers, Raw};

/// Copies a message out of librdkafka's memory.
pub fn raw(message: &BorrowedMessage<'_>) -> Raw {
    Raw {
        key: message.key().map(Bytes::copy_from_slice),
        value: message.payload().map(Bytes::copy_from_slice),
        headers: message.headers().map(read).unwrap_or_default(),
    }
}

/// Kafka allows any bytes as a header's name; rdkafka panics on one that is not UTF-8. Such a header is left
/// out, and one more says how many were.
fn read(headers: &BorrowedHeaders) -> Headers {
    let copy = |i: usize| {
        let header = headers.get(i);
        (header.key.to_owned(), header.value.map(Bytes::copy_from_slice))
    };
    let all = || (0..headers.count()).map(copy).collect::<Vec<_>>();
    if let Ok(all) = catch_unwind(AssertUnwindSafe(all)) {
        return Headers(all);
    }
    let each = (0..headers.count()).filter_map(|i| catch_unwind(AssertUnwindSafe(|| copy(i))).ok());
    let mut readable: Vec<_> = each.collect();
    let lost = headers.count() - readable.len();
    readable.push((Headers::UNREADABLE.to_owned(), Some(Bytes::from(lost.to_string()))));
    Headers(readable)
}

/// Headers for a message to produce. A name with a NUL cannot be sent and is left out.
pub fn owned(headers: &Headers) -> OwnedHeaders {
    let sendable = headers.0.iter().filter(|(name, _)| !name.contains('\0'));
    sendable.fold(OwnedHeaders::new_with_capacity(headers.0.len()), |all, (name, value)| {
        all.insert(Header { key: name, value: value.as_deref() })
    })
}
