//! The layers in their order.

use crate::article::Article;
use crate::diagnostic::{Diagnostic, DiagnosticCode, DiagnosticStage};
use crate::enriched::{Enriched, Language};

/// How much is extracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tier {
    /// Nothing: records are decoded and encoded.
    Off,
    /// Everything that runs at hundreds of thousands of tokens a CPU-second.
    #[default]
    Fast,
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
}

impl Enricher {
    /// An enricher with the embedded models.
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Version of the embedded knowledge base.
    pub fn kb_version(&self) -> &str {
        "none"
    }

    /// Understands one article.
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
        }
        out
    }
}
