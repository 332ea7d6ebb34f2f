//! Silver labels as they are kept: positions of words in the lines of a text (`data/silver/README.md`).
//!
//! For each labelled line, in order: lines skipped since the last labelled one, number of words, number of names; for each
//! name: words since the end of the last one, its words, a byte with the number of its type, a byte with its probability
//! in parts of 256. All else are variable-length numbers (LEB128). The file is gzip.

use std::io::{BufRead, BufReader, Read};
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, bail};
use khabar_enrich::tagger::TYPES;

/// A line with the names in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// Its number, from 0.
    pub line: usize,
    /// Words that it had when it was labelled.
    pub words: usize,
    /// Names, in order, apart from each other.
    pub spans: Vec<Span>,
}

/// A name.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Its words.
    pub words: Range<usize>,
    /// The index of its type in [`TYPES`].
    pub kind: usize,
    /// How probable it is.
    pub probability: f32,
}

/// In order, without those that begin in one before them.
pub fn apart(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut kept: Vec<Span> = Vec::new();
    for span in spans.filter(|span| !span.words.is_empty()) {
        if kept.last().is_none_or(|last| span.words.start >= last.words.end) {
            kept.push(span);
        }
    }
    kept
}

impl Labelled {
    /// All labelled lines of a file that is unpacked.
    ///
    /// # Errors
    /// When it is cut short or damaged.
    pub fn all(bytes: &[u8]) -> anyhow::Result<Vec<Self>> {
        let mut reader = Varints { bytes, at: 0 };
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

    /// As it is written; `next` is the line behind the last labelled one.
    pub fn bytes(&self, next: usize) -> Vec<u8> {
        let mut out = Vec::new();
        number(self.line.saturating_sub(next), &mut out);
        number(self.words, &mut out);
        number(self.spans.len(), &mut out);
        let mut end = 0;
        for span in &self.spans {
            number(span.words.start.saturating_sub(end), &mut out);
            number(span.words.len(), &mut out);
            end = span.words.end;
            out.push(span.kind as u8);
            out.push((span.probability * 256.0).clamp(0.0, 255.0) as u8);
        }
        out
    }
}

fn number(mut number: usize, out: &mut Vec<u8>) {
    while number > 127 {
        out.push((number & 127 | 128) as u8);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The numbers and texts of the lines of a file, plain or gzip; of one named `.tsv` what is behind the first tab. `None`
/// for a line that is not UTF-8.
///
/// # Errors
/// When the file cannot be opened; each line, when it cannot be read.
pub fn lines(path: &Path) -> anyhow::Result<impl Iterator<Item = std::io::Result<(usize, Option<String>)>>> {
    let is_tsv = path.to_string_lossy().contains(".tsv");
    let lines = BufReader::new(crate::open(path)?).split(b'\n').enumerate();
    Ok(lines.map(move |(number, line)| {
        let line = String::from_utf8(line?).ok();
        let behind_tab = |line: String| line.split_once('\t').map_or("", |parts| parts.1).to_owned();
        Ok((number, if is_tsv { line.map(behind_tab) } else { line }))
    }))
}

/// The bytes of a file, unpacked.
///
/// # Errors
/// When it cannot be read.
pub fn unpacked(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    crate::open(path)?.read_to_end(&mut bytes).with_context(|| format!("read {}", path.display()))?;
    Ok(bytes)
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
        let lines = Labelled::all(&bytes).expect("labels");
        assert_eq!((lines[0].line, lines[0].words, lines[0].spans[0].words.clone()), (2, 300, 1..3));
        assert_eq!(lines[0].bytes(0), bytes);
        assert!(Labelled::all(&bytes[..7]).is_err(), "cut short");
    }

    #[test]
    fn names_that_begin_in_another_are_left_out() {
        let span = |words| Span { words, kind: 0, probability: 0.5 };
        let kept = apart([span(0..2), span(1..4), span(2..3), span(3..3)].into_iter());
        assert_eq!(kept, [span(0..2), span(2..3)]);
    }
}
