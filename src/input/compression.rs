//! gzip and zstd, told by their first bytes and undone while reading.

use std::io::{self, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

/// The same input without its compression, and whether it had one.
pub fn undo(mut input: Box<dyn Read + Send>) -> io::Result<(Box<dyn Read + Send>, bool)> {
    let mut head = Vec::with_capacity(4);
    (&mut input).take(4).read_to_end(&mut head)?;
    let gzip = head.starts_with(&[0x1f, 0x8b]);
    let zstd = head == [0x28, 0xb5, 0x2f, 0xfd];
    let whole = BufReader::with_capacity(super::BUFFER, Cursor::new(head).chain(input));
    Ok(if gzip {
        (Box::new(MultiGzDecoder::new(whole)), true)
    } else if zstd {
        (Box::new(zstd::stream::read::Decoder::with_buffer(whole)?), true)
    } else {
        (Box::new(whole), false)
    })
}
