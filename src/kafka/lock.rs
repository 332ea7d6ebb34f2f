//! One at a time: whoever is the only member of a group may write its offsets.
//!
//! A replay joins a group of its own with a consumer that reads nothing. While it is a member, nobody else can
//! commit for the group, and whoever wants to begin sees it. The group's own session timeout frees the name
//! after a crash. A member that was away for so long (frozen, or cut off from the brokers) may have been taken for
//! dead: once it is back it goes on only if the group's offsets are as it left them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::kafka::adrift::Adrift;
use crate::kafka::ranges::{looking, patiently};
use crate::kafka::settings::Cluster;
use crate::replay::{Job, State};

/// How long a member that died keeps the name.
const SESSION: Duration = Duration::from_secs(6);
/// How long the name is waited for: a member that died is gone by then.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long joining may take.
const JOIN_PATIENCE: Duration = Duration::from_secs(30);
/// How long the brokers may take for one answer.
const ASK_TIMEOUT: Duration = Duration::from_secs(10);

/// Why the name could not be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else has it.
    #[error("another run of this name is under way ({0}): wait for its end, or use another name")]
    Taken(String),
    /// It was away, and somebody else has moved on meanwhile.
    #[error(
        "this run was away for longer than {} s, and another run of its name has gone on meanwhile: \
         the same command goes on from there", SESSION.as_secs()
    )]
    Overtaken,
    /// Its client lost all brokers.
    #[error("its client has no broker left; start it again, it goes on where it was")]
    Adrift,
    /// It took too long.
    #[error("the group {0} could not be joined: are its brokers up, and may the user READ the group?")]
    NotJoined(String),
    /// The brokers refuse.
    #[error("{0}; `khabar check` says more")]
    Kafka(#[from] KafkaError),
}

/// Membership in a group that has no other member.
pub struct Lock {
    consumer: BaseConsumer<Membership>,
    group: String,
    /// What tells its member from those of other runs.
    client_id: String,
    /// What it has committed of each partition: surely, and perhaps since then, for a commit without an answer may
    /// still be applied.
    committed: BTreeMap<(String, i32), (Option<i64>, Vec<i64>)>,
}

#[derive(Default)]
struct Membership {
    joined: AtomicBool,
    /// Membership was lost, so somebody else may have come.
    doubtful: AtomicBool,
    adrift: Adrift,
    is_adrift: AtomicBool,
}

impl ClientContext for Membership {
    fn stats(&self, statistics: Statistics) {
        self.is_adrift.fetch_or(self.adrift.note(&statistics), Ordering::Relaxed);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(client = "lock", %error, reason, "kafka client");
    }
}

impl ConsumerContext for Membership {
    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(partitions) => {
                // It reads nothing.
                if let Err(error) = consumer.pause(partitions) {
                    tracing::debug!(%error, "the lock's partitions were not paused");
                }
                if self.joined.swap(true, Ordering::Relaxed) {
                    self.doubtful.store(true, Ordering::Relaxed);
                }
            }
            Rebalance::Revoke(_) | Rebalance::Error(_) => self.doubtful.store(true, Ordering::Relaxed),
        }
    }
}

impl Lock {
    /// Joins, waiting for the end of a member that died.
    ///
    /// # Errors
    /// When somebody else is a member, or the brokers do not answer.
    pub fn acquire(
        cluster: &Cluster,
        group: &str,
        topics: &[String],
        mut waiting: impl FnMut(),
    ) -> Result<Self, Error> {
        let mut config = looking(cluster, group);
        let since_1970 = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let client_id = format!("khabar-replay-{}-{}", std::process::id(), since_1970.as_nanos());
        config
            .set("client.id", &client_id)
            .set("session.timeout.ms", SESSION.as_millis().to_string())
            .set("heartbeat.interval.ms", "1000")
            .set("statistics.interval.ms", "1000")
            .set("partition.assignment.strategy", "cooperative-sticky")
            .set("queued.min.messages", "1")
            .set("queued.max.messages.kbytes", "64")
            .set("fetch.message.max.bytes", "1024");
        config.remove("group.instance.id");
        let consumer: BaseConsumer<Membership> = config.create_with_context(Membership::default())?;
        let lock = Self { consumer, group: group.to_owned(), client_id, committed: BTreeMap::new() };
        let started = Instant::now();
        loop {
            match lock.others()? {
                None => break,
                Some(who) if started.elapsed() >= PATIENCE => return Err(Error::Taken(who)),
                Some(_) => {
                    waiting();
                    // The next look in a second; events are served meanwhile.
                    lock.serve(Duration::from_secs(1));
                }
            }
        }
        let names: Vec<&str> = topics.iter().map(String::as_str).collect();
        lock.consumer.subscribe(&names)?;
        let started = Instant::now();
        while !lock.consumer.context().joined.load(Ordering::Relaxed) {
            lock.serve(Duration::from_millis(50));
            if started.elapsed() >= JOIN_PATIENCE {
                return Err(lock.others()?.map_or_else(|| Error::NotJoined(group.to_owned()), Error::Taken));
            }
        }
        // Two that began at the same moment see each other here, and both let go.
        match lock.others()? {
            None => Ok(lock),
            Some(who) => Err(Error::Taken(who)),
        }
    }

    /// Serves events, at most for `wait`.
    pub fn serve(&self, wait: Duration) {
        if let Some(Err(error)) = self.consumer.poll(wait) {
            tracing::debug!(%error, "the lock's consumer");
        }
    }

    /// Whether the name is ours alone just now; asks the brokers only when there is doubt. While it is not known,
    /// nothing may be committed.
    ///
    /// # Errors
    /// When somebody else came, or was here meanwhile.
    pub fn check(&mut self) -> Result<bool, Error> {
        if self.consumer.context().is_adrift.load(Ordering::Relaxed) {
            return Err(Error::Adrift);
        }
        if !self.consumer.context().doubtful.swap(false, Ordering::Relaxed) {
            return Ok(true);
        }
        let answer = match self.is_as_it_was() {
            Err(Error::Kafka(error)) => {
                // No answer is no proof: the next look asks again.
                tracing::warn!(%error, "it is not known whether the name is still ours");
                Ok(false)
            }
            answer => answer,
        };
        if matches!(answer, Ok(false)) {
            self.consumer.context().doubtful.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// Whether we are a member, the only one, and nobody else has committed anything. `false` while the group is
    /// being joined again.
    fn is_as_it_was(&mut self) -> Result<bool, Error> {
        if let Some(who) = self.others()? {
            return Err(Error::Taken(who));
        }
        if !self.members()?.iter().any(|(client_id, _)| *client_id == self.client_id) {
            return Ok(false);
        }
        let mut asked = TopicPartitionList::new();
        for (topic, partition) in self.committed.keys() {
            asked.add_partition(topic, *partition);
        }
        if asked.count() == 0 {
            return Ok(true);
        }
        for element in self.consumer.committed_offsets(asked, ASK_TIMEOUT)?.elements() {
            element.error()?;
            let found = match element.offset() {
                Offset::Offset(offset) => Some(offset),
                _ => None,
            };
            let ours = self.committed.get(&(element.topic().to_owned(), element.partition()));
            let tried = |perhaps: &[i64]| found.is_some_and(|found| perhaps.contains(&found));
            if ours.is_some_and(|(surely, perhaps)| found != *surely && !tried(perhaps)) {
                return Err(Error::Overtaken);
            }
        }
        Ok(true)
    }

    /// Commits how far ranges are.
    ///
    /// # Errors
    /// When the brokers refuse, which says that the name may be somebody else's by now.
    pub fn commit<'a>(
        &mut self,
        states: impl IntoIterator<Item = &'a State>,
        job: &Job,
    ) -> Result<(), Error> {
        let mut list = TopicPartitionList::new();
        for state in states {
            let mut element = list.add_partition(&state.range.topic, state.range.partition);
            element.set_offset(Offset::Offset(state.position))?;
            element.set_metadata(state.metadata(job));
            let name = (state.range.topic.clone(), state.range.partition);
            self.committed.entry(name).or_default().1.push(state.position);
        }
        if list.count() == 0 {
            return Ok(());
        }
        if let Err(error) = self.consumer.commit(&list, CommitMode::Sync) {
            // It may have been thrown out without having heard of it.
            self.consumer.context().doubtful.store(true, Ordering::Relaxed);
            return Err(error.into());
        }
        for element in list.elements() {
            if let Some((surely, perhaps)) =
                self.committed.get_mut(&(element.topic().to_owned(), element.partition()))
            {
                *surely = perhaps.pop().or(*surely);
                perhaps.clear();
            }
        }
        Ok(())
    }

    /// Who else is a member.
    fn others(&self) -> Result<Option<String>, Error> {
        let members = self.members()?;
        let others = members.iter().filter(|(client_id, _)| *client_id != self.client_id);
        let hosts: Vec<&str> = others.map(|(_, host)| host.as_str()).collect();
        Ok((!hosts.is_empty()).then(|| format!("group {}, members at {}", self.group, hosts.join(", "))))
    }

    /// The members of the group: client ids and hosts.
    fn members(&self) -> Result<Vec<(String, String)>, KafkaError> {
        let groups = patiently(|| self.consumer.fetch_group_list(Some(&self.group), ASK_TIMEOUT))?;
        let group = groups.groups().iter().find(|group| group.name() == self.group);
        let members = group.map(|group| group.members()).unwrap_or_default().iter();
        Ok(members.map(|m| (m.client_id().to_owned(), m.client_host().to_owned())).collect())
    }
}
