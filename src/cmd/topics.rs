//! `khabar topics`.

use std::process::ExitCode;

use crate::cli::TopicsArgs;

/// Runs the command.
///
/// # Errors
/// Always: it comes with another change.
pub fn run(_args: TopicsArgs) -> anyhow::Result<ExitCode> {
    anyhow::bail!("the command `topics` comes with another change")
}
