//! Reads topics from their beginning without joining a group: for the demo and for whoever looks at a topic.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::envelope::{Position, Raw};
use crate::kafka::headers::raw;
use crate::kafka::settings::Cluster;

/// Longest wait for the list of partitions.
const METADATA_TIMEOUT: Duration = Duration::from_secs(10);

/// A reader of whole topics. It commits nothing and disturbs nobody.
pub struct Reader {
    consumer: BaseConsumer,
}

impl Reader {
    /// A reader of all partitions that `topics` have now, from their first offset.
    ///
    /// # Errors
    /// When a property is invalid or the cluster does not answer.
    pub fn start(cluster: &Cluster, topics: &[&str]) -> Result<Self, KafkaError> {
        let mut config = ClientConfig::new();
        for (name, value) in &cluster.properties {
            config.set(name, value);
        }
        // librdkafka wants a group even where none is joined.
        config
            .set("bootstrap.servers", &cluster.brokers)
            .set("group.id", "khabar-reader")
            .set("enable.auto.commit", "false")
            .set("auto.offset.reset", "earliest");
        let consumer: BaseConsumer = config.create()?;
        let mut all = TopicPartitionList::new();
        for topic in topics {
            let metadata = consumer.fetch_metadata(Some(topic), METADATA_TIMEOUT)?;
            for partition in metadata.topics().iter().flat_map(|t| t.partitions()) {
                all.add_partition_offset(topic, partition.id(), Offset::Beginning)?;
            }
        }
        consumer.assign(&all)?;
        Ok(Self { consumer })
    }

    /// The next record; `None` when none came in time.
    ///
    /// # Errors
    /// What the consumer reports; reading may go on after it.
    pub fn next(&self, timeout: Duration) -> Result<Option<(Position, Raw)>, KafkaError> {
        let Some(message) = self.consumer.poll(timeout).transpose()? else { return Ok(None) };
        let position = Position {
            topic: message.topic().into(),
            partition: message.partition(),
            offset: message.offset(),
            timestamp: message.timestamp().to_millis(),
        };
        Ok(Some((position, raw(&message))))
    }
}
