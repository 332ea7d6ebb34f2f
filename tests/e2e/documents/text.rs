//! The commands in a document.

use std::collections::BTreeSet;
use std::path::Path;

/// Commands of the shell in a document, comments off, continued lines joined.
pub fn commands(path: &str) -> Vec<String> {
    let text = text_of(path);
    let (mut shell, mut is_shell) = (String::new(), false);
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(language) => is_shell = language == "sh",
            None if is_shell => shell = shell + line.split(" #").next().unwrap_or_default() + "\n",
            None => {}
        }
    }
    let joined = shell.replace("\\\n", " ");
    joined
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// Commands of khabar with options, between backticks in running text.
pub fn in_text(path: &str) -> BTreeSet<String> {
    let text = text_of(path);
    // Every second piece is a block.
    let prose: String = text.split("\n```").step_by(2).collect();
    let codes = prose.split('`').skip(1).step_by(2).map(|code| code.replace('\n', " "));
    codes.filter(|code| words(code).first() == Some(&"khabar") && code.contains(" --")).collect()
}

/// The words of a command, without the variables before it.
pub fn words(line: &str) -> Vec<&str> {
    let is_variable = |word: &&str| {
        word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    };
    line.split_whitespace().skip_while(is_variable).collect()
}

fn text_of(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a document")
}
