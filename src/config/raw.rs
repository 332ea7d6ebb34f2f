//! The settings as they are written: one struct a section, every value still a plain string, number or list.
//!
//! `Default` holds the true defaults; `config/khabar.toml` documents them and a test compares the two.
//! There is no `Debug` on purpose: these hold secrets in the clear.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Raw {
    pub delivery: String,
    pub input: RawInput,
    pub output: RawOutput,
    pub decode: RawDecode,
    pub extraction: RawExtraction,
    pub pipeline: RawPipeline,
    pub exactly_once: RawExactlyOnce,
    pub watchdog: RawWatchdog,
    pub breaker: RawBreaker,
    pub admin: RawAdmin,
    pub tracing: RawTracing,
    pub log: RawLog,
}

impl Default for Raw {
    fn default() -> Self {
        Self {
            delivery: "at-least-once".into(),
            input: RawInput::default(),
            output: RawOutput::default(),
            decode: RawDecode::default(),
            extraction: RawExtraction::default(),
            pipeline: RawPipeline::default(),
            exactly_once: RawExactlyOnce::default(),
            watchdog: RawWatchdog::default(),
            breaker: RawBreaker::default(),
            admin: RawAdmin::default(),
            tracing: RawTracing::default(),
            log: RawLog::default(),
        }
    }
}

/// `[input]`
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawInput {
    pub topics: Vec<String>,
    pub group: String,
    pub instance_id: String,
    pub group_protocol: String,
    pub kafka: RawKafka,
}

impl Default for RawInput {
    fn default() -> Self {
        Self {
            topics: vec!["news.raw".into()],
            group: "khabar".into(),
            instance_id: String::new(),
            group_protocol: "classic".into(),
            kafka: RawKafka { brokers: "127.0.0.1:9092".into(), ..RawKafka::default() },
        }
    }
}

/// `[input.kafka]`, `[output.kafka]`
#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct RawKafka {
    pub brokers: String,
    pub tls: RawTls,
    pub sasl: RawSasl,
    pub properties: BTreeMap<String, String>,
}

/// `[input.kafka.tls]`
#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct RawTls {
    pub enabled: bool,
    pub ca: String,
    pub certificate: String,
    pub key: String,
    pub key_password: String,
}

/// `[input.kafka.sasl]`
#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct RawSasl {
    pub mechanism: String,
    pub username: String,
    pub password: String,
}

/// `[output]`
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawOutput {
    pub topic: String,
    pub dead_letter_topic: String,
    pub text: String,
    pub normalised: bool,
    pub key: String,
    pub tombstones: String,
    pub compression: String,
    pub max_message_bytes: String,
    pub linger: String,
    pub kafka: RawKafka,
}

impl Default for RawOutput {
    fn default() -> Self {
        Self {
            topic: "news.enriched".into(),
            dead_letter_topic: "news.raw.dead".into(),
            text: "full".into(),
            normalised: false,
            key: "input".into(),
            tombstones: "pass".into(),
            compression: "lz4".into(),
            max_message_bytes: "10MB".into(),
            linger: "5ms".into(),
            kafka: RawKafka::default(),
        }
    }
}

/// `[decode]`
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawDecode {
    pub format: String,
    pub max_record_bytes: String,
    pub max_decompressed_bytes: String,
    pub max_depth: i64,
    pub max_nodes: i64,
    pub aliases: BTreeMap<String, Vec<String>>,
}

impl Default for RawDecode {
    fn default() -> Self {
        Self {
            format: "auto".into(),
            max_record_bytes: "8MB".into(),
            max_decompressed_bytes: "32MB".into(),
            max_depth: 256,
            max_nodes: 200_000,
            aliases: BTreeMap::new(),
        }
    }
}

/// `[extraction]`
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawExtraction {
    pub tier: String,
    pub encoder: String,
    pub entities: String,
}

impl Default for RawExtraction {
    fn default() -> Self {
        Self { tier: "fast".into(), encoder: "models/accurate.bin".into(), entities: String::new() }
    }
}

/// `[pipeline]`
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPipeline {
    pub lanes: i64,
    pub ordering: String,
    pub memory_budget: String,
    pub max_in_flight_per_partition: i64,
    pub batch_records: i64,
    pub commit_interval: String,
    pub drain_deadline: String,
}

impl Default for RawPipeline {
    fn default() -> Self {
        Self {
            lanes: 0,
            ordering: "key".into(),
            memory_budget: "128MB".into(),
            max_in_flight_per_partition: 10_000,
            batch_records: 32,
            commit_interval: "1s".into(),
            drain_deadline: "25s".into(),
        }
    }
}

/// `[exactly_once]`
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawExactlyOnce {
    pub epoch_records: i64,
    pub epoch_bytes: String,
    pub epoch_interval: String,
    pub transaction_timeout: String,
}

impl Default for RawExactlyOnce {
    fn default() -> Self {
        Self {
            epoch_records: 10_000,
            epoch_bytes: "16MB".into(),
            epoch_interval: "200ms".into(),
            transaction_timeout: "60s".into(),
        }
    }
}

/// `[watchdog]`
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawWatchdog {
    pub stuck_after: String,
}

impl Default for RawWatchdog {
    fn default() -> Self {
        Self { stuck_after: "60s".into() }
    }
}

/// `[breaker]`
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawBreaker {
    pub enabled: bool,
    pub window: i64,
    pub ratio: f64,
}

impl Default for RawBreaker {
    fn default() -> Self {
        Self { enabled: true, window: 1000, ratio: 0.5 }
    }
}

/// `[admin]`
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawAdmin {
    pub listen: String,
    pub hosts: Vec<String>,
    pub samples: bool,
}

impl Default for RawAdmin {
    fn default() -> Self {
        Self { listen: "127.0.0.1:9464".into(), hosts: Vec::new(), samples: true }
    }
}

/// `[tracing]`
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawTracing {
    pub otlp_endpoint: String,
    pub otlp_ca: String,
    pub otlp_headers: String,
    pub sample_ratio: f64,
}

/// `[log]`
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawLog {
    pub format: String,
    pub level: String,
}

impl Default for RawLog {
    fn default() -> Self {
        Self { format: "auto".into(), level: "info".into() }
    }
}
