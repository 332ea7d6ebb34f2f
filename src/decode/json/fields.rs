//! JSON values to the fields of an article, whatever form a source gives them.

use khabar_enrich::article::Moment;

use super::value::Value;
use crate::decode::moments;

/// What became of one candidate.
#[derive(Debug, PartialEq)]
pub enum Read<T> {
    /// A value.
    Value(T),
    /// `null`, an empty string or list.
    Nothing,
    /// A word that some sources write for nothing (`"None"`).
    Placeholder,
    /// A value that cannot be this field; says what it is.
    Wrong(&'static str),
}

impl<T> Read<T> {
    fn and_then<U>(self, f: impl FnOnce(T) -> Read<U>) -> Read<U> {
        match self {
            Read::Value(value) => f(value),
            Read::Nothing => Read::Nothing,
            Read::Placeholder => Read::Placeholder,
            Read::Wrong(what) => Read::Wrong(what),
        }
    }
}

/// Keys under which an object holds its text, best first.
const TEXT_KEYS: &[&str] = &[
    "name",
    "value",
    "@value",
    "title",
    "label",
    "text",
    "literal",
    "rendered",
    "main",
    "eng",
    "alternateName",
    "#text",
    "$t",
    "_",
    "$oid",
    "@id",
];

/// Words written for a missing value: Python, JavaScript, pandas.
pub fn is_placeholder(text: &str) -> bool {
    matches!(text, "None" | "none" | "null" | "NULL" | "nan" | "NaN" | "undefined" | "N/A" | "n/a")
}

/// A single text: a string, an object's name, or the first of a list (the one with role `main` where
/// there is one).
pub fn text(value: &Value<'_>) -> Read<String> {
    match value {
        Value::Null => Read::Nothing,
        Value::Str(s) => one(s),
        Value::Object(_) => match text_member(value) {
            Some(inner) => text_of_scalar(inner),
            None => Read::Wrong("an object without a name"),
        },
        Value::List(items) => {
            let main = items.iter().find(|i| i.get("role").and_then(Value::as_str) == Some("main"));
            match main.or_else(|| items.first()) {
                None => Read::Nothing,
                Some(Value::List(_)) => Read::Wrong("an array of arrays"),
                Some(item) => text(item),
            }
        }
        other => Read::Wrong(other.kind()),
    }
}

fn one(s: &str) -> Read<String> {
    if s.trim().is_empty() {
        Read::Nothing
    } else if is_placeholder(s.trim()) {
        Read::Placeholder
    } else {
        Read::Value(s.to_owned())
    }
}

fn text_of_scalar(value: &Value<'_>) -> Read<String> {
    match value {
        Value::Str(s) => one(s),
        Value::Null => Read::Nothing,
        // Event Registry: {"label": {"eng": "…"}}
        Value::Object(members) => match members.first() {
            Some((_, Value::Str(s))) => one(s),
            _ => Read::Wrong("an object without a name"),
        },
        other => Read::Wrong(other.kind()),
    }
}

fn text_member<'v, 'a>(value: &'v Value<'a>) -> Option<&'v Value<'a>> {
    TEXT_KEYS.iter().find_map(|key| value.get(key).filter(|v| **v != Value::Null))
}

/// An identity: text, or a number written out. Whole numbers beyond 64 bits have lost digits on the
/// way and are refused.
pub fn id(value: &Value<'_>) -> Read<String> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Int(n) => Read::Value(n.to_string()),
        Value::Float(n) if n.fract() == 0.0 && n.abs() < EXACT => Read::Value(format!("{n}")),
        Value::Float(_) => Read::Wrong("a number that cannot be read exactly"),
        Value::Object(_) if value.get("$oid").is_none() && value.get("value").is_none() => {
            Read::Wrong("an object")
        }
        other => text(other).and_then(|t| Read::Value(t.trim().to_owned())),
    }
}

/// An absolute http or https address.
pub fn url(value: &Value<'_>) -> Read<String> {
    let named = match value {
        Value::Object(_) => ["@id", "url", "href"].iter().find_map(|key| value.get(key)).unwrap_or(value),
        Value::List(items) => items.first().unwrap_or(value),
        _ => value,
    };
    text(named).and_then(|t| match t.trim() {
        t if is_url(t) => Read::Value(t.to_owned()),
        _ => Read::Wrong("no absolute http address"),
    })
}

/// Whether `text` is an absolute http or https address.
pub fn is_url(text: &str) -> bool {
    let scheme = |s: &str| text.get(..s.len()).is_some_and(|head| head.eq_ignore_ascii_case(s));
    (scheme("http://") || scheme("https://")) && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// A list of names: a list, or one string with `;` (trafilatura) between them.
pub fn names(value: &Value<'_>) -> Read<Vec<String>> {
    list(value, &[';'])
}

/// A list of tags: as names, or one string with commas.
pub fn tags(value: &Value<'_>) -> Read<Vec<String>> {
    match value {
        Value::Str(s) if !s.contains(';') => list(value, &[',', '،']),
        _ => list(value, &[';']),
    }
}

fn list(value: &Value<'_>, separators: &[char]) -> Read<Vec<String>> {
    let mut out: Vec<String> = Vec::new();
    let mut wrong = None;
    let placeholder = std::cell::Cell::new(false);
    let mut add = |text: &str| {
        let text = text.trim();
        placeholder.set(placeholder.get() || is_placeholder(text));
        let room = out.len() < MOST_IN_A_LIST;
        if room && !text.is_empty() && !is_placeholder(text) && !out.iter().any(|t| t == text) {
            out.push(text.to_owned());
        }
    };
    match value {
        Value::Null => {}
        Value::Str(s) => s.split(separators).for_each(&mut add),
        Value::List(items) => {
            for item in items.iter().take(MOST_IN_A_LIST) {
                match text(item) {
                    Read::Value(name) => add(&name),
                    Read::Wrong(what) => wrong = Some(what),
                    Read::Placeholder => placeholder.set(true),
                    Read::Nothing => {}
                }
            }
        }
        Value::Object(_) => match text(value) {
            Read::Value(name) => add(&name),
            Read::Wrong(what) => wrong = Some(what),
            Read::Nothing | Read::Placeholder => {}
        },
        other => wrong = Some(other.kind()),
    }
    match (out.is_empty(), wrong) {
        (false, _) => Read::Value(out),
        (true, Some(what)) => Read::Wrong(what),
        (true, None) if placeholder.get() => Read::Placeholder,
        (true, None) => Read::Nothing,
    }
}

/// More names or tags than this are no description of an article, and are cut off.
const MOST_IN_A_LIST: usize = 256;

/// A point in time.
pub fn moment(value: &Value<'_>) -> Read<Moment> {
    let read = |m: Option<Moment>| m.map_or(Read::Wrong("no date that can be read"), Read::Value);
    match value {
        Value::Int(n) => read(moments::from_number(*n)),
        Value::Float(n) => read(moments::from_float(*n)),
        Value::Object(_) => match value.get("$date") {
            Some(inner @ (Value::Str(_) | Value::Int(_))) => moment(inner),
            _ => Read::Wrong("an object"),
        },
        Value::List(items) => match items.first() {
            None => Read::Nothing,
            Some(first @ (Value::Str(_) | Value::Int(_))) => moment(first),
            Some(_) => Read::Wrong("an array"),
        },
        other => text(other).and_then(|t| read(moments::parse(&t))),
    }
}
