//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::schedule::Kind;

/// Runs khabar on a real Kafka, breaks things around it, and checks that its promise was kept.
#[derive(Debug, Clone, Parser)]
#[command(name = "khabar-faults")]
pub struct Cli {
    /// What khabar is to promise
    #[arg(long, value_enum, default_value_t = Mode::AtLeastOnce)]
    pub mode: Mode,
    /// Records to send, spread over the time of the faults
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=50_000_000))]
    pub records: u32,
    /// Faults to inject, one after the other
    #[arg(long, default_value_t = 20)]
    pub faults: usize,
    /// Nodes of Kafka: 1, or 3 with every topic on all of them
    #[arg(long, default_value_t = 1, value_parser = nodes)]
    pub nodes: u16,
    /// Decides kinds, targets, gaps and durations
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Only these kinds, with commas between them
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND,…")]
    pub only: Vec<Kind>,
    /// The binary to run [default: `khabar` beside this one]
    #[arg(long, value_name = "PATH")]
    pub khabar: Option<PathBuf>,
    /// Instances of khabar in the group
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=9))]
    pub instances: u16,
    /// Partitions of each topic
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub partitions: u16,
    /// Keep logs and configurations in this folder; a run that fails keeps them anyway
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Say how the group is doing every few seconds
    #[arg(long)]
    pub verbose: bool,
}

/// A delivery mode of khabar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Nothing is lost; what was in flight may come twice
    AtLeastOnce,
    /// Nothing is lost and nothing comes twice, for whoever reads committed records
    ExactlyOnce,
}

impl Mode {
    /// As khabar's configuration writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::AtLeastOnce => "at-least-once",
            Mode::ExactlyOnce => "exactly-once",
        }
    }
}

/// With two, one that is down takes what was acknowledged with it, or all writing stops.
fn nodes(text: &str) -> Result<u16, String> {
    match text {
        "1" => Ok(1),
        "3" => Ok(3),
        _ => Err("1 or 3".to_owned()),
    }
}
