//! At least once: an idempotent producer whose delivery reports complete the ledger.
//!
//! Enqueued is not delivered. A record's offset is complete only when the report for its enriched record,
//! or for its dead letter, says that the brokers have it. librdkafka retries in order for as long as it
//! takes (`message.timeout.ms=0`). What it refuses for a record's own sake becomes a dead letter; what it gives
//! up for another reason stops the service, because going on would lose a record. After a fatal error the
//! producer is of no use: the poll thread begins all partitions anew and has a new one made; so it does when the
//! producer has no broker left (see [`adrift`](crate::kafka::adrift)).
//!
//! Order over a new producer: a lane first takes the producer and then looks whether its record is current, and
//! a new producer is put in place only after all records in flight have become stale. So no record reaches it
//! before those that the old one lost.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseRecord, Producer, PurgeConfig, ThreadedProducer};
use tokio::sync::mpsc;

use crate::health::Health;
use crate::kafka::headers::owned;
use crate::kafka::refusal::{is_fatal, is_too_large};
use crate::kafka::reports::{Again, Pending, Reports};
use crate::kafka::settings::{Output, REBOOTSTRAP};
use crate::ledger::Ticket;
use crate::metrics::Metrics;
use crate::outgoing::{Destination, Outgoing};
use crate::samples::Samples;
use crate::shutdown::{Stop, StopReason};
use crate::stage::Sink;

/// How long a full queue is left alone before the record is tried again.
const QUEUE_FULL_PAUSE: Duration = Duration::from_millis(5);
/// More new producers than this in [`RENEWAL_TIME`] would not help.
const RENEWALS: usize = 5;
/// See [`RENEWALS`].
const RENEWAL_TIME: Duration = Duration::from_secs(60);

/// How long the last reports of a producer may take.
const LAST_REPORTS: Duration = Duration::from_secs(60);

type Client = Arc<ThreadedProducer<Reports>>;

/// The output and dead-letter topics as a sink.
pub struct AtLeastOnce {
    producer: RwLock<Client>,
    /// Sends each record in a request of its own; made when the brokers first refuse a batch.
    single: Mutex<Option<Client>>,
    settings: Output,
    reports: Reports,
    renewals: Mutex<VecDeque<Instant>>,
}

impl AtLeastOnce {
    /// Connects a producer and starts the task that sends on what the brokers found too large.
    ///
    /// # Errors
    /// When a librdkafka property is invalid.
    pub fn start(
        settings: &Output,
        metrics: &Arc<Metrics>,
        health: &Arc<Health>,
        stop: &Stop,
        samples: &Arc<Samples>,
        runtime: &tokio::runtime::Handle,
    ) -> Result<Arc<Self>, KafkaError> {
        let (again, mut refused) = mpsc::unbounded_channel::<Again>();
        let reports = Reports::new(metrics, health, stop, samples, again);
        let producer = watched_config(settings).create_with_context(reports.clone())?;
        let sink = Arc::new(Self {
            producer: RwLock::new(Arc::new(producer)),
            single: Mutex::default(),
            settings: settings.clone(),
            reports,
            renewals: Mutex::default(),
        });
        let weak = Arc::downgrade(&sink);
        runtime.spawn(async move {
            while let Some(again) = refused.recv().await {
                let Some(sink) = weak.upgrade() else { return };
                sink.deliver(again).await;
            }
        });
        Ok(sink)
    }

    /// Gives up on everything unacknowledged: the records stay uncommitted and are read again by somebody.
    pub fn purge(&self) {
        for producer in [Some(self.current()), self.alone()].into_iter().flatten() {
            producer.purge(PurgeConfig::default().queue().inflight());
            // The reports of purged messages are served by the producer's thread; a moment is enough, and
            // nothing depends on them: the offsets are abandoned already.
            let _ = producer.flush(Duration::from_secs(1));
        }
    }

    /// Whether the producer met a fatal error, or has no broker left.
    pub fn is_broken(&self) -> bool {
        [Some(self.current()), self.alone()].into_iter().flatten().any(|p| p.context().is_broken())
    }

    /// Puts a new producer in place of a broken one. All records in flight must be stale by now. Producers that
    /// break one after the other stop the service.
    pub fn renew(&self) {
        self.reports.metrics.producer_renewals.inc();
        let mut renewals = self.renewals.lock().unwrap_or_else(PoisonError::into_inner);
        while renewals.front().is_some_and(|at| at.elapsed() > RENEWAL_TIME) {
            renewals.pop_front();
        }
        renewals.push_back(Instant::now());
        if renewals.len() > RENEWALS {
            self.reports.stop.stop(StopReason::Failed(format!(
                "{RENEWALS} producers were of no use within {} s; `khabar check` says whether the output may be \
                 written to; nothing was lost, what was in flight is read again at the next start",
                RENEWAL_TIME.as_secs()
            )));
            return;
        }
        drop(renewals);
        let reports = self.reports.for_another(false);
        match watched_config(&self.settings).create_with_context(reports) {
            Ok(producer) => {
                let single = self.single.lock().unwrap_or_else(PoisonError::into_inner).take();
                let mut current = self.producer.write().unwrap_or_else(PoisonError::into_inner);
                let old = std::mem::replace(&mut *current, Arc::new(producer));
                drop(current);
                bury([Some(old), single].into_iter().flatten().collect());
            }
            Err(error) => self.reports.stop.stop(StopReason::Failed(format!(
                "no new producer could be made: {error}; nothing was lost, start again"
            ))),
        }
    }

    fn current(&self) -> Client {
        Arc::clone(&self.producer.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn alone(&self) -> Option<Client> {
        self.single.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn client(&self, single: bool) -> Result<Client, KafkaError> {
        if !single {
            return Ok(self.current());
        }
        if let Some(producer) = self.alone() {
            return Ok(producer);
        }
        tracing::warn!(
            "the brokers refused a batch: each record of it is sent again alone; \
             look at the topic's max.message.bytes with `khabar check`"
        );
        let reports = self.reports.for_another(true);
        let mut config = watched_config(&self.settings);
        config.set("batch.num.messages", "1");
        let made: Client = Arc::new(config.create_with_context(reports)?);
        *self.single.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&made));
        Ok(made)
    }

    async fn deliver(&self, again: Again) {
        // A record that is too large comes back as a smaller one.
        let mut next = Some(again);
        while let Some(again) = next.take().filter(|_| self.reports.stop.is_orderly()) {
            next = self.enqueue(again).await;
        }
    }

    /// Puts a record into the producer's queue, waiting in its own lane while that is full. Returns what to
    /// send instead when it is too large.
    async fn enqueue(&self, again: Again) -> Option<Again> {
        let Again { record, ticket, single } = again;
        let Outgoing { destination, key, value, headers, raw } = record;
        let topic = match destination {
            Destination::Output => &self.settings.topic,
            Destination::DeadLetter(_) => &self.settings.dead_letter_topic,
        };
        let mut pending = Box::new(Pending { ticket, destination, headers, raw });
        loop {
            // In this order: see the module's own words.
            let producer = match self.client(single) {
                Ok(producer) => producer,
                Err(error) => {
                    self.reports.give_up(&error, destination, &pending.ticket);
                    return None;
                }
            };
            if !pending.ticket.is_current() || !self.reports.stop.is_orderly() {
                return None;
            }
            let message = owned(&pending.headers);
            let mut attempt = BaseRecord::with_opaque_to(topic, pending).headers(message);
            attempt.key = key.as_deref();
            attempt.payload = value.as_deref();
            self.reports.health.sent();
            let Err((error, back)) = producer.send(attempt) else { return None };
            self.reports.health.reported(false);
            pending = back.delivery_opaque;
            match &error {
                KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull) => {}
                KafkaError::MessageProduction(code) if is_too_large(*code) => {
                    return self.reports.replace(*code, *pending, key.as_deref(), value.as_deref());
                }
                KafkaError::MessageProduction(code) if is_fatal(*code) => {
                    producer.context().set_broken();
                }
                _ => {
                    self.reports.give_up(&error, pending.destination, &pending.ticket);
                    return None;
                }
            }
            tokio::time::sleep(QUEUE_FULL_PAUSE).await;
        }
    }
}

/// Lets producers go that are of no use any more, on a thread of its own: their threads may take long to end. All
/// their records have to be reported before that, or what they are charged for would never be given back.
fn bury(old: Vec<Client>) {
    let bury = move || {
        for producer in old {
            producer.purge(PurgeConfig::default().queue().inflight());
            let _ = producer.flush(LAST_REPORTS);
        }
    };
    if let Err(error) = std::thread::Builder::new().name("khabar-old-producer".to_owned()).spawn(bury) {
        tracing::warn!(%error, "no thread for letting a producer go");
    }
}

/// librdkafka's properties for the producer.
pub fn client_config(settings: &Output) -> ClientConfig {
    let mut config = ClientConfig::new();
    // A broker that is back is used again within a second, not within ten.
    config
        .set("client.id", "khabar")
        .set("reconnect.backoff.max.ms", "1000")
        .set(REBOOTSTRAP.0, REBOOTSTRAP.1);
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

/// The same with the statistics that tell whether it has a broker left.
fn watched_config(settings: &Output) -> ClientConfig {
    let mut config = client_config(settings);
    config.set("statistics.interval.ms", "5000");
    config
}

impl Sink for AtLeastOnce {
    async fn send(&self, record: Outgoing, ticket: Ticket) {
        self.deliver(Again { record, ticket, single: false }).await;
    }
}
