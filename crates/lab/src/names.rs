//! The names that are found in articles, in the format of annotated ones: to be looked at, and to be scored beside what
//! other programs find (`crates/lab/compare`).

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use khabar_enrich::doc::Doc;
use khabar_enrich::enriched::{EntityType, Field};
use khabar_enrich::tagger::tag;
use serde::Serialize;

use crate::score::{Models, as_read, gold, outermost};

#[derive(Serialize)]
struct Article<'a> {
    lang: &'a str,
    body: &'a str,
    mentions: Vec<Mention>,
}

#[derive(Serialize)]
struct Mention {
    #[serde(rename = "type")]
    kind: EntityType,
    entity: String,
    start: u32,
    end: u32,
    text: String,
}

/// Writes each of `articles` (JSON lines with `body`) with the outermost names of its body; `alone` takes them from the tagger
/// as it says them, without the knowledge base, the patterns and the weighing.
///
/// # Errors
/// When a file cannot be read or the output not be written.
pub fn run(articles: &Path, models: &Models, alone: bool, mut out: impl Write) -> anyhow::Result<()> {
    let enricher = models.enricher()?;
    let kb = models.kb()?;
    for article in gold::read(articles)? {
        let mentions = if alone {
            let doc = Doc::new(Field::Body, &article.body);
            let found = tag(&kb, enricher.taggers(), &doc);
            let each = found.into_iter().filter_map(|name| {
                let first = doc.tokens.get(name.tokens.start)?;
                let last = doc.tokens.get(name.tokens.end.checked_sub(1)?)?;
                let span = doc.span(first.start as usize..last.end as usize);
                let text = doc.original(first.start as usize..last.end as usize).to_owned();
                let [start, end] = span.char;
                Some(Mention { kind: name.kind, entity: String::new(), start, end, text })
            });
            each.collect()
        } else {
            let found = enricher.enrich(&as_read(&article));
            let each = outermost(&found).into_iter().map(|((start, end), mention)| Mention {
                kind: mention.kind,
                entity: mention.entity.clone(),
                start,
                end,
                text: mention.text.clone(),
            });
            each.collect()
        };
        let found = Article { lang: &article.lang, body: &article.body, mentions };
        serde_json::to_writer(&mut out, &found)?;
        writeln!(out).context("write what was found")?;
    }
    out.flush().context("write what was found")
}
