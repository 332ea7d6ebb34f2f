//! `khabar replay`: a fixed range of raw records, or of dead letters, through the pipeline once more.

mod estimate;
mod plan;
mod report;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail};

use crate::cli::{ReplayArgs, exit};
use crate::cmd::service::{Ended, Parts, Service, parts, stages};
use crate::config::Config;
use crate::kafka::lock::{self, Lock};
use crate::kafka::ranges::Ranges;
use crate::kafka::replay::{Filter, Replay, ReplaySource, States};
use crate::logging;
use crate::replay::{Job, Sums};
use crate::shutdown::StopReason;

pub use plan::Plan;

/// Runs it.
///
/// # Errors
/// When the settings are wrong, the name is taken, or the brokers do not answer.
pub fn run(args: ReplayArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(&args.config)?;
    // Records and their ends are counted; a line for each dead letter would bury the progress.
    let level = config.log.level.min(tracing::Level::WARN);
    logging::init(logging::Settings { level, ..config.log });
    let plan = Plan::new(&config, &args, jiff::Timestamp::now())?;
    if args.dry_run {
        return dry_run(&config, &plan, args.rate);
    }
    replay(&config, &plan, &args, None)
}

fn dry_run(config: &Config, plan: &Plan, rate: Option<f64>) -> anyhow::Result<ExitCode> {
    let stages = Arc::new(stages(config));
    let ranges = Ranges::new(&plan.cluster, &plan.group)?;
    let (states, job) = plan.states(&ranges, &build(&stages))?;
    let left: u64 =
        states.iter().map(|state| u64::try_from(state.range.end - state.position).unwrap_or(0)).sum();
    let measured = estimate::measure(&plan.cluster, &plan.group, &states, &stages, config.pipeline.lanes)?;
    report::dry_run(plan, &job, &states, left, measured, rate)?;
    Ok(ExitCode::from(exit::OK))
}

/// Replays what is planned, with a filter where not everything is wanted.
///
/// # Errors
/// When the name is taken, another build began it, or the brokers do not answer.
pub fn replay(
    config: &Config,
    plan: &Plan,
    args: &ReplayArgs,
    filter: Option<Filter>,
) -> anyhow::Result<ExitCode> {
    let stages = Arc::new(stages(config));
    let ranges = Ranges::new(&plan.cluster, &plan.group)?;
    // What is wrong with the range is told before anything is waited for.
    let (states, _) = plan.states(&ranges, &build(&stages))?;
    if states.is_empty() {
        report::nothing(plan)?;
        return Ok(ExitCode::from(exit::OK));
    }
    let mut told = false;
    let lock = Lock::acquire(&plan.cluster, &plan.group, &plan.topics, || {
        if !std::mem::replace(&mut told, true) {
            eprintln!("another run of {} may be under way: waiting for its end, at most 15 s", plan.name);
        }
    });
    let mut lock = match lock {
        Ok(lock) => lock,
        Err(error @ lock::Error::Taken(_)) => bail!("{error}"),
        Err(error) => return Err(error).context("the replay cannot begin"),
    };
    // Again: an earlier run may have gone on until just now.
    let (states, job) = plan.states(&ranges, &build(&stages))?;
    let before = Sums::of(&states);
    if before.is_complete() {
        report::complete_already(plan, &before)?;
        return Ok(ExitCode::from(exit::OK));
    }
    if before.passed > 0 {
        report::goes_on(plan, &before);
    }
    plan.make_topics(config)?;
    lock.commit(&states, &job).context("the range could not be committed")?;
    let states = States::new(states);
    let (ended, took) = {
        let started = Instant::now();
        let service = start(config, plan, args, (lock, job, filter), &states, stages)?;
        let progress = report::progress(&states, before, service.stop.clone());
        let ended = service.wait()?;
        // It ends with the service; nothing depends on how.
        let _ = progress.join();
        (ended, started.elapsed())
    };
    report::end(plan, &ended, &before, &states.sums(), took)?;
    Ok(ExitCode::from(code(&ended, &states.sums())))
}

fn code(ended: &Ended, sums: &Sums) -> u8 {
    match &ended.reason {
        StopReason::Asked(_) if sums.is_complete() => exit::OK,
        StopReason::Asked(_) => exit::UNFINISHED,
        StopReason::Failed(_) => exit::ERROR,
        StopReason::CircuitBreaker(_) => exit::BREAKER,
    }
}

fn start(
    config: &Config,
    plan: &Plan,
    args: &ReplayArgs,
    (lock, job, filter): (Lock, Job, Option<Filter>),
    states: &States,
    stages: Arc<crate::stages::Stages>,
) -> anyhow::Result<Service> {
    let mut parts = Parts { admin: args.listen, replay: Some(plan.name.clone()), ..parts(config, stages) };
    parts.output.topic.clone_from(&job.output);
    parts.output.dead_letter_topic.clone_from(&job.dead_letters);
    // Offsets go to the replay's own group, not into transactions.
    parts.output.transactions = None;
    let replay =
        Replay { cluster: plan.cluster.clone(), group: plan.group.clone(), job, rate: args.rate, filter };
    let states = states.clone();
    Service::start_with(parts, move |shared, lanes, _, _| {
        let source = ReplaySource::start(replay, lock, states, shared, lanes)
            .context("the consumer cannot start: look at [input.kafka.properties]")?;
        Ok(Box::new(move || source.run()))
    })
}

/// What decides about the bytes that are written.
fn build(stages: &crate::stages::Stages) -> String {
    let info = &stages.encoder.pipeline;
    let models: Vec<String> =
        info.models.iter().map(|(name, version)| format!(" {name}={version}")).collect();
    format!("{} {} {}{}", info.version, info.config, info.kb, models.concat())
}
