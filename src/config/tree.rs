//! The written settings held against the known ones: unknown keys and wrong types, before serde sees them.
//!
//! serde would find these too, but its messages show values (which may be secrets), stop at the first,
//! and cannot say what was meant.

use toml::{Table, Value};

use super::raw::Raw;
use super::report::{Report, quoted};
use super::suggest::nearest;
use super::units;

/// Tables whose keys are the user's: `[….properties]` and `[decode.aliases]`.
const OPEN: [&str; 2] = ["properties", "aliases"];

/// Every setting with its default.
pub fn schema() -> Table {
    // Plain structs of strings, numbers, lists and maps with string keys always serialise.
    Table::try_from(Raw::default()).unwrap_or_default()
}

/// Whether the keys of this table are the user's.
pub fn is_open(key: &str) -> bool {
    OPEN.contains(&key)
}

/// `path.name`, with `name` quoted where it has dots of its own.
pub fn join(path: &str, name: &str) -> String {
    let name = if name.contains('.') { format!("\"{name}\"") } else { name.to_owned() };
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

/// All settings under `table`, as paths.
pub fn paths(prefix: &str, table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    for (name, value) in table {
        let path = join(prefix, name);
        match value {
            Value::Table(inner) if !inner.is_empty() => found.extend(paths(&path, inner)),
            _ => found.push(path),
        }
    }
    found
}

/// `given` over the defaults, section by section. serde would fill a section that is named at all from its
/// own type, and `[input.kafka]` and `[output.kafka]` share one with different defaults.
pub fn over_defaults(given: Table) -> Table {
    merge(schema(), given)
}

fn merge(mut defaults: Table, given: Table) -> Table {
    for (name, value) in given {
        let value = match (defaults.remove(&name), value) {
            (Some(Value::Table(defaults)), Value::Table(given)) => Value::Table(merge(defaults, given)),
            (_, value) => value,
        };
        defaults.insert(name, value);
    }
    defaults
}

/// The settings that are known and of the right type; the others are reported.
pub fn clean(given: Table, report: &mut Report) -> Table {
    let all = schema();
    clean_table("", given, &all, &paths("", &all), report)
}

fn clean_table(path: &str, given: Table, schema: &Table, all: &[String], report: &mut Report) -> Table {
    let mut cleaned = Table::new();
    for (name, value) in given {
        let key = join(path, &name);
        let kept = match (schema.get(&name), value) {
            (None, _) => {
                report.problem(&key, unknown(path, &name, schema, all));
                None
            }
            (Some(Value::Table(_)), Value::Table(inner)) if name == "properties" => {
                Some(Value::Table(properties(&key, inner, report)))
            }
            (Some(Value::Table(_)), Value::Table(inner)) if name == "aliases" => {
                Some(Value::Table(aliases(&key, inner, report)))
            }
            (Some(Value::Table(known)), Value::Table(inner)) => {
                Some(Value::Table(clean_table(&key, inner, known, all, report)))
            }
            (Some(Value::Table(_)), _) => {
                report.problem(&key, format!("is a section: write [{key}] and its settings below"));
                None
            }
            (Some(default), value) => typed(&key, default, value, report),
        };
        if let Some(value) = kept {
            cleaned.insert(name, value);
        }
    }
    cleaned
}

/// What to say of a key that does not exist.
fn unknown(path: &str, name: &str, schema: &Table, all: &[String]) -> String {
    let here = nearest(name, schema.keys().map(String::as_str)).map(|near| join(path, near));
    let elsewhere = || {
        all.iter()
            .find(|key| key.rsplit('.').next() == Some(name))
            .cloned()
            .or_else(|| nearest(&join(path, name), all.iter().map(String::as_str)).map(ToOwned::to_owned))
    };
    match here.or_else(elsewhere) {
        Some(near) => format!("is no setting; did you mean {near}?"),
        None => {
            let names: Vec<_> = schema.keys().map(String::as_str).collect();
            format!("is no setting; here are {}", names.join(", "))
        }
    }
}

fn typed(key: &str, default: &Value, value: Value, report: &mut Report) -> Option<Value> {
    let expected = match (default, value) {
        (Value::String(_), Value::String(text)) => return Some(Value::String(text)),
        // A size may be a bare number of bytes; a duration may not, nobody would know its unit.
        (Value::String(text), Value::Integer(number)) if units::bytes(text).is_ok() => {
            return Some(Value::String(number.to_string()));
        }
        (Value::Integer(_), Value::Integer(number)) => return Some(Value::Integer(number)),
        (Value::Float(_), Value::Float(number)) => return Some(Value::Float(number)),
        (Value::Float(_), Value::Integer(number)) => return Some(Value::Float(number as f64)),
        (Value::Boolean(_), Value::Boolean(truth)) => return Some(Value::Boolean(truth)),
        (Value::Array(_), Value::Array(items)) if items.iter().all(Value::is_str) => {
            return Some(Value::Array(items));
        }
        (default, value) => (expectation(default), value),
    };
    report.wrong(key, &expected.1.to_string(), expected.0);
    None
}

fn expectation(default: &Value) -> &'static str {
    match default {
        Value::String(text) if units::duration(text).is_ok() => {
            "must be a duration in quotation marks with its unit, such as \"25s\""
        }
        Value::String(text) if units::bytes(text).is_ok() => "must be a size, such as \"8MB\"",
        Value::String(_) => "must be a string in quotation marks",
        Value::Integer(_) => "must be a whole number",
        Value::Float(_) => "must be a number",
        Value::Boolean(_) => "must be true or false",
        _ => "must be a list of strings, such as [\"a\", \"b\"]",
    }
}

/// Properties as strings. `fetch.min.bytes = 1` without quotation marks is a table in a table in TOML; here
/// it means what it looks like.
fn properties(path: &str, given: Table, report: &mut Report) -> Table {
    let mut flat = Table::new();
    flatten("", given, &mut |name, value| {
        let text = match value {
            Value::String(text) => text,
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => value.to_string(),
            _ => return report.problem(&join(path, name), "must be a string, a number, true or false"),
        };
        flat.insert(name.to_owned(), Value::String(text));
    });
    flat
}

fn flatten(prefix: &str, table: Table, each: &mut impl FnMut(&str, Value)) {
    for (name, value) in table {
        let name = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            Value::Table(inner) => flatten(&name, inner, each),
            value => each(&name, value),
        }
    }
}

fn aliases(path: &str, given: Table, report: &mut Report) -> Table {
    let mut cleaned = Table::new();
    for (name, value) in given {
        match value {
            Value::Array(items) if items.iter().all(Value::is_str) => {
                cleaned.insert(name, Value::Array(items));
            }
            Value::String(one) => {
                cleaned.insert(name, Value::Array(vec![Value::String(one)]));
            }
            other => report.wrong(
                &join(path, &name),
                &other.to_string(),
                format!("must be a list of paths, such as [{}]", quoted("story.headline")),
            ),
        }
    }
    cleaned
}
