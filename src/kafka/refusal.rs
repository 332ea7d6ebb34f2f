//! What is sent instead of a record that the brokers refuse, whichever way records are produced.

use std::sync::Arc;

use bytes::Bytes;
use rdkafka::error::RDKafkaErrorCode;

use crate::dead_letter::{by_reference, dead_letter, is_by_reference};
use crate::envelope::{Headers, Position, Raw, Reason, Reject};
use crate::outgoing::{Destination, Outgoing};

/// A record that was refused.
#[derive(Debug)]
pub struct Refused<'a> {
    /// Where it should have gone.
    pub destination: Destination,
    /// Its key.
    pub key: Option<&'a [u8]>,
    /// Its value.
    pub value: Option<&'a [u8]>,
    /// Its headers.
    pub headers: Arc<Headers>,
    /// What was read.
    pub raw: Option<Raw>,
}

impl Refused<'_> {
    /// What to send instead: the raw record as a dead letter, and where that is too large as well, one by
    /// reference. `None` where that is refused, too: then nothing can be done.
    pub fn instead(self, code: RDKafkaErrorCode, position: &Position) -> Option<Outgoing> {
        let Refused { destination, key, value, headers, raw } = self;
        match destination {
            Destination::Output => {
                let reject = if is_too_large(code) {
                    let size = value.map_or(0, <[u8]>::len);
                    let message = format!(
                        "the enriched record of {size} bytes is larger than the output topic or output.max_message_bytes allows"
                    );
                    Reject::new(Reason::TooLargeForOutput, message)
                } else {
                    let message = format!("the brokers of the output refuse it: {code}");
                    Reject::new(Reason::RefusedByOutput, message)
                };
                Some(dead_letter(&raw.unwrap_or_default(), position, "produce", &reject))
            }
            Destination::DeadLetter(_) if is_too_large(code) && !is_by_reference(&headers) => {
                let (key, value) = (key.map(Bytes::copy_from_slice), value.map(Bytes::copy_from_slice));
                Some(by_reference(&Outgoing { destination, key, value, headers, raw: None }))
            }
            Destination::DeadLetter(_) => None,
        }
    }
}

/// Why the service stops when a record can neither be produced nor skipped.
pub fn hopeless(error: &impl std::fmt::Display, to: Destination, position: &Position) -> String {
    let to = match to {
        Destination::Output => "the output topic",
        Destination::DeadLetter(_) => "the dead-letter topic",
    };
    format!(
        "the record at {}/{}@{} could not be produced to {to}: {error}; \
         `khabar check` says what is wrong there; nothing was lost, it is read again at the next start",
        position.topic, position.partition, position.offset
    )
}

/// Larger than the client, the topic or the brokers allow.
pub fn is_too_large(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::MessageSizeTooLarge | RDKafkaErrorCode::InvalidMessageSize)
}

/// Refused for what it holds, or for what another record of its batch does.
pub fn is_refused(code: RDKafkaErrorCode) -> bool {
    is_too_large(code) || matches!(code, RDKafkaErrorCode::InvalidRecord | RDKafkaErrorCode::InvalidMessage)
}

/// Given up by ourselves.
pub fn is_purged(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::PurgeQueue | RDKafkaErrorCode::PurgeInflight)
}

/// The producer cannot be used any more, whatever the record.
pub fn is_fatal(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        code,
        Code::Fatal
            | Code::Fenced
            | Code::ProducerFenced
            | Code::InvalidProducerEpoch
            | Code::OutOfOrderSequenceNumber
            | Code::UnknownProducerId
    )
}

/// The partitions are somebody else's by now, or may not be committed at all.
pub(super) fn is_expelled(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        code,
        Code::UnknownMemberId
            | Code::FencedInstanceId
            | Code::GroupAuthorizationFailed
            | Code::TopicAuthorizationFailed
            | Code::UnknownTopicOrPartition
            | Code::FencedMemberEpoch
    )
}

/// The group is in another generation than the client knows of.
pub(super) fn is_behind(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(code, Code::IllegalGeneration | Code::RebalanceInProgress | Code::StaleMemberEpoch)
}

/// A topic does not exist.
pub(super) fn is_missing(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::UnknownTopic | RDKafkaErrorCode::UnknownTopicOrPartition)
}

pub(super) fn is_denied(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::TopicAuthorizationFailed | RDKafkaErrorCode::GroupAuthorizationFailed)
}
