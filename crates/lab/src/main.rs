//! `khabar-lab`: the command line of the offline tools.
#![forbid(unsafe_code)]

use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "khabar-lab", version, about = "offline tools of khabar")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The knowledge base
    #[command(subcommand)]
    Kb(Kb),
    /// Scores the entities of annotated articles (JSON lines with `body` and `mentions`)
    Score {
        /// Annotated articles
        gold: PathBuf,
        /// Use this knowledge base instead of the embedded one
        #[arg(long)]
        kb: Option<PathBuf>,
        /// Show this many of the commonest mistakes
        #[arg(long, default_value_t = 0)]
        errors: usize,
    },
}

#[derive(Subcommand)]
enum Kb {
    /// Compiles the tables under `data/` into one file
    Build {
        /// Folder with the source tables
        #[arg(long, default_value = "data")]
        data: PathBuf,
        /// File to write
        #[arg(long, default_value = "models/kb.bin")]
        output: PathBuf,
    },
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Kb(Kb::Build { data, output }) => {
            let built = khabar_lab::kb::build(&data)?;
            std::fs::write(&output, &built.bytes)
                .with_context(|| format!("write the knowledge base to {}", output.display()))?;
            println!("{}", built.summary);
        }
        Command::Score { gold, kb, errors } => {
            println!("{}", khabar_lab::score::run(&gold, kb.as_deref(), errors)?);
        }
    }
    Ok(())
}
