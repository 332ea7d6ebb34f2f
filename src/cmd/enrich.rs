//! `khabar enrich`: the stages without Kafka.

mod output;
mod written;

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use bytes::Bytes;
use indicatif::ProgressBar;

use crate::cli::{EnrichArgs, InputFormat, exit};
use crate::cmd::progress;
use crate::cmd::service::stages;
use crate::config::Config;
use crate::decode::{self, Decoder, Format};
use crate::envelope::Outcome;
use crate::input::{Found, Limits, Place, Records, Shape};
use crate::ordered::{self, Dealer, Unwanted};
use crate::render::{Page, View, pretty};
use crate::stages::{Processed, Stages};
use output::{Done, Failure, Output, Style, Tally};

/// Runs the command.
///
/// # Errors
/// When the settings are wrong, or the output cannot be written.
pub fn run(args: EnrichArgs) -> anyhow::Result<ExitCode> {
    let mut config = match &args.config {
        Some(path) => Config::load_without_kafka(path)?,
        None => Config::default(),
    };
    if let Some(format) = format(args.input_format) {
        config.decode.format = format;
    }
    let files = files(&args.files);
    let from_stdin = files.iter().any(|file| file == Path::new("-"));
    written::refuse(args.output.as_deref(), args.dead_letters.as_deref(), &files)?;
    if from_stdin && io::stdin().is_terminal() {
        eprintln!("reading standard input; end it with Ctrl-D");
    }

    let mut output = Output::open(&args)?;
    let bar = progress::of_files(&files, output.is_terminal);
    let decode = config.decode.clone();
    let limits =
        Limits { record: decode.max_record_bytes, decompressed: Some(decode.max_decompressed_bytes) };
    let mut stages = stages(&config);
    // The reader holds records to the limits, and gives whole files without their compression: they may be
    // larger than a record. Set here alone, because the settings' hash is in every record.
    stages.decoder = Decoder::new(decode::Settings {
        max_record_bytes: decode.max_record_bytes.max(decode.max_decompressed_bytes),
        ..decode
    });
    let style = output.style;
    let shape = shape(args.input_format);
    let threads = args.threads.map_or_else(cores, usize::from);
    let reading = Reading { files, shape, limits, bar: bar.clone() };
    let read = move |dealer: &mut Dealer<Task>| reading.deal(dealer);
    let mut results = ordered::start(threads, read, move |task| work(&stages, style, task))?;

    let mut tally = Tally::default();
    let ended = output.begin().and_then(|()| {
        while let Some(done) = results.next(|| output.idle(from_stdin)).map_err(io::Error::other)? {
            output.write(done, &mut tally, &bar)?;
        }
        output.end(tally.enriched)
    });
    bar.finish_and_clear();
    match ended {
        // Whoever read our output has seen enough: `head`, or a pager that was left.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::from(exit::OK)),
        Err(error) => return Err(error).context("cannot write the output"),
        Ok(()) => {}
    }
    if !bar.is_hidden() {
        eprintln!("{tally} in {:.1} s", bar.elapsed().as_secs_f64());
    }
    Ok(ExitCode::from(tally.exit_code()))
}

/// How input of this format is cut into records; `None` where that shows.
pub fn shape(format: InputFormat) -> Option<Shape> {
    match format {
        InputFormat::Auto => None,
        InputFormat::Jsonl => Some(Shape::Lines),
        InputFormat::Text | InputFormat::Json | InputFormat::Html => Some(Shape::Whole),
    }
}

/// How a record of this format is decoded; `None` leaves it to the settings.
pub fn format(format: InputFormat) -> Option<Format> {
    match format {
        InputFormat::Auto => None,
        InputFormat::Text => Some(Format::Text),
        InputFormat::Json | InputFormat::Jsonl => Some(Format::Json),
        InputFormat::Html => Some(Format::Html),
    }
}

/// The input's name for a file; standard input where none is given.
fn files(given: &[PathBuf]) -> Vec<PathBuf> {
    if given.is_empty() { vec![PathBuf::from("-")] } else { given.to_vec() }
}

/// Opens a file, or standard input for `-`, so that reading it moves the bar.
pub fn open(file: &Path, bar: &ProgressBar) -> io::Result<Box<dyn Read + Send>> {
    Ok(match file == Path::new("-") {
        true => Box::new(io::stdin()),
        false => Box::new(bar.wrap_read(File::open(file)?)),
    })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A record on its way to a thread.
struct Task {
    /// From 1, over all files.
    number: u64,
    place: Place,
    found: Found,
}

/// What reads the files, on a thread of its own.
struct Reading {
    files: Vec<PathBuf>,
    shape: Option<Shape>,
    limits: Limits,
    bar: ProgressBar,
}

impl Reading {
    fn deal(&self, dealer: &mut Dealer<Task>) -> Result<(), Unwanted> {
        let mut number = 0;
        for file in &self.files {
            let opened =
                open(file, &self.bar).and_then(|input| Records::new(file, input, self.shape, self.limits));
            let mut records = match opened {
                Ok(records) => records,
                Err(error) => {
                    number += 1;
                    let place = Place { file: file.to_string_lossy().into(), line: None };
                    dealer.push(Task { number, place, found: Found::Unreadable(error) }, 0)?;
                    continue;
                }
            };
            let live = file == Path::new("-");
            while let Some((place, found)) = records.next() {
                number += 1;
                let cost = match &found {
                    Found::Record(raw) => raw.value.as_ref().map_or(0, Bytes::len),
                    Found::Refused(_) | Found::Unreadable(_) => 0,
                };
                dealer.push(Task { number, place, found }, cost)?;
                if live && records.is_drained() {
                    // The next one may be typed tomorrow: what is here must not wait for it.
                    dealer.flush()?;
                }
            }
        }
        Ok(())
    }
}

fn work(stages: &Stages, style: Style, task: Task) -> Done {
    let result = match task.found {
        Found::Unreadable(error) => Err(Failure::Unreadable(error)),
        Found::Refused(reject) => Err(Failure::Undecodable(reject, None)),
        Found::Record(raw) => match stages.process(&raw, None) {
            Outcome::Emit(Processed::Enriched(encoded)) => Ok(shown(encoded.value, style, task.number)),
            Outcome::Reject(reject) => Err(Failure::Undecodable(reject, raw.value)),
            // A file has no deletions, and nothing here drops a record.
            Outcome::Emit(Processed::Tombstone) | Outcome::Drop(_) => Ok(Vec::new()),
        },
    };
    Done { place: task.place, result }
}

fn shown(mut json: Vec<u8>, style: Style, number: u64) -> Vec<u8> {
    if style == Style::Json {
        json.push(b'\n');
        return json;
    }
    match (View::parse(&json), style) {
        (Ok(view), Style::Pretty { width, color }) => (pretty(&view, width, color) + "\n").into_bytes(),
        (Ok(view), _) => Page::article(&view, number).into_bytes(),
        (Err(error), _) => format!("cannot show a record of our own: {error}\n").into_bytes(),
    }
}
