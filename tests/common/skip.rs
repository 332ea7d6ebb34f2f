//! Tests that lack a tool say so, and fail where nothing may be left out.

use std::io::Write;

/// Says that a test, or a part of one, is left out for want of `what`. It goes straight to the error output: the harness
/// keeps what a passing test prints with `println!`, and nobody would see it.
///
/// # Panics
/// With `CI=true`: a run that tests nothing would be worse than a failing one.
pub fn skipped(what: &str) {
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "with CI=true nothing is skipped: {what}");
    let _ = writeln!(std::io::stderr(), "skipped: {what}");
}
