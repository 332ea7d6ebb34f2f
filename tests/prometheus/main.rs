//! The rules and the dashboards against real Prometheus: cases for every alert, and every query against what a running
//! khabar says. Debian has it in the package `prometheus`; with `CI=true` it must be there.

#[path = "../common/mod.rs"]
mod common;
mod dashboards;
mod grafana;
mod live;
mod queries;
mod rules;
#[path = "../settings/mod.rs"]
mod settings;
#[path = "../source/mod.rs"]
mod source;

use std::process::Command;

/// Whether Prometheus and its tool are here.
///
/// # Panics
/// With `CI=true` when they are not: a run that tests nothing would be worse than a failing one.
fn has_prometheus() -> bool {
    let missing = ["prometheus", "promtool"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_err());
    let Some(name) = missing else { return true };
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{name} is missing: apt-get install prometheus");
    println!("skipped: no {name} here (apt-get install prometheus)");
    false
}
