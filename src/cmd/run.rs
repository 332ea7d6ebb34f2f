//! `khabar run`: the service.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;

use crate::cli::{RunArgs, exit};
use crate::cmd::service::{Ended, Service, parts, stages};
use crate::config::Config;
use crate::logging;
use crate::shutdown::StopReason;

/// Runs until a signal or a failure.
///
/// # Errors
/// When the configuration is wrong or something cannot start.
pub fn run(args: RunArgs) -> anyhow::Result<ExitCode> {
    let mut config = Config::load(&args.config)?;
    config.samples &= !args.no_samples;
    logging::init(config.log);
    let stages = Arc::new(stages(&config));
    let info = &stages.encoder.pipeline;
    tracing::info!(version = %info.version, config = %info.config, knowledge_base = %info.kb,
        input = ?config.input, output = ?config.output, lanes = config.pipeline.lanes, "starting");
    let service = Service::start(parts(&config, stages)).context("cannot start the service")?;
    if let Some(admin) = &service.admin {
        tracing::info!(address = %admin.address, "status page at /, metrics at /metrics, health at /healthz and /readyz");
    }
    Ok(report(&service.wait()?))
}

/// Logs how it ended, for people and for whoever greps.
fn report(ended: &Ended) -> ExitCode {
    let totals = &ended.books.totals;
    tracing::info!(
        consumed = totals.consumed,
        published = totals.published,
        dead_lettered = totals.all_dead_lettered(),
        dropped = totals.all_dropped(),
        abandoned = totals.abandoned,
        drained = ended.drained.completed,
        given_up = ended.drained.abandoned,
        partitions_committed = ended.drained.committed,
        balanced = ended.books.reconciles(),
        "stopped"
    );
    match &ended.reason {
        StopReason::Asked(why) => {
            tracing::info!(why, "ended in order");
            ExitCode::from(exit::OK)
        }
        StopReason::Failed(why) => {
            tracing::error!(%why, "ended by a failure; nothing further was committed");
            ExitCode::from(exit::ERROR)
        }
        StopReason::CircuitBreaker(why) => {
            tracing::error!(%why, "the circuit breaker ended the service");
            ExitCode::from(exit::BREAKER)
        }
    }
}
