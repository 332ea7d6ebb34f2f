//! The built binary as a process.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use khabar_local_kafka::{Process, Signal};

use super::checker::Partition;
use super::{metrics, wait_for};

/// How long a service may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a scrape may go unanswered on a busy machine.
const SCRAPE_PATIENCE: Duration = Duration::from_secs(20);

/// What a test sets; everything else has its default.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Brokers of the input.
    pub input: String,
    /// Brokers of the output, when they are others.
    pub output: Option<String>,
    /// Input topics.
    pub topics: Vec<String>,
    /// Output topic.
    pub output_topic: String,
    /// Dead-letter topic.
    pub dead_letter_topic: String,
    /// Consumer group.
    pub group: String,
    /// The section on the circuit breaker: off, since tests break records on purpose.
    pub breaker: String,
    /// Leave out what the brokers set where they assign the partitions.
    pub without_session: bool,
    /// More settings: section, then lines of TOML.
    pub more: Vec<(&'static str, String)>,
}

impl Settings {
    /// Names derived from one word: `<word>.raw`, `<word>.enriched`, `<word>.dead`, group `<word>`.
    pub fn named(word: &str, bootstrap: &str) -> Self {
        Self {
            input: bootstrap.to_owned(),
            output: None,
            topics: vec![format!("{word}.raw")],
            output_topic: format!("{word}.enriched"),
            dead_letter_topic: format!("{word}.dead"),
            group: word.to_owned(),
            breaker: "enabled = false\n".to_owned(),
            without_session: false,
            more: Vec::new(),
        }
    }

    /// Exactly once, as this instance of the group.
    #[must_use]
    pub fn exactly_once(self, instance: &str) -> Self {
        self.with("", "delivery = \"exactly-once\"\n")
            .with("input", &format!("instance_id = {instance:?}\n"))
            .with("exactly_once", "transaction_timeout = \"10s\"\n")
    }

    /// Adds lines to a section.
    #[must_use]
    pub fn with(mut self, section: &'static str, lines: &str) -> Self {
        self.more.push((section, lines.to_owned()));
        self
    }

    /// The configuration file.
    pub fn toml(&self, admin_port: u16) -> String {
        // A group whose member dies is served again after this long.
        let mut sections = vec![
            ("input", format!("topics = {:?}\ngroup = {:?}\n", self.topics, self.group)),
            ("input.kafka", format!("brokers = {:?}\n", self.input)),
            (
                "input.kafka.properties",
                "\"session.timeout.ms\" = \"3000\"\n\"heartbeat.interval.ms\" = \"500\"\n".to_owned(),
            ),
            (
                "output",
                format!(
                    "topic = {:?}\ndead_letter_topic = {:?}\n",
                    self.output_topic, self.dead_letter_topic
                ),
            ),
            ("admin", format!("listen = \"127.0.0.1:{admin_port}\"\n")),
            ("breaker", self.breaker.clone()),
        ];
        if self.without_session {
            sections.retain(|(name, _)| *name != "input.kafka.properties");
        }
        if let Some(brokers) = &self.output {
            sections.push(("output.kafka", format!("brokers = {brokers:?}\n")));
        }
        for (section, lines) in &self.more {
            match sections.iter_mut().find(|(name, _)| name == section) {
                Some((_, text)) => text.push_str(lines),
                None => sections.push((section, lines.clone())),
            }
        }
        // What belongs to no section comes first.
        sections.sort_by_key(|(name, _)| !name.is_empty());
        let head = |name: &str| if name.is_empty() { String::new() } else { format!("[{name}]\n") };
        sections.iter().map(|(name, lines)| format!("{}{lines}\n", head(name))).collect()
    }
}

/// A service that is started, killed and started again with the same configuration.
#[derive(Debug)]
pub struct Service {
    process: Option<Process>,
    config: PathBuf,
    log: PathBuf,
    port: u16,
    // Holds the two files above.
    _dir: tempfile::TempDir,
}

impl Service {
    /// Starts it and waits until it answers health checks.
    pub fn start(settings: &Settings) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let port = khabar_local_kafka::free_port().expect("a free port");
        let config = dir.path().join("khabar.toml");
        std::fs::write(&config, settings.toml(port)).expect("written");
        let log = dir.path().join("khabar.log");
        let mut service = Self { process: None, config, log, port, _dir: dir };
        service.start_again();
        service
    }

    /// Starts it after it ended.
    ///
    /// # Panics
    /// When it does not answer in time; the log is in the message.
    pub fn start_again(&mut self) {
        self.start_unchecked();
        let mut process = self.process.take().expect("just started");
        wait_for("the service's health", PATIENCE, || {
            let ended = process.ended().expect("a state");
            assert!(ended.is_none(), "the service ended ({ended:?}):\n{}", self.log());
            metrics::get(self.port, "/healthz")
        });
        self.process = Some(process);
    }

    /// Starts it after it ended, and waits for nothing.
    pub fn start_unchecked(&mut self) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&self.log).expect("a log");
        let errors = log.try_clone().expect("a log");
        let mut command = khabar();
        command.arg("run").arg("--config").arg(&self.config).stdout(log).stderr(errors);
        self.process = Some(Process::spawn(&mut command).expect("the built binary"));
    }

    /// The exit code with which it ends by itself.
    pub fn ended(&mut self, patience: Duration) -> Option<i32> {
        let mut process = self.process.take().expect("a running service");
        process.wait(patience).expect("a state").and_then(|status| status.code())
    }

    /// Port of metrics and health.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its configuration file.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// Process id.
    ///
    /// # Panics
    /// When it does not run.
    pub fn pid(&self) -> u32 {
        self.process.as_ref().expect("a running service").id()
    }

    /// Everything that it has written to its standard streams.
    pub fn log(&self) -> String {
        std::fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// The metrics of this moment.
    ///
    /// # Panics
    /// When it does not answer for a while; the log is in the message.
    pub fn scrape(&self) -> metrics::Scrape {
        let deadline = Instant::now() + SCRAPE_PATIENCE;
        loop {
            if let Some(text) = metrics::get(self.port, "/metrics") {
                return metrics::Scrape::parse(&text).expect("the text format");
            }
            assert!(Instant::now() < deadline, "no metrics in {SCRAPE_PATIENCE:?}:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The partitions that it owns, by its own word; none when it does not answer.
    pub fn owned(&self) -> BTreeSet<Partition> {
        let scrape = metrics::get(self.port, "/metrics").and_then(|text| metrics::Scrape::parse(&text).ok());
        scrape.map(|s| s.partitions("khabar_seconds_without_progress")).unwrap_or_default()
    }

    /// SIGKILL; returns the time of death in milliseconds since the epoch.
    pub fn kill(&mut self) -> i64 {
        drop(self.process.take().expect("a running service"));
        jiff::Timestamp::now().as_millisecond()
    }

    /// Lets it run for a small part of the time only, until what is returned is dropped: whatever its stages do takes
    /// many times as long.
    pub fn slowed(&self) -> Slowed {
        let pid = self.pid();
        let script = format!("while kill -STOP {pid}; do sleep 0.095; kill -CONT {pid}; sleep 0.005; done");
        let child = Command::new("sh").arg("-c").arg(script).stderr(Stdio::null()).spawn();
        Slowed { child: child.expect("a shell"), pid }
    }

    /// SIGTERM, and what it wrote from then on.
    ///
    /// # Panics
    /// When it does not end in time with exit code 0.
    pub fn terminate(&mut self) -> String {
        let before = self.log().len();
        let mut process = self.process.take().expect("a running service");
        process.signal(Signal::Terminate).expect("a signal");
        let status = process.wait(PATIENCE).expect("a state");
        let log = self.log();
        let said = log.get(before..).unwrap_or_default().to_owned();
        assert_eq!(status.and_then(|s| s.code()), Some(0), "ended {status:?} after SIGTERM:\n{said}");
        said
    }

    /// Waits until the group has committed everything in the input topics.
    pub fn catch_up(&mut self, cluster: &super::cluster::Cluster, settings: &Settings, patience: Duration) {
        wait_for("committed offsets at the end of the topics", patience, || {
            self.assert_alive();
            cluster.caught_up(&settings.group, &settings.topics).then_some(())
        });
    }

    /// Fails the test when it has ended by itself.
    pub fn assert_alive(&mut self) {
        let ended = self.process.as_mut().and_then(|p| p.ended().expect("a state"));
        assert!(ended.is_none(), "the service ended by itself ({ended:?}):\n{}", self.log());
    }
}

/// See [`Service::slowed`].
#[derive(Debug)]
pub struct Slowed {
    child: Child,
    pid: u32,
}

impl Drop for Slowed {
    fn drop(&mut self) {
        // Neither can fail for anything but a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = Command::new("sh").arg("-c").arg(format!("kill -CONT {}", self.pid)).status();
    }
}

/// The built binary, without any settings from this environment.
pub fn khabar() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("KHABAR_") {
            command.env_remove(&name);
        }
    }
    command.stdin(Stdio::null());
    command
}
