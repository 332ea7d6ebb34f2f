//! A broker in this process: librdkafka's mock cluster, for the demo and for tests.
//!
//! It speaks the real protocol over loopback sockets, so the service runs against it unchanged. It
//! answers no admin calls, keeps about 5 MB a partition and forgets everything at its end.

use rdkafka::error::KafkaError;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

/// A running mock cluster; it ends when dropped.
pub struct Embedded {
    cluster: MockCluster<'static, DefaultProducerContext>,
}

impl Embedded {
    /// Starts one broker with these topics.
    ///
    /// # Errors
    /// When librdkafka cannot start it, or a topic name is invalid.
    pub fn start(topics: &[(&str, i32)]) -> Result<Self, KafkaError> {
        let cluster = MockCluster::new(1)?;
        for (topic, partitions) in topics {
            cluster.create_topic(topic, *partitions, 1)?;
        }
        Ok(Self { cluster })
    }

    /// Has the next requests of a kind fail, one with each error.
    pub fn fail_requests(&self, kind: RDKafkaApiKey, errors: &[RDKafkaRespErr]) {
        self.cluster.request_errors(kind, errors);
    }

    /// `host:port` of the broker.
    pub fn brokers(&self) -> String {
        self.cluster.bootstrap_servers()
    }
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").field("brokers", &self.brokers()).finish()
    }
}
