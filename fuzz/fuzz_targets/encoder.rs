//! `Encoder::parse` on any bytes: it must not panic; what it takes reads a text without panicking.
#![no_main]
#![forbid(unsafe_code)]

use khabar_enrich::doc::Doc;
use khabar_enrich::encoder::Encoder;
use khabar_enrich::enriched::Field;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(encoder) = Encoder::parse(data) {
        let docs = [Doc::new(Field::Body, "قال فلان بن فلان, in Paris. Да.")];
        assert_eq!(encoder.score(&docs)[0].len(), docs[0].tokens.len());
    }
});
