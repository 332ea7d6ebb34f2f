//! A producer that has records to send and sends none, although the brokers would take them.
//!
//! librdkafka sends in order for as long as it takes, and its clients have been seen to wait for good after a
//! broker came back: connected to nobody, with records in their queues. From inside that looks like brokers that are
//! away. So its own statistics say which partition has records waiting and has sent nothing for a long time, and a
//! client that is made for the question says whether the leader of that partition answers. Refused records are sent
//! again and again and so never count as stalled.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, Producer};
use rdkafka::statistics::{Partition, Statistics};
use rustc_hash::FxHashMap;

/// How long records wait and none is sent before anybody asks whether the brokers would take them: twice as long as
/// librdkafka waits for the answer to a request.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// How often is asked, while it lasts.
const QUESTIONS: Duration = Duration::from_secs(30);
/// How long an answer may take; the poll thread waits for it.
const ANSWER: Duration = Duration::from_secs(3);

/// A partition of the output; -1 where librdkafka does not know the topic's partitions yet.
type Target = (String, i32);

/// What a producer's statistics have shown.
#[derive(Debug, Default)]
pub struct Stalls {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    partitions: FxHashMap<Target, Watched>,
    asked: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Watched {
    /// Changes when something is sent or acknowledged.
    progress: (u64, u64),
    /// Since when it has not changed although records wait.
    since: Option<Instant>,
}

impl Stalls {
    /// Takes what a producer says of itself.
    pub fn note(&self, statistics: &Statistics) {
        self.note_at(statistics, Instant::now());
    }

    fn note_at(&self, statistics: &Statistics, now: Instant) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, topic) in &statistics.topics {
            for partition in topic.partitions.values() {
                let progress = (partition.txmsgs, partition.acked_msgid);
                let key = (name.clone(), partition.partition);
                let watched = seen.partitions.entry(key).or_insert(Watched { progress, since: None });
                if !is_waiting(partition) {
                    *watched = Watched { progress, since: None };
                } else if watched.progress == progress {
                    watched.since.get_or_insert(now);
                } else {
                    *watched = Watched { progress, since: Some(now) };
                }
            }
        }
    }

    /// A partition that nothing has been sent to for [`PATIENCE`] though records wait; each answer is good for a
    /// while, so that who asks the brokers about it does not ask all the time.
    pub fn suspect(&self) -> Option<Target> {
        self.suspect_at(Instant::now())
    }

    fn suspect_at(&self, now: Instant) -> Option<Target> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.asked.is_some_and(|at| now.duration_since(at) < QUESTIONS) {
            return None;
        }
        let waited = |w: &Watched| w.since.map_or(Duration::ZERO, |since| now.duration_since(since));
        let (target, longest) = seen.partitions.iter().max_by_key(|(_, watched)| waited(watched))?;
        if waited(longest) < PATIENCE {
            return None;
        }
        let target = target.clone();
        seen.asked = Some(now);
        Some(target)
    }
}

fn is_waiting(partition: &Partition) -> bool {
    partition.msgq_cnt + partition.xmit_msgq_cnt + partition.msgs_inflight > 0
}

/// Whether the leader of a partition answers a client that has only just been made. Takes three seconds where it
/// does not.
pub fn leader_answers(mut config: ClientConfig, (topic, partition): &Target) -> bool {
    config.set("enable.idempotence", "false").set("statistics.interval.ms", "0");
    let Ok(client) = config.create::<BaseProducer>() else { return false };
    let any = (*partition).max(0);
    client.client().fetch_watermarks(topic, any, ANSWER).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rdkafka::statistics::Topic;

    fn statistics(waiting: i64, sent: u64, acknowledged: u64) -> Statistics {
        let partition = Partition {
            partition: 3,
            msgq_cnt: waiting,
            txmsgs: sent,
            acked_msgid: acknowledged,
            ..Partition::default()
        };
        let topic =
            Topic { partitions: std::collections::HashMap::from([(3, partition)]), ..Topic::default() };
        Statistics {
            topics: std::collections::HashMap::from([("out".to_owned(), topic)]),
            ..Statistics::default()
        }
    }

    fn after(seconds: u64, of: Instant) -> Instant {
        of + Duration::from_secs(seconds)
    }

    #[test]
    fn records_that_wait_while_nothing_is_sent_are_suspect_after_a_while() {
        let (stalls, begin) = (Stalls::default(), Instant::now());
        for second in (0..=125).step_by(5) {
            stalls.note_at(&statistics(9, 100, 90), after(second, begin));
        }
        assert_eq!(stalls.suspect_at(after(119, begin)), None);
        assert_eq!(stalls.suspect_at(after(121, begin)), Some(("out".to_owned(), 3)));
        assert_eq!(stalls.suspect_at(after(122, begin)), None, "asked a second ago");
        assert_eq!(stalls.suspect_at(after(152, begin)), Some(("out".to_owned(), 3)));
    }

    #[test]
    fn what_is_sent_again_and_again_is_not_stalled() {
        let (stalls, begin) = (Stalls::default(), Instant::now());
        for second in (0..=600).step_by(5) {
            stalls.note_at(&statistics(9, 100 + second, 90), after(second, begin));
        }
        assert_eq!(stalls.suspect_at(after(601, begin)), None);
    }

    #[test]
    fn an_empty_queue_is_not_stalled() {
        let (stalls, begin) = (Stalls::default(), Instant::now());
        for second in (0..=600).step_by(5) {
            stalls.note_at(&statistics(0, 100, 100), after(second, begin));
        }
        stalls.note_at(&statistics(1, 100, 100), after(605, begin));
        assert_eq!(stalls.suspect_at(after(606, begin)), None);
    }
}
