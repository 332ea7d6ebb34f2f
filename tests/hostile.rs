//! Hostile records through all stages: each ends in an enriched record or in a dead letter with a
//! reason, on a thread with a quarter of a lane's stack.

#[path = "hostile/inputs.rs"]
mod inputs;

use std::sync::mpsc;
use std::time::Duration;

use inputs::Expect;
use khabar::decode::{Decoder, Settings};
use khabar::encode::{Encoder, PipelineInfo};
use khabar::envelope::{Outcome, Reason};
use khabar::stages::{Processed, Stages};
use khabar_enrich::Enricher;

/// Lanes have 8 MB.
const STACK: usize = 2 << 20;
/// A record that takes longer has stalled; the slowest takes a small part of it.
const WATCHDOG: Duration = Duration::from_secs(120);

fn stages() -> Stages {
    Stages {
        decoder: Decoder::new(Settings::default()),
        enricher: Enricher::new(khabar_enrich::Settings::default()),
        encoder: Encoder::new(PipelineInfo::default(), false),
    }
}

#[test]
fn each_ends_in_a_record_or_a_dead_letter() {
    let all = inputs::all();
    let names: std::collections::BTreeSet<&str> = all.iter().map(|i| i.name).collect();
    assert!(all.len() >= 60 && names.len() == all.len(), "{} inputs, {} names", all.len(), names.len());
    let (done, results) = mpsc::sync_channel(16);
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let stages = stages();
        for input in all {
            let outcome = stages.process(&input.raw, None);
            let ended = match outcome {
                Outcome::Emit(Processed::Enriched(record)) => {
                    serde_json::from_slice(&record.value).map(Ended::Record).unwrap()
                }
                Outcome::Emit(Processed::Tombstone) => panic!("{}: a tombstone", input.name),
                Outcome::Reject(reject) => Ended::DeadLetter(reject.reason, reject.message),
                Outcome::Drop(reason) => panic!("{}: dropped, {reason:?}", input.name),
            };
            done.send((input.name, input.expect, ended)).unwrap();
        }
    });
    let mut wrong = Vec::new();
    let mut last = "none";
    loop {
        let (name, expect, ended) = match results.recv_timeout(WATCHDOG) {
            Ok(result) => result,
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("the record after {last} stalls"),
        };
        last = name;
        if let Some(problem) = ended.problem(expect) {
            wrong.push(format!("{name}: expected {expect:?}, {problem}"));
        }
    }
    worker.unwrap().join().unwrap();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

enum Ended {
    Record(serde_json::Value),
    DeadLetter(Reason, String),
}

impl Ended {
    fn problem(&self, expect: Expect) -> Option<String> {
        match (self, expect) {
            (Ended::DeadLetter(Reason::Panic, message), _) => Some(message.clone()),
            (Ended::DeadLetter(_, message), _) if message.is_empty() || message.len() > 300 => {
                Some(format!("a message of {} bytes", message.len()))
            }
            (Ended::DeadLetter(reason, _), Expect::Rejected(expected)) if *reason == expected => None,
            (Ended::DeadLetter(..), Expect::Either) => None,
            (Ended::DeadLetter(reason, message), _) => Some(format!("rejected as {reason:?}: {message}")),
            (Ended::Record(record), expect) => {
                let codes: Vec<&str> = record["diagnostics"]
                    .as_array()
                    .map(|all| all.iter().filter_map(|d| d["code"].as_str()).collect())
                    .unwrap_or_default();
                let body = record["text"]["body"].as_str().map_or(0, str::len);
                let found = match expect {
                    Expect::Rejected(_) => false,
                    Expect::Either => true,
                    Expect::Diagnostic(code) => {
                        let code = serde_json::to_value(code).unwrap();
                        codes.iter().any(|c| code == *c)
                    }
                };
                (!found || body == 0).then(|| format!("a record with a body of {body} bytes and {codes:?}"))
            }
        }
    }
}

#[test]
fn they_can_be_written_as_files() {
    let folder = tempfile::tempdir().unwrap();
    let written = inputs::write_into(folder.path()).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), written);
}
