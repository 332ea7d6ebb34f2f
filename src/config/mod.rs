//! The settings, validated: what components get. They never see the raw ones.
//!
//! `raw` as written, then `env` (overrides), `tree` (unknown keys, wrong types), `secrets`, and `validate`.
//! Read by `main` and `cmd` alone.

mod cluster;
mod env;
mod error;
mod models;
mod properties;
mod property_names;
mod raw;
mod report;
mod secrets;
mod suggest;
#[cfg(test)]
mod tests;
mod together;
mod traces;
mod tree;
pub mod units;
mod validate;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use khabar_enrich::encoder::Encoder;
use sha2::{Digest, Sha256};
use toml::Table;

use crate::kafka::settings::{Cluster, Input, Output};
use crate::{decode, logging, pipeline, trace};

pub use error::{Error, Problem};
pub use secrets::Environment;

use raw::Raw;
use report::Report;

/// Everything that can be set. `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct Config {
    /// What is promised.
    pub delivery: Delivery,
    /// Where raw records come from.
    pub input: Input,
    /// Where records go.
    pub output: Output,
    /// The input's cluster for a client that is no consumer: connection, TLS and SASL alone.
    pub feed: Cluster,
    /// Leave the text out of enriched records.
    pub omit_text: bool,
    /// Bytes to articles.
    pub decode: decode::Settings,
    /// Articles to what they say.
    pub enrich: khabar_enrich::Settings,
    /// The accurate tier's model, where it is used.
    pub encoder: Option<Arc<Encoder>>,
    /// Entities of the user's own, beside those of the knowledge base.
    pub entities: Vec<khabar_enrich::kb::compile::Record>,
    /// How records flow.
    pub pipeline: pipeline::Settings,
    /// Where the status page, metrics and health are served; `None` for nowhere.
    pub admin: Option<SocketAddr>,
    /// Names that the admin server answers to, beside addresses and `localhost`.
    pub hosts: Vec<String>,
    /// Whether the admin server shows a few of the records.
    pub samples: bool,
    /// What is traced, and where spans go.
    pub tracing: trace::Settings,
    /// How to log.
    pub log: logging::Settings,
    /// Settings that differ from the defaults, as they were written, with secrets hidden.
    pub differences: Vec<(String, String)>,
}

/// What is promised after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// Nothing is lost; what was in flight may come twice.
    #[default]
    AtLeastOnce,
    /// Whoever reads committed records sees each once.
    ExactlyOnce,
}

impl Default for Config {
    fn default() -> Self {
        // A test holds the defaults to be valid.
        validate::config(&Raw::default(), &mut Report::default())
    }
}

impl Config {
    /// Reads a file and the process's environment.
    ///
    /// # Errors
    /// When the file cannot be read, or with everything that is wrong in it.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::parse(&read(path)?, &path.display().to_string(), &environment())
    }

    /// The same for a command that touches no cluster: the sections on Kafka are not looked at, so that secrets
    /// need not be at hand.
    ///
    /// # Errors
    /// When the file cannot be read, or with everything that is wrong in it.
    pub fn load_without_kafka(path: &Path) -> Result<Self, Error> {
        let origin = path.display().to_string();
        let mut table = table(&read(path)?, &origin)?;
        for section in ["input", "output"] {
            if let Some(toml::Value::Table(section)) = table.get_mut(section) {
                section.remove("kafka");
            }
        }
        let mut environment = environment();
        environment.retain(|name, _| {
            !name.starts_with("KHABAR_INPUT__KAFKA__") && !name.starts_with("KHABAR_OUTPUT__KAFKA__")
        });
        Self::build(table, &origin, &environment)
    }

    /// Reads settings from a text; `origin` names it in errors.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn parse(text: &str, origin: &str, environment: &Environment) -> Result<Self, Error> {
        Self::build(table(text, origin)?, origin, environment)
    }

    fn build(mut table: Table, origin: &str, environment: &Environment) -> Result<Self, Error> {
        let mut report = Report::default();
        env::apply(&mut table, environment, &mut report);
        let written = tree::clean(table, &mut report);
        let resolved = secrets::resolve(written.clone(), environment, &mut report);
        let mut config = match tree::over_defaults(resolved).try_into::<Raw>() {
            Ok(raw) => validate::config(&raw, &mut report),
            // The tree let nothing through that serde could refuse; its message may hold a value, so it is not shown.
            Err(_) => {
                report.problem("settings", "cannot be read");
                Self::default()
            }
        };
        if !report.problems.is_empty() {
            return Err(Error::Invalid { origin: origin.to_owned(), problems: report.problems });
        }
        differences("", &written, &tree::schema(), &report, &mut config.differences);
        Ok(config)
    }

    /// A hash of the settings that change what an enriched record says, and of no others.
    pub fn content_hash(&self) -> String {
        let Self { decode, enrich, omit_text, .. } = self;
        // `Debug` of plain data names every field, so a setting that is added later is in the hash by itself.
        let mut decode = decode.clone();
        decode.aliases.sort_by_key(|(field, _)| format!("{field:?}"));
        let digest = Sha256::digest(format!("{decode:?}|{enrich:?}|omit_text: {omit_text}"));
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The settings' rule for a topic's name, for one that `option` of the command line gives.
///
/// # Errors
/// What is wrong with it.
pub fn check_topic(option: &str, name: &str) -> Result<(), Error> {
    let mut report = Report::default();
    validate::topic(option, name, &mut report);
    match report.problems.is_empty() {
        true => Ok(()),
        false => Err(Error::of_command_line(report.problems)),
    }
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

/// The process's environment; what is not UTF-8 is no setting of ours.
fn environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn table(text: &str, origin: &str) -> Result<Table, Error> {
    text.parse::<Table>().map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let before = text.get(..at).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Error::Syntax {
            origin: origin.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: error.message().to_owned(),
        }
    })
}

fn differences(
    path: &str,
    written: &Table,
    schema: &Table,
    report: &Report,
    found: &mut Vec<(String, String)>,
) {
    let none = Table::new();
    for (name, value) in written {
        let key = tree::join(path, name);
        let default = schema.get(name);
        match value {
            toml::Value::Table(inner) => {
                let schema = default.and_then(toml::Value::as_table).unwrap_or(&none);
                differences(&key, inner, schema, report, found);
            }
            value if default != Some(value) => {
                let shown = report.shown(&key, &value.to_string());
                found.push((key, shown));
            }
            _ => {}
        }
    }
}
