//! Brokers held by a process in the background, and what is known of them from their folder.
//!
//! `state` is there while they answer: the process's id, then the bootstrap servers. `stop` is the wish to
//! end. `hold.log` is what the process had to say.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use khabar_local_kafka::{Error, LocalKafka, brokers};
use rustix::process::{Pid, setsid, test_kill_process};

use crate::command::Start;

/// How long stopping may take: as long as the brokers may, and a little.
const STOP_PATIENCE: Duration = Duration::from_secs(40);
/// How often a file is looked for.
const LOOK: Duration = Duration::from_millis(100);
/// As init scripts say "not running".
const NOT_RUNNING: u8 = 3;

/// What `state` says.
struct State {
    pid: Pid,
    bootstrap: String,
}

impl State {
    /// The state of a process that lives.
    fn read(dir: &Path) -> Option<State> {
        let text = fs::read_to_string(dir.join("state")).ok()?;
        let (pid, bootstrap) = text.trim_end().split_once('\n')?;
        let pid = Pid::from_raw(pid.parse().ok()?)?;
        test_kill_process(pid).ok()?;
        // Its number may be another process's by now.
        let command = fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero()));
        if command.is_ok_and(|command| !command.split(|b| *b == 0).any(|word| word == b"hold")) {
            return None;
        }
        Some(State { pid, bootstrap: bootstrap.to_owned() })
    }

    fn answers(&self) -> bool {
        let ports = self.bootstrap.split(',').filter_map(|node| node.rsplit_once(':')?.1.parse().ok());
        let mut known = ports.map(brokers);
        known.any(|brokers| brokers.is_some_and(|count| count > 0))
    }
}

/// Starts brokers in the background.
pub fn start(args: &Start) -> Result<ExitCode, Error> {
    let dir = args.place.dir();
    if let Some(state) = State::read(&dir) {
        let running = state.bootstrap.split(',').count();
        if running != usize::from(args.nodes) {
            eprintln!(
                "local-kafka: it runs already, on {}: stop it before it is started on {}",
                nodes(u16::try_from(running).unwrap_or(0)),
                nodes(args.nodes)
            );
            return Ok(ExitCode::FAILURE);
        }
        println!("it runs already\nbootstrap.servers={}", state.bootstrap);
        return Ok(ExitCode::SUCCESS);
    }
    fs::create_dir_all(&dir).map_err(|e| io("making the folder", e))?;
    for name in ["state", "stop"] {
        remove(&dir.join(name))?;
    }
    eprintln!(
        "starting {} of Kafka {} in {}",
        nodes(args.nodes),
        khabar_local_kafka::KAFKA_VERSION,
        dir.display()
    );
    let mut holder = spawn(args, &dir)?;
    loop {
        if let Some(state) = State::read(&dir) {
            println!("bootstrap.servers={}", state.bootstrap);
            return Ok(ExitCode::SUCCESS);
        }
        if holder.try_wait().map_err(|e| io("asking for the brokers' process", e))?.is_some() {
            eprint!("{}", fs::read_to_string(dir.join("hold.log")).unwrap_or_default());
            return Ok(ExitCode::FAILURE);
        }
        std::thread::sleep(LOOK);
    }
}

fn spawn(args: &Start, dir: &Path) -> Result<Child, Error> {
    let log = File::create(dir.join("hold.log")).map_err(|e| io("making hold.log", e))?;
    let errors = log.try_clone().map_err(|e| io("making hold.log", e))?;
    let program = std::env::current_exe().map_err(|e| io("finding this program", e))?;
    Command::new(program)
        .args(["hold", "--nodes", &args.nodes.to_string(), "--port", &args.port.to_string(), "--dir"])
        .arg(dir)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        .process_group(0)
        .spawn()
        .map_err(|e| io("starting the brokers' process", e))
}

/// Holds brokers until a wish to stop is there.
pub fn hold(args: &Start) -> Result<ExitCode, Error> {
    // Away from the terminal: closing it must not end the brokers. It fails where this is so already.
    let _ = setsid();
    let dir = args.place.dir();
    let mut cluster = LocalKafka::builder().dir(&dir).port(args.port).cluster(args.nodes)?;
    let text = format!("{}\n{}\n", std::process::id(), cluster.bootstrap());
    let (new, state) = (dir.join("state.new"), dir.join("state"));
    fs::write(&new, text).and_then(|()| fs::rename(&new, &state)).map_err(|e| io("writing the state", e))?;
    while !dir.join("stop").exists() {
        std::thread::sleep(LOOK);
    }
    let stopped = cluster.stop();
    remove(&state)?;
    remove(&dir.join("stop"))?;
    stopped.map(|()| ExitCode::SUCCESS)
}

/// Stops what runs in `dir`.
pub fn stop(dir: &Path) -> Result<ExitCode, Error> {
    let Some(state) = State::read(dir) else {
        println!("it does not run");
        return Ok(ExitCode::SUCCESS);
    };
    fs::write(dir.join("stop"), "").map_err(|e| io("writing the wish to stop", e))?;
    let deadline = Instant::now() + STOP_PATIENCE;
    while State::read(dir).is_some() {
        if Instant::now() > deadline {
            eprintln!("it did not stop in time: kill process {} and its brokers go with it", state.pid);
            return Ok(ExitCode::FAILURE);
        }
        std::thread::sleep(LOOK);
    }
    println!("stopped; its data stay in {}", dir.display());
    Ok(ExitCode::SUCCESS)
}

/// Says whether something runs in `dir`.
pub fn status(dir: &Path) -> Result<ExitCode, Error> {
    let Some(state) = State::read(dir) else {
        println!("it does not run");
        return Ok(ExitCode::from(NOT_RUNNING));
    };
    let answers = if state.answers() { "answers" } else { "does not answer" };
    println!(
        "it runs (process {}) and {answers}\nbootstrap.servers={}\ndir={}",
        state.pid,
        state.bootstrap,
        dir.display()
    );
    Ok(ExitCode::SUCCESS)
}

fn nodes(count: u16) -> String {
    if count == 1 { "one node".to_owned() } else { format!("{count} nodes") }
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(io(&format!("removing {}", path.display()), error))
        }
        _ => Ok(()),
    }
}

fn io(what: &str, source: std::io::Error) -> Error {
    Error::Io { what: what.to_owned(), source }
}
