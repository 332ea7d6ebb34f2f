//! What can be typed: clap types only.

mod diff;
mod dlq;
mod replay;
mod watch;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use diff::{DiffArgs, DiffBy};
pub use dlq::{
    DlqArgs, DlqCommand, ExportArgs, FilterArgs, LettersArgs, ListArgs, RedriveArgs, RedriveTo, ShowArgs,
};
pub use replay::ReplayArgs;
pub use watch::{TapArgs, TapOutput, Tapped, TopArgs, WhereArgs};

/// Exit codes, the same for every command.
pub mod exit {
    /// All went well.
    pub const OK: u8 = 0;
    /// Something failed.
    pub const ERROR: u8 = 1;
    /// The command line or the configuration is wrong.
    pub const USAGE: u8 = 2;
    /// Some input could not be decoded; the rest was enriched.
    pub const UNDECODABLE: u8 = 3;
    /// The circuit breaker stopped the service: too many records were rejected.
    pub const BREAKER: u8 = 4;
    /// What was compared is different.
    pub const DIFFERENT: u8 = 5;
    /// A replay was stopped before its end; the same command goes on.
    pub const UNFINISHED: u8 = 6;
}

const EXIT_CODES: &str = "\
Exit codes:
  0  all went well
  1  something failed
  2  the command line or the configuration is wrong
  3  some input could not be decoded, the rest was enriched (enrich)
  4  the circuit breaker stopped the service (run)
  5  what was compared is different (diff)
  6  stopped before its end, the same command goes on (replay)";

const EXAMPLES: &str = "\
Examples:
  khabar demo                                    see it work, with nothing installed
  khabar enrich article.txt --pretty             enrich one file
  khabar topics create --config khabar.toml      make the three topics
  khabar check --config khabar.toml              what is wrong with my settings and my cluster?
  khabar run --config khabar.toml                the service
  khabar top                                     how is it doing?";

const RUN_EXAMPLES: &str = "\
Examples:
  khabar run --config khabar.toml
  KHABAR_INPUT__KAFKA__BROKERS=kafka:9092 khabar run --config khabar.toml

Every setting can be given in the environment: KHABAR_, then the section and the key in capitals, with two
underscores between them. SIGTERM and SIGINT drain what is in flight, commit and end with code 0.";

const CHECK_EXAMPLES: &str = "\
Examples:
  khabar check --config khabar.toml
  khabar check --config khabar.toml --offline    the settings alone, without a cluster

One line a check: ok, warning or problem. The exit code is 1 when there is a problem.";

const TOPICS_EXAMPLES: &str = "\
Examples:
  khabar topics create --config khabar.toml --dry-run
  khabar topics create --config khabar.toml --partitions 12 --replication-factor 3

Topics that exist already are never changed: how they differ is printed.";

const DEMO_EXAMPLES: &str = "\
Examples:
  khabar demo                                    one article a second until Ctrl-C
  khabar demo --once                             the feed once, then a summary
  khabar demo --once --output jsonl | jq .       the records themselves";

const ENRICH_EXAMPLES: &str = "\
Examples:
  khabar enrich article.txt --pretty
  khabar enrich crawl/*.html --output enriched.jsonl --dead-letters rejected.jsonl
  zcat news.jsonl.gz | khabar enrich - --input-format jsonl > enriched.jsonl
  khabar enrich article.json --render html --output article.html

Records come out in the order of the input. The exit code is 3 when some input could not be decoded.";

const FEED_EXAMPLES: &str = "\
Examples:
  khabar feed news.jsonl --topic news.raw --brokers localhost:9092
  khabar feed articles/*.txt --topic news.raw --config khabar.toml --rate 50

Records are keyed by the article's id.";

/// Raw news articles in, enriched records out
///
/// Reads articles from a Kafka topic and publishes what they say: language,
/// people, organisations and places with exact positions and links, quotes with
/// their speakers, dates, quantities.
#[derive(Debug, Parser)]
#[command(verbatim_doc_comment)]
#[command(name = "khabar", version, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
#[command(arg_required_else_help = true, disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// See it work: an embedded broker, a feed of short articles, the real pipeline
    Demo(DemoArgs),
    /// Run the service: raw topic in, enriched topic out
    Run(RunArgs),
    /// Validate the settings, connect, and say what is wrong and what to do about it
    Check(CheckArgs),
    /// Make the topics
    Topics(TopicsArgs),
    /// Enrich files or standard input, without Kafka
    Enrich(EnrichArgs),
    /// Publish articles from files to a raw topic
    Feed(FeedArgs),
    /// Compare two enriched topics or files over the same sources
    Diff(DiffArgs),
    /// Look at dead letters, and send them through again
    Dlq(DlqArgs),
    /// Read a range of records again, into topics of its own
    Replay(ReplayArgs),
    /// Watch a running instance: throughput, lag, memory, dead letters
    Top(TopArgs),
    /// Follow a few of the records of a running instance
    Tap(TapArgs),
}

/// `khabar demo`
#[derive(Debug, Args)]
#[command(after_help = DEMO_EXAMPLES)]
pub struct DemoArgs {
    /// End when the feed is done
    #[arg(long)]
    pub once: bool,
    /// How to print enriched records
    #[arg(long, value_enum, default_value_t = DemoOutput::Pretty)]
    pub output: DemoOutput,
    /// Port on 127.0.0.1 of the status page, metrics and health; 0 takes a free one
    #[arg(long, default_value_t = 9464)]
    pub port: u16,
    /// Articles a second
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    pub rate: f64,
    /// Show no articles on the status page
    #[arg(long)]
    pub no_samples: bool,
}

/// How the demo prints records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DemoOutput {
    /// For people
    Pretty,
    /// One JSON object a line
    Jsonl,
}

/// `khabar run`
#[derive(Debug, Args)]
#[command(after_help = RUN_EXAMPLES)]
pub struct RunArgs {
    /// Settings; config/khabar.toml documents every one of them
    #[arg(short, long, value_name = "FILE")]
    pub config: PathBuf,
    /// Show no text of articles on the status page, whatever admin.samples says
    #[arg(long)]
    pub no_samples: bool,
}

/// `khabar check`
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct CheckArgs {
    /// Settings; config/khabar.toml documents every one of them
    #[arg(short, long, value_name = "FILE")]
    pub config: PathBuf,
    /// Check the settings alone and connect to nothing
    #[arg(long)]
    pub offline: bool,
    /// Seconds to wait for each answer of a cluster
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
}

/// `khabar topics`
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct TopicsArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub command: TopicsCommand,
}

/// What to do with topics.
#[derive(Debug, Subcommand)]
pub enum TopicsCommand {
    /// Make the input, output and dead-letter topics that do not exist yet
    Create(TopicsCreateArgs),
}

/// `khabar topics create`
#[derive(Debug, Args)]
#[command(after_help = TOPICS_EXAMPLES)]
pub struct TopicsCreateArgs {
    /// Settings; config/khabar.toml documents every one of them
    #[arg(short, long, value_name = "FILE")]
    pub config: PathBuf,
    /// Partitions of the topics that are made
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub partitions: u32,
    /// Copies of each partition [default: 3, or the number of brokers where there are fewer]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub replication_factor: Option<u16>,
    /// Say what would be made and make nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Seconds to wait for each answer of a cluster
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
}

/// `khabar enrich`
#[derive(Debug, Args)]
#[command(after_help = ENRICH_EXAMPLES)]
pub struct EnrichArgs {
    /// Files to read, in this order; `-` (or nothing) is standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What the input is
    #[arg(short = 'f', long, value_enum, default_value_t = InputFormat::Auto)]
    pub input_format: InputFormat,
    /// Print for people instead of JSON lines
    #[arg(long, conflicts_with = "render")]
    pub pretty: bool,
    /// Write a self-contained page with highlighted entities
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub render: Option<Render>,
    /// Where to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Where to write input that cannot be decoded, with its reason, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub dead_letters: Option<PathBuf>,
    /// Threads [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Settings: the sections decode, extraction and output count here
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What the input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum InputFormat {
    /// By content
    #[default]
    Auto,
    /// One plain-text article a file
    Text,
    /// One JSON object a file
    Json,
    /// One JSON object a line
    Jsonl,
    /// One HTML page a file
    Html,
}

/// What to render.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Render {
    /// One page, right to left where the text is
    Html,
}

/// `khabar feed`
#[derive(Debug, Args)]
#[command(after_help = FEED_EXAMPLES)]
pub struct FeedArgs {
    /// Files to publish, in this order; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Topic to publish to
    #[arg(short, long, value_name = "TOPIC")]
    pub topic: String,
    /// Settings, for the input's cluster with its TLS and SASL
    #[arg(short, long, value_name = "FILE", conflicts_with = "brokers")]
    pub config: Option<PathBuf>,
    /// Brokers, host:port,host:port [default: 127.0.0.1:9092]
    #[arg(short, long, value_name = "BROKERS")]
    pub brokers: Option<String>,
    /// Most articles a second [default: as fast as it goes]
    #[arg(short, long, value_name = "N", value_parser = positive)]
    pub rate: Option<f64>,
    /// What the files are
    #[arg(short = 'f', long, value_enum, default_value_t = InputFormat::Auto)]
    pub input_format: InputFormat,
}

fn positive(value: &str) -> Result<f64, String> {
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        _ => Err("give a number above 0, for example 1 or 0.5".to_owned()),
    }
}
