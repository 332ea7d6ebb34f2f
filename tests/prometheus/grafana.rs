//! The dashboards against what Grafana publishes of its dashboards: the types of its Foundation SDK, made from the schemas of
//! Grafana itself, which read them strictly. That is a Go module; the program beside this file is compiled with it once.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::common::skip::skipped;
use crate::source::{own_files, read, repository};

/// What the module asks for, as Go tells it.
const LEAST_GO: (u32, u32) = (1, 21);

/// Version of Go; `None` without one.
fn go() -> Option<(u32, u32)> {
    let output = Command::new("go").args(["env", "GOVERSION"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut numbers = text.trim().strip_prefix("go")?.split('.').map_while(|part| part.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// The compiled reader; `None` where there is no Go, or an older one, as in Debian 12.
fn reader() -> Option<PathBuf> {
    let version = go();
    if version.is_none_or(|version| version < LEAST_GO) {
        let there = version.map_or("none".to_owned(), |(major, minor)| format!("{major}.{minor}"));
        skipped(&format!(
            "the dashboards by Grafana's schemas need Go {}.{}, here is {there}",
            LEAST_GO.0, LEAST_GO.1
        ));
        return None;
    }
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("grafana-reader");
    let output = Command::new("go")
        .args(["build", "-mod=readonly", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(repository().join("tests/prometheus/grafana"))
        .output()
        .expect("go");
    if !output.status.success() {
        skipped(&format!("Grafana's schemas: {}", String::from_utf8_lossy(&output.stderr)));
        return None;
    }
    Some(program)
}

/// What it says of a dashboard; nothing when all is well.
fn complaints(reader: &Path, dashboard: &Value) -> String {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), dashboard.to_string()).expect("written");
    let output = Command::new(reader).arg(file.path()).output().expect("the reader");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    said
}

#[test]
fn grafana_knows_every_member_of_the_dashboards() {
    let Some(reader) = reader() else { return };
    let paths: Vec<_> =
        own_files("deploy/grafana/dashboards").into_iter().filter(|path| path.ends_with(".json")).collect();
    assert!(paths.len() >= 4, "{paths:?}");
    for path in &paths {
        let dashboard: Value = serde_json::from_str(&read(path)).expect("JSON");
        assert_eq!(complaints(&reader, &dashboard), "", "{path}");
    }
    let whole: Value = serde_json::from_str(&read("deploy/grafana/dashboards/khabar.json")).expect("JSON");
    for (at, wrong) in [
        ("/panels/0/options/grafMode", json!("area")),
        ("/panels/0/options/wideLayout", json!("yes")),
        ("/panels/0/targets/0/expresion", json!("up")),
        ("/templating/list/0/multi", json!("yes")),
        ("/timezones", json!("utc")),
    ] {
        let mut broken = whole.clone();
        let (parent, name) = at.rsplit_once('/').expect("a path");
        broken.pointer_mut(parent).expect("a member")[name] = wrong;
        assert!(complaints(&reader, &broken).contains(name), "{at}: the check can fail");
    }
}
