//! Whether a file is one record or many.

use std::io::{self, Cursor, Read};
use std::path::Path;

use serde::de::IgnoredAny;

/// How many bytes of a first line are looked at.
const PEEK: usize = 64 << 10;

/// How a file is cut into records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The whole file is one.
    Whole,
    /// Every line that is not blank is one.
    Lines,
}

/// Tells by name and beginning, and gives the input back as it was.
pub fn detect(name: &Path, mut input: Box<dyn Read + Send>) -> io::Result<(Shape, Box<dyn Read + Send>)> {
    let named = named_lines(name);
    let (mut head, mut chunk) = (Vec::new(), vec![0; 8 << 10]);
    let mut failed = None;
    while !named && head.len() < PEEK && !head.contains(&b'\n') {
        match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => head.extend_from_slice(&chunk[..n]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // Told again by whoever reads on, behind what was read already.
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    let shape = if named || are_json_lines(&head) { Shape::Lines } else { Shape::Whole };
    let head = Cursor::new(head);
    Ok(match failed {
        Some(error) => (shape, Box::new(head.chain(Fails(Some(error))))),
        None => (shape, Box::new(head.chain(input))),
    })
}

fn named_lines(name: &Path) -> bool {
    let name = name.to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    name.ends_with(".jsonl") || name.ends_with(".ndjson")
}

/// JSON lines begin with an object that ends on the first line. A first line too long to be looked at
/// is taken for one: an object laid out for people has its first line end soon.
fn are_json_lines(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if text.first() != Some(&b'{') {
        return false;
    }
    let Some(end) = memchr::memchr(b'\n', text) else { return head.len() >= PEEK };
    let line = text[..end].trim_ascii_end();
    serde_json::from_slice::<IgnoredAny>(line).is_ok() || (line.len() > 1 && line.ends_with(b"}"))
}

/// Fails once with an error met before, then ends.
struct Fails(Option<io::Error>);

impl Read for Fails {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
