//! A run from begin to end.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::check::{Checker, Source};
use crate::cluster::{Cluster, DEAD_LETTERS, INPUT, OUTPUT, Observer};
use crate::command::Cli;
use crate::error::Error;
use crate::feed::{Feed, Place, Progress, made};
use crate::fleet::Fleet;
use crate::inject::{Done, Injector};
use crate::instance::Settings;
use crate::journal::{Journal, now_ms};
use crate::read;
use crate::report::Report;
use crate::schedule::{Kind, Planned, plan};

/// Instances that run in storms only.
const EXTRA: usize = 2;
/// How long the group may take to share out the partitions at first.
const START_PATIENCE: Duration = Duration::from_secs(90);
/// How long commits may stand still at the end before the run counts as stuck.
const STUCK: Duration = Duration::from_secs(120);
/// How long a patient fault waits for the recovery from the one before.
const RECOVERY: Duration = Duration::from_secs(30);
const TICK: Duration = Duration::from_millis(100);
const QUESTION: Duration = Duration::from_secs(5);

/// Timestamps of years ago and to come are taken.
const INPUT_SETTINGS: [(&str, &str); 3] = [
    ("message.timestamp.before.max.ms", "9223372036854775807"),
    ("message.timestamp.after.max.ms", "9223372036854775807"),
    ("retention.ms", "-1"),
];
/// Arrivals are dated by the broker, so that nobody's clock and nobody's queue has a part in it.
const OUTPUT_SETTINGS: [(&str, &str); 2] =
    [("message.timestamp.type", "LogAppendTime"), ("retention.ms", "-1")];

/// Runs it, with all its files in `dir`. Returns whether the promise held.
///
/// # Errors
/// When the suite itself cannot go on.
pub fn run(cli: &Cli, khabar: &Path, dir: &Path) -> Result<bool, Error> {
    let begun = Instant::now();
    let kinds: Vec<Kind> =
        if cli.only.is_empty() { Kind::value_variants().to_vec() } else { cli.only.clone() };
    let kinds: Vec<Kind> = kinds.into_iter().filter(|kind| kind.possible(cli.nodes)).collect();
    let plan = plan(cli.seed, cli.faults, &kinds);
    if plan.is_empty() && cli.faults > 0 {
        return Err(Error::Other(
            "none of these kinds can happen on so few nodes: give --nodes 3".to_owned(),
        ));
    }
    let planned: Duration = plan.iter().map(Planned::length).sum();
    println!(
        "{} records, {} faults in about {} s, {} of kafka, {} instances, seed {}",
        cli.records,
        plan.len(),
        planned.as_secs(),
        if cli.nodes == 1 { "one node".to_owned() } else { format!("{} nodes", cli.nodes) },
        cli.instances,
        cli.seed
    );
    let brokers = cli.keep.as_ref().map(|_| dir.join("kafka"));
    let mut cluster = Cluster::start(cli.nodes, brokers.as_deref())?;
    let result = run_on(&mut cluster, cli, khabar, dir, &plan, begun);
    if !matches!(result, Ok(true)) {
        cluster.save_logs(dir);
    }
    result
}

fn run_on(
    cluster: &mut Cluster,
    cli: &Cli,
    khabar: &Path,
    dir: &Path,
    plan: &[Planned],
    begun: Instant,
) -> Result<bool, Error> {
    let instances = usize::from(cli.instances);
    let partitions = Arc::new(AtomicUsize::new(usize::from(cli.partitions)));
    let journal = Arc::new(Journal::default());
    let direct = cluster.direct().to_owned();
    cluster.create_topic(INPUT, cli.partitions, &INPUT_SETTINGS)?;
    let settings = Settings {
        khabar: khabar.to_owned(),
        brokers: cluster.proxied().to_owned(),
        mode: cli.mode,
        dir: dir.to_owned(),
    };
    let fleet = Fleet::new(&settings, instances + EXTRA, &direct, &partitions, &journal)?;
    let feed = Feed::start(&direct, cli.seed, cli.records)?;
    let done = begin(cluster, cli, &fleet, &journal, &feed.progress, plan)?;
    let mut injector = Injector {
        cluster,
        fleet: &fleet,
        journal: &journal,
        feed: Arc::clone(&feed.progress),
        partitions: Arc::clone(&partitions),
        instances,
        output_settings: &OUTPUT_SETTINGS,
        removed: Vec::new(),
        trouble: Vec::new(),
    };
    let done = go_through(&mut injector, cli, plan, done)?;
    let Injector { removed, trouble, .. } = injector;
    for text in &trouble {
        println!("note: {text}");
    }
    println!("sending the rest");
    feed.progress.allow(u64::from(cli.records));
    let mut places = feed.finish()?;
    read::untold(&direct, &mut places)?;
    let mut observer = Observer::new(&direct)?;
    let count = partitions.load(Ordering::Relaxed);
    catch_up(&mut observer, count)?;
    // What the scrapers have not seen yet.
    std::thread::sleep(Duration::from_secs(1));
    let mut disorderly = Vec::new();
    for number in 0..instances {
        disorderly.extend(fleet.terminate([number])?);
    }
    let uncommitted = uncommitted(&mut observer, count)?;
    fleet.end();

    println!("reading everything back");
    let seed = cli.seed;
    let sources: Vec<Source> =
        (0..).zip(&places).map(|(number, place)| source(seed, number, *place)).collect();
    let mut checker = Checker::new(&sources);
    let key = |number: usize| sources.get(number).and_then(|source| source.key);
    let strange = read::all(&direct, &places, key, &mut checker)?;
    let mut notes = journal.lock();
    notes.end();
    let findings = checker.finish(&notes.excuses(), &removed);
    let report = Report {
        cli,
        done: &done,
        findings: &findings,
        strange: &strange,
        notes: &notes,
        sources: &sources,
        uncommitted,
        removed: removed.iter().map(|(_, from, to)| to - from).sum(),
        disorderly: &disorderly,
        out_of_sync: cluster.out_of_sync(),
        seconds: begun.elapsed().as_secs_f64(),
    };
    Ok(report.print())
}

fn source(seed: u64, number: u64, place: Option<Place>) -> Source {
    let made = made(seed, number);
    let place = place.and_then(|(partition, offset)| Some((usize::try_from(partition).ok()?, offset)));
    Source { place, key: made.key, end: made.end }
}

/// Starts the instances, and makes the output topics: before them, or after the first records have come.
fn begin(
    cluster: &Cluster,
    cli: &Cli,
    fleet: &Fleet,
    journal: &Journal,
    feed: &Progress,
    plan: &[Planned],
) -> Result<Vec<Done>, Error> {
    let make = || {
        cluster.create_topic(OUTPUT, cli.partitions, &OUTPUT_SETTINGS)?;
        cluster.create_topic(DEAD_LETTERS, cli.partitions, &OUTPUT_SETTINGS)
    };
    let missing = plan.iter().find(|planned| planned.kind == Kind::OutputMissing);
    if missing.is_none() {
        make()?;
    }
    for number in 0..usize::from(cli.instances) {
        fleet.instance(number).start()?;
    }
    let deadline = Instant::now() + START_PATIENCE;
    let all: BTreeSet<usize> = (0..usize::from(cli.partitions)).collect();
    loop {
        let owned = (0..usize::from(cli.instances)).map(|number| journal.lock().owned_by(number));
        if owned.flatten().collect::<BTreeSet<_>>() == all {
            break;
        }
        if let Some(why) = journal.lock().exits.first() {
            return Err(Error::Other(format!("khabar does not run: {why}")));
        }
        if Instant::now() > deadline {
            return Err(Error::Other(
                "the instances did not share out the partitions in time; look at their logs".to_owned(),
            ));
        }
        std::thread::sleep(TICK);
    }
    let Some(missing) = missing else { return Ok(Vec::new()) };
    let from_ms = now_ms();
    feed.allow(u64::from(cli.records) / 100 + 50);
    std::thread::sleep(missing.hold);
    make()?;
    let to_ms = now_ms();
    let done = Done {
        kind: Kind::OutputMissing,
        text: format!("for {:.1} s", missing.hold.as_secs_f64()),
        from_ms,
        to_ms,
        since_ms: Some(to_ms),
        partitions: None,
    };
    println!("{:>7.1} s  {} {}", 0.0, done.kind.name(), done.text);
    Ok(vec![done])
}

/// How far the schedule is: what is over, and since when the next part goes on and how long it may.
struct Pace(Mutex<(Duration, Instant, Duration)>);

impl Pace {
    fn set(&self, over: Duration, next: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (over, Instant::now(), next);
    }

    fn now(&self) -> Duration {
        let (over, since, next) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        over + since.elapsed().min(next)
    }
}

/// All faults, while records are sent at the pace of the schedule.
fn go_through(
    injector: &mut Injector<'_>,
    cli: &Cli,
    plan: &[Planned],
    mut done: Vec<Done>,
) -> Result<Vec<Done>, Error> {
    let total: Duration = plan.iter().map(Planned::length).sum();
    let pace = Pace(Mutex::new((Duration::ZERO, Instant::now(), Duration::ZERO)));
    let over = std::sync::atomic::AtomicBool::new(false);
    let feed = Arc::clone(&injector.feed);
    let partitions = Arc::clone(&injector.partitions);
    let (started, journal) = (Instant::now(), injector.journal);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut said = Instant::now();
            while !over.load(Ordering::Relaxed) {
                let share = pace.now().as_secs_f64() / total.as_secs_f64().max(0.001);
                feed.allow((f64::from(cli.records) * share * 0.97) as u64);
                if cli.verbose && said.elapsed() > Duration::from_secs(5) {
                    said = Instant::now();
                    let committed = journal
                        .lock()
                        .samples
                        .last()
                        .map_or(0, |sample| sample.committed.iter().flatten().sum::<i64>());
                    let count = partitions.load(Ordering::Relaxed);
                    println!("           sent {}, committed {committed} in {count} partitions", feed.sent());
                }
                std::thread::sleep(TICK / 4);
            }
        });
        let mut passed = Duration::ZERO;
        let mut result = Ok(());
        for planned in plan.iter().filter(|planned| planned.kind != Kind::OutputMissing) {
            pace.set(passed, planned.length());
            std::thread::sleep(planned.gap);
            if let Some(last) = done.last().filter(|_| planned.patient) {
                wait_for_recovery(journal, last);
            }
            let at = started.elapsed().as_secs_f64();
            match injector.inject(planned) {
                Ok(fault) => {
                    let lasted = started.elapsed().as_secs_f64() - at;
                    println!("{at:>7.1} s  {} {}, {lasted:.1} s", fault.kind.name(), fault.text);
                    done.push(fault);
                }
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
            passed += planned.length();
        }
        over.store(true, Ordering::Relaxed);
        result
    })?;
    Ok(done)
}

/// Waits until commits move again after a fault; not for ever, because not every partition must have records.
fn wait_for_recovery(journal: &Journal, fault: &Done) {
    let Some(since) = fault.since_ms else { return };
    let deadline = Instant::now() + RECOVERY;
    while !journal.lock().recovered(since, fault.partitions.as_ref()) && Instant::now() < deadline {
        std::thread::sleep(TICK);
    }
}

/// Waits until the group has committed everything that is in the input.
fn catch_up(observer: &mut Observer, partitions: usize) -> Result<(), Error> {
    let (mut least, mut progress, mut said) = (i64::MAX, Instant::now(), Instant::now());
    loop {
        let left = uncommitted(observer, partitions)?;
        if left == 0 {
            return Ok(());
        }
        if left < least {
            (least, progress) = (left, Instant::now());
        }
        if progress.elapsed() > STUCK {
            println!("note: {left} records are still not committed, and none was for {STUCK:?}");
            return Ok(());
        }
        if said.elapsed() > Duration::from_secs(5) {
            said = Instant::now();
            println!("           {left} records to go");
        }
        std::thread::sleep(TICK);
    }
}

/// Records of the input that are not committed.
fn uncommitted(observer: &mut Observer, partitions: usize) -> Result<i64, Error> {
    let deadline = Instant::now() + STUCK;
    loop {
        let offsets = observer.committed(partitions, QUESTION).zip(observer.ends(partitions));
        match offsets {
            Some((committed, ends)) => {
                return Ok(ends.iter().zip(committed).map(|(end, c)| end - c.unwrap_or(0)).sum());
            }
            None if Instant::now() > deadline => {
                return Err(Error::Other("the brokers do not say what is committed".to_owned()));
            }
            None => {
                std::thread::sleep(TICK);
                observer.renew();
            }
        }
    }
}
