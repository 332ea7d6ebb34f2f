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
        /// Use this tagger instead of the embedded one; `none` for none
        #[arg(long)]
        tagger: Option<PathBuf>,
        /// Use this encoder too: the accurate tier
        #[arg(long)]
        encoder: Option<PathBuf>,
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
    /// Trains the fast tagger
    Train(Box<Train>),
    /// Makes the file of the accurate tagger of trained weights
    Pack {
        /// Trained weights (safetensors); may be given again where they are in parts
        #[arg(long, required = true)]
        weights: Vec<PathBuf>,
        /// The encoder whose vocabulary and embeddings they were trained on (format E5S1)
        #[arg(long)]
        vocabulary: PathBuf,
        /// Name of the model, as records show it
        #[arg(long, default_value = "accurate")]
        name: String,
        /// File to write
        #[arg(long, default_value = "models/accurate.bin")]
        output: PathBuf,
    },
    /// Prints the pieces of each line of a text, to compare with another tokeniser
    Pieces {
        /// The accurate tagger's file
        #[arg(long, default_value = "models/accurate.bin")]
        encoder: PathBuf,
        /// A text, plain or gzip
        text: PathBuf,
    },
    /// Measures how near-duplicates are joined by their fingerprints
    Duplicates {
        /// Articles (JSON lines with `id` and `body`); `-` for standard input
        articles: PathBuf,
        /// Pairs that are known: two ids and a similarity, parted by tabs
        pairs: PathBuf,
    },
}

#[derive(clap::Args)]
struct Train {
    /// Annotated articles (JSON lines with `source`, `body`, `mentions`); may be given again
    #[arg(long)]
    gold: Vec<PathBuf>,
    /// An outlet (`source`) to measure on and not to train on; may be given again
    #[arg(long)]
    hold_back: Vec<String>,
    /// What is measured on (JSON lines with `body`): what shares eight words in a row with it is left out
    #[arg(long)]
    apart: Vec<PathBuf>,
    /// How often an annotated sentence comes in an epoch
    #[arg(long, default_value_t = 8)]
    gold_times: usize,
    /// Silver labels and the text that they are of, `LABELS=TEXT`; may be given again
    #[arg(long, value_parser = pair)]
    silver: Vec<(PathBuf, PathBuf)>,
    /// Lines of silver to train on, spread over all
    #[arg(long, default_value_t = 1_000_000)]
    silver_lines: usize,
    /// Lines of silver with a less probable name are left out
    #[arg(long, default_value_t = 0.4)]
    least: f32,
    /// Passes over everything
    #[arg(long, default_value_t = 3)]
    epochs: usize,
    /// Step size
    #[arg(long, default_value_t = 0.1)]
    rate: f32,
    /// Features seen less often are left out
    #[arg(long, default_value_t = 4)]
    cutoff: u8,
    /// Buckets of the table, as a power of two: 17 makes 8 MiB
    #[arg(long, default_value_t = 17)]
    bits: u32,
    /// Seed of the order of sentences
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Name of the model, as records show it
    #[arg(long, default_value = "fast")]
    name: String,
    /// File to write
    #[arg(long, default_value = "models/fast.bin")]
    output: PathBuf,
}

fn pair(text: &str) -> Result<(PathBuf, PathBuf), String> {
    let (labels, text) = text.split_once('=').ok_or("must be LABELS=TEXT")?;
    Ok((labels.into(), text.into()))
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
        Command::Score { gold, kb, tagger, encoder, errors } => {
            let models = khabar_lab::score::Models { kb, tagger, encoder };
            println!("{}", khabar_lab::score::run(&gold, &models, errors)?);
        }
        Command::Clitics { gold, articles, errors } => {
            print!("{}", khabar_lab::clitics::run(&gold, &articles, errors)?);
        }
        Command::Train(train) => {
            let Train {
                gold, hold_back, apart, gold_times, silver, silver_lines, least, epochs, rate, ..
            } = *train;
            let Train { cutoff, bits, seed, name, output, .. } = *train;
            let held_back = hold_back;
            let options = khabar_lab::train::Options {
                gold,
                held_back,
                apart,
                gold_times,
                silver,
                silver_lines,
                least,
                epochs,
                rate,
                cutoff,
                bits,
                seed,
                name,
                output,
            };
            println!("{}", khabar_lab::train::run(&options)?);
        }
        Command::Pack { weights, vocabulary, name, output } => {
            let options = khabar_lab::pack::Options { weights, vocabulary, name, output };
            println!("{}", khabar_lab::pack::run(&options)?);
        }
        Command::Pieces { encoder, text } => {
            khabar_lab::pack::pieces(&encoder, &text, std::io::BufWriter::new(std::io::stdout().lock()))?;
        }
        Command::Duplicates { articles, pairs } => {
            print!("{}", khabar_lab::duplicates::run(&articles, &pairs)?);
        }
    }
    Ok(())
}
