//! What no setting shows by itself.

use std::time::Duration;

use super::raw::Raw;
use super::report::{Report, quoted};
use super::{Config, Delivery};
use crate::kafka::settings::GroupProtocol;

/// `max.poll.interval.ms` of librdkafka where the user gives none.
const MAX_POLL_INTERVAL: Duration = Duration::from_secs(300);

/// Checks settings against each other.
pub fn check(raw: &Raw, config: &Config, report: &mut Report) {
    let out = &config.output;
    for (key, name) in [("output.topic", &out.topic), ("output.dead_letter_topic", &out.dead_letter_topic)] {
        if config.input.topics.contains(name) {
            report.wrong(key, &quoted(name), "is one of input.topics: khabar would read its own records");
        }
    }
    if out.topic == out.dead_letter_topic {
        report.wrong(
            "output.dead_letter_topic",
            &quoted(&out.dead_letter_topic),
            "is output.topic: readers of enriched records would find broken ones among them",
        );
    }
    let record = "decode.max_record_bytes";
    if !report.doubts(&[record]) && config.pipeline.memory_budget < config.decode.max_record_bytes {
        report.wrong(
            "pipeline.memory_budget",
            &quoted(&raw.pipeline.memory_budget),
            format!("must be at least decode.max_record_bytes ({})", raw.decode.max_record_bytes),
        );
    }
    if !report.doubts(&[record]) && config.decode.max_decompressed_bytes < config.decode.max_record_bytes {
        report.wrong(
            "decode.max_decompressed_bytes",
            &quoted(&raw.decode.max_decompressed_bytes),
            format!("must be at least decode.max_record_bytes ({})", raw.decode.max_record_bytes),
        );
    }
    exactly_once(raw, config, report);
    group_protocol(config, report);
    let millis = |name| {
        let value = config.input.cluster.properties.get(name)?;
        value.parse().ok().map(Duration::from_millis)
    };
    let poll = millis("max.poll.interval.ms").unwrap_or(MAX_POLL_INTERVAL);
    if config.pipeline.drain_deadline >= poll / 2 {
        report.wrong(
            "pipeline.drain_deadline",
            &quoted(&raw.pipeline.drain_deadline),
            format!(
                "must be below half of max.poll.interval.ms ({} ms), or the group gives the partitions away while they drain",
                poll.as_millis()
            ),
        );
    }
    if millis("session.timeout.ms").is_some_and(|session| session > poll) {
        report.problem(
            "input.kafka.properties.\"session.timeout.ms\"",
            format!("must be at most max.poll.interval.ms ({} ms)", poll.as_millis()),
        );
    }
}

fn exactly_once(raw: &Raw, config: &Config, report: &mut Report) {
    let Some(transactions) = &config.output.transactions else { return };
    debug_assert_eq!(config.delivery, Delivery::ExactlyOnce);
    if raw.input.instance_id.is_empty() {
        report.problem(
            "input.instance_id",
            "is empty: with delivery = \"exactly-once\" every instance needs a name of its own that stays the same \
             after a restart, such as \"khabar-0\" (in Kubernetes the name of a StatefulSet's pod)",
        );
    }
    if !raw.output.kafka.brokers.is_empty() && config.output.cluster.brokers != config.input.cluster.brokers {
        report.wrong(
            "output.kafka.brokers",
            &quoted(&raw.output.kafka.brokers),
            "is not the input's cluster: with delivery = \"exactly-once\" offsets and records share transactions, \
             so both must be on one cluster; leave it empty",
        );
    }
    if transactions.epoch_interval * 2 > transactions.transaction_timeout {
        report.wrong(
            "exactly_once.epoch_interval",
            &quoted(&raw.exactly_once.epoch_interval),
            format!(
                "must be at most half of exactly_once.transaction_timeout ({})",
                raw.exactly_once.transaction_timeout
            ),
        );
    }
    let isolation = config.input.cluster.properties.get("isolation.level");
    if isolation.is_some_and(|level| level != "read_committed") {
        report.problem(
            "input.kafka.properties.\"isolation.level\"",
            "must be read_committed with delivery = \"exactly-once\": leave it out",
        );
    }
}

fn group_protocol(config: &Config, report: &mut Report) {
    if config.input.group_protocol != GroupProtocol::Consumer {
        return;
    }
    for name in ["session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy"] {
        if config.input.cluster.properties.contains_key(name) {
            report.problem(
                &format!("input.kafka.properties.\"{name}\""),
                "is for the brokers to say with input.group_protocol = \"consumer\": leave it out, and set \
                 group.consumer.* there",
            );
        }
    }
}
