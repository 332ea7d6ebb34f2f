//! What the files beside the code are held against: the real settings, commands and metrics.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use khabar::cli::Cli;
use khabar::config::{Config, Environment};

use crate::source::{Source, mask, own_sources, read, words};

/// What other files have to agree with.
pub struct Loaded {
    pub listen: SocketAddr,
    pub hosts: Vec<String>,
    pub brokers: String,
    pub drain_deadline: Duration,
}

/// Loads a settings file of the repository as the service would, with an empty environment.
pub fn load(path: &str) -> Loaded {
    let config = parse(&read(path), path).unwrap_or_else(|error| panic!("{error}"));
    Loaded {
        listen: config.admin.expect("an address for metrics and health"),
        hosts: config.hosts.clone(),
        brokers: config.input.cluster.brokers.clone(),
        drain_deadline: config.pipeline.drain_deadline,
    }
}

/// Settings from a text; `KAFKA_PASSWORD` is set, and files below /etc/khabar exist.
pub fn parse(text: &str, origin: &str) -> Result<Config, String> {
    let license = concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE");
    let text: Vec<String> = text
        .split('"')
        .map(|part| match part.strip_prefix("file:").unwrap_or(part) {
            path if path.starts_with("/etc/khabar/") || path.starts_with("/run/") => {
                part.replace(path, license)
            }
            _ => part.to_owned(),
        })
        .collect();
    let environment = Environment::from([("KAFKA_PASSWORD".to_owned(), "secret".to_owned())]);
    Config::parse(&text.join("\""), origin, &environment).map_err(|error| error.to_string())
}

/// Whether an environment variable sets something.
pub fn is_variable(name: &str) -> bool {
    let environment = Environment::from([(name.to_owned(), "1".to_owned())]);
    match Config::parse("", "nothing", &environment) {
        Ok(config) => !config.differences.is_empty(),
        Err(error) => !error.to_string().contains("is no setting"),
    }
}

/// Whether `section.key` is a setting, or a table whose keys are the user's.
pub fn is_setting(key: &str) -> bool {
    let variable = format!("KHABAR_{}", key.to_ascii_uppercase().replace('.', "__"));
    let is_open = key.ends_with(".aliases") || key.ends_with(".properties");
    is_variable(&variable) || is_open && is_variable(&format!("{variable}__TITLE"))
}

/// Whether arguments (without the program's name) make a command line of the real binary.
pub fn parse_command(arguments: &[String]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("khabar").chain(arguments.iter().map(String::as_str)))
}

/// Names of all metrics, as the code has them.
pub fn metrics() -> BTreeSet<String> {
    let definitions = khabar::metrics::ALL.iter().flat_map(|(_, definitions)| *definitions);
    definitions.map(|definition| definition.name.to_owned()).collect()
}

/// Whether `name` is a metric, or a series of a histogram.
pub fn is_metric(metrics: &BTreeSet<String>, name: &str) -> bool {
    let histogram = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix));
    metrics.contains(name) || histogram.is_some_and(|name| metrics.contains(name))
}

/// Files that code outside tests embeds, from the repository's root.
pub fn embedded_files() -> Vec<String> {
    let mut files = Vec::new();
    for source in crate::source::roots().iter().flat_map(|root| own_sources(root)) {
        if !source.is_test() {
            files.extend(embedded_by(&source));
        }
    }
    files
}

fn embedded_by(source: &Source) -> Vec<String> {
    // Masked code says where a macro is called outside tests and comments; the original has the path.
    let masked: Vec<_> = mask(&source.text).lines().map(str::to_owned).collect();
    let lines = source.text.lines().zip(masked);
    let called =
        lines.filter(|(_, code)| words(code).any(|word| matches!(word, "include_str" | "include_bytes")));
    let paths = called.filter_map(|(line, _)| line.split('"').nth(1));
    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    paths.map(|path| resolve(folder, path)).collect()
}

fn resolve(folder: &str, path: &str) -> String {
    let mut parts: Vec<_> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}
