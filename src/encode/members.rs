//! A JSON object written member by member into memory, as `serde_json` would write it.
//!
//! Values go through `serde_json`; texts of many kilobytes do not, because it looks at one byte after the
//! other for what has to be escaped, which was a sixth of the time of a record.

use serde::Serialize;

/// Bytes looked at together for something to escape: the compiler makes vector instructions of it.
const STRIDE: usize = 32;

/// An object being written.
#[derive(Debug)]
pub struct Members<'v> {
    out: &'v mut Vec<u8>,
    is_empty: bool,
}

impl<'v> Members<'v> {
    /// Opens an object at the end of `out`.
    pub fn open(out: &'v mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_empty: true }
    }

    /// A member with any value.
    pub fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.name(name);
        // Writing our own types into memory can fail only where a map key is no string, which none is; a
        // panic here would become a dead letter all the same.
        if let Err(error) = serde_json::to_writer(&mut *self.out, value) {
            unreachable!("our own types always serialise: {error}");
        }
    }

    /// A member with a long text.
    pub fn text(&mut self, name: &'static str, text: Option<&str>) {
        self.name(name);
        match text {
            Some(text) => string(text, self.out),
            None => self.out.extend_from_slice(b"null"),
        }
    }

    /// A member whose value is JSON already.
    pub fn written(&mut self, name: &'static str, json: &str) {
        self.name(name);
        self.out.extend_from_slice(json.as_bytes());
    }

    /// A member that is an object, to be written in `fill`.
    pub fn object(&mut self, name: &'static str, fill: impl FnOnce(&mut Members<'_>)) {
        self.name(name);
        let mut inner = Members::open(self.out);
        fill(&mut inner);
        inner.close();
    }

    /// Closes it.
    pub fn close(self) {
        self.out.push(b'}');
    }

    fn name(&mut self, name: &'static str) {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.out.push(b',');
        }
        // Our own names need no escapes.
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }
}

/// A JSON string with its marks.
fn string(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    out.push(b'"');
    loop {
        let (plain, tail) = rest.split_at(plain(rest));
        out.extend_from_slice(plain);
        let Some((byte, after)) = tail.split_first() else { break };
        escape(*byte, out);
        rest = after;
    }
    out.push(b'"');
}

/// How many bytes from the start need no escape.
fn plain(bytes: &[u8]) -> usize {
    let special = |b: u8| u8::from(b < 0x20) | u8::from(b == b'"') | u8::from(b == b'\\');
    let is_clean = |stride: &&[u8]| stride.iter().fold(0, |any, b| any | special(*b)) == 0;
    let from = bytes.chunks_exact(STRIDE).take_while(is_clean).count() * STRIDE;
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|b| special(*b) != 0).unwrap_or(rest.len())
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0C => b'f',
        _ => {
            let digit = |nibble: u8| DIGITS[usize::from(nibble & 15)];
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ours(text: &str) -> String {
        let mut out = Vec::new();
        string(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_character_that_is_escaped() {
        let all: String = (0..0x100).filter_map(char::from_u32).chain("خبر\u{2028}😀".chars()).collect();
        assert_eq!(ours(&all), serde_json::to_string(&all).unwrap());
    }

    proptest! {
        #[test]
        fn strings_are_those_of_serde_json(text in "(\\PC|[\\x00-\\x22\\\\])*", pad in 0..70usize) {
            let text = format!("{}{text}", "خ".repeat(pad));
            prop_assert_eq!(ours(&text), serde_json::to_string(&text).unwrap());
        }
    }
}
