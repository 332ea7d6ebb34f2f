//! `khabar check`.

use std::process::ExitCode;

use crate::cli::CheckArgs;

/// Runs the command.
///
/// # Errors
/// Always: it comes with another change.
pub fn run(_args: CheckArgs) -> anyhow::Result<ExitCode> {
    anyhow::bail!("the command `check` comes with another change")
}
