//! What is made offline: the compiled knowledge base, and scores against annotated articles.
//!
//! # Map
//! - [`kb`]: `data/` to `models/kb.bin`
//! - [`score`]: precision and recall of all that is found against annotated articles
//! - [`eval`]: names alone, closer: by type, by whether training has seen them, by length
//! - [`card`]: what is said of a model beside it, with figures that were measured
//! - [`train`]: annotated articles and silver labels to `models/fast.bin`
//! - [`distil`]: raw text to silver labels, by the accurate tier
//! - [`names`]: what is found in articles, in the format of annotated ones
//! - [`speed`]: words a CPU-second
//! - [`pack`]: trained weights to `models/accurate.bin`, a user's checkpoint to a file
//! - [`clitics`]: precision and recall of proclitics and enclitics on words that were segmented by hand
//! - [`duplicates`]: recall and precision of joining near-duplicates by their fingerprints
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod card;
pub mod clitics;
pub mod distil;
pub mod duplicates;
pub mod eval;
pub mod kb;
pub mod names;
pub mod pack;
mod progress;
pub mod score;
pub mod speed;
pub mod train;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context;
use khabar_enrich::encoder::{Encoder, checkpoint};

/// The content of a file, plain or gzip.
pub(crate) fn open(path: &Path) -> anyhow::Result<Box<dyn Read>> {
    let file = std::fs::File::open(path).with_context(|| format!("read {}", path.display()))?;
    let zipped = path.extension().is_some_and(|extension| extension == "gz");
    Ok(if zipped { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) })
}

/// The lines of a file, plain or gzip.
pub(crate) fn lines(path: &Path) -> anyhow::Result<impl Iterator<Item = std::io::Result<String>>> {
    Ok(BufReader::new(open(path)?).lines())
}

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("read {}", path.display()))
}

/// The accurate tagger of a file, or of a folder with a checkpoint.
pub(crate) fn encoder(path: &Path) -> anyhow::Result<Encoder> {
    let load = || -> anyhow::Result<Encoder> {
        if path.is_dir() {
            let packed = checkpoint::pack(checkpoint::NAME, |file| std::fs::read(path.join(file)))?;
            return Ok(Encoder::parse(&packed)?);
        }
        Ok(Encoder::parse(&read(path)?)?)
    };
    load().with_context(|| format!("load {}", path.display()))
}
