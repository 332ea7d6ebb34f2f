//! Reads the repository's own sources for the tests that keep its house in order.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::path::{Path, PathBuf};

/// One source file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Relative to the repository, with `/`.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The top module that the file belongs to: `src/kafka/consumer.rs` to `kafka`.
    pub fn module(&self) -> String {
        let inside = self.path.split_once("src/").map_or(self.path.as_str(), |(_, rest)| rest);
        inside.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
    }

    /// Whether all of it is test code.
    pub fn is_test(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "benches"))
            || self.path.ends_with("_tests.rs")
    }

    pub fn is_crate_root(&self) -> bool {
        let path = self.path.as_str();
        path.ends_with("src/lib.rs") || path.ends_with("src/main.rs") || path.contains("src/bin/")
    }
}

/// The repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// `src` of every crate of the workspace.
pub fn roots() -> Vec<String> {
    let mut roots = vec!["src".to_owned()];
    for entry in std::fs::read_dir(repository().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if repository().join("crates").join(&name).join("Cargo.toml").exists() {
            roots.push(format!("crates/{name}/src"));
        }
    }
    roots.sort();
    roots
}

/// All `.rs` files under a folder; none where it does not exist.
pub fn own_sources(folder: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    collect(&repository().join(folder), &mut sources);
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

fn collect(folder: &Path, into: &mut Vec<Source>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let relative = path.strip_prefix(repository()).unwrap().to_string_lossy().replace('\\', "/");
            into.push(Source { path: relative, text: std::fs::read_to_string(&path).unwrap() });
        }
    }
}

/// Whether `text` holds `word` and no longer identifier around it.
pub fn has_word(text: &str, word: &str) -> bool {
    let ident = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let starts_free = !word.starts_with(ident) || !before.is_some_and(ident);
        let ends_free = !word.ends_with(ident) || !after.is_some_and(ident);
        starts_free && ends_free
    })
}

/// The identifiers that follow `prefix`, braces included (`crate::{a, b::{c}}` gives a and b), with
/// their line numbers.
pub fn idents_after(code: &str, prefix: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':')) {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + prefix.len()..];
        let mut depth = 0;
        let mut expected = true;
        let mut name = String::new();
        for c in rest.chars().chain([' ']) {
            if c.is_alphanumeric() || c == '_' {
                if expected {
                    name.push(c);
                }
                continue;
            }
            if !name.is_empty() {
                found.push((line, std::mem::take(&mut name)));
                expected = false;
            }
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' => expected = depth == 1,
                _ => {}
            }
            if depth <= 0 {
                break;
            }
        }
    }
    found
}

/// The code alone: comments, the insides of strings and items under `#[cfg(test)]` become spaces, so
/// that line numbers stay.
pub fn mask(text: &str) -> String {
    blank_test_items(&blank_comments_and_strings(text))
}

fn blank_comments_and_strings(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or(' ');
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
    while i < chars.len() {
        let end = match (chars[i], at(i + 1)) {
            ('/', '/') => (i..chars.len()).find(|&j| chars[j] == '\n').unwrap_or(chars.len()),
            ('/', '*') => block_comment_end(&chars, i),
            ('"', _) => {
                out.push('"');
                i += 1;
                let end = string_end(&chars, i);
                out.extend(chars[i..end].iter().map(|c| blank(*c)));
                i = end;
                if i < chars.len() {
                    out.push('"');
                    i += 1;
                }
                continue;
            }
            ('r', '"' | '#') if !out.ends_with(|c: char| c.is_alphanumeric() || c == '_') => {
                raw_string_end(&chars, i).unwrap_or(i)
            }
            // A character literal, not a lifetime.
            ('\'', '\\') => (i + 3..chars.len()).find(|&j| chars[j] == '\'').map_or(chars.len(), |j| j + 1),
            ('\'', _) if at(i + 2) == '\'' => i + 3,
            _ => i,
        };
        if end == i {
            out.push(chars[i]);
            i += 1;
        } else {
            out.extend(chars[i..end].iter().map(|c| blank(*c)));
            i = end;
        }
    }
    out
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut i = start;
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

/// The index of the closing mark of a string whose inside starts at `i`.
fn string_end(chars: &[char], mut i: usize) -> usize {
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i.min(chars.len())
}

fn raw_string_end(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let end = (open + 1..chars.len()).find(|&j| chars[j..].starts_with(&close));
    Some(end.map_or(chars.len(), |j| j + close.len()))
}

fn blank_test_items(code: &str) -> String {
    let mut out = code.to_owned();
    let mut from = 0;
    while let Some(found) = out[from..].find("#[cfg(test)]") {
        let start = from + found;
        let end = item_end(&out, start);
        let blanked: String = out[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        from = start + blanked.len();
        out.replace_range(start..end, &blanked);
    }
    out
}

/// Where the item that starts at `start` ends: at its `;`, or at the brace that closes its body.
fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0;
    for (at, c) in code[start..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return start + at + 1,
            _ => {}
        }
        if c == '}' && depth == 0 {
            return start + at + 1;
        }
    }
    code.len()
}

/// A file of the repository.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files under a folder.
pub fn own_files(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![repository().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(repository()).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}

/// Words of letters, digits and underscores.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty())
}
