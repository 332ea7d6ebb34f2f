//! `khabar dlq`: dead letters, looked at and sent through again. One file a subcommand.

mod export;
mod list;
mod redrive;
mod show;

use std::process::ExitCode;

use crate::cli::{DlqArgs, DlqCommand, FilterArgs, LettersArgs};
use crate::cmd::progress;
use crate::config::{self, Config};
use crate::envelope::Position;
use crate::kafka::range::{Span, TopicReader};
use crate::letters::Letter;
use crate::letters::filter::{Filter, when};

/// Runs one of the subcommands.
///
/// # Errors
/// When the settings are wrong, or the cluster does not answer.
pub fn run(args: DlqArgs) -> anyhow::Result<ExitCode> {
    match args.command {
        DlqCommand::List(args) => list::run(&args),
        DlqCommand::Show(args) => show::run(&args),
        DlqCommand::Redrive(args) => redrive::run(&args),
        DlqCommand::Export(args) => export::run(&args),
    }
}

/// The settings and the dead-letter topic's name.
fn settings(args: &LettersArgs) -> anyhow::Result<(Config, String)> {
    let config = Config::load(&args.config)?;
    if let Some(topic) = &args.topic {
        config::check_topic("--topic", topic)?;
    }
    let topic = args.topic.clone().unwrap_or_else(|| config.output.dead_letter_topic.clone());
    Ok((config, topic))
}

/// Visits what is in the topic now: where it is, and the letter, or nothing for what is none of ours.
fn each(
    reader: &TopicReader,
    spans: &[Span],
    mut visit: impl FnMut(Position, Option<Letter>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let bar = progress::of_offsets(spans.iter().map(Span::offsets).sum(), reader.topic());
    let mut reading = reader.read(spans)?;
    while let Some((position, raw)) = reading.next_record()? {
        bar.inc(1);
        visit(position.clone(), Letter::read(position, raw))?;
    }
    bar.finish_and_clear();
    Ok(())
}

/// What was asked for.
fn filter(args: &FilterArgs, max_attempts: Option<u64>) -> Result<Filter, config::Error> {
    let now = jiff::Timestamp::now().as_millisecond();
    let time = |option: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => {
            when(text, now).map(Some).map_err(|message| config::Error::of_option(option, text, message))
        }
    };
    Ok(Filter {
        reasons: args.reason.clone(),
        stage: args.stage.clone(),
        source_topic: args.source_topic.clone(),
        partition: args.partition,
        since: time("--since", &args.since)?,
        until: time("--until", &args.until)?,
        contains: args.contains.clone(),
        max_attempts,
    })
}
