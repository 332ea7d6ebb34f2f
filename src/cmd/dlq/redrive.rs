//! `khabar dlq redrive`: the records of dead letters once more.
//!
//! Reading, choosing and remembering are here; where the records go is a [`Destination`].

mod pipeline;
mod raw_topics;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::{each, filter, settings};
use crate::cli::{RedriveArgs, RedriveTo, exit};
use crate::cmd::feed::Pace;
use crate::cmd::printed::Printed;
use crate::cmd::progress::{self, complain};
use crate::config;
use crate::envelope::Raw;
use crate::kafka::originals::Originals;
use crate::kafka::range::{Span, TopicReader};
use crate::letters::filter::{self as filters};
use crate::letters::select::{Selector, Tally, Verdict};
use crate::letters::{Letter, place};
use crate::shutdown::{Stop, StopReason};
use pipeline::Pipeline;
use raw_topics::{DryRun, RawTopics};

/// Records after which everything is acknowledged and remembered.
const CHECKPOINT: u64 = 1000;

/// How often a wait for the rate looks whether it is to end.
const LOOK: Duration = Duration::from_millis(100);

/// Takes records that go through again.
trait Destination {
    /// Takes one; it need not have arrived when this returns.
    fn take(&mut self, letter: &Letter, record: Raw) -> anyhow::Result<()>;
    /// Serves the destination until then.
    fn wait_until(&mut self, then: Instant);
    /// Waits until everything taken has arrived or is given up; how much has arrived since the last call.
    fn settle(&mut self) -> Settled;
}

/// What became of the records since the last time.
struct Settled {
    arrived: u64,
    /// Taken and not arrived.
    failed: u64,
    why: Option<String>,
}

/// Runs the command.
pub fn run(args: &RedriveArgs) -> anyhow::Result<ExitCode> {
    let (config, topic) = settings(&args.letters)?;
    let filter = filter(&args.filter, None)?;
    let group = group(args, &topic)?;
    let reader = TopicReader::open(&config.output.cluster, &topic, Some(&group))?;
    let spans = reader.spans()?;
    let from = if args.from_beginning { BTreeMap::new() } else { reader.committed()? };
    let left = behind(&spans, &from, &topic)?;
    let stop = Stop::default();
    stop.listen().context("signals cannot be received")?;

    let mut selector = Selector::new(filter, args.max_attempts);
    each(&reader, &spans, |_, letter| {
        letter.iter().for_each(|letter| selector.note(letter));
        if stop.reason().is_some() {
            bail!("stopped before anything was redriven");
        }
        Ok(())
    })?;
    let mut destination: Box<dyn Destination> = match (args.dry_run, args.to) {
        (true, _) => Box::new(DryRun::new()),
        (false, RedriveTo::Raw) => Box::new(RawTopics::new(&config)),
        (false, RedriveTo::Pipeline) => Box::new(Pipeline::new(&config)?),
    };
    let mut redrive = Redrive {
        originals: Originals::new(&config.feed),
        reader: &reader,
        remembers: !args.dry_run,
        next: BTreeMap::new(),
        taken: 0,
        pace: args.rate.map(|rate| Pace::new(rate, Instant::now())),
        tally: Tally::default(),
        destination: destination.as_mut(),
        stop,
    };
    let ended = redrive.drive(&selector, &left, args.limit);
    let tally = redrive.tally.clone();
    let mut printed = Printed::default();
    printed.line(&format!("{topic}, progress {group}"));
    printed.text(&tally.lines(args.dry_run, args.max_attempts));
    printed.end()?;
    ended?;
    if tally.unavailable + tally.unacknowledged > 0 {
        return Ok(ExitCode::from(exit::ERROR));
    }
    if let Some(StopReason::Asked(why)) = redrive.stop.reason() {
        eprintln!("stopped ({why}); the same command goes on from there");
        return Ok(ExitCode::from(exit::UNFINISHED));
    }
    Ok(ExitCode::from(exit::OK))
}

/// The name under which progress is remembered.
fn group(args: &RedriveArgs, topic: &str) -> Result<String, config::Error> {
    if let Some(name) = &args.name {
        // It becomes part of a group's name, for which the rule of topics is strict enough.
        config::check_topic("--name", name)?;
    }
    let text = |option: &Option<String>| option.clone().unwrap_or_default();
    let filter = &args.filter;
    let mut reasons = filter.reason.clone();
    reasons.sort();
    let parts = [
        ("to", if args.to == RedriveTo::Raw { "raw" } else { "pipeline" }.to_owned()),
        ("reason", reasons.join(",")),
        ("stage", text(&filter.stage)),
        ("source_topic", text(&filter.source_topic)),
        ("partition", filter.partition.map(|p| p.to_string()).unwrap_or_default()),
        ("since", text(&filter.since)),
        ("until", text(&filter.until)),
        ("contains", text(&filter.contains)),
        ("max_attempts", args.max_attempts.to_string()),
    ];
    let name = args.name.clone().unwrap_or_else(|| filters::name(&parts));
    Ok(format!("khabar-redrive.{topic}.{name}"))
}

/// What was not redriven before.
fn behind(spans: &[Span], from: &BTreeMap<i32, i64>, topic: &str) -> anyhow::Result<Vec<Span>> {
    let mut left = Vec::new();
    for span in spans {
        let next = from.get(&span.partition).copied().unwrap_or(span.from);
        if next > span.to {
            bail!(
                "progress is remembered up to {topic}/{}@{next}, and the partition ends at {}: was the topic made \
                 anew? --from-beginning starts over",
                span.partition,
                span.to
            );
        }
        left.push(Span { from: next.max(span.from), ..*span });
    }
    Ok(left)
}

/// Records on their way.
struct Redrive<'r> {
    destination: &'r mut dyn Destination,
    originals: Originals,
    reader: &'r TopicReader,
    /// Whether progress is remembered; it is not in a dry run.
    remembers: bool,
    /// What to remember once everything before it has arrived.
    next: BTreeMap<i32, i64>,
    /// Records handed over since the last checkpoint.
    taken: u64,
    pace: Option<Pace>,
    tally: Tally,
    /// Ends it between two letters.
    stop: Stop,
}

impl Redrive<'_> {
    /// Goes through the letters. Whatever happens, the tally holds what became of those that were read.
    fn drive(&mut self, selector: &Selector, spans: &[Span], limit: Option<u64>) -> anyhow::Result<()> {
        let ended = self.letters(selector, spans, limit);
        let settled = self.settle();
        // The letter at which it ended, if it did not end well.
        self.tally.unacknowledged += self.tally.read.saturating_sub(self.tally.accounted());
        ended.and(settled)
    }

    fn letters(&mut self, selector: &Selector, spans: &[Span], limit: Option<u64>) -> anyhow::Result<()> {
        let bar = progress::of_offsets(spans.iter().map(Span::offsets).sum(), self.reader.topic());
        let mut reading = self.reader.read(spans)?;
        let mut selected = 0;
        while limit.is_none_or(|limit| selected < limit) && self.stop.reason().is_none() {
            let Some((position, raw)) = reading.next_record()? else {
                // What lies behind the last record, marks of transactions for example, is done, too.
                self.next.extend(spans.iter().map(|span| (span.partition, span.to)));
                break;
            };
            bar.inc(1);
            self.tally.read += 1;
            let (partition, offset) = (position.partition, position.offset);
            match Letter::read(position, raw) {
                None => self.tally.foreign += 1,
                Some(letter) => match selector.verdict(&letter) {
                    Verdict::Redrive => {
                        selected += 1;
                        self.letter(&letter, &bar)?;
                    }
                    other => self.tally.count(other),
                },
            }
            self.next.insert(partition, offset + 1);
            if self.taken >= CHECKPOINT {
                self.settle()?;
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn letter(&mut self, letter: &Letter, bar: &indicatif::ProgressBar) -> anyhow::Result<()> {
        let original = match &letter.omitted {
            None => None,
            Some(omitted) => match self.originals.fetch(letter, omitted)? {
                Ok(raw) => Some(raw),
                Err(gone) => {
                    self.tally.unavailable += 1;
                    let (at, of) = (place(&letter.position), place(&letter.source));
                    complain(bar, &format!("{at}: its record at {of} is unavailable: {gone}"));
                    return Ok(());
                }
            },
        };
        if let Some(pace) = &mut self.pace {
            let due = pace.next(Instant::now());
            while self.stop.reason().is_none() && Instant::now() < due {
                self.destination.wait_until(due.min(Instant::now() + LOOK));
            }
        }
        self.destination.take(letter, letter.record(original))?;
        self.taken += 1;
        Ok(())
    }

    /// Waits for everything handed over, and remembers the progress if all of it arrived.
    fn settle(&mut self) -> anyhow::Result<()> {
        let settled = self.destination.settle();
        self.taken = 0;
        self.tally.redriven += settled.arrived;
        self.tally.unacknowledged += settled.failed;
        if settled.failed > 0 {
            // None of it is remembered: what arrived may be redriven twice, what did not is not lost.
            self.next.clear();
            let why = settled.why.unwrap_or_else(|| "no reason was given".to_owned());
            bail!("{} records were not acknowledged, nothing further was redriven: {why}", settled.failed);
        }
        let next = std::mem::take(&mut self.next);
        if self.remembers {
            self.reader.commit(&next).context("records were redriven, but that cannot be remembered")?;
        }
        Ok(())
    }
}
