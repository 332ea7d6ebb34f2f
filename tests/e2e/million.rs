//! A replay of a million records, killed five times, beside the live service: it ends without gaps, `khabar diff`
//! finds no difference, and the live group has not moved.

use std::process::Stdio;
use std::time::{Duration, Instant};

use khabar_local_kafka::Process;

use crate::common::articles::{Message, made_up_of, message};
use crate::common::cluster::{Cluster, Reader, kafka};
use crate::common::metrics::Scraper;
use crate::common::service::{Service, Settings, khabar};
use crate::common::wait_for;
use crate::replay::{replay, run, sums};

const PARTITIONS: i32 = 6;
const KILLS: i64 = 5;
const PATIENCE: Duration = Duration::from_secs(3600);
/// How many different records there are.
const DIFFERENT: usize = 20_000;

#[test]
#[ignore = "takes many minutes; see the top of main.rs"]
fn a_replay_of_a_million_killed_five_times_ends_without_gaps() {
    let Some(broker) = kafka().heap("1g").require() else { return };
    let records: usize =
        std::env::var("KHABAR_E2E_REPLAY").map_or(1_000_000, |n| n.parse().expect("a number of records"));
    let count = i64::try_from(records).expect("not that many");
    let cluster = Cluster::at(broker.bootstrap());
    for what in ["raw", "enriched", "dead"] {
        cluster.create_topic(&format!("million.{what}"), PARTITIONS, &[("max.message.bytes", "10485760")]);
    }
    let some: Vec<Message> = (0..DIFFERENT.min(records)).map(|i| message(i, &made_up_of(i, 1))).collect();
    let lz4 = [("compression.type", "lz4")];
    cluster.send("million.raw", some.iter().cycle().take(records), &lz4);
    assert_eq!(cluster.ends("million.raw").iter().sum::<i64>(), count);

    let settings = Settings::named("million", broker.bootstrap());
    let started = Instant::now();
    let mut live = Service::start(&settings);
    let scraper = Scraper::start(live.port());
    live.catch_up(&cluster, &settings, PATIENCE);
    let live_took = started.elapsed();
    let committed = || cluster.committed("million", "million.raw");
    let (before, rebalances) = (committed(), live.scrape().sum("khabar_rebalances_total"));

    let (config, started, reader) = (live.config().to_owned(), Instant::now(), Reader::new(&cluster));
    let written = || match cluster.partitions("million.enriched.replay.all") {
        0 => 0,
        _ => reader.count("million.enriched.replay.all"),
    };
    let mut at_kills = Vec::new();
    for kill in 1..=KILLS {
        let mut command = replay(&config, &["--name", "all"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = Process::spawn(&mut command).expect("khabar runs");
        wait_for("the replay to get on", PATIENCE, || {
            assert!(process.ended().expect("a state").is_none(), "the replay ended before it was killed");
            (written() > count * kill / (KILLS + 2)).then_some(())
        });
        drop(process);
        at_kills.push(written());
    }
    let (code, out, err) = run(&config, &["--name", "all"]);
    let replay_took = started.elapsed();
    assert_eq!(code, Some(0), "{out}\n{err}");
    assert_eq!(sums(&out), [count, count, 0], "{out}");

    let mut diff = khabar();
    diff.args(["diff", "million.enriched", "million.enriched.replay.all", "--config"]).arg(&config);
    let diff = diff.output().expect("khabar runs");
    let differences = String::from_utf8_lossy(&diff.stdout);
    let repeats = written() + reader.count("million.dead.replay.all") - count;
    let seen = scraper.stop();
    println!(
        "
a replay of {records} records, killed {KILLS} times
  records written at the kills  {at_kills:?}
  repeats in its topics         {repeats:>8}
  seconds of the live service   {:>8.1}
  seconds of the replay         {:>8.1}
  scrapes of the live service   {:>8}, {} do not balance
{out}{differences}",
        live_took.as_secs_f64(),
        replay_took.as_secs_f64(),
        seen.scrapes,
        seen.faults.len(),
    );
    assert_eq!(diff.status.code(), Some(0), "{}", String::from_utf8_lossy(&diff.stderr));
    let letters = |topic: &str| {
        let mut found: Vec<_> = cluster
            .read(topic)
            .into_iter()
            .map(|r| {
                let source = ["khabar-source-partition", "khabar-source-offset"]
                    .map(|name| r.header(name).expect("a header").to_owned());
                (source, r.key, r.value)
            })
            .collect();
        found.sort();
        found.dedup();
        found
    };
    assert_eq!(letters("million.dead"), letters("million.dead.replay.all"), "dead letters differ");
    assert_eq!(seen.faults, Vec::<String>::new(), "the live service's books balance at every scrape");

    live.assert_alive();
    assert_eq!(live.scrape().sum("khabar_rebalances_total"), rebalances, "the live group was disturbed");
    assert_eq!(committed(), before, "the live group's offsets were moved");
    live.terminate();
    assert_eq!(committed(), before, "the live group's offsets were moved");
}
