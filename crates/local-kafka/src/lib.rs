//! Real Apache Kafka on loopback, for tests and for people: one KRaft node or several, started in about five
//! seconds from the jars that Maven fetches once, stopped when dropped, and also when their process dies.
//!
//! ```no_run
//! # fn main() -> Result<(), khabar_local_kafka::Error> {
//! let kafka = khabar_local_kafka::LocalKafka::start()?;
//! println!("bootstrap.servers={}", kafka.bootstrap());
//! # Ok(()) }
//! ```
//!
//! It needs Java 17 or later and, for the first start, Maven and a network. The jars are kept in
//! `$KHABAR_LOCAL_KAFKA_CACHE`, else `$XDG_CACHE_HOME/khabar`, else `~/.cache/khabar`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod broker;
mod cluster;
mod jars;
mod ports;
mod probe;
mod process;
mod script;
mod tools;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use cluster::LocalCluster;
pub use jars::KAFKA_VERSION;
pub use ports::free_port;
pub use probe::brokers;
pub use process::{Process, Signal};
pub use script::script;

/// How long a broker may take until it answers.
const START_DEADLINE: Duration = Duration::from_secs(90);
/// How long a broker may take to stop by itself.
const STOP_DEADLINE: Duration = Duration::from_secs(30);
/// How often other ports are tried when somebody took the chosen ones.
const PORT_ATTEMPTS: usize = 5;

/// A running (or stopped, or paused) Kafka of one node, or a node of several. Dropping it ends the broker and
/// removes its data, unless a folder was given for them.
#[derive(Debug)]
pub struct LocalKafka {
    broker: Option<Process>,
    bootstrap: String,
    port: u16,
    second: Option<u16>,
    java: PathBuf,
    jars: PathBuf,
    heap: String,
    // Last, so that the files go after the process that writes them.
    files: Files,
}

/// Where a broker's files are.
#[derive(Debug)]
enum Files {
    /// Gone with the broker.
    Temporary(tempfile::TempDir),
    /// Kept for the next start.
    Kept(PathBuf),
}

impl Files {
    fn path(&self) -> &Path {
        match self {
            Files::Temporary(dir) => dir.path(),
            Files::Kept(dir) => dir,
        }
    }
}

/// Settings of a Kafka to start.
#[derive(Debug, Clone)]
pub struct Builder {
    heap: String,
    properties: Vec<(String, String)>,
    dir: Option<PathBuf>,
    port: Option<u16>,
    advertised: Vec<u16>,
    protocol: Option<String>,
    users: Vec<(String, String)>,
}

/// Why a Kafka could not be started or steered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A tool is missing or too old; the message says which and what to install.
    #[error("{0}")]
    MissingTool(String),
    /// Maven could not fetch the jars.
    #[error("maven could not fetch kafka {KAFKA_VERSION}: {0}")]
    Fetch(String),
    /// The storage could not be formatted.
    #[error("kafka could not format its storage: {0}")]
    Format(String),
    /// The broker did not answer in time, or ended.
    #[error("kafka {what}; the end of its log:\n{log}")]
    Broker {
        /// What happened.
        what: String,
        /// The last lines of the broker's log.
        log: String,
    },
    /// No free ports were found on loopback.
    #[error("no two free ports found on 127.0.0.1")]
    NoPorts,
    /// Somebody listens on a port that was asked for.
    #[error(
        "port {0} of 127.0.0.1 is taken, perhaps by another Kafka: stop that one, or give another --port (a node \
         takes it and the next one, each further node the same 100 higher)"
    )]
    PortTaken(u16),
    /// A file or process could not be handled.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl LocalKafka {
    /// Starts a Kafka with the default settings and waits until it answers.
    ///
    /// # Errors
    /// When Java or the jars are missing or the broker does not come up; the error holds the end of its log.
    pub fn start() -> Result<Self, Error> {
        Self::builder().start()
    }

    /// Settings to change before the start.
    pub fn builder() -> Builder {
        Builder {
            heap: "512m".to_owned(),
            properties: Vec::new(),
            dir: None,
            port: None,
            advertised: Vec::new(),
            protocol: None,
            users: Vec::new(),
        }
    }

    /// For tests: a started Kafka, or `None` after one printed line where this machine has no Java or Maven.
    ///
    /// # Panics
    /// When the broker does not come up, and with `CI=true` also when Java or Maven are missing: a test run
    /// that silently tests nothing would be worse than a failing one.
    pub fn require() -> Option<Self> {
        Self::builder().require()
    }

    /// `127.0.0.1:port`; stays the same over [`restart`](Self::restart).
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// The port of the second listener, to which a proxy connects; `None` unless
    /// [advertised](Builder::advertise).
    pub fn proxied_port(&self) -> Option<u16> {
        self.second
    }

    /// `127.0.0.1:port` of the second listener; `None` unless one was asked for with [`secured`](Builder::secured).
    pub fn secured(&self) -> Option<String> {
        self.second.map(|port| format!("127.0.0.1:{port}"))
    }

    /// The process id of the broker, `None` when it is stopped.
    pub fn pid(&self) -> Option<u32> {
        self.broker.as_ref().map(Process::id)
    }

    /// Where the broker keeps configuration, data and log.
    pub fn dir(&self) -> &Path {
        self.files.path()
    }

    /// Freezes the broker (SIGSTOP): connections stay open and nothing answers.
    ///
    /// # Errors
    /// When the signal cannot be sent.
    pub fn pause(&mut self) -> Result<(), Error> {
        self.broker.as_mut().map_or(Ok(()), |b| b.signal(Signal::Pause))
    }

    /// Ends a [`pause`](Self::pause).
    ///
    /// # Errors
    /// When the signal cannot be sent.
    pub fn resume(&mut self) -> Result<(), Error> {
        self.broker.as_mut().map_or(Ok(()), |b| b.signal(Signal::Continue))
    }

    /// Stops the broker in order (SIGTERM); its data stay. Does nothing when it is stopped.
    ///
    /// # Errors
    /// When it has to be killed because it did not stop in time.
    pub fn stop(&mut self) -> Result<(), Error> {
        let Some(mut broker) = self.broker.take() else { return Ok(()) };
        // A frozen process would keep the request to end for later.
        broker.signal(Signal::Continue)?;
        broker.signal(Signal::Terminate)?;
        if broker.wait(STOP_DEADLINE)?.is_some() {
            return Ok(());
        }
        drop(broker);
        Err(self.failed("did not stop in time and was killed"))
    }

    /// Kills the broker (SIGKILL); its data stay.
    pub fn kill(&mut self) {
        self.broker = None;
    }

    /// Stops the broker if it runs and starts it again on the same ports and data.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn restart(&mut self) -> Result<(), Error> {
        self.stop()?;
        self.launch()
    }

    /// Starts the broker on the files that are there, and waits until it answers.
    fn launch(&mut self) -> Result<(), Error> {
        self.spawn()?;
        self.answered()
    }

    fn spawn(&mut self) -> Result<(), Error> {
        let removed = match &self.files {
            Files::Temporary(dir) => Some(dir.path()),
            Files::Kept(_) => None,
        };
        self.broker = Some(broker::spawn(&self.java, &self.jars, &self.heap, self.files.path(), removed)?);
        Ok(())
    }

    /// Waits until the broker answers; one that does not is ended.
    fn answered(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + START_DEADLINE;
        let Some(mut broker) = self.broker.take() else { return Err(self.failed("is stopped")) };
        loop {
            if probe::brokers(self.port).is_some_and(|brokers| brokers >= 1) {
                self.broker = Some(broker);
                return Ok(());
            }
            if broker.ended()?.is_some() {
                return Err(self.failed("ended while starting"));
            }
            if Instant::now() > deadline {
                return Err(self.failed("did not answer in time"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn failed(&self, what: &str) -> Error {
        Error::Broker { what: what.to_owned(), log: broker::log_tail(self.files.path()) }
    }
}

impl Builder {
    /// The JVM's largest heap, as `-Xmx` takes it; `512m` by default.
    #[must_use]
    pub fn heap(mut self, heap: &str) -> Self {
        heap.clone_into(&mut self.heap);
        self
    }

    /// A broker property of `server.properties`; the last one of a name counts.
    #[must_use]
    pub fn property(mut self, name: &str, value: &str) -> Self {
        self.properties.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Keeps configuration, data and log in this folder, one below it for each node, and starts on what is
    /// there; by default they are temporary.
    #[must_use]
    pub fn dir(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.to_owned());
        self
    }

    /// Gives every node a second listener that tells its clients these ports of loopback, one a node: those
    /// of proxies, which connect to [`LocalKafka::proxied_port`]. The first listener stays as it is.
    #[must_use]
    pub fn advertise(mut self, ports: &[u16]) -> Self {
        ports.clone_into(&mut self.advertised);
        self
    }

    /// Gives every node a second listener that speaks `protocol`, such as `SASL_SSL`; [properties](Self::property) that
    /// begin with `listener.name.second.` say the rest: key store, trust store, mechanisms. The first listener stays as
    /// it is.
    #[must_use]
    pub fn secured(mut self, protocol: &str) -> Self {
        self.protocol = Some(protocol.to_owned());
        self
    }

    /// Makes a user for SCRAM-SHA-512 when the storage is formatted.
    #[must_use]
    pub fn scram_user(mut self, name: &str, password: &str) -> Self {
        self.users.push((name.to_owned(), password.to_owned()));
        self
    }

    /// The port of the first node, and the controller's behind it; further nodes have theirs 100 higher each.
    /// By default free ones are found.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Starts one node and waits until it answers.
    ///
    /// # Errors
    /// As [`LocalKafka::start`].
    pub fn start(&self) -> Result<LocalKafka, Error> {
        // One was asked for, so one is there.
        self.nodes(1)?.pop().ok_or(Error::NoPorts)
    }

    /// For tests, as [`LocalKafka::require`].
    ///
    /// # Panics
    /// As [`LocalKafka::require`].
    pub fn require(&self) -> Option<LocalKafka> {
        match self.start() {
            Ok(kafka) => Some(kafka),
            Err(Error::MissingTool(what)) if std::env::var("CI").as_deref() != Ok("true") => {
                // Straight to the terminal: the test harness would capture `println!` of a passing test.
                use std::io::Write;
                let _ = writeln!(std::io::stderr(), "skipped: no local kafka: {what}");
                None
            }
            Err(error) => panic!("local kafka: {error}"),
        }
    }
}
