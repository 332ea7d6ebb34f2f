//! A source and a sink in memory, for tests and benches: the same lanes and books as over Kafka, without a
//! broker.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::envelope::{Position, Raw};
use crate::ledger::{Ledger, Slot, Ticket};
use crate::outgoing::Outgoing;
use crate::pipeline::{Lanes, Settings};
use crate::stage::{Envelope, Sink};

/// Keeps what it gets, in order of arrival, and acknowledges at once.
#[derive(Debug, Default)]
pub struct MemorySink {
    records: Mutex<Vec<(Position, Outgoing)>>,
}

impl MemorySink {
    /// Everything that arrived so far; the sink is empty afterwards.
    pub fn take(&self) -> Vec<(Position, Outgoing)> {
        std::mem::take(&mut self.records.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Sink for MemorySink {
    async fn send(&self, record: Outgoing, ticket: Ticket) {
        let (position, end) = (ticket.position.clone(), record.destination.end());
        self.records.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((position, record));
        ticket.complete(end);
    }
}

/// One partition in memory.
#[derive(Debug)]
pub struct MemorySource {
    ledger: Arc<Ledger>,
    lanes: Lanes,
    settings: Settings,
    topic: Arc<str>,
    slot: Slot,
    next: i64,
}

impl MemorySource {
    /// An empty partition 0 of `topic`.
    pub fn new(topic: &str, ledger: &Arc<Ledger>, lanes: Lanes, settings: &Settings) -> Self {
        let topic: Arc<str> = topic.into();
        let slot = ledger.open(Arc::clone(&topic), 0, None);
        Self { ledger: Arc::clone(ledger), lanes, settings: settings.clone(), topic, slot, next: 0 }
    }

    /// Publishes a record, waiting while the budget is used up. Returns its offset.
    pub fn publish(&mut self, raw: Raw) -> i64 {
        while self.ledger.bytes() >= self.settings.memory_budget {
            self.ledger.wait_below(self.settings.memory_budget, Duration::from_millis(100));
        }
        let offset = self.next;
        self.next += 1;
        let position = Position { topic: Arc::clone(&self.topic), partition: 0, offset, timestamp: None };
        let size =
            raw.key.as_ref().map_or(0, bytes::Bytes::len) + raw.value.as_ref().map_or(0, bytes::Bytes::len);
        let lane = self.lanes.lane_of(raw.key.as_deref(), &position);
        if let Some((ticket, _)) = self.ledger.admit(self.slot, position, size, size) {
            self.lanes.dispatch(lane, vec![Envelope { payload: (), raw, ticket }]);
        }
        offset
    }

    /// Waits until everything published has ended. Returns how much has not by the deadline.
    pub fn drain(&self, deadline: Duration) -> usize {
        self.ledger.wait_drained(&[self.slot], deadline)
    }
}
