//! Lines of bytes, none of them longer than allowed in memory.

use std::io::{self, BufRead};

/// One line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line.
    Read(Vec<u8>),
    /// A line that is longer than allowed, of which only the length was kept.
    TooLong(u64),
    /// There is none.
    End,
}

/// Reads to the next line's end.
pub fn next(input: &mut impl BufRead, limit: usize) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut length = 0_u64;
    loop {
        let buffer = match input.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok(if length == 0 { Line::End } else { finish(line, length, limit) });
        }
        let (part, used, ended) = match memchr::memchr(b'\n', buffer) {
            Some(end) => (&buffer[..end], end + 1, true),
            None => (buffer, buffer.len(), false),
        };
        length += part.len() as u64;
        if line.len() + part.len() <= limit {
            line.extend_from_slice(part);
        } else {
            // Too long already: what was kept is of no use to anybody.
            line = Vec::new();
        }
        input.consume(used);
        if ended {
            return Ok(finish(line, length, limit));
        }
    }
}

fn finish(mut line: Vec<u8>, length: u64, limit: usize) -> Line {
    if length > limit as u64 {
        return Line::TooLong(length);
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Line::Read(line)
}
