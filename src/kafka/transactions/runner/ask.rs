//! Where the group stands, and what that means for an epoch.

use std::sync::Arc;

use rdkafka::consumer::Consumer;
use rdkafka::topic_partition_list::Offset;

use super::{ASK_TIMEOUT, Runner, of, offsets};
use crate::kafka::standing::Answer;
use crate::ledger::Offsets;

impl Runner<'_> {
    /// What the group's offsets `now` mean for those that were `due`.
    pub(super) fn judged(&self, due: &Offsets, now: &Offsets) -> Vec<(Answer, i64)> {
        let judge = |(topic, partition, end): &(Arc<str>, i32, i64)| {
            let now = of(now, topic, *partition);
            (self.sink.standing.judge(topic, *partition, now, *end), now.unwrap_or(*end))
        };
        due.iter().map(judge).collect()
    }

    /// The group's committed offsets of these partitions; `None` when nobody answers.
    pub(super) fn committed(&self, of: &Offsets) -> Option<Offsets> {
        let consumer = self.sink.consumer();
        let answer = consumer.as_ref()?.committed_offsets(offsets(of), ASK_TIMEOUT).ok()?;
        let mut committed = Offsets::new();
        for element in answer.elements() {
            element.error().ok()?;
            if let Offset::Offset(offset) = element.offset() {
                committed.push((element.topic().into(), element.partition(), offset));
            }
        }
        Some(committed)
    }
}
