//! What the end-to-end tests and the benches share: articles to send, a cluster to talk to, the service
//! as a process, its metrics, and the checker that says whether anything was lost.
// Each of the binaries that include this uses its own part of it.
#![allow(dead_code)]

pub mod articles;
pub mod authority;
pub mod checker;
pub mod cluster;
pub mod collector;
pub mod metrics;
pub mod murmur2;
pub mod service;
pub mod skip;

use std::time::{Duration, Instant};

/// Waits until `condition` gives a value.
///
/// # Panics
/// When it has not by the deadline; `what` says what was waited for.
pub fn wait_for<T>(what: &str, patience: Duration, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(Instant::now() < deadline, "waited {patience:?} in vain for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
