//! Dead letters as a person reads them. Golden files in `golden/dlq`.

mod golden;

use bytes::Bytes;
use khabar::envelope::{Headers, Position, Raw};
use khabar::letters::Letter;
use khabar::letters::select::Tally;
use khabar::letters::show::show;
use khabar::letters::summary::Summary;

/// 23 November 2026, 17:00 UTC.
const THEN: i64 = 1_795_453_200_000;

fn letter(offset: i64, reason: &str, stage: &str, source: i64, attempts: &str, message: &str) -> Letter {
    let source = source.to_string();
    let headers = [
        ("traceparent", "00-ab"),
        ("khabar-error-reason", reason),
        ("khabar-error-stage", stage),
        ("khabar-error-message", message),
        ("khabar-source-topic", "news.raw"),
        ("khabar-source-partition", "1"),
        ("khabar-source-offset", &source),
        ("khabar-source-timestamp", "1795449600000"),
        ("khabar-attempts", attempts),
    ];
    let headers =
        headers.map(|(name, value)| (name.to_owned(), Some(Bytes::copy_from_slice(value.as_bytes()))));
    let position = Position {
        topic: "news.raw.dead".into(),
        partition: 0,
        offset,
        timestamp: Some(THEN + offset * 60_000),
    };
    let value = b"{\"title\": \"\xd8\xae\xd8\xa8\xd8\xb1 \x1b[31m\xe2\x80\xae\xff";
    let raw = Raw {
        key: Some("k1".into()),
        value: Some(Bytes::from_static(value)),
        headers: Headers(headers.to_vec()),
    };
    Letter::read(position, raw).unwrap()
}

#[test]
fn letters_by_reason() {
    let mut summary = Summary::new(2);
    for letter in [
        letter(0, "invalid_json", "decode", 10, "1", "EOF while parsing a string at line 1 column 12"),
        letter(1, "invalid_json", "decode", 11, "1", "expected value at line 3 column 1\u{1b}[2J"),
        letter(2, "too_large_for_output", "produce", 12, "1", "1200000 bytes"),
        letter(3, "invalid_json", "decode", 10, "2", "EOF while parsing a string at line 1 column 12"),
    ] {
        summary.add(&letter);
    }
    summary.foreign();
    let listing = summary.finish("news.raw.dead");
    golden::check("dlq/list.txt", &listing.table());
    golden::check("dlq/list.json", &(serde_json::to_string_pretty(&listing).unwrap() + "\n"));
    golden::check("dlq/list-none.txt", &Summary::new(1).finish("news.raw.dead").table());
}

#[test]
fn one_letter() {
    let mut letter = letter(7, "invalid_json", "decode", 10, "2", "EOF while parsing a string\nat line 1");
    golden::check("dlq/show.txt", &show(&letter, false));
    letter.raw.value = Some("news ".repeat(1000).into());
    assert!(show(&letter, false).ends_with("--full shows all of it, --raw writes its bytes\n"));
    assert!(show(&letter, true).contains(&"news ".repeat(1000)));
    letter.raw.headers.0.push(("khabar-value-omitted".to_owned(), Some("true".into())));
    letter.raw.headers.0.push(("khabar-value-bytes".to_owned(), Some("9000000".into())));
    letter.raw.headers.0.push(("khabar-value-sha256".to_owned(), Some("ab".repeat(32).into())));
    let raw = Raw { value: None, ..letter.raw };
    golden::check("dlq/show-by-reference.txt", &show(&Letter::read(letter.position, raw).unwrap(), false));
}

#[test]
fn what_became_of_a_redrive() {
    let tally = Tally {
        read: 1210,
        redriven: 1000,
        filtered_out: 150,
        over_the_cap: 20,
        superseded: 30,
        unavailable: 4,
        foreign: 1,
        unacknowledged: 5,
    };
    golden::check("dlq/redrive.txt", &tally.lines(false, 3));
}
