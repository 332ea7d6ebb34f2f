//! `docs/metrics.md` is what the code says, and a scrape holds every metric of it and no other.
//!
//! `UPDATE_GOLDEN=1 cargo test --test metrics` rewrites the file.

use std::collections::BTreeSet;
use std::path::Path;

use khabar::envelope::{DropReason, Reason};
use khabar::metrics::{ALL, Books, Definition, Metrics, PartitionSeries};

const HEAD: &str = "# Metrics

Everything that `GET /metrics` says, in the text format of Prometheus. This page is made from the code
(`UPDATE_GOLDEN=1 cargo test --test metrics`). What to do about them is in [operations.md](operations.md#alerts).
";

fn definitions() -> impl Iterator<Item = &'static Definition> {
    ALL.iter().flat_map(|(_, definitions)| *definitions)
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    for (title, definitions) in ALL {
        page += &format!("\n## {title}\n\n| metric | type | labels | what |\n|---|---|---|---|\n");
        for Definition { name, kind, labels, help } in *definitions {
            let label = |(name, values): &(&str, &[&str])| match values {
                [] => format!("`{name}`"),
                values => format!("`{name}`: {}", values.join(", ")),
            };
            let labels: Vec<_> = labels.iter().map(label).collect();
            page += &format!("| `{name}` | {} | {} | {help} |\n", kind.as_str(), labels.join("; "));
        }
    }
    page
}

/// What is scraped from a service with one partition.
fn scrape() -> String {
    let partition = PartitionSeries {
        topic: "news.raw".to_owned(),
        lag: Some(1),
        time_lag_seconds: Some(2.5),
        committed: Some(3),
        watermark: Some(4),
        ..PartitionSeries::default()
    };
    let books = Books {
        dead_lettered: Reason::ALL.iter().map(|reason| (reason.as_str(), 0)).collect(),
        dropped: DropReason::ALL.iter().map(|reason| (reason.as_str(), 0)).collect(),
        partitions: vec![partition],
        ..Books::default()
    };
    let text = Metrics::new("1.2.3", "kb", None).render(&books).expect("the text format");
    String::from_utf8(text).expect("text")
}

#[test]
fn the_page_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics.md");
    let found = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == found, "docs/metrics.md differs; run with UPDATE_GOLDEN=1 and read the difference");
}

#[test]
fn a_scrape_holds_every_metric_and_no_other() {
    let text = scrape();
    let defined: BTreeSet<_> = definitions()
        .map(|definition| format!("# TYPE {} {}", definition.name, definition.kind.as_str()))
        .collect();
    let scraped: BTreeSet<_> =
        text.lines().filter(|line| line.starts_with("# TYPE")).map(str::to_owned).collect();
    assert_eq!(scraped, defined);
}

#[test]
fn closed_labels_have_all_their_series_from_the_start() {
    let text = scrape();
    for definition in definitions().filter(|d| d.labels.iter().all(|(_, values)| !values.is_empty())) {
        let expected: usize = definition.labels.iter().map(|(_, values)| values.len()).product();
        let name = match definition.kind {
            khabar::metrics::Kind::Histogram => format!("{}_count", definition.name),
            _ => definition.name.to_owned(),
        };
        let series = text.lines().filter(|line| line.split(['{', ' ']).next() == Some(&name)).count();
        assert_eq!(series, expected, "series of {name}");
    }
    assert!(text.contains("khabar_lag{partition=\"0\",topic=\"news.raw\"} 1"), "{text}");
    assert!(text.contains("khabar_time_lag_seconds{partition=\"0\",topic=\"news.raw\"} 2.5"), "{text}");
}
