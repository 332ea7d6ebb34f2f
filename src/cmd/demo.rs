//! `khabar demo`.

use std::process::ExitCode;

use crate::cli::DemoArgs;

/// Runs the command.
///
/// # Errors
/// Always: it comes with another change.
pub fn run(_args: DemoArgs) -> anyhow::Result<ExitCode> {
    anyhow::bail!("the command `demo` comes with another change")
}
