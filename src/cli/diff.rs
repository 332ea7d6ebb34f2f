//! `khabar diff`

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use crate::diff::Field;

const EXAMPLES: &str = "\
Examples:
  khabar diff news.enriched news.enriched.next --config khabar.toml
  khabar diff old.jsonl new.jsonl.gz --examples 20
  khabar diff news.enriched news.enriched.next --config khabar.toml --fields entities,quotes --json

A record is one article at one position of the raw topic: what came twice is compared once, the first one
counts. Two records are the same where they say the same: the order of a JSON object's members, and the
numbers of entities and mentions, which move when one is added, do not count. What made the records
(pipeline) is printed and not compared. Exit code 0: no difference; 5: there are differences; 1: something
failed, so that nothing is known.";

/// `khabar diff`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiffArgs {
    /// What is live: a topic, or a file of JSON lines (also .gz and .zst)
    #[arg(value_name = "A")]
    pub a: String,
    /// What may replace it: a topic, a file, or `-` for standard input
    #[arg(value_name = "B")]
    pub b: String,
    /// Settings, for the output's cluster with its TLS and SASL
    #[arg(short, long, value_name = "FILE", conflicts_with = "brokers")]
    pub config: Option<PathBuf>,
    /// Brokers, host:port,host:port [default: 127.0.0.1:9092]
    #[arg(short, long, value_name = "BROKERS")]
    pub brokers: Option<String>,
    /// What tells which records belong together
    #[arg(long, value_enum, default_value_t = DiffBy::Source)]
    pub by: DiffBy,
    /// Compare these fields alone
    #[arg(long, value_name = "FIELD", value_delimiter = ',', conflicts_with = "ignore",
        value_parser = PossibleValuesParser::new(Field::ALL.map(Field::as_str)))]
    pub fields: Vec<String>,
    /// Compare all fields but these
    #[arg(long, value_name = "FIELD", value_delimiter = ',', hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Field::ALL.map(Field::as_str)))]
    pub ignore: Vec<String>,
    /// Compare this part of the records, 0.01 for one in a hundred: the same ones on both sides
    #[arg(long, value_name = "PART", value_parser = part)]
    pub sample: Option<f64>,
    /// Changed records to show, and of each other kind of finding
    #[arg(short = 'n', long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(0..=1000))]
    pub examples: u16,
    /// Print one JSON object instead of tables
    #[arg(long)]
    pub json: bool,
}

/// What tells which records belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffBy {
    /// The position in the raw topic; the id, in a record that has none
    Source,
    /// The id
    Id,
}

fn part(value: &str) -> Result<f64, String> {
    match value.parse::<f64>() {
        Ok(number) if number > 0.0 && number <= 1.0 => Ok(number),
        _ => {
            Err("give a part above 0 and at most 1, for example 0.01 for one record in a hundred".to_owned())
        }
    }
}
