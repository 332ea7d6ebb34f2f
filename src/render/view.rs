//! A record as its reader sees it: the JSON again, with owned values and nothing required.

use khabar_enrich::article::Moment;
use khabar_enrich::enriched::{
    Entity, EntityType, Field, Language, Mention, Place, Quantity, Quote, Quoted, Role, Time,
};
use serde::Deserialize;

/// A record of schema `khabar.enriched/1`, read back.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct View {
    /// The article's identity.
    pub id: String,
    /// Where the raw record was read.
    pub source: Option<Source>,
    /// What the input said of the article.
    pub article: Article,
    /// Declared and detected language.
    pub language: Language,
    /// What spans point into.
    pub text: Text,
    /// Who and what the text names.
    pub entities: Vec<Entity>,
    /// Where.
    pub mentions: Vec<Mention>,
    /// Offices.
    pub roles: Vec<Role>,
    /// Speech.
    pub quotes: Vec<Quote>,
    /// Quoted strings that are no speech.
    pub quoted: Vec<Quoted>,
    /// Times.
    pub times: Vec<Time>,
    /// Quantities.
    pub quantities: Vec<Quantity>,
    /// Coordinates.
    pub places: Vec<Place>,
    /// Remarks.
    pub diagnostics: Vec<Remark>,
}

/// A position in Kafka.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Source {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
}

/// What the input said of the article.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Article {
    /// Canonical URL.
    pub url: Option<String>,
    /// Authors.
    pub authors: Vec<String>,
    /// Outlet or agency.
    pub publisher: Option<String>,
    /// When it was published.
    pub published: Option<Moment>,
    /// Section.
    pub section: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// What was absent.
    pub missing: Vec<String>,
}

/// Title and body.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Text {
    /// Headline.
    pub title: Option<String>,
    /// Body; `None` where the output leaves the text out.
    pub body: Option<String>,
}

/// A remark of the pipeline.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Remark {
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
}

impl View {
    /// Reads a record's value.
    ///
    /// # Errors
    /// When it is no JSON, or not of this schema.
    pub fn parse(value: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(value)
    }

    /// The text of one field.
    pub fn field(&self, field: Field) -> Option<&str> {
        match field {
            Field::Title => self.text.title.as_deref(),
            Field::Body => self.text.body.as_deref(),
        }
    }

    /// The entity of that id.
    pub fn entity(&self, id: &str) -> Option<&Entity> {
        self.entities.iter().find(|e| e.id == id)
    }

    /// Entities of one type, most mentioned first, then in order of the text.
    pub fn entities_of(&self, kind: EntityType) -> Vec<&Entity> {
        let mut found: Vec<_> = self.entities.iter().filter(|e| e.kind == kind).collect();
        found.sort_by_key(|e| std::cmp::Reverse(e.mentions.len()));
        found
    }

    /// What a quote's speaker is called: the entity, else the words of the text.
    pub fn speaker<'a>(&'a self, quote: &'a Quote) -> Option<Speaker<'a>> {
        match quote.speaker.as_deref().and_then(|id| self.entity(id)) {
            Some(entity) => Some(Speaker::Entity(entity)),
            None => quote.speaker_text.as_deref().map(Speaker::Words),
        }
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy)]
pub enum Speaker<'a> {
    /// Somebody the article names.
    Entity(&'a Entity),
    /// Somebody it only describes.
    Words(&'a str),
}

/// The types in the order in which people look for them, with a heading.
pub const HEADINGS: [(EntityType, &str); 5] = [
    (EntityType::Per, "People"),
    (EntityType::Org, "Organisations"),
    (EntityType::Loc, "Places"),
    (EntityType::Event, "Events"),
    (EntityType::Misc, "Other names"),
];

/// The offices that the text gives a person, each once.
pub fn offices<'a>(view: &'a View, person: &Entity) -> Vec<&'a str> {
    let mut offices: Vec<&str> = Vec::new();
    for role in view.roles.iter().filter(|role| role.person.as_deref() == Some(&person.id)) {
        if !offices.contains(&role.text.as_str()) {
            offices.push(&role.text);
        }
    }
    offices
}

/// An ISO 639-1 code in English words, for the languages that we read.
pub fn language_name(code: &str) -> &str {
    match code {
        "ar" => "Arabic",
        "en" => "English",
        "fr" => "French",
        "ru" => "Russian",
        "fa" => "Persian",
        "ur" => "Urdu",
        "es" => "Spanish",
        "de" => "German",
        other => other,
    }
}

/// The name of a unit variant as the record spells it: `DATE`, `money`, `END`.
pub fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A number with separators between thousands: `20,000,000`, `3.5`.
pub fn number(value: f64) -> String {
    let plain = format!("{value}");
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut out = sign.to_owned();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(20_000_000.0), "20,000,000");
        assert_eq!(number(-1234.5), "-1,234.5");
        assert_eq!(number(999.0), "999");
        assert_eq!(number(0.25), "0.25");
    }
}
