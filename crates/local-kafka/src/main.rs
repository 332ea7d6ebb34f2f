//! `khabar-local-kafka start | stop | status`: a real Kafka on loopback for people, without a container.
//!
//! `start` leaves a process behind that holds the brokers and looks into its folder for a wish to stop, so
//! that `stop` needs no more than the folder. When that process dies, its brokers do.
#![forbid(unsafe_code)]

mod command;
mod held;

use std::process::ExitCode;

use clap::Parser;
use command::{Cli, Command};

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Start(args) => held::start(&args),
        Command::Stop(place) => held::stop(&place.dir()),
        Command::Status(place) => held::status(&place.dir()),
        Command::Hold(args) => held::hold(&args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("local-kafka: {error}");
        ExitCode::FAILURE
    })
}
