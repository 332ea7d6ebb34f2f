//! `khabar check`: is anything wrong with the settings and the clusters, and what is to be done about it?

mod brokers;
mod facts;
mod findings;
#[cfg(test)]
#[path = "../../tests/golden/mod.rs"]
mod golden;
mod report;
#[cfg(test)]
mod tests;
mod topics;

use std::process::ExitCode;
use std::time::Duration;

use crate::cli::{CheckArgs, exit};
use crate::cmd::printed::Printed;
use crate::config::Config;

pub use report::{Finding, Grade, Report};

/// Bytes of an enriched record for each byte of a raw one: what is extracted is written beside the text.
/// Measured over news in four languages (`docs/operations.md`); short articles with many names grow more.
pub const GROWTH: usize = 5;

/// Checks, prints one line a check, and ends with 1 when there is a problem.
///
/// # Errors
/// When the configuration is wrong, or what was found cannot be printed.
pub fn run(args: CheckArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(&args.config)?;
    let file = args.config.display().to_string();
    let mut report = Report::default();
    findings::settings(&config, &file, &mut report);
    if !args.offline {
        let facts = facts::Facts::gather(&config, Duration::from_secs(args.timeout));
        findings::clusters(&config, &file, &facts, &mut report);
    }
    let mut printed = Printed::default();
    printed.text(&report.to_string());
    printed.end()?;
    Ok(ExitCode::from(if report.has_problems() { exit::ERROR } else { exit::OK }))
}
