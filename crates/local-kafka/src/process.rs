//! A child process that leaves nothing behind: it ends when its handle is dropped, and also when the
//! process that holds the handle dies, however it dies.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Pid;

use crate::Error;

/// Waits for the end of its input, which comes when the parent dies, and then cleans up; `done` says that
/// there is nothing to clean up. Only a pipe does this without unsafe code: a parent-death signal has to
/// be asked for between fork and exec.
const WATCHDOG: &str = r#"read -r word; [ "$word" = done ] && exit 0; kill -9 "-$1" 2>/dev/null; sleep 0.2; [ -z "$2" ] || rm -rf -- "$2""#;

/// A signal to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: end in order.
    Terminate,
    /// SIGINT: what Ctrl-C sends.
    Interrupt,
    /// SIGKILL: end at once.
    Kill,
    /// SIGSTOP: freeze.
    Pause,
    /// SIGCONT: go on.
    Continue,
}

/// A running child in a process group of its own. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    watchdog: Child,
}

impl Process {
    /// Starts it, in a group of its own: Ctrl-C at a terminal is for the parent, which then ends it.
    ///
    /// # Errors
    /// When it, or the shell that watches over it, cannot be started.
    pub fn spawn(command: &mut Command) -> Result<Self, Error> {
        Self::spawn_with(command, None)
    }

    /// The same, and a folder to remove should this process die before it could.
    pub(crate) fn spawn_with(command: &mut Command, remove: Option<&Path>) -> Result<Self, Error> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .process_group(0)
            .spawn()
            .map_err(|source| Error::Io { what: format!("starting {name}"), source })?;
        let watchdog = Command::new("sh")
            .args(["-c", WATCHDOG, "sh", &child.id().to_string()])
            .arg(remove.unwrap_or(Path::new("")))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        match watchdog {
            Ok(watchdog) => Ok(Self { child, watchdog }),
            Err(source) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(Error::Io { what: format!("starting the watchdog of {name}"), source })
            }
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal; nothing happens when it has ended.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn signal(&mut self, signal: Signal) -> Result<(), Error> {
        if self.ended()?.is_some() {
            return Ok(());
        }
        let signal = match signal {
            Signal::Terminate => rustix::process::Signal::TERM,
            Signal::Interrupt => rustix::process::Signal::INT,
            Signal::Kill => rustix::process::Signal::KILL,
            Signal::Pause => rustix::process::Signal::STOP,
            Signal::Continue => rustix::process::Signal::CONT,
        };
        rustix::process::kill_process(Pid::from_child(&self.child), signal)
            .map_err(|error| Error::Io { what: "sending a signal".to_owned(), source: error.into() })
    }

    /// How it ended, `None` while it runs.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>, Error> {
        self.child
            .try_wait()
            .map_err(|source| Error::Io { what: "asking for a process's state".to_owned(), source })
    }

    /// Waits for its end; `None` when `patience` was not enough.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn wait(&mut self, patience: Duration) -> Result<Option<ExitStatus>, Error> {
        let deadline = Instant::now() + patience;
        loop {
            match self.ended()? {
                None if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(10)),
                ended => return Ok(ended),
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(mut input) = self.watchdog.stdin.take() {
            let _ = input.write_all(b"done\n");
        }
        let _ = self.watchdog.wait();
    }
}
