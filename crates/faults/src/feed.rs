//! The records that are sent, and where each of them is.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, Message as _, OwnedHeaders};
use rdkafka::producer::{BaseRecord, DeliveryResult, Producer, ProducerContext, ThreadedProducer};

use crate::check::End;
use crate::cluster::{INPUT, client};
use crate::error::Error;
use crate::journal::now_ms;
use crate::random::hash;

/// Header of every record: its number. Headers of the input go through to output and dead letters.
pub const NUMBER: &str = "fault-number";
/// Different keys.
const KEYS: u64 = 4_000;
/// How often records are sent.
const TICK: Duration = Duration::from_millis(10);
/// Most records sent at once, so that catching up does not become a burst of everything.
const BURST: u64 = 200;

const WORDS: [&str; 6] = [
    "أعلن وزير الخارجية أمس في القاهرة أن بلاده ستستضيف مؤتمر القمة.",
    "The finance minister said on Monday that growth would reach 2.4 percent.",
    "Le président a rencontré à Genève le directeur général.",
    "Министр прибыл в Казань на встречу с делегацией из Турции.",
    "Rescue teams reached the villages north of Jakarta after heavy rain.",
    "ووقعت الشركتان عقداً بقيمة 120 مليون درهم لبناء محطة جديدة.",
];

/// What the seed says of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// Its key.
    pub key: Option<u32>,
    /// Where it has to end.
    pub end: End,
    /// Whether it has no value.
    tombstone: bool,
}

/// A record: one in a hundred is broken, one a tombstone, and one in twenty has no key.
pub fn made(seed: u64, number: u64) -> Made {
    let hash = hash(seed, number);
    let key = u32::try_from((hash >> 32) % KEYS).unwrap_or(0);
    let of = |key, end, tombstone| Made { key, end, tombstone };
    match hash % 100 {
        0 => of(Some(key), End::DeadLetter, false),
        1 => of(Some(key), End::Output, true),
        2..=6 => of(None, End::Output, false),
        _ => of(Some(key), End::Output, false),
    }
}

/// The bytes of a key.
pub fn key_bytes(key: u32) -> Vec<u8> {
    format!("outlet-{key}.example").into_bytes()
}

fn value(number: u64, made: Made) -> Option<Vec<u8>> {
    let title = WORDS[usize::try_from(number % 6).unwrap_or(0)];
    let body = WORDS[usize::try_from(number / 6 % 6).unwrap_or(0)];
    let text = format!(
        "{{\"id\":\"n-{number}\",\"date\":\"2026-11-20\",\"title\":\"{title}\",\"body\":\"{body}\"}}"
    );
    match made {
        Made { tombstone: true, .. } => None,
        // Cut in the middle.
        Made { end: End::DeadLetter, .. } => Some(text.into_bytes()[..60].to_vec()),
        _ => Some(text.into_bytes()),
    }
}

/// Partition and offset.
pub type Place = (i32, i64);

/// What the feed and those who steer it share.
#[derive(Debug)]
pub struct Progress {
    /// How many records may have been sent by now.
    allowed: AtomicU64,
    /// How many have been handed to the producer.
    sent: AtomicU64,
    /// What is added to the time of records, in milliseconds.
    jump: AtomicI64,
    /// By number; where there is none yet, the brokers have not acknowledged it.
    places: Mutex<Vec<Option<Place>>>,
}

impl Progress {
    /// Allows so many records in all.
    pub fn allow(&self, records: u64) {
        self.allowed.fetch_max(records, Ordering::Relaxed);
    }

    /// How many records have been handed to the producer.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Records are so many milliseconds away from their time from now on.
    pub fn jump(&self, millis: i64) {
        self.jump.store(millis, Ordering::Relaxed);
    }

    fn note(&self, number: u64, place: Place) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = usize::try_from(number).ok().and_then(|number| places.get_mut(number)) {
            *known = Some(place);
        }
    }
}

struct Reports(Arc<Progress>);

impl ClientContext for Reports {}

impl ProducerContext for Reports {
    type DeliveryOpaque = Box<u64>;

    fn delivery(&self, result: &DeliveryResult<'_>, number: Box<u64>) {
        if let Ok(message) = result {
            self.0.note(*number, (message.partition(), message.offset()));
        }
    }
}

/// Sends records on a thread of its own.
pub struct Feed {
    /// To steer it by.
    pub progress: Arc<Progress>,
    thread: JoinHandle<Result<(), Error>>,
}

impl Feed {
    /// Starts to send as many of `records` as are allowed.
    ///
    /// # Errors
    /// When the producer cannot be made.
    pub fn start(bootstrap: &str, seed: u64, records: u32) -> Result<Self, Error> {
        let progress = Arc::new(Progress {
            allowed: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            jump: AtomicI64::new(0),
            places: Mutex::new(vec![None; usize::try_from(records).unwrap_or(0)]),
        });
        let producer: ThreadedProducer<Reports> = client(bootstrap)
            .set("enable.idempotence", "true")
            .set("message.timeout.ms", "0")
            .set("partitioner", "murmur2_random")
            .set("linger.ms", "5")
            // So that partitions that were added get records soon.
            .set("topic.metadata.refresh.interval.ms", "2000")
            .create_with_context(Reports(Arc::clone(&progress)))
            .map_err(Error::client("starting the producer"))?;
        let shared = Arc::clone(&progress);
        let thread = std::thread::spawn(move || send(&producer, &shared, seed, u64::from(records)));
        Ok(Self { progress, thread })
    }

    /// Waits until everything is sent and acknowledged; returns where each record is.
    ///
    /// # Errors
    /// When a record was refused or is not acknowledged.
    pub fn finish(self) -> Result<Vec<Place>, Error> {
        self.thread.join().unwrap_or_else(|_| Err(Error::Other("the feed panicked".to_owned())))?;
        let places =
            std::mem::take(&mut *self.progress.places.lock().unwrap_or_else(PoisonError::into_inner));
        let count = places.len();
        let known: Vec<Place> = places.into_iter().flatten().collect();
        if known.len() == count {
            return Ok(known);
        }
        Err(Error::Other(format!("{} of {count} records were not acknowledged", count - known.len())))
    }
}

fn send(
    producer: &ThreadedProducer<Reports>,
    progress: &Progress,
    seed: u64,
    records: u64,
) -> Result<(), Error> {
    let mut number = 0;
    while number < records {
        let until = progress.allowed.load(Ordering::Relaxed).min(number + BURST).min(records);
        while number < until {
            send_one(producer, progress, seed, number)?;
            number += 1;
            progress.sent.store(number, Ordering::Relaxed);
        }
        std::thread::sleep(TICK);
    }
    producer.flush(Duration::from_secs(300)).map_err(Error::client("waiting for the brokers to take records"))
}

fn send_one(
    producer: &ThreadedProducer<Reports>,
    progress: &Progress,
    seed: u64,
    number: u64,
) -> Result<(), Error> {
    let made = made(seed, number);
    let (key, value) = (made.key.map(key_bytes), value(number, made));
    let text = number.to_string();
    let headers = OwnedHeaders::new().insert(Header { key: NUMBER, value: Some(&text) });
    let mut record =
        BaseRecord::<[u8], [u8], Box<u64>>::with_opaque_to(INPUT, Box::new(number)).headers(headers);
    record.key = key.as_deref();
    record.payload = value.as_deref();
    record.timestamp = Some((now_ms() + progress.jump.load(Ordering::Relaxed)).max(0));
    while let Err((error, back)) = producer.send(record) {
        if error != KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull) {
            return Err(Error::Client { what: "sending a record", source: error });
        }
        std::thread::sleep(TICK);
        record = back;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_decides_what_is_sent() {
        let all: Vec<Made> = (0..10_000).map(|n| made(3, n)).collect();
        assert_eq!(all, (0..10_000).map(|n| made(3, n)).collect::<Vec<_>>());
        let count = |of: fn(&Made) -> bool| all.iter().filter(|made| of(made)).count();
        assert!(count(|m| m.end == End::DeadLetter) > 50);
        assert!(count(|m| m.tombstone) > 50);
        assert!(count(|m| m.key.is_none()) > 250);
    }

    #[test]
    fn records_are_small_json_but_for_the_broken_ones() {
        for number in 0..1_000 {
            let made = made(3, number);
            let Some(value) = value(number, made) else { continue };
            let is_json = serde_json::from_slice::<serde_json::Value>(&value).is_ok();
            assert_eq!(is_json, made.end == End::Output, "{number}");
            assert!(value.len() < 400, "{}", value.len());
        }
    }
}
