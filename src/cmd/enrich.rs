//! `khabar enrich`.

use std::process::ExitCode;

use crate::cli::EnrichArgs;

/// Runs the command.
///
/// # Errors
/// Always: it comes with another change.
pub fn run(_args: EnrichArgs) -> anyhow::Result<ExitCode> {
    anyhow::bail!("the command `enrich` comes with another change")
}
