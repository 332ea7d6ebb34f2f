//! The rules, their cases and their runbook.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::source::{read, repository};
use crate::{has_prometheus, queries};

fn promtool(arguments: &[&str], folder: PathBuf) -> (bool, String) {
    let output = Command::new("promtool").args(arguments).current_dir(folder).output().expect("promtool");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn prometheus_accepts_its_configuration() {
    if !has_prometheus() {
        return;
    }
    let (accepted, said) =
        promtool(&["check", "config", "prometheus.yml"], repository().join("deploy/prometheus"));
    assert!(accepted && said.contains("rules found"), "{said}");
}

#[test]
fn rules_hold_their_cases() {
    if !has_prometheus() {
        return;
    }
    let (passed, said) =
        promtool(&["test", "rules", "rules_test.yml"], repository().join("deploy/prometheus"));
    assert!(passed, "{said}");
}

#[test]
fn each_rule_has_cases_and_each_alert_one_that_fires_and_one_that_does_not() {
    let tests: Value =
        serde_saphyr::from_str(&read("deploy/prometheus/rules_test.yml")).expect("rules_test.yml");
    let tests: Vec<_> = tests["tests"].as_array().expect("tests").clone();
    let of = |kind: &str| -> Vec<Value> {
        tests.iter().flat_map(|test| test[kind].as_array().cloned().unwrap_or_default()).collect()
    };
    let (alerts, values) = (of("alert_rule_test"), of("promql_expr_test"));
    for rule in queries::rules() {
        if let Some(record) = rule["record"].as_str() {
            assert!(values.iter().any(|test| test["expr"] == record), "{record} has no case");
            continue;
        }
        let name = rule["alert"].as_str().expect("a name");
        let cases: Vec<_> = alerts.iter().filter(|test| test["alertname"] == name).collect();
        let fires = |case: &&&Value| case["exp_alerts"].as_array().is_some_and(|alerts| !alerts.is_empty());
        let firing = cases.iter().filter(fires).count();
        assert!(firing >= 1 && firing < cases.len(), "{name}: {firing} of {} cases fire", cases.len());
    }
}

#[test]
fn each_alert_has_a_runbook() {
    let operations = read("docs/operations.md");
    let sections: Vec<_> =
        operations.lines().filter_map(|line| line.strip_prefix("### ")).map(str::to_owned).collect();
    let mut alerts = Vec::new();
    for rule in queries::rules() {
        let Some(name) = rule["alert"].as_str() else { continue };
        alerts.push(name.to_owned());
        assert!(sections.iter().any(|section| section == name), "docs/operations.md has no section {name}");
        let annotations = &rule["annotations"];
        let anchor = format!("https://khabar.example/docs/operations.md#{}", name.to_lowercase());
        assert_eq!(annotations["runbook_url"], anchor, "the runbook of {name}");
        for annotation in ["summary", "action"] {
            assert!(annotations[annotation].is_string(), "{name} has no {annotation}");
        }
        let severity = rule["labels"]["severity"].as_str().expect("a severity");
        assert!(matches!(severity, "critical" | "warning"), "{name}: {severity}");
    }
    // Sections of alerts that are gone go, too.
    for section in sections.iter().filter(|section| section.starts_with("Khabar")) {
        assert!(
            alerts.contains(section),
            "docs/operations.md has a section for {section}, which is no alert"
        );
    }
}
