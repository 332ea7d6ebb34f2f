//! `khabar demo`: the service on an embedded broker and a feed of its own.

use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow};

use crate::cli::{DemoArgs, DemoOutput, exit};
use crate::cmd::service::{Service, parts, stages};
use crate::config::Config;
use crate::demo_feed;
use crate::envelope::{DropReason, Position, Raw};
use crate::kafka::embedded::Embedded;
use crate::kafka::feed::Feeder;
use crate::kafka::reader::Reader;
use crate::logging;
use crate::render::{Counts, View, clean, pretty, summary};
use crate::shutdown::StopReason;

/// Topics of the demo: raw, enriched, dead letters.
const TOPICS: [&str; 3] = ["demo.raw", "demo.enriched", "demo.raw.dead"];
/// Partitions of each.
const PARTITIONS: i32 = 2;

/// Runs the demo.
///
/// # Errors
/// When the embedded broker or the service cannot start.
pub fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    logging::init(logging::Settings { level: tracing::Level::ERROR, ..logging::Settings::default() });
    let broker = Embedded::start(&TOPICS.map(|topic| (topic, PARTITIONS)))
        .context("cannot start the embedded broker")?;
    let mut config = demo_config(&broker, args.port);
    config.samples = !args.no_samples;
    let service = Service::start(parts(&config, Arc::new(stages(&config))))
        .map_err(|error| about_the_port(error, args.port))?;
    let mut screen = Screen::new(&args);
    screen.welcome(&service);
    let feed = Feeder::start(&config.feed, TOPICS[0]).context("cannot publish the demo feed")?;
    let reader =
        Reader::start(&config.feed, &[TOPICS[1], TOPICS[2]]).context("cannot read the output back")?;

    let started = Instant::now();
    let mut records = demo_feed::all().into_iter().cycle();
    let size = demo_feed::all().len() as u64;
    let pause = Duration::from_secs_f64(1.0 / args.rate);
    let (mut published, mut due) = (0u64, Instant::now());
    while service.stop.reason().is_none() {
        let more = if args.once { published < size } else { Instant::now() >= due };
        if more && let Some(record) = records.next() {
            feed.send(&record.raw)?;
            published += 1;
            due += pause;
        }
        let wait = if more { Duration::ZERO } else { Duration::from_millis(20) };
        if let Some((position, raw)) = reader.next(wait).context("cannot read the output back")? {
            screen.show(&position, &raw)?;
        }
        let books = service.ledger.snapshot();
        let done = books.totals.consumed >= size && books.in_flight == 0;
        if args.once && published == size && done && screen.shown() + books.totals.all_dropped() >= size {
            service.stop.stop(StopReason::Asked("the feed is done"));
        }
    }
    finish(service, screen, &reader, started)
}

/// A port that cannot be had, in words of the demo: it has no `admin.listen`.
fn about_the_port(error: anyhow::Error, port: u16) -> anyhow::Error {
    let why = match error.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
        Some(ErrorKind::AddrInUse) => "is taken",
        Some(ErrorKind::PermissionDenied) => "may not be used",
        _ => return error,
    };
    anyhow!("port {port} on 127.0.0.1 {why}: use --port 0 for a free one, or another port")
}

fn demo_config(broker: &Embedded, port: u16) -> Config {
    let mut config = Config::default();
    config.input.cluster.brokers = broker.brokers();
    // The mock cluster answers an empty fetch only after the whole wait.
    config.input.cluster.properties.insert("fetch.wait.max.ms".to_owned(), "10".to_owned());
    config.input.topics = vec![TOPICS[0].to_owned()];
    config.input.group = "khabar-demo".to_owned();
    config.output.cluster.brokers = broker.brokers();
    config.output.topic = TOPICS[1].to_owned();
    config.output.dead_letter_topic = TOPICS[2].to_owned();
    config.feed.brokers = broker.brokers();
    config.pipeline.commit_interval = Duration::from_millis(200);
    config.admin = Some(([127, 0, 0, 1], port).into());
    config
}

/// Drains, shows what was still on its way, and sums up.
fn finish(
    service: Service,
    mut screen: Screen,
    reader: &Reader,
    started: Instant,
) -> anyhow::Result<ExitCode> {
    let elapsed = started.elapsed();
    let ended = service.wait()?;
    let totals = ended.books.totals;
    let expected = totals.published + totals.all_dead_lettered();
    let deadline = Instant::now() + Duration::from_secs(5);
    while screen.shown() < expected && Instant::now() < deadline {
        if let Some((position, raw)) =
            reader.next(Duration::from_millis(100)).context("cannot read the output back")?
        {
            screen.show(&position, &raw)?;
        }
    }
    let counts = &mut screen.counts;
    counts.consumed = totals.consumed;
    counts.abandoned = totals.abandoned;
    counts.in_flight = ended.books.in_flight;
    counts.elapsed = elapsed;
    let dropped = DropReason::ALL.map(|r| (r.as_str().to_owned(), totals.dropped[r as usize]));
    counts.dropped = dropped.into_iter().filter(|(_, n)| *n > 0).collect();
    let reconciles = counts.reconciles();
    screen.sum_up();
    if let StopReason::Failed(why) | StopReason::CircuitBreaker(why) = &ended.reason {
        anyhow::bail!("{why}");
    }
    Ok(ExitCode::from(if reconciles { exit::OK } else { exit::ERROR }))
}

/// What the person sees. Records go to standard output; all else to standard error where the records are
/// for a program.
struct Screen {
    output: DemoOutput,
    color: bool,
    width: usize,
    counts: Counts,
}

impl Screen {
    fn new(args: &DemoArgs) -> Self {
        let terminal = std::io::stdout().is_terminal();
        Self {
            output: args.output,
            color: terminal && std::env::var_os("NO_COLOR").is_none(),
            width: usize::from(console::Term::stdout().size().1),
            counts: Counts::default(),
        }
    }

    fn say(&self, text: &str) {
        let _ = match self.output {
            DemoOutput::Pretty => writeln!(std::io::stdout(), "{text}"),
            DemoOutput::Jsonl => writeln!(std::io::stderr(), "{text}"),
        };
    }

    fn welcome(&self, service: &Service) {
        self.say("khabar demo: a broker in this process, a feed of our own, the real pipeline");
        if let Some(admin) = &service.admin {
            let a = admin.address;
            self.say(&format!("status page http://{a}/"));
            self.say(&format!("metrics http://{a}/metrics   health http://{a}/healthz http://{a}/readyz"));
        }
        self.say("the first records take three seconds: the group forms\n");
    }

    fn shown(&self) -> u64 {
        self.counts.published + self.counts.dead_lettered.values().sum::<u64>()
    }

    fn show(&mut self, position: &Position, raw: &Raw) -> anyhow::Result<()> {
        if &*position.topic == TOPICS[2] {
            self.dead_letter(raw);
            return Ok(());
        }
        let Some(value) = &raw.value else {
            self.counts.tombstone();
            if self.output == DemoOutput::Pretty {
                let key = String::from_utf8_lossy(raw.key.as_deref().unwrap_or_default()).into_owned();
                self.say(&format!("── deletion passed on: {}\n", clean(&key)));
            }
            return Ok(());
        };
        let view: View = serde_json::from_slice(value).context("an enriched record is not readable")?;
        self.counts.record(&view);
        let mut out = std::io::stdout().lock();
        let written = match self.output {
            DemoOutput::Pretty => writeln!(out, "{}", pretty(&view, self.width, self.color)),
            DemoOutput::Jsonl => out.write_all(value).and_then(|()| out.write_all(b"\n")),
        };
        // Nobody listens any more (`| head`): end quietly.
        if written.is_err() {
            std::process::exit(i32::from(exit::OK));
        }
        Ok(())
    }

    fn dead_letter(&mut self, raw: &Raw) {
        let header = |name: &str| raw.headers.get_str(name).unwrap_or("?").to_owned();
        let (reason, message) = (header("khabar-error-reason"), header("khabar-error-message"));
        self.counts.dead_letter(&reason);
        let place = format!(
            "{}/{} @ {}",
            header("khabar-source-topic"),
            header("khabar-source-partition"),
            header("khabar-source-offset")
        );
        self.say(&format!("── dead letter: {} ({place})\n   {}\n", clean(&reason), clean(&message)));
    }

    fn sum_up(&self) {
        self.say(&format!("\n{}", summary(&self.counts)));
    }
}
