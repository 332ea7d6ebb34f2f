//! Reading partitions again from where they stand: after a fatal error of the producer, and to heal.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::topic_partition_list::Offset;

use crate::kafka::assigned::{list, log_failure};
use crate::kafka::poll::{lane_gone, lock};
use crate::kafka::rebalance::Context;

/// How long reading a partition anew may take to begin.
const SEEK_TIMEOUT: Duration = Duration::from_secs(5);

/// Begins partitions anew under new generations; returns where each is to be read from.
pub(super) fn rewind(
    context: &Context,
    which: impl Fn(&str, i32) -> bool,
) -> Vec<(String, i32, Option<i64>)> {
    let mut poll = lock(&context.poll);
    // Of the others, too: dispatched they would be the same, and what is stale ends at once.
    if !poll.flush() {
        lane_gone(&context.shared);
    }
    let names: Vec<_> = poll
        .assigned
        .names(|_| true)
        .filter(|(topic, partition)| which(topic, *partition))
        .map(|(topic, partition)| (topic.to_owned(), partition))
        .collect();
    let mut rewound = Vec::new();
    for (topic, partition) in names {
        context.fetching().forget(&topic, partition);
        let from = poll.assigned.rewind(&topic, partition, &context.shared.ledger);
        rewound.push((topic, partition, from));
    }
    rewound
}

/// Reads partitions from these offsets on. `false` when that cannot be done: what is read then would leave a gap,
/// so a new consumer is needed.
pub(super) fn seek(
    consumer: &BaseConsumer<Context>,
    context: &Context,
    to: &[(String, i32, Option<i64>)],
) -> bool {
    for (topic, partition, from) in to {
        context.shared.health.polled();
        // Nothing was read of it yet, so there is nothing to read again.
        let Some(from) = from else { continue };
        if let Err(error) = consumer.seek(topic, *partition, Offset::Offset(*from), SEEK_TIMEOUT) {
            tracing::warn!(topic, partition, from, %error, "a partition cannot be read again");
            return false;
        }
        // It may have been paused for itself, or behind our back.
        if !lock(&context.poll).paused {
            log_failure(consumer.resume(&list([(topic.as_str(), *partition)])));
        }
    }
    true
}
