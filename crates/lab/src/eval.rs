//! Names against annotated articles: strict F1 by type, by whether training has seen the name, by its length.
//!
//! What is right, optional or a mistake is decided as `khabar-lab score` does it ([`crate::score`]); this looks at names
//! alone, closer. A name that training has seen is one whose words are annotated as a name in a file that was trained on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use khabar_enrich::Enricher;
use khabar_enrich::doc::Doc;
use khabar_enrich::encoder::words::{clean, words};
use khabar_enrich::enriched::{EntityType, Field};
use khabar_enrich::tagger::{self, TYPES};
use rustc_hash::FxHashSet;

use crate::progress::Progress;
use crate::score::gold::{self, Article};
use crate::score::names::{Judged, Name, judge, outermost};
use crate::score::tally::{Count, Tally};
use crate::score::{Models, as_read};

/// What to measure, and on what.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Annotated articles.
    pub gold: PathBuf,
    /// What was trained on, in the same format.
    pub train: Vec<PathBuf>,
    /// What finds the names.
    pub models: Models,
    /// The tagger by itself, without the knowledge base and what weighs both.
    pub alone: bool,
    /// Show this many of the commonest mistakes of each kind.
    pub errors: usize,
}

/// The rows of types: all, the three that are always compared, and each.
pub const ALL: &str = "names";
/// People, organisations and places together.
pub const CORE: &str = "PER, ORG, LOC";

/// Figures and mistakes.
#[derive(Debug, Default)]
pub struct Scores {
    /// Counts by row; lengths and what was seen are of all types.
    pub tally: Tally,
    /// Articles.
    pub articles: usize,
    /// Annotated names, optional ones not counted.
    pub names: u32,
}

/// Measures, and shows tables.
///
/// # Errors
/// When a file cannot be read.
pub fn run(options: &Options) -> anyhow::Result<String> {
    let scores = scores(options)?;
    let mut text = scores.tally.table();
    text += &format!("{} articles, {} names\n", scores.articles, scores.names);
    if options.errors > 0 {
        text += &scores.tally.mistakes(options.errors);
    }
    Ok(text)
}

/// Measures.
///
/// # Errors
/// When a file cannot be read.
pub fn scores(options: &Options) -> anyhow::Result<Scores> {
    let articles = gold::read(&options.gold)?;
    let seen = options.train.iter().map(|path| gold::read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let seen = (!seen.is_empty()).then(|| Seen::new(seen.iter().flatten()));
    let finder = Finder::new(&options.models, options.alone)?;
    let mut scores = Scores { articles: articles.len(), ..Scores::default() };
    // Rows stand in this order, whatever comes first.
    let types = TYPES.map(|kind| format!("  {}", kind.as_str()));
    let fixed = [ALL.to_owned(), CORE.to_owned()].into_iter().chain(types);
    let lengths = (1..=4).map(length);
    let known = seen.iter().flat_map(|_| [true, false]).map(|known| familiarity(known).to_owned());
    fixed.chain(known).chain(lengths).for_each(|row| {
        scores.tally.count(&row);
    });
    let mut progress = Progress::new("articles");
    for article in &articles {
        let found = finder.find(article);
        let found = found.iter().map(|(span, kind, text)| (*span, Name { kind: *kind, text })).collect();
        for judged in judge(&article.mentions, &found) {
            scores.add(&judged, seen.as_ref());
        }
        progress.one();
    }
    progress.end();
    Ok(scores)
}

impl Scores {
    fn add(&mut self, judged: &Judged<'_>, seen: Option<&Seen>) {
        let (kind, text) = match judged {
            Judged::Found { name, .. } => (name.kind, name.text),
            Judged::Missed { gold, .. } => (gold.kind, gold.text.as_str()),
        };
        let mut rows = vec![ALL.to_owned(), format!("  {}", kind.as_str())];
        if matches!(kind, EntityType::Per | EntityType::Org | EntityType::Loc) {
            rows.push(CORE.to_owned());
        }
        rows.extend(seen.map(|seen| familiarity(seen.has(text)).to_owned()));
        rows.push(length(words(text).len()));
        for row in rows {
            let Count { right, wrong, missed } = self.tally.count(&row);
            match judged {
                Judged::Found { right: true, .. } => *right += 1,
                Judged::Found { right: false, .. } => *wrong += 1,
                Judged::Missed { .. } => *missed += 1,
            }
        }
        self.names += u32::from(!matches!(judged, Judged::Found { right: false, .. }));
        if let Some((kind, text)) = judged.mistake() {
            self.tally.mistake(kind, text);
        }
    }
}

fn familiarity(known: bool) -> &'static str {
    if known { "seen in training" } else { "not seen in training" }
}

fn length(words: usize) -> String {
    match words {
        0 | 1 => "1 word".to_owned(),
        2 | 3 => format!("{words} words"),
        _ => "4 words and more".to_owned(),
    }
}

/// Names that were trained on, without marks on their letters.
struct Seen(FxHashSet<String>);

impl Seen {
    fn new<'a>(articles: impl Iterator<Item = &'a Article>) -> Self {
        let names = articles.flat_map(|article| &article.mentions).filter(|mention| !mention.optional);
        Self(names.map(|mention| plain(&mention.text)).collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(&plain(name))
    }
}

fn plain(name: &str) -> String {
    let words = words(name).into_iter().map(|word| clean(name.get(word).unwrap_or_default()));
    words.collect::<Vec<_>>().join(" ")
}

/// A span in code points of the body, a type, the words.
type Found = ((u32, u32), EntityType, String);

/// What finds names.
enum Finder {
    Whole(Box<Enricher>),
    Alone(Box<(khabar_enrich::kb::Kb, tagger::Taggers)>),
}

impl Finder {
    fn new(models: &Models, alone: bool) -> anyhow::Result<Self> {
        if !alone {
            return Ok(Self::Whole(Box::new(models.enricher()?)));
        }
        let taggers = models.taggers()?;
        taggers.name().context("--alone needs a tagger or an encoder")?;
        Ok(Self::Alone(Box::new((models.kb()?, taggers))))
    }

    fn find(&self, article: &Article) -> Vec<Found> {
        match self {
            Self::Whole(enricher) => {
                let out = enricher.enrich(&as_read(article));
                let each = outermost(&out).into_iter();
                each.map(|(span, mention)| (span, mention.kind, mention.text.clone())).collect()
            }
            Self::Alone(parts) => {
                let (kb, taggers) = parts.as_ref();
                let doc = Doc::new(Field::Body, &article.body);
                let tagged = tagger::tag(kb, taggers, &doc);
                let range = |tokens: &std::ops::Range<usize>| {
                    let (first, last) =
                        (doc.tokens.get(tokens.start)?, doc.tokens.get(tokens.end.checked_sub(1)?)?);
                    Some(first.start as usize..last.end as usize)
                };
                let found = tagged.iter().filter_map(|name| {
                    let range = range(&name.tokens)?;
                    let span = doc.span(range.clone()).char;
                    Some(((span[0], span[1]), name.kind, doc.original(range).to_owned()))
                });
                let by_span: BTreeMap<_, _> = found.map(|found| (found.0, found)).collect();
                by_span.into_values().collect()
            }
        }
    }
}
