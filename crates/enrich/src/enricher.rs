//! The layers in their order.

mod named;
mod remarks;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::article::{Article, Precision};
use crate::diagnostic::{Diagnostic, DiagnosticCode, DiagnosticStage};
use crate::doc::Doc;
use crate::encoder::Encoder;
use crate::enriched::{Enriched, EntityType, Field, Language, NormalisedText};
use crate::entities::{self, Found};
use crate::kb::Kb;
use crate::language::{self, Detected};
use crate::lex::Words;
use crate::quotes::{self, Speaker};
use crate::tagger::{Model, Taggers};
use crate::{facts, fingerprint, roles};

/// Tokens of a field that are analysed, some 20 times the longest news article: it bounds memory and
/// the size of a record whatever comes in.
const MAX_TOKENS: usize = 200_000;

/// Languages that the tagger was trained for.
const LANGUAGES: [&str; 4] = ["ar", "en", "fr", "ru"];

/// How much is extracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tier {
    /// Nothing: records are decoded and encoded.
    Off,
    /// Everything that runs at hundreds of thousands of tokens a CPU-second.
    #[default]
    Fast,
    /// The same, and names by a transformer too: one to three thousand words a CPU-second.
    Accurate,
}

/// Settings that change what is extracted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// How much is extracted.
    pub tier: Tier,
    /// Publish the normalised text and its map.
    pub normalised: bool,
}

/// Turns articles into [`Enriched`]; shared by all lanes.
#[derive(Debug)]
pub struct Enricher {
    settings: Settings,
    kb: Kb,
    taggers: Taggers,
}

impl Enricher {
    /// An enricher with the embedded models.
    pub fn new(settings: Settings) -> Self {
        Self::with_kb(settings, Kb::embedded())
    }

    /// An enricher with another knowledge base and the embedded tagger.
    pub fn with_kb(settings: Settings, kb: Kb) -> Self {
        Self { settings, kb, taggers: Taggers { fast: Model::embedded(), accurate: None } }
    }

    /// With another fast tagger, or none.
    #[must_use]
    pub fn with_tagger(mut self, tagger: Option<Model>) -> Self {
        self.taggers.fast = tagger;
        self
    }

    /// With an encoder: [`Tier::Accurate`] needs one.
    #[must_use]
    pub fn with_encoder(mut self, encoder: Option<Arc<Encoder>>) -> Self {
        self.taggers.accurate = encoder;
        self
    }

    /// The taggers.
    pub fn taggers(&self) -> &Taggers {
        &self.taggers
    }

    /// Versions of the trained models that read a text, by language.
    pub fn models(&self) -> BTreeMap<String, String> {
        let of = |name: &str| LANGUAGES.map(|language| (language.to_owned(), name.to_owned()));
        self.taggers.name().into_iter().flat_map(of).collect()
    }

    /// Version of the knowledge base.
    pub fn kb_version(&self) -> &str {
        self.kb.version()
    }

    /// Understands one article. The time it takes grows in proportion to the text.
    pub fn enrich(&self, article: &Article) -> Enriched {
        let mut out = Enriched {
            language: Language { declared: article.language.clone(), ..Language::default() },
            ..Enriched::default()
        };
        if self.settings.tier == Tier::Off {
            out.diagnostics.push(Diagnostic::new(
                DiagnosticStage::Extract,
                DiagnosticCode::ExtractionOff,
                "extraction is switched off (extraction.tier = \"off\")",
            ));
            return out;
        }
        let detected = detect(article);
        out.language.detected = detected.code.map(str::to_owned);
        out.language.confidence = detected.confidence;
        let language = detected.code.or(article.language.as_deref()).unwrap_or("und");

        let mut docs = documents(article);
        out.fingerprint = docs.last().map(fingerprint::of);
        if self.settings.normalised {
            out.normalised = Some(normalised(&docs));
        }
        remarks::cut(&mut docs, MAX_TOKENS, &mut out.diagnostics);

        let found = entities::find(&self.kb, &self.taggers, &docs, language);
        out.roles = roles::find(&docs, &found, language);
        let anchor = anchor(article);
        for doc in &docs {
            out.sentences.extend(doc.sentences.iter().map(|s| doc.span(s.start as usize..s.end as usize)));
            let words = Words::new(doc);
            let (quotes, quoted) = quotes::among(&words, &speakers(doc.field, &found), language);
            out.quotes.extend(quotes);
            out.quoted.extend(quoted);
            let (times, quantities) = facts::among(&words, anchor, language);
            let names = named::Names::new(doc, &found);
            out.times.extend(times.into_iter().filter(|time| !names.hold_time(time)));
            out.quantities.extend(quantities.into_iter().filter(|quantity| !names.hold_quantity(quantity)));
        }
        out.mentions = found.to_mentions(&docs);
        out.entities = found.entities;
        out.places = found.places;
        remarks::about(article, &docs, &mut out);
        out
    }
}

/// Title first, body last; the body is always there.
fn documents(article: &Article) -> Vec<Doc> {
    let title = article.title.as_deref().map(|title| Doc::new(Field::Title, title));
    title.into_iter().chain([Doc::new(Field::Body, &article.body)]).collect()
}

/// By the body; by the title where the body does not tell.
fn detect(article: &Article) -> Detected {
    let body = language::detect(&article.body);
    match &article.title {
        Some(title) if body.code.is_none() => language::detect(title),
        _ => body,
    }
}

/// The day of publication, where it is known to the day.
fn anchor(article: &Article) -> Option<&str> {
    let published = article.published.as_ref()?;
    match published.precision {
        Precision::Year | Precision::Month => None,
        Precision::Day | Precision::Minute | Precision::Second => published.value.get(..10),
    }
}

/// Who may speak in a field: outermost names but those of events, in text order.
fn speakers(field: Field, found: &Found) -> Vec<Speaker<'_>> {
    let mentions = found.mentions_in(field, 0..u32::MAX);
    let outermost =
        mentions.filter(|(_, mention)| mention.nested_in.is_none() && mention.kind != EntityType::Event);
    outermost
        .filter_map(|(_, mention)| {
            Some(Speaker {
                range: mention.range.start as usize..mention.range.end as usize,
                entity: found.id(mention.entity)?,
                person: mention.kind == EntityType::Per,
                place: mention.kind == EntityType::Loc,
            })
        })
        .collect()
}

fn normalised(docs: &[Doc]) -> NormalisedText {
    let mut out = NormalisedText { title: None, body: String::new(), offset_map: Vec::new() };
    for doc in docs {
        match doc.field {
            Field::Title => out.title = Some(doc.text.normalised().to_owned()),
            Field::Body => {
                out.body = doc.text.normalised().to_owned();
                out.offset_map = doc.text.offset_map();
            }
        }
    }
    out
}
