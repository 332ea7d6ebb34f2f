//! Collects everything that is wrong, so that one run shows all of it, and keeps secrets out of it.

use std::collections::BTreeMap;

use super::error::Problem;
use super::secrets::is_secret;
use super::suggest::{hint, one_of};
use super::units;

/// What was found so far, and where each value came from.
#[derive(Default)]
pub struct Report {
    /// In the order they were found.
    pub problems: Vec<Problem>,
    /// Environment variable by the key that it set.
    pub variables: BTreeMap<String, String>,
    /// Values as they were written, by key, where something was put in for a `${…}` or a `file:`.
    pub placeholders: BTreeMap<String, String>,
}

impl Report {
    /// `key` holds a value that cannot be used. Only the first complaint about a key counts: later ones follow from it.
    pub fn wrong(&mut self, key: &str, value: &str, message: impl Into<String>) {
        let value = self.shown(key, value);
        self.push(key, Some(value), message);
    }

    /// Something is wrong with `key` that its value does not explain.
    pub fn problem(&mut self, key: &str, message: impl Into<String>) {
        self.push(key, None, message);
    }

    /// Whether something is wrong with any of these: then comparing them says nothing.
    pub fn doubts(&self, keys: &[&str]) -> bool {
        self.problems.iter().any(|problem| keys.contains(&problem.key.as_str()))
    }

    /// A value as it may be shown to anybody.
    pub fn shown(&self, key: &str, value: &str) -> String {
        match self.placeholders.get(key) {
            Some(written) if !is_secret(key) || written.starts_with("file:") || is_placeholder(written) => {
                format!("\"{written}\"")
            }
            None if !is_secret(key) => shorten(value),
            _ => "(hidden)".into(),
        }
    }

    fn push(&mut self, key: &str, value: Option<String>, message: impl Into<String>) {
        if self.problems.iter().all(|problem| problem.key != key) {
            let variable = self.variables.get(key).cloned();
            self.problems.push(Problem { key: key.into(), value, variable, message: message.into() });
        }
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, key: &str, value: &str, choices: &[(&str, T)], otherwise: T) -> T {
        if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == value) {
            return *choice;
        }
        let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
        // With a single choice the suggestion would only repeat it.
        let hint = if words.len() > 1 { hint(value, words.iter().copied()) } else { String::new() };
        let message = format!("must be {}{hint}", one_of(&words));
        self.wrong(key, &quoted(value), message);
        otherwise
    }

    /// A byte size between two others.
    pub fn bytes(&mut self, key: &str, value: &str, range: std::ops::RangeInclusive<usize>) -> usize {
        let complaint = match units::bytes(value) {
            Ok(size) if range.contains(&size) => return size,
            Ok(_) => format!(
                "must be between {} and {}",
                units::show_bytes(*range.start()),
                units::show_bytes(*range.end())
            ),
            Err(message) => message,
        };
        self.wrong(key, &quoted(value), complaint);
        *range.end()
    }

    /// A duration between two others.
    pub fn duration(
        &mut self,
        key: &str,
        value: &str,
        range: std::ops::RangeInclusive<std::time::Duration>,
    ) -> std::time::Duration {
        let complaint = match units::duration(value) {
            Ok(duration) if range.contains(&duration) => return duration,
            Ok(_) => format!(
                "must be between {} and {}",
                units::show_duration(*range.start()),
                units::show_duration(*range.end())
            ),
            Err(message) => message,
        };
        self.wrong(key, &quoted(value), complaint);
        *range.start()
    }

    /// A whole number between two others.
    pub fn whole(&mut self, key: &str, value: i64, range: std::ops::RangeInclusive<u32>) -> usize {
        match u32::try_from(value) {
            Ok(number) if range.contains(&number) => number as usize,
            _ => {
                let message = format!("must be between {} and {}", range.start(), range.end());
                self.wrong(key, &value.to_string(), message);
                *range.start() as usize
            }
        }
    }
}

/// In quotation marks, as it is written in TOML.
pub fn quoted(value: &str) -> String {
    toml::Value::String(value.into()).to_string()
}

fn is_placeholder(written: &str) -> bool {
    written.starts_with("${") && written.find('}') == Some(written.len() - 1)
}

fn shorten(value: &str) -> String {
    match value.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.into(),
    }
}
