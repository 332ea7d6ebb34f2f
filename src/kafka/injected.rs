//! Faults that cannot be brought about from outside, for tests: a partition that librdkafka fetches no more.

use std::sync::{Mutex, PoisonError};

use rdkafka::consumer::{BaseConsumer, Consumer};

use crate::kafka::assigned::{list, log_failure};
use crate::kafka::rebalance::Context;

/// What mends an injected stall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Reading the partition anew.
    Seek,
    /// A new consumer.
    NewConsumer,
}

/// Stalls in force.
#[derive(Debug, Default)]
pub struct Injected(Mutex<Vec<(String, i32, Until)>>);

impl Injected {
    /// Has a partition fetched no more, behind the service's back.
    pub fn stall(&self, topic: &str, partition: i32, until: Until) {
        self.lock().push((topic.to_owned(), partition, until));
    }

    pub(super) fn apply(&self, consumer: &BaseConsumer<Context>) {
        let stalls = self.lock();
        if !stalls.is_empty() {
            log_failure(consumer.pause(&list(stalls.iter().map(|(topic, n, _)| (topic.as_str(), *n)))));
        }
    }

    pub(super) fn mend(&self, by: Until) {
        self.lock().retain(|(_, _, until)| *until != by);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(String, i32, Until)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
