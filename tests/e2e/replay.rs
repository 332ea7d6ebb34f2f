//! Replays: the same bytes as live, resumed after kills, one at a time, and the live group never hears of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use khabar_local_kafka::Process;

use crate::common::articles::{Message, articles, message};
use crate::common::cluster::{Cluster, Reader, Record, shared_kafka};
use crate::common::service::{Service, Settings, khabar};
use crate::common::wait_for;

const PARTITIONS: i32 = 3;
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn replay(config: &Path, args: &[&str]) -> std::process::Command {
    let mut command = khabar();
    command.arg("replay").arg("--config").arg(config).args(args);
    command
}

pub(crate) fn run(config: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = replay(config, args).output().expect("khabar runs");
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    (status.code(), text(&stdout), text(&stderr))
}

type KeyAndValue = (Option<Vec<u8>>, Vec<u8>);

/// Key and value by source position; repeats are discarded, the first is kept.
fn by_source(cluster: &Cluster, enriched: &str, dead: &str) -> BTreeMap<(i64, i64), KeyAndValue> {
    let mut found = BTreeMap::new();
    let mut put = |source: (i64, i64), record: Record| {
        found.entry(source).or_insert((record.key, record.value.unwrap_or_default()));
    };
    for record in cluster.read(enriched) {
        let source = &record.json()["source"];
        let number = |name: &str| source[name].as_i64().expect("a number");
        put((number("partition"), number("offset")), record);
    }
    for record in cluster.read(dead) {
        let number = |name: &str| record.header(name).expect("a header").parse().expect("a number");
        put((number("khabar-source-partition"), number("khabar-source-offset")), record);
    }
    found
}

/// Offsets, records and gaps, as a replay that ended says.
pub(crate) fn sums(out: &str) -> Vec<i64> {
    let number = |text: &str| text.replace(',', "").parse::<i64>().expect("a number");
    let sums = out.lines().find(|line| line.contains("offsets") && line.contains("gaps")).expect("the sums");
    let words = sums.split([' ', '+', '=']);
    words.filter(|w| w.starts_with(|c: char| c.is_ascii_digit())).map(number).collect()
}

#[test]
fn a_replay_gives_the_same_bytes_survives_kills_and_leaves_the_live_group_alone() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    for topic in ["again.raw", "again.enriched", "again.dead"] {
        cluster.create_topic(topic, PARTITIONS, &[("max.message.bytes", "10485760")]);
    }
    let messages: Vec<Message> = articles(2_000).iter().enumerate().map(|(i, a)| message(i, a)).collect();
    // In transactions, some of them aborted: what is left are gaps, control records at the very ends among them.
    cluster.send_in_transactions("again.raw", &messages, 250);
    let offsets: i64 = cluster.ends("again.raw").iter().sum();
    let settings = Settings::named("again", bootstrap);
    let mut live = Service::start(&settings);
    let reader = Reader::new(&cluster);
    wait_for("the live service", PATIENCE, || {
        live.assert_alive();
        let lag = live.scrape().sum("khabar_lag");
        (lag == Some(0.0)
            && live.scrape().sum("khabar_in_flight_records") == Some(0.0)
            && reader.count("again.enriched") + reader.count("again.dead") >= 2_000)
            .then_some(())
    });
    let committed = || cluster.committed("again", "again.raw");
    wait_for("its last commit", PATIENCE, || {
        let watermarks = live.scrape().sum("khabar_watermark_offset").unwrap_or(0.0);
        (committed().values().sum::<i64>() as f64 == watermarks).then_some(())
    });
    let (before, rebalances) = (committed(), live.scrape().sum("khabar_rebalances_total"));

    let config = live.config().to_owned();
    let (code, out, err) = run(&config, &["--name", "twice", "--dry-run"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("again.enriched.replay.twice") && out.contains("it would take about"), "{out}");
    assert_eq!(cluster.partitions("again.enriched.replay.twice"), 0, "a dry run made a topic");

    // Slow enough to be killed on the way, three times.
    for (kill, rate) in [(0, "50"), (1, "400"), (2, "400")] {
        let args = ["--name", "twice", "--rate", rate];
        let mut command = replay(&config, &args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = Process::spawn(&mut command).expect("khabar runs");
        let goal = 100 + 300 * kill;
        wait_for("the replay to get on", PATIENCE, || {
            assert!(process.ended().expect("a state").is_none(), "the replay ended before it was killed");
            (cluster.partitions("again.enriched.replay.twice") > 0
                && reader.count("again.enriched.replay.twice") > goal)
                .then_some(())
        });
        if kill == 0 {
            let (code, _, err) = run(&config, &args);
            assert_eq!(code, Some(1), "a second run of the same name was not refused: {err}");
            assert!(err.contains("another run of this name is under way"), "{err}");
        }
        drop(process);
    }
    let (code, out, err) = run(&config, &["--name", "twice"]);
    assert_eq!(code, Some(0), "{out}\n{err}");
    assert_eq!(sums(&out), [offsets, 2_000, offsets - 2_000], "{out}");

    let live_records = by_source(&cluster, "again.enriched", "again.dead");
    let replayed = by_source(&cluster, "again.enriched.replay.twice", "again.dead.replay.twice");
    assert_eq!(live_records.len(), 2_000);
    assert_eq!(replayed.len(), live_records.len(), "the replay has gaps");
    for (source, record) in &live_records {
        assert_eq!(replayed.get(source), Some(record), "{source:?} is other than live");
    }
    let record = cluster.read("again.enriched.replay.twice").remove(0);
    assert_eq!(record.header("khabar-replay"), Some("twice"));

    let (code, out, _) = run(&config, &["--name", "twice"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("complete already"), "{out}");
    let (code, _, err) = run(&config, &["--name", "twice", "--from", "5"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("was begun with another range"), "{err}");

    live.assert_alive();
    assert_eq!(committed(), before, "the replay moved the live group's offsets");
    assert_eq!(
        live.scrape().sum("khabar_rebalances_total"),
        rebalances,
        "the replay disturbed the live group"
    );
    live.terminate();
    assert_eq!(committed(), before);
}

#[test]
fn ranges_are_what_was_asked_for() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    for topic in ["range.raw", "range.enriched", "range.dead"] {
        cluster.create_topic(topic, 2, &[]);
    }
    let mut messages: Vec<Message> = articles(200).iter().enumerate().map(|(i, a)| message(i, a)).collect();
    for (i, message) in (0i64..).zip(&mut messages) {
        message.at_ms = Some(1_700_000_000_000 + i * 1000);
    }
    cluster.send("range.raw", &messages, &[]);
    let dir = tempfile::tempdir().expect("a folder");
    let config = dir.path().join("khabar.toml");
    std::fs::write(&config, Settings::named("range", bootstrap).toml(0)).expect("written");
    let sources = |name: &str| {
        let (enriched, dead) = (format!("range.enriched.replay.{name}"), format!("range.dead.replay.{name}"));
        by_source(&cluster, &enriched, &dead).into_keys().collect::<Vec<_>>()
    };

    let (code, out, err) = run(&config, &["--name", "part", "--partition", "1:5..25"]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert_eq!(sources("part"), (5..25).map(|offset| (1, offset)).collect::<Vec<_>>());

    let time = |i: i64| format!("{}", jiff::Timestamp::from_second(1_700_000_000 + i).expect("a time"));
    let (code, out, err) = run(&config, &["--name", "time", "--from", &time(50), "--to", &time(90)]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert_eq!(sources("time").len(), 40);

    for (args, expected) in [
        (vec!["--name", "x", "--partition", "7"], "no topic that is read has a partition 7"),
        (vec!["--name", "x", "--from", "yesterday"], "is no bound"),
        (vec!["--name", "a b"], "is no topic name"),
        (vec!["--name", "x", "--output", "range.raw"], "the replay would feed itself"),
    ] {
        let (code, _, err) = run(&config, &args);
        assert!(matches!(code, Some(1 | 2)) && err.contains(expected), "{args:?}: {code:?} {err}");
    }
    let (code, out, _) = run(&config, &["--name", "none", "--from", "latest"]);
    assert_eq!((code, out.contains("there is nothing to read")), (Some(0), true), "{out}");
}
