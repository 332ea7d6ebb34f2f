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

use crate::envelope::{Reason, Reject};
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
    /// A record's value.
    Record(Bytes),
    /// Something that is there, but cannot become a record: it is not in memory.
    Refused(Reject),
    /// The file cannot be read, or not any further.
    Unreadable(io::Error),
}

/// The records of one file, one after the other.
pub struct Records {
    input: BufReader<Box<dyn Read + Send>>,
    file: Arc<str>,
    shape: Shape,
    limit: usize,
    line: u64,
    done: bool,
    compressed: bool,
}

impl Records {
    /// The records of `input`. Without a `shape` its name and its beginning tell. Records over `limit`
    /// bytes are refused, not loaded.
    ///
    /// # Errors
    /// When the beginning cannot be read.
    pub fn new(
        name: &Path,
        input: Box<dyn Read + Send>,
        shape: Option<Shape>,
        limit: usize,
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
            limit,
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
        let limit = u64::try_from(self.limit).unwrap_or(u64::MAX).saturating_add(1);
        match (&mut self.input).take(limit).read_to_end(&mut value) {
            Err(error) => self.failed(error),
            Ok(_) if value.len() > self.limit => Found::Refused(self.too_large(None)),
            Ok(_) => Found::Record(value.into()),
        }
    }

    /// `None` at the end.
    fn line(&mut self) -> Option<Found> {
        loop {
            self.line += 1;
            return Some(match lines::next(&mut self.input, self.limit) {
                Err(error) => {
                    self.done = true;
                    self.failed(error)
                }
                Ok(Line::End) => return None,
                Ok(Line::TooLong(bytes)) => Found::Refused(self.too_large(Some(bytes))),
                Ok(Line::Read(line)) if line.trim_ascii().is_empty() => continue,
                Ok(Line::Read(line)) => Found::Record(line.into()),
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
            format!("{size}more than decode.max_record_bytes = {} allows", self.limit),
        )
    }
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
