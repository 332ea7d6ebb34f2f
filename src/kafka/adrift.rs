//! A client that has no broker left, and will not find one again.
//!
//! librdkafka (since 2.10) forgets every broker that metadata does not name, the configured ones too, and a broker that
//! has just come back may name none at all. The client then turns to its bootstrap servers; but what was to do that may
//! be cancelled by the very answer that made it necessary (librdkafka#5301), and nothing else does. Such a client
//! waits for good while it looks like one whose brokers are away. Its statistics tell the two apart: brokers that are
//! away are listed as down, and a client that is adrift lists none.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::statistics::Statistics;

/// Three times as long as a client takes to turn to its bootstrap servers (`REBOOTSTRAP`), where it does.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Says that a client is, and what is done about it.
pub(super) fn tell(client: &'static str, then: &'static str) {
    let seconds = PATIENCE.as_secs();
    tracing::error!(client, "it has had no broker for {seconds} s and will not find one again: {then}");
}

/// Watches one client.
#[derive(Debug, Default)]
pub struct Adrift {
    since: Mutex<Option<Instant>>,
}

impl Adrift {
    /// Takes the statistics of the client; whether it has had no broker for [`PATIENCE`].
    pub fn note(&self, statistics: &Statistics) -> bool {
        self.note_at(statistics, Instant::now())
    }

    fn note_at(&self, statistics: &Statistics, now: Instant) -> bool {
        // A coordinator has an entry of its own, which stays.
        let is_real = |source: &str| !matches!(source, "logical" | "internal");
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        if statistics.brokers.values().any(|broker| is_real(&broker.source)) {
            *since = None;
            return false;
        }
        now.duration_since(*since.get_or_insert(now)) >= PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rdkafka::statistics::Broker;

    fn statistics(sources: &[&str]) -> Statistics {
        let broker = |source: &&str| {
            let broker =
                Broker { source: (*source).to_owned(), state: "DOWN".to_owned(), ..Broker::default() };
            ((*source).to_owned(), broker)
        };
        Statistics { brokers: sources.iter().map(broker).collect(), ..Statistics::default() }
    }

    #[test]
    fn a_client_without_any_broker_is_adrift_after_a_while() {
        let (adrift, begin) = (Adrift::default(), Instant::now());
        let after = |seconds: u64| begin + Duration::from_secs(seconds);
        assert!(!adrift.note_at(&statistics(&["logical"]), after(0)));
        assert!(!adrift.note_at(&statistics(&["logical", "internal"]), after(25)));
        assert!(adrift.note_at(&statistics(&[]), after(30)));
    }

    #[test]
    fn brokers_that_are_down_are_brokers() {
        let (adrift, begin) = (Adrift::default(), Instant::now());
        for second in 0..600 {
            let sources: &[&str] = if second % 20 == 0 { &["configured"] } else { &[] };
            assert!(!adrift.note_at(&statistics(sources), begin + Duration::from_secs(second)), "{second}");
        }
    }
}
