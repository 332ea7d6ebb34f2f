//! Admission: what the poll thread does with a record before a lane gets it.
//!
//! A record is charged to the memory budget when it is polled, entered in the books, and put into the batch of
//! its lane; a batch goes to the lane when it is full and when a poll comes back empty.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::consumer::BaseConsumer;
use rdkafka::message::{BorrowedMessage, Message};

use crate::envelope::{DropReason, Headers, Position};
use crate::kafka::assigned::Assigned;
use crate::kafka::headers::raw;
use crate::kafka::rebalance::{Context, Shared};
use crate::logging::Sampler;
use crate::pipeline::Lanes;
use crate::shutdown::StopReason;
use crate::stage::{Batch, Envelope, Sink};

/// Bytes charged for every record beside its own: envelope, ticket, headers.
pub const RECORD_OVERHEAD: usize = 2048;
/// Bytes charged for every header beside its own: it is kept as read, as sent, and in librdkafka.
pub const HEADER_OVERHEAD: usize = 256;
/// Bytes after which a batch is handed on though it is not full.
const BATCH_BYTES: usize = 1 << 20;

/// Whoever sends one such record sends many.
static UNREADABLE: Sampler = Sampler::new(Duration::from_secs(10));

/// What the thread and the rebalance callbacks (which run on it, inside a poll) share.
#[derive(Debug)]
pub struct Poll {
    pub(super) assigned: Assigned,
    lanes: Option<Lanes>,
    pending: Vec<Pending>,
    /// All partitions are paused because the budget is used up.
    pub(super) paused: bool,
    /// When that was over last.
    pub(super) resumed: Instant,
}

#[derive(Debug, Default)]
struct Pending {
    batch: Batch<()>,
    bytes: usize,
}

impl Poll {
    pub(super) fn new(lanes: Lanes) -> Self {
        let pending = (0..lanes.count()).map(|_| Pending::default()).collect();
        let (assigned, lanes) = (Assigned::default(), Some(lanes));
        Self { assigned, lanes, pending, paused: false, resumed: Instant::now() }
    }

    /// Enters a record in the books and puts it into the batch of its lane; one that is not to be kept ends at
    /// once.
    pub(super) fn admit(
        &mut self,
        message: &BorrowedMessage<'_>,
        keep: bool,
        shared: &Shared,
        consumer: &BaseConsumer<Context>,
    ) {
        let (name, partition, offset) = (message.topic(), message.partition(), message.offset());
        let Some((topic, slot)) = self.assigned.arrived(name, partition, offset, &shared.ledger) else {
            // Of a partition that was just given up: somebody else reads it.
            return;
        };
        let position = Position {
            topic,
            partition,
            offset,
            timestamp: message.timestamp().to_millis().filter(|millis| *millis >= 0),
        };
        let raw = raw(message);
        if let Some(lost) = raw.headers.get_str(Headers::UNREADABLE)
            && let Some(left_out) = UNREADABLE.admit(name, Instant::now())
        {
            tracing::warn!(
                topic = name,
                partition,
                offset,
                lost,
                left_out,
                "headers whose names are not UTF-8 are left out"
            );
        }
        let size = message.payload_len() + message.key_len();
        let charge = (size + raw.headers.size()) * shared.sink.processing_factor()
            + raw.headers.0.len() * HEADER_OVERHEAD
            + RECORD_OVERHEAD;
        let lane = match &mut self.lanes {
            Some(lanes) => lanes.lane_of(raw.key.as_deref(), &position),
            None => return,
        };
        let Some((ticket, held)) = shared.ledger.admit(slot, position, size, charge) else {
            tracing::error!(
                topic = message.topic(),
                partition = message.partition(),
                offset = message.offset(),
                "a record was not admitted; it stays uncommitted"
            );
            return;
        };
        if !keep {
            return shared.sink.skip(ticket, DropReason::Filtered);
        }
        if held >= shared.settings.max_in_flight_per_partition {
            self.assigned.cap(name, partition, consumer);
        }
        let Some(pending) = self.pending.get_mut(lane) else { return };
        pending.batch.push(Envelope { payload: (), raw, ticket });
        pending.bytes += size;
        let full = pending.batch.len() >= shared.settings.batch_records || pending.bytes >= BATCH_BYTES;
        if full && !self.flush_lane(lane) {
            lane_gone(shared);
        }
    }

    /// Hands every batch to its lane. `false` when a lane is gone.
    pub(super) fn flush(&mut self) -> bool {
        (0..self.pending.len()).all(|lane| self.flush_lane(lane))
    }

    fn flush_lane(&mut self, lane: usize) -> bool {
        let Some(pending) = self.pending.get_mut(lane).filter(|p| !p.batch.is_empty()) else { return true };
        pending.bytes = 0;
        let batch = std::mem::take(&mut pending.batch);
        self.lanes.as_ref().is_some_and(|lanes| lanes.dispatch(lane, batch))
    }

    pub(super) fn is_flushed(&self) -> bool {
        self.pending.iter().all(|p| p.batch.is_empty())
    }

    /// Without senders the lanes end once they are empty.
    pub(super) fn end(&mut self) {
        self.lanes = None;
    }
}

/// The lock of [`Poll`]; never held across a poll or a wait.
pub(super) fn lock(poll: &Mutex<Poll>) -> MutexGuard<'_, Poll> {
    poll.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn lane_gone(shared: &Shared) {
    shared
        .stop
        .stop(StopReason::Failed("a lane ended before its time; nothing was lost, start again".to_owned()));
}
