//! Files and standard input as raw records, for the commands that need no Kafka to read.
//!
//! A file is one record (text, JSON, HTML) or one record a line (JSON lines); gzip and zstd are
//! undone. Whatever the size of a file, no more than one record of it is in memory.

mod compression;
mod lines;
mod shape;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

pub use shape::Shape;

use crate::envelope::{Headers, Raw, Reason, Reject};
use lines::Line;

/// Bytes read from a file at a time.
const BUFFER: usize = 128 << 10;

/// Where a record was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as it was named, `-` for standard input.
    pub file: Arc<str>,
    /// The line, from 1, where records are lines.
    pub line: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// What is found at a place.
#[derive(Debug)]
pub enum Found {
    /// A record without a key. That of a JSON line is declared to be JSON, so that it is rejected where it is none.
    Record(Raw),
    /// Something that is there, but cannot become a record: it is not in memory.
    Refused(Reject),
    /// The file cannot be read, or not any further.
    Unreadable(io::Error),
}

/// How large what is read may be, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A record: `decode.max_record_bytes`.
    pub record: usize,
    /// A whole file whose compression was undone: `decode.max_decompressed_bytes`. `None` where it goes on as a
    /// record without its compression, and counts as any other.
    pub decompressed: Option<usize>,
}

/// The records of one file, one after the other.
pub struct Records {
    input: BufReader<Box<dyn Read + Send>>,
    file: Arc<str>,
    shape: Shape,
    limits: Limits,
    line: u64,
    done: bool,
    compressed: bool,
}

impl Records {
    /// The records of `input`. Without a `shape` its name and its beginning tell. Records over a
    /// limit are refused, not loaded.
    ///
    /// # Errors
    /// When the beginning cannot be read.
    pub fn new(
        name: &Path,
        input: Box<dyn Read + Send>,
        shape: Option<Shape>,
        limits: Limits,
    ) -> io::Result<Self> {
        let (input, compressed) = compression::undo(input)?;
        let (shape, input) = match shape {
            Some(shape) => (shape, input),
            None => shape::detect(name, input)?,
        };
        Ok(Self {
            input: BufReader::with_capacity(BUFFER, input),
            file: name.to_string_lossy().into(),
            shape,
            limits,
            line: 0,
            done: false,
            compressed,
        })
    }

    /// Whether the next record may have to be waited for.
    pub fn is_drained(&self) -> bool {
        self.input.buffer().is_empty()
    }

    fn here(&self) -> Place {
        Place { file: Arc::clone(&self.file), line: (self.shape == Shape::Lines).then_some(self.line) }
    }

    fn whole(&mut self) -> Found {
        self.done = true;
        let mut value = Vec::new();
        let decompressed = self.limits.decompressed.filter(|_| self.compressed);
        let limit = decompressed.unwrap_or(self.limits.record);
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        match (&mut self.input).take(most).read_to_end(&mut value) {
            Err(error) => self.failed(error),
            Ok(_) if value.len() > limit => Found::Refused(match decompressed {
                Some(limit) => Reject::new(
                    Reason::DecompressedTooLarge,
                    format!("more than {limit} bytes once decompressed (decode.max_decompressed_bytes)"),
                ),
                None => self.too_large(None),
            }),
            Ok(_) => Found::Record(Raw { value: Some(value.into()), ..Raw::default() }),
        }
    }

    /// `None` at the end.
    fn line(&mut self) -> Option<Found> {
        loop {
            self.line += 1;
            return Some(match lines::next(&mut self.input, self.limits.record) {
                Err(error) => {
                    self.done = true;
                    self.failed(error)
                }
                Ok(Line::End) => return None,
                Ok(Line::TooLong(bytes)) => Found::Refused(self.too_large(Some(bytes))),
                Ok(Line::Read(line)) if line.trim_ascii().is_empty() => continue,
                Ok(Line::Read(line)) => Found::Record(json(line.into())),
            });
        }
    }

    /// Compressed data that is broken is bad input like any other; all else is the file's fault.
    fn failed(&self, error: io::Error) -> Found {
        let of_data = matches!(
            error.kind(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
        );
        match self.compressed && of_data {
            true => Found::Refused(Reject::new(
                Reason::DecompressionFailed,
                format!("the compressed file is broken or cut short: {error}"),
            )),
            false => Found::Unreadable(error),
        }
    }

    fn too_large(&self, bytes: Option<u64>) -> Reject {
        let size = bytes.map_or_else(String::new, |bytes| format!("{bytes} bytes, "));
        Reject::new(
            Reason::TooLarge,
            format!("{size}more than decode.max_record_bytes = {} allows", self.limits.record),
        )
    }
}

/// A line of JSON lines.
fn json(line: Bytes) -> Raw {
    let content_type = Bytes::from_static(b"application/json");
    let headers = Headers(vec![("content-type".to_owned(), Some(content_type))]);
    Raw { value: Some(line), headers, key: None }
}

impl Iterator for Records {
    type Item = (Place, Found);

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let found = match self.shape {
            Shape::Whole => self.whole(),
            Shape::Lines => self.line()?,
        };
        Some((self.here(), found))
    }
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records")
            .field("file", &self.file)
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}
