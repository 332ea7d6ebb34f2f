//! `[input.kafka]` and `[output.kafka]` to the properties that librdkafka gets.

use std::collections::BTreeMap;
use std::path::Path;

use crate::kafka::settings::Cluster;

use super::properties::admit;
use super::property_names::{Scope, scope};
use super::raw::{RawKafka, RawSasl, RawTls};
use super::report::{Report, quoted};
use super::tree::join;

/// The clusters as each kind of client sees them.
pub struct Clusters {
    /// For the consumer.
    pub input: Cluster,
    /// For the producer.
    pub output: Cluster,
    /// The input's cluster for anything but a consumer: connection, TLS and SASL alone.
    pub feed: Cluster,
}

type Properties = BTreeMap<String, String>;

/// The clusters, with TLS and SASL as properties.
pub fn clusters(input: &RawKafka, output: &RawKafka, report: &mut Report) -> Clusters {
    brokers("input.kafka.brokers", &input.brokers, report);
    let security = security("input.kafka", input, report);
    let consumer = admitted("input.kafka", input, Scope::Consumer, report);
    let producer = admitted("output.kafka", output, Scope::Producer, report);
    let shared: Properties = consumer
        .iter()
        .filter(|(name, _)| scope(name) == Some(Scope::Both))
        .map(|(name, value)| (name.clone(), value.clone()))
        .chain(security.clone())
        .collect();

    // Later ones win in a map that is collected.
    let output = if output.brokers.is_empty() {
        same_cluster(output, report);
        let all = shared.clone().into_iter().chain(producer);
        Cluster { brokers: input.brokers.clone(), properties: all.collect() }
    } else {
        brokers("output.kafka.brokers", &output.brokers, report);
        let security = self::security("output.kafka", output, report);
        let all = security.into_iter().chain(producer);
        Cluster { brokers: output.brokers.clone(), properties: all.collect() }
    };
    let consumer = security.into_iter().chain(consumer);
    Clusters {
        input: Cluster { brokers: input.brokers.clone(), properties: consumer.collect() },
        output,
        feed: Cluster { brokers: input.brokers.clone(), properties: shared },
    }
}

/// TLS or SASL of an output without brokers would be read by nobody.
fn same_cluster(output: &RawKafka, report: &mut Report) {
    let RawTls { enabled, ca, certificate, key, key_password } = &output.tls;
    let RawSasl { mechanism, username, password } = &output.sasl;
    let tls = [ca, certificate, key, key_password].iter().any(|text| !text.is_empty()) || *enabled;
    let sasl = [mechanism, username, password].iter().any(|text| !text.is_empty());
    for (given, section) in [(tls, "tls"), (sasl, "sasl")] {
        if given {
            report.problem(
                &format!("output.kafka.{section}"),
                "counts only with output.kafka.brokers, which is empty: the output is on the input's cluster",
            );
        }
    }
}

fn admitted(section: &str, kafka: &RawKafka, side: Scope, report: &mut Report) -> Properties {
    let section = format!("{section}.properties");
    let mut admitted = Properties::new();
    for (name, value) in &kafka.properties {
        let key = join(&section, name);
        if admit(&key, name, value, side, report) {
            match crate::kafka::property::check(name, value) {
                Ok(()) => {
                    admitted.insert(name.clone(), value.clone());
                }
                Err(message) => report.wrong(&key, value, message),
            }
        }
    }
    admitted
}

fn brokers(key: &str, list: &str, report: &mut Report) {
    const EXAMPLE: &str =
        "write host:port, with commas between several, such as \"kafka-1:9092,kafka-2:9092\"";
    let good = |broker: &str| {
        let address = broker.rsplit_once("://").map_or(broker, |(_, address)| address);
        let port = match address.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() => port.parse::<u16>().is_ok_and(|port| port > 0),
            Some(_) => false,
            None => !address.is_empty(),
        };
        port && !address.contains(char::is_whitespace) && !address.contains('/')
    };
    if list.trim().is_empty() {
        report.problem(key, format!("is empty: {EXAMPLE}"));
    } else if let Some(bad) = list.split(',').map(str::trim).find(|broker| !good(broker)) {
        let message = match bad {
            "" => EXAMPLE.to_owned(),
            // With a placeholder even a part of the value stays hidden.
            _ if report.placeholders.contains_key(key) => EXAMPLE.to_owned(),
            bad => format!("{} is no broker: {EXAMPLE}", quoted(bad)),
        };
        report.wrong(key, &quoted(list), message);
    }
}

/// `security.protocol` and what belongs to it.
fn security(section: &str, kafka: &RawKafka, report: &mut Report) -> Properties {
    let mut properties = Properties::new();
    let mut set = |name: &str, value: &str| {
        if !value.is_empty() {
            properties.insert(name.to_owned(), value.to_owned());
        }
    };
    tls(section, &kafka.tls, report);
    sasl(section, &kafka.sasl, report);
    let protocol = match (kafka.tls.enabled, !kafka.sasl.mechanism.is_empty()) {
        (false, false) => "plaintext",
        (true, false) => "ssl",
        (false, true) => "sasl_plaintext",
        (true, true) => "sasl_ssl",
    };
    set("security.protocol", protocol);
    if kafka.tls.enabled {
        set("ssl.ca.location", &kafka.tls.ca);
        set("ssl.certificate.location", &kafka.tls.certificate);
        set("ssl.key.location", &kafka.tls.key);
        set("ssl.key.password", &kafka.tls.key_password);
    }
    if !kafka.sasl.mechanism.is_empty() {
        set("sasl.mechanism", &kafka.sasl.mechanism);
        set("sasl.username", &kafka.sasl.username);
        set("sasl.password", &kafka.sasl.password);
    }
    properties
}

fn tls(section: &str, tls: &RawTls, report: &mut Report) {
    let files = [("ca", &tls.ca), ("certificate", &tls.certificate), ("key", &tls.key)];
    if !tls.enabled {
        let given = files.iter().find(|(_, path)| !path.is_empty()).map(|(name, _)| *name);
        let given = given.or((!tls.key_password.is_empty()).then_some("key_password"));
        if let Some(name) = given {
            report.problem(
                &format!("{section}.tls.{name}"),
                format!("is set, but {section}.tls.enabled is false: set it to true, or remove the setting"),
            );
        }
        return;
    }
    for (name, path) in files {
        let key = format!("{section}.tls.{name}");
        if !path.is_empty()
            && let Err(error) = readable(Path::new(path))
        {
            report.wrong(&key, &quoted(path), format!("cannot be read: {error}"));
        }
    }
    match (tls.certificate.is_empty(), tls.key.is_empty()) {
        (false, true) => report.problem(
            &format!("{section}.tls.key"),
            format!("is missing: {section}.tls.certificate needs its private key"),
        ),
        (true, false) => report.problem(
            &format!("{section}.tls.certificate"),
            format!("is missing: {section}.tls.key belongs to a certificate"),
        ),
        _ => {}
    }
}

fn readable(path: &Path) -> std::io::Result<()> {
    if path.is_dir() { std::fs::read_dir(path).map(drop) } else { std::fs::File::open(path).map(drop) }
}

fn sasl(section: &str, sasl: &RawSasl, report: &mut Report) {
    if sasl.mechanism.is_empty() {
        for (name, value) in [("username", &sasl.username), ("password", &sasl.password)] {
            if !value.is_empty() {
                report.problem(
                    &format!("{section}.sasl.{name}"),
                    format!(
                        "is set, but {section}.sasl.mechanism is empty: choose one, such as \"SCRAM-SHA-512\""
                    ),
                );
            }
        }
        return;
    }
    let mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"].map(|mechanism| (mechanism, ()));
    report.choice(&format!("{section}.sasl.mechanism"), &sasl.mechanism, &mechanisms, ());
    for (name, value) in [("username", &sasl.username), ("password", &sasl.password)] {
        if value.is_empty() {
            report.problem(&format!("{section}.sasl.{name}"), "is missing: the mechanism needs it");
        }
    }
}
