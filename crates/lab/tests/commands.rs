//! `eval`, `distil` and `card` on a small model and made-up text, as a person sees them: `tests/golden`.

#[path = "../../../tests/golden/mod.rs"]
mod golden;
#[path = "../../enrich/src/encoder/checkpoint/sample.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod sample;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use khabar_lab::score::Models;
use khabar_lab::train::data;
use khabar_lab::{card, distil, eval, pack};

const BODY: &str = "قالت ريمة الحسون إن شركة نورثفيلد افتتحت فرعها في كرنبوسة.";

/// A folder with the small checkpoint and two files of annotated articles.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("own");
    std::fs::create_dir(&own).expect("a folder");
    for (name, bytes) in sample::Sample::new(true).files() {
        std::fs::write(own.join(name), bytes).expect("a file");
    }
    let gold = [
        article(
            BODY,
            &[("PER", "ريمة الحسون", false), ("ORG", "شركة نورثفيلد", false), ("MISC", "كرنبوسة", false)],
        ),
        article(
            "افتتحت ريمة فرعها في كرنبوسة",
            &[("PER", "ريمة", true), ("ORG", "فرعها", false), ("LOC", "كرنبوسة", false)],
        ),
    ];
    std::fs::write(folder.path().join("gold.jsonl"), gold.concat()).expect("a file");
    let train = article("وصلت ريمة الحُسون", &[("PER", "ريمة الحُسون", false)]);
    std::fs::write(folder.path().join("train.jsonl"), train).expect("a file");
    folder
}

fn article(body: &str, names: &[(&str, &str, bool)]) -> String {
    let mentions = names.iter().map(|(kind, text, optional)| {
        let start = body.find(text).map(|at| body[..at].chars().count()).expect("in the body");
        let end = start + text.chars().count();
        serde_json::json!({"type": kind, "start": start, "end": end, "text": text, "optional": optional})
    });
    format!("{}\n", serde_json::json!({"body": body, "mentions": mentions.collect::<Vec<_>>()}))
}

fn models(folder: &Path) -> Models {
    Models { encoder: Some(folder.join("own")), ..Models::default() }
}

#[test]
fn names_are_measured_closely() {
    let folder = folder();
    let mut told = String::new();
    for (what, alone, train) in [("by itself", true, true), ("with the knowledge base", false, false)] {
        let options = eval::Options {
            gold: folder.path().join("gold.jsonl"),
            train: train.then(|| folder.path().join("train.jsonl")).into_iter().collect(),
            models: models(folder.path()),
            alone,
            errors: 5,
        };
        let _ = writeln!(told, "{what}\n\n{}", eval::run(&options).expect("figures"));
    }
    golden::check("eval.txt", &told);
}

#[test]
fn raw_text_is_labelled_and_read_back() {
    let folder = folder();
    let text = folder.path().join("text.txt");
    let lines = [BODY, "", "لا اسم هنا", "وصلت ريمة، وبريمة"].join("\n") + "\n";
    let all = [lines.as_bytes(), b"\xff\n", BODY.as_bytes()].concat();
    std::fs::write(&text, all).expect("a file");
    let options = |output: &str, one_in, seed| distil::Options {
        text: text.clone(),
        models: models(folder.path()),
        one_in,
        lines: usize::MAX,
        seed,
        output: folder.path().join(output),
    };
    let mut told = distil::run(&options("silver.bin.gz", 1, 1)).expect("labels") + "\n";
    let found = |labels: &PathBuf| {
        let mut found = Vec::new();
        data::silver(labels, &text, usize::MAX, 0.0, |text| {
            let names =
                text.spans.iter().map(|(range, kind)| format!("{kind} {}", &text.text[range.clone()]));
            found.push(format!("{}\n    {}\n", text.text, names.collect::<Vec<_>>().join(", ")));
        })
        .expect("labels");
        found
    };
    let all = found(&folder.path().join("silver.bin.gz"));
    told += &all.concat();
    golden::check("distil.txt", &told);
    // Some of the lines, the same for one seed.
    let some = |output: &str, seed| {
        distil::run(&options(output, 2, seed)).expect("labels");
        std::fs::read(folder.path().join(output)).expect("labels")
    };
    assert_eq!(some("a.bin.gz", 3), some("b.bin.gz", 3));
    let each: Vec<Vec<String>> = (0..8)
        .map(|seed| {
            some("c.bin.gz", seed);
            found(&folder.path().join("c.bin.gz"))
        })
        .collect();
    assert!(each.iter().any(|lines| *lines != each[0]), "seeds choose other lines");
    assert!(each.iter().flatten().all(|line| all.contains(line)), "with the labels that they have in all");
}

#[test]
fn a_card_is_made_of_its_description_and_figures() {
    let folder = folder();
    pack::own(&folder.path().join("own"), "own", &folder.path().join("own.bin")).expect("a model");
    let description = folder.path().join("own.card.toml");
    std::fs::write(
        &description,
        r#"
file = "own.bin"
kind = "accurate"
about = "A small model for a test."
limits = ["It knows ten words."]
facts = [{ name = "Labels", text = "O, and B and I of PER, ORG, LOC." }]
made = { text = "By hand.", commands = ["khabar-lab pack own own.bin"] }
data = [{ name = "none", licence = "Apache-2.0" }]
measured = { on = "Two sentences.", others = ["Confidence: not measured."] }
"#,
    )
    .expect("a file");
    let options = |train: &[&str]| card::Options {
        description: description.clone(),
        gold: folder.path().join("gold.jsonl"),
        train: train.iter().map(|name| folder.path().join(name)).collect(),
        output: folder.path().join("own.card.md"),
    };
    let written = |train: &[&str]| {
        card::run(&options(train)).expect("a card");
        std::fs::read_to_string(folder.path().join("own.card.md")).expect("a card")
    };
    golden::check("card.md", &written(&["train.jsonl"]));
    assert!(!written(&[]).contains("seen in training"), "without what was trained on that cannot be told");
    std::fs::write(&description, "file = \"own.bin\"\nkind = \"slow\"").expect("a file");
    let error = format!("{:#}", card::run(&options(&[])).expect_err("a kind that is none"));
    assert!(error.contains("own.card.toml") && error.contains("slow"), "{error}");
}

/// Each says what it does, with an example.
#[test]
fn commands_are_explained() {
    let mut told = String::new();
    for command in ["eval", "card", "distil", "pack"] {
        let help = Command::new(env!("CARGO_BIN_EXE_khabar-lab")).args([command, "--help"]).output();
        let help = String::from_utf8(help.expect("khabar-lab").stdout).expect("text");
        assert!(help.contains("example: khabar-lab"), "{help}");
        let _ = writeln!(told, "$ khabar-lab {command} --help\n{help}");
    }
    golden::check("help.txt", &told);
}
