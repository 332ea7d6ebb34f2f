//! How an instance is, as one JSON object: what the status page and `khabar top` show.
//!
//! The admin server makes one a second from the books and the metrics. Counts are since the start of the process;
//! rates are over the last [`RATE_SECONDS`], latencies over the last [`LATENCY_SECONDS`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema's name, in every status.
pub const SCHEMA: &str = "khabar.status/1";
/// Seconds that rates are taken over, or fewer just after the start.
pub const RATE_SECONDS: u64 = 10;
/// Seconds that latencies are taken over.
pub const LATENCY_SECONDS: u64 = 60;
/// Seconds of history.
pub const HISTORY_SECONDS: usize = 120;
/// Most partitions that are listed: those with the greatest lag.
pub const LISTED_PARTITIONS: usize = 200;

/// The status of an instance.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// `khabar.status/1`
    pub schema: String,
    /// When it was made: RFC 3339, UTC.
    pub time: String,
    /// What runs.
    pub instance: Instance,
    /// Whether it takes part.
    pub state: State,
    /// The books. `consumed` is the sum of all the others.
    pub records: Records,
    /// A second, over the last ten seconds.
    pub rates: Rates,
    /// From a record's Kafka timestamp to its acknowledgement in the output topic, over the last minute.
    pub latency: Latency,
    /// Memory in use against its budget.
    pub memory: Memory,
    /// Owned partitions together.
    pub progress: Progress,
    /// Owned partitions, by topic and number; at most 200, those with the greatest lag.
    pub partitions: Vec<Partition>,
    /// Dead letters by reason, without those that have none.
    pub dead_letters: BTreeMap<String, u64>,
    /// Stages by name.
    pub stages: BTreeMap<String, Stage>,
    /// What was found in the texts.
    pub quality: Quality,
    /// The last two minutes.
    pub history: History,
    /// Whether a few of the articles and dead letters are shown.
    pub samples: bool,
}

/// What runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Instance {
    /// Version of khabar.
    pub version: String,
    /// Hash of the settings that change what a record says.
    pub config: String,
    /// Version of the knowledge base.
    pub knowledge_base: String,
    /// Versions of trained models by language.
    pub models: BTreeMap<String, String>,
    /// Seconds since it was started.
    pub uptime_seconds: u64,
}

/// Whether it takes part.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct State {
    /// What `/readyz` says.
    pub ready: bool,
    /// Why not.
    pub problems: Vec<String>,
    /// What holds partitions up otherwise.
    pub notes: Vec<String>,
    /// Whether the service is ending.
    pub draining: bool,
}

/// The books.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Records {
    /// Polled.
    pub consumed: u64,
    /// Acknowledged in the output topic.
    pub published: u64,
    /// Acknowledged in the dead-letter topic.
    pub dead_lettered: u64,
    /// Dropped on purpose.
    pub dropped: u64,
    /// Given up by a revoke or a stop.
    pub abandoned: u64,
    /// Polled, end not known.
    pub in_flight: u64,
}

/// Records and bytes a second.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rates {
    /// Records polled.
    pub consumed: f64,
    /// Their bytes.
    pub consumed_bytes: f64,
    /// Records acknowledged in the output topic.
    pub published: f64,
    /// Their bytes, tombstones not counted.
    pub published_bytes: f64,
    /// Dead letters.
    pub dead_lettered: f64,
}

/// Seconds; `null` where nothing was published in the last minute.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Latency {
    /// Half of the records took less.
    pub p50: Option<f64>,
    /// 95 of 100 took less.
    pub p95: Option<f64>,
    /// 99 of 100 took less.
    pub p99: Option<f64>,
}

/// Memory in use.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Memory {
    /// Bytes charged for records in flight.
    pub in_flight_bytes: u64,
    /// `pipeline.memory_budget`
    pub budget_bytes: u64,
    /// Whether consumption waits for memory.
    pub paused: bool,
    /// Partitions that wait because too many of their offsets are in flight.
    pub paused_partitions: u64,
    /// Records that the producer holds.
    pub producer_queue: u64,
}

/// Owned partitions together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Progress {
    /// How many there are.
    pub partitions: usize,
    /// Their lag, as far as it is known.
    pub lag: u64,
    /// Records a second, over the last ten seconds, by which their watermarks move.
    pub rate: f64,
}

/// One owned partition.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Partition {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Records that are not complete; `null` while unknown.
    pub lag: Option<i64>,
    /// Committed offset; `null` while unknown.
    pub committed: Option<i64>,
    /// Lowest offset that is not complete; `null` before the first record.
    pub watermark: Option<i64>,
    /// Its end, as the broker last said; `null` while unknown.
    pub end: Option<i64>,
    /// Records in flight.
    pub in_flight: u64,
    /// Records a second by which the watermark moves.
    pub rate: f64,
    /// Seconds without progress while there is work.
    pub idle_seconds: f64,
    /// Why it stands still, where it does: a cause of `khabar_waiting_partitions`.
    pub waiting: Option<String>,
}

/// A stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// Records waiting before it.
    pub queue: i64,
    /// Seconds that it took for a record, on average over the last minute; `null` where there was none.
    pub seconds: Option<f64>,
}

/// What was found in the texts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quality {
    /// By detected language: `ar`, `en`, `fr`, `ru`, `other`, `unknown`.
    pub languages: BTreeMap<String, Language>,
    /// Entities by type.
    pub entities: BTreeMap<String, u64>,
    /// Entities for a thousand characters; `null` without any.
    pub entities_per_thousand_characters: Option<f64>,
    /// Articles without entities, by reason.
    pub empty_results: BTreeMap<String, u64>,
    /// Direct quotes without a speaker.
    pub unattributed_quotes: u64,
    /// Time expressions without a full value.
    pub unresolved_times: u64,
}

/// Articles of one language.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Language {
    /// How many.
    pub articles: u64,
    /// Their characters, title and body.
    pub characters: u64,
    /// Entities found.
    pub entities: u64,
    /// Entities for a thousand characters; `null` without any.
    pub entities_per_thousand_characters: Option<f64>,
}

/// One number a second, oldest first; shorter just after the start.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct History {
    /// Records published in each second.
    pub published: Vec<u64>,
    /// Dead letters in each second.
    pub dead_lettered: Vec<u64>,
    /// Lag at the end of each second.
    pub lag: Vec<u64>,
}
