//! What a flood of clients of the admin server costs the lanes:
//! `cargo test --release --test e2e flood -- --ignored --nocapture`

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::common::articles::keyed;
use crate::common::cluster::{Cluster, shared_kafka};
use crate::common::metrics;
use crate::common::service::{Service, Settings};

const PATIENCE: Duration = Duration::from_secs(600);
const RECORDS: usize = 20_000;
/// Clients at a time; each connects, sends half a request or a scrape, and comes again.
const CLIENTS: usize = 8;
/// How often each comes in a second.
const EACH: u64 = 20;

/// Runs over everything in the topic and returns records a second; `flood` says whether clients come meanwhile.
fn rate(cluster: &Cluster, group: &str, bootstrap: &str, flood: bool) -> (f64, u64) {
    let mut settings = Settings::named("flood", bootstrap);
    settings.group = group.to_owned();
    let started = Instant::now();
    let mut service = Service::start(&settings);
    let (over, answered) = (AtomicBool::new(false), AtomicU64::new(0));
    let port = service.port();
    let seconds = std::thread::scope(|scope| {
        for client in 0..if flood { CLIENTS } else { 0 } {
            let (over, answered) = (&over, &answered);
            scope.spawn(move || {
                let mut silent = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    if client % 2 == 0 {
                        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
                            let _ = stream.write_all(b"GET /metrics HTTP/1.1\r\nx: ");
                            silent.push(stream);
                        }
                        silent.drain(..silent.len().saturating_sub(100));
                    } else if metrics::get(port, "/metrics").is_some() {
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                    std::thread::sleep(Duration::from_millis(1000 / EACH));
                }
            });
        }
        service.catch_up(cluster, &settings, PATIENCE);
        let seconds = started.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        seconds
    });
    service.terminate();
    (RECORDS as f64 / seconds, answered.into_inner())
}

#[test]
#[ignore = "a measurement, for a quiet machine"]
fn what_a_flood_costs() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    for topic in ["flood.raw", "flood.enriched", "flood.dead"] {
        cluster.create_topic(topic, 4, &[]);
    }
    let messages: Vec<_> = (0..RECORDS).map(|number| keyed(&format!("k{number}"))).collect();
    cluster.send("flood.raw", &messages, &[]);
    let mut ratios = Vec::new();
    for round in 0..3 {
        let (calm, _) = rate(&cluster, &format!("calm-{round}"), bootstrap, false);
        let (flooded, answered) = rate(&cluster, &format!("flooded-{round}"), bootstrap, true);
        assert!(answered > 0, "no scrape was answered in the flood");
        println!("{calm:.0} records a second, {flooded:.0} in the flood ({answered} scrapes answered)");
        ratios.push(flooded / calm);
    }
    ratios.sort_by(f64::total_cmp);
    println!("of the throughput without it: {:.3} in the median, {ratios:.3?}", ratios[1]);
}
