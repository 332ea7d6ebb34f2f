//! `khabar top` and `khabar tap`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use crate::envelope::Reason;

const TOP_EXAMPLES: &str = "\
Examples:
  khabar top                                     the instance at 127.0.0.1:9464
  khabar top --url http://192.0.2.7:9464
  khabar top --config khabar.toml                where its admin.listen says
  khabar top --once                              as plain text, once

Keys: q ends, arrows and page keys scroll the partitions. An instance that goes away is waited for.";

const TAP_EXAMPLES: &str = "\
Examples:
  khabar tap                                     articles with what was found in them
  khabar tap --language ar --entity \"Ban Ki-moon\"
  khabar tap dead-letters --reason invalid_json
  khabar tap --output jsonl | jq .entities       the records themselves
  khabar tap --count 1                           one, then end

What is shown is a sample: the latest few at first, then at most four articles a second, and of dead letters one a
second for each reason. An instance that goes away is waited for; one that is not there at the start is an error.";

/// Where an instance is.
#[derive(Debug, Args)]
pub struct WhereArgs {
    /// Address of its admin server [default: http://127.0.0.1:9464]
    #[arg(short, long, value_name = "URL", visible_alias = "address", conflicts_with = "config")]
    pub url: Option<String>,
    /// Settings of the instance, to take admin.listen from
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `khabar top`
#[derive(Debug, Args)]
#[command(after_help = TOP_EXAMPLES)]
pub struct TopArgs {
    /// Where the instance is.
    #[command(flatten)]
    pub at: WhereArgs,
    /// Print once as plain text and end
    #[arg(long)]
    pub once: bool,
}

/// `khabar tap`
#[derive(Debug, Args)]
#[command(after_help = TAP_EXAMPLES)]
pub struct TapArgs {
    /// What to follow
    #[arg(value_enum, value_name = "WHAT", default_value_t = Tapped::Articles)]
    pub what: Tapped,
    /// Where the instance is.
    #[command(flatten)]
    pub at: WhereArgs,
    /// Only articles in this language: ar, en, fr, ru, another code, or unknown; may be repeated
    #[arg(short, long, value_name = "CODE", value_delimiter = ',')]
    pub language: Vec<String>,
    /// Only articles that name this: part of a name in any language, or a Wikidata id; may be repeated
    #[arg(short, long, value_name = "NAME")]
    pub entity: Vec<String>,
    /// Only dead letters with this reason; may be repeated
    #[arg(short, long, value_name = "REASON", value_delimiter = ',', hide_possible_values = true)]
    #[arg(value_parser = PossibleValuesParser::new(Reason::ALL.map(Reason::as_str)))]
    pub reason: Vec<String>,
    /// How to print them
    #[arg(short, long, value_enum, default_value_t = TapOutput::Pretty)]
    pub output: TapOutput,
    /// End after so many
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,
}

/// What can be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tapped {
    /// Enriched records
    Articles,
    /// Rejected records, with the beginning of what was read
    DeadLetters,
}

/// How records are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TapOutput {
    /// For people
    Pretty,
    /// One JSON object a line
    Jsonl,
}
