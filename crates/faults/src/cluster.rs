//! The brokers, the proxies before them, and what is asked of them past the proxies.

use std::path::Path;
use std::time::{Duration, Instant};

use khabar_local_kafka::{LocalCluster, LocalKafka};
use rdkafka::admin::{
    AdminClient, AdminOptions, AlterConfig, NewPartitions, NewTopic, ResourceSpecifier, TopicReplication,
};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tokio::runtime::Runtime;

use crate::error::Error;
use crate::proxy::Proxy;

/// Input topic.
pub const INPUT: &str = "faults.raw";
/// Output topic.
pub const OUTPUT: &str = "faults.enriched";
/// Dead letters.
pub const DEAD_LETTERS: &str = "faults.dead";
/// Consumer group.
pub const GROUP: &str = "faults";

/// How long the brokers may take for anything but a start: one of them may just be coming back.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long one question may take before it is asked again.
const QUESTION: Duration = Duration::from_secs(5);
const RETRY: Duration = Duration::from_millis(250);

/// Brokers behind proxies.
pub struct Cluster {
    brokers: LocalCluster,
    /// One before each broker.
    pub proxies: Vec<Proxy>,
    runtime: Runtime,
    nodes: u16,
    direct: String,
    proxied: String,
}

impl Cluster {
    /// Starts brokers; their files stay in `dir`, where one is given.
    ///
    /// # Errors
    /// When Java or the jars are missing, or a broker does not come up.
    pub fn start(nodes: u16, dir: Option<&Path>) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(Error::io("starting the proxies"))?;
        let proxies: Vec<Proxy> = (0..nodes)
            .map(|_| Proxy::start(runtime.handle()))
            .collect::<Result<_, _>>()
            .map_err(Error::io("opening a proxy's port"))?;
        let ports: Vec<u16> = proxies.iter().map(Proxy::port).collect();
        let builder = LocalKafka::builder();
        let builder = if let Some(dir) = dir { builder.dir(dir) } else { builder };
        let mut brokers = builder
            .advertise(&ports)
            // Replicas that were killed must be back in sync within the quiet between two faults.
            .property("replica.lag.time.max.ms", "10000")
            // As in clusters that have run for long, a group's log is short when a broker has to read it.
            .property("offsets.topic.segment.bytes", "1048576")
            .property("log.cleaner.backoff.ms", "1000")
            // A killed broker may come back once its old session is over.
            .property("broker.session.timeout.ms", "5000")
            .property("broker.heartbeat.interval.ms", "1000")
            .property("transaction.max.timeout.ms", "60000")
            .property("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000")
            .cluster(nodes)?;
        for (proxy, broker) in proxies.iter().zip(brokers.nodes()) {
            proxy.forward_to(broker.proxied_port().unwrap_or_default());
        }
        let proxied: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
        let direct = brokers.bootstrap();
        Ok(Self { brokers, proxies, runtime, nodes, direct, proxied: proxied.join(",") })
    }

    /// Brokers as the suite reaches them.
    pub fn direct(&self) -> &str {
        &self.direct
    }

    /// Brokers as khabar reaches them.
    pub fn proxied(&self) -> &str {
        &self.proxied
    }

    /// A broker, by any number.
    pub fn broker(&mut self, number: u64) -> (usize, &mut LocalKafka) {
        let nodes = self.brokers.nodes();
        let place = usize::try_from(number % nodes.len() as u64).unwrap_or(0);
        (place, &mut nodes[place])
    }

    /// Starts a broker again that was killed or stopped; on a busy machine the first try may take too long.
    ///
    /// # Errors
    /// When it does not answer after three tries.
    pub fn bring_back(&mut self, place: usize) -> Result<(), Error> {
        let broker = &mut self.brokers.nodes()[place];
        for attempt in 1.. {
            match broker.restart() {
                Ok(()) => break,
                Err(error) if attempt == 3 => return Err(error.into()),
                Err(_) => println!("note: broker {place} did not come back in time; it is started once more"),
            }
        }
        Ok(())
    }

    /// The place of the active controller, as the brokers' own notes on their quorum say.
    pub fn controller(&mut self) -> usize {
        let known = self.brokers.nodes().iter().filter_map(|node| {
            let file = node.dir().join("data/__cluster_metadata-0/quorum-state");
            let state: serde_json::Value = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
            let leader = usize::try_from(state["leaderId"].as_i64()?).ok()?;
            Some((state["leaderEpoch"].as_i64()?, leader.checked_sub(1)?))
        });
        known.max().map_or(0, |(_, place)| place)
    }

    /// How often a broker found that it served a group before it had read the group's log. Kafka 4 does so when the
    /// group's partition leaves it and comes back while it reads, as on one node that was killed: a completed load
    /// is taken for that of whatever is being loaded then (`CompleteLoad` in its `CoordinatorRuntime`).
    pub fn out_of_sync(&mut self) -> usize {
        let logs = self.brokers.nodes().iter().map(|node| node.dir().join("broker.log"));
        let texts = logs.filter_map(|log| std::fs::read(log).ok());
        texts
            .map(|text| {
                String::from_utf8_lossy(&text).matches("is out of sync with the underlying log").count()
            })
            .sum()
    }

    /// Copies the brokers' logs into a folder, as far as that is possible.
    pub fn save_logs(&mut self, dir: &Path) {
        for (place, node) in self.brokers.nodes().iter().enumerate() {
            let _ = std::fs::copy(node.dir().join("broker.log"), dir.join(format!("broker-{place}.log")));
        }
    }

    /// Makes a topic on all nodes.
    ///
    /// # Errors
    /// When the brokers do not make it in time.
    pub fn create_topic(&self, name: &str, partitions: u16, settings: &[(&str, &str)]) -> Result<(), Error> {
        let replicas = TopicReplication::Fixed(i32::from(self.nodes));
        let mut topic = NewTopic::new(name, i32::from(partitions), replicas);
        for (key, value) in self.settings(settings) {
            topic = topic.set(key, value);
        }
        self.until_done("making a topic", |admin| {
            let options = AdminOptions::new().operation_timeout(Some(QUESTION));
            let results = self.runtime.block_on(admin.create_topics([&topic], &options));
            let results = results.map_err(|error| error.to_string())?;
            match results.into_iter().next() {
                Some(Err((_, rdkafka::error::RDKafkaErrorCode::TopicAlreadyExists))) => Ok(()),
                Some(Err((_, code))) => Err(code.to_string()),
                _ => Ok(()),
            }
        })
    }

    fn settings<'a>(&self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let in_sync = if self.nodes >= 3 { "2" } else { "1" };
        let mut all = vec![("min.insync.replicas", in_sync)];
        all.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        all.extend(more);
        all
    }

    /// Replaces all settings of a topic.
    ///
    /// # Errors
    /// When the brokers do not take them in time.
    pub fn configure(&self, name: &str, settings: &[(&str, &str)]) -> Result<(), Error> {
        self.until_done("changing a topic's settings", |admin| {
            let mut change = AlterConfig::new(ResourceSpecifier::Topic(name));
            for (key, value) in self.settings(settings) {
                change = change.set(key, value);
            }
            let results = self.runtime.block_on(admin.alter_configs([&change], &AdminOptions::new()));
            match results.map_err(|error| error.to_string())?.into_iter().next() {
                Some(Err((_, code))) => Err(code.to_string()),
                _ => Ok(()),
            }
        })
    }

    /// Gives a topic so many partitions.
    ///
    /// # Errors
    /// When the brokers do not in time.
    pub fn grow(&self, name: &str, partitions: usize) -> Result<(), Error> {
        self.until_done("adding partitions", |admin| {
            let change = NewPartitions::new(name, partitions);
            let results = self.runtime.block_on(admin.create_partitions([&change], &AdminOptions::new()));
            match results.map_err(|error| error.to_string())?.into_iter().next() {
                // A first try whose answer was late.
                Some(Err((_, rdkafka::error::RDKafkaErrorCode::InvalidPartitions))) => Ok(()),
                Some(Err((_, code))) => Err(code.to_string()),
                _ => Ok(()),
            }
        })
    }

    /// Removes what lies before an offset, as retention does.
    ///
    /// # Errors
    /// When the brokers do not in time.
    pub fn delete_before(&self, topic: &str, partition: i32, offset: i64) -> Result<(), Error> {
        let mut list = TopicPartitionList::new();
        let added = list.add_partition_offset(topic, partition, Offset::Offset(offset));
        added.map_err(Error::client("naming an offset"))?;
        self.until_done("removing records", |admin| {
            let deleted = self.runtime.block_on(admin.delete_records(&list, &AdminOptions::new()));
            let deleted = deleted.map_err(|error| error.to_string())?;
            let failed = deleted.elements().into_iter().find_map(|e| e.error().err());
            failed.map_or(Ok(()), |error| Err(error.to_string()))
        })
    }

    /// Tries with a new client each time: an old one may ask a broker that no longer leads.
    fn until_done(
        &self,
        what: &str,
        attempt: impl Fn(&AdminClient<DefaultClientContext>) -> Result<(), String>,
    ) -> Result<(), Error> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let admin = client(&self.direct).create().map_err(Error::client("connecting"))?;
            match attempt(&admin) {
                Ok(()) => return Ok(()),
                Err(why) if Instant::now() > deadline => {
                    return Err(Error::Other(format!("{what} failed for {PATIENCE:?}: {why}")));
                }
                Err(_) => std::thread::sleep(RETRY),
            }
        }
    }
}

/// Settings of a client.
pub fn client(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", bootstrap)
        .set("reconnect.backoff.max.ms", "500")
        // Brokers that metadata did not name for a moment are forgotten for so long.
        .set("metadata.recovery.rebootstrap.trigger.ms", "10000")
        // Brokers that are down on purpose are no news.
        .set("log_level", "0");
    config
}

/// Asks for offsets again and again over one connection.
pub struct Observer {
    consumer: BaseConsumer,
    bootstrap: String,
}

impl Observer {
    /// Connects past the proxies; joins no group.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub fn new(bootstrap: &str) -> Result<Self, Error> {
        let consumer = client(bootstrap)
            .set("group.id", GROUP)
            .set("enable.auto.commit", "false")
            .set("socket.timeout.ms", "3000")
            // Otherwise there is no answer while a transaction that commits offsets is under way.
            .set("isolation.level", "read_uncommitted")
            .create()
            .map_err(Error::client("connecting"))?;
        Ok(Self { consumer, bootstrap: bootstrap.to_owned() })
    }

    /// Takes a new client, where one can be made.
    pub fn renew(&mut self) {
        if let Ok(new) = Self::new(&self.bootstrap) {
            *self = new;
        }
    }

    /// Committed offsets of the input's partitions, in their order; nothing when the brokers do not answer.
    pub fn committed(&self, partitions: usize, patience: Duration) -> Option<Vec<Option<i64>>> {
        let mut list = TopicPartitionList::new();
        list.add_partition_range(INPUT, 0, i32::try_from(partitions).ok()? - 1);
        let answer = self.consumer.committed_offsets(list, patience).ok()?;
        let offset = |partition| {
            let element = answer.find_partition(INPUT, i32::try_from(partition).ok()?)?;
            element.error().is_ok().then(|| element.offset().to_raw().filter(|offset| *offset >= 0))
        };
        (0..partitions).map(offset).collect()
    }

    /// Offsets after the last record of the input's partitions, in their order.
    pub fn ends(&self, partitions: usize) -> Option<Vec<i64>> {
        let end = |partition| {
            let marks = self.consumer.fetch_watermarks(INPUT, i32::try_from(partition).ok()?, QUESTION);
            marks.ok().map(|(_, end)| end)
        };
        (0..partitions).map(end).collect()
    }

    /// Whether the leaders of all partitions of the input answer.
    pub fn all_answer(&self) -> bool {
        let Ok(metadata) = self.consumer.fetch_metadata(Some(INPUT), QUESTION) else { return false };
        let partitions = metadata.topics().first().map_or(0, |topic| topic.partitions().len());
        partitions > 0 && self.ends(partitions).is_some()
    }
}
