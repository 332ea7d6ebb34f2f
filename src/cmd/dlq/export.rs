//! `khabar dlq export`: dead letters as JSON lines.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context as _;

use super::{each, filter, settings};
use crate::cli::{ExportArgs, exit};
use crate::kafka::range::TopicReader;
use crate::letters::export::Exported;

/// Runs the command.
pub fn run(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let (config, topic) = settings(&args.letters)?;
    let filter = filter(&args.filter, args.max_attempts)?;
    let reader = TopicReader::open(&config.output.cluster, &topic, None)?;
    let spans = reader.spans()?;
    let output: Box<dyn Write> = match &args.output {
        Some(path) => {
            Box::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?)
        }
        None => Box::new(io::stdout()),
    };
    let mut output = BufWriter::new(output);
    let mut exported = 0u64;
    let written = each(&reader, &spans, |_, letter| {
        let Some(letter) = letter.filter(|letter| filter.matches(letter)) else { return Ok(()) };
        serde_json::to_writer(&mut output, &Exported::of(&letter)).map_err(io::Error::from)?;
        output.write_all(b"\n")?;
        exported += 1;
        Ok(())
    })
    .and_then(|()| Ok(output.flush()?));
    if let Err(error) = written {
        let of_reader = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        // Whoever reads has seen enough: `head`.
        if error.downcast_ref::<io::Error>().is_some_and(of_reader) {
            return Ok(ExitCode::from(exit::OK));
        }
        return Err(error).context("cannot export");
    }
    eprintln!("{exported} letters of {topic}");
    Ok(ExitCode::from(exit::OK))
}
