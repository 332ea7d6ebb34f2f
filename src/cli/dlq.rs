//! `khabar dlq`

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};

use crate::envelope::Reason;

const LIST_EXAMPLES: &str = "\
Examples:
  khabar dlq list --config khabar.toml
  khabar dlq list --config khabar.toml --since 2h --samples 3
  khabar dlq list --config khabar.toml --reason invalid_json,wrong_shape --json";

const SHOW_EXAMPLES: &str = "\
Examples:
  khabar dlq show news.raw.dead/3@42 --config khabar.toml
  khabar dlq show --source news.raw/0@1017 --config khabar.toml --full
  khabar dlq show news.raw.dead/3@42 --config khabar.toml --raw > record.bin";

const EXPORT_EXAMPLES: &str = "\
Examples:
  khabar dlq export --config khabar.toml --output letters.jsonl
  khabar dlq export --config khabar.toml --reason panic --since 2026-11-23T00:00:00Z | jq .message

One letter a line: position, source, reason, stage, message, attempts, by_reference, key, value, headers.
Key, value and each header's value are {\"text\": …} where they are UTF-8, else {\"base64\": …}, or null.";

const REDRIVE_EXAMPLES: &str = "\
Examples:
  khabar dlq redrive --config khabar.toml --reason wrong_shape --dry-run
  khabar dlq redrive --config khabar.toml --reason wrong_shape --rate 200
  khabar dlq redrive --config khabar.toml --reason wrong_shape --to pipeline

The service reads a redriven record as any other; if it fails again it is a dead letter again, with one more
attempt. What was redriven is remembered in Kafka under a name that comes from the filter (or from --name):
the same command goes on where it ended. It ends at what was there when it started. Exit code 0: everything
that was selected is acknowledged.";

/// `khabar dlq`
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct DlqArgs {
    /// What to do with dead letters.
    #[command(subcommand)]
    pub command: DlqCommand,
}

/// What to do with dead letters.
#[derive(Debug, Subcommand)]
pub enum DlqCommand {
    /// Count dead letters by reason, with samples
    List(ListArgs),
    /// Show one dead letter: its headers and its value
    Show(ShowArgs),
    /// Publish the records of dead letters again
    Redrive(RedriveArgs),
    /// Write dead letters as JSON lines
    Export(ExportArgs),
}

/// Where dead letters are.
#[derive(Debug, Args)]
pub struct LettersArgs {
    /// Settings: dead-letter topic and clusters
    #[arg(short, long, value_name = "FILE")]
    pub config: PathBuf,
    /// Another dead-letter topic than that of the settings
    #[arg(short, long, value_name = "TOPIC")]
    pub topic: Option<String>,
}

/// Which dead letters.
#[derive(Debug, Clone, Default, Args)]
pub struct FilterArgs {
    /// Of these reasons
    #[arg(long, help_heading = "Which letters", value_name = "REASON", value_delimiter = ',', hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Reason::ALL.map(Reason::as_str)))]
    pub reason: Vec<String>,
    /// Rejected by this stage: decode, extract, encode or produce
    #[arg(long, help_heading = "Which letters", value_name = "STAGE", hide_possible_values = true,
        value_parser = PossibleValuesParser::new(["decode", "extract", "encode", "produce"]))]
    pub stage: Option<String>,
    /// Whose record was first read from this topic
    #[arg(long, help_heading = "Which letters", value_name = "TOPIC")]
    pub source_topic: Option<String>,
    /// Whose record was first read from this partition
    #[arg(long, help_heading = "Which letters", value_name = "N", requires = "source_topic", value_parser = clap::value_parser!(i32).range(0..))]
    pub partition: Option<i32>,
    /// Written since then: 2026-11-23T17:00:00Z, or how long ago: 90m, 2h, 7d
    #[arg(long, help_heading = "Which letters", value_name = "WHEN")]
    pub since: Option<String>,
    /// Written before then: 2026-11-23T17:00:00Z, or how long ago: 90m, 2h, 7d
    #[arg(long, help_heading = "Which letters", value_name = "WHEN")]
    pub until: Option<String>,
    /// With this text in the error message, in any case of letters
    #[arg(long, help_heading = "Which letters", value_name = "TEXT")]
    pub contains: Option<String>,
}

/// `khabar dlq list`
#[derive(Debug, Args)]
#[command(after_help = LIST_EXAMPLES)]
pub struct ListArgs {
    /// Where they are.
    #[command(flatten)]
    pub letters: LettersArgs,
    /// Which.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Letters with no more attempts than this
    #[arg(long, value_name = "N", help_heading = "Which letters")]
    pub max_attempts: Option<u64>,
    /// Samples of each reason
    #[arg(short, long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(0..=1000))]
    pub samples: u16,
    /// Print one JSON object instead of a table
    #[arg(long)]
    pub json: bool,
}

/// `khabar dlq show`
#[derive(Debug, Args)]
#[command(after_help = SHOW_EXAMPLES)]
pub struct ShowArgs {
    /// The letter's own position, TOPIC/PARTITION@OFFSET
    #[arg(value_name = "POSITION", required_unless_present = "source")]
    pub position: Option<String>,
    /// Find it by where its record was first read, TOPIC/PARTITION@OFFSET: the latest of several
    #[arg(long, value_name = "POSITION", conflicts_with = "position")]
    pub source: Option<String>,
    /// Where they are.
    #[command(flatten)]
    pub letters: LettersArgs,
    /// Print all of the value
    #[arg(long)]
    pub full: bool,
    /// Write the value's bytes, and nothing else
    #[arg(long, conflicts_with = "full")]
    pub raw: bool,
}

/// `khabar dlq export`
#[derive(Debug, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub struct ExportArgs {
    /// Where they are.
    #[command(flatten)]
    pub letters: LettersArgs,
    /// Which.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Letters with no more attempts than this
    #[arg(long, value_name = "N", help_heading = "Which letters")]
    pub max_attempts: Option<u64>,
    /// Where to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `khabar dlq redrive`
#[derive(Debug, Args)]
#[command(after_help = REDRIVE_EXAMPLES)]
pub struct RedriveArgs {
    /// Where they are.
    #[command(flatten)]
    pub letters: LettersArgs,
    /// Which.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Leave letters that were tried this often already
    #[arg(long, help_heading = "Which letters", value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_attempts: u64,
    /// Where to
    #[arg(long, value_enum, default_value_t = RedriveTo::Raw)]
    pub to: RedriveTo,
    /// Say what would be redriven, and publish and remember nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Most records a second [default: as fast as it goes]
    #[arg(short, long, value_name = "N", value_parser = super::positive)]
    pub rate: Option<f64>,
    /// End after this many records
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// Name under which progress is remembered [default: made from the filter]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Forget the progress and start over
    #[arg(long)]
    pub from_beginning: bool,
}

/// Where redriven records go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RedriveTo {
    /// The raw topic that they came from, if it is one of `input.topics`, else the first of these
    Raw,
    /// The output: processed here and now with these settings, as the service would
    Pipeline,
}
