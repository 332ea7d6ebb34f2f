//! The sink: an idempotent producer whose delivery reports complete the ledger.
//!
//! Enqueued is not delivered. A record's offset is complete only when the report for its enriched record,
//! or for its dead letter, says that the brokers have it. librdkafka retries in order for as long as it
//! takes (`message.timeout.ms=0`); what it gives up for good stops the service, because going on would
//! lose a record.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::producer::{
    BaseRecord, DeliveryResult, Producer, ProducerContext, PurgeConfig, ThreadedProducer,
};
use tokio::sync::mpsc;

use crate::dead_letter::{by_reference, dead_letter, is_by_reference};
use crate::envelope::{Headers, Raw, Reason, Reject};
use crate::health::Health;
use crate::kafka::headers::owned;
use crate::kafka::settings::Output;
use crate::ledger::Ticket;
use crate::metrics::Metrics;
use crate::outgoing::{Destination, Outgoing};
use crate::shutdown::{Stop, StopReason};
use crate::stage::Sink;

/// How long a full queue is left alone before the record is tried again.
const QUEUE_FULL_PAUSE: Duration = Duration::from_millis(5);

/// The output and dead-letter topics as a sink.
pub struct KafkaSink {
    producer: ThreadedProducer<Reports>,
    /// Sends each record in a request of its own; made when the brokers first refuse a batch.
    single: OnceLock<ThreadedProducer<Reports>>,
    settings: Output,
    output: String,
    dead_letters: String,
    stop: Stop,
    health: Arc<Health>,
}

/// What travels with a message to its delivery report.
pub struct Pending {
    ticket: Ticket,
    destination: Destination,
    /// Shared with the record, for a dead letter by reference.
    headers: Arc<Headers>,
    /// What was read, for a dead letter.
    raw: Option<Raw>,
}

/// A record that the brokers refused, or what takes its place, on its way to be sent again.
#[derive(Debug)]
pub struct Refused {
    record: Outgoing,
    ticket: Ticket,
    /// In a request of its own: brokers refuse a whole batch for one record in it, or for its size.
    single: bool,
}

/// Receives delivery reports, on the producer's own thread.
#[derive(Clone)]
pub struct Reports {
    metrics: Arc<Metrics>,
    health: Arc<Health>,
    stop: Stop,
    refused: mpsc::UnboundedSender<Refused>,
    /// Of the producer that sends each record alone: what is refused there is refused for itself.
    single: bool,
}

impl KafkaSink {
    /// Connects a producer and starts the task that sends on what the brokers found too large.
    ///
    /// # Errors
    /// When a librdkafka property is invalid.
    pub fn start(
        settings: &Output,
        metrics: &Arc<Metrics>,
        health: &Arc<Health>,
        stop: &Stop,
        runtime: &tokio::runtime::Handle,
    ) -> Result<Arc<Self>, KafkaError> {
        let (refused, mut too_large) = mpsc::unbounded_channel::<Refused>();
        let (metrics, health) = (Arc::clone(metrics), Arc::clone(health));
        let reports =
            Reports { metrics, health: Arc::clone(&health), stop: stop.clone(), refused, single: false };
        let producer: ThreadedProducer<Reports> = client_config(settings).create_with_context(reports)?;
        let sink = Arc::new(Self {
            producer,
            single: OnceLock::new(),
            settings: settings.clone(),
            output: settings.topic.clone(),
            dead_letters: settings.dead_letter_topic.clone(),
            stop: stop.clone(),
            health,
        });
        let weak = Arc::downgrade(&sink);
        runtime.spawn(async move {
            while let Some(refused) = too_large.recv().await {
                let Some(sink) = weak.upgrade() else { return };
                sink.deliver(refused).await;
            }
        });
        Ok(sink)
    }

    /// Gives up on everything unacknowledged: the records stay uncommitted and are read again by somebody.
    pub fn purge(&self) {
        for producer in [Some(&self.producer), self.single.get()].into_iter().flatten() {
            producer.purge(PurgeConfig::default().queue().inflight());
            // The reports of purged messages are served by the producer's thread; a moment is enough, and
            // nothing depends on them: the offsets are abandoned already.
            let _ = producer.flush(Duration::from_secs(1));
        }
    }

    fn producer(&self, single: bool) -> Result<&ThreadedProducer<Reports>, KafkaError> {
        if !single {
            return Ok(&self.producer);
        }
        if let Some(producer) = self.single.get() {
            return Ok(producer);
        }
        tracing::warn!(
            "the brokers refused a batch: each record of it is sent again alone; \
             look at the topic's max.message.bytes with `khabar check`"
        );
        let reports = Reports { single: true, ..self.producer.context().as_ref().clone() };
        let mut config = client_config(&self.settings);
        config.set("batch.num.messages", "1");
        let made = config.create_with_context(reports)?;
        // Only one task sends alone, so nobody else can have been faster.
        Ok(self.single.get_or_init(|| made))
    }
}

/// librdkafka's properties for the producer.
pub fn client_config(settings: &Output) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("client.id", "khabar");
    for (name, value) in &settings.cluster.properties {
        config.set(name, value);
    }
    config
        .set("bootstrap.servers", &settings.cluster.brokers)
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("message.timeout.ms", "0")
        .set("compression.type", &settings.compression)
        .set("linger.ms", settings.linger.as_millis().to_string())
        .set("message.max.bytes", settings.max_message_bytes.to_string());
    for (name, value) in [("partitioner", "murmur2_random"), ("queue.buffering.max.kbytes", "262144")] {
        if config.get(name).is_none() {
            config.set(name, value);
        }
    }
    config
}

impl Sink for KafkaSink {
    async fn send(&self, record: Outgoing, ticket: Ticket) {
        self.deliver(Refused { record, ticket, single: false }).await;
    }
}

impl KafkaSink {
    async fn deliver(&self, refused: Refused) {
        // A record that is too large comes back as a smaller one.
        let mut next = Some(refused);
        while let Some(refused) = next.take().filter(|_| self.stop.is_orderly()) {
            self.health.sent();
            next = self.enqueue(refused).await;
        }
    }

    /// Puts a record into the producer's queue, waiting in its own lane while that is full. Returns what to
    /// send instead when it is too large.
    async fn enqueue(&self, refused: Refused) -> Option<Refused> {
        let Refused { record, ticket, single } = refused;
        let producer = match self.producer(single) {
            Ok(producer) => producer,
            Err(error) => {
                self.health.reported(false);
                self.producer.context().give_up(&error, record.destination, &ticket);
                return None;
            }
        };
        let topic = match record.destination {
            Destination::Output => &self.output,
            Destination::DeadLetter(_) => &self.dead_letters,
        };
        let Outgoing { destination, key, value, headers, raw } = record;
        let message = owned(&headers);
        let pending = Box::new(Pending { ticket, destination, headers, raw });
        let mut attempt = BaseRecord::with_opaque_to(topic, pending).headers(message);
        attempt.key = key.as_deref();
        attempt.payload = value.as_deref();
        let (error, pending) = loop {
            match producer.send(attempt) {
                Ok(()) => return None,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                    if !self.stop.is_orderly() {
                        self.health.reported(false);
                        return None;
                    }
                    attempt = back;
                    tokio::time::sleep(QUEUE_FULL_PAUSE).await;
                }
                Err((error, back)) => break (error, back.delivery_opaque),
            }
        };
        self.health.reported(false);
        let reports = producer.context();
        match &error {
            KafkaError::MessageProduction(code) if is_too_large(*code) => {
                reports.replace(*code, *pending, key.as_deref(), value.as_deref())
            }
            _ => {
                reports.give_up(&error, pending.destination, &pending.ticket);
                None
            }
        }
    }
}

impl Reports {
    /// What to send instead of a record that was refused for itself: the raw one as a dead letter, and where
    /// that is too large as well, one by reference.
    fn replace(
        &self,
        code: RDKafkaErrorCode,
        pending: Pending,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
    ) -> Option<Refused> {
        let Pending { ticket, destination, headers, raw } = pending;
        let record = match destination {
            Destination::Output => {
                let reject = if is_too_large(code) {
                    let size = value.map_or(0, <[u8]>::len);
                    let message = format!(
                        "the enriched record of {size} bytes is larger than the output topic or output.max_message_bytes allows"
                    );
                    Reject::new(Reason::TooLargeForOutput, message)
                } else {
                    Reject::new(
                        Reason::RefusedByOutput,
                        format!("the brokers of the output refuse it: {code}"),
                    )
                };
                dead_letter(&raw.unwrap_or_default(), &ticket.position, "produce", &reject)
            }
            Destination::DeadLetter(_) if is_too_large(code) && !is_by_reference(&headers) => {
                let (key, value) = (key.map(Bytes::copy_from_slice), value.map(Bytes::copy_from_slice));
                by_reference(&Outgoing { destination, key, value, headers, raw: None })
            }
            Destination::DeadLetter(_) => {
                self.give_up(&KafkaError::MessageProduction(code), destination, &ticket);
                return None;
            }
        };
        Some(Refused { record, ticket, single: false })
    }

    /// What to do with a record whose request the brokers refused: it is sent once more, alone, before it is
    /// taken to be at fault.
    fn refused(
        &self,
        code: RDKafkaErrorCode,
        pending: Pending,
        message: &BorrowedMessage<'_>,
    ) -> Option<Refused> {
        if self.single {
            return self.replace(code, pending, message.key(), message.payload());
        }
        let Pending { ticket, destination, headers, raw } = pending;
        let key = message.key().map(Bytes::copy_from_slice);
        let value = message.payload().map(Bytes::copy_from_slice);
        let record = Outgoing { destination, key, value, headers, raw };
        Some(Refused { record, ticket, single: true })
    }

    /// A record can neither be produced nor skipped: the service stops loudly and commits nothing further.
    fn give_up(&self, error: &KafkaError, to: Destination, ticket: &Ticket) {
        let p = &ticket.position;
        let to = match to {
            Destination::Output => "the output topic",
            Destination::DeadLetter(_) => "the dead-letter topic",
        };
        self.stop.stop(StopReason::Failed(format!(
            "the record at {}/{}@{} could not be produced to {to}: {error}; \
             `khabar check` says what is wrong there; nothing was lost, it is read again at the next start",
            p.topic, p.partition, p.offset
        )));
    }

    fn delivered(&self, pending: Pending, message: &BorrowedMessage<'_>) {
        if pending.destination == Destination::Output {
            self.metrics.published_bytes.inc_by(message.payload_len() as u64);
            if let Some(millis) = pending.ticket.position.timestamp {
                let now = jiff::Timestamp::now().as_millisecond();
                self.metrics.end_to_end_seconds.observe((now - millis).max(0) as f64 / 1000.0);
            }
        }
        pending.ticket.complete(pending.destination.end());
    }
}

impl ProducerContext for Reports {
    type DeliveryOpaque = Box<Pending>;

    fn delivery(&self, result: &DeliveryResult<'_>, pending: Box<Pending>) {
        self.health.reported(result.is_ok());
        match result {
            Ok(message) => self.delivered(*pending, message),
            Err((KafkaError::MessageProduction(code), _)) if is_purged(*code) => drop(pending),
            Err((KafkaError::MessageProduction(code), message)) if is_refused(*code) => {
                if let Some(refused) = self.refused(*code, *pending, message) {
                    // The receiver is gone only when the service ends; the offset then stays incomplete.
                    let _ = self.refused.send(refused);
                }
            }
            Err((error, _)) => self.give_up(error, pending.destination, &pending.ticket),
        }
    }
}

impl ClientContext for Reports {
    fn error(&self, error: KafkaError, reason: &str) {
        self.metrics.client_errors.with_label_values(&["producer"]).inc();
        tracing::warn!(client = "producer", %error, reason, "kafka client");
    }
}

fn is_too_large(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::MessageSizeTooLarge | RDKafkaErrorCode::InvalidMessageSize)
}

/// Refused for what it holds, or for what another record of its batch does.
fn is_refused(code: RDKafkaErrorCode) -> bool {
    is_too_large(code) || matches!(code, RDKafkaErrorCode::InvalidRecord | RDKafkaErrorCode::InvalidMessage)
}

fn is_purged(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::PurgeQueue | RDKafkaErrorCode::PurgeInflight)
}
