//! What is made offline: the compiled knowledge base, and scores against annotated articles.
//!
//! # Map
//! - [`kb`]: `data/` to `models/kb.bin`
//! - [`score`]: precision and recall of entities
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod kb;
pub mod score;
