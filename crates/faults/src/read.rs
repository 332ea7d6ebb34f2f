//! Reads the output and the dead letters back, as a consumer of committed records does.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::check::{Arrival, Checker, End};
use crate::cluster::{DEAD_LETTERS, INPUT, OUTPUT, client};
use crate::error::Error;
use crate::feed::{NUMBER, Place, key_bytes};

const PATIENCE: Duration = Duration::from_secs(60);

/// What does not fit the records that were sent.
#[derive(Debug, Default)]
pub struct Strange {
    /// Records without a number, or with one that nobody sent.
    pub unknown: Vec<String>,
    /// Records that name another source than theirs, or carry another key.
    pub mislabelled: Vec<String>,
    /// Partitions that committed records cannot be read to the end of.
    pub open: Vec<String>,
    /// Where records arrived that came more than once, or in a wrong place: shown with violations.
    pub arrivals: BTreeMap<usize, Vec<String>>,
}

/// Finds the places that the brokers did not tell: a batch that was sent once more, because its first
/// acknowledgement got lost, is acknowledged without offsets, and a client that was replaced had no answer at all.
///
/// # Errors
/// When the brokers do not let the input be read.
pub fn untold(bootstrap: &str, places: &mut [Option<Place>]) -> Result<(), Error> {
    let is_told = |place: &Option<Place>| place.is_some_and(|(_, offset)| offset >= 0);
    if places.iter().all(is_told) {
        return Ok(());
    }
    read(bootstrap, INPUT, |message| {
        let number = header(message, NUMBER).and_then(|text| text.parse::<usize>().ok());
        if let Some(place) = number.and_then(|number| places.get_mut(number)).filter(|place| !is_told(place))
        {
            *place = Some((message.partition(), message.offset()));
        }
    })?;
    // Acknowledged without an offset, and removed by retention since: nobody knows where it was.
    for place in places.iter_mut().filter(|place| !is_told(place)) {
        *place = None;
    }
    Ok(())
}

/// Shows everything in both topics to the checker.
///
/// # Errors
/// When the brokers do not let it be read.
pub fn all(
    bootstrap: &str,
    places: &[Option<Place>],
    keys: impl Fn(usize) -> Option<u32>,
    checker: &mut Checker<'_>,
) -> Result<Strange, Error> {
    let mut strange = Strange::default();
    let mut seen = vec![None; places.len()];
    for (topic, end) in [(OUTPUT, End::Output), (DEAD_LETTERS, End::DeadLetter)] {
        strange.open.extend(left_open(bootstrap, topic)?);
        read(bootstrap, topic, |message| {
            let at = format!("{topic}/{}@{}", message.partition(), message.offset());
            let number = header(message, NUMBER).and_then(|text| text.parse().ok());
            let Some((number, place)) = number.and_then(|n: usize| Some((n, places.get(n)?))) else {
                strange.unknown.push(at);
                return;
            };
            let at_ms = message.timestamp().to_millis().unwrap_or(0);
            checker.arrived(Arrival { number, end, partition: message.partition(), at_ms });
            let named = source(message, end);
            let wrong =
                named.zip(*place).filter(|((topic, p, o), place)| topic != INPUT || (*p, *o) != *place);
            if let Some((_, (partition, offset))) = wrong {
                strange
                    .mislabelled
                    .push(format!("{at} names another source than {INPUT}/{partition}@{offset}"));
            }
            if keys(number).is_some_and(|key| message.key() != Some(&key_bytes(key))) {
                strange.mislabelled.push(format!("{at} has another key than record {number}"));
            }
            let arrived = (end, message.partition(), message.offset(), at_ms);
            match seen[number].replace(arrived) {
                None => {}
                Some(before) => {
                    let known = strange.arrivals.entry(number).or_default();
                    if known.is_empty() {
                        known.push(words(before));
                    }
                    known.push(words(arrived));
                }
            }
        })?;
    }
    Ok(strange)
}

fn words((end, partition, offset, at_ms): (End, i32, i64, i64)) -> String {
    let topic = if end == End::Output { OUTPUT } else { DEAD_LETTERS };
    format!("{topic}/{partition}@{offset} at {at_ms}")
}

fn consumer(bootstrap: &str, isolation: &str) -> Result<BaseConsumer, Error> {
    client(bootstrap)
        .set("group.id", "faults-checker")
        .set("enable.auto.commit", "false")
        .set("isolation.level", isolation)
        .set("enable.partition.eof", "true")
        .set("queued.max.messages.kbytes", "65536")
        .create()
        .map_err(Error::client("connecting"))
}

fn partitions(consumer: &BaseConsumer, topic: &str) -> Result<usize, Error> {
    let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).map_err(Error::client("reading back"))?;
    Ok(metadata.topics().first().map_or(0, |topic| topic.partitions().len()))
}

/// Waits until transactions of instances that died have timed out; returns the partitions where they do not.
fn left_open(bootstrap: &str, topic: &str) -> Result<Vec<String>, Error> {
    let committed = consumer(bootstrap, "read_committed")?;
    let all = consumer(bootstrap, "read_uncommitted")?;
    let deadline = Instant::now() + PATIENCE;
    let mut open = Vec::new();
    for partition in 0..i32::try_from(partitions(&all, topic)?).unwrap_or(0) {
        let end =
            |of: &BaseConsumer| of.fetch_watermarks(topic, partition, PATIENCE).ok().map(|(_, end)| end);
        loop {
            let (stable, end) = (end(&committed), end(&all));
            if stable.is_some() && stable == end {
                break;
            }
            if Instant::now() > deadline {
                open.push(format!("{topic}/{partition}: readable up to {stable:?} of {end:?}"));
                break;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }
    Ok(open)
}

fn read(bootstrap: &str, topic: &str, mut visit: impl FnMut(&BorrowedMessage<'_>)) -> Result<(), Error> {
    let consumer = consumer(bootstrap, "read_committed")?;
    let partitions = partitions(&consumer, topic)?;
    let mut list = TopicPartitionList::new();
    for partition in 0..i32::try_from(partitions).unwrap_or(0) {
        let added = list.add_partition_offset(topic, partition, Offset::Beginning);
        added.map_err(Error::client("reading back"))?;
    }
    consumer.assign(&list).map_err(Error::client("reading back"))?;
    let mut ended = vec![false; partitions];
    let mut progress = Instant::now();
    while ended.contains(&false) {
        match consumer.poll(Duration::from_millis(200)) {
            Some(Ok(message)) => visit(&message),
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                if let Some(done) = usize::try_from(partition).ok().and_then(|p| ended.get_mut(p)) {
                    *done = true;
                }
            }
            // Errors pass, or the deadline does.
            Some(Err(_)) | None if progress.elapsed() < PATIENCE => continue,
            Some(Err(_)) | None => {
                return Err(Error::Other(format!("reading {topic} back stalled for {PATIENCE:?}")));
            }
        }
        progress = Instant::now();
    }
    Ok(())
}

fn header<'a>(message: &'a BorrowedMessage<'_>, name: &str) -> Option<&'a str> {
    let headers = message.headers()?;
    let found = headers.iter().find(|header| header.key == name)?;
    std::str::from_utf8(found.value?).ok()
}

/// What the record says it was made from; a tombstone says nothing.
fn source(message: &BorrowedMessage<'_>, end: End) -> Option<(String, i32, i64)> {
    #[derive(serde::Deserialize)]
    struct Enriched {
        source: Position,
    }
    #[derive(serde::Deserialize)]
    struct Position {
        topic: String,
        partition: i32,
        offset: i64,
    }
    let nowhere = || Some((String::new(), -1, -1));
    match end {
        End::Output => {
            let Ok(Enriched { source }) = serde_json::from_slice(message.payload()?) else {
                return nowhere();
            };
            Some((source.topic, source.partition, source.offset))
        }
        End::DeadLetter => {
            let text = |name| header(message, name);
            let partition = text("khabar-source-partition").and_then(|text| text.parse().ok());
            let offset = text("khabar-source-offset").and_then(|text| text.parse().ok());
            let topic = text("khabar-source-topic").map(str::to_owned);
            topic.zip(partition).zip(offset).map(|((topic, p), o)| (topic, p, o)).or_else(nowhere)
        }
    }
}
