//! One letter for a person at a terminal.

use std::fmt::Write;

use super::{Letter, place, time};
use crate::envelope::Headers;
use crate::render::escape;

/// Most of a value that is shown unless all of it is asked for, in code points.
const SHORT: usize = 2000;
/// Most of a header's value.
const SHORT_HEADER: usize = 300;

/// The letter as text; `full` shows all of its value.
pub fn show(letter: &Letter, full: bool) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "{name:<10}{value}");
    };
    line("letter", &place(&letter.position));
    line("written", &time(letter.position.timestamp));
    line("reason", &bytes(letter.reason.as_bytes(), None).replace('\n', " "));
    line("stage", &bytes(letter.stage.as_bytes(), None).replace('\n', " "));
    line("message", &bytes(letter.message.as_bytes(), None).replace('\n', "\n          "));
    line("source", &format!("{}, {}", place(&letter.source), time(letter.source.timestamp)));
    line("attempts", &letter.attempts.to_string());
    line("key", &letter.raw.key.as_deref().map_or_else(|| "none".to_owned(), one_line));
    headers(&letter.raw.headers, &mut out);
    match (&letter.raw.value, &letter.omitted) {
        (_, Some(omitted)) => {
            let size =
                omitted.bytes.map_or_else(|| "of unknown size".to_owned(), |n| format!("of {n} bytes"));
            let hash = omitted.sha256.as_deref().unwrap_or("unknown");
            let _ = writeln!(
                out,
                "\nthe value, {size}, did not fit this topic; it is at {} as long as that topic keeps it\nsha256 {hash}",
                place(&letter.source)
            );
        }
        (None, None) => out.push_str("\nno value: a tombstone\n"),
        (Some(value), None) => {
            let text = std::str::from_utf8(value).is_ok();
            let what = if text { "" } else { ", not UTF-8" };
            let shown = bytes(value, (!full).then_some(SHORT));
            let _ = writeln!(out, "\nvalue, {} bytes{what}:\n{shown}", value.len());
            if !full && bytes(value, None).chars().count() > SHORT {
                let _ =
                    writeln!(out, "\nthe beginning alone; --full shows all of it, --raw writes its bytes");
            }
        }
    }
    out
}

fn headers(headers: &Headers, out: &mut String) {
    let _ = writeln!(out, "\nheaders");
    for (name, value) in &headers.0 {
        let value = value.as_deref().map_or_else(|| "null".to_owned(), one_line);
        let _ = writeln!(out, "  {}: {value}", one_line(name.as_bytes()));
    }
}

fn one_line(value: &[u8]) -> String {
    bytes(value, Some(SHORT_HEADER)).replace('\n', "\\n")
}

/// Bytes with everything visible that would steer a terminal; what is no UTF-8 as `\xff`.
fn bytes(value: &[u8], most: Option<usize>) -> String {
    let mut out = String::new();
    for chunk in value.utf8_chunks() {
        out.push_str(&escape(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
        if most.is_some_and(|most| out.len() > 8 * most) {
            break;
        }
    }
    match most {
        Some(most) if out.chars().count() > most => out.chars().take(most).chain(['…']).collect(),
        _ => out,
    }
}
