//! The khabar service: raw news articles from one Kafka topic, enriched records to another.
//!
//! `main -> cmd -> pipeline -> {stage, decode, encode, dead_letter, offsets} -> envelope -> khabar-enrich`.
//! `ARCHITECTURE.md` has the map and the invariants; `tests/architecture.rs` keeps the imports one way.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod admin;
pub mod breaker;
pub mod cli;
pub mod cmd;
pub mod config;
pub mod dead_letter;
pub mod decode;
pub mod demo_feed;
pub mod diff;
pub mod encode;
pub mod envelope;
pub mod health;
pub mod input;
pub mod kafka;
pub mod ledger;
pub mod letters;
pub mod logging;
pub mod memory;
pub mod metrics;
pub mod offsets;
pub mod ordered;
pub mod outgoing;
pub mod pipeline;
pub mod remote;
pub mod render;
pub mod replay;
pub mod samples;
pub mod shutdown;
pub mod stage;
pub mod stages;
pub mod status;
pub mod tap;
pub mod top;
pub mod trace;
