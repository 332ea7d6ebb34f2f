//! Work on many threads whose results come back in the order of the input, in bounded memory.
//!
//! Batches go to the threads in turn, through bounded channels, and their results are taken in the
//! same turn: so there is nothing to sort, and a slow batch holds back only as much as the channels hold.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::{Builder, JoinHandle};

/// Batches that wait before and behind each thread.
const DEPTH: usize = 3;
/// Most items in a batch.
const ITEMS: usize = 64;
/// Cost at which a batch is full.
const COST: usize = 256 << 10;
/// Stack of a thread: decoding recurses at most `decode.max_depth` deep, in JSON and in markup.
const STACK: usize = 8 << 20;

/// Where the items come from: handed to the function that reads them.
#[derive(Debug)]
pub struct Dealer<T> {
    threads: Vec<SyncSender<Vec<T>>>,
    next: usize,
    batch: Vec<T>,
    cost: usize,
}

/// Nobody wants results any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwanted;

impl<T> Dealer<T> {
    /// Adds an item; `cost` says how much memory it takes, in bytes.
    ///
    /// # Errors
    /// When nobody wants results any more.
    pub fn push(&mut self, item: T, cost: usize) -> Result<(), Unwanted> {
        self.batch.push(item);
        self.cost += cost;
        if self.batch.len() >= ITEMS || self.cost >= COST { self.flush() } else { Ok(()) }
    }

    /// Sends what was pushed on its way, full batch or not.
    ///
    /// # Errors
    /// When nobody wants results any more.
    pub fn flush(&mut self) -> Result<(), Unwanted> {
        self.cost = 0;
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        let Some(thread) = self.threads.get(self.next) else { return Err(Unwanted) };
        self.next = (self.next + 1) % self.threads.len();
        thread.send(batch).map_err(|_| Unwanted)
    }
}

/// What comes back from a thread.
enum Back<U> {
    Batch(Vec<U>),
    /// There was no more work. A thread that goes without saying so has panicked.
    End,
}

/// Results in order.
#[derive(Debug)]
pub struct Results<U> {
    threads: Vec<Receiver<Back<U>>>,
    next: usize,
    batch: std::vec::IntoIter<U>,
    reader: Option<JoinHandle<()>>,
}

/// A thread panicked: what it had is lost, so no result after it may be taken for complete.
#[derive(Debug, thiserror::Error)]
#[error("a {0} thread panicked; the output is not complete")]
pub struct Died(&'static str);

/// Starts `threads` threads that do `work` on what `read` pushes, and one that reads.
///
/// # Errors
/// When a thread cannot be started.
pub fn start<T: Send + 'static, U: Send + 'static>(
    threads: usize,
    read: impl FnOnce(&mut Dealer<T>) -> Result<(), Unwanted> + Send + 'static,
    work: impl Fn(T) -> U + Send + Sync + 'static,
) -> io::Result<Results<U>> {
    let work = Arc::new(work);
    let (mut to, mut from) = (Vec::new(), Vec::new());
    for i in 0..threads.max(1) {
        let (sender, batches) = sync_channel::<Vec<T>>(DEPTH);
        let (results, receiver) = sync_channel(DEPTH);
        let work = Arc::clone(&work);
        let run = move || {
            for batch in batches {
                let done = batch.into_iter().map(|item| work(item)).collect();
                if results.send(Back::Batch(done)).is_err() {
                    return;
                }
            }
            // Nobody may be listening any more, which is fine.
            let _ = results.send(Back::End);
        };
        Builder::new().name(format!("khabar-work-{i}")).stack_size(STACK).spawn(run)?;
        to.push(sender);
        from.push(receiver);
    }
    let reader = Builder::new().name("khabar-read".to_owned()).spawn(move || {
        let mut dealer = Dealer { threads: to, next: 0, batch: Vec::new(), cost: 0 };
        // What is left has takers unless nobody wants results, and then it does not matter.
        let _ = read(&mut dealer).and_then(|()| dealer.flush());
    })?;
    Ok(Results { threads: from, next: 0, batch: Vec::new().into_iter(), reader: Some(reader) })
}

impl<U> Results<U> {
    /// The next result, `None` at the end. `idle` is called before waiting for one.
    ///
    /// # Errors
    /// When a thread panicked.
    pub fn next(&mut self, mut idle: impl FnMut()) -> Result<Option<U>, Died> {
        loop {
            if let Some(result) = self.batch.next() {
                return Ok(Some(result));
            }
            let Some(thread) = self.threads.get(self.next) else { return Ok(None) };
            let back = match thread.try_recv() {
                Ok(back) => Some(back),
                Err(TryRecvError::Disconnected) => None,
                Err(TryRecvError::Empty) => {
                    idle();
                    thread.recv().ok()
                }
            };
            match back {
                Some(Back::Batch(batch)) => self.batch = batch.into_iter(),
                Some(Back::End) => return self.end(),
                None => return Err(Died("work")),
            }
            self.next = (self.next + 1) % self.threads.len();
        }
    }

    /// Batches were dealt in turn, so the first thread without a next one is the end of all.
    fn end(&mut self) -> Result<Option<U>, Died> {
        self.threads.clear();
        match self.reader.take().map(JoinHandle::join) {
            Some(Err(_)) => Err(Died("reading")),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn collect<U>(mut results: Results<U>) -> Result<Vec<U>, Died> {
        let mut all = Vec::new();
        while let Some(result) = results.next(|| ())? {
            all.push(result);
        }
        Ok(all)
    }

    #[test]
    fn results_keep_the_order_of_the_input() {
        for threads in [1, 2, 5] {
            let read = |dealer: &mut Dealer<u64>| {
                for i in 0..10_000 {
                    dealer.push(i, 1)?;
                    if i % 7 == 0 {
                        dealer.flush()?;
                    }
                }
                Ok(())
            };
            // Work of uneven length, so that threads overtake each other.
            let work = |i: u64| (0..(i * 7919) % 500).fold(i, |a, _| std::hint::black_box(a));
            let all = collect(start(threads, read, work).unwrap()).unwrap();
            assert_eq!(all, (0..10_000).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_read_ahead_is_bounded() {
        let read_so_far = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&read_so_far);
        let read = move |dealer: &mut Dealer<usize>| {
            for i in 0..1_000_000 {
                counter.store(i, Ordering::SeqCst);
                dealer.push(i, COST)?;
            }
            Ok(())
        };
        let mut results = start(2, read, |i| i).unwrap();
        for expected in 0..100 {
            assert_eq!(results.next(|| ()).unwrap(), Some(expected));
            // Per thread: its channels, one batch in work, and one that was taken.
            assert!(read_so_far.load(Ordering::SeqCst) <= expected + 2 * (2 * DEPTH + 2) + 1);
        }
    }

    #[test]
    fn a_panic_is_no_end() {
        let read = |dealer: &mut Dealer<u32>| (0..500).try_for_each(|i| dealer.push(i, 1));
        let work = |i: u32| assert!(i != 250, "on purpose");
        assert!(collect(start(2, read, work).unwrap()).is_err());
        let read = |_: &mut Dealer<u32>| panic!("on purpose");
        assert!(collect(start(2, read, |i| i).unwrap()).is_err());
    }
}
