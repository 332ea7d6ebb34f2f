//! Java and Maven of this machine.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::Error;

/// The oldest Java that runs a Kafka 4 broker.
const JAVA_VERSION: u32 = 17;

/// `$JAVA_HOME/bin/java`, else `java` on the path, when it is new enough.
pub fn java() -> Result<PathBuf, Error> {
    let java = match std::env::var_os("JAVA_HOME") {
        Some(home) => PathBuf::from(home).join("bin/java"),
        None => PathBuf::from("java"),
    };
    let missing = |why: String| {
        Error::MissingTool(format!(
            "{why}; install java {JAVA_VERSION} or later (Debian: openjdk-17-jre-headless)"
        ))
    };
    let output = Command::new(&java)
        .arg("-version")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| missing(format!("{} does not run ({error})", java.display())))?;
    let text = String::from_utf8_lossy(&output.stderr);
    match major(&text) {
        Some(version) if version >= JAVA_VERSION => Ok(java),
        Some(version) => Err(missing(format!("{} is version {version}", java.display()))),
        None => Err(missing(format!("{} does not say its version", java.display()))),
    }
}

/// `mvn` on the path.
pub fn maven() -> Result<Command, Error> {
    let works = Command::new("mvn")
        .arg("-v")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if works {
        return Ok(Command::new("mvn"));
    }
    Err(Error::MissingTool(
        "mvn does not run; install maven to fetch kafka's jars (Debian: maven)".to_owned(),
    ))
}

/// The first number of `openjdk version "17.0.15"`; 8 for the old form `"1.8.0_402"`.
fn major(version_output: &str) -> Option<u32> {
    let quoted = version_output.split('"').nth(1)?;
    let mut numbers = quoted.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
    match (numbers.next()?.ok()?, numbers.next()) {
        (1, Some(Ok(old))) => Some(old),
        (new, _) => Some(new),
    }
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn versions_of_java_are_read() {
        assert_eq!(major("openjdk version \"17.0.15\" 2025-04-15"), Some(17));
        assert_eq!(major("openjdk version \"1.8.0_402\""), Some(8));
        assert_eq!(major("openjdk version \"25\" 2025-09-16"), Some(25));
        assert_eq!(major("openjdk version \"26-ea\" 2026-03-17"), Some(26));
        assert_eq!(major("command not found"), None);
    }
}
