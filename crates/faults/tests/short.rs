//! A short run of the suite in each delivery mode, on a real Kafka. `KHABAR_FAULTS_BINARY` names the khabar to
//! run; by default it is the one beside the suite, built first where it is missing or older than its sources.

use std::io::Write;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The suite's exit code where this machine has no Java or Maven.
const MISSING_TOOL: i32 = 3;
/// Two cores have enough to do with one run.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn at_least_once_holds_over_a_few_faults() {
    run("at-least-once");
}

#[test]
fn exactly_once_holds_over_a_few_faults() {
    run("exactly-once");
}

fn run(mode: &str) {
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut command = Command::new(env!("CARGO_BIN_EXE_khabar-faults"));
    command.args(["--mode", mode, "--records", "4000", "--faults", "5", "--seed", "10"]);
    command.args(["--only", "sigkill,sigterm,freeze,broker_kill,link_cut"]);
    if let Some(khabar) = std::env::var_os("KHABAR_FAULTS_BINARY") {
        command.arg("--khabar").arg(khabar);
    }
    let output = command.output().expect("the suite");
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.code() == Some(MISSING_TOOL) && std::env::var("CI").as_deref() != Ok("true") {
        // Straight to the terminal: the test harness would capture `println!` of a passing test.
        let _ = writeln!(std::io::stderr(), "skipped: no local kafka: {}", errors.trim_end());
        return;
    }
    assert!(output.status.success(), "{}\n{said}{errors}", output.status);
    let last = said.lines().last().unwrap_or_default();
    let found: serde_json::Value = serde_json::from_str(last).expect("a last line of JSON");
    assert_eq!(found["mode"], mode);
    assert_eq!(found["records"], 4000);
    for name in ["lost", "out_of_order", "uncommitted", "unexcused", "unbalanced_scrapes"] {
        assert_eq!(found[name], 0, "{name} in {last}");
    }
    let number = |name: &str| found[name].as_u64().unwrap_or_default();
    assert_eq!(number("published") + number("dead_lettered"), 4000, "{last}");
    assert!(number("scrapes") > 0, "{last}");
    assert_eq!(found["faults"].as_object().map(serde_json::Map::len), Some(5), "{last}");
}
