//! After the circuit breaker tripped: a probe decides whether the service goes on.
//!
//! What tripped it is marked in the group's committed offsets, so it is known wherever the service starts again.
//! Before it joins its group, some records of the marked partitions are read and processed; nothing is
//! produced or committed. If too many are still rejected, the service ends as it did before.

use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::breaker;
use crate::envelope::{Outcome, Position};
use crate::kafka::headers::raw;
use crate::kafka::rebalance::{Context, Shared, TRIPPED};
use crate::shutdown::StopReason;
use crate::stages::Stages;

/// How long the brokers may take to answer in one go.
const ASK_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a probe may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long nothing may come before what there is decides.
const SILENCE: Duration = Duration::from_secs(5);
/// How long before brokers that did not answer are asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Looks for marks, and probes what is marked; stops the service when too much is still rejected.
pub fn probe(
    consumer: &BaseConsumer<Context>,
    topics: &[String],
    shared: &Shared,
    stages: &Stages,
    settings: breaker::Settings,
) {
    let marked = loop {
        shared.health.polled();
        if shared.stop.reason().is_some() {
            return;
        }
        match marked(consumer, topics) {
            Ok(marked) => break marked,
            Err(error) => {
                tracing::warn!(%error, "the group's offsets are not known yet; it goes on once the brokers answer");
                // Errors and log lines are handed over by polling.
                let _ = consumer.poll(PAUSE);
            }
        }
    };
    if marked.count() == 0 {
        return;
    }
    shared.breaker.tripped_before(true);
    tracing::warn!(
        partitions = marked.count(),
        records = settings.probe(),
        "the circuit breaker tripped before: probing"
    );
    let (rejected, seen) = match read(consumer, &marked, shared, stages, settings.probe()) {
        Ok(counts) => counts,
        Err(error) => {
            shared.breaker.tripped_before(false);
            tracing::warn!(%error, "the probe could not read; the breaker watches as ever");
            return;
        }
    };
    if seen > 0 && settings.is_too_many(rejected, seen) {
        shared.stop.stop(StopReason::CircuitBreaker(format!(
            "it tripped before, and {rejected} of {seen} records that were probed are still rejected: nothing was \
             produced or committed; mend the cause, or set breaker.enabled = false to let them become dead letters"
        )));
    } else {
        shared.breaker.tripped_before(false);
        tracing::info!(rejected, seen, "the probe passed");
    }
}

/// The marked partitions, with the offset at which each goes on.
fn marked(consumer: &BaseConsumer<Context>, topics: &[String]) -> Result<TopicPartitionList, KafkaError> {
    let mut all = TopicPartitionList::new();
    for topic in topics {
        let metadata = consumer.fetch_metadata(Some(topic), ASK_TIMEOUT)?;
        for partition in metadata.topics().iter().flat_map(|t| t.partitions()) {
            all.add_partition(topic, partition.id());
        }
    }
    let mut marked = TopicPartitionList::new();
    if all.count() == 0 {
        return Ok(marked);
    }
    for element in consumer.committed_offsets(all, ASK_TIMEOUT)?.elements() {
        if element.metadata() == TRIPPED {
            marked.add_partition_offset(element.topic(), element.partition(), element.offset())?;
        }
    }
    Ok(marked)
}

/// How many records were rejected, of how many.
fn read(
    consumer: &BaseConsumer<Context>,
    marked: &TopicPartitionList,
    shared: &Shared,
    stages: &Stages,
    records: usize,
) -> Result<(usize, usize), KafkaError> {
    consumer.assign(marked)?;
    // Of each partition as many, so that one that recovered does not speak for the others.
    let share = records.div_ceil(marked.count().max(1));
    let mut left: Vec<_> =
        marked.elements().iter().map(|e| (e.topic().to_owned(), e.partition(), share)).collect();
    let (started, mut heard) = (Instant::now(), Instant::now());
    let (mut rejected, mut seen) = (0, 0);
    while seen < records && started.elapsed() < PATIENCE && heard.elapsed() < SILENCE {
        shared.health.polled();
        if shared.stop.reason().is_some() {
            break;
        }
        let Some(Ok(message)) = consumer.poll(Duration::from_millis(100)) else { continue };
        heard = Instant::now();
        let (topic, partition) = (message.topic(), message.partition());
        let Some((_, _, left)) = left.iter_mut().find(|(t, p, _)| t == topic && *p == partition) else {
            continue;
        };
        if *left == 0 {
            continue;
        }
        *left -= 1;
        let offset = message.offset();
        let position = Position { topic: topic.into(), partition, offset, timestamp: None };
        seen += 1;
        rejected +=
            usize::from(matches!(stages.process(&raw(&message), Some(&position)), Outcome::Reject(_)));
        if *left == 0 {
            let mut done = TopicPartitionList::new();
            done.add_partition_offset(topic, partition, Offset::Invalid)?;
            consumer.pause(&done)?;
        }
    }
    consumer.unassign()?;
    Ok((rejected, seen))
}
