//! What is made offline: the compiled knowledge base, and scores against annotated articles.
//!
//! # Map
//! - [`kb`]: `data/` to `models/kb.bin`
//! - [`score`]: precision and recall against annotated articles
//! - [`train`]: annotated articles and silver labels to `models/fast.bin`
//! - [`pack`]: trained weights to `models/accurate.bin`
//! - [`clitics`]: precision and recall of proclitics and enclitics on words that were segmented by hand
//! - [`duplicates`]: recall and precision of joining near-duplicates by their fingerprints
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod clitics;
pub mod duplicates;
pub mod kb;
pub mod pack;
pub mod score;
pub mod train;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context;
use khabar_enrich::encoder::Encoder;

/// The lines of a file, plain or gzip.
pub(crate) fn lines(path: &Path) -> anyhow::Result<impl Iterator<Item = std::io::Result<String>>> {
    let file = std::fs::File::open(path).with_context(|| format!("read {}", path.display()))?;
    let zipped = path.extension().is_some_and(|extension| extension == "gz");
    let reader: Box<dyn Read> =
        if zipped { Box::new(flate2::read::GzDecoder::new(file)) } else { Box::new(file) };
    Ok(BufReader::new(reader).lines())
}

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("read {}", path.display()))
}

/// The accurate tagger of a file.
pub(crate) fn encoder(path: &Path) -> anyhow::Result<Encoder> {
    Encoder::parse(&read(path)?).with_context(|| format!("load {}", path.display()))
}
