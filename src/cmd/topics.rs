//! `khabar topics create`: makes the topics that do not exist, and changes none that do.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::cli::{TopicsArgs, TopicsCommand, TopicsCreateArgs, exit};
use crate::cmd::check::GROWTH;
use crate::cmd::printed::Printed;
use crate::config::Config;
use crate::kafka::cluster::{Connection, Plan, Topic, TopicState};
use crate::kafka::settings::Cluster;

/// How long dead letters are kept.
const DEAD_LETTER_RETENTION_MS: i64 = 14 * 24 * 3_600_000;
/// Copies of each partition where there are brokers enough.
const REPLICAS: usize = 3;

/// Makes topics.
///
/// # Errors
/// When the configuration is wrong, a cluster cannot be reached, or what was done cannot be printed.
pub fn run(args: TopicsArgs) -> anyhow::Result<ExitCode> {
    match args.command {
        TopicsCommand::Create(args) => create(&args),
    }
}

fn create(args: &TopicsCreateArgs) -> anyhow::Result<ExitCode> {
    let mut printed = Printed::default();
    let all_well = on_clusters(args, &mut printed)?;
    printed.end()?;
    Ok(ExitCode::from(if all_well { exit::OK } else { exit::ERROR }))
}

/// Whether all went well.
fn on_clusters(args: &TopicsCreateArgs, printed: &mut Printed) -> anyhow::Result<bool> {
    let config = Config::load(&args.config)?;
    let input: Vec<_> = config.input.topics.iter().map(|name| (name.as_str(), Role::Input)).collect();
    let output = vec![
        (config.output.topic.as_str(), Role::Output),
        (config.output.dead_letter_topic.as_str(), Role::DeadLetters),
    ];
    let mut all_well = true;
    for (side, cluster, topics) in
        [("input", &config.input.cluster, input), ("output", &config.output.cluster, output)]
    {
        all_well &= on_cluster(side, cluster, &topics, &config, args, printed)?;
    }
    Ok(all_well)
}

/// What a topic is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Raw records.
    Input,
    /// Enriched records.
    Output,
    /// Dead letters.
    DeadLetters,
}

fn on_cluster(
    side: &str,
    cluster: &Cluster,
    topics: &[(&str, Role)],
    config: &Config,
    args: &TopicsCreateArgs,
    printed: &mut Printed,
) -> anyhow::Result<bool> {
    let timeout = Duration::from_secs(args.timeout);
    let connection = Connection::open(cluster, &config.input.group, timeout).with_context(|| {
        format!("the {side} cluster at {} cannot be used; khabar check says more", cluster.brokers)
    })?;
    let replicas = args.replication_factor.map_or(REPLICAS.min(connection.brokers), usize::from);
    if replicas > connection.brokers {
        bail!(
            "--replication-factor {replicas} needs as many brokers, the {side} cluster has {}",
            connection.brokers
        );
    }
    let mut plans = Vec::new();
    let mut all_well = true;
    for (name, role) in topics {
        let plan = plan(name, *role, config, args.partitions, replicas);
        match connection.topic(name) {
            TopicState::Missing => plans.push(plan),
            TopicState::Exists(topic) => printed.line(&existing(&plan, &topic)),
            TopicState::Forbidden => {
                all_well = false;
                printed.line(&format!("{name}: may not be described; give the user DESCRIBE on it"));
            }
            TopicState::Unknown(why) => {
                all_well = false;
                printed.line(&format!("{name}: could not be looked at: {why}"));
            }
        }
    }
    if plans.is_empty() {
        return Ok(all_well);
    }
    let results = connection.create(&plans, args.dry_run).context("the topics could not be made")?;
    for (plan, (_, result)) in plans.iter().zip(results) {
        match result {
            Ok(()) => {
                let verb = if args.dry_run { "would be made" } else { "made" };
                printed.line(&format!("{}: {verb} with {}", plan.name, describe(plan)));
            }
            Err(why) => {
                all_well = false;
                printed.line(&format!("{}: could not be made: {why}", plan.name));
            }
        }
    }
    Ok(all_well)
}

/// What a topic should be like.
pub fn plan(name: &str, role: Role, config: &Config, partitions: u32, replicas: usize) -> Plan {
    let largest = config.output.max_message_bytes;
    // Raw records grow: these are the largest whose enriched record fits into the output topic.
    let raw = (largest / GROWTH).min(config.decode.max_record_bytes);
    let mut settings = vec![
        ("max.message.bytes", if role == Role::Input { raw } else { largest }.to_string()),
        ("compression.type", "producer".to_owned()),
        ("cleanup.policy", "delete".to_owned()),
    ];
    if replicas >= 3 {
        settings.push(("min.insync.replicas", "2".to_owned()));
    }
    if role == Role::DeadLetters {
        settings.push(("retention.ms", DEAD_LETTER_RETENTION_MS.to_string()));
    }
    Plan {
        name: name.to_owned(),
        partitions: i32::try_from(partitions).unwrap_or(i32::MAX),
        replicas: i32::try_from(replicas).unwrap_or(i32::MAX),
        settings,
    }
}

fn describe(plan: &Plan) -> String {
    let settings: Vec<_> = plan.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{} partitions, replication factor {}, {}", plan.partitions, plan.replicas, settings.join(", "))
}

fn existing(plan: &Plan, topic: &Topic) -> String {
    let differences = differences(plan, topic);
    if differences.is_empty() {
        format!("{}: exists and is as it would be made", plan.name)
    } else {
        format!("{}: exists and is left as it is; it differs in {}", plan.name, differences.join(", "))
    }
}

/// What is other than planned: `name=value (name=planned)`.
fn differences(plan: &Plan, topic: &Topic) -> Vec<String> {
    let shape = [
        ("partitions", topic.partitions.to_string(), plan.partitions.to_string()),
        ("replication factor", topic.replicas.to_string(), plan.replicas.to_string()),
    ];
    let settings = plan.settings.iter().map(|(name, planned)| {
        // Settings that the user may not see are not known to differ.
        (*name, topic.settings.get(*name).unwrap_or(planned).clone(), planned.clone())
    });
    shape
        .into_iter()
        .chain(settings)
        .filter(|(_, is, planned)| is != planned)
        .map(|(name, is, planned)| format!("{name}={is} (new ones: {planned})"))
        .collect()
}
