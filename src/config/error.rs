//! What can be wrong with settings, in words that say which one, what it holds and what is allowed.

use std::fmt;
use std::path::PathBuf;

/// Why settings cannot be used. No message holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read the settings in {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no TOML. The line itself is not shown: it may hold a secret.
    #[error("{origin}, line {line}, column {column}: {message}")]
    Syntax {
        /// The file.
        origin: String,
        /// Line, from 1.
        line: usize,
        /// Column in code points, from 1.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// Settings are unknown, of the wrong type, not allowed, or do not go together.
    #[error("{}", listed(.origin, .problems))]
    Invalid {
        /// The file.
        origin: String,
        /// All of them.
        problems: Vec<Problem>,
    },
}

impl Error {
    /// An option of the command line whose value cannot be used.
    pub fn of_option(option: &str, value: &str, message: String) -> Self {
        let (key, value) = (option.to_owned(), Some(value.to_owned()));
        Self::of_command_line(vec![Problem { key, value, variable: None, message }])
    }

    /// Options of the command line cannot be used.
    pub fn of_command_line(problems: Vec<Problem>) -> Self {
        Self::Invalid { origin: "the command line".to_owned(), problems }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting, as `section.key`.
    pub key: String,
    /// Its value as written, unless that could be a secret.
    pub value: Option<String>,
    /// The environment variable that it came from.
    pub variable: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if let Some(value) = &self.value {
            write!(f, " = {value}")?;
        }
        if let Some(variable) = &self.variable {
            write!(f, " (from {variable})")?;
        }
        write!(f, ": {}", self.message)
    }
}

fn listed(origin: &str, problems: &[Problem]) -> String {
    match problems {
        [only] => format!("{origin}: {only}"),
        many => {
            let lines: Vec<_> = many.iter().map(|problem| format!("\n  {problem}")).collect();
            format!("{origin}: {} settings are wrong{}", many.len(), lines.concat())
        }
    }
}
