//! An epoch: the records of one transaction, a contiguous range of offsets of each partition.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::envelope::Headers;
use crate::kafka::finished::Done;
use crate::kafka::poll::{HEADER_OVERHEAD, RECORD_OVERHEAD};
use crate::kafka::refusal::{Refused, hopeless};
use crate::kafka::session::Trouble;
use crate::kafka::settings::Transactions;
use crate::ledger::Offsets;
use crate::outgoing::Outgoing;

/// Records that are produced in one transaction.
pub struct Epoch {
    /// The records, in the order of their partitions.
    pub records: Vec<Done>,
    /// Bytes of their values.
    pub bytes: usize,
    /// When it was begun.
    pub begun: Instant,
    /// No more records are taken: it failed once.
    pub closed: bool,
    /// Each record in a request of its own: some were refused.
    pub alone: bool,
}

impl Epoch {
    /// One that begins with these.
    pub fn of(records: Vec<Done>) -> Self {
        let mut epoch =
            Self { records: Vec::new(), bytes: 0, begun: Instant::now(), closed: false, alone: false };
        epoch.add(records);
        epoch
    }

    /// Adds more.
    pub fn add(&mut self, records: Vec<Done>) {
        let size = |done: &Done| done.record.as_ref().map_or(0, Outgoing::size);
        self.bytes += records.iter().map(size).sum::<usize>();
        self.records.extend(records);
    }

    /// Whether it is time to close it.
    pub fn is_full(&self, settings: &Transactions) -> bool {
        self.records.len() >= settings.epoch_records
            || self.bytes >= settings.epoch_bytes
            || self.begun.elapsed() >= settings.epoch_interval
    }

    /// The offset after the last record of each partition.
    pub fn ends(&self) -> Offsets {
        let mut ends = Offsets::new();
        for done in &self.records {
            let p = &done.ticket.position;
            match ends.iter_mut().find(|(topic, partition, _)| *partition == p.partition && *topic == p.topic)
            {
                Some((_, _, end)) => *end = p.offset + 1,
                None => ends.push((Arc::clone(&p.topic), p.partition, p.offset + 1)),
            }
        }
        ends
    }
}

/// Bytes that a finished record takes until its transaction is committed: what was read, and what is sent both here
/// and in librdkafka.
pub fn charge(record: &Outgoing) -> usize {
    let bytes = |value: &Option<Bytes>| value.as_ref().map_or(0, Bytes::len);
    let headers = |headers: &Headers| headers.size() + headers.0.len() * HEADER_OVERHEAD;
    let sent = bytes(&record.value) + bytes(&record.key) + headers(&record.headers);
    let read =
        record.raw.as_ref().map_or(0, |raw| bytes(&raw.value) + bytes(&raw.key) + headers(&raw.headers));
    read + 2 * sent + RECORD_OVERHEAD
}

/// Puts a dead letter in the place of a record that was refused for itself.
///
/// # Errors
/// When there is none that could take its place.
pub fn replace(done: &mut Done, code: RDKafkaErrorCode) -> Result<(), Trouble> {
    let Some(record) = done.record.take() else { return Ok(()) };
    let (destination, position) = (record.destination, &done.ticket.position);
    let Outgoing { key, value, headers, raw, .. } = record;
    let refused = Refused { destination, key: key.as_deref(), value: value.as_deref(), headers, raw };
    let letter = refused.instead(code, position).ok_or_else(|| {
        Trouble::Hopeless(hopeless(&KafkaError::MessageProduction(code), destination, position))
    })?;
    done.end = letter.destination.end();
    done.record = Some(letter);
    Ok(())
}
