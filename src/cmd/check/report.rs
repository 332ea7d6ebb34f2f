//! One line a check.

use std::fmt;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// As it should be.
    Ok,
    /// It works, with a disadvantage.
    Warning,
    /// It does not work.
    Problem,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub grade: Grade,
    /// What was looked at.
    pub subject: String,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub advice: Option<String>,
}

/// All findings, in the order of the checks.
#[derive(Debug, Default)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Report {
    /// As it should be.
    pub fn ok(&mut self, subject: &str, message: impl Into<String>) {
        self.add(Grade::Ok, subject, message, None);
    }

    /// It works, with a disadvantage.
    pub fn warning(&mut self, subject: &str, message: impl Into<String>, advice: impl Into<String>) {
        self.add(Grade::Warning, subject, message, Some(advice.into()));
    }

    /// It does not work.
    pub fn problem(&mut self, subject: &str, message: impl Into<String>, advice: impl Into<String>) {
        self.add(Grade::Problem, subject, message, Some(advice.into()));
    }

    /// Whether anything does not work.
    pub fn has_problems(&self) -> bool {
        self.count(Grade::Problem) > 0
    }

    fn count(&self, grade: Grade) -> usize {
        self.findings.iter().filter(|finding| finding.grade == grade).count()
    }

    fn add(&mut self, grade: Grade, subject: &str, message: impl Into<String>, advice: Option<String>) {
        self.findings.push(Finding { grade, subject: subject.into(), message: message.into(), advice });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { grade, subject, message, advice } in &self.findings {
            let grade = match grade {
                Grade::Ok => "ok",
                Grade::Warning => "warning",
                Grade::Problem => "problem",
            };
            writeln!(f, "{grade:8} {subject:18} {message}")?;
            if let Some(advice) = advice {
                writeln!(f, "{:8} {:18} -> {advice}", "", "")?;
            }
        }
        let count = |grade, one: &str| match self.count(grade) {
            1 => format!("1 {one}"),
            many => format!("{many} {one}s"),
        };
        writeln!(f, "{}, {}", count(Grade::Problem, "problem"), count(Grade::Warning, "warning"))
    }
}
