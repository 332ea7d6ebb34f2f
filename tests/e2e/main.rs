//! End to end on real Kafka. Without Java 17 and Maven these tests say that they are skipped.
//!
//! - `cargo test --test e2e`: all but the long ones
//! - `KHABAR_E2E_RECORDS=20000 KHABAR_E2E_TEXT=news.jsonl.gz cargo test --release --test e2e delivery -- --nocapture`
//! - `cargo test --release --test e2e memory -- --ignored --nocapture`: 2 GB of backlog
//! - `cargo test --release --test e2e flood -- --ignored --nocapture`: what a flood of the admin server costs
//! - `cargo test --release --test e2e million -- --ignored --nocapture`: a replay of a million records, killed five
//!   times (`KHABAR_E2E_REPLAY` for another number)

mod breaker;
mod clusters;
#[path = "../common/mod.rs"]
mod common;
mod delivery;
mod diff;
mod dlq;
mod documents;
mod flood;
mod hostile;
mod members;
mod memory;
mod million;
mod permissions;
mod rebalances;
mod records;
mod refusals;
mod replay;
mod security;
mod standstill;
mod traces;
