//! Keeps the map in `ARCHITECTURE.md` true: which module may import which, what the understanding may
//! not touch, and a few habits that no lint knows. Each rule is shown to fail on a bad sample.

mod source;

use source::{Source, idents_after, mask, own_sources, roots};

/// The modules of the service with their level. A module may import from strictly lower levels and
/// from itself; a new module must be given its place here.
const LEVELS: &[(&str, u8)] = &[
    ("main", 12),
    ("cmd", 11),
    ("config", 10),
    ("admin", 9),
    ("kafka", 9),
    ("memory", 9),
    ("pipeline", 8),
    ("letters", 7),
    ("stage", 7),
    ("cli", 6),
    ("dead_letter", 6),
    ("diff", 5),
    ("outgoing", 5),
    ("ledger", 4),
    ("render", 4),
    ("stages", 4),
    ("replay", 4),
    ("decode", 3),
    ("encode", 3),
    ("demo_feed", 3),
    ("input", 3),
    ("offsets", 3),
    ("breaker", 3),
    ("envelope", 2),
    ("health", 0),
    ("logging", 0),
    ("metrics", 0),
    ("remote", 1),
    ("samples", 3),
    ("status", 0),
    ("tap", 8),
    ("top", 5),
    ("trace", 3),
    ("ordered", 0),
    ("shutdown", 0),
];

/// Imports that the levels would allow and the design does not: (importer, imported, why).
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("config", "cli", "config is read from files and the environment; cmd hands flags over"),
    ("offsets", "metrics", "the tracker is pure"),
    ("decode", "metrics", "stages are plain functions; counting is done where they are run"),
    ("encode", "metrics", "stages are plain functions; counting is done where they are run"),
];

/// What `khabar-enrich` may not name: it has no runtime, no broker, no files, no clock, no environment.
const NOT_IN_ENRICH: &[&str] = &[
    "tokio",
    "rdkafka",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "Zoned::now",
    "thread_rng",
    "RandomState",
];

/// What is not written outside tests: bad input never ends the process.
const NOT_OUTSIDE_TESTS: &[&str] = &[".unwrap()", ".expect(\"", "panic!(", "todo!(", "unimplemented!("];

/// What starts another program: a record's text could reach its command line.
const OTHER_PROGRAMS: &[&str] = &["process::Command", "Command::new"];

const MAX_LINES: usize = 400;

#[test]
fn imports_run_one_way() {
    check(own_sources("src").iter().flat_map(upward_imports));
}

#[test]
fn only_kafka_names_rdkafka() {
    check(own_sources("src").iter().flat_map(rdkafka_outside_kafka));
}

#[test]
fn the_understanding_stands_alone() {
    check(own_sources("crates/enrich/src").iter().flat_map(|s| names(s, NOT_IN_ENRICH)));
}

#[test]
fn nothing_unwraps_outside_tests() {
    // crates/local-kafka serves tests and people at a terminal only: it may give up, and says why.
    let sources = roots().into_iter().filter(|root| !root.ends_with("local-kafka/src"));
    check(sources.flat_map(|root| own_sources(&root)).flat_map(|s| names(&s, NOT_OUTSIDE_TESTS)));
}

#[test]
fn the_service_starts_no_other_program() {
    let sources = ["src", "crates/enrich/src"].into_iter().flat_map(own_sources);
    check(sources.flat_map(|s| names(&s, OTHER_PROGRAMS)));
}

#[test]
fn files_stay_small() {
    let all = roots().into_iter().flat_map(|root| own_sources(&root)).chain(own_sources("tests"));
    check(all.flat_map(|s| too_long(&s)));
}

#[test]
fn every_crate_forbids_unsafe_code() {
    // Vector instructions need it; whatever calls them does not.
    let roots = roots().into_iter().flat_map(|root| own_sources(&root));
    let roots = roots.filter(|source| !source.path.starts_with("crates/kernels/"));
    let roots = roots.filter(Source::is_crate_root);
    // Each fuzz target is a crate of its own.
    check(roots.chain(own_sources("fuzz/fuzz_targets")).flat_map(|s| unsafe_allowed(&s)));
}

fn check(violations: impl Iterator<Item = String>) {
    let violations: Vec<_> = violations.collect();
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

// The rules: each takes a file and says what is wrong with it.

fn upward_imports(source: &Source) -> Vec<String> {
    let from = source.module();
    let Some(level) = level(&from) else {
        // lib.rs only declares modules.
        return if from == "lib" {
            Vec::new()
        } else {
            vec![format!("{}: give `{from}` its place in LEVELS of tests/architecture.rs", source.path)]
        };
    };
    let code = mask(&source.text);
    let imported = idents_after(&code, "crate::").into_iter().chain(idents_after(&code, "khabar::"));
    let mut wrong = Vec::new();
    for (line, to) in imported {
        let Some(to_level) = crate::level(&to) else { continue };
        let forbidden = FORBIDDEN.iter().find(|(f, t, _)| *f == from && *t == to);
        if from != to && to_level >= level {
            wrong.push(format!("{}:{line}: `{from}` may not import `{to}`, which is above it", source.path));
        } else if let Some((_, _, why)) = forbidden {
            wrong.push(format!("{}:{line}: `{from}` may not import `{to}`: {why}", source.path));
        }
    }
    wrong
}

fn level(module: &str) -> Option<u8> {
    LEVELS.iter().find(|(name, _)| *name == module).map(|(_, level)| *level)
}

fn rdkafka_outside_kafka(source: &Source) -> Vec<String> {
    if source.module() == "kafka" { Vec::new() } else { names(source, &["rdkafka"]) }
}

fn names(source: &Source, forbidden: &[&str]) -> Vec<String> {
    if source.is_test() {
        return Vec::new();
    }
    let code = mask(&source.text);
    let mut wrong = Vec::new();
    for name in forbidden {
        for (line, text) in code.lines().enumerate() {
            if source::has_word(text, name) {
                wrong.push(format!("{}:{}: `{name}` has no place here", source.path, line + 1));
            }
        }
    }
    wrong
}

fn too_long(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    if lines <= MAX_LINES {
        return Vec::new();
    }
    vec![format!("{}: {lines} lines; split it by idea ({MAX_LINES} at most)", source.path)]
}

fn unsafe_allowed(source: &Source) -> Vec<String> {
    if source.text.contains("#![forbid(unsafe_code)]") {
        return Vec::new();
    }
    vec![format!("{}: add #![forbid(unsafe_code)]", source.path)]
}

// Every rule can fail.

#[test]
fn each_rule_finds_what_it_forbids() {
    let finds = |rule: fn(&Source) -> Vec<String>, path: &str, text: &str, count: usize| {
        let found = rule(&Source::new(path, text));
        assert_eq!(found.len(), count, "{path}: {text}\n{found:?}");
    };
    finds(upward_imports, "src/envelope.rs", "use crate::pipeline::Settings;", 1);
    finds(upward_imports, "src/decode/json.rs", "use crate::{envelope::Raw, config, pipeline};", 2);
    finds(upward_imports, "src/pipeline.rs", "fn f() { crate::kafka::open() }", 1);
    finds(upward_imports, "src/metrics.rs", "use crate::envelope::Reason;", 1);
    finds(upward_imports, "src/kafka/mod.rs", "use crate::config::Config;", 1);
    finds(upward_imports, "src/config/mod.rs", "use crate::cli::RunArgs;", 1);
    finds(upward_imports, "src/kafka/mod.rs", "use crate::memory::Source;", 1);
    finds(upward_imports, "src/main.rs", "use khabar::{cli, cmd};", 0);
    finds(upward_imports, "src/envelope.rs", "// use crate::pipeline;\n", 0);
    finds(upward_imports, "src/newcomer.rs", "", 1);
    finds(rdkafka_outside_kafka, "src/pipeline.rs", "use rdkafka::ClientConfig;", 1);
    finds(rdkafka_outside_kafka, "src/kafka/a.rs", "use rdkafka::ClientConfig;", 0);
    finds(rdkafka_outside_kafka, "src/stage.rs", "/// not as rdkafka does\nfn f() {}", 0);
    let enrich: fn(&Source) -> Vec<String> = |s| names(s, NOT_IN_ENRICH);
    finds(enrich, "crates/enrich/src/a.rs", "let t = std::time::Instant::now();", 1);
    finds(enrich, "crates/enrich/src/a.rs", "use std::fs::File; use std::env;", 2);
    finds(enrich, "crates/enrich/src/a.rs", "let instance = Instantly; // Instant", 0);
    let unwraps: fn(&Source) -> Vec<String> = |s| names(s, NOT_OUTSIDE_TESTS);
    finds(unwraps, "src/a.rs", "let a = b.unwrap();\nlet c = d.expect(\"e\");", 2);
    finds(unwraps, "src/a.rs", "fn f() {}\n#[cfg(test)]\nmod tests { fn g() { b.unwrap() } }", 0);
    finds(unwraps, "src/a.rs", "#[cfg(test)]\nmod tests;\nfn g() { b.unwrap() }", 1);
    finds(unwraps, "src/a.rs", "let s = \"} .unwrap()\"; let c = '\"'; b.unwrap_or(0)", 0);
    finds(unwraps, "src/decode/tests.rs", "b.unwrap();", 0);
    let programs: fn(&Source) -> Vec<String> = |s| names(s, OTHER_PROGRAMS);
    finds(programs, "src/a.rs", "use std::process::Command;", 1);
    finds(programs, "src/a.rs", "let c = Command::new(\"sh\");", 1);
    finds(programs, "src/a.rs", "use std::process::ExitCode;", 0);
    finds(too_long, "src/a.rs", &"\n".repeat(MAX_LINES + 1), 1);
    finds(too_long, "src/a.rs", &"\n".repeat(MAX_LINES), 0);
    finds(unsafe_allowed, "src/lib.rs", "pub mod a;", 1);
}

#[test]
fn the_rules_see_the_sources() {
    let sources = own_sources("src");
    assert!(sources.iter().any(|s| s.path == "src/envelope.rs"), "no src/envelope.rs");
    assert!(sources.iter().filter(|s| s.is_crate_root()).count() >= 2, "no src/lib.rs and src/main.rs");
    assert!(roots().len() >= 3, "fewer crates than expected: {:?}", roots());
}

/// The harness keeps what a passing test prints, so a test that is skipped so is skipped in silence.
#[test]
fn what_is_skipped_is_said_by_the_helper() {
    let printed = concat!("println!(\"", "skipped");
    let says = |source: &Source| source.text.contains(printed);
    let tests = roots().into_iter().map(|root| root.replace("src", "tests")).chain(["tests".to_owned()]);
    let silent: Vec<_> =
        tests.flat_map(|folder| own_sources(&folder)).filter(says).map(|source| source.path).collect();
    assert_eq!(silent, Vec::<String>::new(), "use tests/common/skip.rs");
    assert!(says(&Source::new("tests/a.rs", &format!("{printed}\")"))), "the check can fail");
}
