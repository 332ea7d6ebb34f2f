//! Enriched records for people: in a terminal, as a page, and as a summary that reconciles.
//!
//! Everything here starts from the record's JSON, as any consumer of the output topic would, so
//! that what is shown is what was published. Text is foreign: it goes through [`clean`] before a
//! terminal sees it, and is escaped before a browser does.

mod clean;
mod html;
mod marks;
mod pretty;
mod summary;
mod view;
mod wrap;

pub(crate) use clean::harmless;
pub use clean::{clean, escape};
pub use html::Page;
pub use pretty::pretty;
pub use summary::{Counts, summary};
pub use view::{View, language_name};
