//! What a person sees of a replay.

use std::fmt::Write;
use std::io::IsTerminal;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::Plan;
use super::estimate::Measured;
use crate::cmd::printed::Printed;
use crate::cmd::service::Ended;
use crate::kafka::replay::States;
use crate::replay::{Job, State, Sums};
use crate::shutdown::{Stop, StopReason};

/// How often the progress is drawn.
const TICK: Duration = Duration::from_millis(250);
/// How often it is told where there is no terminal.
const LINE: Duration = Duration::from_secs(10);

fn count(number: u64) -> String {
    HumanCount(number).to_string()
}

/// `2 h 5 min`, `3 min 20 s`, `12 s`.
fn time(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) if h < 48 => format!("{h} h {m} min"),
        (h, _, _) => format!("{} days {} h", h / 24, h % 24),
    }
}

/// What would be done.
///
/// # Errors
/// When it cannot be printed.
pub fn dry_run(
    plan: &Plan,
    job: &Job,
    states: &[State],
    left: u64,
    measured: Option<Measured>,
    rate: Option<f64>,
) -> anyhow::Result<()> {
    let mut text = String::new();
    let sums = Sums::of(states);
    let _ = writeln!(
        text,
        "{}: {} offsets of {} partitions; nothing is written or committed by this dry run",
        plan.name,
        count(sums.offsets),
        states.len()
    );
    for State { range, position, .. } in states {
        let name = format!("{}/{}", range.topic, range.partition);
        let _ = write!(
            text,
            "  {name:<32} from {:>14} to {:>14}: {:>14}",
            count(u64::try_from(range.from).unwrap_or(0)),
            count(u64::try_from(range.end).unwrap_or(0)),
            count(range.offsets())
        );
        let _ = match *position > range.from {
            true => writeln!(text, ", of which {} are done", count((position - range.from) as u64)),
            false => writeln!(text),
        };
    }
    let _ = writeln!(text, "  enriched records to   {}", job.output);
    let _ = writeln!(text, "  dead letters to       {}", job.dead_letters);
    let _ = writeln!(text, "  build                 {}", job.build);
    let _ = match measured {
        None => writeln!(text, "there is nothing to read"),
        Some(Measured { records, bytes, rate: possible }) => {
            let used = rate.unwrap_or(f64::INFINITY).min(possible);
            let takes = Duration::try_from_secs_f64(left as f64 / used).unwrap_or(Duration::MAX);
            let limited = rate.filter(|rate| *rate < possible).map_or(String::new(), |rate| {
                format!(
                    " at --rate {rate}; without it {}",
                    time(Duration::from_secs_f64(left as f64 / possible))
                )
            });
            writeln!(
                text,
                "it would take about {}{limited}: this machine processes {} records a second \
                 (measured on {records} records of {} bytes); brokers may be slower",
                time(takes),
                count(possible as u64),
                bytes / records.max(1)
            )
        }
    };
    print(&text)
}

/// There is nothing in the range.
///
/// # Errors
/// When it cannot be printed.
pub fn nothing(plan: &Plan) -> anyhow::Result<()> {
    print(&format!("{}: there is nothing to read in this range\n", plan.name))
}

/// An earlier run has begun it.
pub fn goes_on(plan: &Plan, before: &Sums) {
    eprintln!(
        "{} goes on where an earlier run left it: {} of {} offsets are done, {} of {} partitions to their end",
        plan.name,
        count(before.passed),
        count(before.offsets),
        before.done,
        before.ranges
    );
}

/// An earlier run has ended it.
///
/// # Errors
/// When it cannot be printed.
pub fn complete_already(plan: &Plan, sums: &Sums) -> anyhow::Result<()> {
    print(&format!(
        "{} is complete already; use another --name to replay again\n{}",
        plan.name,
        figures(sums)
    ))
}

/// How it ended.
///
/// # Errors
/// When it cannot be printed.
pub fn end(plan: &Plan, ended: &Ended, before: &Sums, sums: &Sums, took: Duration) -> anyhow::Result<()> {
    let mut text = match &ended.reason {
        StopReason::Asked(_) if sums.is_complete() => format!("{}: complete\n", plan.name),
        StopReason::Asked(why) => format!(
            "{}: stopped ({why}) at {:.1} %; the same command goes on from there\n",
            plan.name,
            percent(sums)
        ),
        StopReason::Failed(why) | StopReason::CircuitBreaker(why) => {
            format!("{}: ended at {:.1} %: {why}\n", plan.name, percent(sums))
        }
    };
    text.push_str(&figures(sums));
    let here = sums.records.records() - before.records.records();
    let rate = here as f64 / took.as_secs_f64().max(0.001);
    let _ = writeln!(
        text,
        "  {} records in this run, {}: {} a second",
        count(here),
        time(took),
        count(rate as u64)
    );
    if !ended.books.reconciles() {
        text.push_str("  the books do not balance: this is a defect, keep the log and report it\n");
    }
    print(&text)
}

fn figures(sums: &Sums) -> String {
    let Sums { ranges, done, offsets, passed, records, gaps } = sums;
    let holds = if sums.reconciles() { "" } else { "  (they do not add up: this is a defect, report it)" };
    format!(
        "  {done} of {ranges} partitions done, {} of {} offsets\n  \
         offsets {} = records {} + gaps {}{holds}\n  \
         records {} = published {} + dead letters {} + dropped {}\n",
        count(*passed),
        count(*offsets),
        count(*passed),
        count(records.records()),
        count(*gaps),
        count(records.records()),
        count(records.published),
        count(records.dead_lettered),
        count(records.dropped),
    )
}

fn percent(sums: &Sums) -> f64 {
    if sums.offsets == 0 { 100.0 } else { sums.passed as f64 * 100.0 / sums.offsets as f64 }
}

/// Shows how far it is until the service ends: a bar on a terminal, else a line now and then.
pub fn progress(states: &States, before: Sums, stop: Stop) -> JoinHandle<()> {
    let states = states.clone();
    std::thread::spawn(move || {
        let bar = if std::io::stderr().is_terminal() { bar(before) } else { ProgressBar::hidden() };
        let (started, mut told) = (Instant::now(), Instant::now());
        while stop.reason().is_none() {
            std::thread::sleep(TICK);
            let sums = states.sums();
            bar.set_position(sums.passed);
            if bar.is_hidden() && told.elapsed() >= LINE {
                told = Instant::now();
                eprintln!("{}", line(&sums, &before, started.elapsed()));
            }
        }
        bar.finish_and_clear();
    })
}

fn bar(before: Sums) -> ProgressBar {
    let bar = ProgressBar::new(before.offsets);
    let template = "{bar:40} {percent:>3} %  {human_pos} of {human_len}  {per_sec}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_position(before.passed);
    // Only what this run does says how fast it is.
    bar.reset_eta();
    bar.enable_steady_tick(TICK);
    bar
}

fn line(sums: &Sums, before: &Sums, took: Duration) -> String {
    let rate = (sums.passed - before.passed) as f64 / took.as_secs_f64().max(0.001);
    let left = match rate > 0.0 {
        true => {
            time(Duration::try_from_secs_f64((sums.offsets - sums.passed) as f64 / rate).unwrap_or_default())
        }
        false => "unknown time".to_owned(),
    };
    format!(
        "{:.1} %  {} of {} offsets  {} a second  about {left} left",
        percent(sums),
        count(sums.passed),
        count(sums.offsets),
        count(rate as u64)
    )
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut printed = Printed::default();
    printed.text(text);
    printed.end()
}
