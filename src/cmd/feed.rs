//! `khabar feed`: articles from files to a raw topic.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bytes::Bytes;
use indicatif::ProgressBar;
use sha2::{Digest, Sha256};

use crate::cli::{FeedArgs, InputFormat, exit};
use crate::cmd::enrich::{format, open, shape};
use crate::cmd::progress::{self, complain};
use crate::config::{self, Config};
use crate::decode::{self, Decoded, Decoder};
use crate::encode::hex;
use crate::envelope::{Headers, Raw};
use crate::input::{Found, Limits, Records};
use crate::kafka::feed::{FeedCounts, Feeder, NotSent};
use crate::kafka::settings::Cluster;

/// Where brokers are looked for when nobody says.
const BROKERS: &str = "127.0.0.1:9092";

/// Runs the command.
///
/// # Errors
/// When the settings are wrong or the producer cannot start.
pub fn run(args: FeedArgs) -> anyhow::Result<ExitCode> {
    config::check_topic("--topic", &args.topic)?;
    let (cluster, mut decode) = match &args.config {
        Some(path) => {
            let config = Config::load(path)?;
            (config.feed, config.decode)
        }
        None => {
            let brokers = args.brokers.clone().unwrap_or_else(|| BROKERS.to_owned());
            (Cluster { brokers, ..Cluster::default() }, decode::Settings::default())
        }
    };
    if let Some(format) = format(args.input_format) {
        decode.format = format;
    }
    let bar = progress::of_files(&args.files, false);
    let (told, brokers) = (bar.clone(), cluster.brokers.clone());
    let feeder = Feeder::start(&cluster, &args.topic)
        .context("the producer cannot start: look at the librdkafka properties of the input's cluster")?
        .on_trouble(move |why| {
            complain(&told, &format!("{brokers} has acknowledged nothing yet: {why}; still trying"));
        });
    let mut feed = Feed {
        // Records are published without the compression of their file.
        limits: Limits { record: decode.max_record_bytes, decompressed: None },
        decoder: Decoder::new(decode),
        headers: headers(args.input_format),
        pace: args.rate.map(|rate| Pace::new(rate, Instant::now())),
        feeder,
        bar,
        skipped: 0,
    };
    let started = Instant::now();
    for file in &args.files {
        feed.file(file, args.input_format);
    }
    let Feed { feeder, bar, skipped, .. } = feed;
    let counts = feeder.finish(|counts| bar.set_message(format!("{} acknowledged", counts.acknowledged)));
    bar.finish_and_clear();
    eprintln!("{}", report(&counts, skipped, &args.topic, &cluster.brokers, started.elapsed()));
    let complete = counts.acknowledged == counts.sent && skipped == 0;
    Ok(ExitCode::from(if complete { exit::OK } else { exit::ERROR }))
}

/// Everything that publishing needs.
struct Feed {
    feeder: Feeder,
    decoder: Decoder,
    /// Of records whose shape is not known from their file.
    headers: Headers,
    limits: Limits,
    pace: Option<Pace>,
    bar: ProgressBar,
    /// Records and files that were not handed to the producer.
    skipped: u64,
}

impl Feed {
    fn file(&mut self, file: &Path, format: InputFormat) {
        let opened =
            open(file, &self.bar).and_then(|input| Records::new(file, input, shape(format), self.limits));
        let records = match opened {
            Ok(records) => records,
            Err(error) => return self.skip(&format!("{}: cannot be read: {error}", file.display())),
        };
        for (place, found) in records {
            match found {
                Found::Record(raw) => {
                    if let Err(error) = self.publish(raw) {
                        complain(&self.bar, &format!("{place}: not published: {error}"));
                    }
                }
                Found::Refused(reject) => {
                    self.skip(&format!("{place}: {}: {}", reject.reason.as_str(), reject.message));
                }
                Found::Unreadable(error) => self.skip(&format!("{place}: cannot be read: {error}")),
            }
        }
    }

    fn publish(&mut self, mut raw: Raw) -> Result<(), NotSent> {
        if let Some(pace) = &mut self.pace {
            self.feeder.wait_until(pace.next(Instant::now()));
        }
        if raw.headers.0.is_empty() {
            raw.headers = self.headers.clone();
        }
        raw.key = Some(key(&self.decoder, &raw).into());
        self.feeder.send(&raw)
    }

    fn skip(&mut self, message: &str) {
        self.skipped += 1;
        complain(&self.bar, message);
    }
}

/// A rate as the times at which records may go.
pub struct Pace {
    pause: Duration,
    due: Instant,
}

impl Pace {
    /// So many a second, from `now` on.
    pub fn new(per_second: f64, now: Instant) -> Self {
        // Slower than once in a day is as good as never, and longer times overflow.
        Self { pause: Duration::from_secs_f64((1.0 / per_second).min(86_400.0)), due: now }
    }

    /// When the next record may go. What a slow broker cost is caught up, but no more than a second of it.
    pub fn next(&mut self, now: Instant) -> Instant {
        let due = self.due.max(now.checked_sub(Duration::from_secs(1)).unwrap_or(now));
        self.due = due + self.pause;
        due
    }
}

/// The article's own id, else its address, else a hash of its bytes. What cannot be decoded is published
/// all the same: the service turns it into a dead letter that says why.
fn key(decoder: &Decoder, raw: &Raw) -> String {
    let of_article = match decoder.decode(raw) {
        Ok(Decoded::Article(article)) => article.id.or(article.url),
        _ => None,
    };
    of_article.unwrap_or_else(|| {
        let bytes = raw.value.as_deref().unwrap_or_default();
        format!("sha256:{}", hex(&Sha256::digest(bytes)))
    })
}

/// What the service needs to be told where the content does not.
fn headers(format: InputFormat) -> Headers {
    let content_type = match format {
        InputFormat::Auto => return Headers::default(),
        InputFormat::Text => "text/plain",
        InputFormat::Json | InputFormat::Jsonl => "application/json",
        InputFormat::Html => "text/html",
    };
    Headers(vec![("content-type".to_owned(), Some(Bytes::from_static(content_type.as_bytes())))])
}

fn report(counts: &FeedCounts, skipped: u64, topic: &str, brokers: &str, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    let rate = if seconds > 0.0 { counts.acknowledged as f64 / seconds } else { 0.0 };
    let mut out = format!(
        "{} of {} acknowledged by topic {topic} in {seconds:.1} s ({rate:.0} a second)",
        counts.acknowledged, counts.sent
    );
    if skipped > 0 {
        out.push_str(&format!(", {skipped} not published"));
    }
    if counts.acknowledged < counts.sent {
        let error = counts.last_error.as_deref().unwrap_or("no reason was given");
        out.push_str(&format!(
            "\n{} not acknowledged, last error: {error}",
            counts.sent - counts.acknowledged
        ));
        out.push_str(&format!(
            "\nis {brokers} the right address, does topic {topic} exist, and may the user write to it?"
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_go_at_their_rate() {
        let start = Instant::now();
        let after = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let mut pace = Pace::new(4.0, start);
        assert_eq!(pace.next(start), start);
        assert_eq!(pace.next(start), after(0.25));
        // Half a second late: the two that were due go at once, then the rate holds again.
        assert_eq!(pace.next(after(1.0)), after(0.5));
        assert_eq!(pace.next(after(1.0)), after(0.75));
        assert_eq!(pace.next(after(1.0)), after(1.0));
        // A minute late: a second of it is caught up, not all.
        assert_eq!(pace.next(after(61.0)), after(60.0));
        assert_eq!(pace.next(after(61.0)), after(60.25));
    }
}
