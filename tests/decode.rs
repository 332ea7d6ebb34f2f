//! One made-up sample of every input shape and trap, and what becomes of it.
//!
//! `tests/golden/decode/NAME.in.*` is a record's value and `NAME.headers` its headers, if it has any;
//! `NAME.out.json` is what is expected. `UPDATE_GOLDEN=1 cargo test --test decode` writes it anew.

use std::path::{Path, PathBuf};

use khabar::decode::{Decoded, Decoder, Settings};
use khabar::envelope::{Headers, Raw};
use serde_json::{Value, json};

#[test]
fn golden() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/decode");
    let mut inputs: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(".in."))
        .collect();
    inputs.sort();
    assert!(inputs.len() > 25, "the samples are in {}", folder.display());
    let decoder = Decoder::new(Settings::default());
    let mut wrong = Vec::new();
    for input in inputs {
        let file = input.file_name().unwrap().to_string_lossy().into_owned();
        let name = file.split_once(".in.").unwrap().0;
        let raw = Raw {
            key: None,
            value: Some(std::fs::read(&input).unwrap().into()),
            headers: headers(&folder.join(format!("{name}.headers"))),
        };
        let shown = format!("{:#}\n", shown(&decoder, &raw));
        let expected = folder.join(format!("{name}.out.json"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&expected, &shown).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != shown {
            wrong.push(format!("--- {name}\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "not as in the golden files:\n{}", wrong.join("\n"));
}

fn headers(path: &Path) -> Headers {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let pairs = text.lines().filter_map(|line| line.split_once(": "));
    Headers(pairs.map(|(name, value)| (name.to_owned(), Some(value.to_owned().into()))).collect())
}

fn shown(decoder: &Decoder, raw: &Raw) -> Value {
    match decoder.decode(raw) {
        Err(reject) => json!({"rejected": reject.reason.as_str(), "message": reject.message}),
        Ok(Decoded::Tombstone) => json!("tombstone"),
        Ok(Decoded::Article(article)) => json!({
            "id": article.id,
            "url": article.url,
            "title": article.title,
            "authors": article.authors,
            "publisher": article.publisher,
            "published": article.published,
            "fetched": article.fetched,
            "section": article.section,
            "tags": article.tags,
            "language": article.language,
            "body": article.body.split('\n').collect::<Vec<_>>(),
            "diagnostics": article.diagnostics.iter().map(|d| {
                let code = serde_json::to_value(d.code).unwrap();
                format!("{}: {}", code.as_str().unwrap(), d.message)
            }).collect::<Vec<_>>(),
        }),
    }
}
