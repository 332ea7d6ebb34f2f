//! What is depended on, held against `deny.toml`: licences, several versions of one crate, where crates come from.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use toml::Table;

/// The crates that are built here: name, version, licence, source. Not from `cargo metadata`, which counts what features
/// leave out.
fn crates() -> BTreeSet<[String; 4]> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--workspace",
            "--edges",
            "normal,build,dev",
            "--prefix",
            "none",
            "--no-dedupe",
        ])
        .args(["--format", "{p}|{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().filter(|line| !line.is_empty()).map(parts).collect()
}

/// `name v1.2.3 (where from)|licence`; nothing says where a crate of the registry is from.
fn parts(line: &str) -> [String; 4] {
    let (crate_, licence) = line.split_once('|').expect("a licence");
    let mut words = crate_.split_whitespace();
    let mut next = || words.next().unwrap_or_default().to_owned();
    let (name, version) = (next(), next());
    let rest = crate_.split_once(" (").map_or("", |(_, rest)| rest).replace("proc-macro)", "");
    [name, version, licence.to_owned(), rest.trim_matches([' ', '(', ')']).to_owned()]
}

fn rules() -> Table {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml");
    toml::from_str(&std::fs::read_to_string(path).expect("deny.toml")).expect("TOML")
}

fn names(list: &toml::Value) -> Vec<String> {
    let list = list.as_array().expect("a list").iter();
    list.map(|one| {
        one.as_str().or(one.get("crate").and_then(toml::Value::as_str)).expect("a name").to_owned()
    })
    .collect()
}

/// Whether a licence expression (SPDX, or with the slash of old manifests) can be met with these.
fn is_met(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    // An exception allows more than the licence that it is for.
    let spaced = spaced.replace(" WITH LLVM-exception", "");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let (met, rest) = either(&tokens, allowed);
    met && rest.is_empty()
}

fn either<'a>(tokens: &'a [&'a str], allowed: &dyn Fn(&str) -> bool) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = both(tokens, allowed);
    while let Some(("OR", after)) = rest.split_first().map(|(first, after)| (*first, after)) {
        let (other, left) = both(after, allowed);
        (met, rest) = (met || other, left);
    }
    (met, rest)
}

fn both<'a>(tokens: &'a [&'a str], allowed: &dyn Fn(&str) -> bool) -> (bool, &'a [&'a str]) {
    let (mut met, mut rest) = one(tokens, allowed);
    while let Some(("AND", after)) = rest.split_first().map(|(first, after)| (*first, after)) {
        let (other, left) = one(after, allowed);
        (met, rest) = (met && other, left);
    }
    (met, rest)
}

fn one<'a>(tokens: &'a [&'a str], allowed: &dyn Fn(&str) -> bool) -> (bool, &'a [&'a str]) {
    match tokens.split_first() {
        Some((&"(", rest)) => {
            let (met, rest) = either(rest, allowed);
            let (closed, rest) =
                rest.split_first().map_or((false, rest), |(next, rest)| (*next == ")", rest));
            (met && closed, rest)
        }
        Some((licence, rest)) => (allowed(licence), rest),
        None => (false, tokens),
    }
}

#[test]
fn licences_are_permissive() {
    let rules = rules();
    let allowed = names(&rules["licenses"]["allow"]);
    let excepted = rules["licenses"]["exceptions"].as_array().expect("exceptions");
    let crates = crates();
    for [name, version, licence, _] in &crates {
        let own = excepted.iter().find(|one| one["crate"].as_str() == Some(name));
        let own = own.map(|one| names(&one["allow"])).unwrap_or_default();
        let met = is_met(licence, &|id| allowed.iter().chain(&own).any(|licence| licence == id));
        assert!(met, "{name} {version}: its licence, {licence:?}, is not allowed in deny.toml");
    }
    for one in excepted {
        let name = one["crate"].as_str().expect("a name");
        assert!(crates.iter().any(|[n, ..]| n == name), "deny.toml excepts {name}, which is not used");
    }
}

#[test]
fn expressions_are_understood() {
    let allowed = |id: &str| matches!(id, "MIT" | "ISC");
    for met in ["MIT", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "(MIT OR GPL-3.0) AND ISC", "MIT AND ISC"] {
        assert!(is_met(met, &allowed), "{met}");
    }
    for not in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", "(MIT", "MIT ISC"] {
        assert!(!is_met(not, &allowed), "{not}");
    }
}

#[test]
fn one_version_of_a_crate_is_enough() {
    let skipped = names(&rules()["bans"]["skip"]);
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for [name, version, ..] in crates() {
        versions.entry(name).or_default().insert(version);
    }
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        assert!(skipped.contains(name), "{name} is there in the versions {versions:?}: see deny.toml");
    }
    for name in skipped {
        assert!(versions.get(&name).is_some_and(|v| v.len() > 1), "deny.toml skips {name} without need");
    }
}

#[test]
fn crates_come_from_the_registry() {
    let own = env!("CARGO_MANIFEST_DIR");
    for [name, _, _, source] in crates() {
        assert!(source.is_empty() || source.starts_with(own), "{name} comes from {source}");
    }
    let line = |text: &str| parts(text).to_vec();
    assert_eq!(line("a v1.0.0 (proc-macro)|MIT"), ["a", "v1.0.0", "MIT", ""]);
    assert_eq!(line("b v1.0.0 (https://x/y#1)|MIT"), ["b", "v1.0.0", "MIT", "https://x/y#1"]);
}
