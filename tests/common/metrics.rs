//! Reads `/metrics` and checks the books at every scrape.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::checker::Partition;

/// How often a service is scraped.
const EVERY: Duration = Duration::from_millis(100);

/// The samples of one scrape: name with labels, value.
#[derive(Debug, Clone, Default)]
pub struct Scrape(Vec<(String, f64)>);

impl Scrape {
    /// Reads the text format.
    ///
    /// # Errors
    /// The line that is none of it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let samples = lines.map(|line| {
            let (name, value) = line.rsplit_once(' ').ok_or_else(|| line.to_owned())?;
            Ok((name.to_owned(), value.parse().map_err(|_| line.to_owned())?))
        });
        samples.collect::<Result<_, String>>().map(Self)
    }

    /// Sum over all series of a name; `None` when there is none.
    pub fn sum(&self, name: &str) -> Option<f64> {
        let of_name = |sample: &&(String, f64)| sample.0.split('{').next() == Some(name);
        let values: Vec<f64> = self.0.iter().filter(of_name).map(|sample| sample.1).collect();
        (!values.is_empty()).then(|| values.iter().sum())
    }

    /// Sum over the series of a name whose labels contain all of `labels`, such as `reason="panic"`.
    pub fn sum_where(&self, name: &str, labels: &[&str]) -> f64 {
        let wanted = |(series, _): &&(String, f64)| {
            series.split('{').next() == Some(name) && labels.iter().all(|label| series.contains(label))
        };
        self.0.iter().filter(wanted).map(|sample| sample.1).sum()
    }

    /// The partitions that have a series of this name.
    pub fn partitions(&self, name: &str) -> BTreeSet<Partition> {
        let label = |series: &str, label: &str| {
            let (_, rest) = series.split_once(&format!("{label}=\""))?;
            Some(rest.split_once('"')?.0.to_owned())
        };
        let of_name = self.0.iter().filter(|(series, _)| series.split('{').next() == Some(name));
        of_name
            .filter_map(|(series, _)| {
                Some((label(series, "topic")?, label(series, "partition")?.parse().ok()?))
            })
            .collect()
    }

    /// `consumed = published + dead-lettered + dropped + abandoned + in flight`.
    ///
    /// # Errors
    /// The figures, when the two sides differ, or the name that is missing.
    pub fn books(&self) -> Result<Books, String> {
        let get = |name: &str| self.sum(name).ok_or_else(|| format!("no series {name}"));
        let books = Books {
            consumed: get("khabar_records_consumed_total")?,
            published: get("khabar_records_published_total")?,
            dead_lettered: get("khabar_records_dead_lettered_total")?,
            dropped: get("khabar_records_dropped_total")?,
            abandoned: get("khabar_records_abandoned_total")?,
            in_flight: get("khabar_in_flight_records")?,
        };
        let Books { consumed, published, dead_lettered, dropped, abandoned, in_flight } = books;
        // Counts below 2^53 add up exactly.
        if consumed == published + dead_lettered + dropped + abandoned + in_flight {
            return Ok(books);
        }
        Err(format!("the books do not balance: {books:?}"))
    }
}

/// The two sides of the books.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Books {
    /// Polled.
    pub consumed: f64,
    /// Acknowledged in the output topic.
    pub published: f64,
    /// Acknowledged among the dead letters.
    pub dead_lettered: f64,
    /// Dropped on purpose.
    pub dropped: f64,
    /// Given up, to be read again.
    pub abandoned: f64,
    /// Neither.
    pub in_flight: f64,
}

/// `GET` from a server on loopback; `None` when it does not answer with 200.
pub fn get(port: u16, path: &str) -> Option<String> {
    let (status, body) = request(port, path)?;
    (status == 200).then_some(body)
}

/// Status and body of a `GET`; `None` when nobody answers.
pub fn request(port: u16, path: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    // A body cut off by a kill is no scrape.
    let length =
        head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    (length.is_none_or(|length: usize| length == body.len())).then(|| (status, body.to_owned()))
}

/// The first events of the stream for programs, with the head of the answer.
pub fn events(port: u16, number: usize) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(stream, "GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n").ok()?;
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    while bytes.windows(8).filter(|text| text == b"\nevent: ").count() <= number {
        let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&part[..read]);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What a scraper saw.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Scrapes that were answered.
    pub scrapes: usize,
    /// Scrapes at which records were in flight: only those prove something.
    pub scrapes_in_flight: usize,
    /// Most records in flight at a scrape.
    pub most_in_flight: f64,
    /// Most bytes in flight at a scrape.
    pub most_bytes_in_flight: f64,
    /// What was wrong.
    pub faults: Vec<String>,
}

/// Scrapes one port until it is stopped, whether anybody answers or not.
#[derive(Debug)]
pub struct Scraper {
    stop: Arc<AtomicBool>,
    seen: Arc<Mutex<Seen>>,
    thread: JoinHandle<()>,
}

impl Scraper {
    /// Starts to scrape.
    pub fn start(port: u16) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (stopped, shared) = (Arc::clone(&stop), Arc::clone(&seen));
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                if let Some(text) = get(port, "/metrics") {
                    look(&text, &mut shared.lock().expect("the scraper's notes"));
                }
                std::thread::sleep(EVERY);
            }
        });
        Self { stop, seen, thread }
    }

    /// Ends it.
    pub fn stop(self) -> Seen {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().expect("the scraper's thread");
        self.seen.lock().expect("the scraper's notes").clone()
    }
}

fn look(text: &str, seen: &mut Seen) {
    seen.scrapes += 1;
    let scrape = Scrape::parse(text);
    match scrape.as_ref().map_err(Clone::clone).and_then(Scrape::books) {
        Err(fault) => seen.faults.push(fault),
        Ok(books) => {
            seen.scrapes_in_flight += usize::from(books.in_flight > 0.0);
            seen.most_in_flight = seen.most_in_flight.max(books.in_flight);
            let bytes = scrape.ok().and_then(|s| s.sum("khabar_in_flight_bytes")).unwrap_or(0.0);
            seen.most_bytes_in_flight = seen.most_bytes_in_flight.max(bytes);
        }
    }
}

/// Memory of a process in bytes (`VmRSS`); `None` when it has ended.
pub fn resident_bytes(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

/// CPU time of a process so far, user and system; `None` when it has ended.
pub fn cpu_seconds(pid: u32) -> Option<f64> {
    seconds_in(&format!("/proc/{pid}/stat"))
}

/// The same for its threads of this name.
pub fn thread_cpu_seconds(pid: u32, name: &str) -> Option<f64> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten().map(|thread| thread.path());
    let named = threads
        .filter(|path| std::fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.trim_end() == name));
    named.map(|path| seconds_in(&path.join("stat").display().to_string())).sum()
}

fn seconds_in(path: &str) -> Option<f64> {
    let stat = std::fs::read_to_string(path).ok()?;
    // After the name in parentheses, which may hold spaces, `utime` and `stime` are fields 12 and 13.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    // USER_HZ is 100 on every Linux that Rust runs on.
    Some((ticks()? + ticks()?) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BALANCED: &str = "# TYPE khabar_records_consumed_total counter
khabar_records_consumed_total 10
khabar_records_published_total 4
khabar_records_dead_lettered_total{reason=\"invalid_json\"} 1
khabar_records_dead_lettered_total{reason=\"too_deep\"} 2
khabar_records_dropped_total{reason=\"tombstone\"} 1
khabar_records_abandoned_total 0
khabar_in_flight_records 2
khabar_in_flight_bytes 2e3
";

    fn look_at(text: &str) -> Seen {
        let mut seen = Seen::default();
        look(text, &mut seen);
        seen
    }

    #[test]
    fn books_that_balance() {
        let seen = look_at(BALANCED);
        assert_eq!(seen.faults, Vec::<String>::new());
        assert_eq!((seen.scrapes, seen.most_in_flight, seen.most_bytes_in_flight), (1, 2.0, 2000.0));
    }

    #[test]
    fn one_record_too_few_is_seen() {
        assert_eq!(look_at(&BALANCED.replace("} 2\n", "} 1\n")).faults.len(), 1);
    }

    #[test]
    fn a_missing_series_is_seen() {
        let text: String =
            BALANCED.lines().filter(|l| !l.contains("abandoned")).map(|l| format!("{l}\n")).collect();
        assert_eq!(look_at(&text).faults, ["no series khabar_records_abandoned_total"]);
    }

    #[test]
    fn partitions_are_read_from_labels() {
        let text =
            "khabar_lag{partition=\"3\",topic=\"a.b\"} 7\nkhabar_other{partition=\"4\",topic=\"c\"} 1\n";
        let partitions = Scrape::parse(text).expect("the format").partitions("khabar_lag");
        assert_eq!(partitions, BTreeSet::from([("a.b".to_owned(), 3)]));
    }

    #[test]
    fn what_is_no_scrape_is_seen() {
        assert_eq!(look_at("not found").faults, ["not found"]);
    }

    #[test]
    fn this_process_has_memory_and_time() {
        let pid = std::process::id();
        assert!(resident_bytes(pid).expect("memory") > 1 << 20);
        assert!(cpu_seconds(pid).is_some());
        assert_eq!(thread_cpu_seconds(pid, "no such thread"), Some(0.0));
    }
}
