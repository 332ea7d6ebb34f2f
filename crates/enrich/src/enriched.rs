//! What goes out: the parts of a `khabar.enriched/1` record that come from the text alone.
//!
//! Spans are half-open `[start, end]` pairs into the named field of `text`, in code points, UTF-8
//! bytes and UTF-16 units; `original[span]` equals the annotation's `text` to the letter. Absent
//! optional values are `null`; lists are never absent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod values;

pub use values::{
    Calendar, Fingerprint, Place, PlacePrecision, Quantity, QuantityKind, Time, TimeMod, TimeType, Unit,
};

use crate::Diagnostic;

/// Everything understood of one article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Enriched {
    /// Declared and detected language.
    pub language: Language,
    /// The normalised text and its map, where the settings ask for it.
    pub normalised: Option<NormalisedText>,
    /// Sentences, title first.
    pub sentences: Vec<Span>,
    /// Entities in order of their first mention.
    pub entities: Vec<Entity>,
    /// Mentions in order of field (title first), start, then longest first.
    pub mentions: Vec<Mention>,
    /// Who holds which office.
    pub roles: Vec<Role>,
    /// Speech.
    pub quotes: Vec<Quote>,
    /// Quoted strings that are no speech.
    pub quoted: Vec<Quoted>,
    /// Dates, times, durations.
    pub times: Vec<Time>,
    /// Numbers with their units.
    pub quantities: Vec<Quantity>,
    /// Coordinates of entities that have them, named outside of other names or within an unlisted body or place.
    pub places: Vec<Place>,
    /// For finding duplicates; `null` when extraction is off.
    pub fingerprint: Option<Fingerprint>,
    /// Why something is missing.
    pub diagnostics: Vec<Diagnostic>,
}

/// The text field that a span points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `text.title`
    Title,
    /// `text.body`
    Body,
}

/// A half-open stretch of original text in three units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// Which text.
    pub field: Field,
    /// Unicode code points.
    pub char: [u32; 2],
    /// UTF-8 bytes.
    pub byte: [u32; 2],
    /// UTF-16 code units.
    pub utf16: [u32; 2],
}

/// Language of the article.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Language {
    /// As the input declared it.
    pub declared: Option<String>,
    /// As the text shows it (ISO 639-1); `null` when it cannot be told.
    pub detected: Option<String>,
    /// 0 to 1, rounded to two decimals.
    pub confidence: f64,
}

/// Normalised text, published on request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NormalisedText {
    /// Normalised title.
    pub title: Option<String>,
    /// Normalised body.
    pub body: String,
    /// Runs `[normalised start, original start, length]` of the body in code points; text between runs was changed.
    pub offset_map: Vec<[u32; 3]>,
}

/// Type of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum EntityType {
    /// People.
    #[serde(rename = "PER")]
    Per,
    /// Organisations.
    #[serde(rename = "ORG")]
    Org,
    /// Places.
    #[serde(rename = "LOC")]
    Loc,
    /// Named events.
    #[serde(rename = "EVENT")]
    Event,
    /// Other names.
    #[serde(rename = "MISC")]
    Misc,
}

impl EntityType {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Per, Self::Org, Self::Loc, Self::Event, Self::Misc];

    /// As the record writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Per => "PER",
            Self::Org => "ORG",
            Self::Loc => "LOC",
            Self::Event => "EVENT",
            Self::Misc => "MISC",
        }
    }
}

/// One thing that the article names, however often and in whatever form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    /// `e1`, `e2`, … unique in the record.
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// Its fullest form: the knowledge base's name in the article's language, else the longest mention, with the article that للـ hides, Russian in the nominative.
    pub name: String,
    /// English name.
    pub name_en: Option<String>,
    /// Where the English name comes from.
    pub name_en_from: Option<NameSource>,
    /// Other forms in this article.
    pub aliases: Vec<String>,
    /// Identifiers elsewhere.
    pub link: Link,
    /// Other readings, likeliest first, when it is ambiguous.
    pub candidates: Vec<Candidate>,
    /// Indices into `mentions`.
    pub mentions: Vec<u32>,
    /// 0 to 1: how central to the article.
    pub salience: f64,
    /// 0 to 1.
    pub confidence: f64,
}

/// Where an English name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NameSource {
    /// The knowledge base.
    Kb,
    /// Transliterated by rule.
    Transliteration,
    /// Found in the text.
    Text,
}

/// Identifiers of an entity elsewhere; `null` where none is certain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Wikidata item, `Q159`.
    pub wikidata: Option<String>,
    /// GeoNames id.
    pub geonames: Option<u32>,
    /// ISO 3166-1 alpha-2 or 3166-2 code.
    pub iso3166: Option<String>,
}

/// Another reading of an ambiguous name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// Name of that reading.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// Its identifiers.
    pub link: Link,
    /// 0 to 1.
    pub confidence: f64,
}

/// One place where an entity is named. The span leaves out clitics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// Id of the entity.
    pub entity: String,
    /// Type of this mention.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// The words, to the letter.
    pub text: String,
    /// Where.
    #[serde(flatten)]
    pub span: Span,
    /// Proclitics written onto the name and left out of the span: letters of و ف ب ك ل س in their order, `""` when none.
    pub proclitics: String,
    /// Index of the enclosing mention.
    pub nested_in: Option<u32>,
    /// What found it.
    pub found_by: FoundBy,
    /// 0 to 1.
    pub confidence: f64,
}

/// The layer that found a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// The knowledge base.
    Kb,
    /// A trained tagger.
    Tagger,
    /// A pattern.
    Pattern,
    /// A form of a name found elsewhere in the document.
    Document,
}

/// An office or function said of a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Role {
    /// Entity id of the person.
    pub person: Option<String>,
    /// The office: `الأمين العام`.
    pub title: String,
    /// Entity id of the organisation or place.
    pub organisation: Option<String>,
    /// Title and organisation together, to the letter.
    pub text: String,
    /// Where.
    #[serde(flatten)]
    pub span: Span,
}

/// Something said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quote {
    /// The words, inside the marks.
    pub text: String,
    /// Where.
    #[serde(flatten)]
    pub span: Span,
    /// Direct or indirect.
    pub kind: QuoteKind,
    /// Entity id of the speaker.
    pub speaker: Option<String>,
    /// The words of the text for a speaker that is no entity.
    pub speaker_text: Option<String>,
    /// The word that introduces it.
    pub cue: Option<String>,
    /// Entity id of who read it out on the speaker's behalf.
    pub read_by: Option<String>,
    /// 0 to 1.
    pub confidence: f64,
}

/// Direct or indirect speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuoteKind {
    /// In quotation marks.
    Direct,
    /// Reported.
    Indirect,
}

/// A quoted string that is no speech.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quoted {
    /// The words, inside the marks.
    pub text: String,
    /// Where.
    #[serde(flatten)]
    pub span: Span,
    /// What it is instead.
    pub kind: QuotedKind,
}

/// Why a string is in quotation marks without being said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuotedKind {
    /// Title of a work or event.
    Title,
    /// A name or part of one.
    Name,
    /// A term.
    Term,
    /// Scare quotes.
    Scare,
}
