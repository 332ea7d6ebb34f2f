//! Which librdkafka properties may be passed through, and which are refused and why.

use super::property_names::{Scope, names, scope};
use super::report::Report;
use super::suggest::hint;

/// Why a property may not be set, or only to some values.
struct Rule {
    names: &'static [&'static str],
    /// Values that change nothing we promise; none where a setting of ours takes the property's place.
    allowed: &'static [&'static str],
    reason: &'static str,
}

const fn rule(
    names: &'static [&'static str],
    allowed: &'static [&'static str],
    reason: &'static str,
) -> Rule {
    Rule { names, allowed, reason }
}

/// Properties that would break a guarantee, and those that have a setting of their own.
const RULES: &[Rule] = &[
    rule(
        &["enable.auto.commit", "auto.commit.enable"],
        &["false"],
        "khabar commits an offset only when its record is in the output or in the dead-letter topic",
    ),
    rule(&["enable.auto.offset.store"], &["false"], "khabar decides which offsets may be committed"),
    rule(&["auto.commit.interval.ms"], &[], "set pipeline.commit_interval"),
    rule(
        &["offset.store.method", "offset.store.path", "offset.store.sync.interval.ms"],
        &["broker"],
        "offsets are kept by the group",
    ),
    rule(
        &["auto.offset.reset"],
        &["earliest", "beginning", "smallest"],
        "anything but \"earliest\" skips records without a word when a group is new or its offsets are gone",
    ),
    rule(&["isolation.level"], &["read_committed"], "records of aborted transactions were never published"),
    rule(&["statistics.interval.ms"], &["1000"], "lag and stuck partitions are found in the statistics"),
    rule(&["enable.partition.eof"], &["false"], "khabar follows the end of a partition by its watermark"),
    rule(&["topic.blacklist"], &[], "it would hide input topics without a word"),
    rule(&["group.id"], &[], "set input.group"),
    rule(&["group.instance.id"], &[], "set input.instance_id"),
    rule(&["group.protocol"], &[], "set input.group_protocol"),
    rule(&["group.protocol.type"], &["consumer"], "khabar is a consumer"),
    rule(
        &["partition.assignment.strategy"],
        &["range", "roundrobin", "range,roundrobin", "cooperative-sticky"],
        "known strategies are \"range\", \"roundrobin\" and \"cooperative-sticky\"",
    ),
    rule(&["bootstrap.servers", "metadata.broker.list"], &[], "set brokers in the section above"),
    rule(&["client.id"], &[], "khabar names its clients itself, so that a broker's logs tell them apart"),
    rule(&["security.protocol"], &[], "it follows from tls.enabled and sasl.mechanism in the section above"),
    rule(&["sasl.mechanism", "sasl.mechanisms"], &[], "set sasl.mechanism in the section above"),
    rule(&["sasl.username"], &[], "set sasl.username in the section above"),
    rule(&["sasl.password"], &[], "set sasl.password in the section above"),
    rule(&["ssl.ca.location"], &[], "set tls.ca in the section above"),
    rule(&["ssl.certificate.location"], &[], "set tls.certificate in the section above"),
    rule(&["ssl.key.location"], &[], "set tls.key in the section above"),
    rule(&["ssl.key.password"], &[], "set tls.key_password in the section above"),
    rule(&["enable.idempotence"], &["true"], "without it a retry can write a record twice or out of order"),
    rule(
        &["acks", "request.required.acks"],
        &["all", "-1"],
        "with less than all in-sync replicas an acknowledged record can be lost",
    ),
    rule(
        &["message.timeout.ms", "delivery.timeout.ms"],
        &["0"],
        "a record must be retried until it is delivered: a timeout would lose it or stop the partition",
    ),
    rule(
        &["retries", "message.send.max.retries"],
        &["2147483647"],
        "a record must be retried until it is delivered",
    ),
    rule(
        &["transactional.id", "transaction.timeout.ms"],
        &[],
        "set delivery = \"exactly-once\", input.instance_id and exactly_once.transaction_timeout",
    ),
    rule(
        &["delivery.report.only.error"],
        &["false"],
        "an offset is complete only when the delivery report of its record says so",
    ),
    rule(&["queuing.strategy"], &["fifo"], "\"lifo\" turns the order of records around"),
    rule(
        &["partitioner"],
        &["murmur2_random", "murmur2", "consistent_random", "consistent", "fnv1a_random", "fnv1a"],
        "records with the same key must go to the same partition, or their order is lost",
    ),
    rule(&["compression.codec", "compression.type"], &[], "set output.compression"),
    rule(&["linger.ms", "queue.buffering.max.ms"], &[], "set output.linger"),
    rule(&["message.max.bytes"], &[], "set output.max_message_bytes"),
];

/// Numbers that must stay small, with the largest value and the reason.
const BOUNDS: &[(&[&str], u64, &str)] = &[
    (
        &["max.in.flight", "max.in.flight.requests.per.connection"],
        5,
        "with more a retry can change the order of records, and idempotence is off",
    ),
    (
        &["queued.max.messages.kbytes"],
        262_144,
        "memory must stay bounded: this is read ahead beside pipeline.memory_budget",
    ),
    (&["fetch.max.bytes"], 268_435_456, "memory must stay bounded: one answer of a broker can be this large"),
    (&["queue.buffering.max.kbytes"], 1_048_576, "memory must stay bounded: this waits in the producer"),
];

/// Whether `name` may be passed to a client of this `side`; complaints go to the report under `key`.
pub fn admit(key: &str, name: &str, value: &str, side: Scope, report: &mut Report) -> bool {
    let Some(scope) = scope(name) else {
        report.problem(key, format!("is no property of librdkafka{}", hint(name, names())));
        return false;
    };
    if let Some(rule) = RULES.iter().find(|rule| rule.names.contains(&name))
        && !rule.allowed.contains(&value)
    {
        report.wrong(key, value, refusal(rule));
        return false;
    }
    if scope != Scope::Both && scope != side {
        let (whose, section) = match scope {
            Scope::Producer => ("producers", "output.kafka.properties"),
            _ => ("consumers", "input.kafka.properties"),
        };
        report.problem(key, format!("is a property of {whose}: write it under [{section}]"));
        return false;
    }
    if let Some((_, most, reason)) = BOUNDS.iter().find(|(names, ..)| names.contains(&name))
        && value.parse::<u64>().is_ok_and(|number| number > *most)
    {
        report.wrong(key, value, format!("must be at most {most}: {reason}"));
        return false;
    }
    true
}

/// All names that a rule or a bound speaks of.
#[cfg(test)]
pub fn ruled() -> impl Iterator<Item = &'static str> {
    RULES.iter().flat_map(|rule| rule.names).chain(BOUNDS.iter().flat_map(|(names, ..)| *names)).copied()
}

fn refusal(rule: &Rule) -> String {
    match rule.allowed {
        [] => format!("cannot be passed through: {}", rule.reason),
        [only] => format!("can only be {only}: {}", rule.reason),
        _ => format!("is refused: {}", rule.reason),
    }
}
