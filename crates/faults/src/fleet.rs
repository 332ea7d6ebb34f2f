//! The instances, whoever starts them again when they end by themselves, and whoever scrapes them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::cluster::Observer;
use crate::error::Error;
use crate::instance::{Instance, Settings};
use crate::journal::{Event, Journal, Sample, now_ms};
use crate::scrape::Scrape;

/// How often instances are scraped and the group's offsets are asked for.
const EVERY: Duration = Duration::from_millis(250);
/// How long an instance that ended by itself stays down, as a supervisor would have it.
const RESTART_AFTER: Duration = Duration::from_secs(1);

/// After so long without an answer another client asks: this one may wait for good.
const SILENT: Duration = Duration::from_secs(10);

/// All instances; those beyond the usual number run in storms only.
pub struct Fleet {
    members: Vec<Arc<Mutex<Instance>>>,
    journal: Arc<Journal>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Fleet {
    /// Instances that do not run yet, watched from now on.
    ///
    /// # Errors
    /// When there are no free ports, or no client can be made.
    pub fn new(
        settings: &Settings,
        count: usize,
        direct: &str,
        partitions: &Arc<AtomicUsize>,
        journal: &Arc<Journal>,
    ) -> Result<Self, Error> {
        let stop = Arc::new(AtomicBool::new(false));
        let observer = Observer::new(direct)?;
        let (partitions, notes, stopped) = (Arc::clone(partitions), Arc::clone(journal), Arc::clone(&stop));
        let sample = move || sample(observer, &partitions, &notes, &stopped);
        let mut threads = vec![std::thread::spawn(sample)];
        let mut members = Vec::new();
        for number in 0..count {
            let instance = Instance::new(settings, number)?;
            let port = instance.port;
            let member = Arc::new(Mutex::new(instance));
            let (kept, notes, stopped) = (Arc::clone(&member), Arc::clone(journal), Arc::clone(&stop));
            threads.push(std::thread::spawn(move || keep(number, &kept, &notes, &stopped)));
            let (notes, stopped) = (Arc::clone(journal), Arc::clone(&stop));
            threads.push(std::thread::spawn(move || watch(number, port, &notes, &stopped)));
            members.push(member);
        }
        Ok(Self { members, journal: Arc::clone(journal), stop, threads })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.members.len()
    }

    /// One of them.
    pub fn instance(&self, number: usize) -> MutexGuard<'_, Instance> {
        lock(&self.members[number])
    }

    /// SIGKILL; what it had not committed may come again. Returns what it owned.
    pub fn kill(&self, number: usize) -> (i64, BTreeSet<usize>) {
        let owned = self.journal.lock().owned_by(number);
        self.instance(number).kill();
        let at_ms = now_ms();
        self.note(number, "killed", at_ms, at_ms);
        (at_ms, owned)
    }

    /// SIGTERM, and waits for the end of all of these.
    ///
    /// # Errors
    /// When a signal cannot be sent.
    pub fn terminate(&self, numbers: impl IntoIterator<Item = usize>) -> Result<Vec<String>, Error> {
        let begun = now_ms();
        let mut endings = Vec::new();
        for number in numbers {
            // A statement of its own, so that the lock is not held while others are waited for.
            let ending = self.instance(number).terminate()?;
            endings.extend(ending.map(|ending| (number, ending)));
        }
        let mut trouble = Vec::new();
        for (number, ending) in endings {
            if let Some(why) = ending.wait()? {
                let what = format!("asked to end, and {why}");
                self.note(number, &what, begun - 1_000, now_ms());
                trouble.push(format!("khabar-{number} was {what}"));
            }
        }
        Ok(trouble)
    }

    /// Notes that records of what an instance may own may come again.
    pub fn note(&self, number: usize, what: &str, from_ms: i64, to_ms: i64) {
        note(&mut self.journal.lock(), number, what, from_ms, to_ms);
    }

    /// Ends the watch.
    pub fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

fn lock(member: &Mutex<Instance>) -> MutexGuard<'_, Instance> {
    member.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note(notes: &mut crate::journal::Notes, number: usize, what: &str, from_ms: i64, to_ms: i64) {
    let partitions = notes.may_own(number, from_ms, to_ms);
    notes.events.push(Event { what: format!("khabar-{number} {what}"), from_ms, to_ms, partitions });
}

/// Starts an instance again that ended by itself.
fn keep(number: usize, member: &Mutex<Instance>, journal: &Journal, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        std::thread::sleep(EVERY);
        let ended = lock(member).ended();
        let Ok(Some(why)) = ended else { continue };
        let at_ms = now_ms();
        let mut notes = journal.lock();
        notes.exits.push(format!("khabar-{number} ended by itself at {at_ms} ({why})"));
        note(&mut notes, number, &format!("ended by itself ({why})"), at_ms - 2_000, at_ms);
        drop(notes);
        std::thread::sleep(RESTART_AFTER);
        let mut instance = lock(member);
        if instance.wanted
            && let Err(error) = instance.start()
        {
            journal.lock().exits.push(format!("khabar-{number} could not be started again: {error}"));
        }
    }
}

/// Counters of one life of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Counters {
    born: f64,
    lost: f64,
    abandoned: f64,
    commit_failures: f64,
    expired: f64,
    dropped: f64,
}

/// Scrapes an instance, checks its books, and notes what may make records come again.
fn watch(number: usize, port: u16, journal: &Journal, stop: &AtomicBool) {
    let mut before = Counters::default();
    let mut before_ms = now_ms();
    while !stop.load(Ordering::Relaxed) {
        std::thread::sleep(EVERY);
        let Some(scrape) = Scrape::get(port) else { continue };
        let now = Counters {
            born: scrape.sum("khabar_start_time_seconds", ""),
            lost: scrape.sum("khabar_rebalances_total", "kind=\"lost\""),
            abandoned: scrape.sum("khabar_records_abandoned_total", ""),
            commit_failures: scrape.sum("khabar_commit_failures_total", ""),
            expired: scrape.sum("khabar_expired_total", ""),
            dropped: scrape.sum("khabar_records_dropped_total", ""),
        };
        if now.born != before.born {
            before = Counters { born: now.born, ..Counters::default() };
        }
        let now_ms = now_ms();
        let mut notes = journal.lock();
        notes.scrapes += 1;
        if let Err(figures) = scrape.books() {
            notes.unbalanced.push(format!("khabar-{number} at {now_ms}: {figures}"));
        }
        notes.owns(number, now_ms, scrape.owned());
        let mut soft = Vec::new();
        for (what, then, now) in [
            ("lost partitions", before.lost, now.lost),
            ("gave up records", before.abandoned, now.abandoned),
            ("could not commit", before.commit_failures, now.commit_failures),
        ] {
            if now > then {
                soft.push(format!("{what} ({})", now - then));
            }
        }
        if !soft.is_empty() {
            note(&mut notes, number, &soft.join(", "), before_ms, now_ms);
        }
        notes.expired += difference(before.expired, now.expired);
        notes.dropped += difference(before.dropped, now.dropped);
        (before, before_ms) = (now, now_ms);
    }
}

/// Counters are whole numbers that only grow.
fn difference(before: f64, now: f64) -> u64 {
    format!("{:.0}", (now - before).max(0.0)).parse().unwrap_or(0)
}

/// Asks for the group's committed offsets.
fn sample(mut observer: Observer, partitions: &AtomicUsize, journal: &Journal, stop: &AtomicBool) {
    let mut answered = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        let asked_ms = now_ms();
        if answered.elapsed() > SILENT {
            observer.renew();
            answered = Instant::now();
        }
        if let Some(committed) = observer.committed(partitions.load(Ordering::Relaxed), 4 * EVERY) {
            answered = Instant::now();
            journal.lock().committed(Sample { asked_ms, answered_ms: now_ms(), committed });
        }
        std::thread::sleep(EVERY);
    }
}
