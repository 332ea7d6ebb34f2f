//! Texts with the spans of names in them.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context, bail};
use khabar_enrich::encoder::words::words;
use khabar_enrich::tagger::TYPES;
use serde::Deserialize;

use super::silver::{self, Labelled, Span};

/// A text and the names in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Bytes of each name and the index of its type in [`TYPES`], in order, outermost only.
    pub spans: Vec<(Range<usize>, usize)>,
    /// Bytes where it cannot be said what is right: sentences with one are not trained on.
    pub unsure: Vec<Range<usize>>,
}

#[derive(Deserialize)]
struct Article {
    #[serde(default)]
    source: String,
    body: String,
    mentions: Vec<crate::score::gold::Mention>,
}

/// Annotated articles with their outlets.
///
/// # Errors
/// When the file cannot be read.
pub fn gold(path: &Path) -> anyhow::Result<Vec<(String, Text)>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let article: Article = serde_json::from_str(line).context("an annotated article")?;
            let bytes: Vec<usize> =
                article.body.char_indices().map(|(at, _)| at).chain([article.body.len()]).collect();
            let range = |m: &crate::score::gold::Mention| {
                Some(*bytes.get(m.start as usize)?..*bytes.get(m.end as usize)?)
            };
            let mut spans = Vec::new();
            let mut unsure = Vec::new();
            for mention in &article.mentions {
                let (Some(range), Some(kind)) =
                    (range(mention), TYPES.iter().position(|t| *t == mention.kind))
                else {
                    bail!("a mention outside of its article");
                };
                if mention.optional {
                    unsure.push(range);
                } else {
                    spans.push((range, kind));
                }
            }
            Ok((article.source, Text { text: article.body, spans: outermost(spans), unsure }))
        })
        .collect()
}

fn outermost(mut spans: Vec<(Range<usize>, usize)>) -> Vec<(Range<usize>, usize)> {
    spans.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut kept: Vec<(Range<usize>, usize)> = Vec::new();
    for span in spans {
        if kept.last().is_none_or(|last| span.0.start >= last.0.end) {
            kept.push(span);
        }
    }
    kept
}

/// Calls `each` with about `most` lines that have silver labels (`data/silver/README.md`), evenly over the file.
///
/// # Errors
/// When a file cannot be read, or labels and text do not belong together.
pub fn silver(
    labels: &Path,
    text: &Path,
    most: usize,
    least: f32,
    mut each: impl FnMut(Text),
) -> anyhow::Result<()> {
    let lines = Labelled::all(&silver::unpacked(labels)?)?;
    let step = (lines.len() / most.max(1)).max(1);
    let mut lines = lines.into_iter().enumerate().peekable();
    let (mut differ, mut taken) = (0_usize, 0_usize);
    for line in silver::lines(text)? {
        let (number, line) = line.with_context(|| format!("read {}", text.display()))?;
        let Some((place, labelled)) = lines.next_if(|(_, l)| l.line == number) else { continue };
        let Some(line) = line.filter(|_| place % step == 0) else { continue };
        let words = words(&line);
        taken += 1;
        if words.len() != labelled.words {
            differ += 1;
            continue;
        }
        if labelled.spans.iter().any(|span| span.probability < least) {
            continue;
        }
        let range =
            |s: &Span| Some((words.get(s.words.start)?.start..words.get(s.words.end - 1)?.end, s.kind));
        let spans = labelled.spans.iter().filter_map(range).collect();
        each(Text { text: line, spans, unsure: Vec::new() });
    }
    if differ * 50 > taken {
        bail!(
            "{} and {} do not belong together: {differ} of {taken} lines differ",
            labels.display(),
            text.display()
        );
    }
    Ok(())
}
