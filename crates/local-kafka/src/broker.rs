//! The broker: its files, its storage, its process.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Error;
use crate::ports::{Ports, random};
use crate::process::Process;

/// Flags that make a JVM start fast and stay small; the throughput of its best compiler is not needed.
const JVM: [&str; 4] = ["-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"];

/// How much of a log an error shows.
const LOG_LINES: usize = 40;

/// A node as its configuration names it.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub id: usize,
    pub ports: Ports,
    /// `id@host:port` of every controller.
    pub voters: &'a str,
    /// How many nodes there are.
    pub count: usize,
    /// The port that clients of the second listener are told, when there is one.
    pub second: Option<u16>,
    /// What the second listener speaks, `PLAINTEXT` unless something else is asked for.
    pub protocol: Option<&'a str>,
}

/// Starts the broker on the files in `dir`; it does not answer yet. `removed` goes when this process dies.
pub fn spawn(
    java: &Path,
    jars: &Path,
    heap: &str,
    dir: &Path,
    removed: Option<&Path>,
) -> Result<Process, Error> {
    let log = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(dir.join("broker.log"))
        .map_err(|source| io("opening the broker's log", source))?;
    let errors = log.try_clone().map_err(|source| io("opening the broker's log", source))?;
    let mut command = java_command(java, jars, dir);
    command
        .arg(format!("-Xmx{heap}"))
        .arg("kafka.Kafka")
        .arg(dir.join("server.properties"))
        .stdout(log)
        .stderr(errors);
    Process::spawn_with(&mut command, removed)
}

/// Writes `server.properties` and the logging configuration into `dir`.
pub fn write_files(dir: &Path, node: &Node<'_>, extra: &[(String, String)]) -> Result<(), Error> {
    let write = |name: &str, text: String| {
        fs::write(dir.join(name), text).map_err(|source| io(&format!("writing {name}"), source))
    };
    write("server.properties", server_properties(dir, node, extra))?;
    write("log4j2.properties", LOG4J.to_owned())
}

/// Whether the storage has a cluster id already.
pub fn is_formatted(dir: &Path) -> bool {
    dir.join("data").join("meta.properties").is_file()
}

/// Formats the storage: gives it a cluster id, and users with their passwords.
pub fn format(
    java: &Path,
    jars: &Path,
    dir: &Path,
    cluster_id: &str,
    users: &[(String, String)],
) -> Result<(), Error> {
    let users = users.iter().flat_map(|(name, password)| {
        ["--add-scram".to_owned(), format!("SCRAM-SHA-512=[name={name},password={password}]")]
    });
    let output = java_command(java, jars, dir)
        .args(["kafka.tools.StorageTool", "format", "-t", cluster_id, "-c"])
        .arg(dir.join("server.properties"))
        .args(users)
        .output()
        .map_err(|source| io("starting java", source))?;
    if output.status.success() {
        return Ok(());
    }
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Err(Error::Format(tail(&text)))
}

/// The last lines of the broker's log.
pub fn log_tail(dir: &Path) -> String {
    let bytes = fs::read(dir.join("broker.log")).unwrap_or_default();
    tail(&String::from_utf8_lossy(&bytes))
}

fn java_command(java: &Path, jars: &Path, dir: &Path) -> Command {
    let mut command = Command::new(java);
    command
        .args(JVM)
        // Native libraries of the codecs are unpacked here, and go with the rest.
        .arg(format!("-Djava.io.tmpdir={}", dir.display()))
        .arg(format!("-Dlog4j2.configurationFile={}", dir.join("log4j2.properties").display()))
        .arg("-cp")
        .arg(jars.join("*"))
        .stdin(Stdio::null());
    command
}

/// Small everything: few threads, few internal partitions, no waiting for more group members.
/// The quorum's voters are named statically, so formatting needs no controller.
fn server_properties(dir: &Path, node: &Node<'_>, extra: &[(String, String)]) -> String {
    let Node { id, ports, voters, count, second, protocol } = node;
    let Ports { client, controller, second: listened } = ports;
    let (factor, in_sync) = if *count < 3 { (1, 1) } else { (3, 2) };
    // Brokers talk to each other, and whoever starts them talks to them, through the first listener.
    let (listens, tells, secures) = match second {
        Some(port) => (
            format!(",SECOND://127.0.0.1:{listened}"),
            format!(",SECOND://127.0.0.1:{port}"),
            format!(",SECOND:{}", protocol.unwrap_or("PLAINTEXT")),
        ),
        None => (String::new(), String::new(), String::new()),
    };
    let mut text = format!(
        "process.roles=broker,controller
node.id={id}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}{listens}
advertised.listeners=PLAINTEXT://127.0.0.1:{client}{tells}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT{secures}
log.dirs={}
auto.create.topics.enable=false
log.retention.hours=-1
offsets.topic.replication.factor={factor}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor={factor}
transaction.state.log.min.isr={in_sync}
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor={factor}
share.coordinator.state.topic.min.isr={in_sync}
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
num.network.threads=2
num.io.threads=2
background.threads=2
log.cleaner.dedupe.buffer.size=16777216
",
        dir.join("data").display()
    );
    for (name, value) in extra {
        text.push_str(&format!("{name}={value}\n"));
    }
    text
}

const LOG4J: &str = "status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{HH:mm:ss.SSS} %p %m (%c)%n
rootLogger.level=WARN
rootLogger.appenderRef.out.ref=out
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=INFO
";

/// 16 random bytes in the base64 that Kafka writes its ids in; the last letter holds 2 bits, which are 0.
pub fn cluster_id() -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let letters = (0..21).map(|_| LETTERS[usize::try_from(random() % 62).unwrap_or(0)] as char);
    letters.chain(['A']).collect()
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
}

fn io(what: &str, source: std::io::Error) -> Error {
    Error::Io { what: what.to_owned(), source }
}
