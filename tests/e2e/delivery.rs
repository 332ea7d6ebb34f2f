//! Two instances, one killed and one stopped mid-way: nothing is lost, and nothing comes again without excuse.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::common::articles::{Message, articles, message};
use crate::common::checker::{Arrived, Crash, End, Partition, Report, Sent, Source, check};
use crate::common::cluster::{Cluster, Reader, Record, shared_kafka};
use crate::common::metrics::{Scraper, Seen};
use crate::common::service::{Service, Settings};
use crate::common::wait_for;

const PARTITIONS: i32 = 6;
/// Of the broken records; goes through to output and dead letters, as every header of the input does.
const END_HEADER: &str = "test-end";

/// What is promised, and under which names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promise {
    AtLeastOnce,
    ExactlyOnce,
}

impl Promise {
    fn word(self) -> &'static str {
        match self {
            Promise::AtLeastOnce => "delivery",
            Promise::ExactlyOnce => "delivery-exact",
        }
    }

    fn topic(self, what: &str) -> String {
        format!("{}.{what}", self.word())
    }

    fn settings(self, bootstrap: &str, instance: &str) -> Settings {
        let settings =
            Settings::named(self.word(), bootstrap).with("pipeline", "commit_interval = \"200ms\"\n");
        match self {
            Promise::AtLeastOnce => settings,
            Promise::ExactlyOnce => settings.exactly_once(instance),
        }
    }
}

#[test]
fn delivery_survives_a_kill_and_a_stop() {
    survives_a_kill_and_a_stop(Promise::AtLeastOnce);
}

#[test]
fn exactly_once_delivery_survives_a_kill_and_a_stop() {
    survives_a_kill_and_a_stop(Promise::ExactlyOnce);
}

fn survives_a_kill_and_a_stop(promise: Promise) {
    let Some(bootstrap) = shared_kafka() else { return };
    let started = Instant::now();
    let count =
        std::env::var("KHABAR_E2E_RECORDS").map_or(3_000, |n| n.parse().expect("a number of records"));
    let patience =
        Duration::from_secs(120) + Duration::from_millis(20) * u32::try_from(count).expect("not that many");
    let messages = messages(count);
    let cluster = Cluster::at(bootstrap);
    let (group, raw) = (promise.word(), promise.topic("raw"));
    let (enriched, dead) = (promise.topic("enriched"), promise.topic("dead"));
    for topic in [&raw, &enriched, &dead] {
        cluster.create_topic(topic, PARTITIONS, &[("max.message.bytes", "10485760")]);
    }
    let reader = Reader::new(&cluster);
    // Control records of transactions count, too; nothing below needs it to be exact.
    let done = || usize::try_from(reader.count(&enriched) + reader.count(&dead)).expect("counts");

    // A first part, so that both are at work, then two bursts, in which one is killed and one is stopped.
    let (first, rest) = messages.split_at(count / 5);
    let (second, third) = rest.split_at(rest.len() / 2);
    let (mut a, mut b) = (
        Service::start(&promise.settings(bootstrap, "a")),
        Service::start(&promise.settings(bootstrap, "b")),
    );
    let scrapers = [Scraper::start(a.port()), Scraper::start(b.port())];
    wait_for_shares(&a, &b);
    cluster.send(&raw, first, &[]);
    wait_for("the first part", patience, || (done() >= first.len()).then_some(()));

    let owned_by_a = wait_for_shares(&a, &b);
    let (crash, left_at_kill) = std::thread::scope(|scope| {
        let sending = scope.spawn(|| cluster.send(&raw, second, &[]));
        wait_for("the second part to begin", patience, || (done() > first.len() + count / 50).then_some(()));
        let crash = kill(&mut a, owned_by_a, &cluster, group, &raw);
        let left = first.len() + second.len() - done().min(first.len() + second.len());
        sending.join().expect("sent");
        (crash, left)
    });
    a.start_again();
    assert!(left_at_kill > 0, "the kill came too late to prove anything");
    wait_for_shares(&a, &b);

    let before_third = done();
    let (report_of_b, left_at_stop) = std::thread::scope(|scope| {
        let sending = scope.spawn(|| cluster.send(&raw, third, &[]));
        wait_for("the third part to begin", patience, || (done() > before_third + count / 50).then_some(()));
        let committed: i64 = cluster.committed(group, &raw).values().sum();
        let left = count - usize::try_from(committed).expect("a count");
        let report = b.terminate();
        sending.join().expect("sent");
        (report, left)
    });
    b.start_again();
    assert!(left_at_stop > 0, "the stop came too late to prove anything");

    let ends = cluster.ends(&raw);
    assert_eq!(
        ends.iter().sum::<i64>(),
        i64::try_from(count).expect("a count"),
        "every article is in the raw topic"
    );
    wait_for("committed offsets at the end of the topic", patience, || {
        a.assert_alive();
        b.assert_alive();
        cluster.caught_up(group, std::slice::from_ref(&raw)).then_some(())
    });
    let seen = scrapers.map(Scraper::stop);
    a.terminate();
    b.terminate();

    // Exactly once nothing is excused.
    let excuses: &[Crash] = match promise {
        Promise::AtLeastOnce => std::slice::from_ref(&crash),
        Promise::ExactlyOnce => &[],
    };
    let report = check(&sent(&cluster, &raw), &arrived(&cluster, &enriched, &dead), excuses);
    print_table(
        promise,
        &report,
        &crash,
        (left_at_kill, left_at_stop),
        &seen,
        started.elapsed(),
        &report_of_b,
    );
    report.verdict().expect("every promise is kept");
    assert!(cluster.caught_up(group, std::slice::from_ref(&raw)), "a stop takes nothing back");
    for seen in &seen {
        assert_eq!(seen.faults, Vec::<String>::new(), "the books balance at every scrape");
    }
    assert!(seen.iter().any(|s| s.scrapes_in_flight > 0), "no scrape met a record in flight");
}

fn messages(count: usize) -> Vec<Message> {
    let mut messages: Vec<Message> = articles(count).iter().enumerate().map(|(i, a)| message(i, a)).collect();
    for message in messages.iter_mut().filter(|m| m.end == End::DeadLetter) {
        message.headers.push((END_HEADER.to_owned(), b"dead-letter".to_vec()));
    }
    messages
}

/// Waits until each instance owns half of the partitions; returns those of the first.
fn wait_for_shares(first: &Service, second: &Service) -> BTreeSet<Partition> {
    let half = usize::try_from(PARTITIONS).expect("few") / 2;
    wait_for("each instance to own half", Duration::from_secs(60), || {
        let (one, other) = (first.owned(), second.owned());
        (one.len() == half && other.len() == half && one.is_disjoint(&other)).then_some(one)
    })
}

/// Kills the instance and notes how much of what it owned was committed when it died.
fn kill(
    service: &mut Service,
    owned: BTreeSet<Partition>,
    cluster: &Cluster,
    group: &str,
    raw: &str,
) -> Crash {
    let at_ms = service.kill();
    let committed = cluster.committed(group, raw);
    let owned = owned.into_iter().map(|p| (p.clone(), committed.get(&p).copied().unwrap_or(0)));
    Crash { at_ms, owned: owned.collect() }
}

fn sent(cluster: &Cluster, raw: &str) -> Vec<Sent> {
    let records = cluster.read(raw).into_iter();
    records
        .map(|r| Sent {
            end: if r.header(END_HEADER).is_some() { End::DeadLetter } else { End::Output },
            source: Source { partition: (raw.to_owned(), r.partition), offset: r.offset },
            key: r.key,
        })
        .collect()
}

fn arrived(cluster: &Cluster, enriched: &str, dead: &str) -> Vec<Arrived> {
    let mut arrived = Vec::new();
    let mut note = |end, source, r: Record| {
        arrived.push(Arrived {
            source,
            key: r.key,
            end,
            partition: r.partition,
            offset: r.offset,
            at_ms: r.at_ms,
        });
    };
    cluster.for_each(enriched, |r| note(End::Output, source_in_value(&r), r));
    cluster.for_each(dead, |r| note(End::DeadLetter, source_in_headers(&r), r));
    arrived
}

/// `source` of an enriched record; the rest is not built, because there may be much of it.
fn source_in_value(record: &Record) -> Source {
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
    let value = record.value.as_deref().expect("a value");
    let Enriched { source } = serde_json::from_slice(value).expect("an enriched record with a source");
    Source { partition: (source.topic, source.partition), offset: source.offset }
}

fn source_in_headers(record: &Record) -> Source {
    let header =
        |name: &str| record.header(name).unwrap_or_else(|| panic!("no header {name}: {:?}", record.headers));
    Source {
        partition: (
            header("khabar-source-topic").to_owned(),
            header("khabar-source-partition").parse().expect("a partition"),
        ),
        offset: header("khabar-source-offset").parse().expect("an offset"),
    }
}

fn print_table(
    promise: Promise,
    report: &Report,
    crash: &Crash,
    (left_at_kill, left_at_stop): (usize, usize),
    seen: &[Seen; 2],
    took: Duration,
    report_of_b: &str,
) {
    let last_words: Vec<&str> = report_of_b.lines().rev().take(2).collect();
    let sum = |of: fn(&Seen) -> usize| seen.iter().map(of).sum::<usize>();
    let most = seen.iter().map(|s| s.most_in_flight).fold(0.0, f64::max);
    println!(
        "
{promise:?} over {} records on {PARTITIONS} partitions, two instances, one killed, one stopped
  in the output                  {:>8}
  in the dead letters            {:>8}
  missing                        {:>8}
  records left at the kill       {left_at_kill:>8}
  records left at the stop       {left_at_stop:>8}
  partitions of the killed       {:>8}
  repeats                        {:>8}
  repeats excused at most        {:>8}
  repeats without excuse         {:>8}
  (partition, key) pairs checked {:>8}
  out of order                   {:>8}
  scrapes                        {:>8}
  scrapes with records in flight {:>8}
  scrapes that do not balance    {:>8}
  most records in flight         {most:>8}
  seconds                        {:>8.1}
last words of the stopped instance:
{}",
        report.sent,
        report.in_output,
        report.in_dead_letters,
        report.missing.len(),
        crash.owned.len(),
        report.repeats,
        report.excused,
        report.unexcused.len(),
        report.keys,
        report.reordered.len(),
        sum(|s| s.scrapes),
        sum(|s| s.scrapes_in_flight),
        sum(|s| s.faults.len()),
        took.as_secs_f64(),
        last_words.join("\n"),
    );
}
