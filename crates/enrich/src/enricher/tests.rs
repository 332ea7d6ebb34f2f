use proptest::prelude::*;

use super::*;
use crate::aligned::tests::texts;
use crate::article::Moment;
use crate::enriched::Span;

fn enrich(title: Option<&str>, body: &str) -> Enriched {
    let article = Article { title: title.map(str::to_owned), body: body.to_owned(), ..Article::default() };
    Enricher::new(Settings { normalised: true, ..Settings::default() }).enrich(&article)
}

/// Every span with the words that it must show.
fn spans(out: &Enriched) -> Vec<(Span, &str)> {
    let mentions = out.mentions.iter().map(|x| (x.span, x.text.as_str()));
    let roles = out.roles.iter().map(|x| (x.span, x.text.as_str()));
    let quotes = out.quotes.iter().map(|x| (x.span, x.text.as_str()));
    let quoted = out.quoted.iter().map(|x| (x.span, x.text.as_str()));
    let times = out.times.iter().map(|x| (x.span, x.text.as_str()));
    let quantities = out.quantities.iter().map(|x| (x.span, x.text.as_str()));
    mentions.chain(roles).chain(quotes).chain(quoted).chain(times).chain(quantities).collect()
}

fn assert_spans(title: Option<&str>, body: &str, out: &Enriched) {
    for (span, words) in spans(out) {
        let text = match span.field {
            Field::Title => title.unwrap_or(""),
            Field::Body => body,
        };
        let [from, to] = span.byte.map(|at| at as usize);
        assert_eq!(&text[from..to], words);
        let chars: String =
            text.chars().skip(span.char[0] as usize).take((span.char[1] - span.char[0]) as usize).collect();
        assert_eq!(chars, words);
        let units: Vec<u16> = text.encode_utf16().collect();
        let [from, to] = span.utf16.map(|at| at as usize);
        assert_eq!(String::from_utf16_lossy(&units[from..to]), words);
    }
}

fn codes(out: &Enriched) -> Vec<DiagnosticCode> {
    out.diagnostics.iter().map(|remark| remark.code).collect()
}

#[test]
fn an_empty_result_carries_its_reason() {
    assert_eq!(codes(&enrich(None, "")), [DiagnosticCode::NoText]);
    assert_eq!(codes(&enrich(Some(" "), "\u{200F}\n")), [DiagnosticCode::NoText]);
    assert_eq!(codes(&enrich(None, "12 + 5")), [DiagnosticCode::LanguageUnknown, DiagnosticCode::NoEntities]);
    let german = enrich(None, "Das ist nicht das, was wir von der Lage und den Leuten zu hören hofften.");
    assert!(codes(&german).contains(&DiagnosticCode::LanguageUnsupported), "{:?}", german.diagnostics);
    let off = Enricher::new(Settings { tier: Tier::Off, normalised: false }).enrich(&Article::default());
    assert_eq!(codes(&off), [DiagnosticCode::ExtractionOff]);
    assert_eq!(off.fingerprint, None);
}

#[test]
fn a_wrong_declaration_is_reported() {
    let body = "أكد وزير الخارجية في موسكو أن بلاده تدعم الحل السياسي".to_owned();
    let mut article = Article { body, language: Some("en-GB".to_owned()), ..Article::default() };
    let enricher = Enricher::new(Settings::default());
    let out = enricher.enrich(&article);
    assert_eq!(out.language.detected.as_deref(), Some("ar"));
    assert_eq!(out.language.declared.as_deref(), Some("en-GB"));
    assert!(codes(&out).contains(&DiagnosticCode::LanguageMismatch));
    article.language = Some("ar-EG".to_owned());
    assert!(!codes(&enricher.enrich(&article)).contains(&DiagnosticCode::LanguageMismatch));
}

#[test]
fn layers_work_together() {
    let body = "قال الوزير في القاهرة يوم 3 مايو 2016 إن 20 ألف شخص عادوا. وأضاف: «سنواصل العمل في روسيا من أجل السلام».";
    let out = enrich(Some("السلام في القاهرة"), body);
    assert_spans(Some("السلام في القاهرة"), body, &out);
    assert_eq!(out.sentences.len(), 3);
    assert_eq!(out.sentences[0].field, Field::Title);
    assert!(out.times.iter().any(|time| time.value == "2016-05-03"), "{:?}", out.times);
    assert!(!out.quantities.is_empty());
    assert!(!out.quotes.is_empty());
    let normalised = out.normalised.expect("it was asked for");
    assert_eq!(normalised.body, body);
    assert!(out.fingerprint.is_some_and(|fingerprint| fingerprint.minhash.len() == 16));
}

#[test]
fn the_anchor_is_a_day() {
    let moment = |value: &str, precision| Moment { value: value.to_owned(), precision, zone_known: false };
    let article = |published| Article { published: Some(published), ..Article::default() };
    assert_eq!(anchor(&article(moment("2016-05-03T10:00:00", Precision::Second))), Some("2016-05-03"));
    assert_eq!(anchor(&article(moment("2016-05", Precision::Month))), None);
    assert_eq!(anchor(&article(moment("x", Precision::Day))), None);
}

#[test]
fn a_long_text_is_cut_and_says_so() {
    let body = "ا ".repeat(MAX_TOKENS + 10);
    let out = enrich(None, &body);
    let cut = out.diagnostics.iter().find(|d| d.code == DiagnosticCode::TextCut).expect("it is cut");
    assert_eq!(cut.char.map(|[from, _]| from as usize), Some(2 * MAX_TOKENS));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn spans_show_their_words_in_any_text(title in proptest::option::of(texts()), body in texts()) {
        let out = enrich(title.as_deref(), &body);
        assert_spans(title.as_deref(), &body, &out);
        prop_assert!(!out.entities.is_empty() || !out.diagnostics.is_empty());
        prop_assert_eq!(&out, &enrich(title.as_deref(), &body));
    }
}

#[test]
fn numbers_and_days_inside_names_are_none() {
    let out = enrich(None, "استقبل الملك محمد السادس وفدا في الرباط وصل بعد الدورة الثانية من المهرجان.");
    let found: Vec<_> = out.quantities.iter().map(|q| q.text.as_str()).collect();
    assert_eq!(found, ["الدورة الثانية"], "{:?}", out.mentions);
}

#[test]
fn a_number_in_a_name_counts_nothing_behind_it() {
    let text =
        "Shares fell. The Euro Stoxx 600 index lost two points while 40 people watched the market there.";
    let out = enrich(None, text);
    let found: Vec<&str> = out.quantities.iter().map(|q| q.text.as_str()).collect();
    let name = out.mentions.iter().any(|m| m.text.ends_with("Stoxx 600"));
    assert!(!name || !found.iter().any(|text| text.starts_with("600")), "{found:?}");
    assert!(found.contains(&"40 people"), "{found:?}");
}
