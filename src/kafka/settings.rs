//! What the Kafka side needs to know, already validated.

use std::collections::BTreeMap;
use std::time::Duration;

/// How to reach a cluster. `Debug` must not show secrets, so it is written by hand.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Cluster {
    /// `host:port,host:port`
    pub brokers: String,
    /// librdkafka properties, TLS and SASL included, secrets resolved. Never logged.
    pub properties: BTreeMap<String, String>,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster")
            .field("brokers", &self.brokers)
            .field("properties", &self.properties.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// Where raw records come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The cluster.
    pub cluster: Cluster,
    /// Topics, at least one.
    pub topics: Vec<String>,
    /// Consumer group.
    pub group: String,
    /// `group.instance.id`, when set.
    pub instance_id: Option<String>,
    /// How members of the group get their partitions.
    pub group_protocol: GroupProtocol,
}

/// How members of a group get their partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GroupProtocol {
    /// The members agree; `partition.assignment.strategy` says how.
    #[default]
    Classic,
    /// The brokers decide (KIP-848; Kafka 4.0 or later).
    Consumer,
}

/// librdkafka (since 2.10) forgets brokers that metadata does not name, and a broker that has just come back may name
/// none, itself neither. After this long without an answer to a question for metadata it turns to the bootstrap servers
/// again; its own 300 s would be a standstill of five minutes. A client that has no broker left to ask is
/// [`adrift`](crate::kafka::adrift).
pub const REBOOTSTRAP: (&str, &str) = ("metadata.recovery.rebootstrap.trigger.ms", "10000");

/// How epochs are cut, for exactly once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transactions {
    /// `transactional.id`: of this instance alone, and the same after a restart.
    pub transactional_id: String,
    /// Most records of an epoch.
    pub epoch_records: usize,
    /// Most bytes of enriched records of an epoch.
    pub epoch_bytes: usize,
    /// How long an epoch may be open.
    pub epoch_interval: Duration,
    /// After how long the brokers abort a transaction that nobody ends.
    pub transaction_timeout: Duration,
}

/// Where records go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The cluster.
    pub cluster: Cluster,
    /// Enriched records.
    pub topic: String,
    /// Dead letters.
    pub dead_letter_topic: String,
    /// What keys enriched records carry.
    pub key: OutputKey,
    /// What becomes of tombstones.
    pub tombstones: Tombstones,
    /// Compression of what is produced: `none`, `gzip`, `snappy`, `lz4`, `zstd`.
    pub compression: String,
    /// Largest message to produce (`message.max.bytes`).
    pub max_message_bytes: usize,
    /// How long to collect a batch (`linger.ms`).
    pub linger: Duration,
    /// Exactly once, where that is wanted.
    pub transactions: Option<Transactions>,
}

/// What keys enriched records carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputKey {
    /// The input key, else the record's id.
    #[default]
    Input,
    /// The record's id.
    Id,
}

/// What becomes of tombstones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tombstones {
    /// Passed on under their input key.
    #[default]
    Pass,
    /// Dropped and counted.
    Drop,
}
