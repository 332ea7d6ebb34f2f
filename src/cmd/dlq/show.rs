//! `khabar dlq show`: one dead letter.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use super::{each, settings};
use crate::cli::{ShowArgs, exit};
use crate::cmd::printed::Printed;
use crate::config::Error;
use crate::envelope::Position;
use crate::kafka::range::TopicReader;
use crate::letters::show::show;
use crate::letters::{Letter, parse_place, place};

/// Runs the command.
pub fn run(args: &ShowArgs) -> anyhow::Result<ExitCode> {
    let (config, topic) = settings(&args.letters)?;
    let letter = match (&args.position, &args.source) {
        (Some(position), _) => {
            let position =
                parse_place(position).map_err(|why| Error::of_option("POSITION", position, why))?;
            if args.letters.topic.as_ref().is_some_and(|topic| **topic != *position.topic) {
                bail!("the position is in {}, and --topic says {topic}: leave --topic out", position.topic);
            }
            crate::config::check_topic("POSITION", &position.topic)?;
            let reader = TopicReader::open(&config.output.cluster, &position.topic, None)?;
            at(&reader, &position)?
        }
        (None, Some(source)) => {
            let source = parse_place(source).map_err(|why| Error::of_option("--source", source, why))?;
            latest(&TopicReader::open(&config.output.cluster, &topic, None)?, &source)?
        }
        // clap asks for one of them.
        (None, None) => bail!("give the position of a letter, or --source"),
    };
    if args.raw {
        return raw(&letter);
    }
    let mut printed = Printed::default();
    printed.text(&show(&letter, args.full));
    printed.end()?;
    Ok(ExitCode::from(exit::OK))
}

fn at(reader: &TopicReader, position: &Position) -> anyhow::Result<Letter> {
    let found = reader.fetch(position.partition, position.offset)?;
    let (found, raw) = found
        .with_context(|| format!("there is no record at {}; khabar dlq list names some", place(position)))?;
    Letter::read(found, raw)
        .with_context(|| format!("the record at {} is no dead letter of khabar", place(position)))
}

/// The letter of a source position that was tried most often.
fn latest(reader: &TopicReader, source: &Position) -> anyhow::Result<Letter> {
    let mut latest: Option<Letter> = None;
    each(reader, &reader.spans()?, |_, letter| {
        let of_source = |letter: &Letter| {
            (&letter.source.topic, letter.source.partition, letter.source.offset)
                == (&source.topic, source.partition, source.offset)
        };
        let rank = |letter: &Letter| (letter.attempts, letter.position.timestamp, letter.position.offset);
        if let Some(letter) = letter.filter(of_source)
            && latest.as_ref().is_none_or(|latest| rank(latest) <= rank(&letter))
        {
            latest = Some(letter);
        }
        Ok(())
    })?;
    latest.with_context(|| format!("no letter in {} is of {}", reader.topic(), place(source)))
}

/// The value's bytes and nothing else.
fn raw(letter: &Letter) -> anyhow::Result<ExitCode> {
    if letter.omitted.is_some() {
        bail!("the letter does not hold the value: look for it at {}", place(&letter.source));
    }
    let value = letter.raw.value.as_deref().context("the letter has no value: it is of a tombstone")?;
    let mut out = io::stdout().lock();
    match out.write_all(value).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(ExitCode::from(exit::OK)),
    }
}
