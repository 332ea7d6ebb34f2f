//! `khabar diff`: two enriched topics or files against each other.

mod side;

use std::process::ExitCode;

use crate::cli::{DiffArgs, DiffBy, exit};
use crate::cmd::printed::Printed;
use crate::config::{self, Config};
use crate::diff::{Comparison, Field, Settings, table};
use crate::kafka::settings::Cluster;
use side::{Found, Side};

/// Where brokers are looked for when nobody says.
const BROKERS: &str = "127.0.0.1:9092";

/// Runs the command.
///
/// # Errors
/// When the settings are wrong, or a side cannot be read to its end.
pub fn run(args: DiffArgs) -> anyhow::Result<ExitCode> {
    refuse_standard_input_as_a(&args)?;
    let cluster = match &args.config {
        Some(path) => Config::load(path)?.output.cluster,
        None => {
            let brokers = args.brokers.clone().unwrap_or_else(|| BROKERS.to_owned());
            Cluster { brokers, ..Cluster::default() }
        }
    };
    // Both ends are found before anything is read, so that both are of one moment.
    let mut a = Side::open("A", &args.a, &cluster)?;
    let mut b = Side::open("B", &args.b, &cluster)?;
    let mut comparison = Comparison::new(settings(&args));
    a.each(|place, found| match found {
        Found::Record { key, value } => comparison.first(place, key, value),
        Found::Tombstone(source) => comparison.tombstone(0, source),
        Found::Unreadable(why) => comparison.unreadable(0, place, why),
    })?;
    b.each(|place, found| match found {
        Found::Record { key, value } => comparison.second(place, key, value),
        Found::Tombstone(source) => comparison.tombstone(1, source),
        Found::Unreadable(why) => comparison.unreadable(1, place, why),
    })?;
    let values = a.fetch(&comparison.wanted())?;
    let report = comparison.finish(&values);
    let mut printed = Printed::default();
    if args.json {
        printed.line(&serde_json::to_string_pretty(&report)?);
    } else {
        printed.text(&table(&report));
    }
    printed.end()?;
    Ok(ExitCode::from(if report.different { exit::DIFFERENT } else { exit::OK }))
}

/// The values of A are read a second time, for the examples.
fn refuse_standard_input_as_a(args: &DiffArgs) -> Result<(), config::Error> {
    if args.a != "-" {
        return Ok(());
    }
    let why = "is read twice, which standard input cannot be: give a file or a topic, or make it B";
    Err(config::Error::of_option("A", "-", why.to_owned()))
}

fn settings(args: &DiffArgs) -> Settings {
    let named = |names: &[String]| names.iter().filter_map(|name| Field::named(name)).collect::<Vec<_>>();
    let (only, ignored) = (named(&args.fields), named(&args.ignore));
    let counts =
        |field: &Field| if only.is_empty() { !ignored.contains(field) } else { only.contains(field) };
    Settings {
        names: [args.a.clone(), args.b.clone()],
        by_id: args.by == DiffBy::Id,
        fields: Field::ALL.into_iter().filter(counts).collect(),
        sample: args.sample.unwrap_or(1.0),
        examples: usize::from(args.examples),
    }
}
