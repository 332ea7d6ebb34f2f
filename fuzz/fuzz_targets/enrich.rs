//! `Enricher::enrich` on any text, with and without a title and a day of publication: it must not panic, every span shows
//! its text, and the same article gives the same record again.
#![no_main]
#![forbid(unsafe_code)]

use khabar_enrich::Article;
use khabar_enrich::article::{Moment, Precision};
use khabar_fuzz::understood;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let (title, body) = match text.split_once('\n') {
        Some((title, body)) if first & 1 == 1 => (Some(title.to_owned()), body.to_owned()),
        _ => (None, text.into_owned()),
    };
    let published = (first & 2 == 2).then(|| Moment {
        value: "2019-03-15".to_owned(),
        precision: Precision::Day,
        zone_known: false,
    });
    understood(&Article { title, body, published, ..Article::default() });
});
