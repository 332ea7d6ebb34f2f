//! What a cluster says of itself and of topics, and making topics: for `khabar check` and `khabar topics`.
//!
//! Nothing here changes what exists, joins a group or commits, and looking at a topic never makes it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::{ClientContext, DefaultClientContext};
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::kafka::complaint::understand;
use crate::kafka::remembered::committed;
use crate::kafka::settings::Cluster;

/// How long a first connection is tried in one go before its errors are looked at.
const STEP: Duration = Duration::from_millis(500);
/// How long refused connections are tried again: a broker that just starts refuses at first.
const PATIENCE: Duration = Duration::from_secs(3);

/// A connection to a cluster.
pub struct Connection {
    consumer: BaseConsumer<Listener>,
    listener: Listener,
    admin: AdminClient<DefaultClientContext>,
    runtime: tokio::runtime::Runtime,
    timeout: Duration,
    /// How many brokers there are.
    pub brokers: usize,
}

/// Why a cluster cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// librdkafka does not take the settings.
    #[error("{0}")]
    Settings(String),
    /// Nothing answers, or a host's name is unknown.
    #[error("{0}")]
    Unreachable(String),
    /// TLS does not come about.
    #[error("{0}")]
    Tls(String),
    /// User or password are wrong, or the mechanism is.
    #[error("{0}")]
    Authentication(String),
    /// The cluster refused, or something else went wrong.
    #[error("{0}")]
    Other(String),
}

/// What is known of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TopicState {
    /// It exists.
    Exists(Topic),
    /// It does not, or the user may not see it.
    Missing,
    /// The user may not describe it.
    Forbidden,
    /// It could not be found out.
    Unknown(String),
}

/// A topic that exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topic {
    /// Number of partitions.
    pub partitions: usize,
    /// Copies of each partition, of the one that has fewest.
    pub replicas: usize,
    /// In-sync copies, of the partition that has fewest.
    pub in_sync: usize,
    /// Its settings by name, the defaults of the broker included; empty when the user may not see them.
    pub settings: BTreeMap<String, String>,
}

/// Whether something is allowed, as far as it can be seen without changing anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// It is.
    Allowed,
    /// It is not.
    Denied,
    /// It could not be found out.
    Unknown(String),
}

/// A topic to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// Number of partitions.
    pub partitions: i32,
    /// Copies of each partition.
    pub replicas: i32,
    /// Its settings.
    pub settings: Vec<(&'static str, String)>,
}

impl Connection {
    /// Connects; returns as soon as the cluster answers or it is clear why not.
    ///
    /// # Errors
    /// Why the cluster cannot be used, without secrets.
    pub fn open(cluster: &Cluster, group: &str, timeout: Duration) -> Result<Self, Failure> {
        let mut config = ClientConfig::new();
        for (name, value) in &cluster.properties {
            config.set(name, value);
        }
        config
            .set("client.id", "khabar-check")
            .set("bootstrap.servers", &cluster.brokers)
            .set_log_level(RDKafkaLogLevel::Info);
        let admin = config.create().map_err(settings)?;
        config
            .set("group.id", group)
            .set("enable.auto.commit", "false")
            .set("enable.partition.eof", "true")
            .set("allow.auto.create.topics", "false");
        let listener = Listener::default();
        let consumer: BaseConsumer<Listener> =
            config.create_with_context(listener.clone()).map_err(settings)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::Other(error.to_string()))?;
        let brokers = first_answer(&consumer, &listener, timeout)?;
        Ok(Self { consumer, listener, admin, runtime, timeout, brokers })
    }

    /// What is known of a topic.
    pub fn topic(&self, name: &str) -> TopicState {
        let metadata = match self.consumer.fetch_metadata(Some(name), self.timeout) {
            Ok(metadata) => metadata,
            Err(error) => return TopicState::Unknown(words(&error)),
        };
        let Some(topic) = metadata.topics().iter().find(|topic| topic.name() == name) else {
            return TopicState::Missing;
        };
        match topic.error().map(RDKafkaErrorCode::from) {
            None => {}
            Some(RDKafkaErrorCode::UnknownTopicOrPartition | RDKafkaErrorCode::UnknownTopic) => {
                return TopicState::Missing;
            }
            Some(RDKafkaErrorCode::TopicAuthorizationFailed) => return TopicState::Forbidden,
            Some(code) => return TopicState::Unknown(code.to_string()),
        }
        let partitions = topic.partitions();
        TopicState::Exists(Topic {
            partitions: partitions.len(),
            replicas: partitions.iter().map(|p| p.replicas().len()).min().unwrap_or(0),
            in_sync: partitions.iter().map(|p| p.isr().len()).min().unwrap_or(0),
            settings: self.topic_settings(name),
        })
    }

    fn topic_settings(&self, name: &str) -> BTreeMap<String, String> {
        self.settings(ResourceSpecifier::Topic(name))
    }

    /// The settings of one broker by name, its defaults included; empty when the user may not see them.
    pub fn broker_settings(&self) -> BTreeMap<String, String> {
        let metadata = self.consumer.fetch_metadata(None, self.timeout);
        let first = metadata.ok().and_then(|metadata| metadata.brokers().first().map(|broker| broker.id()));
        first.map(|id| self.settings(ResourceSpecifier::Broker(id))).unwrap_or_default()
    }

    fn settings(&self, resource: ResourceSpecifier<'_>) -> BTreeMap<String, String> {
        let resource = [resource];
        let described = self.runtime.block_on(self.admin.describe_configs(&resource, &self.options()));
        let resources = described.unwrap_or_default().into_iter().flatten();
        let entries = resources.flat_map(|resource| resource.entries);
        entries.filter_map(|entry| Some((entry.name, entry.value?))).collect()
    }

    /// Whether the group's offsets may be read. `topic` must exist. To be asked before [`read_access`](Self::read_access),
    /// which assigns.
    pub fn group_access(&self, topic: &str) -> Access {
        let mut list = TopicPartitionList::new();
        list.add_partition(topic, 0);
        if self.listener.is_group_denied() {
            return Access::Denied;
        }
        match committed(&self.consumer, &list, self.timeout) {
            Ok(offsets) => match offsets.elements().iter().find_map(|element| element.error().err()) {
                Some(error) => access(&error),
                None => Access::Allowed,
            },
            Err(error) => access(&error),
        }
    }

    /// Whether a topic may be read: asks for what comes after its last record. `topic` must exist.
    pub fn read_access(&self, topic: &str) -> Access {
        let mut list = TopicPartitionList::new();
        let assigned =
            list.add_partition_offset(topic, 0, Offset::End).and_then(|()| self.consumer.assign(&list));
        if let Err(error) = assigned {
            return access(&error);
        }
        let deadline = Instant::now() + self.timeout;
        let mut answer = Access::Unknown("no answer in time".to_owned());
        while Instant::now() < deadline {
            match self.consumer.poll(Duration::from_millis(100)) {
                Some(Ok(_) | Err(KafkaError::PartitionEOF(_))) => answer = Access::Allowed,
                // Without the group a topic can still be read: that is another question.
                Some(Err(error)) if is_denied(&error) && !is_of_group(&error) => answer = Access::Denied,
                // Anything else may pass: a leader that moves, a connection that is made again.
                _ => continue,
            }
            break;
        }
        let _ = self.consumer.unassign();
        answer
    }

    /// Makes topics; with `dry_run` the cluster only says whether it would.
    ///
    /// # Errors
    /// Why none of them could be made; what became of each is in the list.
    pub fn create(&self, plans: &[Plan], dry_run: bool) -> Result<Vec<Made>, Failure> {
        let topics: Vec<_> = plans
            .iter()
            .map(|plan| {
                let topic =
                    NewTopic::new(&plan.name, plan.partitions, TopicReplication::Fixed(plan.replicas));
                plan.settings.iter().fold(topic, |topic, (name, value)| topic.set(name, value))
            })
            .collect();
        let options = self.options().validate_only(dry_run).operation_timeout(Some(self.timeout));
        let results = self.runtime.block_on(self.admin.create_topics(&topics, &options));
        let results = results.map_err(|error| Failure::Other(words(&error)))?;
        Ok(results
            .into_iter()
            .map(|result| match result {
                Ok(name) => (name, Ok(())),
                Err((name, code)) => (name, Err(code.to_string())),
            })
            .collect())
    }

    fn options(&self) -> AdminOptions {
        AdminOptions::new().request_timeout(Some(self.timeout))
    }
}

/// A topic's name and what became of it.
pub type Made = (String, Result<(), String>);

/// Asks for the list of brokers until it comes, or until the errors leave no doubt.
fn first_answer(
    consumer: &BaseConsumer<Listener>,
    listener: &Listener,
    timeout: Duration,
) -> Result<usize, Failure> {
    let start = Instant::now();
    loop {
        let answer = consumer.fetch_metadata(None, STEP.min(timeout));
        // Errors and log lines are handed over by polling.
        while consumer.poll(Duration::ZERO).is_some() {}
        let heard = listener.worst();
        match (answer, heard) {
            (Ok(metadata), _) => return Ok(metadata.brokers().len()),
            (Err(_), Some(failure @ (Failure::Tls(_) | Failure::Authentication(_)))) => return Err(failure),
            (Err(_), Some(failure)) if start.elapsed() >= PATIENCE.min(timeout) => return Err(failure),
            (Err(error), None) if start.elapsed() >= timeout => {
                return Err(Failure::Unreachable(format!(
                    "no answer in {} s ({})",
                    timeout.as_secs(),
                    words(&error)
                )));
            }
            _ => {}
        }
    }
}

fn settings(error: KafkaError) -> Failure {
    Failure::Settings(match error {
        // Its value may be a secret.
        KafkaError::ClientConfig(_, _, name, _) => format!("librdkafka does not take the value of {name}"),
        KafkaError::ClientCreation(message) => message,
        other => words(&other),
    })
}

fn access(error: &KafkaError) -> Access {
    if is_denied(error) { Access::Denied } else { Access::Unknown(words(error)) }
}

fn is_denied(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::TopicAuthorizationFailed
                | RDKafkaErrorCode::GroupAuthorizationFailed
                | RDKafkaErrorCode::ClusterAuthorizationFailed
        )
    )
}

fn is_of_group(error: &KafkaError) -> bool {
    error.rdkafka_error_code() == Some(RDKafkaErrorCode::GroupAuthorizationFailed)
}

fn words(error: &KafkaError) -> String {
    error.rdkafka_error_code().map_or_else(|| error.to_string(), |code| code.to_string())
}

/// Hears what librdkafka says of its connections.
#[derive(Clone, Default)]
struct Listener {
    heard: Arc<Mutex<Vec<Failure>>>,
    /// Said once, to whoever polls at that time.
    group_denied: Arc<AtomicBool>,
}

impl Listener {
    fn hear(&self, line: &str) {
        if let Some(failure) = understand(line) {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(failure);
        }
    }

    fn is_group_denied(&self) -> bool {
        self.group_denied.load(Ordering::Relaxed)
    }

    /// What says most: TLS and authentication before a refused connection.
    fn worst(&self) -> Option<Failure> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let certain = heard.iter().find(|f| matches!(f, Failure::Tls(_) | Failure::Authentication(_)));
        certain.or(heard.last()).cloned()
    }
}

impl ClientContext for Listener {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, line: &str) {
        if facility == "FAIL" {
            self.hear(line);
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        if is_of_group(&error) {
            self.group_denied.store(true, Ordering::Relaxed);
        }
        self.hear(reason);
    }
}

impl ConsumerContext for Listener {}
