//! Groups in their variants: eager and cooperative, static members, and the brokers' own assignment.

use std::time::Duration;

use crate::common::articles::{Message, articles, message};
use crate::common::cluster::{Cluster, shared_kafka};
use crate::common::service::{Service, Settings};
use crate::common::wait_for;

const PATIENCE: Duration = Duration::from_secs(90);
const PARTITIONS: i32 = 4;
const RECORDS: usize = 600;

/// Topics of a few partitions.
pub fn prepare(word: &str, bootstrap: &str) -> Cluster {
    let cluster = Cluster::at(bootstrap);
    for what in ["raw", "enriched", "dead"] {
        cluster.create_topic(&format!("{word}.{what}"), PARTITIONS, &[("max.message.bytes", "10485760")]);
    }
    cluster
}

fn shares(a: &Service, b: &Service) {
    let half = usize::try_from(PARTITIONS).expect("few") / 2;
    wait_for("each instance to own half", PATIENCE, || {
        let (one, other) = (a.owned(), b.owned());
        (one.len() == half && other.len() == half && one.is_disjoint(&other)).then_some(())
    });
}

/// Instances come and go in order while records flow: each comes once.
fn each_comes_once(word: &str, bootstrap: &str, settings: impl Fn(&str) -> Settings) {
    let cluster = prepare(word, bootstrap);
    let messages: Vec<Message> = articles(RECORDS).iter().enumerate().map(|(i, a)| message(i, a)).collect();
    let (first, rest) = messages.split_at(RECORDS / 3);
    let (second, third) = rest.split_at(RECORDS / 3);
    let raw = format!("{word}.raw");
    let mut a = Service::start(&settings("a"));
    cluster.send(&raw, first, &[]);
    let mut b = Service::start(&settings("b"));
    cluster.send(&raw, second, &[]);
    shares(&a, &b);
    // What a gave away has no series there any more.
    assert_eq!(a.scrape().partitions("khabar_committed_offset").intersection(&b.owned()).count(), 0);
    cluster.send(&raw, third, &[]);
    a.terminate();
    b.catch_up(&cluster, &settings("b"), PATIENCE);
    wait_for("b to own all", PATIENCE, || (b.owned().len() == PARTITIONS as usize).then_some(()));
    b.terminate();
    let mut sources: Vec<(i64, i64)> = Vec::new();
    for record in cluster.read(&format!("{word}.enriched")) {
        let source = &record.json()["source"];
        sources.push((
            source["partition"].as_i64().expect("a number"),
            source["offset"].as_i64().expect("a number"),
        ));
    }
    for record in cluster.read(&format!("{word}.dead")) {
        let number = |name: &str| record.header(name).expect("a header").parse().expect("a number");
        sources.push((number("khabar-source-partition"), number("khabar-source-offset")));
    }
    sources.sort_unstable();
    let all = sources.len();
    sources.dedup();
    assert_eq!((sources.len(), all), (RECORDS, RECORDS), "missing or repeated without a crash");
}

#[test]
fn eager_assignment_with_range() {
    let Some(bootstrap) = shared_kafka() else { return };
    each_comes_once("eager", bootstrap, |_| {
        Settings::named("eager", bootstrap)
            .with("input.kafka.properties", "\"partition.assignment.strategy\" = \"range\"\n")
    });
}

#[test]
fn cooperative_assignment() {
    let Some(bootstrap) = shared_kafka() else { return };
    each_comes_once("coop", bootstrap, |_| Settings::named("coop", bootstrap));
}

/// Settings of a group that the brokers assign.
pub fn by_the_brokers(word: &str, bootstrap: &str) -> Settings {
    let mut settings = Settings::named(word, bootstrap).with("input", "group_protocol = \"consumer\"\n");
    settings.without_session = true;
    settings
}

#[test]
fn assignment_by_the_brokers() {
    let Some(bootstrap) = shared_kafka() else { return };
    each_comes_once("kip848", bootstrap, |_| by_the_brokers("kip848", bootstrap));
}

#[test]
fn assignment_by_the_brokers_exactly_once() {
    let Some(bootstrap) = shared_kafka() else { return };
    each_comes_once("kip848-exact", bootstrap, |instance| {
        by_the_brokers("kip848-exact", bootstrap).exactly_once(instance)
    });
}

#[test]
fn a_static_member_comes_back_without_a_rebalance() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = prepare("static", bootstrap);
    let settings = |instance: &str| {
        Settings::named("static", bootstrap).with("input", &format!("instance_id = {instance:?}\n"))
    };
    let (mut a, mut b) = (Service::start(&settings("a")), Service::start(&settings("b")));
    shares(&a, &b);
    let (owned, events) = (b.owned(), b.scrape().sum("khabar_rebalances_total"));
    let before = a.owned();
    a.terminate();
    a.start_again();
    wait_for("a to own what it owned", PATIENCE, || (a.owned() == before).then_some(()));
    assert_eq!((b.owned(), b.scrape().sum("khabar_rebalances_total")), (owned, events), "b was disturbed");
    let messages: Vec<Message> = articles(50).iter().enumerate().map(|(i, a)| message(i, a)).collect();
    cluster.send("static.raw", &messages, &[]);
    a.catch_up(&cluster, &settings("a"), PATIENCE);
    a.terminate();
    b.terminate();
}

/// What librdkafka does when left alone: where the assignment changes meanwhile, it begins at the first record.
#[test]
fn offsets_that_an_open_transaction_holds_back_are_waited_for() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = prepare("held-back", bootstrap);
    let messages: Vec<Message> = (0..20).map(|i| message(i, &articles(20)[i])).collect();
    let settings = |instance: &str| Settings::named("held-back", bootstrap).exactly_once(instance);
    cluster.send("held-back.raw", &messages, &[]);
    let mut a = Service::start(&settings("a"));
    a.catch_up(&cluster, &settings("a"), PATIENCE);
    a.terminate();
    // A member that leaves without saying so, as static ones do, is one until its session is over.
    let committed = cluster.committed("held-back", "held-back.raw");
    let ((_, partition), offset) = committed.into_iter().next().expect("something is committed");
    let open = wait_for("the group to be empty", PATIENCE, || {
        cluster.hold_offset("held-back", "held-back.raw", partition, offset)
    });
    a.start_again();
    wait_for("it to wait", PATIENCE, || {
        a.assert_alive();
        a.log().contains("committed offsets are not known yet").then_some(())
    });
    // The assignment changes while it waits.
    let mut b = Service::start(&settings("b"));
    assert_eq!(a.scrape().sum("khabar_records_consumed_total"), Some(0.0), "it began without the offsets");
    open.commit();
    shares(&a, &b);
    cluster.send("held-back.raw", &messages, &[]);
    a.catch_up(&cluster, &settings("a"), PATIENCE);
    a.terminate();
    b.terminate();
    let arrived = cluster.read("held-back.enriched").len() + cluster.read("held-back.dead").len();
    assert_eq!(arrived, 40, "records came again, or are missing");
}
