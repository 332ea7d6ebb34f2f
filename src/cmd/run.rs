//! `khabar run`.

use std::process::ExitCode;

use crate::cli::RunArgs;

/// Runs the command.
///
/// # Errors
/// Always: it comes with another change.
pub fn run(_args: RunArgs) -> anyhow::Result<ExitCode> {
    anyhow::bail!("the command `run` comes with another change")
}
