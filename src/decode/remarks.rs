//! What the decoder has to say of a record, collected on the way.

use std::borrow::Cow;

use khabar_enrich::{Diagnostic, DiagnosticCode, DiagnosticStage};

/// Remarks in the order in which they were made.
#[derive(Debug, Default)]
pub struct Remarks(Vec<Diagnostic>);

impl Remarks {
    /// Adds one.
    pub fn add(&mut self, code: DiagnosticCode, message: impl Into<Cow<'static, str>>) {
        self.0.push(Diagnostic::new(DiagnosticStage::Decode, code, message));
    }

    /// All of them.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.0
    }
}
