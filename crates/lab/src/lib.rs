//! What is made offline: the compiled knowledge base, and scores against annotated articles.
//!
//! # Map
//! - [`kb`]: `data/` to `models/kb.bin`
//! - [`score`]: precision and recall against annotated articles
//! - [`train`]: annotated articles and silver labels to `models/fast.bin`
//! - [`clitics`]: precision and recall of proclitics and enclitics on words that were segmented by hand
//! - [`duplicates`]: recall and precision of joining near-duplicates by their fingerprints
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod clitics;
pub mod duplicates;
pub mod kb;
pub mod score;
pub mod train;
