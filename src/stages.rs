//! The stages as plain functions: what happens to one record, whoever moves it.
//!
//! The service runs them in lanes, `khabar enrich` on a pool of threads; both get the same bytes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use khabar_enrich::{Article, Enriched, Enricher};

use crate::decode::{Decoded, Decoder};
use crate::encode::{Encoded, Encoder};
use crate::envelope::{Outcome, Position, Raw, Reason, Reject};

/// Everything that turns a raw record into an enriched one.
#[derive(Debug)]
pub struct Stages {
    /// Bytes to article.
    pub decoder: Decoder,
    /// Article to what it says.
    pub enricher: Enricher,
    /// What it says to JSON.
    pub encoder: Encoder,
}

/// A record that went through all stages.
#[derive(Debug)]
pub enum Processed {
    /// An enriched record.
    Enriched(Encoded),
    /// A deletion, for whoever wants to pass it on.
    Tombstone,
}

impl Stages {
    /// All stages, one after the other, on this thread. A panic becomes a rejection.
    pub fn process(&self, raw: &Raw, position: Option<&Position>) -> Outcome<Processed> {
        guarded("process", || match self.decoder.decode(raw) {
            Err(reject) => Outcome::Reject(reject),
            Ok(Decoded::Tombstone) => Outcome::Emit(Processed::Tombstone),
            Ok(Decoded::Article(article)) => {
                let enriched = self.enricher.enrich(&article);
                Outcome::Emit(Processed::Enriched(self.encode(&article, &enriched, position)))
            }
        })
    }

    /// The last stage alone.
    pub fn encode(&self, article: &Article, enriched: &Enriched, position: Option<&Position>) -> Encoded {
        self.encoder.encode(article, enriched, position)
    }
}

/// Runs one stage on one record; a panic rejects that record and goes no further.
pub fn guarded<T>(stage: &'static str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "unknown panic".to_owned());
        Outcome::Reject(Reject::new(Reason::Panic, format!("stage {stage} panicked: {what}")))
    })
}
