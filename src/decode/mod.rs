//! Bytes to an [`Article`]: transport encoding, character set, shape, fields.
//!
//! One file a step: [`transport`] undoes compression, [`charset`] makes text of bytes; then one file an
//! input shape: [`text`], [`json`], [`html`], [`cloud_events`]. What was repaired, guessed or left out
//! is said in the article's diagnostics; what cannot be decoded is a [`Reject`] with its reason.
//! Decoding never looks at anything but the record and the settings.

pub mod charset;
pub mod cloud_events;
mod declarations;
mod detect;
mod guarded;
pub mod headers;
pub mod html;
pub mod json;
pub mod languages;
pub mod limits;
pub mod markup;
pub mod moments;
pub mod remarks;
pub mod text;
pub mod transport;

use std::borrow::Cow;

use khabar_enrich::{Article, DiagnosticCode};

use self::cloud_events::{Data, Event};
use self::headers::ContentType;
use self::json::Context;
use self::json::aliases::Aliases;
use self::json::value::Limits;
use self::remarks::Remarks;
use crate::envelope::{Headers, Raw, Reason, Reject};

/// Keys larger than this are remarked on (bytes): they are kept by every broker and index.
const LARGE_KEY: usize = 64 << 10;

/// What decoding is allowed to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The shape of records.
    pub format: Format,
    /// Records larger than this are rejected unread (bytes).
    pub max_record_bytes: usize,
    /// Largest size after decompression (bytes).
    pub max_decompressed_bytes: usize,
    /// Deepest nesting of JSON and markup.
    pub max_depth: usize,
    /// Most JSON values or markup elements in one record.
    pub max_nodes: usize,
    /// Paths tried before the built-in aliases, by field: `title = ["story.headline"]`.
    pub aliases: Vec<(FieldName, Vec<String>)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: Format::Auto,
            max_record_bytes: 8 << 20,
            max_decompressed_bytes: 32 << 20,
            max_depth: 256,
            max_nodes: 200_000,
            aliases: Vec::new(),
        }
    }
}

/// The shape of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// By headers, then by content.
    #[default]
    Auto,
    /// Plain text.
    Text,
    /// One JSON object.
    Json,
    /// An HTML page.
    Html,
}

/// Fields that aliases can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldName {
    /// Identity.
    Id,
    /// Canonical URL.
    Url,
    /// Headline.
    Title,
    /// Body.
    Body,
    /// Authors.
    Authors,
    /// Outlet.
    Publisher,
    /// Publication time.
    Published,
    /// Crawl time.
    Fetched,
    /// Section.
    Section,
    /// Tags.
    Tags,
    /// Declared language.
    Language,
}

/// A decoded record.
#[derive(Debug, Clone, PartialEq)]
pub enum Decoded {
    /// An article.
    Article(Box<Article>),
    /// A record without a value: the key was deleted.
    Tombstone,
}

/// Decodes records; shared by all lanes.
#[derive(Debug)]
pub struct Decoder {
    settings: Settings,
    aliases: Aliases,
}

impl Decoder {
    /// A decoder with these settings.
    pub fn new(settings: Settings) -> Self {
        let aliases = Aliases::new(&settings.aliases);
        Self { settings, aliases }
    }

    /// Decodes one record.
    ///
    /// # Errors
    /// A [`Reject`] that says why it cannot be decoded.
    pub fn decode(&self, raw: &Raw) -> Result<Decoded, Reject> {
        let Some(value) = &raw.value else {
            // Taken for a tombstone it would delete what it stands for.
            return match raw.headers.get(Headers::OMITTED) {
                Some(_) => Err(Reject::new(
                    Reason::ValueOmitted,
                    "a dead letter by reference: publish the record that its khabar-source headers name",
                )),
                None => Ok(Decoded::Tombstone),
            };
        };
        if value.len() > self.settings.max_record_bytes {
            let (is, limit) = (value.len(), self.settings.max_record_bytes);
            let message = format!("{is} bytes, the limit is {limit} (decode.max_record_bytes)");
            return Err(Reject::new(Reason::TooLarge, message));
        }
        let mut remarks = Remarks::default();
        if let Some(key) = raw.key.as_ref().filter(|key| key.len() > LARGE_KEY) {
            remarks.add(DiagnosticCode::LargeKey, format!("the record's key has {} bytes", key.len()));
        }
        if let Some(lost) = raw.headers.get_str(Headers::UNREADABLE) {
            let message = format!("headers whose names are not UTF-8 were left out: {lost}");
            remarks.add(DiagnosticCode::UnreadableHeaders, message);
        }
        let encoding = raw.headers.get_str("content-encoding");
        let bytes =
            transport::decompress(value, encoding, self.settings.max_decompressed_bytes, &mut remarks)?;
        let declared = raw.headers.get_str("content-type").map(ContentType::parse).unwrap_or_default();
        let mut article = if declared.media == "application/cloudevents+json" {
            self.structured(&bytes, &declared, &mut remarks)?
        } else if declared.media.starts_with("application/cloudevents") {
            let message = "a batch of events, or events that are not JSON: publish one JSON event a record";
            return Err(Reject::new(Reason::InvalidCloudEvent, message));
        } else if let Some(event) = cloud_events::binary(&raw.headers)? {
            self.of_event(&event, &bytes, &mut remarks)?
        } else {
            self.of_bytes(&bytes, &declared, &mut remarks)?
        };
        text::inspect("body", &article.body, &mut remarks);
        if let Some(title) = &article.title {
            text::inspect("title", title, &mut remarks);
        }
        article.diagnostics = remarks.into_diagnostics();
        Ok(Decoded::Article(Box::new(article)))
    }

    fn structured(
        &self,
        bytes: &[u8],
        declared: &ContentType,
        remarks: &mut Remarks,
    ) -> Result<Article, Reject> {
        let text = charset::decode(bytes, declared.charset.as_deref(), remarks)?;
        let mended;
        let document = match json::value::parse(&text, self.limits()) {
            Err(json::value::Error::Syntax(message)) => {
                let broken = || json::rejected(json::value::Error::Syntax(message));
                mended = json::value::mend(&text).ok_or_else(broken)?;
                remarks.add(DiagnosticCode::LoneSurrogates, "lone surrogates in escapes replaced by U+FFFD");
                json::value::parse(&mended, self.limits()).map_err(json::rejected)?
            }
            parsed => parsed.map_err(json::rejected)?,
        };
        let (event, data) = cloud_events::structured(json::noted(document, remarks))?;
        let content_type = event.content_type.as_deref().map(ContentType::parse).unwrap_or_default();
        let mut article = match data {
            Data::Json(value) => json::article(value, self.context(), remarks)?,
            Data::Text(text) => self.of_text(Cow::Owned(text), &content_type, remarks)?,
            Data::Bytes(bytes) => self.of_bytes(&bytes, &content_type, remarks)?,
        };
        event.complete(&mut article, remarks);
        Ok(article)
    }

    fn of_event(&self, event: &Event, bytes: &[u8], remarks: &mut Remarks) -> Result<Article, Reject> {
        let content_type = event.content_type.as_deref().map(ContentType::parse).unwrap_or_default();
        let mut article = self.of_bytes(bytes, &content_type, remarks)?;
        event.complete(&mut article, remarks);
        Ok(article)
    }

    fn of_bytes(
        &self,
        bytes: &[u8],
        declared: &ContentType,
        remarks: &mut Remarks,
    ) -> Result<Article, Reject> {
        if self.shape(declared) != Some(Shape::Text) && is_framed(bytes) {
            return Err(Reject::new(
                Reason::SchemaRegistryFramed,
                "the record begins with a schema id (magic byte 0): publish plain JSON, or put a converter before",
            ));
        }
        let text = charset::decode(bytes, declared.charset.as_deref(), remarks)?;
        self.of_text(text, declared, remarks)
    }

    fn of_text(
        &self,
        text: Cow<'_, str>,
        declared: &ContentType,
        remarks: &mut Remarks,
    ) -> Result<Article, Reject> {
        match self.shape(declared).unwrap_or_else(|| Shape::by_looks(&text)) {
            Shape::Text => text::decode(text.into_owned()),
            Shape::Json if text.trim().is_empty() => text::decode(text.into_owned()),
            Shape::Json => json::decode(&text, self.context(), remarks),
            Shape::Html => html::decode(&text, self.context(), remarks),
            Shape::Xml => Err(Reject::new(Reason::WrongShape, "XML that is no XHTML page")),
        }
    }

    /// The shape by settings, else by headers.
    fn shape(&self, declared: &ContentType) -> Option<Shape> {
        match self.settings.format {
            Format::Text => Some(Shape::Text),
            Format::Json => Some(Shape::Json),
            Format::Html => Some(Shape::Html),
            Format::Auto if declared.is_json() => Some(Shape::Json),
            Format::Auto if declared.is_html() => Some(Shape::Html),
            Format::Auto if declared.is_text() => Some(Shape::Text),
            Format::Auto => None,
        }
    }

    fn limits(&self) -> Limits {
        Limits { max_depth: self.settings.max_depth, max_nodes: self.settings.max_nodes }
    }

    fn context(&self) -> Context<'_> {
        Context { aliases: &self.aliases, limits: self.limits() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Text,
    Json,
    Html,
    Xml,
}

impl Shape {
    /// What a text looks like. An opening brace is always JSON, so that broken JSON is rejected and
    /// never taken for an article; a bracket is JSON only before an object, because agencies open
    /// their texts with `[Reuters]`.
    fn by_looks(text: &str) -> Self {
        let mut rest = text.trim_start();
        if rest.starts_with('{') {
            return Shape::Json;
        }
        if let Some(inner) = rest.strip_prefix('[') {
            return if inner.trim_start().starts_with('{') { Shape::Json } else { Shape::Text };
        }
        if let Some(after) = rest.strip_prefix("<?xml") {
            return if html::is_xhtml(after) { Shape::Html } else { Shape::Xml };
        }
        while let Some((_, after)) = rest.strip_prefix("<!--").and_then(|r| r.split_once("-->")) {
            rest = after.trim_start();
        }
        let markup = rest.starts_with("<!") || (rest.starts_with('<') && markup::looks_like_markup(rest));
        if markup || (rest.starts_with('<') && html::is_page(rest)) { Shape::Html } else { Shape::Text }
    }
}

/// Confluent's framing: a zero, four bytes of schema id, the payload. UTF-16 and UTF-32 text may begin
/// with a zero as well: there every second byte is one, or a byte order mark follows.
fn is_framed(bytes: &[u8]) -> bool {
    match bytes {
        [0, 0, 0xFE, 0xFF, ..] => false,
        // UTF-32 of ASCII.
        [0, 0, 0, c, 0, 0, 0, d, ..] if *c != 0 && *d != 0 => false,
        // UTF-16 of ASCII.
        [0, a, 0, b, 0, c, ..] if *a != 0 && *b != 0 && *c != 0 => false,
        [0, _, _, _, _, ..] => true,
        _ => false,
    }
}
