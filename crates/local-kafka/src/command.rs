//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A real Apache Kafka on loopback, without a container; needs Java 17, and Maven for the first start.
#[derive(Debug, Parser)]
#[command(name = "local-kafka")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start it in the background and wait until it answers
    Start(Start),
    /// Stop it; its data stay in the folder
    Stop(Place),
    /// Say whether it runs; exit code 3 when it does not
    Status(Place),
    #[command(hide = true)]
    Hold(Start),
}

/// How to start.
#[derive(Debug, Args)]
pub struct Start {
    /// Nodes, each broker and controller
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=9))]
    pub nodes: u16,
    /// Port of the first node; the next ones are 100 higher each, controllers one above their node
    #[arg(long, default_value_t = 9092)]
    pub port: u16,
    /// Where.
    #[command(flatten)]
    pub place: Place,
}

/// Which one.
#[derive(Debug, Args)]
pub struct Place {
    /// Folder of its data and logs [default: khabar-local-kafka in the temporary folder]
    #[arg(long = "dir", value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Place {
    /// The folder.
    pub fn dir(&self) -> PathBuf {
        self.dir.clone().unwrap_or_else(|| std::env::temp_dir().join("khabar-local-kafka"))
    }
}
