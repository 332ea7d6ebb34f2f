use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::changes::changes;
use super::digest::digest;
use super::{Comparison, Field, Place, Report, Settings, table};

/// A record over source offset `offset`, with entities of these names, each mentioned once.
fn record(offset: i64, names: &[&str], language: &str) -> Value {
    let entities: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            json!({"id": format!("e{}", i + 1), "type": "PER", "name": name, "name_en": null, "aliases": [],
                   "link": {"wikidata": null}, "candidates": [], "mentions": [i], "salience": 0.5, "confidence": 0.9})
        })
        .collect();
    let mentions: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            // Where a name stands depends on the name alone, as in a text that is the same.
            let at = name.bytes().map(u32::from).sum::<u32>();
            json!({"entity": format!("e{}", i + 1), "type": "PER", "text": name, "field": "body", "char": [at, at + 1],
                   "nested_in": null, "found_by": "kb", "confidence": 0.9})
        })
        .collect();
    json!({"schema": "khabar.enriched/1", "id": format!("id-{offset}"), "content_hash": "sha256:1",
           "source": {"topic": "news.raw", "partition": 0, "offset": offset, "timestamp": null},
           "pipeline": {"version": "0.1.0", "config": "c", "kb": "k", "models": {}},
           "language": {"declared": null, "detected": language, "confidence": 1.0},
           "text": {"title": null, "body": "Body."}, "entities": entities, "mentions": mentions,
           "quotes": names.first().map(|_| json!({"text": "Yes.", "field": "body", "char": [1, 5], "kind": "direct",
                                                  "speaker": "e1", "read_by": null})).into_iter().collect::<Vec<_>>(),
           "diagnostics": []})
}

fn settings() -> Settings {
    Settings {
        names: ["a".to_owned(), "b".to_owned()],
        by_id: false,
        fields: Field::ALL.to_vec(),
        sample: 1.0,
        examples: 3,
    }
}

fn compare_with(settings: Settings, a: &[Value], b: &[Value]) -> Report {
    let bytes = |side: &[Value]| side.iter().map(|value| value.to_string().into_bytes()).collect::<Vec<_>>();
    let (a, b) = (bytes(a), bytes(b));
    let mut comparison = Comparison::new(settings);
    let place = |at: usize| Place::Line(at as u64 + 1);
    a.iter().enumerate().for_each(|(at, value)| comparison.first(place(at), None, value));
    b.iter().enumerate().for_each(|(at, value)| comparison.second(place(at), None, value));
    let wanted = comparison.wanted();
    let value = |place: &Place| match place {
        Place::Line(line) => (*place, a[usize::try_from(*line).unwrap() - 1].clone()),
        Place::At { .. } => unreachable!(),
    };
    let values: Vec<_> = wanted.iter().map(value).collect();
    comparison.finish(&values)
}

fn compare(a: &[Value], b: &[Value]) -> Report {
    compare_with(settings(), a, b)
}

fn changed_fields(report: &Report) -> Vec<&str> {
    report.fields.iter().filter(|field| field.changed > 0).map(|field| field.field).collect()
}

#[test]
fn one_more_entity_changes_no_reference_to_the_others() {
    let (a, b) = (record(1, &["Salem", "Huda"], "ar"), record(1, &["Amal", "Salem", "Huda"], "ar"));
    // The new first entity is no speaker: e1 became e2.
    let mut b = b;
    b["quotes"][0]["speaker"] = json!("e2");
    let report = compare(&[a], &[b]);
    assert_eq!(changed_fields(&report), ["entities", "mentions"]);
    let of = &report.entities[0];
    assert_eq!((of.gained, of.lost, of.relinked, of.gained_names[0].name.as_str()), (1, 0, 0, "Amal"));
    assert_eq!((report.mentions_gained, report.mentions_lost), (1, 0));
    let list = &report.examples[0].changes.as_ref().unwrap().list;
    let told: Vec<_> = list.iter().map(|change| (change.field, change.what.as_str())).collect();
    assert_eq!(told, [("entities", "PER Amal"), ("mentions", "PER Amal at 379")]);
}

#[test]
fn another_speaker_and_another_link_are_changes() {
    let a = record(1, &["Salem", "Huda"], "ar");
    let mut b = a.clone();
    b["quotes"][0]["speaker"] = json!("e2");
    assert_eq!(changed_fields(&compare(std::slice::from_ref(&a), &[b])), ["quotes"]);
    let mut b = a.clone();
    b["entities"][0]["link"]["wikidata"] = json!("Q1");
    let report = compare(&[a], &[b]);
    assert_eq!(changed_fields(&report), ["entities"]);
    let of = &report.entities[0];
    assert_eq!((of.gained, of.lost, of.relinked, of.relinked_names[0].name.as_str()), (0, 0, 1, "Salem"));
}

#[test]
fn what_made_a_record_and_how_it_is_written_do_not_count() {
    let a = record(1, &["Salem"], "ar");
    let mut b = a.clone();
    b["pipeline"]["version"] = json!("0.2.0");
    b["source"]["timestamp"] = json!("2026-11-23T17:00:00.000Z");
    b["language"]["confidence"] = json!(1);
    let report = compare(&[a], &[b]);
    assert!(!report.different);
    assert_eq!((report.identical, report.same), (0, 1));
    assert_eq!(report.b.pipelines[0].pipeline["version"], "0.2.0");
}

#[test]
fn ignored_fields_do_not_count() {
    let (a, b) = (record(1, &["Salem"], "ar"), record(1, &["Huda"], "ar"));
    let fields = vec![Field::Language, Field::Text];
    let report = compare_with(Settings { fields, ..settings() }, &[a], &[b]);
    assert!(!report.different);
    assert_eq!(report.same, 1);
}

#[test]
fn records_without_a_source_belong_together_by_id() {
    let mut a = record(1, &[], "ar");
    a["source"] = Value::Null;
    let mut b = record(7, &[], "ar");
    b["id"] = json!("id-1");
    assert_eq!(compare(&[a.clone()], &[b.clone()]).both, 0, "one has a source, the other has none");
    let report = compare_with(Settings { by_id: true, ..settings() }, &[a], &[b]);
    assert_eq!((report.both, report.changed), (1, 0));
}

#[test]
fn what_is_no_record_is_counted_and_named() {
    let mut comparison = Comparison::new(settings());
    let newer = record(1, &[], "ar").to_string().replace("enriched/1", "enriched/2");
    let bad: [&[u8]; 7] = [b"{broken", b"", b"[1]", b"null", b"{}", newer.as_bytes(), b"{\"schema\": 1} x"];
    for (at, value) in bad.into_iter().enumerate() {
        comparison.first(Place::At { partition: 0, offset: at as i64 }, None, value);
    }
    comparison.tombstone(1, None);
    let report = comparison.finish(&[]);
    assert_eq!((report.a.read, report.a.unreadable, report.b.tombstones), (7, 7, 1));
    assert_eq!(report.a.unreadable_examples[0].place, "a/0@0");
    assert!(report.different);
    let why = digest(newer.as_bytes()).unwrap_err();
    assert_eq!(why, "a record of khabar.enriched/2, and this build compares khabar.enriched/1");
    assert!(digest("[".repeat(100_000).as_bytes()).is_err(), "deep nesting is no crash");
}

#[test]
fn keys_are_compared_where_there_are_any() {
    let value = record(1, &[], "ar").to_string().into_bytes();
    let of_topic = Place::At { partition: 0, offset: 0 };
    let compare = |a: Place, b: Place, key: Option<&[u8]>| {
        let mut comparison = Comparison::new(settings());
        comparison.first(a, Some(b"one"), &value);
        comparison.second(b, key, &value);
        comparison.finish(&[])
    };
    let report = compare(of_topic, of_topic, Some(b"two"));
    assert_eq!((report.identical, report.keys_differ, report.different), (1, 1, true));
    assert!(table(&report).contains("under another key, for example"), "{}", table(&report));
    assert!(compare(of_topic, of_topic, None).different, "a record without a key is under another one");
    assert!(!compare(of_topic, Place::Line(1), None).different, "a file has no keys");
}

#[test]
fn a_tombstone_that_comes_again_is_a_repeat() {
    let mut comparison = Comparison::new(settings());
    let source = Some(("news.raw", 3, 7));
    for source in [source, source, Some(("news.raw", 3, 8))] {
        comparison.tombstone(0, source);
    }
    for source in [Some(("news.raw", 3, 8)), source] {
        comparison.tombstone(1, source);
    }
    let report = comparison.finish(&[]);
    assert_eq!((report.a.read, report.a.tombstones, report.a.repeats), (3, 2, 1));
    assert!(!report.different);
}

#[test]
fn tombstones_of_other_sources_are_a_difference() {
    let mut comparison = Comparison::new(settings());
    comparison.tombstone(0, Some(("news.raw", 3, 7)));
    comparison.tombstone(1, Some(("news.raw", 3, 8)));
    assert!(comparison.finish(&[]).different);
}

#[test]
fn repeats_differ_by_what_they_hold() {
    // One article read twice: another source, the same content.
    let (once, again) = (record(1, &["Cairo"], "ar"), {
        let mut again = record(2, &["Cairo"], "ar");
        again["id"] = json!("id-1");
        again
    });
    let report =
        compare_with(Settings { by_id: true, ..settings() }, &[once.clone(), again.clone()], &[once, again]);
    assert_eq!((report.a.repeats, report.b.repeats), (1, 1));
    assert_eq!((report.a.repeats_that_differ, report.b.repeats_that_differ), (0, 0));
}

#[test]
fn long_texts_are_shown_around_their_difference() {
    let body = "words ".repeat(100);
    let a = json!({"text": {"body": format!("{body}old end")}}).to_string();
    let b = json!({"text": {"body": format!("{body}new end")}}).to_string();
    let change = changes(a.as_bytes(), b.as_bytes(), &[Field::Text]).list.remove(0);
    assert_eq!(change.what, "body");
    assert_eq!(change.before.as_deref(), Some("…s words words words old end"));
    assert_eq!(change.after.as_deref(), Some("…s words words words new end"));
}

const NAMES: [&str; 5] = ["Salem", "Huda", "Amal", "Karim", "Nour"];

/// A few records over different sources.
fn records() -> impl Strategy<Value = Vec<Value>> {
    let one = (0..12i64, vec(any::<bool>(), NAMES.len()), 0..2usize);
    vec(one, 0..12).prop_map(|specs| {
        let mut seen = std::collections::BTreeSet::new();
        specs
            .into_iter()
            .filter(|(offset, _, _)| seen.insert(*offset))
            .map(|(offset, has, language)| {
                let names: Vec<_> =
                    NAMES.into_iter().zip(has).filter(|(_, has)| *has).map(|(n, _)| n).collect();
                record(offset, &names, ["ar", "en"][language])
            })
            .collect()
    })
}

/// The report without what says where records were.
fn essence(report: &Report) -> Value {
    let mut value = serde_json::to_value(report).unwrap();
    for side in ["a", "b"] {
        let compared = value[side]["compared"].clone();
        value[side] = compared;
    }
    for list in ["examples", "only_a_examples", "only_b_examples", "key_examples"] {
        value[list] = json!(value[list].as_array().unwrap().len());
    }
    value
}

proptest! {
    #[test]
    fn a_set_is_no_different_from_itself(records in records()) {
        let report = compare(&records, &records);
        prop_assert!(!report.different);
        prop_assert_eq!(report.identical, records.len() as u64);
        prop_assert!(report.entities.is_empty());
    }

    #[test]
    fn swapped_sides_swap_what_was_gained_and_lost(a in records(), b in records()) {
        let (there, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert_eq!(there.different, back.different);
        prop_assert_eq!((there.only_a, there.only_b), (back.only_b, back.only_a));
        prop_assert_eq!((there.changed, there.both), (back.changed, back.both));
        prop_assert_eq!(changed_fields(&there), changed_fields(&back));
        prop_assert_eq!((there.mentions_gained, there.mentions_lost), (back.mentions_lost, back.mentions_gained));
        prop_assert_eq!(there.entities.len(), back.entities.len());
        for (there, back) in there.entities.iter().zip(&back.entities) {
            prop_assert_eq!((there.gained, there.lost), (back.lost, back.gained));
            prop_assert_eq!(&there.gained_names, &back.lost_names);
        }
    }

    #[test]
    fn repeats_and_the_order_of_reading_change_nothing(
        a in records(),
        b in records(),
        again in vec(any::<(bool, proptest::sample::Index)>(), 0..10),
    ) {
        let (mut more_a, mut more_b) = (a.clone(), b.clone());
        more_a.reverse();
        more_b.reverse();
        for (of_a, index) in again {
            let (from, to) = if of_a { (&a, &mut more_a) } else { (&b, &mut more_b) };
            if !from.is_empty() {
                to.push(index.get(from).clone());
            }
        }
        prop_assert_eq!(essence(&compare(&a, &b)), essence(&compare(&more_a, &more_b)));
    }

    #[test]
    fn counts_add_up(a in records(), b in records()) {
        let report = compare(&a, &b);
        prop_assert_eq!(report.both, report.identical + report.same + report.changed);
        prop_assert_eq!(report.a.compared, report.both + report.only_a);
        prop_assert_eq!(report.b.compared, report.both + report.only_b);
        let changed: u64 = report.languages.iter().map(|of| of.changed).sum();
        prop_assert_eq!(changed, report.changed);
    }
}
