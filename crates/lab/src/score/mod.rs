//! Precision and recall of everything that is extracted, against annotated articles.
//!
//! The whole [`Enricher`] runs over title and body, as it does in the service. Mentions, quotes, times and quantities
//! are right with their exact span; what the annotation calls optional counts for nothing.

mod facts;
pub mod gold;
pub(crate) mod names;
pub mod tally;
#[cfg(test)]
mod tests;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use khabar_enrich::article::{Moment, Precision};
use khabar_enrich::enricher::{Enricher, Settings};
use khabar_enrich::kb::Kb;
use khabar_enrich::tagger::{Model, Taggers};
use khabar_enrich::{Article, Enriched};
use names::Joining;
pub(crate) use names::outermost;
use tally::Tally;

/// Models to use instead of the embedded ones, or beside them.
#[derive(Debug, Clone, Default)]
pub struct Models {
    /// A knowledge base.
    pub kb: Option<PathBuf>,
    /// A fast tagger; `none` for none.
    pub tagger: Option<PathBuf>,
    /// An encoder: the accurate tier.
    pub encoder: Option<PathBuf>,
}

impl Models {
    /// The enricher of these.
    ///
    /// # Errors
    /// When a file cannot be read or is no model.
    pub(crate) fn enricher(&self) -> anyhow::Result<Enricher> {
        let taggers = self.taggers()?;
        let enricher = Enricher::with_kb(Settings::default(), self.kb()?);
        Ok(enricher.with_tagger(taggers.fast).with_encoder(taggers.accurate))
    }

    pub(crate) fn kb(&self) -> anyhow::Result<Kb> {
        match &self.kb {
            Some(path) => {
                Kb::parse(crate::read(path)?.into()).with_context(|| format!("load {}", path.display()))
            }
            None => Ok(Kb::embedded()),
        }
    }

    pub(crate) fn taggers(&self) -> anyhow::Result<Taggers> {
        let fast = match self.tagger.as_deref() {
            Some(path) if path == Path::new("none") => None,
            Some(path) => {
                let model = Model::parse(crate::read(path)?.into());
                Some(model.with_context(|| format!("load {}", path.display()))?)
            }
            None => Model::embedded(),
        };
        let accurate = self.encoder.as_deref().map(crate::encoder).transpose()?;
        Ok(Taggers { fast, accurate: accurate.map(Arc::new) })
    }
}

/// Scores `gold` (JSON lines) and describes the result, with the `errors` commonest mistakes of each kind.
///
/// # Errors
/// When a file cannot be read.
pub fn run(gold: &Path, models: &Models, errors: usize) -> anyhow::Result<String> {
    let enricher = models.enricher()?;
    let articles = gold::read(gold)?;
    let score = score(&articles, &enricher);
    let mut text = score.table();
    if errors > 0 {
        text.push_str(&score.tally.mistakes(errors));
    }
    Ok(text.trim_end().to_owned())
}

/// What was counted.
#[derive(Debug, Default)]
struct Score {
    tally: Tally,
    joining: Joining,
    articles: usize,
    characters: usize,
    spent: Duration,
}

impl Score {
    fn table(&self) -> String {
        let mut text = self.tally.table();
        let (p, r, f) = self.joining.result();
        let name = "entities (B-cubed)";
        let _ = writeln!(text, "{name:<34}{p:>9.3}{r:>8.3}{f:>8.3}");
        let seconds = self.spent.as_secs_f64();
        let _ = writeln!(text, "{} articles, {} characters, {seconds:.3} s", self.articles, self.characters);
        text
    }
}

fn score(articles: &[gold::Article], enricher: &Enricher) -> Score {
    let mut score = Score::default();
    for article in articles {
        let started = Instant::now();
        let out: Enriched = enricher.enrich(&as_read(article));
        score.spent += started.elapsed();
        score.articles += 1;
        score.characters += article.body.chars().count();
        names::mentions(article, &out, &mut score.tally);
        score.joining.add(article, &out);
        facts::quotes(article, &out, &mut score.tally);
        facts::speakers(article, &mut score.tally);
        facts::times(article, &out, &mut score.tally);
        facts::quantities(article, &out, &mut score.tally);
    }
    score
}

/// The article as a decoder would give it.
pub(crate) fn as_read(article: &gold::Article) -> Article {
    let day = article.date.as_deref().and_then(gold::day);
    Article {
        title: article.title.clone(),
        language: Some(article.lang.clone()),
        body: article.body.clone(),
        published: day.map(|day| Moment { value: day, precision: Precision::Day, zone_known: false }),
        ..Article::default()
    }
}
