//! Publishes records to a raw topic and counts what the brokers acknowledged.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};

use crate::envelope::Raw;
use crate::kafka::headers::owned;
use crate::kafka::settings::Cluster;

/// How long one poll waits for delivery reports.
const POLL: Duration = Duration::from_millis(50);
/// How long connections may fail before that is told: a broker that just starts refuses at first.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long nothing at all may be heard before that is told.
const SILENCE: Duration = Duration::from_secs(10);

/// A producer for one topic. Not for many threads: who sends also polls.
pub struct Feeder {
    producer: BaseProducer<Reports>,
    topic: String,
    books: Arc<Books>,
    trouble: Option<Trouble>,
}

/// Tells once why nothing is acknowledged, long before the first record is given up.
struct Trouble {
    tell: Box<dyn Fn(&str) + Send + Sync>,
    told: AtomicBool,
}

/// What became of the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedCounts {
    /// Handed to the producer.
    pub sent: u64,
    /// Acknowledged by the brokers.
    pub acknowledged: u64,
    /// Given up, by the producer's own word.
    pub failed: u64,
    /// The last error of a record or of the connection.
    pub last_error: Option<String>,
}

#[derive(Default)]
struct Books {
    sent: AtomicU64,
    acknowledged: AtomicU64,
    failed: AtomicU64,
    last_error: Mutex<Option<String>>,
    first_sent: OnceLock<Instant>,
    /// The first error of a connection.
    unconnected: OnceLock<String>,
}

impl Books {
    fn error(&self, error: String) {
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// Why nothing is acknowledged although it should be by now.
    fn trouble(&self) -> Option<String> {
        let waited = self.first_sent.get()?.elapsed();
        if waited < PATIENCE || self.acknowledged.load(Ordering::Relaxed) > 0 {
            return None;
        }
        let nothing =
            || format!("nothing was heard of a record in {} s (does the topic exist?)", SILENCE.as_secs());
        self.unconnected.get().cloned().or_else(|| (waited >= SILENCE).then(nothing))
    }
}

/// The producer would not take a record, for its size for instance.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct NotSent(#[from] KafkaError);

/// Receives delivery reports while the feeder polls.
struct Reports(Arc<Books>);

impl ClientContext for Reports {
    fn error(&self, error: KafkaError, reason: &str) {
        // Behind it comes how often and how fast it failed.
        let _ = self.0.unconnected.set(reason.split(" (after ").next().unwrap_or(reason).to_owned());
        self.0.error(format!("{error}: {reason}"));
    }
}

impl ProducerContext for Reports {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        match result {
            Ok(_) => self.0.acknowledged.fetch_add(1, Ordering::Relaxed),
            Err((error, _)) => {
                self.0.error(error.to_string());
                self.0.failed.fetch_add(1, Ordering::Relaxed)
            }
        };
    }
}

impl Feeder {
    /// A producer for `topic`: idempotent, compressed, giving a record up after 30 s unless the
    /// cluster's properties say otherwise.
    ///
    /// # Errors
    /// When a librdkafka property is invalid.
    pub fn start(cluster: &Cluster, topic: &str) -> Result<Self, KafkaError> {
        let mut config = ClientConfig::new();
        config
            .set("client.id", "khabar-feed")
            .set("compression.type", "lz4")
            .set("linger.ms", "20")
            .set("message.timeout.ms", "30000")
            .set("message.max.bytes", "10000000")
            .set("partitioner", "murmur2_random");
        for (name, value) in &cluster.properties {
            config.set(name, value);
        }
        config
            .set("bootstrap.servers", &cluster.brokers)
            .set("enable.idempotence", "true")
            .set("acks", "all");
        let books = Arc::new(Books::default());
        let producer = config.create_with_context(Reports(Arc::clone(&books)))?;
        Ok(Self { producer, topic: topic.to_owned(), books, trouble: None })
    }

    /// Has `tell` called, once, when nothing is acknowledged for seconds: with the first error of a connection,
    /// if there was one.
    #[must_use]
    pub fn on_trouble(mut self, tell: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.trouble = Some(Trouble { tell: Box::new(tell), told: AtomicBool::new(false) });
        self
    }

    /// Serves delivery reports and errors, and looks after trouble.
    fn poll(&self, wait: Duration) {
        self.producer.poll(wait);
        if let Some(trouble) = &self.trouble
            && !trouble.told.load(Ordering::Relaxed)
            && let Some(why) = self.books.trouble()
        {
            trouble.told.store(true, Ordering::Relaxed);
            (trouble.tell)(&why);
        }
    }

    /// Hands over one record, and waits while the producer's queue is full.
    ///
    /// # Errors
    /// When the producer would not take the record; others may follow.
    pub fn send(&self, raw: &Raw) -> Result<(), NotSent> {
        let mut record = BaseRecord::<[u8], [u8]>::to(&self.topic);
        if let Some(key) = &raw.key {
            record = record.key(key);
        }
        if let Some(value) = &raw.value {
            record = record.payload(value);
        }
        if !raw.headers.0.is_empty() {
            record = record.headers(owned(&raw.headers));
        }
        self.books.sent.fetch_add(1, Ordering::Relaxed);
        self.books.first_sent.get_or_init(Instant::now);
        loop {
            match self.producer.send(record) {
                Ok(()) => break,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                    record = back;
                    self.poll(POLL);
                }
                Err((error, _)) => {
                    self.books.error(error.to_string());
                    self.books.failed.fetch_add(1, Ordering::Relaxed);
                    return Err(error.into());
                }
            }
        }
        self.poll(Duration::ZERO);
        Ok(())
    }

    /// The same for a record that may be too large: `false`, and nothing is counted, when the producer would not
    /// take it.
    pub fn offer(&self, raw: &Raw) -> bool {
        let before = self.books.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let taken = self.send(raw).is_ok();
        if !taken {
            self.books.sent.fetch_sub(1, Ordering::Relaxed);
            self.books.failed.fetch_sub(1, Ordering::Relaxed);
            *self.books.last_error.lock().unwrap_or_else(PoisonError::into_inner) = before;
        }
        taken
    }

    /// Serves delivery reports until then.
    pub fn wait_until(&self, then: Instant) {
        loop {
            let left = then.saturating_duration_since(Instant::now());
            self.poll(left.min(POLL));
            if left.is_zero() {
                return;
            }
        }
    }

    /// What became of the records so far.
    pub fn counts(&self) -> FeedCounts {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let last_error = self.books.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone();
        FeedCounts {
            sent: load(&self.books.sent),
            acknowledged: load(&self.books.acknowledged),
            failed: load(&self.books.failed),
            last_error,
        }
    }

    /// Waits until every record is acknowledged or given up, which `message.timeout.ms` bounds; `progress`
    /// is called now and then.
    pub fn finish(self, progress: impl FnMut(&FeedCounts)) -> FeedCounts {
        self.settle(progress)
    }

    /// The same, and more may follow.
    pub fn settle(&self, mut progress: impl FnMut(&FeedCounts)) -> FeedCounts {
        while self.producer.in_flight_count() > 0 {
            self.poll(POLL);
            progress(&self.counts());
        }
        self.counts()
    }
}

impl std::fmt::Debug for Feeder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feeder").field("topic", &self.topic).field("counts", &self.counts()).finish()
    }
}
