//! `khabar-lab`: the command line of the offline tools.
#![forbid(unsafe_code)]

use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, Subcommand};
use khabar_lab::score::Models;

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
        #[command(flatten)]
        models: ModelArgs,
        /// Show this many of the commonest mistakes
        #[arg(long, default_value_t = 0)]
        errors: usize,
    },
    /// Measures names alone, closer: strict F1 by type, by whether training has seen the name, by its length
    #[command(
        after_help = "example: khabar-lab eval dev.jsonl --train train.jsonl --encoder models/accurate.bin --errors 20"
    )]
    Eval {
        /// Annotated articles (JSON lines with `body` and `mentions`)
        gold: PathBuf,
        /// What was trained on, in the same format, to tell names that were seen; may be given again
        #[arg(long)]
        train: Vec<PathBuf>,
        #[command(flatten)]
        models: ModelArgs,
        /// The tagger by itself: without the knowledge base and what weighs both
        #[arg(long)]
        alone: bool,
        /// Show this many of the commonest mistakes of each kind
        #[arg(long, default_value_t = 0)]
        errors: usize,
    },
    /// Writes the card of a model: its description, and figures that are measured
    #[command(after_help = "example: khabar-lab card models/accurate.card.toml --gold dev.jsonl")]
    Card {
        /// What is to be said of the model (TOML), beside its file
        description: PathBuf,
        /// Annotated articles to measure on
        #[arg(long)]
        gold: PathBuf,
        /// What was trained on: adds figures for names that were seen, and by length; may be given again
        #[arg(long)]
        train: Vec<PathBuf>,
        /// File to write [default: the description's name with .md]
        #[arg(long)]
        output: Option<PathBuf>,
    },
    /// Labels raw text by the accurate tier: silver labels for `train`
    #[command(
        after_help = "example: khabar-lab distil news.txt.gz --output silver.bin.gz --one-in 10, then \
                            khabar-lab train --silver silver.bin.gz=news.txt.gz"
    )]
    Distil {
        /// Raw text, plain or gzip, a document a line; in a file named .tsv what is behind the first tab
        text: PathBuf,
        /// The teacher: an encoder's file, or a folder with a checkpoint
        #[arg(long, default_value = "models/accurate.bin")]
        encoder: PathBuf,
        /// Use this knowledge base instead of the embedded one
        #[arg(long)]
        kb: Option<PathBuf>,
        /// Label one line of so many
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
        one_in: u64,
        /// Label at most so many lines
        #[arg(long, default_value_t = usize::MAX, hide_default_value = true)]
        lines: usize,
        /// Seed of which lines these are
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// File to write (gzip)
        #[arg(long)]
        output: PathBuf,
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
    /// Prints articles with the names that are found in them, in the format of annotated ones
    Names {
        /// Articles (JSON lines with `body`)
        articles: PathBuf,
        #[command(flatten)]
        models: ModelArgs,
        /// What the tagger alone says, without the knowledge base and the weighing
        #[arg(long)]
        alone: bool,
    },
    /// Measures words a CPU-second, on one thread
    Speed {
        /// Articles (JSON lines with `body`)
        articles: PathBuf,
        #[command(flatten)]
        models: ModelArgs,
        /// Read this many of them
        #[arg(long, default_value_t = usize::MAX, hide_default_value = true)]
        first: usize,
    },
    /// Trains the fast tagger
    Train(Box<Train>),
    /// Makes a file of the accurate tagger: of a folder with your own checkpoint, or of weights that `neural` trained
    #[command(
        after_help = "example: khabar-lab pack xlmr-ner/ own.bin, then extraction.encoder = \"own.bin\""
    )]
    Pack {
        /// A checkpoint for token classification: config.json, tokenizer.json, model.safetensors
        #[arg(conflicts_with_all = ["weights", "vocabulary"], required_unless_present = "weights", requires = "file")]
        folder: Option<PathBuf>,
        /// File to write of it
        file: Option<PathBuf>,
        /// Trained weights (safetensors); may be given again where they are in parts
        #[arg(long, requires = "vocabulary")]
        weights: Vec<PathBuf>,
        /// The encoder whose vocabulary and embeddings they were trained on (format E5S1)
        #[arg(long)]
        vocabulary: Option<PathBuf>,
        /// File to write of them
        #[arg(long, default_value = "models/accurate.bin")]
        output: PathBuf,
        /// Name of the model, as records show it [default: own for a checkpoint, accurate for weights]
        #[arg(long)]
        name: Option<String>,
    },
    /// Prints the pieces of each line of a text, to compare with another tokeniser
    Pieces {
        /// The accurate tagger's file, or a folder with a checkpoint
        #[arg(long, default_value = "models/accurate.bin")]
        encoder: PathBuf,
        /// A text, plain or gzip
        text: PathBuf,
        /// The text is articles (JSON lines with `body`): print the windows that the network reads, an empty line behind each
        /// article
        #[arg(long)]
        windows: bool,
    },
    /// Prints the words of each line of a text as the fast tagger sees them, to make clusters of them
    Words {
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
struct ModelArgs {
    /// Use this knowledge base instead of the embedded one
    #[arg(long)]
    kb: Option<PathBuf>,
    /// Use this tagger instead of the embedded one; `none` for none
    #[arg(long)]
    tagger: Option<PathBuf>,
    /// Use this encoder too: the accurate tier; a file, or a folder with a checkpoint
    #[arg(long)]
    encoder: Option<PathBuf>,
}

impl From<ModelArgs> for Models {
    fn from(ModelArgs { kb, tagger, encoder }: ModelArgs) -> Self {
        Self { kb, tagger, encoder }
    }
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
    /// Word clusters, as `neural/clusters.py` makes them; may be given again
    #[arg(long)]
    clusters: Vec<PathBuf>,
    /// Lines of silver to train on, spread over all
    #[arg(long, default_value_t = 1_000_000)]
    silver_lines: usize,
    /// Lines of silver with a less probable name are left out
    #[arg(long, default_value_t = 0.4)]
    least: f32,
    /// Passes over everything
    #[arg(long, default_value_t = 3)]
    epochs: usize,
    /// Chance that a step leaves out a feature, so that none leans on another
    #[arg(long, default_value_t = 0.0, value_parser = chance)]
    drop: f32,
    /// Step size
    #[arg(long, default_value_t = 0.1)]
    rate: f32,
    /// Features seen less often are left out
    #[arg(long, default_value_t = 4)]
    cutoff: u8,
    /// Frequent words whose weights are summed when the model is loaded: they only make it faster
    #[arg(long, default_value_t = 16_000, value_parser = clap::value_parser!(u32).range(0..=65_535))]
    frequent: u32,
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

fn chance(text: &str) -> Result<f32, String> {
    let chance = text.parse::<f32>().ok().filter(|chance| (0.0..=0.9).contains(chance));
    chance.ok_or_else(|| "must be from 0 to 0.9".to_owned())
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
        Command::Score { gold, models, errors } => {
            println!("{}", khabar_lab::score::run(&gold, &models.into(), errors)?);
        }
        Command::Names { articles, models, alone } => {
            let out = std::io::BufWriter::new(std::io::stdout().lock());
            khabar_lab::names::run(&articles, &models.into(), alone, out)?;
        }
        Command::Speed { articles, models, first } => {
            println!("{}", khabar_lab::speed::run(&articles, &models.into(), first)?);
        }
        Command::Eval { gold, train, models, alone, errors } => {
            let options = khabar_lab::eval::Options { gold, train, models: models.into(), alone, errors };
            print!("{}", khabar_lab::eval::run(&options)?);
        }
        Command::Card { description, gold, train, output } => {
            let output = output.unwrap_or_else(|| description.with_extension("md"));
            let options = khabar_lab::card::Options { description, gold, train, output };
            println!("{}", khabar_lab::card::run(&options)?);
        }
        Command::Distil { text, encoder, kb, one_in, lines, seed, output } => {
            let models = Models { kb, encoder: Some(encoder), ..Models::default() };
            let options = khabar_lab::distil::Options { text, models, one_in, lines, seed, output };
            println!("{}", khabar_lab::distil::run(&options)?);
        }
        Command::Clitics { gold, articles, errors } => {
            print!("{}", khabar_lab::clitics::run(&gold, &articles, errors)?);
        }
        Command::Train(train) => {
            let t = *train;
            let options = khabar_lab::train::Options {
                held_back: t.hold_back,
                frequent: t.frequent as usize,
                gold: t.gold,
                apart: t.apart,
                gold_times: t.gold_times,
                silver: t.silver,
                clusters: t.clusters,
                silver_lines: t.silver_lines,
                least: t.least,
                epochs: t.epochs,
                drop: t.drop,
                rate: t.rate,
                cutoff: t.cutoff,
                bits: t.bits,
                seed: t.seed,
                name: t.name,
                output: t.output,
            };
            println!("{}", khabar_lab::train::run(&options)?);
        }
        Command::Pack { folder: Some(folder), file: Some(file), name, .. } => {
            let name = name.as_deref().unwrap_or(khabar_enrich::encoder::checkpoint::NAME);
            println!("{}", khabar_lab::pack::own(&folder, name, &file)?);
        }
        Command::Pack { weights, vocabulary, output, name, .. } => {
            let vocabulary = vocabulary.context("--vocabulary is missing")?;
            let name = name.unwrap_or_else(|| "accurate".to_owned());
            let options = khabar_lab::pack::Options { weights, vocabulary, name, output };
            println!("{}", khabar_lab::pack::run(&options)?);
        }
        Command::Pieces { encoder, text, windows } => {
            let out = std::io::BufWriter::new(std::io::stdout().lock());
            if windows {
                khabar_lab::pack::windows(&encoder, &text, out)?;
            } else {
                khabar_lab::pack::pieces(&encoder, &text, out)?;
            }
        }
        Command::Words { text } => {
            let out = std::io::BufWriter::new(std::io::stdout().lock());
            eprintln!("{}", khabar_lab::train::vocabulary::words(&text, out)?);
        }
        Command::Duplicates { articles, pairs } => {
            print!("{}", khabar_lab::duplicates::run(&articles, &pairs)?);
        }
    }
    Ok(())
}
