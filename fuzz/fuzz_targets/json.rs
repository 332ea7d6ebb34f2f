//! JSON, and that we accept exactly the documents that `serde_json` accepts.
#![no_main]
#![forbid(unsafe_code)]

use khabar_fuzz::decode::Format;
use khabar_fuzz::decode::json::value::{Error, Limits, parse};
use khabar_fuzz::{raw, through};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        let ours = parse(text, Limits { max_depth: 100, max_nodes: 100_000 });
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(text);
        match (&ours, &theirs) {
            (Ok(_), Err(error)) => panic!("we accept what is refused: {error}"),
            // `IgnoredAny` does not look at numbers beyond a double and at lone surrogates.
            (Err(Error::Syntax(_)), Ok(_)) => {
                assert!(serde_json::from_str::<serde_json::Value>(text).is_err());
            }
            _ => {}
        }
    }
    through(Format::Json, &raw(data, &[("content-type", "application/json")]));
});
