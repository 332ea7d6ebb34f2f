//! The binary as a person meets it: help, exit codes, `check` without a cluster. Golden files in `golden/cli`.

mod golden;

use std::fs::File;
use std::process::{Command, Output, Stdio};

use khabar::kafka::embedded::Embedded;

fn khabar(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
    command.args(arguments).env_remove("RUST_LOG").env("COLUMNS", "100");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KHABAR_")) {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn help_of_every_command() {
    let commands: [&[&str]; 16] = [
        &[],
        &["demo"],
        &["run"],
        &["check"],
        &["topics"],
        &["topics", "create"],
        &["enrich"],
        &["feed"],
        &["diff"],
        &["dlq"],
        &["dlq", "list"],
        &["dlq", "show"],
        &["dlq", "export"],
        &["dlq", "redrive"],
        &["top"],
        &["tap"],
    ];
    for command in commands {
        let output = khabar(&[command, &["--help"]].concat());
        assert!(output.status.success(), "{command:?}");
        let name = if command.is_empty() { "khabar".to_owned() } else { command.join("-") };
        golden::check(&format!("cli/help-{name}.txt"), &text(&output.stdout));
    }
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    for arguments in [&["rum"][..], &["run"], &["demo", "--rate", "0"], &["enrich", "--input-format", "xml"]]
    {
        assert_eq!(khabar(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn wrong_settings_end_with_2_and_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrong.toml");
    std::fs::write(&path, "[output]\ntext = \"ful\"\n[pipeline]\nlane = 4\n").unwrap();
    let output = khabar(&["check", "--config", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr).replace(path.to_str().unwrap(), "wrong.toml");
    golden::check("cli/wrong-settings.txt", &said);
    let missing = khabar(&["run", "--config", "/nowhere/khabar.toml"]);
    assert_eq!(missing.status.code(), Some(2));
    golden::check("cli/missing-settings.txt", &text(&missing.stderr));
}

#[test]
fn check_reads_well_without_a_cluster() {
    let output = khabar(&["check", "--offline", "--config", "config/khabar.toml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    golden::check("cli/check-offline.txt", &text(&output.stdout));
}

#[test]
fn check_says_what_to_do_when_nobody_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("khabar.toml");
    // A port that was free a moment ago, and a password that must not be seen anywhere.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = format!(
        "[input.kafka]\nbrokers = \"127.0.0.1:{port}\"\n[input.kafka.sasl]\nmechanism = \"PLAIN\"\n\
         username = \"khabar\"\npassword = \"canary-7f3a\"\n"
    );
    std::fs::write(&path, settings).unwrap();
    let output = khabar(&["check", "--timeout", "2", "--config", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(!said.contains("canary"), "{said}");
    let said = said.replace(path.to_str().unwrap(), "khabar.toml").replace(&port.to_string(), "PORT");
    golden::check("cli/check-unreachable.txt", &said);
}

#[test]
fn a_standard_output_that_fails_is_no_panic() {
    let broker = Embedded::start(&[("news.raw", 1), ("news.enriched", 1), ("news.raw.dead", 1)]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("khabar.toml");
    std::fs::write(&path, format!("[input.kafka]\nbrokers = \"{}\"\n", broker.brokers())).unwrap();
    let commands: [&[&str]; 2] = [&["check", "--offline"], &["topics", "create", "--timeout", "1"]];
    for command in commands {
        let with = |stdout: Stdio| {
            let mut khabar = Command::new(env!("CARGO_BIN_EXE_khabar"));
            khabar.args(command).arg("--config").arg(&path).stdout(stdout).stderr(Stdio::piped());
            let output = khabar.spawn().unwrap().wait_with_output().unwrap();
            (output.status.code(), text(&output.stderr))
        };
        // Its reader is gone before anything is written.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(with(writer.into()), (Some(0), String::new()), "{command:?}");
        let (code, said) = with(File::options().write(true).open("/dev/full").unwrap().into());
        assert_eq!(code, Some(1), "{command:?}: {said}");
        assert!(said.starts_with("khabar: cannot write to standard output: No space left"), "{said}");
    }
}

#[test]
fn a_taken_port_of_the_demo_is_told_in_its_own_words() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = khabar(&["demo", "--once", "--port", &port]);
    let why = "is taken: use --port 0 for a free one, or another port";
    let expected = format!("khabar: port {port} on 127.0.0.1 {why}\n");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(1), expected));
}

/// What the first page promises is what the first command prints.
#[test]
fn the_readme_shows_what_the_demo_prints() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let shown =
        readme.split("```").find(|block| block.starts_with("text\nمهرجان")).expect("the demo's article");
    let output = khabar(&["demo", "--once", "--port", "0"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // Where a record came to stand differs from run to run, and where its lines break with it.
    let placeless = |shown: &str| {
        let mut words = shown.split_whitespace();
        let mut kept = Vec::new();
        while let Some(word) = words.next() {
            if word.starts_with("demo.raw/") {
                words.by_ref().take(3).for_each(drop);
            } else {
                kept.push(word);
            }
        }
        kept.join(" ")
    };
    let printed = placeless(&text(&output.stdout));
    let lines = shown.lines().skip(1).filter(|line| line.trim() != "…");
    let missing: Vec<String> = lines.map(placeless).filter(|line| !printed.contains(line)).collect();
    assert!(missing.is_empty(), "the README shows what the demo does not print: {missing:#?}");
}
