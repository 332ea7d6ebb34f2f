//! `khabar enrich`: the stages without Kafka.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use base64::Engine;
use bytes::Bytes;
use indicatif::ProgressBar;
use khabar_enrich::Enricher;
use serde::Serialize;

use crate::cli::{EnrichArgs, InputFormat, Render, exit};
use crate::cmd::progress;
use crate::config::Config;
use crate::decode::{Decoder, Format};
use crate::encode::{Encoder, PipelineInfo};
use crate::envelope::{Outcome, Raw, Reject};
use crate::input::{Found, Place, Records, Shape};
use crate::ordered::{self, Dealer, Unwanted};
use crate::render::{Page, View, clean, pretty};
use crate::stages::{Processed, Stages};

/// Columns where the output is no terminal.
const WIDTH: usize = 100;

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
    for written in args.output.iter().chain(&args.dead_letters) {
        refuse_to_overwrite(written, &files)?;
    }
    if from_stdin && io::stdin().is_terminal() {
        eprintln!("reading standard input; end it with Ctrl-D");
    }

    let mut output = Output::open(&args)?;
    let bar = progress::of_files(&files, output.is_terminal);
    let stages = stages(&config);
    let style = output.style;
    let (limit, shape) = (config.decode.max_record_bytes, shape(args.input_format));
    let threads = args.threads.map_or_else(cores, usize::from);
    let reading = Reading { files, shape, limit, bar: bar.clone() };
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

/// The stages that a configuration asks for; the service and this command have the same.
pub fn stages(config: &Config) -> Stages {
    let enricher = Enricher::new(config.enrich.clone());
    let pipeline = PipelineInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        config: config.content_hash(),
        kb: enricher.kb_version().to_owned(),
        ..PipelineInfo::default()
    };
    Stages {
        decoder: Decoder::new(config.decode.clone()),
        enricher,
        encoder: Encoder { pipeline, omit_text: config.omit_text },
    }
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

fn refuse_to_overwrite(written: &Path, files: &[PathBuf]) -> anyhow::Result<()> {
    let Ok(written) = written.canonicalize() else { return Ok(()) };
    for file in files {
        if file.canonicalize().is_ok_and(|file| file == written && file.is_file()) {
            bail!("{} is an input: give another file to write to", file.display());
        }
    }
    Ok(())
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
    limit: usize,
    bar: ProgressBar,
}

impl Reading {
    fn deal(&self, dealer: &mut Dealer<Task>) -> Result<(), Unwanted> {
        let mut number = 0;
        for file in &self.files {
            let opened =
                open(file, &self.bar).and_then(|input| Records::new(file, input, self.shape, self.limit));
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
                let cost = if let Found::Record(value) = &found { value.len() } else { 0 };
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

/// How enriched records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Json,
    Pretty { width: usize, color: bool },
    Html,
}

/// A record that was worked on.
struct Done {
    place: Place,
    result: Result<Vec<u8>, Failure>,
}

enum Failure {
    /// With its bytes where they were read.
    Undecodable(Reject, Option<Bytes>),
    Unreadable(io::Error),
}

fn work(stages: &Stages, style: Style, task: Task) -> Done {
    let result = match task.found {
        Found::Unreadable(error) => Err(Failure::Unreadable(error)),
        Found::Refused(reject) => Err(Failure::Undecodable(reject, None)),
        Found::Record(value) => {
            let raw = Raw { value: Some(value), ..Raw::default() };
            match stages.process(&raw, None) {
                Outcome::Emit(Processed::Enriched(encoded)) => Ok(shown(encoded.value, style, task.number)),
                Outcome::Reject(reject) => Err(Failure::Undecodable(reject, raw.value)),
                // A file has no deletions, and nothing here drops a record.
                Outcome::Emit(Processed::Tombstone) | Outcome::Drop(_) => Ok(Vec::new()),
            }
        }
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

/// Where everything is written.
struct Output {
    records: BufWriter<Box<dyn Write>>,
    dead_letters: Option<BufWriter<File>>,
    style: Style,
    is_terminal: bool,
}

/// Input that could not be decoded, as a line of `--dead-letters`.
#[derive(Serialize)]
struct DeadLetter<'a> {
    reason: &'static str,
    message: &'a str,
    file: &'a str,
    line: Option<u64>,
    /// The raw bytes where they are UTF-8.
    text: Option<&'a str>,
    /// The raw bytes where they are not. Both are `null` for what was too large to be read.
    base64: Option<String>,
}

impl Output {
    fn open(args: &EnrichArgs) -> anyhow::Result<Self> {
        let create =
            |path: &Path| File::create(path).with_context(|| format!("cannot write {}", path.display()));
        let is_terminal = args.output.is_none() && io::stdout().is_terminal();
        let records: Box<dyn Write> = match &args.output {
            Some(path) => Box::new(create(path)?),
            None => Box::new(io::stdout()),
        };
        let style = match (args.pretty, args.render) {
            (true, _) => Style::Pretty { width: width(is_terminal), color: is_terminal && color() },
            (false, Some(Render::Html)) => Style::Html,
            (false, None) => Style::Json,
        };
        Ok(Self {
            records: BufWriter::with_capacity(256 << 10, records),
            dead_letters: args.dead_letters.as_deref().map(create).transpose()?.map(BufWriter::new),
            style,
            is_terminal,
        })
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.style == Style::Html {
            self.records.write_all(Page::begin().as_bytes())?;
        }
        Ok(())
    }

    /// Nothing is ready: what a person or the next program waits for goes out.
    fn idle(&mut self, live: bool) {
        if live || self.is_terminal {
            // A broken pipe shows again at the next write.
            let _ = self.records.flush();
        }
    }

    fn write(&mut self, done: Done, tally: &mut Tally, bar: &ProgressBar) -> io::Result<()> {
        let Done { place, result } = done;
        match result {
            Ok(bytes) => {
                tally.enriched += 1;
                self.records.write_all(&bytes)
            }
            Err(Failure::Unreadable(error)) => {
                tally.unreadable += 1;
                complain(bar, &format!("{place}: cannot be read: {error}"));
                Ok(())
            }
            Err(Failure::Undecodable(reject, raw)) => {
                tally.undecodable += 1;
                complain(bar, &format!("{place}: {}: {}", reject.reason.as_str(), reject.message));
                self.dead_letter(&place, &reject, raw.as_deref())
            }
        }
    }

    fn dead_letter(&mut self, place: &Place, reject: &Reject, raw: Option<&[u8]>) -> io::Result<()> {
        let Some(file) = &mut self.dead_letters else { return Ok(()) };
        let text = raw.and_then(|raw| std::str::from_utf8(raw).ok());
        let letter = DeadLetter {
            reason: reject.reason.as_str(),
            message: &reject.message,
            file: &place.file,
            line: place.line,
            text,
            base64: raw
                .filter(|_| text.is_none())
                .map(|raw| base64::engine::general_purpose::STANDARD.encode(raw)),
        };
        serde_json::to_writer(&mut *file, &letter)?;
        file.write_all(b"\n")
    }

    fn end(&mut self, articles: u64) -> io::Result<()> {
        if self.style == Style::Html {
            self.records.write_all(Page::end(articles).as_bytes())?;
        }
        if let Some(file) = &mut self.dead_letters {
            file.flush()?;
        }
        self.records.flush()
    }
}

/// One line on standard error, whatever the message holds.
fn complain(bar: &ProgressBar, message: &str) {
    let line = clean(message).replace('\n', " ");
    bar.suspend(|| eprintln!("{line}"));
}

/// Colour is for people: `NO_COLOR`, set to anything, turns it off.
fn color() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn width(is_terminal: bool) -> usize {
    let columns = is_terminal.then(|| console::Term::stdout().size_checked()).flatten();
    columns.map_or(WIDTH, |(_, columns)| usize::from(columns))
}

/// What became of the input.
#[derive(Debug, Default)]
struct Tally {
    enriched: u64,
    undecodable: u64,
    unreadable: u64,
}

impl Tally {
    fn exit_code(&self) -> u8 {
        match self {
            Tally { unreadable: 1.., .. } => exit::ERROR,
            Tally { undecodable: 1.., .. } => exit::UNDECODABLE,
            _ => exit::OK,
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} enriched", self.enriched)?;
        if self.undecodable > 0 {
            write!(f, ", {} could not be decoded", self.undecodable)?;
        }
        if self.unreadable > 0 {
            write!(f, ", {} could not be read", self.unreadable)?;
        }
        Ok(())
    }
}
