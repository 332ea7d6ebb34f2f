//! The understanding: from a decoded [`Article`] to what it says, with exact positions.
//!
//! This crate knows nothing of Kafka, files, clocks or the environment: the same article, settings
//! and models give the same [`Enriched`] anywhere. It cannot fail and must not panic; what it cannot
//! do it says in [`Enriched::diagnostics`].
//!
//! # Map
//! - [`article`]: what comes in; [`enriched`]: what goes out (the shapes of `khabar.enriched/1`);
//!   [`diagnostic`]: why something is missing
//! - [`aligned`]: original text, normalised text and the map between them; `normalise`: its rules
//! - [`doc`]: one field analysed: aligned text, tokens, sentences, and spans in three units
//!   ([`positions`]); `segment`: how tokens and sentences are found; [`clitics`]: proclitics
//! - [`language`]: which language it is; [`fingerprint`]: for finding duplicates
//! - [`kb`]: what is known by name; `gazetteer`: finding it; [`tagger`]: names nobody has listed; [`entities`]: who and what the text names;
//!   [`roles`]: offices
//! - [`quotes`]: who said what; [`times`] and [`quantities`], found together by [`facts`]
//! - [`enricher`]: the layers in their order
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod aligned;
pub mod article;
pub mod clitics;
pub mod diagnostic;
pub mod doc;
pub mod encoder;
pub mod enriched;
pub mod enricher;
pub mod entities;
pub mod facts;
pub mod fingerprint;
mod gazetteer;
pub mod kb;
pub mod language;
mod lex;
mod normalise;
mod numbers;
mod patterns;
pub mod positions;
pub mod quantities;
pub mod quotes;
pub mod roles;
mod segment;
mod sieve;
pub mod tagger;
pub mod times;
pub mod translit;

pub use article::Article;
pub use diagnostic::{Diagnostic, DiagnosticCode, DiagnosticStage};
pub use enriched::{Enriched, Field, Span};
pub use enricher::{Enricher, Settings, Tier};
