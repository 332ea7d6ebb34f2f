//! `khabar demo` as a process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

/// A running demo; it ends when dropped.
pub struct Demo {
    process: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
}

impl Demo {
    /// Starts one on a free port, ten articles a second.
    pub fn start(more: &[&str]) -> Self {
        let mut process = khabar(&["demo", "--port", "0", "--rate", "10", "--output", "jsonl"])
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let url = lines
            .find_map(|line| Some(line.ok()?.strip_prefix("status page ")?.trim_end_matches('/').to_owned()))
            .expect("the demo says where its status page is");
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, url }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The binary, without the settings of whoever runs the tests.
pub fn khabar(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
    command.args(arguments).env_remove("RUST_LOG");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KHABAR_")) {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end.
pub fn output(arguments: &[&str]) -> Output {
    khabar(arguments).stdin(Stdio::null()).output().unwrap()
}
