//! The text of an article, in whatever structure a source keeps it.

use super::fields::is_placeholder;
use super::value::Value;
use crate::decode::markup;

/// A body, or why there is none here.
#[derive(Debug, PartialEq)]
pub enum Body {
    /// A string, to be taken as it stands.
    AsItStands,
    /// Plain text put together from parts.
    Joined(String),
    /// Markup, still to be turned into text.
    Markup(String),
    /// Nothing but white space, or a placeholder.
    Nothing,
    /// A value that is no text; says what it is.
    Wrong(&'static str),
}

/// Separates paragraphs that a source keeps apart.
const BREAK: &str = "\n\n";

/// Reads a body. `name` is the member's name: one with "html" in it holds markup whatever it looks like.
pub fn read(name: &str, value: &Value<'_>) -> Body {
    match value {
        Value::Null => Body::Nothing,
        Value::Str(s) if s.trim().is_empty() || is_placeholder(s.trim()) => Body::Nothing,
        Value::Str(s) if is_markup(name, s) => Body::Markup(s.to_string()),
        Value::Str(_) => Body::AsItStands,
        Value::List(items) => list(items),
        Value::Object(_) => object(value),
        other => Body::Wrong(other.kind()),
    }
}

fn is_markup(name: &str, text: &str) -> bool {
    let named = name.len() <= 64 && {
        let name = name.to_ascii_lowercase();
        name.contains("html") || name.contains("encoded")
    };
    named && text.contains(['<', '&']) || markup::looks_like_markup(text)
}

/// Paragraphs, or one text in several forms (ninjs `bodies`).
fn list(items: &[Value<'_>]) -> Body {
    if items.iter().any(|item| item.get("value").is_some() || item.get("contentType").is_some()) {
        return form(items);
    }
    let mut parts = Vec::new();
    let mut wrong = None;
    for item in items {
        match part(item) {
            Ok(Some(text)) => parts.push(text),
            Ok(None) => {}
            Err(what) => wrong = Some(what),
        }
    }
    match wrong {
        Some(what) if parts.is_empty() => Body::Wrong(what),
        _ => joined(&parts),
    }
}

/// The best of several forms: plain text before markup, and of equals the first.
fn form(items: &[Value<'_>]) -> Body {
    let media = |item: &Value<'_>| {
        let declared =
            ["contentType", "contenttype", "type", "role"].iter().find_map(|k| item.get(k)?.as_str());
        declared.unwrap_or("").to_ascii_lowercase()
    };
    let texts = || {
        items.iter().filter(|i| i.get("value").and_then(Value::as_str).is_some_and(|s| !s.trim().is_empty()))
    };
    let plain = texts().find(|i| media(i).contains("plain"));
    let html = texts().find(|i| media(i).contains("html"));
    match plain.or(html).or_else(|| texts().next()) {
        Some(item) => {
            let text = item.get("value").and_then(Value::as_str).unwrap_or("");
            let markup = plain.is_none() && (html.is_some() || markup::looks_like_markup(text));
            if markup { Body::Markup(text.to_owned()) } else { Body::Joined(text.to_owned()) }
        }
        None => Body::Nothing,
    }
}

/// Fundus (`summary`, `sections` of `headline` and `paragraphs`), or an object around a text.
fn object(value: &Value<'_>) -> Body {
    if value.get("sections").is_some() || value.get("paragraphs").is_some() {
        let mut parts = Vec::new();
        texts(value.get("summary"), &mut parts);
        texts(value.get("paragraphs"), &mut parts);
        if let Some(Value::List(sections)) = value.get("sections") {
            for section in sections {
                texts(section.get("headline"), &mut parts);
                texts(section.get("paragraphs"), &mut parts);
            }
        }
        return joined(&parts);
    }
    for key in ["text", "plain", "value", "content", "rendered", "html", "#text", "data"] {
        if let Some(inner @ Value::Str(_)) = value.get(key) {
            return match read(key, inner) {
                Body::AsItStands => Body::Joined(inner.as_str().unwrap_or("").to_owned()),
                other => other,
            };
        }
    }
    Body::Wrong("an object without a text")
}

fn texts<'v>(value: Option<&'v Value<'_>>, out: &mut Vec<&'v str>) {
    match value {
        Some(Value::Str(s)) => out.push(s),
        Some(Value::List(items)) => out.extend(items.iter().filter_map(|i| part(i).ok().flatten())),
        _ => {}
    }
}

fn part<'v>(item: &'v Value<'_>) -> Result<Option<&'v str>, &'static str> {
    match item {
        Value::Str(s) => Ok(Some(s)),
        Value::Null => Ok(None),
        Value::Object(_) => ["text", "content", "paragraph", "body"]
            .iter()
            .find_map(|key| item.get(key)?.as_str())
            .map(Some)
            .ok_or("an array of objects without a text"),
        _ => Err("an array of values that are no text"),
    }
}

fn joined(parts: &[&str]) -> Body {
    let kept: Vec<&str> = parts.iter().copied().filter(|p| !p.trim().is_empty()).collect();
    match kept.is_empty() {
        true => Body::Nothing,
        false => Body::Joined(kept.join(BREAK)),
    }
}
