//! Topics read as they are at one moment: from a position to the end that was fixed at the start.
//!
//! Nobody's group is joined. What is read is committed data alone, and the end is the last stable offset, so
//! a topic that is written by transactions can be read while it grows. The end need not be a record: it may
//! be the mark of a transaction, or a gap that compaction left. So a partition is done when a record at or
//! behind its end is seen, or when the consumer says that it stands at the end of what there is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::envelope::{Position, Raw};
use crate::kafka::headers::raw;
use crate::kafka::remembered::committed;
use crate::kafka::settings::Cluster;

/// Longest wait for an answer about topics and offsets.
const ANSWER: Duration = Duration::from_secs(15);
/// How long nothing at all may come while something is left to read.
const SILENCE: Duration = Duration::from_secs(30);
/// How long one poll waits.
const POLL: Duration = Duration::from_millis(100);

/// Why a topic cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such topic.
    #[error("there is no topic {topic} at {brokers}, or the user may not see it")]
    Missing {
        /// Its name.
        topic: String,
        /// Where it was looked for.
        brokers: String,
    },
    /// The user may not read it.
    #[error("topic {topic} may not be read: give the user READ on it")]
    Forbidden {
        /// Its name.
        topic: String,
    },
    /// The cluster does not answer, or says that something is wrong.
    #[error("{doing} at {brokers}: {why}")]
    Kafka {
        /// What was tried.
        doing: String,
        /// Where.
        brokers: String,
        /// What librdkafka says.
        why: String,
    },
    /// Nothing came although something is left.
    #[error("nothing came from topic {topic} for {} s, with {left} partitions left to read: is the cluster well?", SILENCE.as_secs())]
    Silent {
        /// Its name.
        topic: String,
        /// Partitions that have not ended.
        left: usize,
    },
}

/// What there is in a partition at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its number.
    pub partition: i32,
    /// The first offset to read.
    pub from: i64,
    /// The offset to stop before.
    pub to: i64,
}

impl Span {
    /// Offsets in it; there may be fewer records.
    pub fn offsets(&self) -> u64 {
        u64::try_from(self.to - self.from).unwrap_or(0)
    }
}

/// One topic, to be read without a group. It disturbs nobody.
pub struct TopicReader {
    consumer: BaseConsumer,
    topic: Arc<str>,
    brokers: String,
}

impl TopicReader {
    /// A reader of `topic`. `group` is never joined: it only names the progress that is remembered.
    ///
    /// # Errors
    /// When a property is invalid, the cluster does not answer, or there is no such topic.
    pub fn open(cluster: &Cluster, topic: &str, group: Option<&str>) -> Result<Self, Error> {
        let mut config = ClientConfig::new();
        for (name, value) in &cluster.properties {
            config.set(name, value);
        }
        config
            .set("client.id", "khabar-read")
            .set("bootstrap.servers", &cluster.brokers)
            // librdkafka wants a group even where none is joined.
            .set("group.id", group.unwrap_or("khabar-reader"))
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "earliest")
            .set("isolation.level", "read_committed")
            .set("enable.partition.eof", "true")
            .set("allow.auto.create.topics", "false");
        config.remove("group.instance.id");
        let failed = |doing: &str| failed(format!("{doing} topic {topic}"), &cluster.brokers);
        let consumer: BaseConsumer = config.create().map_err(failed("cannot read"))?;
        let reader = Self { consumer, topic: topic.into(), brokers: cluster.brokers.clone() };
        reader.partitions()?;
        Ok(reader)
    }

    /// Its name.
    pub fn topic(&self) -> &str {
        &self.topic
    }

    fn partitions(&self) -> Result<Vec<i32>, Error> {
        let metadata =
            self.consumer.fetch_metadata(Some(&self.topic), ANSWER).map_err(self.failed("cannot look at"))?;
        let missing = || Error::Missing { topic: self.topic.to_string(), brokers: self.brokers.clone() };
        let topic = metadata.topics().iter().find(|t| t.name() == &*self.topic).ok_or_else(missing)?;
        match topic.error().map(RDKafkaErrorCode::from) {
            None => Ok(topic.partitions().iter().map(|p| p.id()).collect()),
            Some(RDKafkaErrorCode::TopicAuthorizationFailed) => {
                Err(Error::Forbidden { topic: self.topic.to_string() })
            }
            Some(RDKafkaErrorCode::UnknownTopicOrPartition | RDKafkaErrorCode::UnknownTopic) => {
                Err(missing())
            }
            Some(code) => Err(self.failed("cannot look at")(KafkaError::MetadataFetch(code))),
        }
    }

    /// What is in it now, partition by partition: from its first record to its last stable offset.
    ///
    /// # Errors
    /// When the cluster does not answer.
    pub fn spans(&self) -> Result<Vec<Span>, Error> {
        let span = |partition: i32| {
            // Asked for by a consumer of committed data alone, the high watermark is the last stable offset.
            let (from, to) = self
                .consumer
                .fetch_watermarks(&self.topic, partition, ANSWER)
                .map_err(self.failed("cannot find the ends of"))?;
            Ok(Span { partition, from, to })
        };
        self.partitions()?.into_iter().map(span).collect()
    }

    /// The progress that is remembered under the group's name: the next offset, by partition.
    ///
    /// # Errors
    /// When the cluster does not answer, or the user may not see the group.
    pub fn committed(&self) -> Result<BTreeMap<i32, i64>, Error> {
        let mut list = TopicPartitionList::new();
        for partition in self.partitions()? {
            list.add_partition(&self.topic, partition);
        }
        let offsets = committed(&self.consumer, &list, ANSWER)
            .map_err(self.failed("cannot find the remembered progress in"))?;
        let mut found = BTreeMap::new();
        for element in offsets.elements() {
            element.error().map_err(self.failed("cannot find the remembered progress in"))?;
            if let Offset::Offset(offset) = element.offset() {
                found.insert(element.partition(), offset);
            }
        }
        Ok(found)
    }

    /// Remembers progress under the group's name.
    ///
    /// # Errors
    /// When the cluster refuses, or does not answer.
    pub fn commit(&self, next: &BTreeMap<i32, i64>) -> Result<(), Error> {
        if next.is_empty() {
            return Ok(());
        }
        let mut list = TopicPartitionList::new();
        for (partition, offset) in next {
            list.add_partition_offset(&self.topic, *partition, Offset::Offset(*offset))
                .map_err(self.failed("cannot remember the progress in"))?;
        }
        self.consumer.commit(&list, CommitMode::Sync).map_err(self.failed("cannot remember the progress in"))
    }

    /// Starts to read these spans; what was being read before is left.
    ///
    /// # Errors
    /// When librdkafka does not take the assignment.
    pub fn read(&self, spans: &[Span]) -> Result<Reading<'_>, Error> {
        let open: Vec<_> = spans.iter().filter(|span| span.from < span.to).collect();
        let mut list = TopicPartitionList::new();
        for span in &open {
            list.add_partition_offset(&self.topic, span.partition, Offset::Offset(span.from))
                .map_err(self.failed("cannot read"))?;
        }
        self.consumer.assign(&list).map_err(self.failed("cannot read"))?;
        // librdkafka keeps an earlier reading's pause across assignments.
        self.consumer.resume(&list).map_err(self.failed("cannot read"))?;
        let ends = open.iter().map(|span| (span.partition, span.to)).collect();
        let left = open.iter().map(|span| span.partition).collect();
        Ok(Reading { reader: self, ends, left, heard: Instant::now() })
    }

    /// The one record at a position; `None` where there is none any more.
    ///
    /// # Errors
    /// As for reading.
    pub fn fetch(&self, partition: i32, offset: i64) -> Result<Option<(Position, Raw)>, Error> {
        let spans = self.spans()?;
        let inside = |span: &&Span| span.partition == partition && (span.from..span.to).contains(&offset);
        if spans.iter().find(inside).is_none() {
            return Ok(None);
        }
        let mut reading = self.read(&[Span { partition, from: offset, to: offset + 1 }])?;
        reading.next_record()
    }

    fn failed(&self, doing: &str) -> impl Fn(KafkaError) -> Error + use<> {
        failed(format!("{doing} topic {}", self.topic), &self.brokers)
    }
}

fn failed(doing: String, brokers: &str) -> impl Fn(KafkaError) -> Error + use<> {
    let brokers = brokers.to_owned();
    move |error| {
        // The code alone: rdkafka's own words repeat it for every layer.
        let why = error.rdkafka_error_code().map_or_else(|| error.to_string(), |code| code.to_string());
        Error::Kafka { doing: doing.clone(), brokers: brokers.clone(), why }
    }
}

/// Spans of a topic while they are read.
pub struct Reading<'r> {
    reader: &'r TopicReader,
    ends: BTreeMap<i32, i64>,
    left: BTreeSet<i32>,
    heard: Instant,
}

impl Reading<'_> {
    /// The next record, in the order of its partition; `None` at the end of all of them.
    ///
    /// # Errors
    /// When nothing comes for half a minute, or the cluster refuses.
    pub fn next_record(&mut self) -> Result<Option<(Position, Raw)>, Error> {
        while !self.left.is_empty() {
            let message = match self.reader.consumer.poll(POLL) {
                None => {
                    if self.heard.elapsed() > SILENCE {
                        let topic = self.reader.topic.to_string();
                        return Err(Error::Silent { topic, left: self.left.len() });
                    }
                    continue;
                }
                Some(Ok(message)) => message,
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    self.end(partition)?;
                    continue;
                }
                Some(Err(error)) if is_final(&error) => return Err(self.reader.failed("cannot read")(error)),
                // A leader that moves, a connection that is made again: silence tells if it does not pass.
                Some(Err(_)) => continue,
            };
            self.heard = Instant::now();
            let (partition, offset) = (message.partition(), message.offset());
            let Some(end) = self.ends.get(&partition).copied() else { continue };
            if !self.left.contains(&partition) {
                continue;
            }
            let found = (offset < end).then(|| {
                let position = Position {
                    topic: Arc::clone(&self.reader.topic),
                    partition,
                    offset,
                    timestamp: message.timestamp().to_millis(),
                };
                (position, raw(&message))
            });
            drop(message);
            if offset + 1 >= end {
                self.end(partition)?;
            }
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// A partition is done: librdkafka need not read on in it.
    fn end(&mut self, partition: i32) -> Result<(), Error> {
        self.heard = Instant::now();
        if self.left.remove(&partition) {
            let mut list = TopicPartitionList::new();
            list.add_partition(&self.reader.topic, partition);
            self.reader.consumer.pause(&list).map_err(self.reader.failed("cannot end reading"))?;
        }
        Ok(())
    }
}

fn is_final(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::TopicAuthorizationFailed
                | RDKafkaErrorCode::UnknownTopicOrPartition
                | RDKafkaErrorCode::UnknownTopic
                | RDKafkaErrorCode::Authentication
                | RDKafkaErrorCode::OffsetOutOfRange
        )
    )
}

impl std::fmt::Debug for TopicReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TopicReader").field("topic", &self.topic).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("left", &self.left).finish_non_exhaustive()
    }
}
