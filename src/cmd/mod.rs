//! One file a command: wiring, nothing else.
//!
//! Each takes its clap arguments and ends with an exit code of [`crate::cli::exit`]; an error becomes
//! code 1, or code 2 when it is the configuration's.

pub mod check;
pub mod demo;
pub mod diff;
pub mod dlq;
pub mod enrich;
pub mod feed;
pub mod printed;
pub mod progress;
pub mod replay;
pub mod run;
pub mod service;
pub mod tap;
pub mod top;
pub mod topics;
mod watched;
