//! Enriched to JSON of schema `khabar.enriched/1`. The same input, content settings and models give the same bytes.

use khabar_enrich::article::Moment;
use khabar_enrich::enriched::*;
use khabar_enrich::{Article, Diagnostic};
use schemars::JsonSchema;
use serde::Serialize;

use crate::envelope::Position;

use self::members::Members;

mod members;

/// The schema's name, in every record.
pub const SCHEMA: &str = "khabar.enriched/1";

/// One record of the output topic.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Record<'a> {
    /// `khabar.enriched/1`
    pub schema: &'static str,
    /// The article's own id, else its canonical URL, else `content_hash`.
    pub id: &'a str,
    /// `sha256:` over title and body.
    pub content_hash: &'a str,
    /// Where the raw record was read; `null` outside Kafka.
    pub source: Option<Source<'a>>,
    /// What made this record.
    pub pipeline: &'a PipelineInfo,
    /// What the input said of the article.
    pub article: ArticleInfo<'a>,
    /// Declared and detected language.
    pub language: &'a Language,
    /// The text that all spans point into.
    pub text: Text<'a>,
    /// Sentences, title first.
    pub sentences: &'a [Span],
    /// Entities in order of their first mention.
    pub entities: &'a [Entity],
    /// Mentions in order of field, start, then longest first.
    pub mentions: &'a [Mention],
    /// Who holds which office.
    pub roles: &'a [Role],
    /// Speech.
    pub quotes: &'a [Quote],
    /// Quoted strings that are no speech.
    pub quoted: &'a [Quoted],
    /// Dates, times, durations.
    pub times: &'a [Time],
    /// Numbers with their units.
    pub quantities: &'a [Quantity],
    /// Coordinates of entities that have them, named outside of other names or within an unlisted body or place.
    pub places: &'a [Place],
    /// For finding duplicates; `null` when extraction is off.
    pub fingerprint: Option<&'a Fingerprint>,
    /// Why something is missing or was changed.
    pub diagnostics: Vec<&'a Diagnostic>,
}

/// Where the raw record was read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Source<'a> {
    /// Topic.
    pub topic: &'a str,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Its Kafka timestamp, RFC 3339 in UTC; `null` when the record has none.
    pub timestamp: Option<String>,
}

/// What made a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PipelineInfo {
    /// Version of khabar.
    pub version: String,
    /// Hash of the settings that change a record's content.
    pub config: String,
    /// Version of the knowledge base.
    pub kb: String,
    /// Versions of trained models by language.
    pub models: std::collections::BTreeMap<String, String>,
}

/// What the input said of the article.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ArticleInfo<'a> {
    /// Canonical URL.
    pub url: Option<&'a str>,
    /// Headline.
    pub title: Option<&'a str>,
    /// Authors.
    pub authors: &'a [String],
    /// Outlet or agency.
    pub publisher: Option<&'a str>,
    /// When it was published.
    pub published: Option<&'a Moment>,
    /// When it was crawled.
    pub fetched: Option<&'a Moment>,
    /// Section.
    pub section: Option<&'a str>,
    /// Tags.
    pub tags: &'a [String],
    /// Every one of these that was absent.
    pub missing: Vec<&'static str>,
}

/// The text that all spans point into.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Text<'a> {
    /// Original headline.
    pub title: Option<&'a str>,
    /// Original body; `null` with `output.text = "omit"`.
    pub body: Option<&'a str>,
    /// Normalised text, on request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalised: Option<NormalisedStrings<'a>>,
    /// Runs `[normalised start, original start, length]` of the body in code points, on request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_map: Option<&'a [[u32; 3]]>,
}

/// Normalised title and body.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NormalisedStrings<'a> {
    /// Title.
    pub title: Option<&'a str>,
    /// Body.
    pub body: &'a str,
}

/// Encodes records; shared by all lanes.
#[derive(Debug, Clone)]
pub struct Encoder {
    /// In every record.
    pub pipeline: PipelineInfo,
    /// The same as JSON, written once.
    written_pipeline: String,
    omit_text: bool,
}

/// An encoded record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The record's id, which is the key when the input had none.
    pub id: String,
    /// JSON, one line, without a line end.
    pub value: Vec<u8>,
}

impl Encoder {
    /// An encoder that says `pipeline` in every record. With `omit_text` (`output.text = "omit"`) title and
    /// body become `null`.
    pub fn new(pipeline: PipelineInfo, omit_text: bool) -> Self {
        let mut written = Vec::new();
        let mut members = Members::open(&mut written);
        members.value("version", &pipeline.version);
        members.value("config", &pipeline.config);
        members.value("kb", &pipeline.kb);
        members.value("models", &pipeline.models);
        members.close();
        let written_pipeline = String::from_utf8_lossy(&written).into_owned();
        Self { pipeline, written_pipeline, omit_text }
    }

    /// Encodes one record.
    pub fn encode(&self, article: &Article, enriched: &Enriched, position: Option<&Position>) -> Encoded {
        let content_hash = content_hash(article);
        let id = article.id.as_deref().or(article.url.as_deref()).unwrap_or(&content_hash);
        let normalised = enriched.normalised.as_ref().filter(|_| !self.omit_text);
        let record = Record {
            schema: SCHEMA,
            id,
            content_hash: &content_hash,
            source: position.map(|p| Source {
                topic: &p.topic,
                partition: p.partition,
                offset: p.offset,
                timestamp: p.timestamp.and_then(rfc3339),
            }),
            pipeline: &self.pipeline,
            article: article_info(article),
            language: &enriched.language,
            text: Text {
                title: article.title.as_deref().filter(|_| !self.omit_text),
                body: Some(article.body.as_str()).filter(|_| !self.omit_text),
                normalised: normalised
                    .map(|n| NormalisedStrings { title: n.title.as_deref(), body: &n.body }),
                offset_map: normalised.map(|n| n.offset_map.as_slice()),
            },
            sentences: &enriched.sentences,
            entities: &enriched.entities,
            mentions: &enriched.mentions,
            roles: &enriched.roles,
            quotes: &enriched.quotes,
            quoted: &enriched.quoted,
            times: &enriched.times,
            quantities: &enriched.quantities,
            places: &enriched.places,
            fingerprint: enriched.fingerprint.as_ref(),
            diagnostics: article.diagnostics.iter().chain(&enriched.diagnostics).collect(),
        };
        let mut value = Vec::with_capacity(expected_size(article, enriched));
        record.write(&mut value, &self.written_pipeline);
        debug_assert_eq!(serde_json::to_vec(&record).ok().as_ref(), Some(&value), "as its types say");
        Encoded { id: id.to_owned(), value }
    }
}

impl Record<'_> {
    /// The members in the order of the type; `pipeline` is written already. Debug builds compare the result with what `serde_json` makes of
    /// the type itself, for every record.
    fn write(&self, out: &mut Vec<u8>, pipeline: &str) {
        let mut record = Members::open(out);
        record.text("schema", Some(self.schema));
        record.text("id", Some(self.id));
        record.text("content_hash", Some(self.content_hash));
        record.value("source", &self.source);
        record.written("pipeline", pipeline);
        record.value("article", &self.article);
        record.value("language", self.language);
        record.object("text", |text| self.text.write(text));
        record.value("sentences", self.sentences);
        record.value("entities", self.entities);
        record.value("mentions", self.mentions);
        record.value("roles", self.roles);
        record.value("quotes", self.quotes);
        record.value("quoted", self.quoted);
        record.value("times", self.times);
        record.value("quantities", self.quantities);
        record.value("places", self.places);
        record.value("fingerprint", &self.fingerprint);
        record.value("diagnostics", &self.diagnostics);
        record.close();
    }
}

impl Text<'_> {
    fn write(&self, out: &mut Members<'_>) {
        out.text("title", self.title);
        out.text("body", self.body);
        if let Some(normalised) = &self.normalised {
            out.object("normalised", |out| {
                out.text("title", normalised.title);
                out.text("body", Some(normalised.body));
            });
        }
        if let Some(map) = self.offset_map {
            out.value("offset_map", map);
        }
    }
}

/// About how long a record becomes, so that it is not copied while it grows: bytes an item as they were
/// on real articles, rounded up.
fn expected_size(article: &Article, enriched: &Enriched) -> usize {
    let items = [
        (enriched.sentences.len(), 90),
        (enriched.entities.len(), 420),
        (enriched.mentions.len(), 240),
        (enriched.quotes.len() + enriched.quoted.len() + enriched.roles.len(), 500),
        (enriched.times.len() + enriched.quantities.len() + enriched.places.len(), 220),
        (article.diagnostics.len() + enriched.diagnostics.len(), 160),
    ];
    let text = article.body.len() + article.title.as_ref().map_or(0, String::len);
    let lists: usize = items.iter().map(|(count, bytes)| count * bytes).sum();
    text + text / 16 + 2048 + lists
}

fn article_info(article: &Article) -> ArticleInfo<'_> {
    let absent = [
        ("url", article.url.is_none()),
        ("title", article.title.is_none()),
        ("authors", article.authors.is_empty()),
        ("publisher", article.publisher.is_none()),
        ("published", article.published.is_none()),
        ("fetched", article.fetched.is_none()),
        ("section", article.section.is_none()),
        ("tags", article.tags.is_empty()),
    ];
    ArticleInfo {
        url: article.url.as_deref(),
        title: article.title.as_deref(),
        authors: &article.authors,
        publisher: article.publisher.as_deref(),
        published: article.published.as_ref(),
        fetched: article.fetched.as_ref(),
        section: article.section.as_deref(),
        tags: &article.tags,
        missing: absent.into_iter().filter_map(|(name, is_absent)| is_absent.then_some(name)).collect(),
    }
}

/// `sha256:` over the title (length first, so that moving the border changes the hash) and the body.
fn content_hash(article: &Article) -> String {
    use sha2::{Digest, Sha256};
    let title = article.title.as_deref().unwrap_or("");
    let mut hash = Sha256::new();
    hash.update((title.len() as u64).to_le_bytes());
    hash.update(title);
    hash.update(&article.body);
    format!("sha256:{}", hex(&hash.finalize()))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(digit(byte >> 4));
        out.push(digit(*byte));
    }
    out
}

fn rfc3339(millis: i64) -> Option<String> {
    jiff::Timestamp::from_millisecond(millis).ok().map(|t| format!("{t:.3}"))
}
