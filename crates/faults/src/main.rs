//! `khabar-faults`: real khabar on a real Kafka while instances die and freeze, brokers go and come back,
//! links break, partitions are added and records expire; then everything is read back, and either the
//! promise of the delivery mode was kept or the exit code says that it was not.
//!
//! `suite` is a run from begin to end. `schedule` says what goes wrong and when; `inject` does it, with the
//! brokers of `cluster` behind the proxies of `proxy`, and the instances of `fleet`. `feed` sends records and
//! knows where each is. `journal` holds what happened when; `read` shows what arrived to `check`, which is
//! pure; `report` says what was found.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod binary;
mod check;
mod cluster;
mod command;
mod error;
mod feed;
mod fleet;
mod inject;
mod instance;
mod journal;
mod proxy;
mod random;
mod read;
mod report;
mod schedule;
mod scrape;
mod suite;

use std::process::ExitCode;

use clap::Parser;

use crate::command::Cli;
use crate::error::Error;

/// The promise was broken.
const BROKEN: u8 = 1;
/// The run could not be made.
const FAILED: u8 = 2;
/// Java or Maven are missing.
const MISSING_TOOL: u8 = 3;

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(BROKEN),
        Err(Error::Brokers(khabar_local_kafka::Error::MissingTool(what))) => {
            eprintln!("khabar-faults: {what}");
            ExitCode::from(MISSING_TOOL)
        }
        Err(error) => {
            eprintln!("khabar-faults: {error}");
            ExitCode::from(FAILED)
        }
    }
}

fn run(cli: &Cli) -> Result<bool, Error> {
    let khabar = match &cli.khabar {
        Some(path) => path.clone(),
        None => binary::khabar()?,
    };
    if let Some(dir) = &cli.keep {
        if dir.join("kafka").exists() {
            let text = format!("{} holds another run: choose another folder, or remove it", dir.display());
            return Err(Error::Other(text));
        }
        std::fs::create_dir_all(dir).map_err(Error::io(format!("making {}", dir.display())))?;
        let dir = dir.canonicalize().map_err(Error::io(format!("finding {}", dir.display())))?;
        return suite::run(cli, &khabar, &dir);
    }
    let dir = tempfile::Builder::new().prefix("khabar-faults-").tempdir();
    let dir = dir.map_err(Error::io("making a temporary folder"))?;
    let result = suite::run(cli, &khabar, dir.path());
    if !matches!(result, Ok(true)) {
        eprintln!("khabar-faults: logs are in {}", dir.keep().display());
    }
    result
}
