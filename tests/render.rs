//! What a person sees of a record, on a terminal and as a page: golden files, and what must never get through.
//!
//! `UPDATE_GOLDEN=1 cargo test --test render` rewrites the files; read the difference before you commit it.

use std::path::Path;

use khabar::render::{Page, View, pretty};

const NAMES: [&str; 2] = ["seed", "hostile"];

#[test]
fn pretty_without_colour() {
    for name in NAMES {
        check(&format!("{name}.txt"), &pretty(&view(name), 80, false));
    }
}

#[test]
fn pretty_with_colour() {
    for name in NAMES {
        let shown = pretty(&view(name), 100, true).replace('\u{1b}', "␛");
        check(&format!("{name}.ansi.txt"), &shown);
    }
}

#[test]
fn a_page() {
    for name in NAMES {
        check(&format!("{name}.html"), &page(name));
    }
}

#[test]
fn lines_keep_to_the_width() {
    for width in [40, 72, 120] {
        for line in pretty(&view("seed"), width, false).lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn nothing_steers_the_terminal() {
    let shown = pretty(&view("hostile"), 80, true);
    let mut rest = shown.as_str();
    while let Some(at) = rest.find('\u{1b}') {
        rest = &rest[at + 1..];
        let end = rest.find('m').unwrap();
        let codes = rest[..end].strip_prefix('[').expect("only SGR");
        assert!(codes.bytes().all(|b| b.is_ascii_digit() || b == b';'), "{codes}");
    }
    assert!(!shown.contains(|c: char| c.is_control() && c != '\n' && c != '\u{1b}'));
    assert!(!shown.contains(['\u{202e}', '\u{202c}', '\u{2066}']));
}

#[test]
fn a_hostile_text_stays_text() {
    let page = page("hostile");
    let body = &page[page.find("<main>").unwrap()..];
    for tag in
        ["<script", "<b ", "<img", "<i>", "<Example", "<x>", "</style", "javascript:alert(document.cookie)\""]
    {
        assert!(!body.contains(tag), "{tag} got through");
    }
    assert!(!body.contains("onclick=\""), "an attribute got through");
    assert_eq!(page.matches("<style>").count(), 1);
    let policy = page.split("Content-Security-Policy\" content=\"").nth(1).unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
}

#[test]
fn right_to_left_where_the_text_is() {
    assert!(page("seed").contains("<div class=\"body\" dir=\"rtl\" lang=\"ar\">"));
    assert!(page("hostile").contains("<div class=\"body\" dir=\"ltr\" lang=\"en\">"));
}

fn view(name: &str) -> View {
    let path = golden(&format!("{name}.json"));
    View::parse(&std::fs::read(path).unwrap()).unwrap()
}

fn page(name: &str) -> String {
    Page::begin() + &Page::article(&view(name), 1) + &Page::end(1)
}

fn golden(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/render").join(file)
}

fn check(file: &str, found: &str) {
    let path = golden(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{file} differs; run with UPDATE_GOLDEN=1 and read the difference");
}
