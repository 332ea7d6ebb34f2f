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
    /// Scores what is found in annotated articles (JSON lines with `body`, `mentions`, `quotes`, `times`, `quantities`)
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
    /// Scores how words are parted from proclitics and enclitics
    Clitics {
        /// Words that were segmented by hand
        gold: PathBuf,
        /// The articles that they are in (JSON lines with `id` and `body`)
        articles: PathBuf,
        /// Show this many mistakes
        #[arg(long, default_value_t = 0)]
        errors: usize,
    },
    /// Measures how near-duplicates are joined by their fingerprints
    Duplicates {
        /// Articles (JSON lines with `id` and `body`); `-` for standard input
        articles: PathBuf,
        /// Pairs that are known: two ids and a similarity, parted by tabs
        pairs: PathBuf,
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
        Command::Clitics { gold, articles, errors } => {
            print!("{}", khabar_lab::clitics::run(&gold, &articles, errors)?);
        }
        Command::Duplicates { articles, pairs } => {
            print!("{}", khabar_lab::duplicates::run(&articles, &pairs)?);
        }
    }
    Ok(())
}
