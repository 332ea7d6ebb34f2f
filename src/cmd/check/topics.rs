//! Judges the topics that are written to.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::config::units::show_bytes;
use crate::kafka::cluster::{Topic, TopicState};
use crate::kafka::settings::Tombstones;

use super::GROWTH;
use super::facts::OutputFacts;
use super::report::Report;

/// Below this, dead letters are gone before somebody is back from a week's leave.
const SHORT_RETENTION_MS: i64 = 7 * 24 * 3_600_000;

/// The topics that are written to, and what bears on them.
pub struct Topics<'a> {
    pub config: &'a Config,
    pub file: &'a str,
    /// `None` when the input's cluster cannot be reached.
    pub input: Option<&'a BTreeMap<String, TopicState>>,
    pub output: &'a OutputFacts,
}

impl Topics<'_> {
    /// Says what is wrong with them.
    pub fn judge(&self, report: &mut Report) {
        let out = &self.config.output;
        let both = [
            ("output topic", &out.topic, &self.output.output),
            ("dead-letter topic", &out.dead_letter_topic, &self.output.dead_letters),
        ];
        for (subject, name, state) in both {
            match state {
                TopicState::Exists(topic) => {
                    report.ok(subject, format!("{name}: {}", shape(topic)));
                    unseen(subject, name, topic, report);
                    self.durability(subject, name, topic, report);
                    self.compression(subject, name, topic, report);
                }
                other => absent(subject, name, other, self.file, report),
            }
        }
        if let TopicState::Exists(topic) = &self.output.output {
            self.partitions(topic, report);
            self.cleanup(topic, report);
            self.sizes(topic, report);
        }
        if let TopicState::Exists(topic) = &self.output.dead_letters {
            self.dead_letters(topic, report);
        }
        if both.iter().all(|(_, _, state)| matches!(state, TopicState::Exists(_))) {
            report.ok(
                "write permission",
                "shows only with the first record: the user needs WRITE on both topics",
            );
        }
    }

    fn existing_inputs(&self) -> impl Iterator<Item = &Topic> {
        self.input.into_iter().flat_map(|topics| topics.values()).filter_map(|state| match state {
            TopicState::Exists(topic) => Some(topic),
            _ => None,
        })
    }

    fn partitions(&self, topic: &Topic, report: &mut Report) {
        let most = self.existing_inputs().map(|topic| topic.partitions).max().unwrap_or(0);
        if topic.partitions < most {
            report.warning(
                "output topic",
                format!(
                    "{} has {} partitions, the input {most}: order within a key holds, but records of several \
                     input partitions share one, and fewer consumers can read them",
                    self.config.output.topic, topic.partitions
                ),
                "make the output topic with as many partitions as the input; adding some later moves keys",
            );
        }
    }

    fn durability(&self, subject: &str, name: &str, topic: &Topic, report: &mut Report) {
        let brokers = self.output.brokers;
        let least = number(topic, "min.insync.replicas").unwrap_or(1);
        if topic.in_sync < least {
            report.problem(
                subject,
                format!(
                    "{name} has a partition with {} in-sync copies and min.insync.replicas = {least}: nothing \
                     can be written to it",
                    topic.in_sync
                ),
                "bring the missing brokers back, or lower min.insync.replicas",
            );
        } else if topic.replicas > 1 && least == topic.replicas {
            report.warning(
                subject,
                format!(
                    "{name} has {least} copies and needs all of them: one broker's restart stops the output"
                ),
                format!("set min.insync.replicas = {} on {name}", least - 1),
            );
        } else if topic.replicas == 1 && brokers > 1 {
            report.warning(
                subject,
                format!(
                    "{name} has one copy on {brokers} brokers: when its broker is lost, so are the records"
                ),
                "make it with a replication factor of 3 (or 2)",
            );
        } else if topic.replicas > 2 && least == 1 {
            report.warning(
                subject,
                format!(
                    "{name} has min.insync.replicas = 1: a record counts as written with a single copy of it"
                ),
                format!("set min.insync.replicas = 2 on {name}"),
            );
        }
    }

    fn compression(&self, subject: &str, name: &str, topic: &Topic, report: &mut Report) {
        let ours = &self.config.output.compression;
        let theirs = topic.settings.get("compression.type").map(String::as_str);
        if let Some(theirs) =
            theirs.filter(|theirs| *theirs != "producer" && *theirs != ours.replace("none", "uncompressed"))
        {
            report.warning(
                subject,
                format!("{name} has compression.type = {theirs}, records come as {ours}: the brokers recompress each batch"),
                format!("set compression.type = producer on {name}, or output.compression = \"{theirs}\""),
            );
        }
    }

    fn cleanup(&self, topic: &Topic, report: &mut Report) {
        let name = &self.config.output.topic;
        let policy = topic.settings.get("cleanup.policy").map_or("", String::as_str);
        if policy.contains("compact") && self.config.output.tombstones == Tombstones::Drop {
            report.warning(
                "output topic",
                format!("{name} is compacted and output.tombstones = \"drop\": deleted articles stay in it for ever"),
                "set output.tombstones = \"pass\"",
            );
        }
    }

    /// Raw records as large as they come, enriched: do they fit?
    fn sizes(&self, topic: &Topic, report: &mut Report) {
        let out = &self.config.output;
        let ours = out.max_message_bytes;
        if let Some(theirs) = number(topic, "max.message.bytes").filter(|theirs| *theirs < ours) {
            report.warning(
                "output topic",
                format!(
                    "{} takes at most {}, output.max_message_bytes is {}: records between become dead letters",
                    out.topic,
                    show_bytes(theirs),
                    show_bytes(ours)
                ),
                format!("set max.message.bytes = {ours} on {}", out.topic),
            );
        }
        let largest = self.largest_input();
        let grown = largest.saturating_mul(GROWTH);
        if grown > ours {
            report.warning(
                "output size",
                format!(
                    "raw records can be {} and grow about {GROWTH} times, output.max_message_bytes is {}: the \
                     largest would become dead letters",
                    show_bytes(largest),
                    show_bytes(ours)
                ),
                format!(
                    "set output.max_message_bytes and the topic's max.message.bytes to {grown}, or output.text = \
                     \"omit\", or lower decode.max_record_bytes",
                ),
            );
        } else {
            report.ok(
                "output size",
                format!(
                    "raw records of at most {} grow about {GROWTH} times and fit into {}",
                    show_bytes(largest),
                    show_bytes(ours)
                ),
            );
        }
    }

    /// The largest raw record that can come and is not refused.
    fn largest_input(&self) -> usize {
        let sizes = self.existing_inputs().filter_map(|topic| number(topic, "max.message.bytes"));
        let limit = self.config.decode.max_record_bytes;
        sizes.max().map_or(limit, |size| size.min(limit))
    }

    fn dead_letters(&self, topic: &Topic, report: &mut Report) {
        let subject = "dead-letter topic";
        let name = &self.config.output.dead_letter_topic;
        let policy = topic.settings.get("cleanup.policy").map_or("", String::as_str);
        if policy.contains("compact") {
            report.problem(
                subject,
                format!("{name} is compacted: it refuses dead letters without a key, and keeps only the last of each key"),
                format!("set cleanup.policy = delete on {name}"),
            );
        }
        let retention = topic.settings.get("retention.ms").and_then(|value| value.parse::<i64>().ok());
        if let Some(retention) = retention.filter(|ms| (0..SHORT_RETENTION_MS).contains(ms)) {
            report.warning(
                subject,
                format!("{name} keeps dead letters for {} h only", retention / 3_600_000),
                format!("set retention.ms = {} (14 days) on {name}", 2 * SHORT_RETENTION_MS),
            );
        }
        let largest = self.largest_input();
        if let Some(limit) = number(topic, "max.message.bytes").filter(|limit| *limit < largest) {
            report.warning(
                subject,
                format!(
                    "{name} takes at most {}, raw records can be {}: the largest are kept as position and hash alone",
                    show_bytes(limit),
                    show_bytes(largest)
                ),
                format!("set max.message.bytes = {} on {name}", self.config.output.max_message_bytes),
            );
        }
    }
}

/// Says that nothing is known of a topic's settings, where that is so.
pub fn unseen(subject: &str, name: &str, topic: &Topic, report: &mut Report) {
    if topic.settings.is_empty() {
        report.warning(
            subject,
            format!(
                "the settings of {name} may not be seen, so sizes, codecs and retention are not compared"
            ),
            format!("give the user DESCRIBE_CONFIGS on topic {name}"),
        );
    }
}

/// Says why a topic cannot be looked at, and what to do.
pub fn absent(subject: &str, name: &str, state: &TopicState, file: &str, report: &mut Report) {
    match state {
        TopicState::Exists(_) => {}
        TopicState::Missing => report.problem(
            subject,
            format!("{name} does not exist, or the user may not see it"),
            format!(
                "make it: khabar topics create --config {file}; or give the user DESCRIBE on topic {name}"
            ),
        ),
        TopicState::Forbidden => report.problem(
            subject,
            format!("{name} may not be described"),
            format!("give the user DESCRIBE (and READ or WRITE) on topic {name}"),
        ),
        TopicState::Unknown(why) => report.problem(
            subject,
            format!("{name} could not be looked at: {why}"),
            "look at the brokers' logs, or try a longer --timeout",
        ),
    }
}

/// Partitions and copies, for people.
pub fn shape(topic: &Topic) -> String {
    let plural =
        |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    format!(
        "{}, {}",
        plural(topic.partitions, "partition", "partitions"),
        plural(topic.replicas, "copy", "copies")
    )
}

/// A setting of a topic that is a number.
pub fn number(topic: &Topic, name: &str) -> Option<usize> {
    topic.settings.get(name)?.parse().ok()
}
