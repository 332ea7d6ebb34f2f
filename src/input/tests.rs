use std::io::{Cursor, Read, Write};
use std::path::Path;

use proptest::prelude::*;

use super::*;

fn records(name: &str, bytes: &[u8], shape: Option<Shape>, limit: usize) -> Vec<String> {
    within(name, bytes, shape, Limits { record: limit, decompressed: None })
}

fn within(name: &str, bytes: &[u8], shape: Option<Shape>, limits: Limits) -> Vec<String> {
    let input: Box<dyn Read + Send> = Box::new(Cursor::new(bytes.to_vec()));
    Records::new(Path::new(name), input, shape, limits)
        .unwrap()
        .map(|(place, found)| match found {
            Found::Record(raw) => {
                let declared = raw.headers.get_str("content-type");
                assert_eq!(declared, place.line.map(|_| "application/json"), "lines are JSON: {place}");
                format!("{place}={}", String::from_utf8_lossy(&raw.value.unwrap()))
            }
            Found::Refused(reject) => format!("{place}!{}", reject.reason.as_str()),
            Found::Unreadable(_) => format!("{place}?"),
        })
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn content_tells_one_record_from_many() {
    assert_eq!(records("a", b"{\"a\":1}\n\n{\"a\":2}\r\n", None, 99), ["a:1={\"a\":1}", "a:3={\"a\":2}"]);
    assert_eq!(records("a", b"{\n \"a\": 1\n}\n", None, 99), ["a={\n \"a\": 1\n}\n"]);
    assert_eq!(records("a", b"one\ntwo\n", None, 99), ["a=one\ntwo\n"]);
    assert_eq!(records("a", b"<html>\n</html>", None, 99), ["a=<html>\n</html>"]);
    assert_eq!(records("a.jsonl", b"no json\n{}", None, 99), ["a.jsonl:1=no json", "a.jsonl:2={}"]);
    assert_eq!(records("a", b"{broken}\n{}\n", None, 99), ["a:1={broken}", "a:2={}"]);
    assert_eq!(records("a", b"", None, 99), ["a="]);
    assert_eq!(records("a", b"x\ny", Some(Shape::Lines), 99), ["a:1=x", "a:2=y"]);
}

#[test]
fn too_long_is_refused_and_the_rest_goes_on() {
    let text = format!("{{}}\n{}\n{{}}", "x".repeat(300_000));
    assert_eq!(records("a", text.as_bytes(), Some(Shape::Lines), 9), ["a:1={}", "a:2!too_large", "a:3={}"]);
    assert_eq!(records("a", text.as_bytes(), Some(Shape::Whole), 9), ["a!too_large"]);
    assert_eq!(records("a", b"123456789", Some(Shape::Whole), 9), ["a=123456789"]);
    assert_eq!(records("a", b"123456789\n", Some(Shape::Lines), 9), ["a:1=123456789"]);
}

#[test]
fn compression_is_undone_and_its_faults_are_told() {
    let text = b"{\"a\":1}\n{\"a\":2}\n";
    let expected = ["a.jsonl.gz:1={\"a\":1}", "a.jsonl.gz:2={\"a\":2}"];
    assert_eq!(records("a.jsonl.gz", &gzip(text), None, 99), expected);
    assert_eq!(
        records("a.jsonl.gz", &[gzip(b"{\"a\":1}\n"), gzip(b"{\"a\":2}\n")].concat(), None, 99),
        expected
    );
    assert_eq!(records("a.jsonl.gz", &zstd::encode_all(&text[..], 1).unwrap(), None, 99), expected);
    let cut = &gzip(text)[..20];
    assert_eq!(records("a", cut, Some(Shape::Whole), 99), ["a!decompression_failed"]);
    let told = records("a.jsonl.gz", cut, None, 99);
    assert_eq!(told.last().unwrap().split('!').nth(1), Some("decompression_failed"), "{told:?}");
}

#[test]
fn a_whole_file_has_its_own_limit_once_its_compression_is_undone() {
    let limits = Limits { record: 9, decompressed: Some(20) };
    let told = |bytes: &[u8], shape| within("a", bytes, Some(shape), limits);
    let twenty = [b'x'; 20];
    assert_eq!(told(&gzip(&twenty), Shape::Whole), [format!("a={}", "x".repeat(20))]);
    assert_eq!(told(&gzip(&[b'x'; 21]), Shape::Whole), ["a!decompressed_too_large"]);
    assert_eq!(told(&twenty, Shape::Whole), ["a!too_large"], "not compressed, so a record like any other");
    assert_eq!(told(&gzip(&twenty), Shape::Lines), ["a:1!too_large"], "each line is a record");
    assert_eq!(records("a", &gzip(&twenty), Some(Shape::Whole), 9), ["a!too_large"]);
}

/// Gives one byte at a time, as a slow pipe may.
struct Slow(Cursor<Vec<u8>>);

impl Read for Slow {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let end = out.len().min(1);
        self.0.read(&mut out[..end])
    }
}

proptest! {
    #[test]
    fn lines_are_the_lines(text in "[ab{}\r\n]{0,60}", limit in 1usize..20) {
        let slow: Box<dyn Read + Send> = Box::new(Slow(Cursor::new(text.clone().into_bytes())));
        let limits = Limits { record: limit, decompressed: None };
        let slowly: Vec<_> = Records::new(Path::new("a"), slow, Some(Shape::Lines), limits)
            .unwrap()
            .map(|(place, found)| (place.line, matches!(found, Found::Record(_))))
            .collect();
        let expected: Vec<_> = text
            .split('\n')
            .enumerate()
            .filter(|(_, line)| line.len() > limit || !line.trim_ascii().is_empty())
            .map(|(i, line)| (Some(i as u64 + 1), line.len() <= limit))
            .collect();
        prop_assert_eq!(slowly, expected);
    }
}
