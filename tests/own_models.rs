//! A user's own model: what it must be, and that every other one is refused with what is wrong with it.

mod golden;
#[path = "../crates/enrich/src/encoder/checkpoint/sample.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod sample;

use std::fmt::Write as _;

use khabar::config::{Config, Environment};

fn loaded(text: &str) -> Result<Config, String> {
    Config::parse(text, "khabar.toml", &Environment::default()).map_err(|error| error.to_string())
}

/// A folder with a user's own model: taken, or refused with the file, the key, what was found and what may be there.
#[test]
fn own_models() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own");
    std::fs::create_dir(&path).unwrap();
    let settings = format!("[extraction]\ntier = \"accurate\"\nencoder = {:?}", path.display().to_string());
    let put = |sample: &sample::Sample| {
        sample.files().into_iter().for_each(|(name, bytes)| std::fs::write(path.join(name), bytes).unwrap());
    };
    let mut told = String::new();
    let mut tell = |what: &str| {
        let error = loaded(&settings).expect_err(what).replace(&folder.path().display().to_string(), "…");
        let _ = writeln!(told, "{what}\n    {}\n", error.replace('\n', "\n    "));
    };
    tell("an empty folder");
    let mut other = sample::Sample::new(true);
    other.config["hidden_size"] = 64.into();
    put(&other);
    tell("vectors of another width");
    let mut other = sample::Sample::new(true);
    other.config["id2label"]["3"] = "B-DATE".into();
    put(&other);
    tell("a label that khabar has not");
    let mut other = sample::Sample::new(true);
    other.tokenizer["model"]["type"] = "WordPiece".into();
    put(&other);
    tell("another tokeniser");
    put(&sample::Sample::new(true));
    std::fs::write(path.join("model.safetensors"), "GGUF").unwrap();
    tell("weights of another format");
    golden::check("cli/own-models.txt", &told);
    put(&sample::Sample::new(true));
    let encoder = loaded(&settings).unwrap().encoder.unwrap();
    assert!(encoder.name().starts_with("own-"), "{}", encoder.name());
    assert_eq!(encoder.pieces().len(), 40);
}
