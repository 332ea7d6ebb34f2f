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

use common::skip::skipped;

/// Whether Prometheus and its tool are here.
fn has_prometheus() -> bool {
    let missing = ["prometheus", "promtool"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_err());
    let Some(name) = missing else { return true };
    skipped(&format!("no {name} here (apt-get install prometheus)"));
    false
}
