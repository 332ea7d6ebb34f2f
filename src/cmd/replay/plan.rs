//! What a replay reads and writes, from the settings and the command line.

use std::time::Duration;

use anyhow::{Context as _, bail};
use sha2::{Digest, Sha256};

use crate::cli::ReplayArgs;
use crate::cmd::topics::{Role, plan as topic_plan};
use crate::config::{self, Config};
use crate::encode::hex;
use crate::kafka::cluster::{Connection, TopicState};
use crate::kafka::ranges::Ranges;
use crate::kafka::settings::Cluster;
use crate::replay::{Bound, Job, Selection, State, Sums};

/// How long the brokers may take for one answer.
const ASK_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest description of a range that is kept as it is; a longer one is kept as its hash.
const MAX_ASKED: usize = 500;
/// Partitions of topics that are made when nothing says how many there should be.
const PARTITIONS: usize = 6;

/// What a replay reads and writes.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// The cluster that it reads.
    pub cluster: Cluster,
    /// The topics that it reads.
    pub topics: Vec<String>,
    /// Its group.
    pub group: String,
    /// Where enriched records go, unless an earlier run says otherwise.
    pub output: String,
    /// Where dead letters go, unless an earlier run says otherwise.
    pub dead_letters: String,
    bounds: (Bound, Bound),
    selected: Vec<Selection>,
    /// The range in the words of the command line; empty when nothing was said.
    asked: String,
    /// Whether a topic to write to was named.
    named: bool,
}

impl Plan {
    /// Reads the command line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(config: &Config, args: &ReplayArgs, now: jiff::Timestamp) -> anyhow::Result<Self> {
        let name = &args.name;
        let kind = if args.dead_letters { "redrive" } else { "replay" };
        let live = &config.output;
        let own = |topic: &str| format!("{topic}.{kind}.{name}");
        let output = args.output.clone().unwrap_or_else(|| own(&live.topic));
        let dead_letters = args.dead_letter_topic.clone().unwrap_or_else(|| own(&live.dead_letter_topic));
        config::check_topic("--name", name)?;
        config::check_topic("--output", &output)?;
        config::check_topic("--dead-letter-topic", &dead_letters)?;
        let (cluster, mut topics) = match args.dead_letters {
            true => (live.cluster.clone(), vec![live.dead_letter_topic.clone()]),
            false => (config.input.cluster.clone(), config.input.topics.clone()),
        };
        for topic in &args.topic {
            if !topics.contains(topic) {
                return Err(wrong(
                    "--topic",
                    topic,
                    format!("is none of input.topics ({})", topics.join(", ")),
                ));
            }
        }
        if !args.topic.is_empty() {
            topics.retain(|topic| args.topic.contains(topic));
        }
        if output == dead_letters {
            let why = "is --output, too: readers would find broken records among enriched ones";
            return Err(wrong("--dead-letter-topic", &dead_letters, why.to_owned()));
        }
        for (option, topic) in [("--output", &output), ("--dead-letter-topic", &dead_letters)] {
            if config.input.topics.contains(topic) || topics.contains(topic) {
                let why = "is a topic that is read: the replay would feed itself, or the live service";
                return Err(wrong(option, topic, why.to_owned()));
            }
        }
        let bound = |option: &str, text: &Option<String>, default| match text {
            None => Ok(default),
            Some(text) => Bound::parse(text, now).map_err(|why| wrong(option, text, why)),
        };
        let bounds = (bound("--from", &args.from, Bound::Earliest)?, bound("--to", &args.to, Bound::Latest)?);
        if bounds.0.is_behind(bounds.1) {
            let (from, to) = (args.from.clone().unwrap_or_default(), args.to.as_deref().unwrap_or("latest"));
            return Err(wrong(
                "--from",
                &from,
                format!("lies behind --to {to}: there is nothing between them"),
            ));
        }
        let select =
            |text: &String| Selection::parse(text, now).map_err(|why| wrong("--partition", text, why));
        let selected = args.partition.iter().map(select).collect::<Result<Vec<_>, _>>()?;
        for (text, one) in args.partition.iter().zip(&selected) {
            if one.from.unwrap_or(bounds.0).is_behind(one.to.unwrap_or(bounds.1)) {
                let why = "ends before it begins: there is nothing to read";
                return Err(wrong("--partition", text, why.to_owned()));
            }
        }
        Ok(Self {
            name: name.clone(),
            cluster,
            topics,
            group: format!("{}.{kind}.{name}", config.input.group),
            output,
            dead_letters,
            bounds,
            selected,
            asked: asked(args),
            named: args.output.is_some() || args.dead_letter_topic.is_some(),
        })
    }

    /// How far it is: as an earlier run left it, else from its beginning, with the ends fixed now.
    ///
    /// # Errors
    /// When the earlier run was of another build, range or output, or the brokers do not answer.
    pub fn states(&self, ranges: &Ranges, build: &str) -> anyhow::Result<(Vec<State>, Job)> {
        let Some((states, job)) = ranges.restore(&self.topics)? else {
            let fixed = ranges.fix(&self.topics, self.bounds, &self.selected)?;
            let job = Job {
                build: build.to_owned(),
                asked: self.asked.clone(),
                output: self.output.clone(),
                dead_letters: self.dead_letters.clone(),
            };
            return Ok((fixed.into_iter().map(State::new).collect(), job));
        };
        let name = &self.name;
        if job.build != build {
            let (what, else_) = match Sums::of(&states).is_complete() {
                true => ("its records are that build's", "to replay with this one"),
                false => ("its records would be of two kinds", "or end it with the build that began it"),
            };
            bail!(
                "{name} was begun by the build {} and this is {build}: {what}; use another --name {else_}",
                job.build
            );
        }
        if !self.asked.is_empty() && self.asked != job.asked {
            let before = if job.asked.is_empty() { "everything" } else { &job.asked };
            bail!(
                "{name} was begun with another range ({before}): leave the range out to go on with it, or use another --name"
            );
        }
        if self.named && (self.output != job.output || self.dead_letters != job.dead_letters) {
            bail!(
                "{name} was begun with the topics {} and {}: leave them out to go on with it, or use another --name",
                job.output,
                job.dead_letters
            );
        }
        if !Sums::of(&states).is_complete() {
            ranges.reach(&states)?;
        }
        Ok((states, job))
    }

    /// Makes the topics that it writes to, where they do not exist, with as many partitions as the live ones
    /// have.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn make_topics(&self, config: &Config) -> anyhow::Result<()> {
        let connection = Connection::open(&config.output.cluster, &config.input.group, ASK_TIMEOUT)
            .context("the output cluster cannot be used; khabar check says more")?;
        let replicas = connection.brokers.min(3);
        let mut plans = Vec::new();
        for (name, live, role) in [
            (&self.output, &config.output.topic, Role::Output),
            (&self.dead_letters, &config.output.dead_letter_topic, Role::DeadLetters),
        ] {
            match connection.topic(name) {
                TopicState::Exists(_) => continue,
                TopicState::Missing => {}
                TopicState::Forbidden => bail!("{name} may not be described; give the user DESCRIBE on it"),
                TopicState::Unknown(why) => bail!("{name} could not be looked at: {why}"),
            }
            let partitions = match connection.topic(live) {
                TopicState::Exists(topic) => topic.partitions,
                _ => PARTITIONS,
            };
            let partitions = u32::try_from(partitions).unwrap_or(u32::MAX);
            plans.push(topic_plan(name, role, config, partitions, replicas));
        }
        if plans.is_empty() {
            return Ok(());
        }
        let made = connection.create(&plans, false).context("the topics could not be made")?;
        match made.into_iter().find_map(|(name, result)| result.err().map(|why| (name, why))) {
            Some((name, why)) => bail!(
                "{name} could not be made: {why}; make it by hand, or name one that exists with --output and --dead-letter-topic"
            ),
            None => Ok(()),
        }
    }
}

/// An option whose value cannot be used.
fn wrong(option: &str, value: &str, message: String) -> anyhow::Error {
    config::Error::of_option(option, value, message).into()
}

/// The range in the words of the command line.
fn asked(args: &ReplayArgs) -> String {
    let mut words = Vec::new();
    words.extend(args.from.iter().map(|from| format!("from {from}")));
    words.extend(args.to.iter().map(|to| format!("to {to}")));
    words.extend(args.topic.iter().map(|topic| format!("topic {topic}")));
    words.extend(args.partition.iter().map(|partition| format!("partition {partition}")));
    let asked = words.join(" ");
    if asked.len() <= MAX_ASKED { asked } else { format!("sha256 {}", hex(&Sha256::digest(asked))) }
}
