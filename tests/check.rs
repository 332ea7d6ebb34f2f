//! `check` and `topics create` against a real Kafka.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use khabar_local_kafka::LocalKafka;

struct Bench {
    folder: tempfile::TempDir,
    kafka: LocalKafka,
}

impl Bench {
    fn settings(&self, name: &str, more: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        let text = format!(
            "[input]\ntopics = [\"{name}.raw\"]\n[input.kafka]\nbrokers = \"{}\"\n\
             [output]\ntopic = \"{name}.enriched\"\ndead_letter_topic = \"{name}.dead\"\n{more}",
            self.kafka.bootstrap()
        );
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn khabar(arguments: &[&str], settings: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
    command.args(arguments).arg("--config").arg(settings).args(["--timeout", "30"]);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KHABAR_")) {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn from_an_empty_cluster_to_one_that_is_well() {
    let Some(kafka) = LocalKafka::require() else { return };
    let bench = Bench { folder: tempfile::tempdir().unwrap(), kafka };
    let settings = bench.settings("news", "");

    let empty = khabar(&["check"], &settings);
    assert_eq!(empty.status.code(), Some(1), "{}", said(&empty));
    for name in ["news.raw", "news.enriched", "news.dead"] {
        assert!(said(&empty).contains(&format!("{name} does not exist")), "{}", said(&empty));
    }
    assert!(said(&empty).contains("khabar topics create"), "{}", said(&empty));

    let planned = khabar(&["topics", "create", "--dry-run"], &settings);
    assert!(planned.status.success(), "{}", said(&planned));
    assert_eq!(said(&planned).matches("would be made").count(), 3, "{}", said(&planned));
    let still = khabar(&["check"], &settings);
    assert_eq!(still.status.code(), Some(1), "a dry run makes nothing: {}", said(&still));

    let made = khabar(&["topics", "create", "--partitions", "3"], &settings);
    assert!(made.status.success(), "{}", said(&made));
    assert_eq!(said(&made).matches(": made with 3 partitions").count(), 3, "{}", said(&made));

    let again = khabar(&["topics", "create", "--partitions", "3"], &settings);
    assert!(again.status.success(), "{}", said(&again));
    assert_eq!(said(&again).matches("exists and is as it would be made").count(), 3, "{}", said(&again));
    let other = khabar(&["topics", "create", "--partitions", "5"], &settings);
    assert!(said(&other).contains("partitions=3 (new ones: 5)"), "{}", said(&other));

    let well = khabar(&["check"], &settings);
    assert!(well.status.success(), "{}", said(&well));
    assert!(said(&well).contains("0 problems, 0 warnings"), "{}", said(&well));

    let too_many = khabar(&["topics", "create", "--replication-factor", "3"], &bench.settings("many", ""));
    assert_eq!(too_many.status.code(), Some(1), "{}", said(&too_many));
    assert!(said(&too_many).contains("--replication-factor 3"), "{}", said(&too_many));

    let large = bench.settings("large", "max_message_bytes = \"2MB\"\n");
    let made = khabar(&["topics", "create"], &large);
    assert!(made.status.success(), "{}", said(&made));
    let larger = bench.settings("large", "max_message_bytes = \"20MB\"\n");
    let warned = khabar(&["check"], &larger);
    assert!(warned.status.success(), "a warning is no problem: {}", said(&warned));
    assert!(
        said(&warned).contains("set max.message.bytes = 20971520 on large.enriched"),
        "{}",
        said(&warned)
    );
}

#[test]
fn a_login_that_the_broker_does_not_want_is_explained() {
    let Some(kafka) = LocalKafka::require() else { return };
    let bench = Bench { folder: tempfile::tempdir().unwrap(), kafka };
    let sasl =
        "[input.kafka.sasl]\nmechanism = \"PLAIN\"\nusername = \"khabar\"\npassword = \"canary-7f3a\"\n";
    let tls = "[input.kafka.tls]\nenabled = true\n";
    for (more, expected) in [(sasl, "input.kafka."), (tls, "input.kafka.")] {
        let output = khabar(&["check"], &bench.settings("news", more));
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains("problem  input cluster"), "{}", said(&output));
        assert!(said(&output).contains(expected), "{}", said(&output));
        assert!(!said(&output).contains("canary"), "{}", said(&output));
    }
}
