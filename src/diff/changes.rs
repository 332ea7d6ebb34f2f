//! What changed between two records, for a person: items gained and lost, values before and after.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Field;

/// Most changes of one record that are listed.
const MOST: usize = 40;
/// Longest text of a value, in code points.
const SHORT: usize = 60;

/// What changed in one record.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Each of them, in the order of the record.
    pub list: Vec<Change>,
    /// How many more there are.
    pub more: usize,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The field.
    pub field: &'static str,
    /// The item of a list, or the member of an object; empty for the field as a whole.
    pub what: String,
    /// The value on the first side, shortened; `null` where it was gained.
    pub before: Option<String>,
    /// The value on the second side, shortened; `null` where it was lost.
    pub after: Option<String>,
}

/// What changed from `a` to `b`, both records' JSON, in these fields.
pub fn changes(a: &[u8], b: &[u8], fields: &[Field]) -> Changes {
    let parse = |value: &[u8]| serde_json::from_slice::<Map<String, Value>>(value).unwrap_or_default();
    let (a, b) = (Resolved::new(parse(a)), Resolved::new(parse(b)));
    let mut found = Vec::new();
    for field in fields {
        if *field == Field::Other {
            let names = a.record.keys().chain(b.record.keys());
            let mut unknown: Vec<_> = names.filter(|name| is_other(name)).collect();
            unknown.sort();
            unknown.dedup();
            for name in unknown {
                compare(*field, name, a.record.get(name), b.record.get(name), &mut found);
            }
            continue;
        }
        let (before, after) = (a.field(*field), b.field(*field));
        match (before, after) {
            (Some(Value::Array(before)), Some(Value::Array(after))) => {
                items(*field, before, after, &mut found)
            }
            (before, after) => compare(*field, "", before.as_ref(), after.as_ref(), &mut found),
        }
    }
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    Changes { list: found, more }
}

fn is_other(name: &str) -> bool {
    !matches!(name, "schema" | "source" | "pipeline") && Field::named(name).is_none()
}

/// A record whose entities are called by their names.
struct Resolved {
    record: Map<String, Value>,
    entities: BTreeMap<String, String>,
}

impl Resolved {
    fn new(record: Map<String, Value>) -> Self {
        let list = record.get("entities").and_then(Value::as_array);
        let named = |entity: &Value| {
            let id = entity.get("id")?.as_str()?.to_owned();
            Some((id, label(Field::Entities, entity)))
        };
        let entities = list.into_iter().flatten().filter_map(named).collect();
        Self { record, entities }
    }

    /// A field, with names for numbers; numbers that say nothing by themselves are left out.
    fn field(&self, field: Field) -> Option<Value> {
        let mut value = self.record.get(field.as_str())?.clone();
        for item in value.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            for name in field.references() {
                if let Some(reference) = item.get_mut(*name)
                    && let Some(entity) = reference.as_str().and_then(|id| self.entities.get(id))
                {
                    *reference = Value::from(entity.as_str());
                }
            }
            match field {
                Field::Entities => ["id", "mentions"].iter().for_each(|name| drop(item.remove(*name))),
                Field::Mentions => {
                    if let Some(outer) = item.get("nested_in").and_then(Value::as_u64) {
                        let mentions = self.record.get("mentions").and_then(Value::as_array);
                        let outer =
                            mentions.and_then(|all| all.get(usize::try_from(outer).ok()?)?.get("text"));
                        item.insert("nested_in".to_owned(), outer.cloned().unwrap_or(Value::Null));
                    }
                }
                _ => {}
            }
        }
        Some(value)
    }
}

/// What an item of a list is called.
fn label(field: Field, item: &Value) -> String {
    let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
    let at = item.pointer("/char/0").map(|at| format!(" at {at}")).unwrap_or_default();
    match field {
        Field::Entities => format!("{} {}", text("type"), text("name")),
        Field::Mentions => format!("{} {}{at}", text("type"), text("text")),
        Field::Places => text("entity").to_owned(),
        Field::Diagnostics => format!("{} {}{at}", text("code"), text("stage")),
        _ => format!("{}{at}", shorten(text("text"))),
    }
}

/// Items of lists: those of one label belong together, in their order.
fn items(field: Field, before: Vec<Value>, after: Vec<Value>, found: &mut Vec<Change>) {
    if before == after {
        return;
    }
    let mut open: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let start = found.len();
    let mut kept = Vec::new();
    for item in before {
        open.entry(label(field, &item)).or_default().push(item);
    }
    open.values_mut().for_each(|items| items.reverse());
    for item in after {
        let label = label(field, &item);
        match open.get_mut(&label).and_then(Vec::pop) {
            Some(earlier) => kept.push((label, earlier, item)),
            None => found.push(change(field, &label, None, Some(gist(field, &item)))),
        }
    }
    for (label, items) in open {
        for item in items {
            found.push(change(field, &label, Some(gist(field, &item)), None));
        }
    }
    for (label, earlier, later) in kept {
        compare(field, &label, Some(&earlier), Some(&later), found);
    }
    if found.len() == start {
        found.push(change(field, "", Some("the same items".to_owned()), Some("in another order".to_owned())));
    }
}

/// Two values: the members of objects one by one, all else as a whole.
fn compare(field: Field, what: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Change>) {
    match (before, after) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let added = b.keys().filter(|name| !a.contains_key(*name));
            for name in a.keys().chain(added) {
                let separator = if what.is_empty() { "" } else { ", " };
                compare(field, &format!("{what}{separator}{name}"), a.get(name), b.get(name), found);
            }
        }
        (before, after) if before == after => {}
        (Some(Value::String(a)), Some(Value::String(b))) => {
            let (a, b) = around_the_difference(a, b);
            found.push(change(field, what, Some(a), Some(b)));
        }
        (before, after) => {
            let short = |value: &Value| shorten(&plain(value));
            found.push(change(field, what, before.map(short), after.map(short)));
        }
    }
}

fn change(field: Field, what: &str, before: Option<String>, after: Option<String>) -> Change {
    Change { field: field.as_str(), what: what.to_owned(), before, after }
}

/// What is worth knowing of an item beyond its label.
fn gist(field: Field, item: &Value) -> String {
    let wanted: &[&str] = match field {
        Field::Entities => &["name_en", "link", "confidence"],
        Field::Mentions => &["found_by", "confidence"],
        Field::Roles => &["person", "title", "organisation"],
        Field::Quotes => &["kind", "speaker", "speaker_text", "confidence"],
        Field::Times => &["type", "value"],
        Field::Quantities => &["value", "unit", "kind"],
        Field::Places => &["lat", "lon", "precision"],
        Field::Diagnostics => &["message"],
        _ => &["kind"],
    };
    let known = wanted.iter().filter_map(|name| item.get(name)).map(plain).filter(|text| !text.is_empty());
    shorten(&known.collect::<Vec<_>>().join(", "))
}

/// A value as words: no marks, and nothing for what is null.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let value = plain(value);
                (!value.is_empty()).then(|| format!("{name} {value}"))
            };
            members.iter().filter_map(member).collect::<Vec<_>>().join(", ")
        }
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= SHORT {
        return text.to_owned();
    }
    text.chars().take(SHORT - 1).chain(['…']).collect()
}

/// The parts of two texts around the first letter that differs.
fn around_the_difference(a: &str, b: &str) -> (String, String) {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let part = |text: &str| {
        // A little of what is the same says where it is.
        let start = if text.chars().count() <= SHORT { 0 } else { same.saturating_sub(SHORT / 3) };
        let rest: String = text.chars().skip(start).collect();
        let dots = if start > 0 { "…" } else { "" };
        format!("{dots}{}", shorten(&rest))
    };
    (part(a), part(b))
}
