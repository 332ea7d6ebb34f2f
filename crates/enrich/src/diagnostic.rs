//! Why something is missing or was changed: a closed vocabulary, so that consumers can count it.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Field;

/// One remark on a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// Which stage says it.
    pub stage: DiagnosticStage,
    /// What it says.
    pub code: DiagnosticCode,
    /// The same for people, with the particulars.
    pub message: Cow<'static, str>,
    /// The field of `text` it is about.
    pub field: Option<Field>,
    /// Where in that field, in code points.
    pub char: Option<[u32; 2]>,
}

impl Diagnostic {
    /// A remark on the whole record.
    pub fn new(stage: DiagnosticStage, code: DiagnosticCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { stage, code, message: message.into(), field: None, char: None }
    }
}

/// The stage that made a remark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DiagnosticStage {
    /// Bytes to article.
    Decode,
    /// Text to entities, quotes, times.
    Extract,
}

/// What a remark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DiagnosticCode {
    /// A field was filled from the alias named in the message.
    FieldAlias,
    /// The article was inside a member of the record.
    Unwrapped,
    /// There is no full text: a summary stands in for the body.
    BodyFromSummary,
    /// The source cut the body.
    BodyTruncated,
    /// The body was markup and was turned into text.
    MarkupRemoved,
    /// Metadata of a page could not be read.
    MetadataIgnored,
    /// A field of the wrong type was left out.
    WrongType,
    /// A field held a word for nothing (`"None"`) and was left out.
    Placeholder,
    /// A date that cannot be read was left out.
    BadDate,
    /// A JSON object has a key twice; the last value counts.
    DuplicateKeys,
    /// Lone surrogates in JSON escapes were replaced by U+FFFD.
    LoneSurrogates,
    /// The record was compressed and no header said so.
    UndeclaredCompression,
    /// A byte order mark was taken off.
    ByteOrderMark,
    /// The character set was told by the bytes.
    CharsetDetected,
    /// The text is in another character set than declared.
    CharsetMismatch,
    /// A few invalid bytes were replaced by U+FFFD.
    ReplacedInvalidBytes,
    /// The text holds control characters; they were kept.
    ControlCharacters,
    /// The text holds many zero-width or direction characters; they were kept.
    InvisibleCharacters,
    /// The record's key is very large.
    LargeKey,
    /// Headers whose names are not UTF-8 were left out.
    UnreadableHeaders,
    /// Extraction is switched off by configuration.
    ExtractionOff,
    /// There is no text to read.
    NoText,
    /// The text is longer than what is analysed; the position says where analysis stopped.
    TextCut,
    /// The language cannot be told.
    LanguageUnknown,
    /// There are no rules for this language.
    LanguageUnsupported,
    /// The declared language is not the one that the text shows.
    LanguageMismatch,
    /// No name was found.
    NoEntities,
    /// Quotes whose speaker the text does not tell.
    SpeakerUnknown,
    /// Relative dates that cannot be counted because the publication date is not known.
    NoAnchor,
}
