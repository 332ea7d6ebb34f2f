//! Judges the settings and the clusters.

use crate::config::Config;
use crate::config::units::show_bytes;
use crate::kafka::cluster::{Access, Failure, TopicState};
use crate::kafka::settings::Cluster;

use super::facts::{Facts, InputFacts, is_shared};
use super::report::Report;
use super::{brokers, topics};

/// What can be said without a cluster.
pub fn settings(config: &Config, file: &str, report: &mut Report) {
    match config.differences.as_slice() {
        [] => report.ok("settings", format!("{file} is valid, everything has its default")),
        differences => {
            report.ok("settings", format!("{file} is valid; other than the defaults:"));
            for (key, value) in differences {
                report.ok("", format!("{key} = {value}"));
            }
        }
    }
    if let Some(encoder) = &config.encoder {
        let pieces = encoder.pieces().len();
        report.ok("model", format!("names are found by {} ({pieces} pieces)", encoder.name()));
    }
    in_the_clear("input", &config.input.cluster, report);
    if !is_shared(config) {
        in_the_clear("output", &config.output.cluster, report);
    }
}

fn in_the_clear(side: &str, cluster: &Cluster, report: &mut Report) {
    let subject = format!("{side} cluster");
    if security(cluster) == ("sasl_plaintext", "PLAIN") {
        report.warning(
            &subject,
            "SASL PLAIN without TLS sends the password in the clear",
            format!("set {side}.kafka.tls.enabled = true, or use SCRAM-SHA-512"),
        );
    }
    let verification = cluster.properties.get("enable.ssl.certificate.verification");
    if verification.is_some_and(|value| value == "false") {
        report.warning(
            &subject,
            "the brokers' certificates are not verified: anybody in between can read and change everything",
            format!("set {side}.kafka.tls.ca to the authority that signed them, and verify them again"),
        );
    }
}

/// What the clusters show.
pub fn clusters(config: &Config, file: &str, facts: &Facts, report: &mut Report) {
    codecs(config, &facts.features, report);
    let input = match &facts.input {
        Ok(input) => {
            reached("input cluster", &config.input.cluster, input.brokers, report);
            inputs(config, file, input, report);
            brokers::judge(config, input, report);
            Some(input)
        }
        Err(failure) => {
            failed("input", &config.input.cluster, failure, report);
            None
        }
    };
    match &facts.output {
        Ok(output) => {
            reached("output cluster", &config.output.cluster, output.brokers, report);
            let topics = topics::Topics { config, file, input: input.map(|input| &input.topics), output };
            topics.judge(report);
        }
        Err(_) if input.is_none() && is_shared(config) => {}
        Err(failure) => failed("output", &config.output.cluster, failure, report),
    }
}

fn security(cluster: &Cluster) -> (&str, &str) {
    let property = |name| cluster.properties.get(name).map_or("", String::as_str);
    (property("security.protocol"), property("sasl.mechanism"))
}

fn reached(subject: &str, cluster: &Cluster, brokers: usize, report: &mut Report) {
    let how = match security(cluster) {
        (protocol, "") => protocol.to_owned(),
        (protocol, mechanism) => format!("{protocol}, {mechanism}"),
    };
    let brokers = if brokers == 1 { "1 broker".to_owned() } else { format!("{brokers} brokers") };
    report.ok(subject, format!("{brokers} at {} ({how})", cluster.brokers));
}

fn failed(side: &str, cluster: &Cluster, failure: &Failure, report: &mut Report) {
    let subject = format!("{side} cluster");
    let (protocol, mechanism) = security(cluster);
    let at = &cluster.brokers;
    let (what, advice) = match failure {
        Failure::Settings(why) => (
            format!("the client cannot be made: {why}"),
            format!("look at [{side}.kafka.tls], [{side}.kafka.sasl] and [{side}.kafka.properties]"),
        ),
        Failure::Unreachable(why) if protocol.starts_with("sasl") || protocol == "ssl" => (
            format!("no broker answers at {at}: {why}"),
            format!(
                "is it running, is {side}.kafka.brokers right, is the port open from here, and does that \
                 listener speak {protocol}?"
            ),
        ),
        Failure::Unreachable(why) => (
            format!("no broker answers at {at}: {why}"),
            format!(
                "is it running, is {side}.kafka.brokers right, and is the port open from here? a listener \
                 that wants TLS just hangs up: then set {side}.kafka.tls.enabled = true"
            ),
        ),
        Failure::Tls(why) => (
            format!("TLS with {at} fails: {why}"),
            format!(
                "set {side}.kafka.tls.ca to the authority that signed the brokers' certificates; their names \
                 must match {side}.kafka.brokers; a listener without TLS needs {side}.kafka.tls.enabled = false"
            ),
        ),
        // It names those that it knows, and knows none.
        Failure::Authentication(why) if why.trim_end().ends_with("mechanisms:") => (
            format!("{at} wants no login: {why}"),
            format!(
                "this listener has no SASL: set {side}.kafka.sasl.mechanism = \"\", or give the port of one that has"
            ),
        ),
        Failure::Authentication(why) => (
            format!("{at} refuses the login: {why}"),
            format!(
                "look at {side}.kafka.sasl.username and password, and whether that user exists for {}",
                if mechanism.is_empty() { "the mechanism that the brokers want" } else { mechanism }
            ),
        ),
        Failure::Other(why) => {
            (format!("{at} cannot be used: {why}"), "look at the brokers' logs".to_owned())
        }
    };
    report.problem(&subject, what, advice);
}

fn codecs(config: &Config, features: &[String], report: &mut Report) {
    let codecs = ["gzip", "snappy", "lz4", "zstd"];
    let has = |codec: &str| features.iter().any(|feature| feature == codec);
    let missing: Vec<_> = codecs.into_iter().filter(|codec| !has(codec)).collect();
    let compression = config.output.compression.as_str();
    if missing.contains(&compression) {
        report.problem(
            "compression",
            format!("this build cannot write {compression}"),
            "set output.compression to another codec, or build khabar with it",
        );
    } else if missing.is_empty() {
        report.ok("compression", format!("reads {}; writes {compression}", codecs.join(", ")));
    } else {
        report.warning(
            "compression",
            format!("this build cannot read {}: such records would stop the input", missing.join(", ")),
            "build khabar with the default features",
        );
    }
}

fn inputs(config: &Config, file: &str, facts: &InputFacts, report: &mut Report) {
    for (name, state) in &facts.topics {
        let subject = "input topic";
        match state {
            TopicState::Exists(topic) => {
                report.ok(subject, format!("{name}: {}", topics::shape(topic)));
                topics::unseen(subject, name, topic, report);
                if let Some(size) = topics::number(topic, "max.message.bytes")
                    .filter(|size| *size > config.decode.max_record_bytes)
                {
                    report.warning(
                        subject,
                        format!(
                            "{name} takes records up to {}, decode.max_record_bytes is {}: larger ones become dead letters",
                            show_bytes(size),
                            show_bytes(config.decode.max_record_bytes)
                        ),
                        "raise decode.max_record_bytes, or leave it where such records are not expected",
                    );
                }
            }
            other => topics::absent(subject, name, other, file, report),
        }
        match facts.reading.get(name) {
            Some(Access::Denied) => report.problem(
                subject,
                format!("{name} may not be read"),
                format!("give the user READ and DESCRIBE on topic {name}"),
            ),
            Some(Access::Unknown(why)) => report.warning(
                subject,
                format!("whether {name} may be read could not be found out: {why}"),
                format!("look at the leader of partition 0 of {name}, or try a longer --timeout"),
            ),
            Some(Access::Allowed) | None => {}
        }
    }
    let group = &config.input.group;
    match &facts.group {
        Some(Access::Allowed) => report.ok("consumer group", format!("{group} may be used")),
        Some(Access::Denied) => report.problem(
            "consumer group",
            format!("{group} may not be used"),
            format!("give the user READ on group {group}"),
        ),
        Some(Access::Unknown(why)) => report.warning(
            "consumer group",
            format!("whether {group} may be used could not be found out: {why}"),
            "try a longer --timeout",
        ),
        None => {}
    }
}
