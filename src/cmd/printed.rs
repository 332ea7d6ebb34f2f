//! Standard output of a command whose work goes on when nobody reads it.

use std::io::{self, ErrorKind, Write};

use anyhow::Context as _;

/// Prints, and keeps the first failure for the end.
#[derive(Debug, Default)]
pub struct Printed {
    failed: Option<io::Error>,
}

impl Printed {
    /// Prints a text as it is; after a failure nothing more.
    pub fn text(&mut self, text: &str) {
        if self.failed.is_none() {
            self.failed = io::stdout().write_all(text.as_bytes()).err();
        }
    }

    /// Prints a line.
    pub fn line(&mut self, line: &str) {
        self.text(&format!("{line}\n"));
    }

    /// Whether something could not be printed: going on would be in vain.
    pub fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Prints what is left.
    ///
    /// # Errors
    /// When something could not be printed, unless whoever read it has seen enough (`| head`).
    pub fn end(self) -> anyhow::Result<()> {
        match self.failed.map_or_else(|| io::stdout().flush(), Err) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(error).context("cannot write to standard output")
            }
            _ => Ok(()),
        }
    }
}
