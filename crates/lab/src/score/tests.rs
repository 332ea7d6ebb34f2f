use super::*;

fn articles(lines: &str) -> Vec<gold::Article> {
    lines.lines().map(|line| serde_json::from_str(line).expect("an article")).collect()
}

/// One article with each kind of answer: right, wrong, missed, optional.
#[test]
fn each_layer_is_counted() {
    let gold = articles(
        r#"{"lang": "ar", "date": "2026-11-23", "body": "وصل دونالد ترامب إلى القاهرة أمس. وقال ترامب «نحن هنا من أجل السلام في المنطقة كلها». وفاز 3-1 في المباراة.",
            "mentions": [
              {"type": "PER", "entity": "a", "start": 4, "end": 16, "text": "دونالد ترامب"},
              {"type": "LOC", "entity": "b", "start": 21, "end": 28, "text": "القاهرة", "optional": true},
              {"type": "PER", "entity": "a", "start": 39, "end": 44, "text": "ترامب"},
              {"type": "ORG", "entity": "c", "start": 0, "end": 3, "text": "وصل"}],
            "quotes": [{"start": 46, "end": 83, "text": "نحن هنا من أجل السلام في المنطقة كلها", "speaker": "a"}],
            "times": [{"start": 29, "end": 32, "text": "أمس", "value": "2026-11-22"}],
            "quantities": [{"start": 91, "end": 94, "text": "3-1", "value": "3-1", "kind": "score"}]}"#
            .replace('\n', " ")
            .as_str(),
    );
    let score = score(&gold, &Enricher::new(Settings::default()));
    let get = |name: &str| {
        let count = score.tally.get(name);
        (count.right, count.wrong, count.missed)
    };
    assert_eq!(get("  PER"), (2, 0, 0), "{}", score.tally.mistakes(9));
    assert_eq!(get("  ORG"), (0, 0, 1));
    assert_eq!(get("  LOC"), (0, 0, 0), "optional");
    assert_eq!(get("times with value"), (1, 0, 0), "{}", score.tally.mistakes(9));
    assert_eq!(get("quantities with value"), (1, 0, 0), "{}", score.tally.mistakes(9));
    assert_eq!(get("quotes with speaker"), (1, 0, 0), "{}", score.tally.mistakes(9));
    let (p, r, _) = score.joining.result();
    assert!((p - 1.0).abs() < 1e-9, "{p}: both found ones are one, as they should be");
    assert!((r - 2.0 / 3.0).abs() < 1e-9, "{r}: two of three annotated ones");
}

#[test]
fn harmonic_means_of_nothing_are_nothing() {
    assert_eq!(tally::harmonic(0.0, 0.0), 0.0);
    assert_eq!(tally::Count::default().f1(), 0.0);
    let count = tally::Count { right: 1, wrong: 1, missed: 3 };
    assert_eq!((count.precision(), count.recall()), (0.5, 0.25));
}

#[test]
fn a_day_of_publication_with_slashes_anchors_the_times() {
    let gold = articles(
        r#"{"lang": "ar", "date": "2026/11/23", "body": "وصل الوفد أمس.",
            "times": [{"start": 10, "end": 13, "text": "أمس", "value": "2026-11-22"}]}"#
            .replace('\n', " ")
            .as_str(),
    );
    let score = score(&gold, &Enricher::new(Settings::default()));
    let count = score.tally.get("times with value");
    assert_eq!((count.right, count.wrong), (1, 0), "{}", score.tally.mistakes(9));
}

#[test]
fn days_of_publication_are_read_however_they_are_written() {
    for date in [
        "2026-11-23",
        "2026-11-23T17:00:00+03:00",
        "2026-11-23 17:00:00",
        "2026/11/23",
        "20261123",
        "20261123T170000Z",
        "23/11/2026",
        "23-11-2026 17:00",
        "Mon, 23 Nov 2026 17:00:00 GMT",
        "November 23, 2026",
    ] {
        assert_eq!(gold::day(date).as_deref(), Some("2026-11-23"), "{date}");
    }
    for date in ["", "None", "2026", "2026-13-01", "yesterday at 5"] {
        assert_eq!(gold::day(date), None, "{date}");
    }
}
