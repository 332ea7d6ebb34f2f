//! English, French and Russian articles through all layers with the embedded models, as a person reads them: made up, and beside
//! each file what is found in it. `UPDATE_GOLDEN=1` writes that anew.

#[path = "languages/render.rs"]
mod render;

use std::path::Path;

use khabar_enrich::Article;
use khabar_enrich::article::{Moment, Precision};
use khabar_enrich::enricher::{Enricher, Settings};

/// Compares what is found in the articles of a language with what is expected.
fn check(language: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/languages");
    let articles = std::fs::read_to_string(folder.join(format!("{language}.txt"))).expect("articles");
    let enricher = Enricher::new(Settings::default());
    let mut found = String::new();
    for article in articles.split("=== ").skip(1) {
        let (head, body) = article.split_once('\n').expect("a head");
        let (date, title) = head.split_once(' ').expect("a title");
        let published = Some(Moment { value: date.to_owned(), precision: Precision::Day, zone_known: false });
        let article =
            Article { title: Some(title.to_owned()), body: body.to_owned(), published, ..Article::default() };
        let out = enricher.enrich(&article);
        assert_eq!(out.language.detected.as_deref(), Some(language), "{title}");
        found.push_str(&format!("=== {head}\n{}\n", render::render(Some(title), body, &out)));
    }
    let golden = folder.join(format!("{language}.golden"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &found).expect("the golden file is written");
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    let first = found.lines().zip(expected.lines()).enumerate().find(|(_, (a, b))| a != b);
    assert!(
        found == expected,
        "{}: the first difference is {first:?}; if it is meant: UPDATE_GOLDEN=1",
        golden.display()
    );
}

#[test]
fn english_articles_are_understood() {
    check("en");
}

#[test]
fn french_articles_are_understood() {
    check("fr");
}

#[test]
fn russian_articles_are_understood() {
    check("ru");
}
