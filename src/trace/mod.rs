//! Traces: a span for the way of each record whose trace is sampled, from the poll to the acknowledgement, exported over
//! OTLP. A record whose trace is not costs a look at its headers, and with the export off not even that.

pub mod context;
pub mod endpoint;
mod export;
mod otlp;
pub mod span;
pub mod tls;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use hyper::HeaderMap;

use crate::envelope::{Position, Raw};
use crate::metrics::Metrics;

use context::{Context, TRACEPARENT, TRACESTATE};
use endpoint::Endpoint;
use export::Exporter;
use span::{Finished, Span};

/// What is traced, and where spans go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The collector; `None` for no tracing at all.
    pub endpoint: Option<Endpoint>,
    /// Authorities that sign its certificate, in PEM; `None` for the system's.
    pub authorities: Option<PathBuf>,
    /// Sent with every export, such as a token for the collector.
    pub headers: Headers,
    /// The share of records without a `traceparent` for which a trace begins here: 0 to 1.
    pub sample_ratio: f64,
}

/// Headers of HTTP whose values are for nobody to see: `Debug` hides them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Headers(pub HeaderMap);

/// What every span of this process says.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Consumer group.
    pub group: String,
    /// Its member that keeps its name over restarts; empty for none.
    pub instance: String,
    /// Output topic.
    pub output: String,
    /// Dead-letter topic.
    pub dead_letters: String,
    /// Name of the replay, in a replay.
    pub replay: Option<String>,
}

/// Begins spans and hands them to the exporter.
#[derive(Debug)]
pub struct Tracer {
    sample_ratio: f64,
    ids: Arc<Ids>,
    exporter: Exporter,
}

impl Tracer {
    /// Starts the exporter; `None` where there is no collector.
    ///
    /// # Errors
    /// When its thread cannot be started, or the file of authorities cannot be used.
    pub fn start(settings: &Settings, about: About, metrics: &Metrics) -> std::io::Result<Option<Arc<Self>>> {
        let Some(endpoint) = settings.endpoint.clone() else { return Ok(None) };
        let ids = Arc::new(Ids::default());
        let exporter = Exporter::start(endpoint, settings, about, Arc::clone(&ids), metrics.spans.clone())?;
        Ok(Some(Arc::new(Self { sample_ratio: settings.sample_ratio, ids, exporter })))
    }

    /// Begins the span of a record that was just read, if its trace is sampled or begins here. From then on the record's
    /// `traceparent` names that span, so whatever is made of the record carries it on.
    pub fn begin(self: &Arc<Self>, raw: &mut Raw, position: &Position) -> Option<Box<Span>> {
        let parent = Context::of(&raw.headers);
        let context = match parent {
            Some(parent) if parent.is_sampled() => parent.at(self.ids.span()),
            Some(_) => return None,
            None if self.ids.hits(self.sample_ratio) => Context::root(self.ids.trace(), self.ids.span()),
            None => return None,
        };
        let state = match parent {
            Some(_) => raw.headers.get_str(TRACESTATE).unwrap_or_default().to_owned(),
            None => String::new(),
        };
        carry_on(raw, context, parent.is_some());
        let bytes = raw.value.as_ref().map(Bytes::len);
        let parent = parent.map(|parent| parent.span);
        let span = Span::begin(Arc::clone(self), context, parent, state, position.clone(), bytes);
        Some(Box::new(span))
    }

    /// Sends what is left and ends the exporter; returns after `patience` at the latest.
    pub fn finish(&self, patience: Duration) {
        self.exporter.finish(patience);
    }

    fn export(&self, finished: Finished) {
        self.exporter.put(finished);
    }
}

/// Writes our span into the headers. Where the trace begins here, a `traceparent` that was not valid goes, and with it a
/// `tracestate`, which belonged to it.
fn carry_on(raw: &mut Raw, own: Context, continued: bool) {
    let headers = &mut raw.headers.0;
    let is = |name: &str, wanted: &str| name.eq_ignore_ascii_case(wanted);
    let value = Some(Bytes::from(own.header()));
    match headers.iter_mut().find(|(name, _)| is(name, TRACEPARENT)).filter(|_| continued) {
        Some((_, old)) => *old = value,
        None => {
            headers.retain(|(name, _)| !is(name, TRACEPARENT) && !is(name, TRACESTATE));
            headers.push((TRACEPARENT.to_owned(), value));
        }
    }
}

/// Random ids: a keyed hash of a counter, with keys from the system.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    keys: RandomState,
    next: AtomicU64,
}

impl Ids {
    fn number(&self) -> u64 {
        self.keys.hash_one(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Whether this one is of that share.
    fn hits(&self, share: f64) -> bool {
        // Of 2^53 numbers, which a float holds exactly.
        share > 0.0 && ((self.number() >> 11) as f64) < share * (1u64 << 53) as f64
    }

    pub(crate) fn span(&self) -> [u8; 8] {
        // Not all zero, which is no id.
        self.number().max(1).to_be_bytes()
    }

    fn trace(&self) -> [u8; 16] {
        let both = u128::from(self.number()) << 64 | u128::from(self.number());
        both.max(1).to_be_bytes()
    }
}

#[cfg(test)]
mod tests;
