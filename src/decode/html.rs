//! HTML pages: the article by readability, the rest from JSON-LD and meta elements.

use std::borrow::Cow;

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};
use khabar_enrich::{Article, DiagnosticCode};

use super::json::value::{self, Value};
use super::json::{self, Context};
use super::remarks::Remarks;
use super::{languages, limits, markup};
use crate::envelope::{Reason, Reject};

/// Meta elements that say something of the article, as names of the alias table. The order is that of
/// trust where two would fill one field.
const META: &[&str] = &[
    "og:title",
    "og:site_name",
    "og:url",
    "og:locale",
    "article:published_time",
    "article:section",
    "article:tag",
    "article:author",
    "author",
    "byl",
    "keywords",
    "news_keywords",
    "publisher",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "datepublished",
    "dc.date",
    "dc.date.issued",
    "dc.creator",
    "dc.title",
    "dcterms.created",
];
/// JSON-LD blocks of a page that are read.
const MAX_BLOCKS: usize = 16;

/// Whether markup is a page, not the text of an article: it has a frame around its content.
pub fn is_page(markup: &str) -> bool {
    has_early(markup, &[b"<html", b"<head", b"<body", b"<!doctype html"])
}

/// Whether an XML document is a page.
pub fn is_xhtml(xml: &str) -> bool {
    has_early(xml, &[b"<html", b"<!doctype html"])
}

fn has_early(markup: &str, tags: &[&[u8]]) -> bool {
    let head = markup.as_bytes().get(..markup.len().min(4096)).unwrap_or_default().to_ascii_lowercase();
    tags.iter().any(|tag| memchr::memmem::find(&head, tag).is_some())
}

/// Reads a page, or a piece of markup without a frame (all of whose text is the article then).
///
/// # Errors
/// Over a limit, or no article.
pub fn decode(markup: &str, context: Context<'_>, remarks: &mut Remarks) -> Result<Article, Reject> {
    if !is_page(markup) {
        let body = markup::to_text(markup, context.limits)?;
        if body.trim().is_empty() {
            return Err(no_article());
        }
        remarks.add(DiagnosticCode::MarkupRemoved, "the body was markup and was turned into text");
        return Ok(Article { body, ..Article::default() });
    }
    let document = limits::document(markup, context.limits)?;
    let found = Found::in_document(&document);
    let mut article = Article::default();
    let mut embedded_body = None;
    for block in &found.json_ld {
        if let Some(body) = json_ld(block, context, &mut article, remarks) {
            embedded_body = Some(body);
            break;
        }
    }
    json::fill(&found.meta, context.aliases, &mut article, remarks);
    if let Some(language) = found.language.as_deref().and_then(languages::normalise) {
        article.language = Some(language);
    }
    read_text(document, embedded_body.flatten(), context, &mut article, remarks)?;
    Ok(article)
}

/// Takes from a page what the record around it did not say.
pub fn complete(article: &mut Article, page: Article) {
    fn keep<T>(slot: &mut Option<T>, found: Option<T>) {
        if slot.is_none() {
            *slot = found;
        }
    }
    article.body = page.body;
    keep(&mut article.id, page.id);
    keep(&mut article.url, page.url);
    keep(&mut article.title, page.title);
    keep(&mut article.publisher, page.publisher);
    keep(&mut article.published, page.published);
    keep(&mut article.fetched, page.fetched);
    keep(&mut article.section, page.section);
    keep(&mut article.language, page.language);
    if article.authors.is_empty() {
        article.authors = page.authors;
    }
    if article.tags.is_empty() {
        article.tags = page.tags;
    }
}

fn no_article() -> Reject {
    Reject::new(Reason::NoArticleInHtml, "no article was found in the page")
}

/// The main text, and a title and author where nothing better was found.
fn read_text(
    document: Document,
    embedded_body: Option<String>,
    context: Context<'_>,
    article: &mut Article,
    remarks: &mut Remarks,
) -> Result<(), Reject> {
    let config = Config { disable_json_ld: true, ..Config::default() };
    let readable = Readability::with_document(document, None, Some(config)).and_then(|mut r| r.parse()).ok();
    if let Some(readable) = readable {
        // Removing a page's frame cannot add markup, but moving its text may: limits hold again.
        let body = markup::to_text(&readable.content, context.limits)?;
        let title = readable.title.trim();
        if article.title.is_none() && !title.is_empty() {
            article.title = Some(title.to_owned());
        }
        let byline = readable.byline.as_deref().map(str::trim).filter(|b| !b.is_empty());
        if let (true, Some(byline)) = (article.authors.is_empty(), byline) {
            article.authors.push(byline.to_owned());
            remarks.add(DiagnosticCode::FieldAlias, "authors from the page's byline");
        }
        if !body.trim().is_empty() {
            article.body = body;
            return Ok(());
        }
    }
    match embedded_body.filter(|b| !b.trim().is_empty()) {
        Some(body) => {
            remarks.add(DiagnosticCode::FieldAlias, "body from the page's JSON-LD");
            article.body = body;
            Ok(())
        }
        None => Err(no_article()),
    }
}

/// Fills an article from one JSON-LD block; `Some` when the block was about an article, with the
/// body that it holds.
fn json_ld(
    block: &str,
    context: Context<'_>,
    article: &mut Article,
    remarks: &mut Remarks,
) -> Option<Option<String>> {
    let block = block.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let Ok(document) = value::parse(block, context.limits) else {
        remarks.add(DiagnosticCode::MetadataIgnored, "a JSON-LD block of the page is broken");
        return None;
    };
    let nodes: &[Value<'_>] = match &document.value {
        Value::List(nodes) => nodes,
        root => match root.get("@graph") {
            Some(Value::List(nodes)) => nodes,
            _ => std::slice::from_ref(root),
        },
    };
    let node = nodes.iter().find(|node| json::is_news(node))?;
    json::fill(node, context.aliases, article, remarks);
    Some(node.get("articleBody").and_then(Value::as_str).map(str::to_owned))
}

/// What a walk over the page finds beside its text.
#[derive(Default)]
struct Found {
    json_ld: Vec<String>,
    meta: Value<'static>,
    language: Option<String>,
}

impl Found {
    fn in_document(document: &Document) -> Self {
        let mut found = Self::default();
        let mut members: Vec<(Cow<'static, str>, Value<'static>)> = Vec::new();
        for node in document.root().descendants_it().filter(NodeRef::is_element) {
            match node.node_name().as_deref() {
                Some("html") => found.language = node.attr("lang").map(|l| l.to_string()),
                Some("meta") => add_meta(&node, &mut members),
                Some("link") => {
                    let canonical = node.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
                    if let (true, Some(href)) = (canonical, node.attr("href")) {
                        members.push((Cow::Borrowed("canonical"), Value::Str(Cow::Owned(href.to_string()))));
                    }
                }
                Some("script") if found.json_ld.len() < MAX_BLOCKS => {
                    let json =
                        node.attr("type").is_some_and(|t| t.eq_ignore_ascii_case("application/ld+json"));
                    if json {
                        found.json_ld.push(node.text().to_string());
                    }
                }
                _ => {}
            }
        }
        found.meta = Value::Object(members);
        found
    }
}

fn add_meta(node: &NodeRef<'_>, members: &mut Vec<(Cow<'static, str>, Value<'static>)>) {
    let name = ["property", "name", "itemprop"].iter().find_map(|attribute| node.attr(attribute));
    let (Some(name), Some(content)) = (name, node.attr("content")) else { return };
    let Some(known) = META.iter().find(|known| known.eq_ignore_ascii_case(name.trim())) else { return };
    let content = content.trim();
    // On Facebook's pages an author is a profile's address.
    if content.is_empty() || (known.ends_with("author") && json::fields::is_url(content)) {
        return;
    }
    let value = Value::Str(Cow::Owned(content.to_owned()));
    match members.iter_mut().find(|(key, _)| key == known) {
        // Of repeated elements the first counts, but tags add up.
        Some((_, Value::List(tags))) => tags.push(value),
        Some(_) => {}
        None if *known == "article:tag" => members.push((Cow::Borrowed(known), Value::List(vec![value]))),
        None => members.push((Cow::Borrowed(known), value)),
    }
}
