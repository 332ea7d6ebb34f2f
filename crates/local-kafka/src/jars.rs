//! Kafka's jars, fetched by Maven once and shared by all tests of a user.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::{Error, tools};

/// The version of Apache Kafka that runs.
pub const KAFKA_VERSION: &str = "4.1.1";
/// Kafka logs through slf4j and brings log4j2's core, but not the bridge between the two.
const LOG4J_VERSION: &str = "2.24.3";

/// The broker and what it needs.
const BROKER: Set = Set { folder: "libs", pom: broker_pom };
/// Kafka's command-line tools: a jar of its own, which needs nothing here that the broker's do not hold.
const TOOLS: Set = Set { folder: "tools", pom: tools_pom };

/// Jars that are fetched together.
struct Set {
    folder: &'static str,
    pom: fn() -> String,
}

/// The folder with the broker's jars; fetches them when they are not there yet.
pub fn fetched() -> Result<PathBuf, Error> {
    BROKER.fetched()
}

/// The folder with the jar of the tools; fetches it when it is not there yet.
pub fn fetched_tools() -> Result<PathBuf, Error> {
    TOOLS.fetched()
}

impl Set {
    fn fetched(&self) -> Result<PathBuf, Error> {
        let home = cache_dir()?.join("local-kafka").join(KAFKA_VERSION);
        let jars = home.join(self.folder);
        if jars.is_dir() {
            return Ok(jars);
        }
        fs::create_dir_all(&home).map_err(|source| io("making", &home, source))?;
        // Held until the function returns: tests that start at the same time fetch once.
        let lock = fs::File::create(home.join("lock")).map_err(|source| io("locking", &home, source))?;
        rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive)
            .map_err(|error| io("locking", &home, error.into()))?;
        if !jars.is_dir() {
            self.fetch(&home, &jars)?;
        }
        Ok(jars)
    }

    fn fetch(&self, home: &Path, jars: &Path) -> Result<(), Error> {
        let mut maven = tools::maven()?;
        let pom = home.join("pom.xml");
        fs::write(&pom, (self.pom)()).map_err(|source| io("writing", &pom, source))?;
        // Renamed when complete, so that an interrupted fetch is never taken for a whole one.
        let partial = home.join(format!("{}.partial", self.folder));
        let _ = fs::remove_dir_all(&partial);
        let output = maven
            .args(["-q", "-B", "-f"])
            .arg(&pom)
            .args(["dependency:copy-dependencies", "-DincludeScope=runtime"])
            .arg(format!("-DoutputDirectory={}", partial.display()))
            .stdin(Stdio::null())
            .output()
            .map_err(|source| io("running maven on", &pom, source))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr);
            return Err(Error::Fetch(text.lines().take(20).collect::<Vec<_>>().join("\n")));
        }
        fs::rename(&partial, jars).map_err(|source| io("renaming", &partial, source))
    }
}

fn broker_pom() -> String {
    pom_xml(&format!(
        "    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>{LOG4J_VERSION}</version>
    </dependency>"
    ))
}

fn tools_pom() -> String {
    pom_xml(&format!(
        "    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka-tools</artifactId>
      <version>{KAFKA_VERSION}</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>"
    ))
}

fn pom_xml(dependencies: &str) -> String {
    format!(
        r#"<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>khabar</groupId>
  <artifactId>local-kafka</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
{dependencies}
  </dependencies>
</project>
"#
    )
}

fn cache_dir() -> Result<PathBuf, Error> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("KHABAR_LOCAL_KAFKA_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|dir| dir.join("khabar")))
        .or_else(|| set("HOME").map(|dir| dir.join(".cache/khabar")))
        .ok_or_else(|| {
            Error::Fetch("set KHABAR_LOCAL_KAFKA_CACHE or HOME: there is no place for the jars".to_owned())
        })
}

fn io(what: &str, path: &Path, source: std::io::Error) -> Error {
    Error::Io { what: format!("{what} {}", path.display()), source }
}
