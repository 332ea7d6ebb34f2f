//! Where partitions are begun that come: at the group's committed offsets, which are asked for here.
//!
//! librdkafka would ask by itself. But where it is told that an open transaction holds an offset back, and the
//! assignment changes before the next answer, it takes that for "never committed" and begins at
//! `auto.offset.reset` (2.12, `rd_kafka_assignment_apply_offsets`): everything would come again. And brokers that
//! have just come back have been seen to answer for seconds that a group has no offsets, or those of long ago, and
//! to correct themselves then: the coordinator of Kafka 4 answers before it has read its log when it loses and gets
//! the group's partition back while it still reads it. The broker that does logs "out of sync with the underlying
//! log". So an answer is waited for, and what cannot be is believed only when it stays so.

use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::kafka::rebalance::{Context, Shared};

/// How long the brokers may take for one answer.
const ASK_TIMEOUT: Duration = Duration::from_secs(5);
/// How long before they are asked again.
const PAUSE: Duration = Duration::from_millis(250);
/// For how long a partition with records must be said to have no committed offset.
const STAYS: Duration = Duration::from_secs(3);
/// For how long a partition must be said to be committed less far than we have seen it: as long as brokers have been
/// seen to take (12 s), and some. Then somebody has set the offsets back on purpose.
const STAYS_BACK: Duration = Duration::from_secs(20);

/// Puts the group's committed offsets into `list`; a partition without one keeps what it has, which stands for
/// `auto.offset.reset`. Waits for an answer for as long as the partitions are ours, since nothing can be read
/// before. `None` when there was none.
pub(super) fn at_committed(
    consumer: &BaseConsumer<Context>,
    shared: &Shared,
    list: &mut TopicPartitionList,
) -> Option<TopicPartitionList> {
    if list.count() == 0 {
        return None;
    }
    let (mut told, mut told_doubt, mut doubted_since) = (false, false, None);
    while shared.stop.reason().is_none() && !consumer.assignment_lost() {
        shared.health.polled();
        match consumer.committed_offsets(list.clone(), ASK_TIMEOUT) {
            Ok(answer) if answer.elements().iter().all(|element| element.error().is_ok()) => {
                let doubted = doubted_since.get_or_insert_with(Instant::now).elapsed();
                let back = gone_back(shared, &answer);
                let wait = match &back {
                    Some(back) if doubted < STAYS_BACK => {
                        if !std::mem::replace(&mut told_doubt, true) {
                            tracing::warn!("{back}, which is asked about again for {STAYS_BACK:?}");
                        }
                        true
                    }
                    _ => doubted < STAYS && misses_some(consumer, &answer),
                };
                if wait {
                    std::thread::sleep(PAUSE);
                    continue;
                }
                if let Some(back) = back {
                    tracing::error!(
                        "{back}: records come again from there; if nobody set the group back, look for \"out of sync\" \
                         in the log of its coordinator, and whether the topic was made anew"
                    );
                }
                for element in answer.elements() {
                    let (topic, partition) = (element.topic(), element.partition());
                    if let offset @ Offset::Offset(_) = element.offset() {
                        // Fails only for a partition that is not in the list, and the answer is to that list.
                        let _ = list.set_partition_offset(topic, partition, offset);
                    }
                }
                return Some(answer);
            }
            answer => {
                if !std::mem::replace(&mut told, true) {
                    let error =
                        answer.err().map_or_else(|| "some are held back".to_owned(), |e| e.to_string());
                    tracing::warn!(%error, "committed offsets are not known yet: they are waited for");
                }
                doubted_since = None;
                std::thread::sleep(PAUSE);
            }
        }
    }
    None
}

/// Says which partitions are said to be committed less far than this process has seen them committed.
fn gone_back(shared: &Shared, answer: &TopicPartitionList) -> Option<String> {
    let each = answer.elements().into_iter().filter_map(|element| {
        let (topic, partition) = (element.topic(), element.partition());
        let reached = shared.ledger.reached(topic, partition)?;
        let said = match element.offset() {
            Offset::Offset(said) if said >= reached => return None,
            Offset::Offset(said) => said.to_string(),
            _ => "nowhere".to_owned(),
        };
        Some(format!(
            "partition {topic}/{partition} is said to be committed up to {said}, and was up to {reached}"
        ))
    });
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| each.join(", "))
}

/// Whether a partition that has records is said to have no committed offset.
fn misses_some(consumer: &BaseConsumer<Context>, answer: &TopicPartitionList) -> bool {
    let elements = answer.elements();
    let mut missing = elements.iter().filter(|element| !matches!(element.offset(), Offset::Offset(_)));
    missing.any(|element| {
        let ends = consumer.fetch_watermarks(element.topic(), element.partition(), ASK_TIMEOUT);
        ends.map_or(true, |(first, end)| end > first)
    })
}
