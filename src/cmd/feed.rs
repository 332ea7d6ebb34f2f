//! `khabar feed`.

use std::process::ExitCode;

use crate::cli::FeedArgs;

/// Runs the command.
///
/// # Errors
/// Always: it comes with another change.
pub fn run(_args: FeedArgs) -> anyhow::Result<ExitCode> {
    anyhow::bail!("the command `feed` comes with another change")
}
