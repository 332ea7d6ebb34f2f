//! Asking where a group stands, and hearing why nobody says.

use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::topic_partition_list::TopicPartitionList;

/// How long it is asked in one go.
const STEP: Duration = Duration::from_secs(1);

/// The committed offsets of the consumer's group. Whoever may not use the group gets no answer to that: librdkafka looks for the
/// group's coordinator until the time is over, and tells why only whoever polls. So this polls, and nothing may be assigned yet.
///
/// # Errors
/// Why the brokers do not say it.
pub(super) fn committed<C: ConsumerContext>(
    consumer: &BaseConsumer<C>,
    of: &TopicPartitionList,
    patience: Duration,
) -> Result<TopicPartitionList, KafkaError> {
    let started = Instant::now();
    loop {
        let left = patience.saturating_sub(started.elapsed());
        let error = match consumer.committed_offsets(of.clone(), STEP.min(left)) {
            Ok(offsets) => return Ok(offsets),
            Err(error) => error,
        };
        if let Some(Err(denied)) = consumer.poll(Duration::ZERO)
            && denied.rdkafka_error_code() == Some(RDKafkaErrorCode::GroupAuthorizationFailed)
        {
            return Err(denied);
        }
        if error.rdkafka_error_code() != Some(RDKafkaErrorCode::OperationTimedOut) || left <= STEP {
            return Err(error);
        }
    }
}
