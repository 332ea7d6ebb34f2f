//! Runs every `khabar-lab` that the documents and its own help show, on small made-up files, as somebody would who reads along.

#[path = "../../enrich/src/encoder/checkpoint/sample.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod sample;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BODY: &str = "قالت ريمة الحسون إن شركة نورثفيلد افتتحت فرعها في كرنبوسة.";
/// Documents, and how many complete command lines each has at least.
const DOCUMENTS: [(&str, usize); 3] = [("README.md", 0), ("CONTRIBUTING.md", 0), ("docs/operations.md", 2)];
/// Commands whose help has an example.
const EXPLAINED: [&str; 4] = ["eval", "card", "distil", "pack"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The calls of khabar-lab in a document: in the blocks of the shell, line by line, and between backticks.
fn calls(markdown: &str) -> Vec<String> {
    let (mut lines, mut prose, mut fence) = (Vec::new(), String::new(), None);
    for line in markdown.lines() {
        match (line.trim_start().strip_prefix("```"), fence) {
            (Some(language), None) => fence = Some(language),
            (Some(_), Some(_)) => fence = None,
            (None, Some("sh")) => lines.push(line.split(" #").next().unwrap_or_default().trim().to_owned()),
            (None, Some(_)) => {}
            (None, None) => prose = prose + line + "\n",
        }
    }
    // What is between backticks may go on in the next line.
    lines.extend(prose.split('`').skip(1).step_by(2).map(|code| code.replace('\n', " ")));
    lines.retain(|line| line.starts_with("khabar-lab "));
    lines
}

/// A folder in which somebody types.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        for folder in ["xlmr-ner", "models"] {
            std::fs::create_dir(desk.at(folder)).expect("a folder");
        }
        for (name, bytes) in sample::Sample::new(true).files() {
            std::fs::write(desk.at("xlmr-ner").join(name), bytes).expect("a file");
        }
        // The file and not the folder: commands write beside it.
        let models = repository().join("models").canonicalize().expect("the models");
        std::os::unix::fs::symlink(models.join("accurate.bin"), desk.at("models/accurate.bin"))
            .expect("a link");
        std::fs::copy(models.join("accurate.card.toml"), desk.at("models/accurate.card.toml"))
            .expect("a copy");
        let names = [("PER", "ريمة الحسون"), ("ORG", "شركة نورثفيلد"), ("LOC", "كرنبوسة")];
        let mentions = names.map(|(kind, text)| {
            let start = BODY.find(text).map(|at| BODY[..at].chars().count()).expect("in the body");
            let end = start + text.chars().count();
            serde_json::json!({"type": kind, "start": start, "end": end, "text": text, "optional": false})
        });
        let article = serde_json::json!({"body": BODY, "mentions": mentions}).to_string() + "\n";
        for name in ["gold.jsonl", "dev.jsonl", "train.jsonl"] {
            std::fs::write(desk.at(name), &article).expect("a file");
        }
        let text = std::fs::File::create(desk.at("news.txt.gz")).expect("a file");
        let mut text = flate2::write::GzEncoder::new(text, flate2::Compression::fast());
        for _ in 0..40 {
            writeln!(text, "{BODY}").expect("a line");
        }
        text.finish().expect("a file");
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, line: &str) -> Output {
        let mut words = line.split_whitespace().map(|word| word.trim_matches('"'));
        assert_eq!(words.next(), Some("khabar-lab"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_khabar-lab"));
        command.args(words).current_dir(self.0.path()).output().expect("khabar-lab")
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned()
}

/// In running text a command may be named without what it needs.
fn is_named_alone(output: &Output) -> bool {
    let said = said(output);
    output.status.code() == Some(2)
        && (said.contains("required arguments were not provided") || said.contains("a value is required"))
}

#[test]
fn what_the_documents_say_works() {
    let desk = Desk::new();
    for (path, least) in DOCUMENTS {
        let text = std::fs::read_to_string(repository().join(path)).expect("a document");
        let mut run = 0;
        for line in calls(&text) {
            println!("{path}: {line}");
            let output = desk.run(&line);
            if !is_named_alone(&output) {
                assert!(output.status.success(), "{path}: {line}\n{}", said(&output));
                run += 1;
            }
        }
        assert!(run >= least, "{path}: only {run} commands were run");
    }
    // What they write is there.
    let (packed, folder) = ("own.bin", "xlmr-ner/");
    let figures = |encoder| said(&desk.run(&format!("khabar-lab eval gold.jsonl --encoder {encoder}")));
    assert_eq!(figures(packed), figures(folder), "the file finds what the folder does");
    assert!(!desk.run("khabar-lab frobnicate").status.success(), "the check can fail");
    assert!(!is_named_alone(&desk.run("khabar-lab frobnicate")), "the check can fail");
}

#[test]
fn the_examples_in_the_help_work() {
    let desk = Desk::new();
    for command in EXPLAINED {
        let help = said(&desk.run(&format!("khabar-lab {command} --help")));
        let (_, example) = help.split_once("example: ").expect("an example");
        let lines = example.split(", then ").map(str::trim).filter(|line| line.starts_with("khabar-lab "));
        let mut run = 0;
        for line in lines {
            println!("{line}");
            let output = desk.run(line);
            assert!(output.status.success(), "{line}\n{}", said(&output));
            run += 1;
        }
        assert!(run > 0, "{command} has no example");
    }
}

#[test]
fn calls_are_found() {
    let text = "Try `khabar-lab score` or `khabar-lab\neval x`.\n```sh\nkhabar-lab pack a b # why\nls khabar-lab\n```\n```text\nkhabar-lab no\n```\n";
    assert_eq!(calls(text), ["khabar-lab pack a b", "khabar-lab score", "khabar-lab eval x"]);
}
