//! Back to the raw topics that records came from.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::{Destination, Settled};
use crate::config::Config;
use crate::envelope::Raw;
use crate::kafka::feed::Feeder;
use crate::kafka::settings::Cluster;
use crate::letters::{Letter, place};

/// Largest record that is handed to a broker, which has a limit of its own.
const LARGEST: &str = "1000000000";

/// Producers to the raw topics.
pub struct RawTopics {
    cluster: Cluster,
    topics: Vec<String>,
    feeders: BTreeMap<String, Feeder>,
    /// Sent and acknowledged at the last settlement.
    settled: (u64, u64),
}

impl RawTopics {
    /// Producers are started when they are needed.
    pub fn new(config: &Config) -> Self {
        let mut cluster = config.feed.clone();
        // A letter by reference is of a large record, and what the raw topic took once it takes again.
        cluster.properties.insert("message.max.bytes".to_owned(), LARGEST.to_owned());
        Self { cluster, topics: config.input.topics.clone(), feeders: BTreeMap::new(), settled: (0, 0) }
    }
}

/// The topic that the record came from, if it is still read; else the first one that is.
fn topic_of<'t>(letter: &Letter, topics: &'t [String]) -> Option<&'t str> {
    let own = topics.iter().find(|topic| **topic == *letter.source.topic);
    own.or(topics.first()).map(String::as_str)
}

impl Destination for RawTopics {
    fn take(&mut self, letter: &Letter, record: Raw) -> anyhow::Result<()> {
        let topic = topic_of(letter, &self.topics).context("input.topics is empty")?;
        if !self.feeders.contains_key(topic) {
            let feeder = Feeder::start(&self.cluster, topic).context(
                "the producer cannot start: look at the librdkafka properties of the input's cluster",
            )?;
            self.feeders.insert(topic.to_owned(), feeder);
        }
        let feeder = self.feeders.get(topic).context("no producer")?;
        let place = place(&letter.position);
        feeder.send(&record).with_context(|| format!("the record of {place} cannot be sent to {topic}"))
    }

    fn wait_until(&mut self, then: Instant) {
        match self.feeders.values().next() {
            Some(feeder) => feeder.wait_until(then),
            None => {
                std::thread::sleep(then.saturating_duration_since(Instant::now()).min(Duration::from_secs(1)))
            }
        }
    }

    fn settle(&mut self) -> Settled {
        let counts: Vec<_> = self.feeders.values().map(|feeder| feeder.settle(|_| ())).collect();
        let sent: u64 = counts.iter().map(|counts| counts.sent).sum();
        let acknowledged = counts.iter().map(|counts| counts.acknowledged).sum();
        let (sent_before, acknowledged_before) = std::mem::replace(&mut self.settled, (sent, acknowledged));
        let arrived = acknowledged - acknowledged_before;
        Settled {
            arrived,
            failed: (sent - sent_before).saturating_sub(arrived),
            why: counts.into_iter().find_map(|counts| counts.last_error),
        }
    }
}

/// Takes everything and sends nothing.
pub struct DryRun {
    taken: u64,
}

impl DryRun {
    /// Nothing taken yet.
    pub fn new() -> Self {
        Self { taken: 0 }
    }
}

impl Destination for DryRun {
    fn take(&mut self, _: &Letter, _: Raw) -> anyhow::Result<()> {
        self.taken += 1;
        Ok(())
    }

    fn wait_until(&mut self, _: Instant) {}

    fn settle(&mut self) -> Settled {
        Settled { arrived: std::mem::take(&mut self.taken), failed: 0, why: None }
    }
}
