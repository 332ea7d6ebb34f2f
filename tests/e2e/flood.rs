//! Ten thousand slow or malformed clients of the admin server, while records flow: no record is lost, every question of a
//! well-behaved client is answered, and the server takes next to no CPU time for them. What it costs the lanes is a
//! measurement: `cargo test --release --test e2e flood -- --ignored --nocapture`

use std::collections::VecDeque;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::common::articles::{Message, json_message, made_up_of};
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
    b"GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\nGET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n",
];

/// Opens `clients` bad connections, evenly over `time` or as fast as it goes, and returns how many there were.
fn flood(port: u16, clients: usize, time: Duration) -> usize {
    let (next, opened, started) = (AtomicUsize::new(0), AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut open = VecDeque::new();
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
    send(cluster, word, 0, records);
}

/// Short records of the same text, so that all of them take the same work, and many are done in a second.
fn send(cluster: &Cluster, word: &str, from: usize, records: usize) {
    let text = json_message(&made_up_of(1, 5));
    let keyed = |number| Message { key: Some(format!("k{number:08}").into_bytes()), ..text.clone() };
    let messages: Vec<_> = (from..from + records).map(keyed).collect();
    cluster.send(&format!("{word}.raw"), &messages, &[("compression.codec", "lz4")]);
}

fn first_records(service: &Service) {
    wait_for("the first records", PATIENCE, || {
        service.scrape().sum("khabar_records_published_total").filter(|n| *n > 0.0)
    });
}

#[test]
fn ten_thousand_bad_clients_cost_no_record_and_no_answer() {
    const RECORDS: usize = 5000;
    const FLOOD: Duration = Duration::from_secs(30);
    /// Five of a hundred parts of what two processors have in that time, which is the most that lanes can lose; of a build for
    /// tests on a busy machine. The measurement below holds it against what records take.
    const MOST_SECONDS: f64 = 0.05 * 2.0 * 30.0;
    /// As fast as they can be opened, when the others are through.
    const BURST: usize = 3000;
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("flood", bootstrap));
    topics(&cluster, "flood", RECORDS);
    let mut service = Service::start(&settings);
    first_records(&service);
    let (port, over, before) = (service.port(), AtomicBool::new(false), admin_seconds(&service));
    let (opened, took, asked) = std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut asked = Asked::default();
            // At least once while the flood lasts, and to its end.
            while asked.answered == 0 || !over.load(Ordering::Relaxed) {
                for path in ["/healthz", "/metrics"] {
                    asked.ask(port, path);
                }
                // The CPU time is to be that of the bad clients.
                std::thread::sleep(Duration::from_millis(50));
            }
            asked
        });
        let opened = flood(port, CLIENTS, FLOOD);
        let took = admin_seconds(&service) - before;
        let burst = flood(port, BURST, Duration::ZERO);
        over.store(true, Ordering::Relaxed);
        (opened + burst, took, asking.join().expect("every question is answered"))
    });
    assert_eq!(opened, CLIENTS + BURST, "all of them came");
    // The questions are in it. CPU time is what the lanes go without, however busy the machine is otherwise.
    assert!(took < MOST_SECONDS, "the admin server took {took} s of CPU, more than {MOST_SECONDS}");
    service.catch_up(&cluster, &settings, PATIENCE);
    let books = service.scrape().books().expect("balanced books");
    service.terminate();
    println!(
        "{opened} bad clients, meanwhile {asked:?}; {took:.2} s of CPU for the first {CLIENTS} and the questions"
    );
    let keys = |topic: &str| {
        let mut keys: Vec<_> = cluster.read(topic).into_iter().map(|record| record.key).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys("flood.enriched"), keys("flood.raw"), "every record, once");
    assert_eq!((books.published, books.in_flight), (RECORDS as f64, 0.0));
}

/// What a prober has seen.
#[derive(Debug, Default)]
struct Asked {
    answered: usize,
    /// Questions that had to be asked again.
    again: usize,
}

impl Asked {
    /// As a probe asks: each attempt has five seconds, and the second one in a row that fails is the last.
    fn ask(&mut self, port: u16, path: &str) {
        if metrics::get(port, path).is_none() {
            self.again += 1;
            assert!(metrics::get(port, path).is_some(), "{path} is not answered twice in a row: {self:?}");
        }
        self.answered += 1;
    }
}

fn admin_seconds(service: &Service) -> f64 {
    thread_cpu_seconds(service.pid(), "khabar-admin").expect("a process")
}

/// Who is there while records flow.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Clients {
    Nobody,
    /// The same bad clients, but of another server: what they take of the machine themselves, which is not ours.
    Elsewhere,
    Ours,
}

/// What was done in a stretch, or in several.
#[derive(Debug, Clone, Copy, Default)]
struct Done {
    seconds: f64,
    records: f64,
    /// CPU seconds of the service without its admin server.
    work: f64,
    /// CPU seconds of its admin server.
    admin: f64,
}

impl Done {
    /// All of it until now.
    fn now(service: &Service, began: Instant) -> Self {
        let records = service.scrape().sum("khabar_records_published_total").expect("a counter");
        let admin = admin_seconds(service);
        let work = cpu_seconds(service.pid()).expect("a process") - admin;
        Self { seconds: began.elapsed().as_secs_f64(), records, work, admin }
    }

    fn plus(self, o: Self, sign: f64) -> Self {
        Self {
            seconds: self.seconds + sign * o.seconds,
            records: self.records + sign * o.records,
            work: self.work + sign * o.work,
            admin: self.admin + sign * o.admin,
        }
    }

    fn throughput(&self) -> f64 {
        self.records / self.seconds
    }

    /// CPU microseconds of a record, the admin server's among them.
    fn cost(&self) -> f64 {
        (self.work + self.admin) * 1e6 / self.records
    }
}

/// A server that takes connections and keeps as many as ours does; its port.
fn elsewhere() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let mut open = VecDeque::new();
        for stream in listener.incoming() {
            open.push_back(stream);
            if open.len() > 64 {
                open.pop_front();
            }
        }
    });
    port
}

/// Within one run, short stretches by turns, each kind as often first, second and third: nobody there, the bad clients at
/// another server, the bad clients at ours. The last two differ in nothing but what our server takes. Throughput depends on
/// whatever else the machine does, and is only told; what the admin server takes for a client hardly does, and with all
/// processors busy it is what the lanes go without. It is held against what a record takes: as a share of all processors it
/// would be next to nothing on a large machine, whatever the server did.
#[test]
#[ignore = "a measurement"]
fn what_a_flood_costs() {
    const ROUNDS: usize = 12;
    const STRETCH: Duration = Duration::from_secs(2);
    const LEAST_WAITING: f64 = 100_000.0;
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("flooded", bootstrap));
    topics(&cluster, "flooded", 100_000);
    let service = Service::start(&settings);
    first_records(&service);
    let (port, other) = (service.port(), elsewhere());
    let (began, mut sent, each) = (Instant::now(), 100_000, CLIENTS.div_ceil(ROUNDS));
    let kinds = [Clients::Nobody, Clients::Elsewhere, Clients::Ours];
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        while service.scrape().sum("khabar_lag").unwrap_or_default() < LEAST_WAITING {
            send(&cluster, "flooded", sent, 50_000);
            sent += 50_000;
        }
        let mut done = [Done::default(); 3];
        for turn in 0..3 {
            let at = (round + turn) % 3;
            let before = Done::now(&service, began);
            match kinds[at] {
                Clients::Nobody => std::thread::sleep(STRETCH),
                Clients::Elsewhere => assert_eq!(flood(other, each, STRETCH), each),
                Clients::Ours => assert_eq!(flood(port, each, STRETCH), each),
            }
            done[at] = Done::now(&service, began).plus(before, -1.0);
        }
        println!(
            "records a second: {:6.0?}; µs of CPU of each: {:5.1?}",
            done.map(|d| d.throughput()),
            done.map(|d| d.cost())
        );
        rounds.push(done);
    }
    let all = [0, 1, 2].map(|at| rounds.iter().fold(Done::default(), |sum, done| sum.plus(done[at], 1.0)));
    let [nobody, elsewhere, ours] = all;
    let middle = |of: fn(&Done) -> f64, base: usize| {
        let mut ratios: Vec<_> = rounds.iter().map(|done| of(&done[2]) / of(&done[base])).collect();
        ratios.sort_by(f64::total_cmp);
        format!("median {:.3} of {:.2?}", ratios[ROUNDS / 2], ratios)
    };
    let clients = (each * ROUNDS) as f64;
    let per_client = ours.admin * 1e6 / clients;
    // Of what the whole service took, at the rate at which they came.
    let share = ours.admin / (ours.work + ours.admin);
    println!("nobody, clients elsewhere, clients of ours, in all:");
    println!(
        "  {:.0?} records a second, {:.1?} µs of CPU of each",
        all.map(|d| d.throughput()),
        all.map(|d| d.cost())
    );
    println!(
        "  the admin server: {per_client:.0} µs of CPU for each of {clients} bad clients, at {:.0} a second {:.2} % of the service's CPU time",
        clients / ours.seconds,
        100.0 * share
    );
    println!(
        "throughput, ours to elsewhere: {:.3}; {}",
        ours.throughput() / elsewhere.throughput(),
        middle(Done::throughput, 1)
    );
    println!(
        "throughput, ours to nobody: {:.3}; {}",
        ours.throughput() / nobody.throughput(),
        middle(Done::throughput, 0)
    );
    println!(
        "CPU of a record, ours to elsewhere: {:.3}; {}",
        ours.cost() / elsewhere.cost(),
        middle(Done::cost, 1)
    );
    let in_records = per_client / elsewhere.cost();
    println!("a bad client costs as much as {in_records:.2} short records");
    assert!(in_records < 0.5, "a bad client costs as much as {in_records:.2} short records");
}
