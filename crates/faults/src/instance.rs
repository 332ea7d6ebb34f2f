//! One instance of khabar: its configuration, its process, its log.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use khabar_local_kafka::{Process, Signal, free_port};

use crate::cluster::{DEAD_LETTERS, GROUP, INPUT, OUTPUT};
use crate::command::Mode;
use crate::error::Error;

/// How long an instance may take to end in order: its drain deadline, a last commit, and a little.
const STOP_PATIENCE: Duration = Duration::from_secs(45);

/// What all instances have in common.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The binary.
    pub khabar: PathBuf,
    /// Brokers, behind the proxies.
    pub brokers: String,
    /// What is promised.
    pub mode: Mode,
    /// Where configurations and logs go.
    pub dir: PathBuf,
}

/// An instance, running or not.
#[derive(Debug)]
pub struct Instance {
    settings: Settings,
    name: String,
    /// Where it is scraped.
    pub port: u16,
    process: Option<Process>,
    /// Whether it is meant to run.
    pub wanted: bool,
    /// Whether it is frozen.
    pub frozen: bool,
    /// Messages that its producer's queue may hold; as many as by default where none are given.
    queue: Option<u32>,
}

impl Instance {
    /// One that does not run yet.
    ///
    /// # Errors
    /// When there is no free port for its metrics.
    pub fn new(settings: &Settings, number: usize) -> Result<Self, Error> {
        Ok(Self {
            settings: settings.clone(),
            name: format!("khabar-{number}"),
            port: free_port()?,
            process: None,
            wanted: false,
            frozen: false,
            queue: None,
        })
    }

    /// What its producer's queue may hold from the next start on.
    pub fn limit_queue(&mut self, messages: Option<u32>) {
        self.queue = messages;
    }

    fn toml(&self) -> String {
        let Settings { brokers, mode, .. } = &self.settings;
        let (name, port, delivery) = (&self.name, self.port, mode.name());
        let queue = self.queue.map(|messages| format!("\"queue.buffering.max.messages\" = \"{messages}\"\n"));
        let queue = queue.unwrap_or_default();
        let (instance_id, transactions) = match mode {
            Mode::AtLeastOnce => (String::new(), ""),
            Mode::ExactlyOnce => {
                (format!("instance_id = \"{name}\"\n"), "[exactly_once]\ntransaction_timeout = \"10s\"\n")
            }
        };
        format!(
            "delivery = \"{delivery}\"

[input]
topics = [\"{INPUT}\"]
group = \"{GROUP}\"
{instance_id}
[input.kafka]
brokers = \"{brokers}\"

[input.kafka.properties]
\"session.timeout.ms\" = \"6000\"
\"heartbeat.interval.ms\" = \"1500\"
\"max.poll.interval.ms\" = \"45000\"
\"topic.metadata.refresh.interval.ms\" = \"2000\"

[output]
topic = \"{OUTPUT}\"
dead_letter_topic = \"{DEAD_LETTERS}\"

[output.kafka.properties]
{queue}
[extraction]
tier = \"off\"

[pipeline]
lanes = 2
commit_interval = \"500ms\"
drain_deadline = \"10s\"

[breaker]
enabled = false

[admin]
listen = \"127.0.0.1:{port}\"

{transactions}"
        )
    }

    fn file(&self, extension: &str) -> PathBuf {
        self.settings.dir.join(format!("{}.{extension}", self.name))
    }

    /// Starts it; does nothing while it runs.
    ///
    /// # Errors
    /// When the binary cannot be started.
    pub fn start(&mut self) -> Result<(), Error> {
        self.wanted = true;
        if self.process.is_some() {
            return Ok(());
        }
        let config = self.file("toml");
        std::fs::write(&config, self.toml()).map_err(Error::io(format!("writing {}", config.display())))?;
        let log = open(&self.file("log"))?;
        let errors = log.try_clone().map_err(Error::io("opening a log"))?;
        let mut command = Command::new(&self.settings.khabar);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("KHABAR_") {
                command.env_remove(&name);
            }
        }
        command.arg("run").arg("--config").arg(&config).stdin(Stdio::null()).stdout(log).stderr(errors);
        self.process = Some(Process::spawn(&mut command)?);
        Ok(())
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        (self.wanted, self.frozen, self.process) = (false, false, None);
    }

    /// SIGSTOP, or SIGCONT.
    ///
    /// # Errors
    /// When the signal cannot be sent.
    pub fn freeze(&mut self, freeze: bool) -> Result<(), Error> {
        self.frozen = freeze;
        let signal = if freeze { Signal::Pause } else { Signal::Continue };
        self.process.as_mut().map_or(Ok(()), |process| Ok(process.signal(signal)?))
    }

    /// SIGTERM. The process is handed over, to be waited for.
    ///
    /// # Errors
    /// When the signal cannot be sent.
    pub fn terminate(&mut self) -> Result<Option<Ending>, Error> {
        self.wanted = false;
        let Some(mut process) = self.process.take() else { return Ok(None) };
        process.signal(Signal::Terminate)?;
        Ok(Some(Ending { process, log: self.file("log") }))
    }

    /// How it ended, when it did so by itself.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn ended(&mut self) -> Result<Option<String>, Error> {
        let Some(process) = &mut self.process else { return Ok(None) };
        let Some(status) = process.ended()? else { return Ok(None) };
        self.process = None;
        Ok(Some(format!("{status}: {}", last_words(&self.file("log")))))
    }
}

/// An instance that was asked to end.
pub struct Ending {
    process: Process,
    log: PathBuf,
}

impl Ending {
    /// Waits for its end. `None` when it ended in order and gave nothing up, else in words what it did.
    ///
    /// # Errors
    /// When the system does not say how it ended.
    pub fn wait(mut self) -> Result<Option<String>, Error> {
        let Some(status) = self.process.wait(STOP_PATIENCE)? else {
            return Ok(Some(format!("did not end within {STOP_PATIENCE:?} and was killed")));
        };
        if !status.success() {
            return Ok(Some(format!("{status}: {}", last_words(&self.log))));
        }
        let given_up = stopped(&self.log).and_then(|line| line["given_up"].as_u64()).unwrap_or(0);
        Ok((given_up > 0).then(|| format!("ended in order and gave up {given_up} records")))
    }
}

fn open(path: &Path) -> Result<File, Error> {
    let opened = OpenOptions::new().create(true).append(true).open(path);
    opened.map_err(Error::io(format!("opening {}", path.display())))
}

fn lines(log: &Path) -> Vec<serde_json::Value> {
    let bytes = std::fs::read(log).unwrap_or_default();
    // The end is enough; logs grow long while brokers are down.
    let tail = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(16 << 10)..]).into_owned();
    tail.lines().rev().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The line that says how the last run ended.
fn stopped(log: &Path) -> Option<serde_json::Value> {
    lines(log).into_iter().find(|line| line["message"] == "stopped")
}

fn last_words(log: &Path) -> String {
    let error = lines(log).into_iter().find(|line| line["level"] == "ERROR");
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    error
        .and_then(|line| {
            Some(format!("{}: {}", text(&line["message"])?, text(&line["why"]).unwrap_or_default()))
        })
        .unwrap_or_else(|| format!("see {}", log.display()))
}
