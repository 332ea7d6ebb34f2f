use toml::Table;

use super::raw::Raw;
use super::report::Report;
use super::{Config, Environment, env, properties, property_names, tree, validate};

const DOCUMENTED: &str = include_str!("../../config/khabar.toml");

#[test]
fn the_documented_settings_are_all_settings_with_their_defaults() {
    let documented: Table = DOCUMENTED.parse().unwrap();
    assert_eq!(documented, tree::schema());
}

#[test]
fn every_documented_setting_has_a_comment() {
    let mut commented = false;
    let mut bare = Vec::new();
    for line in DOCUMENTED.lines() {
        match line {
            "" => commented = false,
            line if line.starts_with('#') => commented = true,
            // Settings that are explained where they come first, or by those around them.
            line if line.starts_with('[') || line.contains(".tls") => {}
            line if !commented => bare.push(line),
            _ => {}
        }
    }
    let explained_above = [
        "brokers",
        "enabled",
        "ca",
        "certificate",
        "key",
        "key_password",
        "mechanism",
        "username",
        "password",
    ];
    bare.retain(|line| !explained_above.iter().any(|key| line.starts_with(&format!("{key} ="))));
    assert!(bare.is_empty(), "{bare:?}");
}

#[test]
fn the_defaults_are_valid() {
    let mut report = Report::default();
    let _ = validate::config(&Raw::default(), &mut report);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[test]
fn the_defaults_are_those_of_the_components() {
    let config = Config::default();
    assert_eq!(config.decode, crate::decode::Settings::default());
    assert_eq!(config.enrich, khabar_enrich::Settings::default());
    assert_eq!(config.log, crate::logging::Settings::default());
    let lanes = config.pipeline.lanes;
    assert_eq!(config.pipeline, crate::pipeline::Settings { lanes, ..crate::pipeline::Settings::default() });
}

#[test]
fn the_environment_can_set_every_setting() {
    for key in tree::paths("", &tree::schema()) {
        let environment = if tree::is_open(key.rsplit('.').next().unwrap()) {
            continue;
        } else {
            Environment::from([(env::variable(&key), "??".to_owned())])
        };
        let mut report = Report::default();
        let mut table = Table::new();
        env::apply(&mut table, &environment, &mut report);
        assert!(report.problems.is_empty(), "{key}: {:?}", report.problems);
        assert!(report.variables.contains_key(&key), "{key} was not set");
    }
}

#[test]
fn every_property_in_a_rule_exists() {
    for name in properties::ruled() {
        assert!(property_names::scope(name).is_some(), "{name}");
    }
}

#[test]
fn every_known_property_is_known_to_librdkafka() {
    for name in property_names::names() {
        assert!(crate::kafka::property::exists(name), "{name}");
    }
    assert!(!crate::kafka::property::exists("fetch.min.byte"));
}

#[test]
fn a_table_of_entities_is_read_or_its_mistake_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("own.tsv");
    let parse = || {
        let text = format!("[extraction]\nentities = {:?}\n", path.display().to_string());
        Config::parse(&text, "test", &Environment::default())
    };
    let missing = parse().unwrap_err().to_string();
    assert!(missing.contains("extraction.entities") && missing.contains("own.tsv"), "{missing}");
    std::fs::write(&path, "ORG\tدار المدى\tAl Mada\n").unwrap();
    assert_eq!(parse().unwrap().entities.len(), 1);
    std::fs::write(&path, "HOUSE\tدار المدى\n").unwrap();
    let wrong = parse().unwrap_err().to_string();
    assert!(wrong.contains("line 1") && wrong.contains("HOUSE"), "{wrong}");
}

#[test]
fn the_accurate_tier_needs_its_model_and_says_where_it_looked() {
    let parse =
        |settings: &str| Config::parse(&format!("[extraction]\n{settings}"), "test", &Environment::default());
    assert!(parse("tier = \"accurate\"").unwrap().encoder.is_some(), "the model that is shipped");
    assert!(parse("encoder = \"nowhere.bin\"").unwrap().encoder.is_none(), "only that tier reads it");
    let missing = parse("tier = \"accurate\"\nencoder = \"nowhere.bin\"").unwrap_err().to_string();
    assert!(
        missing.contains("extraction.encoder") && missing.contains("/usr/share/khabar/nowhere.bin"),
        "{missing}"
    );
    let wrong = parse("tier = \"accurate\"\nencoder = \"Cargo.toml\"").unwrap_err().to_string();
    assert!(wrong.contains("Cargo.toml") && wrong.contains("safetensors"), "{wrong}");
    let none = parse("tier = \"accurate\"\nencoder = \"\"").unwrap_err().to_string();
    assert!(none.contains("is empty"), "{none}");
}
