//! A cluster as a test sees it: topics, records, groups.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use khabar_local_kafka::LocalKafka;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, Headers, Message as _, OwnedHeaders};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::articles::Message;
use super::checker::Partition;

const PATIENCE: Duration = Duration::from_secs(30);

/// The broker that all tests of a binary share, started by the first; `None` where this machine has no
/// Java or Maven. Its watchdog ends it with the process.
pub fn shared_kafka() -> Option<&'static str> {
    static KAFKA: OnceLock<Option<LocalKafka>> = OnceLock::new();
    KAFKA.get_or_init(|| kafka().require()).as_ref().map(LocalKafka::bootstrap)
}

/// A broker that takes large messages.
pub fn kafka() -> khabar_local_kafka::Builder {
    LocalKafka::builder()
        .property("message.max.bytes", "70000000")
        .property("socket.request.max.bytes", "120000000")
}

/// A record that was read.
#[derive(Debug, Clone)]
pub struct Record {
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Kafka timestamp in milliseconds.
    pub at_ms: i64,
    /// Key.
    pub key: Option<Vec<u8>>,
    /// Value.
    pub value: Option<Vec<u8>>,
    /// Headers in their order.
    pub headers: Vec<(String, Option<Vec<u8>>)>,
}

/// The one record under a key.
pub fn by_key<'a>(records: &'a [Record], key: &str) -> &'a Record {
    let mut found = records.iter().filter(|r| r.key.as_deref() == Some(key.as_bytes()));
    let record = found.next().unwrap_or_else(|| panic!("no record under {key}"));
    assert!(found.next().is_none(), "several records under {key}");
    record
}

impl Record {
    /// The only value under a header's name, as text.
    ///
    /// # Panics
    /// When there are several, or it is no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(n, _)| n == name);
        let value = found.next()?.1.as_deref();
        assert!(found.next().is_none(), "several headers {name}");
        Some(std::str::from_utf8(value.unwrap_or_default()).expect("a header of text"))
    }

    /// The value as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(self.value.as_deref().expect("a value")).expect("a value of JSON")
    }
}

/// A client of a cluster.
#[derive(Debug, Clone)]
pub struct Cluster {
    bootstrap: String,
}

impl Cluster {
    /// A client of the cluster at `host:port`.
    pub fn at(bootstrap: &str) -> Self {
        Self { bootstrap: bootstrap.to_owned() }
    }

    /// `host:port`
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    fn config(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.bootstrap);
        config
    }

    /// Makes a topic.
    pub fn create_topic(&self, name: &str, partitions: i32, settings: &[(&str, &str)]) {
        let admin: AdminClient<DefaultClientContext> = self.config().create().expect("an admin client");
        let mut topic = NewTopic::new(name, partitions, TopicReplication::Fixed(1));
        for (key, value) in settings {
            topic = topic.set(key, value);
        }
        let options = AdminOptions::new().operation_timeout(Some(PATIENCE));
        let results = block_on(admin.create_topics([&topic], &options)).expect("an answer");
        for result in results {
            result.expect("the topic is made");
        }
    }

    /// The settings of a topic that was made.
    pub fn topic_settings(&self, name: &str) -> BTreeMap<String, String> {
        let admin: AdminClient<DefaultClientContext> = self.config().create().expect("an admin client");
        let topic = rdkafka::admin::ResourceSpecifier::Topic(name);
        let mut results =
            block_on(admin.describe_configs([&topic], &AdminOptions::new())).expect("an answer");
        let entries = results.remove(0).expect("a topic").entries;
        entries.into_iter().filter_map(|entry| Some((entry.name, entry.value?))).collect()
    }

    /// Partitions of a topic, 0 when there is no such topic.
    pub fn partitions(&self, topic: &str) -> usize {
        let client: BaseConsumer = self.config().create().expect("a client");
        let metadata = client.fetch_metadata(Some(topic), PATIENCE).expect("metadata");
        metadata.topics().iter().find(|t| t.name() == topic).map_or(0, |t| t.partitions().len())
    }

    /// Sends messages and waits until all are acknowledged; `settings` are those of the producer.
    pub fn send<'a>(
        &self,
        topic: &str,
        messages: impl IntoIterator<Item = &'a Message>,
        settings: &[(&str, &str)],
    ) {
        let mut config = self.config();
        config
            .set("partitioner", "murmur2_random")
            .set("linger.ms", "5")
            .set("enable.idempotence", "true")
            .set("message.max.bytes", "70000000")
            .set("queue.buffering.max.kbytes", "65536");
        for (key, value) in settings {
            config.set(*key, *value);
        }
        let producer: ThreadedProducer<DefaultProducerContext> = config.create().expect("a producer");
        for message in messages {
            let mut record = to_send(topic, message);
            while let Err((error, unsent)) = producer.send(record) {
                let full = KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull);
                assert_eq!(error, full, "a message is refused");
                std::thread::sleep(Duration::from_millis(5));
                record = unsent;
            }
        }
        producer.flush(Duration::from_secs(600)).expect("everything is acknowledged");
    }

    /// Sends messages in transactions of so many; after each committed one the same are sent and aborted.
    pub fn send_in_transactions(&self, topic: &str, messages: &[Message], each: usize) {
        let mut config = self.config();
        config.set("partitioner", "murmur2_random").set("transactional.id", format!("sender-of-{topic}"));
        let producer: ThreadedProducer<DefaultProducerContext> = config.create().expect("a producer");
        producer.init_transactions(PATIENCE).expect("transactions");
        let send = |messages: &[Message]| {
            producer.begin_transaction().expect("a transaction");
            for message in messages {
                producer.send(to_send(topic, message)).expect("room in the queue");
            }
        };
        for part in messages.chunks(each) {
            send(part);
            producer.commit_transaction(PATIENCE).expect("committed");
            send(part);
            producer.flush(PATIENCE).expect("acknowledged");
            producer.abort_transaction(PATIENCE).expect("aborted");
        }
    }

    /// Sends messages in a transaction and leaves it open.
    pub fn open_transaction(&self, topic: &str, messages: &[Message]) -> OpenTransaction {
        let mut config = self.config();
        config.set("transactional.id", format!("open-on-{topic}"));
        let producer: ThreadedProducer<DefaultProducerContext> = config.create().expect("a producer");
        producer.init_transactions(PATIENCE).expect("transactions");
        producer.begin_transaction().expect("a transaction");
        for message in messages {
            producer.send(to_send(topic, message)).expect("room in the queue");
        }
        producer.flush(PATIENCE).expect("acknowledged");
        OpenTransaction(producer)
    }

    /// Commits an offset of a group without members in a transaction, and leaves that open. `None` while the group
    /// has members.
    pub fn hold_offset(
        &self,
        group: &str,
        topic: &str,
        partition: i32,
        offset: i64,
    ) -> Option<OpenTransaction> {
        let consumer: BaseConsumer = self.config().set("group.id", group).create().expect("a client");
        let mut config = self.config();
        config.set("transactional.id", format!("offsets-of-{group}"));
        let producer: ThreadedProducer<DefaultProducerContext> = config.create().expect("a producer");
        producer.init_transactions(PATIENCE).expect("transactions");
        producer.begin_transaction().expect("a transaction");
        let mut offsets = TopicPartitionList::new();
        offsets.add_partition_offset(topic, partition, Offset::Offset(offset)).expect("an offset");
        let group = consumer.group_metadata().expect("a group");
        producer.send_offsets_to_transaction(&offsets, &group, PATIENCE).ok()?;
        Some(OpenTransaction(producer))
    }

    /// Offsets after the last record, by partition.
    pub fn ends(&self, topic: &str) -> Vec<i64> {
        Reader::new(self).ends(topic)
    }

    /// All records of a topic, partition by partition.
    pub fn read(&self, topic: &str) -> Vec<Record> {
        let mut records = Vec::new();
        self.for_each(topic, |record| records.push(record));
        records
    }

    /// All committed records of a topic, for those that do not fit into memory.
    pub fn for_each(&self, topic: &str, mut visit: impl FnMut(Record)) {
        let reader = Reader::new(self);
        let ends = reader.ends(topic);
        let mut list = TopicPartitionList::new();
        let mut left = std::collections::BTreeSet::new();
        for (partition, &end) in (0..).zip(&ends) {
            if end > 0 {
                list.add_partition_offset(topic, partition, Offset::Beginning).expect("a valid offset");
                left.insert(partition);
            }
        }
        reader.0.assign(&list).expect("assigned");
        let mut last_progress = Instant::now();
        while !left.is_empty() {
            assert!(
                last_progress.elapsed() < PATIENCE,
                "reading {topic} stalled with {} partitions to go",
                left.len()
            );
            let Some(message) = reader.0.poll(Duration::from_millis(200)) else { continue };
            last_progress = Instant::now();
            let message = match message {
                Ok(message) => message,
                // Not the last record's offset: behind it may be control records.
                Err(KafkaError::PartitionEOF(partition)) => {
                    left.remove(&partition);
                    continue;
                }
                Err(error) => panic!("reading {topic}: {error}"),
            };
            visit(Record {
                partition: message.partition(),
                offset: message.offset(),
                at_ms: message.timestamp().to_millis().expect("a timestamp"),
                key: message.key().map(<[u8]>::to_vec),
                value: message.payload().map(<[u8]>::to_vec),
                headers: message
                    .headers()
                    .map(|headers| {
                        headers.iter().map(|h| (h.key.to_owned(), h.value.map(<[u8]>::to_vec))).collect()
                    })
                    .unwrap_or_default(),
            });
        }
    }

    /// Committed offsets of a group; partitions without one are absent.
    pub fn committed(&self, group: &str, topic: &str) -> BTreeMap<Partition, i64> {
        let client: BaseConsumer = self.config().set("group.id", group).create().expect("a client");
        let mut list = TopicPartitionList::new();
        list.add_partition_range(
            topic,
            0,
            i32::try_from(self.partitions(topic)).expect("few partitions") - 1,
        );
        // A group's coordinator may be moving in, just after the broker's start.
        let answer = super::wait_for("the group's coordinator", PATIENCE, || {
            client.committed_offsets(list.clone(), PATIENCE).ok()
        });
        answer
            .elements()
            .iter()
            .filter_map(|e| {
                Some(((e.topic().to_owned(), e.partition()), e.offset().to_raw()?)).filter(|c| c.1 >= 0)
            })
            .collect()
    }

    /// Whether a group has committed everything that is in these topics.
    pub fn caught_up(&self, group: &str, topics: &[String]) -> bool {
        topics.iter().all(|topic| {
            let committed = self.committed(group, topic);
            let ends = self.ends(topic);
            (0..).zip(ends).all(|(partition, end)| {
                // Nothing is committed where nothing was.
                committed.get(&(topic.clone(), partition)).copied().unwrap_or(0) == end
            })
        })
    }
}

fn to_send<'a>(topic: &'a str, message: &'a Message) -> BaseRecord<'a, [u8], [u8]> {
    let headers = message.headers.iter().fold(OwnedHeaders::new(), |headers, (name, value)| {
        headers.insert(Header { key: name, value: Some(value) })
    });
    let mut record = BaseRecord::to(topic).headers(headers);
    record.key = message.key.as_deref();
    record.payload = message.value.as_deref();
    record.timestamp = message.at_ms;
    record
}

/// A transaction that nobody has ended yet.
pub struct OpenTransaction(ThreadedProducer<DefaultProducerContext>);

impl OpenTransaction {
    /// Ends it.
    pub fn commit(self) {
        self.0.commit_transaction(PATIENCE).expect("committed");
    }
}

/// Asks for the ends of topics again and again over one connection.
pub struct Reader(BaseConsumer);

impl Reader {
    /// A client.
    pub fn new(cluster: &Cluster) -> Self {
        let mut config = cluster.config();
        config
            .set("group.id", "reader")
            .set("enable.auto.commit", "false")
            .set("enable.partition.eof", "true")
            .set("fetch.message.max.bytes", "8000000")
            .set("queued.max.messages.kbytes", "65536");
        Self(config.create().expect("a client"))
    }

    /// Offsets after the last record, by partition.
    pub fn ends(&self, topic: &str) -> Vec<i64> {
        let metadata = self.0.fetch_metadata(Some(topic), PATIENCE).expect("metadata");
        let partitions = metadata.topics()[0].partitions().len();
        (0..i32::try_from(partitions).expect("few partitions"))
            // Leaders of a topic that was just made are not known everywhere at once.
            .map(|partition| {
                super::wait_for("watermarks", PATIENCE, || {
                    self.0.fetch_watermarks(topic, partition, PATIENCE).ok().map(|(_, end)| end)
                })
            })
            .collect()
    }

    /// Records of a topic, were nothing ever deleted from it.
    pub fn count(&self, topic: &str) -> i64 {
        self.ends(topic).iter().sum()
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
