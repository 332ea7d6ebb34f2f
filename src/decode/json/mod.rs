//! JSON of any shape in which an article comes.
//!
//! Fields are filled from the best name that holds something usable ([`aliases`]). Of several bodies
//! the best-ranked one counts, not the longest: a longer one is usually the same text with its
//! navigation, or with markup. A record that has only a summary keeps it as its body and says so.

pub mod aliases;
mod bodies;
pub mod fields;
mod filler;
mod surrogates;
pub mod value;

use std::borrow::Cow;

use khabar_enrich::{Article, DiagnosticCode};

use self::aliases::{Aliases, Candidate, Found, SUMMARY, WRAPPERS, own_name};
use self::bodies::Body;
use self::filler::Filler;
use self::value::{Document, Error, Limits, Value};
use super::remarks::Remarks;
use super::{FieldName, html, languages, markup};
use crate::envelope::{Reason, Reject};

/// What reading a JSON article needs.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// Which member fills which field.
    pub aliases: &'c Aliases,
    /// Limits of JSON and markup.
    pub limits: Limits,
}

/// Reads one article from JSON text.
///
/// # Errors
/// No JSON, over a limit, no object, or no body.
pub fn decode(text: &str, context: Context<'_>, remarks: &mut Remarks) -> Result<Article, Reject> {
    match value::parse(text, context.limits) {
        Ok(document) => article(noted(document, remarks), context, remarks),
        Err(Error::Syntax(message)) => {
            let mended = value::mend(text).ok_or_else(|| invalid(&message))?;
            let document = value::parse(&mended, context.limits).map_err(rejected)?;
            remarks.add(DiagnosticCode::LoneSurrogates, "lone surrogates in escapes replaced by U+FFFD");
            article(noted(document, remarks), context, remarks)
        }
        Err(error) => Err(rejected(error)),
    }
}

/// A document's value; what was odd about it becomes a remark.
pub fn noted<'a>(document: Document<'a>, remarks: &mut Remarks) -> Value<'a> {
    if document.duplicate_keys {
        remarks.add(DiagnosticCode::DuplicateKeys, "an object has a key twice: the last value counts");
    }
    document.value
}

/// The rejection that an error of the parser means.
pub fn rejected(error: Error) -> Reject {
    match error {
        Error::TooDeep(_) => Reject::new(Reason::TooDeep, format!("JSON {error} (decode.max_depth)")),
        Error::TooManyNodes(_) => {
            Reject::new(Reason::TooManyNodes, format!("JSON of {error} (decode.max_nodes)"))
        }
        Error::Syntax(message) => invalid(&message),
    }
}

fn invalid(message: &str) -> Reject {
    Reject::new(Reason::InvalidJson, format!("broken JSON: {message}"))
}

/// Reads one article from a JSON value.
///
/// # Errors
/// No object, or no body.
pub fn article(root: Value<'_>, context: Context<'_>, remarks: &mut Remarks) -> Result<Article, Reject> {
    let mut root = unwrapped(chosen(root)?, context.aliases, remarks);
    let mut article = Article::default();
    let body = {
        let candidates = context.aliases.candidates(&root);
        let mut fill = Filler { root: &root, article: &mut article, remarks };
        for field in candidates.chunk_by(|a, b| a.field == b.field) {
            if field.first().is_some_and(|c| c.field != FieldName::Body) {
                fill.field(field);
            }
        }
        let of_body: Vec<Candidate<'_, '_>> =
            candidates.iter().copied().filter(|c| c.field == FieldName::Body).collect();
        fill.body(&of_body)?
    };
    match body {
        Source::Member(index) => article.body = take_string(&mut root, index),
        Source::Text(text) => article.body = text,
        Source::Markup(markup) => from_markup(&markup, &mut article, context, remarks)?,
    }
    if article.body.trim().is_empty() {
        return Err(Reject::new(Reason::EmptyBody, "the body holds nothing but white space"));
    }
    if is_cut_by_newsapi(&article.body) {
        remarks.add(DiagnosticCode::BodyTruncated, "the body ends in \"[+… chars]\": the source cut it");
    }
    Ok(article)
}

/// Fills the fields that `article` does not have yet, all but the body.
pub fn fill(root: &Value<'_>, aliases: &Aliases, article: &mut Article, remarks: &mut Remarks) {
    let candidates = aliases.candidates(root);
    let mut fill = Filler { root, article, remarks };
    for field in candidates.chunk_by(|a, b| a.field == b.field) {
        if field.first().is_some_and(|c| !fill.has(c.field)) {
            fill.field(field);
        }
    }
}

/// Where a body is.
enum Source {
    /// A string among the root's members.
    Member(usize),
    Text(String),
    Markup(String),
}

fn take_string(root: &mut Value<'_>, index: usize) -> String {
    let Value::Object(members) = root else { return String::new() };
    match members.get_mut(index).map(|(_, value)| std::mem::replace(value, Value::Null)) {
        Some(Value::Str(text)) => text.into_owned(),
        _ => String::new(),
    }
}

/// The one article of a top-level array or of a JSON-LD `@graph`.
fn chosen(root: Value<'_>) -> Result<Value<'_>, Reject> {
    let items = match root {
        Value::Object(mut members) => {
            match members.iter().position(|(k, v)| k == "@graph" && matches!(v, Value::List(_))) {
                Some(graph) => match members.swap_remove(graph).1 {
                    Value::List(items) => items,
                    other => return Ok(other),
                },
                None => return Ok(Value::Object(members)),
            }
        }
        Value::List(items) => items,
        other => {
            let message = format!("{} where an object is expected", other.kind());
            return Err(Reject::new(Reason::WrongShape, message));
        }
    };
    let count = items.len();
    let mut objects = items.into_iter().filter(|v| matches!(v, Value::Object(_))).collect::<Vec<_>>();
    if let Some(index) = objects.iter().position(is_news) {
        return Ok(objects.swap_remove(index));
    }
    match (count, objects.pop()) {
        (1, Some(object)) => Ok(object),
        _ => Err(Reject::new(
            Reason::WrongShape,
            format!("an array of {count} values, none marked as an article: publish one article a record"),
        )),
    }
}

/// Whether a JSON-LD node is an article.
pub fn is_news(node: &Value<'_>) -> bool {
    let article = |kind: &str| {
        let kind = kind.rsplit(['/', ':']).next().unwrap_or(kind);
        kind.ends_with("Article") || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report")
    };
    match node.get("@type") {
        Some(Value::Str(kind)) => article(kind),
        Some(Value::List(kinds)) => kinds.iter().filter_map(Value::as_str).any(article),
        _ => false,
    }
}

/// The object inside `{"article": {…}}` and the like, when the outer one has no body of its own.
fn unwrapped<'a>(mut root: Value<'a>, aliases: &Aliases, remarks: &mut Remarks) -> Value<'a> {
    for _ in 0..3 {
        let Value::Object(members) = &mut root else { return root };
        let wrapper = members
            .iter()
            .position(|(key, value)| matches!(value, Value::Object(_)) && WRAPPERS.contains(&key.as_ref()));
        let Some(wrapper) = wrapper else { return root };
        let has_body = members.iter().any(|(key, value)| {
            *value != Value::Null && aliases.of_key(key).iter().any(|(f, _)| *f == FieldName::Body)
        });
        if has_body {
            return root;
        }
        let (key, inner) = members.swap_remove(wrapper);
        remarks.add(DiagnosticCode::Unwrapped, format!("the article is inside {key:?}"));
        root = inner;
    }
    root
}

/// A body in markup: an article's text, or a whole page around it.
fn from_markup(
    markup: &str,
    article: &mut Article,
    context: Context<'_>,
    remarks: &mut Remarks,
) -> Result<(), Reject> {
    if html::is_page(markup) {
        let page = html::decode(markup, context, remarks)?;
        html::complete(article, page);
        return Ok(());
    }
    article.body = markup::to_text(markup, context.limits)?;
    remarks.add(DiagnosticCode::MarkupRemoved, "the body was markup and was turned into text");
    Ok(())
}

/// newsapi.org ends a cut body with `… [+1234 chars]`.
fn is_cut_by_newsapi(body: &str) -> bool {
    let Some(rest) = body.trim_end().strip_suffix(" chars]") else { return false };
    let digits = rest.bytes().rev().take_while(u8::is_ascii_digit).count();
    digits > 0 && rest.get(..rest.len() - digits).is_some_and(|r| r.ends_with("[+"))
}

#[cfg(test)]
mod tests;
