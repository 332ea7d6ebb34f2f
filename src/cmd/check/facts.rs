//! What the clusters say, gathered before anything is judged.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::config::Config;
use crate::kafka::cluster::{Access, Connection, Failure, TopicState};
use crate::kafka::property;

/// What is known of both clusters and of this build.
#[derive(Debug)]
pub struct Facts {
    /// The input's cluster.
    pub input: Result<InputFacts, Failure>,
    /// The output's cluster.
    pub output: Result<OutputFacts, Failure>,
    /// What this build of librdkafka can do.
    pub features: Vec<String>,
}

/// What is known of the input's cluster.
#[derive(Debug)]
pub struct InputFacts {
    /// How many brokers it has.
    pub brokers: usize,
    /// Its topics.
    pub topics: BTreeMap<String, TopicState>,
    /// Whether those that exist may be read.
    pub reading: BTreeMap<String, Access>,
    /// Whether the group's offsets may be read, if any topic exists.
    pub group: Option<Access>,
    /// Settings of a broker; empty when the user may not see them.
    pub settings: BTreeMap<String, String>,
}

/// What is known of the output's cluster.
#[derive(Debug)]
pub struct OutputFacts {
    /// How many brokers it has.
    pub brokers: usize,
    /// The topic of enriched records.
    pub output: TopicState,
    /// The topic of dead letters.
    pub dead_letters: TopicState,
}

impl Facts {
    /// Asks both clusters; neither is changed.
    pub fn gather(config: &Config, timeout: Duration) -> Self {
        let input = input(config, timeout);
        let output = match &input {
            // What keeps us out of one cluster twice is said once.
            Err(failure) if is_shared(config) => Err(failure.clone()),
            _ => output(config, timeout),
        };
        Self { input, output, features: property::features() }
    }
}

/// Whether the output is on the input's cluster.
pub fn is_shared(config: &Config) -> bool {
    config.input.cluster.brokers == config.output.cluster.brokers
}

fn input(config: &Config, timeout: Duration) -> Result<InputFacts, Failure> {
    let connection = Connection::open(&config.input.cluster, &config.input.group, timeout)?;
    let topics = &config.input.topics;
    let topics: BTreeMap<_, _> =
        topics.iter().map(|topic| (topic.clone(), connection.topic(topic))).collect();
    let existing = || topics.iter().filter(|(_, state)| matches!(state, TopicState::Exists(_)));
    Ok(InputFacts {
        brokers: connection.brokers,
        group: existing().next().map(|(topic, _)| connection.group_access(topic)),
        reading: existing().map(|(topic, _)| (topic.clone(), connection.read_access(topic))).collect(),
        settings: connection.broker_settings(),
        topics,
    })
}

fn output(config: &Config, timeout: Duration) -> Result<OutputFacts, Failure> {
    let connection = Connection::open(&config.output.cluster, &config.input.group, timeout)?;
    Ok(OutputFacts {
        brokers: connection.brokers,
        output: connection.topic(&config.output.topic),
        dead_letters: connection.topic(&config.output.dead_letter_topic),
    })
}
