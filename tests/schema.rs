//! `docs/schema/khabar.enriched-1.schema.json` is what the types say, and real records hold to it.
//!
//! `UPDATE_GOLDEN=1 cargo test --test schema` rewrites the file; read the difference before you commit it: a
//! field that goes or changes its type needs a new schema name.

use std::path::Path;

use khabar::cmd::service::stages;
use khabar::config::Config;
use khabar::demo_feed;
use khabar::encode::{Record, SCHEMA};
use khabar::envelope::{Outcome, Position};
use khabar::stages::Processed;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

#[test]
fn the_published_schemas_are_what_the_types_say() {
    for (file, schema) in
        [("khabar.enriched-1.schema.json", schema()), ("khabar.status-1.schema.json", of_status())]
    {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema").join(file);
        let found = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &found).unwrap();
        }
        let published = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(published == found, "{file} differs; run with UPDATE_GOLDEN=1 and read the difference");
    }
}

#[test]
fn every_record_of_the_demo_is_valid() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let plain = stages(&Config::default());
    let mut with_normalised = Config::default();
    with_normalised.enrich.normalised = true;
    let with_normalised = stages(&with_normalised);
    let without_text = Config { omit_text: true, ..Config::default() };
    let without_text = stages(&without_text);
    let position =
        Position { topic: "news.raw".into(), partition: 3, offset: 42, timestamp: Some(1_763_918_400_000) };
    let mut valid = 0;
    for record in demo_feed::all() {
        for stages in [&plain, &with_normalised, &without_text] {
            for position in [None, Some(&position)] {
                let Outcome::Emit(Processed::Enriched(encoded)) = stages.process(&record.raw, position)
                else {
                    continue;
                };
                let value: Value = serde_json::from_slice(&encoded.value).unwrap();
                let errors: Vec<_> = validator
                    .iter_errors(&value)
                    .map(|e| format!("{} at {}", e, e.instance_path()))
                    .collect();
                assert!(errors.is_empty(), "{}: {errors:#?}", record.name);
                valid += 1;
            }
        }
    }
    assert!(valid >= 30 * 6, "only {valid} records were enriched");
}

#[test]
fn the_schema_refuses_what_is_no_record() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let record =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/render/seed.json")).unwrap();
    let record: Value = serde_json::from_slice(&record).unwrap();
    assert!(validator.is_valid(&record), "{:?}", validator.iter_errors(&record).next());
    let changes: [(&str, Value); 5] = [
        ("/schema", json!("khabar.enriched/2")),
        ("/mentions/0/char", json!([1])),
        ("/mentions/0/type", json!("PERSON")),
        ("/entities", Value::Null),
        ("/quotes/0/speaker", json!(7)),
    ];
    for (pointer, value) in changes {
        let mut changed = record.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert!(!validator.is_valid(&changed), "{pointer} may be anything");
    }
    let mut cut = record;
    cut.as_object_mut().unwrap().remove("entities");
    assert!(!validator.is_valid(&cut), "lists may be absent");
}

/// The schema of what is written, which is stricter than that of what could be read.
fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Record<'_>>().to_value();
    let root = schema.as_object_mut().unwrap();
    root.insert("title".to_owned(), json!(SCHEMA));
    root["properties"]["schema"] = json!({"const": SCHEMA, "description": "This schema's name."});
    schema
}

fn of_status() -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<khabar::status::Status>().to_value();
    let name = khabar::status::SCHEMA;
    let root = schema.as_object_mut().unwrap();
    root.insert("title".to_owned(), json!(name));
    root["properties"]["schema"] = json!({"const": name, "description": "This schema's name."});
    schema
}
