//! The service between two clusters, and the commands that prepare one.

use std::process::Output;
use std::time::Duration;

use khabar_local_kafka::LocalKafka;

use crate::common::articles::{Message, json_message, made_up};
use crate::common::cluster::{Cluster, shared_kafka};
use crate::common::service::{Service, Settings, khabar};
use crate::common::wait_for;

const PATIENCE: Duration = Duration::from_secs(90);

#[test]
fn output_goes_to_another_cluster_and_waits_while_that_is_down() {
    let Some(bootstrap) = shared_kafka() else { return };
    let Some(mut second) = LocalKafka::require() else { return };
    let (input, output) = (Cluster::at(bootstrap), Cluster::at(second.bootstrap()));
    let settings =
        Settings { output: Some(output.bootstrap().to_owned()), ..Settings::named("two", bootstrap) };
    input.create_topic("two.raw", 2, &[]);
    for topic in ["two.enriched", "two.dead"] {
        output.create_topic(topic, 2, &[]);
    }
    let messages: Vec<Message> = (0..200).map(|i| json_message(&made_up(i))).collect();
    let mut service = Service::start(&settings);
    input.send("two.raw", &messages[..100], &[]);
    service.catch_up(&input, &settings, PATIENCE);

    second.stop().expect("stopped");
    input.send("two.raw", &messages[100..], &[]);
    // All of them are read and none can be delivered: they are in flight, and nothing is committed.
    wait_for("records in flight", PATIENCE, || {
        (service.scrape().books().expect("balanced books").in_flight == 100.0).then_some(())
    });
    assert_eq!(input.committed("two", "two.raw").values().sum::<i64>(), 100);
    second.restart().expect("started again");
    service.catch_up(&input, &settings, PATIENCE);
    service.terminate();

    assert_eq!(output.read("two.enriched").len(), 200, "everything arrived, once");
    assert_eq!(output.read("two.dead").len(), 0);
    assert_eq!(input.partitions("two.enriched"), 0, "nothing goes to the input's cluster");
}

fn command(words: &[&str], config: &std::path::Path) -> Output {
    khabar().args(words).arg("--config").arg(config).output().expect("the built binary")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn check_says_what_is_missing_until_topics_create_made_it() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    let settings = Settings::named("fresh", bootstrap);
    let dir = tempfile::tempdir().expect("a folder");
    let config = dir.path().join("khabar.toml");
    std::fs::write(&config, settings.toml(0)).expect("written");
    let topics = ["fresh.raw", "fresh.enriched", "fresh.dead"];

    let before = command(&["check"], &config);
    assert_eq!(before.status.code(), Some(1), "{}", said(&before));
    for topic in topics {
        assert!(said(&before).contains(topic), "{topic} is missing, and named:\n{}", said(&before));
    }
    let dry = command(&["topics", "create", "--dry-run"], &config);
    assert_eq!((dry.status.code(), cluster.partitions("fresh.raw")), (Some(0), 0), "{}", said(&dry));
    let made = command(&["topics", "create", "--partitions", "4"], &config);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    for topic in topics {
        assert_eq!(cluster.partitions(topic), 4);
    }
    let after = command(&["check"], &config);
    assert_eq!(after.status.code(), Some(0), "{}", said(&after));
    let again = command(&["topics", "create"], &config);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    assert_eq!(cluster.partitions("fresh.raw"), 4, "what exists is never changed");
}

#[test]
fn check_says_so_when_nobody_answers() {
    let port = khabar_local_kafka::free_port().expect("a free port");
    let dir = tempfile::tempdir().expect("a folder");
    let config = dir.path().join("khabar.toml");
    std::fs::write(&config, Settings::named("nobody", &format!("127.0.0.1:{port}")).toml(0))
        .expect("written");
    let output = command(&["check", "--timeout", "3"], &config);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains(&format!("127.0.0.1:{port}")), "{}", said(&output));
}
