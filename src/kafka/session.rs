//! A transactional producer from its first connection to its end, and what its errors mean.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::consumer::ConsumerGroupMetadata;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseRecord, DeliveryResult, Producer, ProducerContext, ThreadedProducer};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::TopicPartitionList;
use rdkafka::util::Timeout;

use crate::health::{Health, Side};
use crate::kafka::complaint;
use crate::kafka::headers::owned;
use crate::kafka::producer::client_config;
use crate::kafka::reach;
use crate::kafka::refusal::{is_fatal, is_purged, is_refused, is_too_large};
use crate::kafka::transactions::Shared;
use crate::metrics::Metrics;
use crate::outgoing::{Destination, Outgoing};
use crate::shutdown::Stop;

/// How long a producer may take to connect in one go.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a transaction may take to be aborted when the service ends.
const END_TIMEOUT: Duration = Duration::from_secs(2);
/// The rest of the transaction's own time.
const REMAINING: Timeout = Timeout::Never;
/// How long a full queue is left alone before the record is tried again.
const QUEUE_FULL_PAUSE: Duration = Duration::from_millis(5);
/// How often reports are looked for at the end of a transaction.
const REPORT_PAUSE: Duration = Duration::from_millis(1);
/// How long before a call that may be repeated is.
const AGAIN_PAUSE: Duration = Duration::from_millis(100);

/// Why a transaction did not come about.
#[derive(Debug)]
pub enum Trouble {
    /// It has to be aborted and can be tried again.
    Abort(String),
    /// It is not known how it ended, or the producer is of no use any more.
    Lost(String),
    /// Trying again would not help: the service has to end.
    Hopeless(String),
    /// The service ends.
    Over,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Abort(why) | Trouble::Lost(why) | Trouble::Hopeless(why) => f.write_str(why),
            Trouble::Over => f.write_str("the service ends"),
        }
    }
}

/// A connected producer.
pub struct Session {
    producer: ThreadedProducer<Reports>,
    topic: String,
    dead_letter_topic: String,
    stop: Stop,
    transaction_timeout: Duration,
    /// Sends each record in a request of its own.
    pub alone: bool,
}

/// Receives delivery reports; a record's place in its epoch travels with it.
struct Reports {
    metrics: Arc<Metrics>,
    health: Arc<Health>,
    fenced: AtomicBool,
    failed: Mutex<Failed>,
}

#[derive(Default)]
struct Failed {
    refused: Vec<(usize, RDKafkaErrorCode)>,
    /// The first error that no record is to blame for.
    other: Option<RDKafkaErrorCode>,
}

impl Session {
    /// Connects: what an earlier producer of the same id has left open is ended by the brokers.
    pub fn connect(shared: &Shared, alone: bool) -> Result<Self, Trouble> {
        let mut config = client_config(&shared.output);
        // librdkafka's own default is the time that is left of the transaction.
        config
            .remove("message.timeout.ms")
            .set("transactional.id", &shared.settings.transactional_id)
            .set("transaction.timeout.ms", shared.settings.transaction_timeout.as_millis().to_string());
        if alone {
            config.set("batch.num.messages", "1");
        }
        let reports = Reports {
            metrics: Arc::clone(&shared.metrics),
            health: Arc::clone(&shared.health),
            fenced: AtomicBool::new(false),
            failed: Mutex::default(),
        };
        let producer: ThreadedProducer<Reports> = config
            .create_with_context(reports)
            .map_err(|error| Trouble::Hopeless(format!("no transactional producer: {error}")))?;
        let session = Self {
            producer,
            topic: shared.output.topic.clone(),
            dead_letter_topic: shared.output.dead_letter_topic.clone(),
            stop: shared.stop.clone(),
            transaction_timeout: shared.settings.transaction_timeout,
            alone,
        };
        let connected = session.producer.init_transactions(CONNECT_TIMEOUT);
        connected.map_err(|error| match session.judge("connecting", &error) {
            Trouble::Abort(why) => Trouble::Lost(why),
            trouble => trouble,
        })?;
        Ok(session)
    }

    /// Begins a transaction.
    pub fn begin(&self) -> Result<(), Trouble> {
        *self.failed() = Failed::default();
        // Before anything is sent nothing can be aborted.
        self.producer.begin_transaction().map_err(|error| match self.judge("beginning", &error) {
            Trouble::Abort(why) => Trouble::Lost(why),
            trouble => trouble,
        })
    }

    /// Enqueues a record, waiting while the queue is full. Returns why the client would not take it, where that
    /// is for the record's own sake.
    pub fn produce(&self, record: &Outgoing, index: usize) -> Result<Option<RDKafkaErrorCode>, Trouble> {
        let topic = match record.destination {
            Destination::Output => &self.topic,
            Destination::DeadLetter(_) => &self.dead_letter_topic,
        };
        loop {
            let mut attempt = BaseRecord::<[u8], [u8], _>::with_opaque_to(topic, Box::new(index))
                .headers(owned(&record.headers));
            attempt.key = record.key.as_deref();
            attempt.payload = record.value.as_deref();
            let reports = self.producer.context();
            reports.health.sent();
            let Err((error, _)) = self.producer.send(attempt) else { return Ok(None) };
            reports.health.reported(false);
            match &error {
                KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull) => {
                    self.trouble()?;
                    if !self.stop.is_orderly() {
                        return Err(Trouble::Over);
                    }
                    std::thread::sleep(QUEUE_FULL_PAUSE);
                }
                KafkaError::MessageProduction(code) if is_too_large(*code) => return Ok(Some(*code)),
                // The transaction failed meanwhile.
                _ => return Err(self.judge("producing", &error)),
            }
        }
    }

    /// What reports have told so far.
    pub fn trouble(&self) -> Result<(), Trouble> {
        let failed = self.failed();
        match (failed.refused.first(), failed.other) {
            (Some((_, code)), _) => Err(Trouble::Abort(format!("a record was refused: {code}"))),
            (None, Some(code)) => Err(judge_code("producing", code)),
            (None, None) => Ok(()),
        }
    }

    /// Sends the source offsets.
    pub fn send_offsets(
        &self,
        offsets: &TopicPartitionList,
        metadata: &ConsumerGroupMetadata,
    ) -> Result<(), Trouble> {
        self.repeated("sending offsets", || {
            self.producer.send_offsets_to_transaction(offsets, metadata, self.transaction_timeout)
        })
    }

    /// Commits. Whatever goes wrong but a refusal leaves it open how the transaction ended.
    pub fn commit(&self) -> Result<(), Trouble> {
        // Committing waits for reports, too, but looks every 100 ms: longer than all else that a commit takes.
        self.wait_reported();
        if !self.stop.is_orderly() {
            return Err(Trouble::Over);
        }
        let committed = self.repeated("committing", || self.producer.commit_transaction(REMAINING));
        committed.map_err(|trouble| match (trouble, self.trouble()) {
            (Trouble::Abort(_), Err(trouble)) => trouble,
            (Trouble::Abort(why), Ok(())) => Trouble::Lost(why),
            (trouble, _) => trouble,
        })
    }

    /// Aborts.
    ///
    /// # Errors
    /// Why it is not known whether that worked.
    pub fn abort(&self) -> Result<(), String> {
        self.repeated("aborting", || self.producer.abort_transaction(REMAINING)).map_err(|t| t.to_string())
    }

    /// Records that were refused for what they hold, by their place in the epoch.
    pub fn take_refused(&self) -> Vec<(usize, RDKafkaErrorCode)> {
        std::mem::take(&mut self.failed().refused)
    }

    /// Whether another producer took its place.
    pub fn was_fenced(&self) -> bool {
        self.producer.context().fenced.load(Ordering::Relaxed)
    }

    /// Ends it in a hurry: readers need not wait for a transaction that nobody will end.
    pub fn end(self) {
        let _ = self.producer.abort_transaction(END_TIMEOUT);
    }

    /// Waits until all reports have come, the transaction has failed, its time is over, or the service ends.
    fn wait_reported(&self) {
        let deadline = Instant::now() + self.transaction_timeout;
        while self.producer.in_flight_count() > 0
            && Instant::now() < deadline
            && self.stop.is_orderly()
            && self.trouble().is_ok()
        {
            std::thread::sleep(REPORT_PAUSE);
        }
    }

    fn failed(&self) -> std::sync::MutexGuard<'_, Failed> {
        self.producer.context().failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Repeats a call that says that it may be repeated, for as long as a transaction lasts.
    fn repeated(&self, what: &str, mut call: impl FnMut() -> Result<(), KafkaError>) -> Result<(), Trouble> {
        let deadline = Instant::now() + self.transaction_timeout;
        loop {
            let Err(error) = call() else { return Ok(()) };
            let may_repeat = match &error {
                KafkaError::Transaction(e) => {
                    e.is_retriable()
                        && !e.txn_requires_abort()
                        && !e.is_fatal()
                        && e.code() != RDKafkaErrorCode::OperationTimedOut
                }
                _ => false,
            };
            if !may_repeat || Instant::now() > deadline || !self.stop.is_orderly() {
                return Err(self.judge(what, &error));
            }
            std::thread::sleep(AGAIN_PAUSE);
        }
    }

    fn judge(&self, what: &str, error: &KafkaError) -> Trouble {
        if error.rdkafka_error_code().is_some_and(is_fence) {
            self.producer.context().fenced.store(true, Ordering::Relaxed);
        }
        match error {
            KafkaError::Transaction(e) if is_denied(e.code()) => judge_code(what, e.code()),
            KafkaError::Transaction(e) if e.txn_requires_abort() && !e.is_fatal() => {
                Trouble::Abort(format!("{what}: {error}"))
            }
            KafkaError::MessageProduction(code) => judge_code(what, *code),
            _ => Trouble::Lost(format!("{what}: {error}")),
        }
    }
}

fn judge_code(what: &str, code: RDKafkaErrorCode) -> Trouble {
    use RDKafkaErrorCode as Code;
    let why = format!("{what}: {code}");
    match code {
        code if is_denied(code) => Trouble::Hopeless(format!(
            "{why}; give the user WRITE and DESCRIBE on the output topics and the transactional id, and READ on the group"
        )),
        Code::UnknownTopic | Code::UnknownPartition | Code::UnknownTopicOrPartition => {
            Trouble::Hopeless(format!(
                "{why}; `khabar check` says which topic is missing; nothing was lost, start again once it is there"
            ))
        }
        code if is_fatal(code) => Trouble::Lost(why),
        _ => Trouble::Abort(why),
    }
}

fn is_denied(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        code,
        Code::TopicAuthorizationFailed
            | Code::GroupAuthorizationFailed
            | Code::ClusterAuthorizationFailed
            | Code::TransactionalIdAuthorizationFailed
    )
}

fn is_fence(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::Fenced | RDKafkaErrorCode::ProducerFenced)
}

impl ProducerContext for Reports {
    type DeliveryOpaque = Box<usize>;

    fn delivery(&self, result: &DeliveryResult<'_>, index: Box<usize>) {
        self.health.reported(result.is_ok());
        let Err((KafkaError::MessageProduction(code), _)) = result else { return };
        if is_purged(*code) {
            return;
        }
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if is_refused(*code) {
            failed.refused.push((*index, *code));
        } else {
            failed.other.get_or_insert(*code);
        }
    }
}

impl ClientContext for Reports {
    fn stats(&self, statistics: Statistics) {
        reach::note(&self.health, Side::Output, &statistics);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.metrics.client_errors.with_label_values(&["producer"]).inc();
        complaint::log("producer", &error, reason);
    }
}
