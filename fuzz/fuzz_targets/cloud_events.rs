//! CloudEvents in both modes. In binary mode the input's lines up to an empty one are header values.
#![no_main]
#![forbid(unsafe_code)]

use khabar_fuzz::decode::Format;
use khabar_fuzz::{raw, through};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 7] =
    ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type", "content-encoding"];

fuzz_target!(|data: &[u8]| {
    through(Format::Auto, &raw(data, &[("content-type", "application/cloudevents+json")]));
    let end = data.windows(2).position(|w| w == b"\n\n").unwrap_or(0);
    let (head, body) = data.split_at(end);
    let Ok(head) = std::str::from_utf8(head) else { return };
    let headers: Vec<(&str, &str)> = NAMES.into_iter().zip(head.split('\n')).collect();
    through(Format::Auto, &raw(body.get(2..).unwrap_or_default(), &headers));
});
