use super::*;
use crate::decode::{Decoded, Decoder, Settings};
use crate::envelope::Raw;

fn decode(json: &str) -> Result<Article, Reject> {
    let raw = Raw { value: Some(json.to_owned().into()), ..Raw::default() };
    match Decoder::new(Settings::default()).decode(&raw)? {
        Decoded::Article(article) => Ok(*article),
        Decoded::Tombstone => panic!("a tombstone"),
    }
}

fn codes(article: &Article) -> Vec<DiagnosticCode> {
    article.diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn plain_names_make_no_remarks() {
    let article =
        decode(r#"{"id": 7, "title": "ت", "body": "نص", "authors": ["س"], "language": "ar"}"#).unwrap();
    assert_eq!(article.id.as_deref(), Some("7"));
    assert_eq!((article.title.as_deref(), article.body.as_str()), (Some("ت"), "نص"));
    assert_eq!(codes(&article), []);
}

#[test]
fn wrong_types_cost_only_their_field() {
    let article = decode(
        r#"{"id": [], "url": 5, "title": 1, "authors": true, "publisher": {"x": 1}, "published": {}, "fetched": false,
            "section": 2.5, "tags": 9, "language": ["xx-", 1], "body": "text"}"#,
    )
    .unwrap();
    assert_eq!(article.body, "text");
    assert_eq!((article.title, article.url, article.id), (None, None, None));
    assert!(article.authors.is_empty() && article.tags.is_empty() && article.published.is_none());
}

#[test]
fn bodies_that_are_none() {
    for (json, reason) in [
        ("{}", Reason::EmptyBody),
        (r#"{"title": "only"}"#, Reason::EmptyBody),
        (r#"{"body": " \n"}"#, Reason::EmptyBody),
        (r#"{"body": "None"}"#, Reason::EmptyBody),
        (r#"{"body": 5}"#, Reason::WrongShape),
        (r#"{"body": {"a": 1}}"#, Reason::WrongShape),
        (r#"{"body": [1, 2]}"#, Reason::WrongShape),
        ("[{\"body\": \"a\"}, {\"body\": \"b\"}]", Reason::WrongShape),
        ("{\"body\": \"a\"} {}", Reason::InvalidJson),
        ("{\"body\": NaN}", Reason::InvalidJson),
    ] {
        assert_eq!(decode(json).unwrap_err().reason, reason, "{json}");
    }
}

#[test]
fn repairs_are_told() {
    let article = decode(r#"{"body": "a\ud83d b", "body": "c\ud83d d"}"#).unwrap();
    assert_eq!(article.body, "c\u{FFFD} d");
    assert_eq!(codes(&article), [DiagnosticCode::LoneSurrogates, DiagnosticCode::DuplicateKeys]);
}

#[test]
fn large_numbers_as_identities() {
    let id = |json: &str| decode(json).unwrap().id;
    assert_eq!(id(r#"{"id": 18446744073709551615, "body": "x"}"#).as_deref(), Some("18446744073709551615"));
    assert_eq!(id(r#"{"id": 184467440737095516150, "body": "x"}"#), None);
    assert_eq!(id(r#"{"id": 12.0, "body": "x"}"#).as_deref(), Some("12"));
}

#[test]
fn the_cut_of_newsapi() {
    assert!(is_cut_by_newsapi("text… [+1234 chars]") && is_cut_by_newsapi("x [+1 chars]\n"));
    assert!(!is_cut_by_newsapi("x [+ chars]") && !is_cut_by_newsapi("[+12 chars] x"));
}
