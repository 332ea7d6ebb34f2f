//! Bytes to an [`Article`]: transport encoding, character set, shape, fields.

use khabar_enrich::Article;

use crate::envelope::{Raw, Reject};

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
}

impl Decoder {
    /// A decoder with these settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Decodes one record.
    ///
    /// # Errors
    /// A [`Reject`] that says why it cannot be decoded.
    pub fn decode(&self, raw: &Raw) -> Result<Decoded, Reject> {
        let _ = &self.settings;
        let Some(value) = &raw.value else { return Ok(Decoded::Tombstone) };
        let body = String::from_utf8_lossy(value).into_owned();
        Ok(Decoded::Article(Box::new(Article { body, ..Article::default() })))
    }
}
