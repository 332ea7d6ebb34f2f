//! Memory stays bounded over a backlog of 2 GB, also while the output's broker is frozen.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::common::articles::{Message, json_message, made_up_of};
use crate::common::cluster::{Cluster, Reader, kafka};
use crate::common::metrics::{Scraper, resident_bytes};
use crate::common::service::{Service, Settings};
use crate::common::wait_for;

/// Waiting in the input topic.
const BACKLOG_BYTES: usize = 2 << 30;
/// What the service may take at its default settings.
const LIMIT_BYTES: u64 = 512 << 20;
/// How long the output's broker is away.
const AWAY: Duration = Duration::from_secs(30);
const PARTITIONS: i32 = 6;

#[test]
#[ignore = "writes 2 GB and takes minutes; see the top of main.rs"]
fn memory_stays_bounded_over_a_backlog_while_the_output_is_away() {
    let Some(first) = kafka().heap("768m").require() else { return };
    let Some(mut second) = kafka().heap("768m").require() else { return };
    let (input, output) = (Cluster::at(first.bootstrap()), Cluster::at(second.bootstrap()));
    let settings = Settings {
        output: Some(output.bootstrap().to_owned()),
        ..Settings::named("memory", first.bootstrap())
    };
    input.create_topic("memory.raw", PARTITIONS, &[]);
    for topic in ["memory.enriched", "memory.dead"] {
        output.create_topic(topic, PARTITIONS, &[("max.message.bytes", "10485760")]);
    }
    let sent = fill(&input);
    let mut service = Service::start(&settings);
    let scraper = Scraper::start(service.port());
    let (pid, stop, peak) = (service.pid(), AtomicBool::new(false), AtomicU64::new(0));
    let (samples, took) = std::thread::scope(|scope| {
        let sampler = scope.spawn(|| {
            let mut samples = 0;
            while !stop.load(Ordering::Relaxed) {
                peak.fetch_max(resident_bytes(pid).unwrap_or(0), Ordering::Relaxed);
                samples += 1;
                std::thread::sleep(Duration::from_millis(100));
            }
            samples
        });
        let started = Instant::now();
        let reader = Reader::new(&output);
        let done = || {
            usize::try_from(reader.count("memory.enriched") + reader.count("memory.dead")).expect("a count")
        };
        wait_for("a quarter to be done", Duration::from_secs(1200), || (done() > sent / 4).then_some(()));
        second.pause().expect("frozen");
        std::thread::sleep(AWAY);
        second.resume().expect("thawed");
        service.catch_up(&input, &settings, Duration::from_secs(3600));
        stop.store(true, Ordering::Relaxed);
        (sampler.join().expect("the sampler"), started.elapsed())
    });
    let seen = scraper.stop();
    service.terminate();
    let arrived =
        output.ends("memory.enriched").iter().sum::<i64>() + output.ends("memory.dead").iter().sum::<i64>();
    let peak = peak.into_inner();
    println!(
        "
memory over a backlog of {} MB in {sent} records, output away for {} s
  peak resident memory, MB       {:>8}
  samples                        {samples:>8}
  most bytes in flight, MB       {:>8.1}
  scrapes                        {:>8}
  scrapes that do not balance    {:>8}
  arrived                        {arrived:>8}
  seconds                        {:>8.1}",
        BACKLOG_BYTES >> 20,
        AWAY.as_secs(),
        peak >> 20,
        seen.most_bytes_in_flight / f64::from(1 << 20),
        seen.scrapes,
        seen.faults.len(),
        took.as_secs_f64(),
    );
    assert_eq!(usize::try_from(arrived).expect("a count"), sent, "everything arrived");
    assert_eq!(seen.faults, Vec::<String>::new());
    assert!(peak < LIMIT_BYTES, "{} MB", peak >> 20);
}

/// Fills the input topic with articles of about 20 KB; returns how many.
fn fill(cluster: &Cluster) -> usize {
    let some: Vec<Message> = (0..500).map(|i| json_message(&made_up_of(i, 140))).collect();
    let size = |m: &Message| m.value.as_ref().map_or(0, Vec::len);
    let per_round: usize = some.iter().map(size).sum();
    let rounds = BACKLOG_BYTES.div_ceil(per_round);
    let all = (0..rounds).flat_map(|_| &some);
    cluster.send("memory.raw", all, &[]);
    rounds * some.len()
}
