//! What every target does with a record: decode, enrich, encode, and check what must hold.
//!
//! The service's modules are compiled in from their files, so that fuzzing does not build librdkafka.

#[path = "../../src/decode/mod.rs"]
pub mod decode;
#[path = "../../src/encode/mod.rs"]
pub mod encode;
#[path = "../../src/envelope.rs"]
pub mod envelope;

use std::sync::OnceLock;

use decode::{Decoded, Decoder, Format, Settings};
use encode::{Encoder, PipelineInfo};
use envelope::{Headers, Raw};
use khabar_enrich::Enricher;
use serde_json::Value;

/// Annotations with a span and a text.
const ANNOTATIONS: [&str; 6] = ["mentions", "roles", "quotes", "quoted", "times", "quantities"];

/// A record of these bytes and headers.
pub fn raw(value: &[u8], headers: &[(&str, &str)]) -> Raw {
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), Some(v.as_bytes().to_vec().into()))).collect();
    Raw { key: None, value: Some(value.to_vec().into()), headers: Headers(headers) }
}

/// Decodes, enriches and encodes; panics where something that must hold does not.
pub fn through(format: Format, raw: &Raw) -> Option<khabar_enrich::Article> {
    let settings = Settings { format, max_decompressed_bytes: 1 << 20, ..Settings::default() };
    let article = match Decoder::new(settings).decode(raw) {
        Ok(Decoded::Article(article)) => article,
        Ok(Decoded::Tombstone) => panic!("a tombstone of a record with a value"),
        Err(reject) => {
            assert!(!reject.message.is_empty() && reject.message.len() < 400, "{}", reject.message);
            return None;
        }
    };
    assert!(!article.body.trim().is_empty(), "an empty body was not rejected");
    understood(&article);
    Some(*article)
}

/// Enriches and encodes, twice; panics where something that must hold does not.
pub fn understood(article: &khabar_enrich::Article) {
    static ENRICHER: OnceLock<Enricher> = OnceLock::new();
    let enricher = ENRICHER.get_or_init(|| Enricher::new(khabar_enrich::Settings::default()));
    let encoder = Encoder::new(PipelineInfo::default(), false);
    let encoded = encoder.encode(article, &enricher.enrich(article), None);
    let again = encoder.encode(article, &enricher.enrich(article), None);
    assert!(encoded.value == again.value, "the same article gave another record");
    let record: Value = serde_json::from_slice(&encoded.value).expect("a record is JSON");
    check_spans(&record);
}

fn check_spans(record: &Value) {
    for sentence in record["sentences"].as_array().expect("a list") {
        spanned(record, sentence);
    }
    for kind in ANNOTATIONS {
        for annotation in record[kind].as_array().expect("a list") {
            assert_eq!(annotation["text"].as_str(), Some(spanned(record, annotation)), "{kind}: {annotation}");
        }
    }
}

/// The text under an annotation's span, which is the same in all three units.
fn spanned<'r>(record: &'r Value, annotation: &Value) -> &'r str {
    let field = annotation["field"].as_str().expect("a field");
    let text = record["text"][field].as_str().expect("a text");
    let pair = |unit: &str| [0, 1].map(|i| annotation[unit][i].as_u64().expect("an offset") as usize);
    let [start, end] = pair("byte");
    let (before, inside) = (&text[..start], &text[start..end]);
    let chars = before.chars().count();
    assert_eq!(pair("char"), [chars, chars + inside.chars().count()], "{annotation}");
    let units = before.encode_utf16().count();
    assert_eq!(pair("utf16"), [units, units + inside.encode_utf16().count()], "{annotation}");
    inside
}
