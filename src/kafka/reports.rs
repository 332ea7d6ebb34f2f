//! What becomes of a record that was handed to a producer: delivery reports complete the ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use rdkafka::client::ClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::producer::{DeliveryResult, ProducerContext};
use rdkafka::statistics::Statistics;
use tokio::sync::mpsc;

use crate::envelope::{Headers, Position, Raw};
use crate::health::{Health, Side};
use crate::kafka::adrift::{self, Adrift};
use crate::kafka::complaint;
use crate::kafka::reach;
use crate::kafka::refusal::{self, hopeless, is_fatal, is_purged, is_refused};
use crate::ledger::Ticket;
use crate::metrics::Metrics;
use crate::outgoing::{Destination, Outgoing};
use crate::samples::{self, Samples};
use crate::shutdown::{Stop, StopReason};

/// What travels with a message to its delivery report.
pub struct Pending {
    pub(super) ticket: Ticket,
    pub(super) destination: Destination,
    /// Shared with the record, for a dead letter by reference.
    pub(super) headers: Arc<Headers>,
    /// What was read, for a dead letter.
    pub(super) raw: Option<Raw>,
}

/// A record that the brokers refused, or what takes its place, on its way to be sent again.
#[derive(Debug)]
pub struct Again {
    pub(super) record: Outgoing,
    pub(super) ticket: Ticket,
    /// In a request of its own: brokers refuse a whole batch for one record in it, or for its size.
    pub(super) single: bool,
}

/// Receives delivery reports, on the producer's own thread.
#[derive(Clone)]
pub struct Reports {
    pub(super) metrics: Arc<Metrics>,
    pub(super) health: Arc<Health>,
    pub(super) stop: Stop,
    samples: Arc<Samples>,
    again: mpsc::UnboundedSender<Again>,
    /// Of the producer that sends each record alone: what is refused there is refused for itself.
    single: bool,
    /// Whether this producer met a fatal error, or has no broker left.
    broken: Arc<AtomicBool>,
    /// Whether it has a broker left.
    adrift: Arc<Adrift>,
}

impl Reports {
    /// For a first producer; refused records go to `again`.
    pub(super) fn new(
        metrics: &Arc<Metrics>,
        health: &Arc<Health>,
        stop: &Stop,
        samples: &Arc<Samples>,
        again: mpsc::UnboundedSender<Again>,
    ) -> Self {
        Self {
            metrics: Arc::clone(metrics),
            health: Arc::clone(health),
            stop: stop.clone(),
            samples: Arc::clone(samples),
            again,
            single: false,
            broken: Arc::default(),
            adrift: Arc::default(),
        }
    }

    /// Whether the producer is of no use any more.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst)
    }

    /// It is not.
    pub(super) fn set_broken(&self) {
        self.broken.store(true, Ordering::SeqCst);
    }

    /// For a producer that has met nothing yet.
    pub(super) fn for_another(&self, single: bool) -> Self {
        Self { single, broken: Arc::default(), adrift: Arc::default(), ..self.clone() }
    }

    /// What goes in place of a record that the brokers do not take; `None` where the service has to stop.
    pub(super) fn replace(
        &self,
        code: RDKafkaErrorCode,
        pending: Pending,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
    ) -> Option<Again> {
        let Pending { ticket, destination, headers, raw } = pending;
        let refused = refusal::Refused { destination, key, value, headers, raw };
        let Some(record) = refused.instead(code, &ticket.position) else {
            self.give_up(&KafkaError::MessageProduction(code), destination, &ticket);
            return None;
        };
        Some(Again { record, ticket, single: false })
    }

    /// What to do with a record whose request the brokers refused: it is sent once more, alone, before it is
    /// taken to be at fault.
    fn refused(
        &self,
        code: RDKafkaErrorCode,
        pending: Pending,
        message: &BorrowedMessage<'_>,
    ) -> Option<Again> {
        if self.single {
            return self.replace(code, pending, message.key(), message.payload());
        }
        let Pending { ticket, destination, headers, raw } = pending;
        let key = message.key().map(Bytes::copy_from_slice);
        let value = message.payload().map(Bytes::copy_from_slice);
        let record = Outgoing { destination, key, value, headers, raw };
        Some(Again { record, ticket, single: true })
    }

    /// A record can neither be produced nor skipped: the service stops loudly and commits nothing further.
    pub(super) fn give_up(&self, error: &KafkaError, to: Destination, ticket: &Ticket) {
        // What is stale is read again anyway: the report is of a producer that was replaced.
        if ticket.is_current() {
            self.stop.stop(StopReason::Failed(hopeless(error, to, &ticket.position)));
        }
    }

    fn delivered(&self, pending: Pending, message: &BorrowedMessage<'_>) {
        if pending.destination == Destination::Output {
            observe(&self.metrics, message.payload_len(), pending.ticket.position.timestamp);
        }
        let at = || Position {
            topic: message.topic().into(),
            partition: message.partition(),
            offset: message.offset(),
            timestamp: message.timestamp().to_millis(),
        };
        let what = (message.key(), message.payload());
        sample(&self.samples, pending.destination, what, &pending.headers, || Some(at()));
        pending.ticket.complete(pending.destination.end());
    }
}

/// Counts an acknowledged enriched record.
pub(super) fn observe(metrics: &Metrics, size: usize, source_millis: Option<i64>) {
    metrics.published_bytes.inc_by(size as u64);
    if let Some(millis) = source_millis {
        let now = jiff::Timestamp::now().as_millisecond();
        metrics.end_to_end_seconds.observe((now - millis).max(0) as f64 / 1000.0);
    }
}

/// Offers an acknowledged record, key and value, to those who look at a few.
pub(super) fn sample(
    samples: &Samples,
    destination: Destination,
    (key, value): (Option<&[u8]>, Option<&[u8]>),
    headers: &Arc<Headers>,
    position: impl FnOnce() -> Option<Position>,
) {
    match (destination, value) {
        (Destination::Output, Some(value)) => samples.article(value.len(), || Bytes::copy_from_slice(value)),
        // A tombstone.
        (Destination::Output, None) => {}
        (Destination::DeadLetter(reason), value) => samples.letter(reason, || samples::Letter {
            position: position(),
            key: key.map(samples::excerpt),
            value: value.map(samples::excerpt),
            value_bytes: value.map_or(0, <[u8]>::len),
            headers: Arc::clone(headers),
        }),
    }
}

impl ProducerContext for Reports {
    type DeliveryOpaque = Box<Pending>;

    fn delivery(&self, result: &DeliveryResult<'_>, pending: Box<Pending>) {
        self.health.reported(result.is_ok());
        match result {
            Ok(message) => self.delivered(*pending, message),
            Err((KafkaError::MessageProduction(code), _)) if is_purged(*code) => drop(pending),
            Err((KafkaError::MessageProduction(code), _)) if is_fatal(*code) => {
                self.set_broken();
            }
            Err((KafkaError::MessageProduction(code), message)) if is_refused(*code) => {
                if let Some(again) = self.refused(*code, *pending, message) {
                    // The receiver is gone only when the service ends; the offset then stays incomplete.
                    let _ = self.again.send(again);
                }
            }
            Err((error, _)) => self.give_up(error, pending.destination, &pending.ticket),
        }
    }
}

impl ClientContext for Reports {
    fn stats(&self, statistics: Statistics) {
        reach::note(&self.health, Side::Output, &statistics);
        if self.adrift.note(&statistics) && !self.is_broken() {
            adrift::tell("producer", "a new one is made, and what is in flight is read again");
            self.set_broken();
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.metrics.client_errors.with_label_values(&["producer"]).inc();
        if error.rdkafka_error_code().is_some_and(is_fatal) {
            self.set_broken();
            tracing::error!(client = "producer", %error, reason, "fatal: a new producer is made, and what is in flight is read again");
            return;
        }
        complaint::log("producer", &error, reason);
    }
}
