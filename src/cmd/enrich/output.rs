//! Where `khabar enrich` writes: records, dead letters, complaints, and the count of each.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anyhow::Context as _;
use base64::Engine;
use bytes::Bytes;
use indicatif::ProgressBar;
use serde::Serialize;

use crate::cli::{EnrichArgs, Render, exit};
use crate::cmd::progress::complain;
use crate::envelope::Reject;
use crate::input::Place;
use crate::render::Page;

/// Columns where the output is no terminal.
const WIDTH: usize = 100;

/// How enriched records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Json,
    Pretty { width: usize, color: bool },
    Html,
}

/// A record that was worked on.
pub struct Done {
    pub place: Place,
    pub result: Result<Vec<u8>, Failure>,
}

pub enum Failure {
    /// With its bytes where they were read.
    Undecodable(Reject, Option<Bytes>),
    Unreadable(io::Error),
}

/// Where everything is written.
pub struct Output {
    records: BufWriter<Box<dyn Write>>,
    dead_letters: Option<BufWriter<File>>,
    /// How records are written.
    pub style: Style,
    /// Whether a person sees them as they come.
    pub is_terminal: bool,
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
    pub fn open(args: &EnrichArgs) -> anyhow::Result<Self> {
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

    pub fn begin(&mut self) -> io::Result<()> {
        if self.style == Style::Html {
            self.records.write_all(Page::begin().as_bytes())?;
        }
        Ok(())
    }

    /// Nothing is ready: what a person or the next program waits for goes out.
    pub fn idle(&mut self, live: bool) {
        if live || self.is_terminal {
            // A broken pipe shows again at the next write.
            let _ = self.records.flush();
        }
    }

    pub fn write(&mut self, done: Done, tally: &mut Tally, bar: &ProgressBar) -> io::Result<()> {
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

    pub fn end(&mut self, articles: u64) -> io::Result<()> {
        if self.style == Style::Html {
            self.records.write_all(Page::end(articles).as_bytes())?;
        }
        if let Some(file) = &mut self.dead_letters {
            file.flush()?;
        }
        self.records.flush()
    }
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
pub struct Tally {
    pub enriched: u64,
    undecodable: u64,
    unreadable: u64,
}

impl Tally {
    pub fn exit_code(&self) -> u8 {
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
