//! The latest records, for people who look: a few of what was published and of what was rejected, kept in
//! little memory.
//!
//! Producers offer every record that the brokers have acknowledged. Most offers are turned down by one look at
//! a clock: what is kept is limited to a few a second and a few in all, and by bytes. An offer never waits;
//! where somebody reads at that moment, it is turned down. Off, nothing is kept at all.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::envelope::{Headers, Position, Reason};

/// Most articles, and most dead letters, that are kept.
pub const KEPT: usize = 20;
/// Most bytes of either.
pub const KEPT_BYTES: usize = 2 << 20;
/// Largest record that is kept.
pub const LARGEST: usize = 256 << 10;
/// What is kept of a rejected value, and of a key.
pub const EXCERPT: usize = 8 << 10;
/// Time between two articles, once the first few are there.
const ARTICLES_EVERY: Duration = Duration::from_millis(250);
/// Time between two dead letters of one reason.
const LETTERS_EVERY: Duration = Duration::from_secs(1);

/// A record that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Counts from 1 over both kinds; what came later has a higher number.
    pub number: u64,
    /// What it is.
    pub what: What,
}

/// What is kept of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// An enriched record: its value.
    Article(Bytes),
    /// A dead letter.
    Letter(Letter),
}

/// What is kept of a dead letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Where the letter is in the dead-letter topic; `None` where that is not known (exactly once).
    pub position: Option<Position>,
    /// The beginning of the record's key.
    pub key: Option<Bytes>,
    /// The beginning of the record's value.
    pub value: Option<Bytes>,
    /// Bytes of the whole value.
    pub value_bytes: usize,
    /// The letter's headers.
    pub headers: Arc<Headers>,
}

impl Sample {
    /// Bytes that it takes.
    fn size(&self) -> usize {
        let length = |bytes: &Option<Bytes>| bytes.as_ref().map_or(0, Bytes::len);
        match &self.what {
            What::Article(value) => value.len(),
            What::Letter(letter) => length(&letter.key) + length(&letter.value) + letter.headers.size(),
        }
    }
}

/// The latest records of both kinds.
#[derive(Debug)]
pub struct Samples {
    is_on: bool,
    epoch: Instant,
    articles: Shelf,
    letters: Shelf,
    article_limit: Limit,
    letter_limits: [Limit; Reason::ALL.len()],
    last: AtomicU64,
}

impl Samples {
    /// Keeps samples, or none at all.
    pub fn new(is_on: bool) -> Self {
        Self {
            is_on,
            epoch: Instant::now(),
            articles: Shelf::default(),
            letters: Shelf::default(),
            article_limit: Limit::default(),
            letter_limits: std::array::from_fn(|_| Limit::default()),
            last: AtomicU64::new(0),
        }
    }

    /// Whether any are kept.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Offers an enriched record; `value` is called when it is kept.
    pub fn article(&self, bytes: usize, value: impl FnOnce() -> Bytes) {
        if self.is_on && bytes <= LARGEST && self.article_limit.passes(self.epoch, ARTICLES_EVERY) {
            self.articles.put(|| self.sample(What::Article(value())));
        }
    }

    /// Offers a dead letter; `letter` is called when it is kept.
    pub fn letter(&self, reason: Reason, letter: impl FnOnce() -> Letter) {
        let limit = self.letter_limits.get(reason as usize);
        // Rare reasons are seen beside frequent ones.
        if self.is_on && limit.is_some_and(|limit| limit.passes(self.epoch, LETTERS_EVERY)) {
            self.letters.put(|| self.sample(What::Letter(letter())));
        }
    }

    /// What is kept of articles after the one of that number, oldest first.
    pub fn articles_after(&self, number: u64) -> Vec<Arc<Sample>> {
        self.articles.after(number)
    }

    /// What is kept of dead letters after the one of that number, oldest first.
    pub fn letters_after(&self, number: u64) -> Vec<Arc<Sample>> {
        self.letters.after(number)
    }

    fn sample(&self, what: What) -> Sample {
        Sample { number: self.last.fetch_add(1, Ordering::Relaxed) + 1, what }
    }
}

/// The beginning of some bytes, on its own: the whole is not kept alive by it.
pub fn excerpt(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes.get(..EXCERPT).unwrap_or(bytes))
}

/// Samples of one kind, oldest first.
#[derive(Debug, Default)]
struct Shelf(Mutex<VecDeque<Arc<Sample>>>);

impl Shelf {
    fn put(&self, sample: impl FnOnce() -> Sample) {
        let mut kept = match self.0.try_lock() {
            Ok(kept) => kept,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        let sample = sample();
        // Foreign headers can be of any size.
        if sample.size() > LARGEST {
            return;
        }
        kept.push_back(Arc::new(sample));
        let mut bytes: usize = kept.iter().map(|sample| sample.size()).sum();
        while kept.len() > KEPT || bytes > KEPT_BYTES {
            bytes -= kept.pop_front().map_or(0, |oldest| oldest.size());
        }
    }

    fn after(&self, number: u64) -> Vec<Arc<Sample>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().filter(|sample| sample.number > number).map(Arc::clone).collect()
    }
}

/// Lets the first [`KEPT`] pass at once and then one an interval; what was not used is given back with time.
/// (The generic cell rate algorithm: one number says until when the allowance is used up.)
#[derive(Debug, Default)]
struct Limit(AtomicU64);

impl Limit {
    fn passes(&self, epoch: Instant, every: Duration) -> bool {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (now, every) = (millis(epoch.elapsed()), millis(every));
        let ahead = every.saturating_mul(KEPT as u64 - 1);
        let used = self.0.load(Ordering::Relaxed);
        if used > now + ahead {
            return false;
        }
        let next = used.max(now) + every;
        self.0.compare_exchange(used, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(sizes: &[usize]) -> Samples {
        let samples = Samples::new(true);
        for size in sizes {
            samples.articles.put(|| samples.sample(What::Article(Bytes::from(vec![b'x'; *size]))));
        }
        samples
    }

    fn numbers(samples: &[Arc<Sample>]) -> Vec<u64> {
        samples.iter().map(|sample| sample.number).collect()
    }

    fn letter() -> Letter {
        Letter { position: None, key: None, value: None, value_bytes: 0, headers: Arc::default() }
    }

    #[test]
    fn the_latest_few_are_kept_in_order() {
        let samples = filled(&[1; KEPT + 5]);
        assert_eq!(numbers(&samples.articles_after(0)), (6..=25).collect::<Vec<_>>());
        assert_eq!(numbers(&samples.articles_after(23)), [24, 25]);
        assert!(samples.articles_after(25).is_empty());
    }

    #[test]
    fn bytes_bound_what_is_kept() {
        let samples = filled(&[LARGEST; KEPT]);
        let kept: usize = samples.articles_after(0).iter().map(|sample| sample.size()).sum();
        assert_eq!(kept, KEPT_BYTES);
    }

    #[test]
    fn off_keeps_nothing_and_makes_nothing() {
        let samples = Samples::new(false);
        samples.article(1, || unreachable!("nobody wants it"));
        samples.letter(Reason::InvalidJson, || unreachable!("nobody wants it"));
        assert!(samples.articles_after(0).is_empty() && samples.letters_after(0).is_empty());
    }

    #[test]
    fn a_flood_is_turned_down_after_the_first_few() {
        let samples = Samples::new(true);
        let mut made = 0;
        for _ in 0..100_000 {
            samples.article(1, || {
                made += 1;
                Bytes::from_static(b"{}")
            });
        }
        // A slow machine may have had time for some more, at four a second.
        let most = KEPT as u128 + 1 + samples.epoch.elapsed().as_millis() / ARTICLES_EVERY.as_millis();
        assert!((KEPT as u128..=most).contains(&made), "{made} of 100000 were kept, {most} at most may be");
        assert_eq!(samples.articles_after(0).len(), KEPT);
    }

    #[test]
    fn what_is_too_large_is_not_kept() {
        let samples = Samples::new(true);
        samples.article(LARGEST + 1, || unreachable!("too large"));
        assert!(samples.articles_after(0).is_empty());
    }

    #[test]
    fn a_rare_reason_is_kept_beside_a_flood_of_another() {
        let samples = Samples::new(true);
        for _ in 0..10_000 {
            samples.letter(Reason::InvalidJson, letter);
        }
        let before = samples.letters_after(0).last().map_or(0, |sample| sample.number);
        samples.letter(Reason::Panic, letter);
        assert_eq!(numbers(&samples.letters_after(before)), [before + 1]);
    }

    #[test]
    fn an_offer_never_waits_for_a_reader() {
        let samples = Samples::new(true);
        let reading = samples.articles.0.lock().unwrap();
        samples.article(1, || unreachable!("somebody reads"));
        drop(reading);
        samples.article(1, || Bytes::from_static(b"{}"));
        assert_eq!(samples.articles_after(0).len(), 1);
    }
}
