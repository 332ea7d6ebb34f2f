//! The sink of the service, at least once or exactly once: only here it makes a difference which.

use std::sync::Arc;

use rdkafka::consumer::BaseConsumer;

use crate::envelope::DropReason;
use crate::kafka::producer::AtLeastOnce;
use crate::kafka::rebalance::Context;
use crate::kafka::transactions::ExactlyOnce;
use crate::ledger::Ticket;
use crate::outgoing::Outgoing;
use crate::pipeline::PROCESSING_FACTOR;
use crate::stage::Sink;

/// The output and dead-letter topics.
pub enum KafkaSink {
    /// Delivery reports complete records; the poll thread commits offsets.
    AtLeastOnce(Arc<AtLeastOnce>),
    /// Transactions complete records and commit offsets.
    ExactlyOnce(Arc<ExactlyOnce>),
}

impl KafkaSink {
    /// Whether offsets are committed by the sink, in its transactions.
    pub fn commits_offsets(&self) -> bool {
        matches!(self, KafkaSink::ExactlyOnce(_))
    }

    /// Bytes charged for every byte read. What is in a transaction is in memory twice, here and in librdkafka.
    pub fn processing_factor(&self) -> usize {
        match self {
            KafkaSink::AtLeastOnce(_) => PROCESSING_FACTOR,
            KafkaSink::ExactlyOnce(_) => 2 * PROCESSING_FACTOR - 1,
        }
    }

    /// The consumer that reads for it now; `None` before that goes.
    pub(super) fn attach(&self, consumer: Option<Arc<BaseConsumer<Context>>>) {
        if let KafkaSink::ExactlyOnce(sink) = self {
            sink.attach(consumer);
        }
    }

    /// Where the group stands of a partition that becomes ours.
    pub(super) fn begun(&self, topic: &str, partition: i32, committed: Option<i64>) {
        if let KafkaSink::ExactlyOnce(sink) = self {
            sink.begun(topic, partition, committed);
        }
    }

    /// Whether somebody else was found to have partitions that we took to be ours.
    pub(super) fn take_displaced(&self) -> bool {
        matches!(self, KafkaSink::ExactlyOnce(sink) if sink.take_displaced())
    }

    /// Whether it lost records and needs [`renew`](Self::renew).
    pub(super) fn is_broken(&self) -> bool {
        matches!(self, KafkaSink::AtLeastOnce(sink) if sink.is_broken())
    }

    /// Makes it work again; every record in flight must be stale by now.
    pub(super) fn renew(&self) {
        if let KafkaSink::AtLeastOnce(sink) = self {
            sink.renew();
        }
    }

    /// Gives up on everything that is not acknowledged or committed; nothing is sent any more. Whether that is sure:
    /// a transaction may still be on its way.
    pub fn finish(&self) -> bool {
        match self {
            KafkaSink::AtLeastOnce(sink) => {
                sink.purge();
                true
            }
            KafkaSink::ExactlyOnce(sink) => sink.finish(),
        }
    }
}

impl Sink for KafkaSink {
    async fn send(&self, record: Outgoing, ticket: Ticket) {
        match self {
            KafkaSink::AtLeastOnce(sink) => sink.send(record, ticket).await,
            KafkaSink::ExactlyOnce(sink) => sink.send(record, ticket).await,
        }
    }

    fn skip(&self, ticket: Ticket, reason: DropReason) {
        match self {
            KafkaSink::AtLeastOnce(sink) => sink.skip(ticket, reason),
            KafkaSink::ExactlyOnce(sink) => sink.skip(ticket, reason),
        }
    }
}

impl std::fmt::Debug for KafkaSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.commits_offsets() { "exactly once" } else { "at least once" })
    }
}
