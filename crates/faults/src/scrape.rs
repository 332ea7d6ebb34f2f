//! `/metrics` of an instance.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::cluster::INPUT;

/// A frozen instance accepts connections and says nothing.
const PATIENCE: Duration = Duration::from_millis(700);

/// The samples of one scrape: name with labels, value.
#[derive(Debug, Clone)]
pub struct Scrape(Vec<(String, f64)>);

impl Scrape {
    /// Asks an instance; `None` when it does not answer with all of it.
    pub fn get(port: u16) -> Option<Self> {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        write!(stream, "GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let length = |line: &str| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok();
        let whole = head.lines().find_map(length).is_none_or(|length: usize| length == body.len());
        (whole && head.split(' ').nth(1) == Some("200")).then(|| Self::parse(body))?
    }

    /// Reads the text format; `None` when it is something else.
    fn parse(text: &str) -> Option<Self> {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let samples = lines.map(|line| {
            let (name, value) = line.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        });
        samples.collect::<Option<_>>().map(Self)
    }

    /// Sum over the series of a name whose labels contain `label`, which may be empty.
    pub fn sum(&self, name: &str, label: &str) -> f64 {
        let wanted =
            |(series, _): &&(String, f64)| series.split('{').next() == Some(name) && series.contains(label);
        self.0.iter().filter(wanted).map(|sample| sample.1).sum()
    }

    /// The input partitions that it owns.
    pub fn owned(&self) -> BTreeSet<usize> {
        let label = |series: &str, label: &str| {
            let (_, rest) = series.split_once(&format!("{label}=\""))?;
            Some(rest.split_once('"')?.0.to_owned())
        };
        let of_name = |series: &&str| series.starts_with("khabar_seconds_without_progress{");
        let series = self.0.iter().map(|(series, _)| series.as_str()).filter(of_name);
        series
            .filter(|series| label(series, "topic").as_deref() == Some(INPUT))
            .filter_map(|series| label(series, "partition")?.parse().ok())
            .collect()
    }

    /// `consumed = published + dead-lettered + dropped + abandoned + in flight`.
    ///
    /// # Errors
    /// The figures, when the two sides differ.
    pub fn books(&self) -> Result<(), String> {
        let consumed = self.sum("khabar_records_consumed_total", "");
        let ends = [
            "khabar_records_published_total",
            "khabar_records_dead_lettered_total",
            "khabar_records_dropped_total",
            "khabar_records_abandoned_total",
            "khabar_in_flight_records",
        ];
        let ends = ends.map(|name| self.sum(name, ""));
        // Counts below 2^53 add up exactly.
        if consumed == ends.iter().sum::<f64>() && self.0.iter().any(|s| s.0.starts_with("khabar_in_flight"))
        {
            return Ok(());
        }
        Err(format!("consumed {consumed}, published, dead-lettered, dropped, abandoned, in flight: {ends:?}"))
    }
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
khabar_seconds_without_progress{partition=\"3\",topic=\"faults.raw\"} 0.5
";

    #[test]
    fn books_that_balance_and_books_that_do_not() {
        let scrape = |text: &str| Scrape::parse(text).expect("the format");
        scrape(BALANCED).books().expect("balanced");
        scrape(&BALANCED.replace("} 2\n", "} 1\n")).books().expect_err("one too few");
        assert_eq!(scrape(BALANCED).owned(), BTreeSet::from([3]));
        assert_eq!(scrape(BALANCED).sum("khabar_records_dead_lettered_total", "too_deep"), 2.0);
        assert!(Scrape::parse("not found").is_none());
    }
}
