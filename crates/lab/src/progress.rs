//! How far long work is, on standard error: a line after ten seconds, and every ten seconds from then on.

use std::time::{Duration, Instant};

/// Time between two lines.
const EVERY: Duration = Duration::from_secs(10);

/// Counts what is done.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    done: u64,
    started: Instant,
    told: Instant,
    has_told: bool,
}

impl Progress {
    /// Nothing is done of `what`, a plural.
    pub fn new(what: &'static str) -> Self {
        let now = Instant::now();
        Self { what, done: 0, started: now, told: now, has_told: false }
    }

    /// One more.
    pub fn one(&mut self) {
        self.done += 1;
        if self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            self.has_told = true;
            self.tell();
        }
    }

    /// All is done: says so where it took long.
    pub fn end(&self) {
        if self.has_told {
            self.tell();
        }
    }

    fn tell(&self) {
        say(self.started, &format!("{} {}", self.done, self.what));
    }
}

/// Says what was done until now.
pub fn say(started: Instant, what: &str) {
    eprintln!("{:6.0} s  {what}", started.elapsed().as_secs_f64());
}
