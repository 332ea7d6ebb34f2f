//! `khabar diff` over files. Golden files in `golden/diff`.

mod golden;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn khabar(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KHABAR_")) {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A record over a source, with what makes it one of a topic.
fn record(offset: i64, language: &str, entities: &[(&str, &str, Option<&str>)]) -> Value {
    let list: Vec<_> = (1..)
        .zip(entities)
        .map(|(number, (kind, name, link))| {
            json!({"id": format!("e{number}"), "type": kind, "name": name, "link": {"wikidata": link},
                   "mentions": [number - 1], "confidence": 0.9})
        })
        .collect();
    json!({"schema": "khabar.enriched/1", "id": format!("a{offset}"), "content_hash": "sha256:00",
           "source": {"topic": "news.raw", "partition": 0, "offset": offset, "timestamp": null},
           "pipeline": {"version": "0.1.0", "config": "c0ffee", "kb": "2026-11", "models": {}},
           "language": {"declared": null, "detected": language, "confidence": 1.0},
           "text": {"title": null, "body": "نص"}, "entities": list, "mentions": [], "diagnostics": []})
}

/// Writes two files that differ in everything that can differ.
fn files(folder: &Path) {
    let salem = ("PER", "سالم", None);
    let bank = ("ORG", "البنك الدولي", None);
    let a = [
        record(0, "ar", &[salem, bank]),
        record(1, "ar", &[salem]),
        record(2, "en", &[("LOC", "Valletta", Some("Q13"))]),
        record(3, "en", &[]),
        record(4, "fr", &[]),
        record(0, "ar", &[salem, bank]),
    ];
    let mut b = vec![
        record(0, "ar", &[bank, salem]),
        record(1, "ar", &[salem, ("PER", "هدى", None)]),
        record(2, "en", &[("LOC", "Valletta", Some("Q99"))]),
        record(3, "fr", &[]),
        record(5, "ru", &[]),
    ];
    b[1]["diagnostics"] =
        json!([{"stage": "quotes", "code": "no_quotes", "message": "none\u{1b}[31m was found"}]);
    for record in &mut b {
        record["pipeline"]["version"] = json!("0.2.0");
        record["pipeline"]["models"] = json!({"ar": "m7"});
    }
    let lines = |records: &[Value]| records.iter().map(|record| format!("{record}\n")).collect::<String>();
    std::fs::write(folder.join("a.jsonl"), lines(&a)).unwrap();
    std::fs::write(folder.join("b.jsonl"), lines(&b) + "{broken\n").unwrap();
}

#[test]
fn two_files_for_a_person_and_for_a_program() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path());
    let output = khabar(folder.path(), &["diff", "a.jsonl", "b.jsonl"]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    golden::check("diff/table.txt", &text(&output.stdout));
    let output = khabar(folder.path(), &["diff", "a.jsonl", "b.jsonl", "--json"]);
    assert_eq!(output.status.code(), Some(5));
    golden::check("diff/report.json", &text(&output.stdout));
    let output = khabar(folder.path(), &["diff", "a.jsonl", "a.jsonl"]);
    assert_eq!(output.status.code(), Some(0));
    golden::check("diff/no-difference.txt", &text(&output.stdout));
}

#[test]
fn what_enrich_writes_is_no_different_from_itself() {
    let folder = tempfile::tempdir().unwrap();
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/000_374f6dea2bdb99e4.txt");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/demo/en-page.html");
    let enriched = khabar(folder.path(), &["enrich", seed.to_str().unwrap(), page.to_str().unwrap()]);
    assert!(enriched.status.success(), "{}", text(&enriched.stderr));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&enriched.stdout).unwrap();
    std::fs::write(folder.path().join("a.jsonl.gz"), gzip.finish().unwrap()).unwrap();
    let mut diff = Command::new(env!("CARGO_BIN_EXE_khabar"))
        .current_dir(folder.path())
        .args(["diff", "a.jsonl.gz", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    diff.stdin.take().unwrap().write_all(&enriched.stdout).unwrap();
    let output = diff.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["both"], &report["identical"]), (&json!(2), &json!(2)));
}

#[test]
fn what_cannot_be_compared_is_told() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path());
    let cases: [(&[&str], i32, &str); 6] = [
        (&["diff", "-", "a.jsonl"], 2, "is read twice"),
        (&["diff", "a.jsonl", "missing.jsonl"], 1, "B: cannot read missing.jsonl"),
        (&["diff", "a.jsonl", "."], 1, "is a folder"),
        (&["diff", "a.jsonl", "b.jsonl", "--fields", "entitys"], 2, "entities"),
        (&["diff", "a.jsonl", "b.jsonl", "--sample", "2"], 2, "at most 1"),
        (&["diff", "a.jsonl", "no such topic"], 2, "B"),
    ];
    for (arguments, code, said) in cases {
        let output = khabar(folder.path(), arguments);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
    }
    // Half a file is no file.
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&std::fs::read(folder.path().join("a.jsonl")).unwrap()).unwrap();
    let whole = gzip.finish().unwrap();
    std::fs::write(folder.path().join("cut.jsonl.gz"), &whole[..whole.len() - 20]).unwrap();
    let output = khabar(folder.path(), &["diff", "a.jsonl", "cut.jsonl.gz"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("broken or cut short"), "{}", text(&output.stderr));
}

#[test]
fn a_sample_is_the_same_records_on_both_sides() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = (0..400).map(|offset| format!("{}\n", record(offset, "ar", &[]))).collect();
    std::fs::write(folder.path().join("a.jsonl"), lines).unwrap();
    let output = khabar(folder.path(), &["diff", "a.jsonl", "a.jsonl", "--sample", "0.25", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let both = report["both"].as_u64().unwrap();
    assert!((60..140).contains(&both), "{both} of 400");
    assert_eq!(report["a"]["outside_sample"], json!(400 - both));
}
