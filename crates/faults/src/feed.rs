//! The records that are sent, and where each of them is.
//!
//! A client that waits for good although its brokers answer must not end a run: a new one goes on, and what the old
//! one left unacknowledged is replaced by as many records with numbers of their own. Whether a replaced record is in
//! the input all the same is read back at the end.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, Message as _, OwnedHeaders};
use rdkafka::producer::{
    BaseRecord, DeliveryResult, Producer, ProducerContext, PurgeConfig, ThreadedProducer,
};

use crate::check::End;
use crate::cluster::{INPUT, Observer, client};
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
/// How long nothing is acknowledged before another client is asked whether the brokers are there; more than twice the
/// longest fault.
const STALLED: Duration = Duration::from_secs(60);

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
    /// How many have been acknowledged.
    acknowledged: AtomicU64,
    /// Why the brokers refused one, if they did.
    refused: Mutex<Option<String>>,
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
        self.acknowledged.fetch_add(1, Ordering::Relaxed);
    }

    /// Makes room for records up to `records`.
    fn grow(&self, records: u64) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let len = usize::try_from(records).unwrap_or(0).max(places.len());
        places.resize(len, None);
    }
}

struct Reports(Arc<Progress>);

impl ClientContext for Reports {}

impl ProducerContext for Reports {
    type DeliveryOpaque = Box<u64>;

    fn delivery(&self, result: &DeliveryResult<'_>, number: Box<u64>) {
        match result {
            Ok(message) => self.0.note(*number, (message.partition(), message.offset())),
            // Of a client that was replaced.
            Err((
                KafkaError::MessageProduction(RDKafkaErrorCode::PurgeQueue | RDKafkaErrorCode::PurgeInflight),
                _,
            )) => {}
            Err((error, _)) => {
                *self.0.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string())
            }
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
        let records = u64::from(records);
        let progress = Arc::new(Progress {
            allowed: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            jump: AtomicI64::new(0),
            acknowledged: AtomicU64::new(0),
            refused: Mutex::default(),
            places: Mutex::default(),
        });
        progress.grow(records);
        let producer = producer(bootstrap, &progress)?;
        let mut sender = Sender {
            bootstrap: bootstrap.to_owned(),
            producer,
            progress: Arc::clone(&progress),
            seed,
            records,
            number: 0,
            left: 0,
            acknowledged: 0,
            moved: Instant::now(),
        };
        let thread = std::thread::spawn(move || sender.run());
        Ok(Self { progress, thread })
    }

    /// Waits until everything is sent and acknowledged; returns where each record is, as far as the brokers told.
    ///
    /// # Errors
    /// When a record was refused, or the brokers cannot be reached.
    pub fn finish(self) -> Result<Vec<Option<Place>>, Error> {
        self.thread.join().unwrap_or_else(|_| Err(Error::Other("the feed panicked".to_owned())))?;
        Ok(std::mem::take(&mut *self.progress.places.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn producer(bootstrap: &str, progress: &Arc<Progress>) -> Result<ThreadedProducer<Reports>, Error> {
    client(bootstrap)
        .set("enable.idempotence", "true")
        .set("message.timeout.ms", "0")
        .set("partitioner", "murmur2_random")
        .set("linger.ms", "5")
        // So that partitions that were added get records soon.
        .set("topic.metadata.refresh.interval.ms", "2000")
        .create_with_context(Reports(Arc::clone(progress)))
        .map_err(Error::client("starting the producer"))
}

struct Sender {
    bootstrap: String,
    producer: ThreadedProducer<Reports>,
    progress: Arc<Progress>,
    seed: u64,
    /// How many are to be in the input.
    records: u64,
    /// The next record.
    number: u64,
    /// Records that earlier producers left unacknowledged.
    left: u64,
    /// How many were acknowledged when last looked, and when that changed.
    acknowledged: u64,
    moved: Instant,
}

impl Sender {
    fn run(&mut self) -> Result<(), Error> {
        loop {
            let allowed = self.progress.allowed.load(Ordering::Relaxed).min(self.records);
            // What is replaced is allowed already.
            let until = (allowed + self.left).min(self.number + BURST);
            while self.number < until {
                self.send_one()?;
                self.number += 1;
                self.progress.sent.store(self.number, Ordering::Relaxed);
            }
            if self.number >= self.records + self.left && self.outstanding() == 0 {
                return Ok(());
            }
            self.look()?;
            std::thread::sleep(TICK);
        }
    }

    /// Records of this producer that are not acknowledged.
    fn outstanding(&self) -> u64 {
        (self.number - self.left).saturating_sub(self.progress.acknowledged.load(Ordering::Relaxed))
    }

    /// Takes a new producer when this one waits though the brokers answer.
    fn look(&mut self) -> Result<(), Error> {
        let refused = self.progress.refused.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(error) = refused {
            return Err(Error::Other(format!("the brokers refused a record of the feed for good: {error}")));
        }
        let acknowledged = self.progress.acknowledged.load(Ordering::Relaxed);
        if acknowledged != self.acknowledged || self.outstanding() == 0 {
            (self.acknowledged, self.moved) = (acknowledged, Instant::now());
        }
        if self.moved.elapsed() < STALLED || !answers(&self.bootstrap) {
            return Ok(());
        }
        let old = std::mem::replace(&mut self.producer, producer(&self.bootstrap, &self.progress)?);
        old.purge(PurgeConfig::default().queue().inflight());
        // Its last reports, so that none comes behind the count.
        let _ = old.flush(Duration::from_secs(5));
        drop(old);
        let replaced = self.outstanding();
        self.left += replaced;
        self.moved = Instant::now();
        self.progress.grow(self.records + self.left);
        println!(
            "note: the feed got no acknowledgement for {} s though the brokers answer: a new client goes on, and \
             {replaced} records are sent again under new numbers",
            STALLED.as_secs()
        );
        Ok(())
    }

    fn send_one(&mut self) -> Result<(), Error> {
        let number = self.number;
        let made = made(self.seed, number);
        let (key, value) = (made.key.map(key_bytes), value(number, made));
        let text = number.to_string();
        let progress = Arc::clone(&self.progress);
        let send = |producer: &ThreadedProducer<Reports>| {
            let headers = OwnedHeaders::new().insert(Header { key: NUMBER, value: Some(&text) });
            let mut record =
                BaseRecord::<[u8], [u8], Box<u64>>::with_opaque_to(INPUT, Box::new(number)).headers(headers);
            record.key = key.as_deref();
            record.payload = value.as_deref();
            record.timestamp = Some((now_ms() + progress.jump.load(Ordering::Relaxed)).max(0));
            producer.send(record).map_err(|(error, _)| error)
        };
        while let Err(error) = send(&self.producer) {
            if error != KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull) {
                return Err(Error::Client { what: "sending a record", source: error });
            }
            self.look()?;
            std::thread::sleep(TICK);
        }
        Ok(())
    }
}

/// Whether the leader of every partition of the input answers.
fn answers(bootstrap: &str) -> bool {
    Observer::new(bootstrap).is_ok_and(|observer| observer.all_answer())
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
