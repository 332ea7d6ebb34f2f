//! `checkpoint::pack` on any three files, parted by a line of `---`: it must not panic; what it takes is a model that reads a
//! text without panicking.
#![no_main]
#![forbid(unsafe_code)]

use khabar_enrich::doc::Doc;
use khabar_enrich::encoder::{Encoder, checkpoint};
use khabar_enrich::enriched::Field;
use libfuzzer_sys::fuzz_target;

const BORDER: &[u8] = b"\n---\n";

fuzz_target!(|data: &[u8]| {
    let border = |data: &[u8]| memchr::memmem::find(data, BORDER);
    let Some(first) = border(data) else { return };
    let (config, rest) = (&data[..first], &data[first + BORDER.len()..]);
    let Some(second) = border(rest) else { return };
    let (tokenizer, weights) = (&rest[..second], &rest[second + BORDER.len()..]);
    let packed = checkpoint::pack("fuzz", |name| {
        Ok(match name {
            checkpoint::CONFIG => config,
            checkpoint::TOKENIZER => tokenizer,
            _ => weights,
        }
        .to_vec())
    });
    if let Ok(packed) = packed {
        let encoder = Encoder::parse(&packed).expect("what was packed is a model");
        let docs = [Doc::new(Field::Body, "قال فلان بن فلان, in Paris. Да.")];
        assert_eq!(encoder.score(&docs)[0].len(), docs[0].tokens.len());
    }
});
