//! Pages and fragments of markup.
#![no_main]
#![forbid(unsafe_code)]

use khabar_fuzz::decode::Format;
use khabar_fuzz::{raw, through};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    through(Format::Html, &raw(data, &[]));
    let framed = [b"<html><body><article>", data, b"</article></body></html>"].concat();
    through(Format::Html, &raw(&framed, &[("content-type", "text/html; charset=utf-8")]));
});
