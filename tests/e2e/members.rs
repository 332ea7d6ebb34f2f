//! Members whose place in the group is taken: behind their back, or by their own former self.

use std::time::Duration;

use crate::common::articles::{Message, articles, message};
use crate::common::cluster::{Cluster, kafka, shared_kafka};
use crate::common::service::{Service, Settings};
use crate::common::wait_for;
use crate::rebalances::{by_the_brokers, prepare};

const PATIENCE: Duration = Duration::from_secs(90);

fn keys(cluster: &Cluster, topic: &str) -> Vec<String> {
    let key = |key: Option<Vec<u8>>| String::from_utf8(key.unwrap_or_default()).expect("text");
    let mut keys: Vec<String> = cluster.read(topic).into_iter().map(|record| key(record.key)).collect();
    keys.sort_unstable();
    keys
}

/// A member that was expelled and is back before its client noticed must not send what another has sent meanwhile.
/// The other is imitated: transactions may commit offsets without a membership.
#[test]
fn what_another_member_has_committed_is_not_sent_again() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    ["raw", "enriched", "dead"]
        .iter()
        .for_each(|what| cluster.create_topic(&format!("displaced.{what}"), 1, &[]));
    let settings = Settings::named("displaced", bootstrap).exactly_once("a");
    let messages: Vec<Message> = articles(4).iter().enumerate().map(|(i, a)| message(i, a)).collect();
    cluster.send("displaced.raw", &messages[..1], &[]);
    let mut a = Service::start(&settings);
    a.catch_up(&cluster, &settings, PATIENCE);
    // The other has done the two records that come next, and its successor would begin behind them.
    let other = cluster.hold_offset("displaced", "displaced.raw", 0, 3).expect("an offset in a transaction");
    other.commit();
    wait_for("the other's offset", PATIENCE, || {
        (cluster.committed("displaced", "displaced.raw").into_iter().next()?.1 == 3).then_some(())
    });
    // Within two seconds of a commit nobody can have been expelled, so it does not ask.
    std::thread::sleep(Duration::from_secs(2));
    cluster.send("displaced.raw", &messages[1..3], &[]);
    wait_for("it to notice", PATIENCE, || {
        a.assert_alive();
        a.log().contains("another member has read partition displaced.raw/0 up to 3").then_some(())
    });
    cluster.send("displaced.raw", &messages[3..], &[]);
    a.catch_up(&cluster, &settings, PATIENCE);
    assert_eq!(a.scrape().sum_where("khabar_heals_total", &["action=\"consumer\""]), 1.0, "a new consumer");
    a.terminate();
    let expected: Vec<String> =
        [0, 3].map(|i| String::from_utf8(messages[i].key.clone().expect("a key")).expect("text")).to_vec();
    assert_eq!(keys(&cluster, "displaced.enriched"), expected, "what the other has done came again");
}

/// A broker that comes back may serve the group's offsets of long ago for seconds. That is imitated by somebody who
/// sets them back; who means it leaves them there.
#[test]
fn offsets_that_go_back_are_asked_about_again() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    ["raw", "enriched", "dead"].iter().for_each(|w| cluster.create_topic(&format!("backwards.{w}"), 1, &[]));
    // Partitions go to members in the order of their names, and all are assigned anew whenever one comes or goes.
    let settings = |instance: &str| {
        Settings::named("backwards", bootstrap)
            .with("input.kafka.properties", "\"partition.assignment.strategy\" = \"range\"\n")
            .with("input", &format!("instance_id = {instance:?}\n"))
    };
    let set_to = |offset: i64| {
        cluster.hold_offset("backwards", "backwards.raw", 0, offset).expect("an offset").commit();
        wait_for("the offset to be set", PATIENCE, || {
            (cluster.committed("backwards", "backwards.raw").into_iter().next()?.1 == offset).then_some(())
        });
    };
    let messages: Vec<Message> = articles(5).iter().enumerate().map(|(i, a)| message(i, a)).collect();
    let key = |i: usize| String::from_utf8(messages[i].key.clone().expect("a key")).expect("text");
    cluster.send("backwards.raw", &messages[..3], &[]);
    let mut a = Service::start(&settings("a"));
    a.catch_up(&cluster, &settings("a"), PATIENCE);

    set_to(1);
    let mut b = Service::start(&settings("b"));
    wait_for("a to doubt it", PATIENCE, || {
        a.assert_alive();
        a.log()
            .contains("is said to be committed up to 1, and was up to 3, which is asked about")
            .then_some(())
    });
    set_to(3);
    cluster.send("backwards.raw", &messages[3..4], &[]);
    a.catch_up(&cluster, &settings("a"), PATIENCE);
    let of = |numbers: &[usize]| {
        let mut keys: Vec<String> = numbers.iter().map(|i| key(*i)).collect();
        keys.sort_unstable();
        keys
    };
    assert_eq!(
        keys(&cluster, "backwards.enriched"),
        of(&[0, 1, 2, 3]),
        "records came again for a wrong answer"
    );

    set_to(2);
    b.kill();
    wait_for("a to believe it", PATIENCE, || {
        a.assert_alive();
        a.log().contains("committed up to 2, and was up to 4: records come again from there").then_some(())
    });
    // What the client committed before it went back is no commit of what comes again.
    a.catch_up(&cluster, &settings("a"), PATIENCE);
    cluster.send("backwards.raw", &messages[4..], &[]);
    a.catch_up(&cluster, &settings("a"), PATIENCE);
    a.terminate();
    let arrived = keys(&cluster, "backwards.enriched");
    assert_eq!(arrived, of(&[0, 1, 2, 2, 3, 3, 4]), "offsets that were set back were not followed");
}

/// Under the new group protocol a static member that was killed is a member until its session is over, and the
/// brokers turn its successor away until then, with an error that is fatal to the client.
#[test]
fn a_killed_static_member_of_a_group_that_the_brokers_assign_comes_back() {
    let broker = kafka()
        .property("group.consumer.min.session.timeout.ms", "3000")
        .property("group.consumer.session.timeout.ms", "8000")
        .property("group.consumer.min.heartbeat.interval.ms", "500")
        .property("group.consumer.heartbeat.interval.ms", "1000");
    let Some(kafka) = broker.require() else { return };
    let cluster = prepare("unreleased", kafka.bootstrap());
    let settings = by_the_brokers("unreleased", kafka.bootstrap()).with("input", "instance_id = \"a\"\n");
    let messages: Vec<Message> = articles(50).iter().enumerate().map(|(i, a)| message(i, a)).collect();
    let (first, rest) = messages.split_at(25);
    cluster.send("unreleased.raw", first, &[]);
    let mut a = Service::start(&settings);
    a.catch_up(&cluster, &settings, PATIENCE);
    a.kill();
    cluster.send("unreleased.raw", rest, &[]);
    a.start_again();
    a.catch_up(&cluster, &settings, PATIENCE);
    assert!(
        a.log().contains("input.instance_id still belongs to a member"),
        "it was let in at once:\n{}",
        a.log()
    );
    a.terminate();
    let arrived = keys(&cluster, "unreleased.enriched").len() + keys(&cluster, "unreleased.dead").len();
    assert_eq!(arrived, 50, "missing or repeated");
}
