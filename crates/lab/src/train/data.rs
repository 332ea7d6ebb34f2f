//! Texts with the spans of names in them.

use std::io::{BufRead, BufReader, Read};
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, bail};
use flate2::read::GzDecoder;
use khabar_enrich::encoder::words::words;
use khabar_enrich::tagger::TYPES;
use serde::Deserialize;

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
    let open = |path: &Path| std::fs::File::open(path).with_context(|| format!("read {}", path.display()));
    let mut bytes = Vec::new();
    GzDecoder::new(open(labels)?).read_to_end(&mut bytes)?;
    let mut reader = Varints { bytes: &bytes, at: 0 };
    let is_tsv = text.to_string_lossy().contains(".tsv");
    let lines = Labelled::all(&mut reader)?;
    let step = (lines.len() / most.max(1)).max(1);
    let mut lines = lines.into_iter().enumerate().peekable();
    let (mut differ, mut taken) = (0_usize, 0_usize);
    for (number, line) in BufReader::new(GzDecoder::new(open(text)?)).split(b'\n').enumerate() {
        let Some((place, labelled)) = lines.next_if(|(_, l)| l.line == number) else {
            line?;
            continue;
        };
        let line = line?;
        if place % step != 0 {
            continue;
        }
        let Ok(line) = String::from_utf8(line) else { continue };
        let line = if is_tsv { line.split_once('\t').map_or("", |l| l.1).to_owned() } else { line };
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

struct Labelled {
    line: usize,
    words: usize,
    spans: Vec<Span>,
}

struct Span {
    words: Range<usize>,
    kind: usize,
    probability: f32,
}

impl Labelled {
    fn all(reader: &mut Varints<'_>) -> anyhow::Result<Vec<Self>> {
        let (mut lines, mut next) = (Vec::new(), 0);
        while reader.at < reader.bytes.len() {
            let line = next + reader.number()?;
            next = line + 1;
            let (words, count) = (reader.number()?, reader.number()?);
            let (mut spans, mut end) = (Vec::new(), 0);
            for _ in 0..count {
                let start = end + reader.number()?;
                end = start + reader.number()?;
                let (kind, probability) = (reader.byte()?, reader.byte()?);
                if end > start && usize::from(kind) < TYPES.len() {
                    let probability = (f32::from(probability) + 0.5) / 256.0;
                    spans.push(Span { words: start..end, kind: kind.into(), probability });
                }
            }
            lines.push(Self { line, words, spans });
        }
        Ok(lines)
    }
}

struct Varints<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Varints<'_> {
    fn byte(&mut self) -> anyhow::Result<u8> {
        let byte = *self.bytes.get(self.at).context("silver labels are cut short")?;
        self.at += 1;
        Ok(byte)
    }

    fn number(&mut self) -> anyhow::Result<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return Ok(number);
            }
            if shift > 56 {
                bail!("silver labels are damaged");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_as_written() {
        // Line 2, 300 words, one name: words 1 and 2, a place, 128/256.
        let bytes = [2, 0xac, 2, 1, 1, 2, 2, 128];
        let lines = Labelled::all(&mut Varints { bytes: &bytes, at: 0 }).expect("labels");
        assert_eq!((lines[0].line, lines[0].words, lines[0].spans[0].words.clone()), (2, 300, 1..3));
        assert!(Labelled::all(&mut Varints { bytes: &bytes[..7], at: 0 }).is_err(), "cut short");
    }
}
