//! What reading costs: CPU time of one thread, to be compared with other programs on the same articles
//! (`crates/lab/compare`).

use std::fmt::Write as _;
use std::path::Path;

use khabar_enrich::Article;
use khabar_enrich::doc::Doc;
use khabar_enrich::encoder::words::words;
use khabar_enrich::enriched::Field;

use crate::score::{Models, gold};

/// Reads the bodies of the first `most` of `articles` (JSON lines with `body`) once with all layers, as the service does; with
/// an encoder once more with that alone.
///
/// # Errors
/// When a file cannot be read, or the system does not tell the CPU time of a thread.
pub fn run(articles: &Path, models: &Models, most: usize) -> anyhow::Result<String> {
    let enricher = models.enricher()?;
    let articles: Vec<Article> = gold::read(articles)?
        .into_iter()
        .take(most)
        .map(|article| Article { body: article.body, ..Article::default() })
        .collect();
    let count: usize = articles.iter().map(|article| words(&article.body).len()).sum();
    let mut text = format!("{} articles, {count} words\n", articles.len());
    let before = cpu_seconds()?;
    let found: usize = articles.iter().map(|article| enricher.enrich(article).mentions.len()).sum();
    let spent = cpu_seconds()? - before;
    line(&mut text, "all layers", count, spent);
    if let Some(encoder) = &enricher.taggers().accurate {
        let docs: Vec<[Doc; 1]> =
            articles.iter().map(|article| [Doc::new(Field::Body, &article.body)]).collect();
        let before = cpu_seconds()?;
        let scored: usize = docs.iter().map(|doc| encoder.score(doc).len()).sum();
        let spent = cpu_seconds()? - before;
        line(&mut text, "the encoder alone", count, spent);
        let _ = writeln!(text, "{scored} bodies scored on {}", encoder.path().name());
    }
    let _ = write!(text, "{found} names");
    Ok(text)
}

fn line(text: &mut String, name: &str, words: usize, seconds: f64) {
    let _ = writeln!(text, "{name}: {seconds:.3} s, {:.0} words a CPU-second", words as f64 / seconds);
}

/// CPU time of the calling thread.
fn cpu_seconds() -> anyhow::Result<f64> {
    use anyhow::Context;
    let path = "/proc/thread-self/schedstat";
    let stat = std::fs::read_to_string(path)
        .with_context(|| format!("read {path}: speeds are measured on Linux"))?;
    let nanoseconds: f64 =
        stat.split(' ').next().and_then(|ns| ns.parse().ok()).with_context(|| format!("read {path}"))?;
    Ok(nanoseconds / 1e9)
}
