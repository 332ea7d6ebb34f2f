//! Ten thousand slow or malformed clients of the admin server, while records flow: no record is lost, and every question
//! of a well-behaved client is answered. What it costs the lanes is a measurement, for a quiet machine:
//! `cargo test --release --test e2e flood -- --ignored --nocapture`

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::common::articles::keyed;
use crate::common::cluster::{Cluster, shared_kafka};
use crate::common::metrics::{self, cpu_seconds, thread_cpu_seconds};
use crate::common::service::{Service, Settings};
use crate::common::wait_for;

const PATIENCE: Duration = Duration::from_secs(600);
/// Connections of one flood.
const CLIENTS: usize = 10_000;
/// Who opens them; each keeps this many open, which is more than the server keeps.
const THREADS: usize = 4;
const KEPT: usize = 100;
/// What a client sends before it says nothing more, and reads nothing.
const BAD: [&[u8]; 6] = [
    b"",
    b"GET /metrics HTTP/1.1\r\nx: ",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"hello, are you there?\r\n\r\n",
    b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\nGET /metrics HTTP/1.1\r\nhost: x\r\n\r\n",
];

/// Opens `clients` bad connections, evenly over `time` or as fast as it goes, and returns how many there were.
fn flood(port: u16, clients: usize, time: Duration) -> usize {
    let (next, opened, started) = (AtomicUsize::new(0), AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut open = std::collections::VecDeque::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= clients {
                        break;
                    }
                    let due =
                        started + time * u32::try_from(number).unwrap() / u32::try_from(clients).unwrap();
                    std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                    opened.fetch_add(1, Ordering::Relaxed);
                    // The server may have ended it already.
                    let _ = stream.write_all(BAD[number % BAD.len()]);
                    open.push_back(stream);
                    if open.len() > KEPT {
                        open.pop_front();
                    }
                }
            });
        }
    });
    opened.into_inner()
}

fn topics(cluster: &Cluster, word: &str, records: usize) {
    for topic in ["raw", "enriched", "dead"] {
        cluster.create_topic(&format!("{word}.{topic}"), 4, &[]);
    }
    let messages: Vec<_> = (0..records).map(|number| keyed(&format!("k{number}"))).collect();
    cluster.send(&format!("{word}.raw"), &messages, &[]);
}

fn first_records(service: &Service) {
    wait_for("the first records", PATIENCE, || {
        service.scrape().sum("khabar_records_published_total").filter(|n| *n > 0.0)
    });
}

#[test]
fn ten_thousand_bad_clients_cost_no_record_and_no_answer() {
    const RECORDS: usize = 5000;
    const FLOOD: Duration = Duration::from_secs(20);
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("flood", bootstrap));
    topics(&cluster, "flood", RECORDS);
    let mut service = Service::start(&settings);
    first_records(&service);
    let (port, over) = (service.port(), AtomicBool::new(false));
    let (opened, asked) = std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut asked = 0;
            // At least once while the flood lasts, and to its end.
            while asked == 0 || !over.load(Ordering::Relaxed) {
                for path in ["/healthz", "/metrics"] {
                    // One that is answered more slowly than sixty others come is pushed out; it asks again.
                    wait_for(&format!("{path} in the flood"), Duration::from_secs(30), || {
                        metrics::get(port, path)
                    });
                    asked += 1;
                }
            }
            asked
        });
        let opened = flood(port, CLIENTS, FLOOD);
        over.store(true, Ordering::Relaxed);
        (opened, asking.join().expect("every question is answered"))
    });
    assert_eq!(opened, CLIENTS, "all of them came");
    service.catch_up(&cluster, &settings, PATIENCE);
    let books = service.scrape().books().expect("balanced books");
    service.terminate();
    println!("{opened} bad clients, {asked} questions answered meanwhile");
    let keys = |topic: &str| {
        let mut keys: Vec<_> = cluster.read(topic).into_iter().map(|record| record.key).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys("flood.enriched"), keys("flood.raw"), "every record, once");
    assert_eq!((books.published, books.in_flight), (RECORDS as f64, 0.0));
}

/// Records published and CPU time used since some moment.
struct Since {
    at: Instant,
    published: f64,
    cpu: f64,
}

impl Since {
    fn now(service: &Service) -> Self {
        let published = service.scrape().sum("khabar_records_published_total").expect("a counter");
        Self { at: Instant::now(), published, cpu: cpu_seconds(service.pid()).expect("a process") }
    }

    /// Records a second, and CPU microseconds a record.
    fn rates(&self, service: &Service) -> (f64, f64) {
        let now = Since::now(service);
        let records = now.published - self.published;
        (records / (now.at - self.at).as_secs_f64(), (now.cpu - self.cpu) * 1e6 / records)
    }
}

/// Within one run, calm and flooded stretches by turns.
#[test]
#[ignore = "a measurement, for a quiet machine"]
fn what_a_flood_costs() {
    const ROUNDS: usize = 5;
    const STRETCH: Duration = Duration::from_secs(10);
    let records = std::env::var("KHABAR_E2E_RECORDS").map_or(300_000, |n| n.parse().expect("a number"));
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("flooded", bootstrap));
    topics(&cluster, "flooded", records);
    let service = Service::start(&settings);
    first_records(&service);
    let (mut ratios, mut admin) = (Vec::new(), 0.0);
    let admin_now = || thread_cpu_seconds(service.pid(), "khabar-admin").expect("a process");
    for _ in 0..ROUNDS {
        let since = Since::now(&service);
        std::thread::sleep(STRETCH);
        let calm = since.rates(&service);
        let before = admin_now();
        let since = Since::now(&service);
        let opened = flood(service.port(), CLIENTS / ROUNDS, STRETCH);
        admin += admin_now() - before;
        let flooded = since.rates(&service);
        let left = service.scrape().sum("khabar_lag").unwrap_or_default();
        assert!(left > 0.0, "no records are left: set KHABAR_E2E_RECORDS above {records}");
        println!(
            "{:.0} records a second and {:.0} µs of CPU a record; with {opened} bad clients {:.0} and {:.0} µs",
            calm.0, calm.1, flooded.0, flooded.1
        );
        ratios.push((flooded.0 / calm.0, flooded.1 / calm.1));
    }
    let median = |part: fn(&(f64, f64)) -> f64| {
        let mut parts: Vec<f64> = ratios.iter().map(part).collect();
        parts.sort_by(f64::total_cmp);
        (parts[ROUNDS / 2], parts)
    };
    println!("{:.0} µs of CPU of the admin server for a bad client", admin * 1e6 / CLIENTS as f64);
    println!("of the throughput without it: {:.3?}", median(|ratio| ratio.0));
    println!("of the CPU of a record without it: {:.3?}", median(|ratio| ratio.1));
}
