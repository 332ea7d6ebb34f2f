//! `${VARIABLE}` anywhere in a string, and `file:/path` for passwords and the like.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::report::Report;
use super::tree::join;

/// The environment, as a map: the real one, or one that a test made.
pub type Environment = BTreeMap<String, String>;

/// Whether a key holds something that must never be shown.
pub fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["password", "passphrase", "secret", ".pem", "jaas", "oauthbearer.config", "otlp_headers"]
        .iter()
        .any(|part| key.contains(part))
}

/// Puts in what the placeholders stand for. What cannot be found is reported and left out.
pub fn resolve(table: Table, environment: &Environment, report: &mut Report) -> Table {
    resolve_table("", table, environment, report)
}

fn resolve_table(path: &str, table: Table, environment: &Environment, report: &mut Report) -> Table {
    let mut resolved = Table::new();
    for (name, value) in table {
        let key = join(path, &name);
        if let Some(value) = resolve_value(&key, value, environment, report) {
            resolved.insert(name, value);
        }
    }
    resolved
}

fn resolve_value(key: &str, value: Value, environment: &Environment, report: &mut Report) -> Option<Value> {
    match value {
        Value::Table(table) => Some(Value::Table(resolve_table(key, table, environment, report))),
        Value::Array(items) => {
            let items = items.into_iter().map(|item| resolve_value(key, item, environment, report));
            items.collect::<Option<_>>().map(Value::Array)
        }
        Value::String(written) => resolve_string(key, written, environment, report).map(Value::String),
        other => Some(other),
    }
}

fn resolve_string(
    key: &str,
    written: String,
    environment: &Environment,
    report: &mut Report,
) -> Option<String> {
    if let Some(path) = written.strip_prefix("file:").filter(|_| is_secret(key)) {
        report.placeholders.insert(key.into(), written.clone());
        return match std::fs::read_to_string(path) {
            Ok(content) => Some(content.trim_end_matches(['\r', '\n']).to_owned()),
            Err(error) => {
                report.wrong(key, "", format!("cannot read the file {path}: {error}"));
                None
            }
        };
    }
    if !written.contains("${") {
        return Some(written);
    }
    report.placeholders.insert(key.into(), written.clone());
    substitute(&written, environment).map_err(|message| report.problem(key, message)).ok()
}

fn substitute(written: &str, environment: &Environment) -> Result<String, String> {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        if let Some(before) = before.strip_suffix('$') {
            out.push_str(before);
            out.push_str("${");
            rest = &from[2..];
            continue;
        }
        out.push_str(before);
        let end =
            from.find('}').ok_or("a \"${\" has no \"}\"; write \"$${\" for the characters themselves")?;
        let name = &from[2..end];
        match environment.get(name) {
            Some(value) => out.push_str(value),
            None => return Err(format!("the environment variable {name} is not set")),
        }
        rest = &from[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}
