//! Which offsets a replay reads: bounds, times among them, become offsets by asking the brokers.

use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::kafka::remembered::committed;
use crate::kafka::settings::{Cluster, REBOOTSTRAP};
use crate::replay::{Bound, Job, Range, Selection, State};

/// How long the brokers may take for one answer.
const ASK_TIMEOUT: Duration = Duration::from_secs(15);

/// How long it is asked again: coordinators and leaders may be on the move.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long before it is asked again.
const PAUSE: Duration = Duration::from_millis(200);

/// Asks again for a while when the answer is an error that may pass.
///
/// # Errors
/// The last one.
pub(super) fn patiently<T>(mut ask: impl FnMut() -> Result<T, KafkaError>) -> Result<T, KafkaError> {
    use rdkafka::error::RDKafkaErrorCode as Code;
    let started = Instant::now();
    loop {
        let error = match ask() {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let will_not_pass = matches!(
            error.rdkafka_error_code(),
            Some(
                Code::TopicAuthorizationFailed
                    | Code::GroupAuthorizationFailed
                    | Code::ClusterAuthorizationFailed
                    | Code::OffsetMetadataTooLarge
                    | Code::UnknownMemberId
                    | Code::IllegalGeneration
            )
        );
        if will_not_pass || started.elapsed() >= PATIENCE {
            return Err(error);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Why ranges cannot be fixed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such topic.
    #[error("there is no topic {0}: look at input.topics, or at the name that was given")]
    NoTopic(String),
    /// There is no such partition.
    #[error("no topic that is read has a partition {0}")]
    NoPartition(String),
    /// The brokers do not answer, or refuse.
    #[error("the brokers did not say what there is to read: {0}; `khabar check` says more")]
    Kafka(#[from] KafkaError),
    /// The user may not use the group.
    #[error("the group {0}, which remembers how far it is, may not be used; give the user READ on it")]
    Forbidden(String),
    /// The topic is not the one that the replay was begun on.
    #[error(
        "{0}/{1} ends at {2} and the replay was to read up to {3}: the topic was made anew since; use another --name"
    )]
    Anew(String, i32, i64, i64),
    /// Partitions of one group are of different replays.
    #[error("the offsets of the group {0} are of several replays; use another name")]
    Mixed(String),
}

/// Asks a cluster; joins no group and commits nothing.
pub struct Ranges {
    consumer: BaseConsumer,
    group: String,
}

/// Librdkafka's properties for a client that looks at a group without joining it.
pub(super) fn looking(cluster: &Cluster, group: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    for (name, value) in &cluster.properties {
        config.set(name, value);
    }
    config
        .set("client.id", "khabar-replay")
        .set("bootstrap.servers", &cluster.brokers)
        .set("group.id", group)
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "earliest")
        .set("allow.auto.create.topics", "false");
    if config.get(REBOOTSTRAP.0).is_none() {
        config.set(REBOOTSTRAP.0, REBOOTSTRAP.1);
    }
    config
}

impl Ranges {
    /// A client that looks at `group` of a cluster.
    ///
    /// # Errors
    /// When a property is invalid.
    pub fn new(cluster: &Cluster, group: &str) -> Result<Self, Error> {
        Ok(Self { consumer: looking(cluster, group).create()?, group: group.to_owned() })
    }

    /// Fixes the ranges: those partitions that are selected, or all, from `from` to `to` where a selection does
    /// not say otherwise. Ends lie at most behind the last record that is there now; empty ranges are left out.
    ///
    /// # Errors
    /// When a topic or partition is missing, or the brokers do not answer.
    pub fn fix(
        &self,
        topics: &[String],
        (from, to): (Bound, Bound),
        selected: &[Selection],
    ) -> Result<Vec<Range>, Error> {
        let mut ranges = Vec::new();
        let mut found = vec![false; selected.len()];
        for topic in topics {
            for partition in self.partitions(topic)? {
                let of =
                    |s: &&Selection| s.partition == partition && s.topic.as_ref().is_none_or(|t| t == topic);
                let wanted: Vec<&Selection> = selected.iter().filter(of).collect();
                for (found, selection) in found.iter_mut().zip(selected) {
                    *found |= of(&selection);
                }
                if wanted.is_empty() && !selected.is_empty() {
                    continue;
                }
                let from = wanted.iter().find_map(|s| s.from).unwrap_or(from);
                let to = wanted.iter().find_map(|s| s.to).unwrap_or(to);
                let range = self.range(topic, partition, from, to)?;
                ranges.extend(Some(range).filter(|range| range.offsets() > 0));
            }
        }
        match found.iter().zip(selected).find(|(found, _)| !**found) {
            Some((_, missing)) => {
                let topic = missing.topic.as_ref().map_or(String::new(), |topic| format!("{topic}/"));
                Err(Error::NoPartition(format!("{topic}{}", missing.partition)))
            }
            None => Ok(ranges),
        }
    }

    /// Whether partitions still reach to where a replay was to read.
    ///
    /// # Errors
    /// When one does not, or the brokers do not answer.
    pub fn reach(&self, states: &[State]) -> Result<(), Error> {
        for Range { topic, partition, end: to, .. } in states.iter().map(|state| &state.range) {
            let (_, end) = patiently(|| self.consumer.fetch_watermarks(topic, *partition, ASK_TIMEOUT))?;
            if end < *to {
                return Err(Error::Anew(topic.clone(), *partition, end, *to));
            }
        }
        Ok(())
    }

    /// How far a replay of this group is; nothing when it never began.
    ///
    /// # Errors
    /// When the brokers do not answer, or the group's offsets are of several replays.
    pub fn restore(&self, topics: &[String]) -> Result<Option<(Vec<State>, Job)>, Error> {
        let mut all = TopicPartitionList::new();
        for topic in topics {
            for partition in self.partitions(topic)? {
                all.add_partition(topic, partition);
            }
        }
        let mut states = Vec::new();
        let mut job: Option<Job> = None;
        let offsets = patiently(|| committed(&self.consumer, &all, ASK_TIMEOUT)).map_err(|error| {
            let is_denied = error.rdkafka_error_code() == Some(RDKafkaErrorCode::GroupAuthorizationFailed);
            if is_denied { Error::Forbidden(self.group.clone()) } else { error.into() }
        })?;
        for element in offsets.elements() {
            let Offset::Offset(offset) = element.offset() else { continue };
            let restored = State::restore(element.topic(), element.partition(), offset, element.metadata());
            let Some((state, of)) = restored else { continue };
            if job.as_ref().is_some_and(|job| *job != of) {
                return Err(Error::Mixed(self.group.clone()));
            }
            job = Some(of);
            states.push(state);
        }
        Ok(job.map(|job| (states, job)))
    }

    fn partitions(&self, topic: &str) -> Result<Vec<i32>, Error> {
        let metadata = patiently(|| self.consumer.fetch_metadata(Some(topic), ASK_TIMEOUT))?;
        let partitions: Vec<i32> = metadata
            .topics()
            .iter()
            .filter(|t| t.name() == topic)
            .flat_map(|t| t.partitions().iter().map(rdkafka::metadata::MetadataPartition::id))
            .collect();
        if partitions.is_empty() { Err(Error::NoTopic(topic.to_owned())) } else { Ok(partitions) }
    }

    fn range(&self, topic: &str, partition: i32, from: Bound, to: Bound) -> Result<Range, Error> {
        let (first, last) = patiently(|| self.consumer.fetch_watermarks(topic, partition, ASK_TIMEOUT))?;
        let offset = |bound| match bound {
            Bound::Earliest => Ok(first),
            Bound::Latest => Ok(last),
            Bound::Offset(offset) => Ok(offset),
            Bound::Time(millis) => self.at(topic, partition, millis, last),
        };
        // What retention has taken away of a range is a gap in it, and no other range.
        let from = offset(from)?.clamp(0, last);
        let end = offset(to)?.clamp(from, last);
        if from < first.min(end) {
            tracing::warn!(
                topic,
                partition,
                from,
                first,
                "retention has removed the beginning of this range: it counts as a gap"
            );
        }
        Ok(Range { topic: topic.to_owned(), partition, from, end })
    }

    /// The first offset at or after a time.
    fn at(&self, topic: &str, partition: i32, millis: i64, last: i64) -> Result<i64, Error> {
        let mut asked = TopicPartitionList::new();
        asked.add_partition_offset(topic, partition, Offset::Offset(millis.max(0)))?;
        let answer = patiently(|| self.consumer.offsets_for_times(asked.clone(), ASK_TIMEOUT))?;
        let element = answer.elements().into_iter().next();
        Ok(match element.map(|element| element.offset()) {
            Some(Offset::Offset(offset)) => offset,
            // No record is that young.
            _ => last,
        })
    }
}

impl std::fmt::Debug for Ranges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ranges").field("group", &self.group).finish()
    }
}
