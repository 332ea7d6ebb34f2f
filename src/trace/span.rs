//! The span of one record on its way, until it has ended.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::envelope::{DropReason, Position, Reason};

use super::Tracer;
use super::context::Context;

/// A record whose trace is sampled, on its way.
#[derive(Debug)]
pub struct Span {
    tracer: Arc<Tracer>,
    open: Open,
}

/// What is known of it so far.
#[derive(Debug)]
pub(super) struct Open {
    /// Its place in the trace.
    pub context: Context,
    /// The span that the record came with; none where the trace begins here.
    pub parent: Option<[u8; 8]>,
    /// `tracestate` as it came.
    pub state: String,
    /// Where the record was read.
    pub position: Position,
    /// Bytes of its value; none for a tombstone.
    pub bytes: Option<usize>,
    /// When it was read: nanoseconds since the epoch, and the same moment of a clock that nobody sets.
    pub began: (u64, Instant),
    /// Its stages: which, from when to when.
    pub stages: Vec<(&'static str, Instant, Instant)>,
    /// When it was given to the output.
    pub sent: Option<Instant>,
}

/// How a record ended, as its span tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Acknowledged in the output topic.
    Published,
    /// Acknowledged in the dead-letter topic.
    DeadLettered(Reason),
    /// Ended on purpose.
    Dropped(DropReason),
    /// Given up; somebody reads it again.
    Abandoned,
}

/// A span that has ended.
#[derive(Debug)]
pub struct Finished {
    pub(super) open: Open,
    pub(super) ended: Instant,
    pub(super) outcome: Outcome,
}

impl Span {
    pub(super) fn begin(
        tracer: Arc<Tracer>,
        context: Context,
        parent: Option<[u8; 8]>,
        state: String,
        position: Position,
        bytes: Option<usize>,
    ) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let began = (u64::try_from(since.as_nanos()).unwrap_or(u64::MAX), Instant::now());
        let (stages, sent) = (Vec::with_capacity(3), None);
        Self { tracer, open: Open { context, parent, state, position, bytes, began, stages, sent } }
    }

    /// Its place in the trace.
    pub fn context(&self) -> Context {
        self.open.context
    }

    /// A stage is done with the record; it began at `since`.
    pub fn staged(&mut self, stage: &'static str, since: Instant) {
        self.open.stages.push((stage, since, Instant::now()));
    }

    /// The record is given to the output now.
    pub fn sending(&mut self) {
        self.open.sent = Some(Instant::now());
    }

    /// The record has ended: the span goes to the exporter, which takes it or leaves it.
    pub fn end(self, outcome: Outcome) {
        self.tracer.export(Finished { open: self.open, ended: Instant::now(), outcome });
    }
}

impl Finished {
    /// How many spans it is: the record's way, its stages, and its sending.
    pub(super) fn spans(&self) -> u64 {
        1 + self.open.stages.len() as u64 + u64::from(self.is_sent())
    }

    /// Whether it was acknowledged by the output after it was sent.
    pub(super) fn is_sent(&self) -> bool {
        self.open.sent.is_some() && matches!(self.outcome, Outcome::Published | Outcome::DeadLettered(_))
    }

    /// Nanoseconds since the epoch of a moment on the record's way.
    pub(super) fn nanos(&self, at: Instant) -> u64 {
        let (epoch, began) = self.open.began;
        let signed = |instant: std::time::Duration| u64::try_from(instant.as_nanos()).unwrap_or(u64::MAX);
        // A stage's clock may have begun before the record was read.
        match at.checked_duration_since(began) {
            Some(after) => epoch.saturating_add(signed(after)),
            None => epoch.saturating_sub(signed(began - at)),
        }
    }
}
