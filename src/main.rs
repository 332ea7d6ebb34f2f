//! Logging, command line, dispatch, exit code.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;
use khabar::cli::{Cli, Command, exit};
use khabar::render::escape;
use khabar::{cmd, config};

/// Also librdkafka's (feature `override`): records are allocated on one thread and freed on another, which
/// glibc's allocator pays for with a sixth of the time of a record.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Demo(args) => cmd::demo::run(args),
        Command::Run(args) => cmd::run::run(args),
        Command::Check(args) => cmd::check::run(args),
        Command::Topics(args) => cmd::topics::run(args),
        Command::Enrich(args) => cmd::enrich::run(args),
        Command::Feed(args) => cmd::feed::run(args),
        Command::Replay(args) => cmd::replay::run(args),
        Command::Top(args) => cmd::top::run(args),
        Command::Tap(args) => cmd::tap::run(args),
        Command::Diff(args) => cmd::diff::run(args),
        Command::Dlq(args) => cmd::dlq::run(args),
    };
    result.unwrap_or_else(|error| {
        // It may hold what somebody else's server or file says.
        eprintln!("khabar: {}", escape(&format!("{error:#}")));
        let of_configuration = error.chain().any(|cause| cause.is::<config::Error>());
        ExitCode::from(if of_configuration { exit::USAGE } else { exit::ERROR })
    })
}
