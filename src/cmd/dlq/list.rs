//! `khabar dlq list`: dead letters by reason.

use std::process::ExitCode;

use super::{each, filter, settings};
use crate::cli::{ListArgs, exit};
use crate::cmd::printed::Printed;
use crate::kafka::range::TopicReader;
use crate::letters::summary::Summary;

/// Runs the command.
pub fn run(args: &ListArgs) -> anyhow::Result<ExitCode> {
    let (config, topic) = settings(&args.letters)?;
    let filter = filter(&args.filter, args.max_attempts)?;
    let reader = TopicReader::open(&config.output.cluster, &topic, None)?;
    let mut summary = Summary::new(usize::from(args.samples));
    each(&reader, &reader.spans()?, |_, letter| {
        match letter {
            Some(letter) if filter.matches(&letter) => summary.add(&letter),
            Some(_) => {}
            None => summary.foreign(),
        }
        Ok(())
    })?;
    let listing = summary.finish(&topic);
    let mut printed = Printed::default();
    if args.json {
        printed.line(&serde_json::to_string_pretty(&listing)?);
    } else {
        printed.text(&listing.table());
    }
    printed.end()?;
    Ok(ExitCode::from(exit::OK))
}
