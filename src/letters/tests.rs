use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;

use super::export::{Content, Exported};
use super::filter::{Filter, name, when};
use super::select::{Selector, Tally, Verdict};
use super::{Letter, Omitted, parse_place, place};
use crate::dead_letter::{by_reference, dead_letter, first_position};
use crate::envelope::{Headers, Position, Raw, Reason, Reject};
use crate::outgoing::Outgoing;

fn at(topic: &str, offset: i64) -> Position {
    Position { topic: topic.into(), partition: 1, offset, timestamp: Some(1_000 * offset) }
}

fn raw_of(outgoing: &Outgoing) -> Raw {
    let Outgoing { key, value, headers, .. } = outgoing.clone();
    Raw { key, value, headers: (*headers).clone() }
}

fn original() -> Raw {
    let headers = Headers(vec![("traceparent".to_owned(), Some(Bytes::from("00-ab")))]);
    Raw { key: Some("k".into()), value: Some("{broken".into()), headers }
}

/// A letter at `offset` of a record at source offset `source` that was tried so often.
fn letter(offset: i64, source: i64, attempts: u64) -> Letter {
    let reject = Reject::new(Reason::InvalidJson, "line 1, column 2");
    let mut raw = original();
    for _ in 0..attempts {
        raw = raw_of(&dead_letter(&raw, &at("news.raw", source), "decode", &reject));
    }
    Letter::read(at("news.raw.dead", offset), raw).unwrap()
}

#[test]
fn a_letter_says_what_the_pipeline_wrote() {
    let letter = letter(3, 17, 2);
    assert_eq!((letter.reason.as_str(), letter.stage.as_str()), ("invalid_json", "decode"));
    assert_eq!((letter.message.as_str(), letter.attempts), ("line 1, column 2", 2));
    assert_eq!((place(&letter.source), letter.omitted.is_none()), ("news.raw/1@17".to_owned(), true));
    assert_eq!(Letter::read(at("news.raw.dead", 1), original()), None);
}

#[test]
fn the_record_is_the_original_with_its_position_and_attempts() {
    let letter = letter(3, 17, 1);
    let record = letter.record(None);
    assert_eq!((&record.key, &record.value), (&original().key, &original().value));
    let names: Vec<_> = record.headers.0.iter().map(|(name, _)| name.as_str()).collect();
    let source =
        ["khabar-source-topic", "khabar-source-partition", "khabar-source-offset", "khabar-source-timestamp"];
    assert_eq!(names, [&["traceparent"], &source[..], &["khabar-attempts"]].concat());
    // As the pipeline sees it when it fails again, somewhere else.
    let here = at("news.raw", 99);
    assert_eq!(first_position(&record, &here), at("news.raw", 17));
    let again = dead_letter(&record, &here, "decode", &Reject::new(Reason::Panic, "again"));
    assert_eq!(again.headers.get_str("khabar-attempts"), Some("2"));
}

#[test]
fn a_letter_by_reference_takes_key_value_and_headers_from_the_source() {
    let reject = Reject::new(Reason::TooLarge, "too large");
    let small = by_reference(&dead_letter(&original(), &at("news.raw", 17), "decode", &reject));
    let letter = Letter::read(at("news.raw.dead", 0), raw_of(&small)).unwrap();
    let Some(Omitted { bytes, sha256 }) = letter.omitted.clone() else { panic!("by reference") };
    assert_eq!((bytes, sha256.map(|hash| hash.len())), (Some(7), Some(64)));
    let record = letter.record(Some(original()));
    assert_eq!((&record.key, &record.value), (&original().key, &original().value));
    assert_eq!(record.headers.get_str("khabar-source-offset"), Some("17"));
    assert_eq!(record.headers.get("khabar-value-omitted"), None);
}

#[test]
fn filters_mean_what_they_say() {
    let letter = letter(60, 17, 2);
    let all = Filter::default;
    let cases = [
        (all(), true),
        (Filter { reasons: vec!["invalid_json".to_owned()], ..all() }, true),
        (Filter { reasons: vec!["panic".to_owned()], ..all() }, false),
        (Filter { stage: Some("encode".to_owned()), ..all() }, false),
        (Filter { source_topic: Some("news.raw".to_owned()), partition: Some(1), ..all() }, true),
        (Filter { partition: Some(2), ..all() }, false),
        (Filter { since: Some(60_000), until: Some(60_001), ..all() }, true),
        (Filter { since: Some(60_001), ..all() }, false),
        (Filter { until: Some(60_000), ..all() }, false),
        (Filter { contains: Some("LINE 1".to_owned()), ..all() }, true),
        (Filter { contains: Some("line 2".to_owned()), ..all() }, false),
        (Filter { max_attempts: Some(2), ..all() }, true),
        (Filter { max_attempts: Some(1), ..all() }, false),
    ];
    for (filter, expected) in cases {
        assert_eq!(filter.matches(&letter), expected, "{filter:?}");
    }
}

#[test]
fn times_are_absolute_or_ago() {
    let now = 1_000_000_000_000;
    assert_eq!(when("1970-01-01T00:00:01Z", now), Ok(1000));
    for (text, seconds) in [("90s", 90), ("90m", 5400), ("2h", 7200), ("7d", 604_800), ("1w", 604_800)] {
        assert_eq!(when(text, now), Ok(now - seconds * 1000), "{text}");
    }
    for text in ["", "2", "h", "2 h", "yesterday", "-2h", "99999999999999999w"] {
        assert!(when(text, now).is_err(), "{text}");
    }
}

#[test]
fn names_of_filters_tell_them_apart() {
    let part = |name: &'static str, value: &str| (name, value.to_owned());
    assert_eq!(name(&[part("reason", "panic"), part("stage", "")]), name(&[part("reason", "panic")]));
    let names = [
        name(&[]),
        name(&[part("reason", "panic")]),
        name(&[part("stage", "panic")]),
        name(&[part("reason", "panic;5:stage=x")]),
    ];
    let unique: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!((unique.len(), names[0].len()), (4, 12));
}

#[test]
fn positions_are_read_back() {
    let position = Position { timestamp: None, ..at("news.raw.dead", 42) };
    assert_eq!(parse_place(&place(&position)), Ok(position));
    for text in ["", "news", "news/1", "news@1", "/1@2", "news/-1@2", "news/1@-2", "news/x@2"] {
        assert!(parse_place(text).is_err(), "{text}");
    }
}

#[test]
fn of_several_letters_of_a_record_the_latest_counts() {
    let letters = [letter(0, 17, 1), letter(1, 18, 1), letter(2, 17, 2), letter(3, 19, 3), letter(4, 18, 1)];
    let mut selector = Selector::new(Filter::default(), 3);
    letters.iter().for_each(|letter| selector.note(letter));
    let verdicts: Vec<_> = letters.iter().map(|letter| selector.verdict(letter)).collect();
    use Verdict::{OverTheCap, Redrive, Superseded};
    // Offsets 1 and 4 are repeats of one letter: the later one goes.
    assert_eq!(verdicts, [Superseded, Superseded, Redrive, OverTheCap, Redrive]);
}

#[test]
fn a_tally_reconciles_or_says_so() {
    let tally = Tally { read: 5, redriven: 2, filtered_out: 1, unavailable: 1, ..Tally::default() };
    assert!(tally.lines(false, 3).contains("DOES NOT RECONCILE"), "{}", tally.lines(false, 3));
    let tally = Tally { superseded: 1, ..tally };
    assert!(tally.lines(false, 3).ends_with("everything read is accounted for\n"));
    assert!(tally.lines(true, 3).contains("would be redriven"));
}

proptest! {
    #[test]
    fn an_export_gives_every_byte_back(
        key in proptest::option::of(vec(any::<u8>(), 0..20)),
        value in proptest::option::of(vec(any::<u8>(), 0..50)),
        text in "\\PC*",
    ) {
        let bytes = |bytes: &Option<Vec<u8>>| bytes.clone().map(Bytes::from);
        let mut letter = letter(0, 1, 1);
        letter.raw.key = bytes(&key);
        letter.raw.value = bytes(&value);
        letter.raw.headers.0.push(("x-text".to_owned(), Some(Bytes::from(text.clone()))));
        letter.raw.headers.0.push(("x-null".to_owned(), None));
        let line = serde_json::to_string(&Exported::of(&letter)).unwrap();
        prop_assert!(!line.contains('\n'));
        let back: Exported = serde_json::from_str(&line).unwrap();
        prop_assert_eq!(back.key.and_then(|content| content.bytes()), key);
        prop_assert_eq!(back.value.and_then(|content| content.bytes()), value);
        let headers = back.headers.into_iter().map(|h| (h.name, h.value.and_then(|v| v.bytes()).map(Bytes::from)));
        prop_assert_eq!(headers.collect::<Vec<_>>(), letter.raw.headers.0);
    }

    #[test]
    fn exactly_one_letter_of_a_record_is_chosen(specs in vec((0..4i64, 1..4u64), 1..20)) {
        let letters: Vec<_> =
            (0..).zip(&specs).map(|(offset, (source, attempts))| letter(offset, *source, *attempts)).collect();
        let mut selector = Selector::new(Filter::default(), u64::MAX);
        letters.iter().for_each(|letter| selector.note(letter));
        for source in 0..4 {
            let of_source = letters.iter().filter(|letter| letter.source.offset == source);
            let chosen = of_source.clone().filter(|letter| selector.verdict(letter) == Verdict::Redrive).count();
            prop_assert_eq!(chosen, usize::from(of_source.count() > 0));
        }
    }
}

#[test]
fn content_is_text_where_it_can_be() {
    assert_eq!(Content::of("خبر".as_bytes()), Content::Text("خبر".to_owned()));
    assert_eq!(Content::of(&[0xff]), Content::Base64("/w==".to_owned()));
}
