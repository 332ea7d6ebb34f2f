//! Straight through the pipeline: what the live service would make of the record goes to its topics at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::{Destination, Settled};
use crate::cmd::service::{finisher, stages};
use crate::config::Config;
use crate::dead_letter::{by_reference, dead_letter, first_position};
use crate::envelope::{Outcome, Raw, Reason, Reject};
use crate::kafka::feed::{FeedCounts, Feeder};
use crate::kafka::settings::Tombstones;
use crate::letters::{Letter, place};
use crate::outgoing::{Destination as To, Finisher, Outgoing};
use crate::stages::{Processed, Stages};

/// The stages, and producers to the output and the dead letters.
pub struct Pipeline {
    stages: Stages,
    finisher: Finisher,
    drop_tombstones: bool,
    output: Feeder,
    dead_letters: Feeder,
    /// Tombstones that were dropped, as the settings ask: they are done without being sent.
    dropped: u64,
    /// Sent and acknowledged at the last settlement.
    settled: (u64, u64),
}

impl Pipeline {
    /// Starts the producers.
    ///
    /// # Errors
    /// When a librdkafka property is invalid.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let stages = stages(config);
        let out = &config.output;
        let mut cluster = out.cluster.clone();
        for (name, value) in [
            ("message.max.bytes", out.max_message_bytes.to_string()),
            ("compression.type", out.compression.clone()),
        ] {
            cluster.properties.insert(name.to_owned(), value);
        }
        let feeder = |topic: &str| {
            Feeder::start(&cluster, topic)
                .context("the producer cannot start: look at [output.kafka.properties]")
        };
        Ok(Self {
            finisher: finisher(&stages, out, None),
            stages,
            drop_tombstones: out.tombstones == Tombstones::Drop,
            output: feeder(&out.topic)?,
            dead_letters: feeder(&out.dead_letter_topic)?,
            dropped: 0,
            settled: (0, 0),
        })
    }

    /// What the pipeline makes of a record; nothing of a tombstone that is to be dropped.
    fn process(&self, letter: &Letter, record: &Raw) -> Option<Outgoing> {
        let source = first_position(record, &letter.position);
        match self.stages.process(record, Some(&source)) {
            Outcome::Emit(Processed::Enriched(encoded)) => {
                Some(self.finisher.enriched(record, &encoded.id, encoded.value, source.timestamp))
            }
            Outcome::Emit(Processed::Tombstone) => {
                (!self.drop_tombstones).then(|| self.finisher.tombstone(record, &source))
            }
            Outcome::Reject(why) => Some(dead_letter(record, &letter.position, "decode", &why)),
            Outcome::Drop(_) => None,
        }
    }

    fn send(&self, outgoing: &Outgoing) -> bool {
        let feeder = match outgoing.destination {
            To::Output => &self.output,
            To::DeadLetter(_) => &self.dead_letters,
        };
        let Outgoing { key, value, headers, .. } = outgoing;
        let headers = Arc::unwrap_or_clone(Arc::clone(headers));
        feeder.offer(&Raw { key: key.clone(), value: value.clone(), headers })
    }
}

impl Destination for Pipeline {
    fn take(&mut self, letter: &Letter, record: Raw) -> anyhow::Result<()> {
        let Some(outgoing) = self.process(letter, &record) else {
            self.dropped += 1;
            return Ok(());
        };
        if self.send(&outgoing) {
            return Ok(());
        }
        // As in the service: what is too large for the output is a dead letter, and at last one by reference.
        let message = "the enriched record is larger than output.max_message_bytes allows";
        let reject = Reject::new(Reason::TooLargeForOutput, message);
        let again = match outgoing.destination {
            To::Output => dead_letter(&record, &letter.position, "produce", &reject),
            To::DeadLetter(_) => outgoing,
        };
        if self.send(&again) || self.send(&by_reference(&again)) {
            return Ok(());
        }
        anyhow::bail!("the record of {} can be sent to no topic", place(&letter.position))
    }

    fn wait_until(&mut self, then: Instant) {
        self.output.wait_until(then);
        self.dead_letters.wait_until(Instant::now() + Duration::ZERO);
    }

    fn settle(&mut self) -> Settled {
        let counts: Vec<FeedCounts> =
            [&self.output, &self.dead_letters].into_iter().map(|feeder| feeder.settle(|_| ())).collect();
        let sent: u64 = counts.iter().map(|counts| counts.sent).sum();
        let acknowledged = counts.iter().map(|counts| counts.acknowledged).sum();
        let (sent_before, acknowledged_before) = std::mem::replace(&mut self.settled, (sent, acknowledged));
        let arrived = acknowledged - acknowledged_before;
        Settled {
            arrived: arrived + std::mem::take(&mut self.dropped),
            failed: (sent - sent_before).saturating_sub(arrived),
            why: counts.into_iter().find_map(|counts| counts.last_error),
        }
    }
}
