//! `KHABAR_SECTION__KEY=…` for every setting.

use toml::{Table, Value};

use super::report::Report;
use super::secrets::Environment;
use super::suggest::nearest;
use super::tree::{is_open, join, paths, schema};

const PREFIX: &str = "KHABAR_";

/// Variables of the tests and tools that come with khabar: they may start it with theirs set.
const OTHERS: [&str; 2] = ["LOCAL_KAFKA_", "E2E_"];

/// Puts the overrides of the environment into `table`; unknown ones are reported.
pub fn apply(table: &mut Table, environment: &Environment, report: &mut Report) {
    let schema = schema();
    for (variable, value) in environment {
        let Some(name) = variable.strip_prefix(PREFIX).filter(|name| !is_foreign(name)) else {
            continue;
        };
        match locate(name, &schema) {
            Some((path, default)) => {
                let key = path.iter().fold(String::new(), |key, segment| join(&key, segment));
                report.variables.insert(key, variable.clone());
                insert(table, &path, parse(&default, value));
            }
            None => report.problem(variable, unknown(variable, &schema)),
        }
    }
}

/// The variable that sets `key`.
pub fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase().replace('.', "__"))
}

fn is_foreign(name: &str) -> bool {
    OTHERS.iter().any(|other| name.starts_with(other)) || is_service_link(name)
}

/// Kubernetes puts `KHABAR_SERVICE_HOST`, `KHABAR_PORT_9464_TCP` and the like into every pod beside a service
/// called khabar; none of our settings looks like that.
fn is_service_link(name: &str) -> bool {
    let of_port = name.rfind("PORT").is_some_and(|at| {
        let after = &name[at + 4..];
        (at == 0 || name[..at].ends_with('_')) && (after.is_empty() || after.starts_with('_'))
    });
    !name.contains("__") && (of_port || name.ends_with("SERVICE_HOST") || name.contains("SERVICE_PORT"))
}

/// The path of the setting that `name` means, and its default.
fn locate(name: &str, schema: &Table) -> Option<(Vec<String>, Value)> {
    let mut table = schema;
    let mut path = Vec::new();
    let mut rest = name;
    loop {
        let (segment, after) = rest.split_once("__").map_or((rest, None), |(one, after)| (one, Some(after)));
        let segment = segment.to_ascii_lowercase();
        let found = table.get(&segment)?;
        path.push(segment.clone());
        match (found, after) {
            (Value::Table(_), Some(key)) if is_open(&segment) => {
                path.push(open_key(&segment, key));
                let default =
                    if segment == "aliases" { Value::Array(vec![]) } else { Value::String(String::new()) };
                return Some((path, default));
            }
            (Value::Table(inner), Some(after)) => (table, rest) = (inner, after),
            (Value::Table(_), None) | (_, Some(_)) => return None,
            (default, None) => return Some((path, default.clone())),
        }
    }
}

/// Shells cannot export a name with dots, so `FETCH_MIN_BYTES` stands for `fetch.min.bytes`.
fn open_key(table: &str, key: &str) -> String {
    if key.contains('.') {
        return key.to_owned();
    }
    let key = key.to_ascii_lowercase();
    if table == "properties" { key.replace('_', ".") } else { key }
}

/// The value in the type of the default; what does not parse stays a string and is reported with the rest.
fn parse(default: &Value, text: &str) -> Value {
    let parsed = match default {
        Value::Integer(_) => text.trim().parse().ok().map(Value::Integer),
        Value::Float(_) => text.trim().parse().ok().map(Value::Float),
        Value::Boolean(_) => text.trim().parse().ok().map(Value::Boolean),
        Value::Array(_) if text.trim_start().starts_with('[') => {
            format!("list = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("list"))
        }
        Value::Array(_) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(Value::Array(items.map(|item| Value::String(item.into())).collect()))
        }
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

fn insert(table: &mut Table, path: &[String], value: Value) {
    let [name, rest @ ..] = path else { return };
    if rest.is_empty() {
        table.insert(name.clone(), value);
        return;
    }
    let inner = table.entry(name.clone()).or_insert_with(|| Value::Table(Table::new()));
    if !inner.is_table() {
        *inner = Value::Table(Table::new());
    }
    if let Value::Table(inner) = inner {
        insert(inner, rest, value);
    }
}

fn unknown(name: &str, schema: &Table) -> String {
    let known: Vec<_> = paths("", schema).iter().map(|key| variable(key)).collect();
    match nearest(name, known.iter().map(String::as_str)) {
        // A table whose keys are the reader's own.
        Some(near) if near == name => format!("is a table; name a key of it, such as {name}__NAME"),
        Some(near) => format!("is no setting; did you mean {near}?"),
        None => "is no setting; write KHABAR_SECTION__KEY, such as KHABAR_PIPELINE__LANES".to_owned(),
    }
}
