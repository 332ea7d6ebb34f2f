//! From the settings as written to those that components get. Complaints go to the report; the value that is
//! returned is used only when there are none.

use std::net::SocketAddr;
use std::time::Duration;

use khabar_enrich::Tier;
use khabar_enrich::kb::compile::Record;
use khabar_enrich::kb::table;
use tracing::Level;

use crate::breaker;
use crate::decode::{self, FieldName, Format};
use crate::kafka::settings::{GroupProtocol, Input, Output, OutputKey, Tombstones, Transactions};
use crate::logging;
use crate::pipeline::{self, Ordering};

use super::cluster::clusters;
use super::models;
use super::raw::{Raw, RawDecode, RawExactlyOnce, RawPipeline};
use super::report::{Report, quoted};
use super::suggest::hint;
use super::traces::traces;
use super::{Config, Delivery, together};

const KB: usize = 1 << 10;
const MB: usize = 1 << 20;
const GB: usize = 1 << 30;

/// Names of the fields that aliases can fill.
pub const FIELDS: [(&str, FieldName); 11] = [
    ("id", FieldName::Id),
    ("url", FieldName::Url),
    ("title", FieldName::Title),
    ("body", FieldName::Body),
    ("authors", FieldName::Authors),
    ("publisher", FieldName::Publisher),
    ("published", FieldName::Published),
    ("fetched", FieldName::Fetched),
    ("section", FieldName::Section),
    ("tags", FieldName::Tags),
    ("language", FieldName::Language),
];

const COMPRESSIONS: [(&str, &str); 5] =
    [("none", "none"), ("gzip", "gzip"), ("snappy", "snappy"), ("lz4", "lz4"), ("zstd", "zstd")];

/// Validates everything.
pub fn config(raw: &Raw, report: &mut Report) -> Config {
    let deliveries = [("at-least-once", Delivery::AtLeastOnce), ("exactly-once", Delivery::ExactlyOnce)];
    let delivery = report.choice("delivery", &raw.delivery, &deliveries, Delivery::AtLeastOnce);
    let protocols = [("classic", GroupProtocol::Classic), ("consumer", GroupProtocol::Consumer)];
    let clusters = clusters(&raw.input.kafka, &raw.output.kafka, report);
    let texts = [("full", false), ("omit", true)];
    let keys = [("input", OutputKey::Input), ("id", OutputKey::Id)];
    let tombstones = [("pass", Tombstones::Pass), ("drop", Tombstones::Drop)];
    let out = &raw.output;
    let tiers = [("fast", Tier::Fast), ("accurate", Tier::Accurate), ("off", Tier::Off)];
    let tier = report.choice("extraction.tier", &raw.extraction.tier, &tiers, Tier::Fast);
    let config = Config {
        delivery,
        input: Input {
            cluster: clusters.input,
            topics: topics(raw, report),
            group: group(raw, report),
            instance_id: Some(raw.input.instance_id.clone()).filter(|id| !id.is_empty()),
            group_protocol: report.choice(
                "input.group_protocol",
                &raw.input.group_protocol,
                &protocols,
                GroupProtocol::Classic,
            ),
        },
        output: Output {
            cluster: clusters.output,
            topic: topic("output.topic", &out.topic, report),
            dead_letter_topic: topic("output.dead_letter_topic", &out.dead_letter_topic, report),
            key: report.choice("output.key", &out.key, &keys, OutputKey::Input),
            tombstones: report.choice("output.tombstones", &out.tombstones, &tombstones, Tombstones::Pass),
            compression: report
                .choice("output.compression", &out.compression, &COMPRESSIONS, "lz4")
                .to_owned(),
            max_message_bytes: report.bytes(
                "output.max_message_bytes",
                &out.max_message_bytes,
                KB..=953 * MB,
            ),
            linger: report.duration("output.linger", &out.linger, Duration::ZERO..=Duration::from_secs(60)),
            transactions: transactions(raw, delivery, report),
        },
        feed: clusters.feed,
        omit_text: report.choice("output.text", &out.text, &texts, false),
        decode: decode(&raw.decode, report),
        enrich: khabar_enrich::Settings { tier, normalised: out.normalised },
        encoder: models::encoder(tier, &raw.extraction.encoder, report),
        entities: entities(&raw.extraction.entities, report),
        pipeline: pipeline(raw, report),
        admin: listen(&raw.admin.listen, report),
        hosts: hosts(&raw.admin.hosts, report),
        samples: raw.admin.samples,
        tracing: traces(&raw.tracing, report),
        log: log(raw, report),
        differences: Vec::new(),
    };
    together::check(raw, &config, report);
    config
}

/// The user's own table of entities.
fn entities(path: &str, report: &mut Report) -> Vec<Record> {
    if path.is_empty() {
        return Vec::new();
    }
    let key = "extraction.entities";
    let read = std::fs::read_to_string(path)
        .map_err(|error| format!("{path}: {error}; give a table in UTF-8, or \"\" for none"));
    let rows = read.and_then(|text| table::read(&text).map_err(|error| format!("{path}, {error}")));
    rows.unwrap_or_else(|problem| {
        report.problem(key, problem);
        Vec::new()
    })
}

fn topics(raw: &Raw, report: &mut Report) -> Vec<String> {
    let key = "input.topics";
    let topics = &raw.input.topics;
    if topics.is_empty() {
        report.problem(key, "is empty: name at least one topic, such as [\"news.raw\"]");
    }
    for (at, name) in topics.iter().enumerate() {
        if name.starts_with('^') {
            let message = "patterns are not supported: one could match the output topic; name each topic";
            report.wrong(key, &quoted(name), message);
        }
        topic(key, name, report);
        if topics[..at].contains(name) {
            report.wrong(key, &quoted(name), "is named twice");
        }
    }
    topics.clone()
}

/// A topic's name, by Kafka's own rules.
pub fn topic(key: &str, name: &str, report: &mut Report) -> String {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.is_empty() {
        report.problem(key, "is empty: name a topic");
    } else if name.len() > 249 || matches!(name, "." | "..") || !name.chars().all(legal) {
        let message = "is no topic name: at most 249 letters, digits, dots, underscores and hyphens";
        report.wrong(key, &quoted(name), message);
    }
    name.to_owned()
}

fn group(raw: &Raw, report: &mut Report) -> String {
    if raw.input.group.trim().is_empty() {
        report.problem("input.group", "is empty: name the consumer group that keeps the offsets");
    }
    raw.input.group.clone()
}

fn decode(raw: &RawDecode, report: &mut Report) -> decode::Settings {
    let formats =
        [("auto", Format::Auto), ("text", Format::Text), ("json", Format::Json), ("html", Format::Html)];
    let mut aliases = Vec::new();
    for (name, paths) in &raw.aliases {
        let key = format!("decode.aliases.{name}");
        match FIELDS.iter().find(|(field, _)| field == name) {
            Some((_, field)) => aliases.push((*field, paths.clone())),
            None => {
                let names = FIELDS.map(|(field, _)| field);
                let message = format!("is no field{}; fields are {}", hint(name, names), names.join(", "));
                report.problem(&key, message);
            }
        }
        if paths.is_empty() || paths.iter().any(|path| path.split('.').any(|part| part.trim().is_empty())) {
            report.problem(&key, "must be a list of paths such as [\"story.headline\"], none of them empty");
        }
    }
    decode::Settings {
        format: report.choice("decode.format", &raw.format, &formats, Format::Auto),
        max_record_bytes: report.bytes("decode.max_record_bytes", &raw.max_record_bytes, KB..=GB),
        max_decompressed_bytes: report.bytes(
            "decode.max_decompressed_bytes",
            &raw.max_decompressed_bytes,
            KB..=GB,
        ),
        // Lanes have a stack for this depth.
        max_depth: report.whole("decode.max_depth", raw.max_depth, 1..=1024),
        max_nodes: report.whole("decode.max_nodes", raw.max_nodes, 1..=100_000_000),
        aliases,
    }
}

fn pipeline(raw: &Raw, report: &mut Report) -> pipeline::Settings {
    let RawPipeline {
        lanes,
        ordering,
        memory_budget,
        max_in_flight_per_partition,
        batch_records,
        commit_interval,
        drain_deadline,
    } = &raw.pipeline;
    let orderings = [("key", Ordering::Key), ("partition", Ordering::Partition), ("none", Ordering::None)];
    let lanes = match report.whole("pipeline.lanes", *lanes, 0..=1024) {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        lanes => lanes,
    };
    let hour = Duration::from_secs(3600);
    pipeline::Settings {
        lanes,
        ordering: report.choice("pipeline.ordering", ordering, &orderings, Ordering::Key),
        memory_budget: report.bytes("pipeline.memory_budget", memory_budget, MB..=1024 * GB),
        max_in_flight_per_partition: report.whole(
            "pipeline.max_in_flight_per_partition",
            *max_in_flight_per_partition,
            1..=10_000_000,
        ),
        batch_records: report.whole("pipeline.batch_records", *batch_records, 1..=10_000),
        commit_interval: report.duration(
            "pipeline.commit_interval",
            commit_interval,
            Duration::from_millis(50)..=hour,
        ),
        drain_deadline: report.duration(
            "pipeline.drain_deadline",
            drain_deadline,
            Duration::from_millis(100)..=hour,
        ),
        breaker: breaker(raw, report),
        stuck_after: report.duration(
            "watchdog.stuck_after",
            &raw.watchdog.stuck_after,
            Duration::from_secs(1)..=hour,
        ),
    }
}

fn transactions(raw: &Raw, delivery: Delivery, report: &mut Report) -> Option<Transactions> {
    let RawExactlyOnce { epoch_records, epoch_bytes, epoch_interval, transaction_timeout } =
        &raw.exactly_once;
    let second = Duration::from_secs(1);
    let transactions = Transactions {
        transactional_id: format!("{}-{}", raw.input.group, raw.input.instance_id),
        epoch_records: report.whole("exactly_once.epoch_records", *epoch_records, 1..=1_000_000),
        epoch_bytes: report.bytes("exactly_once.epoch_bytes", epoch_bytes, KB..=GB),
        epoch_interval: report.duration(
            "exactly_once.epoch_interval",
            epoch_interval,
            Duration::from_millis(1)..=60 * second,
        ),
        transaction_timeout: report.duration(
            "exactly_once.transaction_timeout",
            transaction_timeout,
            second..=900 * second,
        ),
    };
    Some(transactions).filter(|_| delivery == Delivery::ExactlyOnce)
}

fn breaker(raw: &Raw, report: &mut Report) -> Option<breaker::Settings> {
    let window = report.whole("breaker.window", raw.breaker.window, 10..=1_000_000);
    let ratio = raw.breaker.ratio;
    if !(ratio > 0.0 && ratio <= 1.0) {
        report.wrong("breaker.ratio", &ratio.to_string(), "must be above 0 and at most 1, such as 0.5");
    }
    raw.breaker.enabled.then_some(breaker::Settings { window, ratio })
}

fn listen(listen: &str, report: &mut Report) -> Option<SocketAddr> {
    if listen.is_empty() {
        return None;
    }
    let address = listen.parse();
    if address.is_err() {
        let message = "must be an address and a port, such as \"127.0.0.1:9464\" or \"0.0.0.0:9464\", or empty for none";
        report.wrong("admin.listen", &quoted(listen), message);
    }
    address.ok()
}

fn hosts(names: &[String], report: &mut Report) -> Vec<String> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let label = |label: &str| !label.is_empty() && label.chars().all(legal);
    // One dot may end a name.
    let is_name = |name: &str| name.strip_suffix('.').unwrap_or(name).split('.').all(label);
    if let Some(wrong) = names.iter().find(|name| !is_name(name)) {
        let message = "must be a whole name, without scheme and port, such as \"khabar.example.com\"; there are no wildcards";
        report.wrong("admin.hosts", &quoted(wrong), message);
    }
    names.to_vec()
}

fn log(raw: &Raw, report: &mut Report) -> logging::Settings {
    use logging::Format;
    let formats = [("auto", Format::Auto), ("human", Format::Human), ("json", Format::Json)];
    let levels = [
        ("error", Level::ERROR),
        ("warn", Level::WARN),
        ("info", Level::INFO),
        ("debug", Level::DEBUG),
        ("trace", Level::TRACE),
    ];
    logging::Settings {
        format: report.choice("log.format", &raw.log.format, &formats, Format::Auto),
        level: report.choice("log.level", &raw.log.level, &levels, Level::INFO),
    }
}
