//! Runs what the documents say: every command in the blocks of `docs/operations.md`, `README.md` and `CONTRIBUTING.md`, in their
//! order, on a real Kafka, as somebody would who reads along; then those of khabar that have options and stand in running text.
//! What is changed for that is in `AS_HERE`; what is not run, and why, in `NOT_RUN`.

mod host;
mod text;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use khabar_local_kafka::{Process, Signal, free_port};

use text::{commands, in_text, words};

use crate::common::articles::{gzip, json_message, made_up_of};
use crate::common::cluster::{Cluster, shared_kafka};
use crate::common::{articles::Message, metrics, wait_for};

const PATIENCE: Duration = Duration::from_secs(120);
const ARTICLES: usize = 40;
/// Where a host has them.
const SETTINGS: &str = "/etc/khabar/khabar.toml";
/// What stands in the documents for what a reader has, and what that is here.
const AS_HERE: [(&str, &str); 9] = [
    ("cargo run --release --", "khabar"),
    ("--replication-factor 3", "--replication-factor 1"),
    ("http://192.0.2.7:9464", "http://127.0.0.1:{port}"),
    ("news.raw.dead/3@42", "{letter}"),
    ("news.raw/0@1017", "{source}"),
    ("=kafka:9092 ", "={bootstrap} "),
    ("khabar run --no-samples", "khabar run --no-samples --config khabar.toml"),
    ("khabar enrich RECORD", "khabar enrich seeds/000_374f6dea2bdb99e4.txt"),
    ("khabar enrich FILE", "khabar enrich seeds/000_374f6dea2bdb99e4.txt"),
];
const CLUSTER: &str = "it needs a cluster of Kubernetes";
const SYSTEMD: &str = "it needs a running systemd; tests/deploy.rs has systemd-analyze read the unit";
/// How commands begin that are not run here, and why. `tests/docs.rs` looks at the names in them.
const NOT_RUN: [(&str, &str); 15] = [
    ("apt-get install ", "it would change this machine; .ci/run installs the same packages"),
    ("bash .ci/run", "it runs this test"),
    ("cargo bench ", "minutes each; .ci/run's lints compile them"),
    ("cargo test ", "each is a part of what .ci/run runs, and this test of one of them"),
    ("kafka-acls.sh ", "permissions.rs runs them, on a broker that asks who somebody is"),
    ("khabar-lab ", "crates/lab/tests/documents.rs runs them"),
    ("kubectl create namespace ", CLUSTER),
    ("kubectl get ", CLUSTER),
    ("kubectl logs ", CLUSTER),
    ("kubectl port-forward ", CLUSTER),
    ("kubectl rollout status ", CLUSTER),
    ("kubectl set env ", CLUSTER),
    ("systemctl daemon-reload", SYSTEMD),
    ("systemctl reset-failed ", SYSTEMD),
    ("systemctl start ", SYSTEMD),
];

/// A folder in which somebody types.
struct Desk {
    folder: tempfile::TempDir,
    cluster: Cluster,
    port: u16,
    next_port: u16,
    services: Vec<Process>,
    fed: bool,
    letter: String,
    source: String,
}

impl Desk {
    fn new(bootstrap: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        for name in ["seeds", "config", "deploy", "docs", "models"] {
            std::os::unix::fs::symlink(repository.join(name), folder.path().join(name)).expect("a link");
        }
        host::built(folder.path());
        let (port, next_port) = (free_port().expect("a port"), free_port().expect("a port"));
        let cluster = Cluster::at(bootstrap);
        let (letter, source) = (String::new(), String::new());
        let desk =
            Self { folder, cluster, port, next_port, services: Vec::new(), fed: false, letter, source };
        std::fs::copy("config/khabar.toml", desk.at("khabar.toml")).expect("copied");
        desk.set("khabar.toml", &[("127.0.0.1:9092", bootstrap), (":9464", &format!(":{port}"))]);
        let raw: Vec<String> = (0..5)
            .map(|number| {
                String::from_utf8(json_message(&made_up_of(number, 6)).value.expect("a value")).expect("JSON")
            })
            .collect();
        desk.write("articles.jsonl", raw.join("\n").as_bytes());
        let paragraph = made_up_of(1, 6).body;
        desk.write(
            "article.html",
            format!("<html><title>Talks</title><article><h1>Talks</h1><p>{paragraph}</p></article>")
                .as_bytes(),
        );
        desk.run("cat articles.jsonl | khabar enrich - --input-format jsonl > old.jsonl", &[0]);
        desk.write("new.jsonl.gz", &gzip(&std::fs::read(desk.at("old.jsonl")).expect("records")));
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.at(name), bytes).expect("written");
    }

    /// What somebody edits in a file.
    fn set(&self, name: &str, edits: &[(&str, &str)]) {
        let mut text = std::fs::read_to_string(self.at(name)).expect("settings");
        for (old, new) in edits {
            assert!(text.contains(old), "{name} has no {old}");
            text = text.replace(old, new);
        }
        self.write(name, text.as_bytes());
    }

    fn shell(&self, line: &str) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_khabar")).parent().expect("a folder").display();
        let installed = self.at(host::ROOT).join("usr/bin").display().to_string();
        let path = format!("{installed}:{binary}:{}", std::env::var("PATH").unwrap_or_default());
        let mut shell = Command::new("bash");
        shell.args(["-c", &format!("set -o pipefail\n{line}")]).current_dir(self.folder.path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KHABAR_")) {
            shell.env_remove(name);
        }
        shell.env("PATH", path).env("KHABAR_LOG__LEVEL", "warn").stdin(Stdio::null());
        shell
    }

    /// Runs to the end.
    fn run(&self, line: &str, codes: &[i32]) {
        let output = self.shell(line).output().expect("bash");
        let code = output.status.code().unwrap_or(-1);
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(codes.contains(&code), "{line}\nends with {code}:\n{said}");
    }

    /// Starts something that goes on; what it says is in the text.
    fn start(&self, line: &str) -> (Process, Arc<Mutex<String>>) {
        // Ctrl-C is heard even where the tests run in the background of a shell, whose children are deaf to it.
        let mut shell = self.shell(&format!("exec env --default-signal=INT {line}"));
        let (mut reader, writer) = std::io::pipe().expect("a pipe");
        shell.stdout(writer.try_clone().expect("a pipe")).stderr(writer);
        let process = Process::spawn(&mut shell).expect("bash");
        drop(shell);
        let said = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(read) = reader.read(&mut piece) {
                if read == 0 {
                    return;
                }
                heard.lock().expect("text").push_str(&String::from_utf8_lossy(&piece[..read]));
            }
        });
        (process, said)
    }

    /// `khabar run`: it answers, and from the first time on there are records.
    fn serve(&mut self, line: &str) {
        let port = if line.contains("next.toml") { self.next_port } else { self.port };
        let (mut process, said) = self.start(line.trim_end_matches('&'));
        wait_for(line, PATIENCE, || {
            let said = said.lock().expect("text").clone();
            assert!(process.ended().expect("a state").is_none(), "{line} ends:\n{said}");
            metrics::get(port, "/readyz")
        });
        self.services.push(process);
        if !std::mem::replace(&mut self.fed, true) {
            self.feed();
        }
    }

    fn feed(&mut self) {
        let broken = (0..4).map(|n| Message::new(Some(format!("b{n}").as_bytes()), Some(b"{\"title\": ")));
        let articles = (0..ARTICLES).map(|n| json_message(&made_up_of(n, 6)));
        self.cluster.send("news.raw", &articles.chain(broken).collect::<Vec<_>>(), &[]);
        let letters = wait_for("dead letters", PATIENCE, || {
            Some(self.cluster.read("news.raw.dead")).filter(|letters| letters.len() == 4)
        });
        let header = |name: &str| letters[0].header(name).expect("a header").to_owned();
        self.letter = format!("news.raw.dead/{}@{}", letters[0].partition, letters[0].offset);
        self.source =
            format!("news.raw/{}@{}", header("khabar-source-partition"), header("khabar-source-offset"));
        wait_for("enriched records", PATIENCE, || {
            (self.cluster.read("news.enriched").len() >= ARTICLES).then_some(())
        });
    }

    /// One command of a document.
    fn follow(&mut self, written: &str) {
        let mut line = written.to_owned();
        for (there, here) in AS_HERE {
            line = line.replace(there, here);
        }
        line = line
            .replace("{port}", &self.port.to_string())
            .replace("{bootstrap}", self.cluster.bootstrap())
            .replace("{letter}", &self.letter)
            .replace("{source}", &self.source);
        let words = words(&line);
        let watches = words[0] == "khabar" && ["top", "tap"].contains(&words[1]);
        if watches && !words.iter().any(|word| ["--url", "--config"].contains(word)) {
            return self.follow(&format!("{line} --url http://127.0.0.1:{}", self.port));
        }
        if line.contains("khabar demo --once") && !words.contains(&"--port") {
            return self.follow(&format!("{line} --port 0"));
        }
        let bootstrap = self.cluster.bootstrap().to_owned();
        match (words[0], words.get(1).copied().unwrap_or_default()) {
            ("install", _) => self.install(&line),
            ("systemctl", "enable") => self.enable(words.last().expect("a unit")),
            ("kubectl", "kustomize" | "apply" | "delete") => self.kustomize(&words),
            ("promtool", _) => self.promtool(&line),
            ("khabar", "check") if line.contains(" /etc/") => self.run(&host::moved(&line), &[0]),
            ("khabar", "demo") if !words.contains(&"--once") => self.demo(&line),
            ("khabar", "run") => self.serve(&line),
            ("khabar", "top") if !words.contains(&"--once") => self.at_a_terminal(&line),
            ("khabar", "tap") if !words.contains(&"--count") => self.until_it_is_ended(&line),
            ("khabar", "diff") => self.run(&line, &[0, 5]),
            _ => self.run(&line, &[0]),
        }
        let port = format!(":{}", self.port);
        match line.as_str() {
            "cp config/khabar.toml khabar.toml" => {
                self.set("khabar.toml", &[("127.0.0.1:9092", &bootstrap), (":9464", &port)]);
            }
            _ if words[0] == "install" && line.ends_with(SETTINGS) => {
                self.set(&host::moved(SETTINGS), &[("127.0.0.1:9092", &bootstrap), (":9464", &port)]);
            }
            "cp khabar.toml next.toml" => {
                let own = [
                    ("\"khabar\"", "\"khabar-next\""),
                    ("\"news.enriched\"", "\"news.enriched.next\""),
                    ("\"news.raw.dead\"", "\"news.raw.dead.next\""),
                ];
                self.set("next.toml", &own);
                self.set("next.toml", &[(&port, &format!(":{}", self.next_port))]);
            }
            _ => {}
        }
    }

    /// In a terminal, until q is pressed.
    fn at_a_terminal(&self, line: &str) {
        let mut terminal = self.shell("exec script --quiet --return --command \"$TYPED\" /dev/null");
        terminal.env("TYPED", format!("stty rows 40 cols 120; exec env {line}")).env("TERM", "xterm");
        let mut child = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script");
        let (mut keys, mut screen) =
            (child.stdin.take().expect("keys"), child.stdout.take().expect("a screen"));
        let (mut drawn, mut piece) = (String::new(), [0; 4096]);
        while !drawn.contains("Partitions") {
            let read = screen.read(&mut piece).expect("a screen");
            assert!(read > 0, "{line} ends:\n{drawn}");
            drawn.push_str(&String::from_utf8_lossy(&piece[..read]));
        }
        keys.write_all(b"q").expect("a key");
        // What it draws until it has read the key must go somewhere.
        std::thread::spawn(move || std::io::copy(&mut screen, &mut std::io::sink()));
        let ended = wait_for("the end of khabar top", PATIENCE, || child.try_wait().expect("a state"));
        assert!(ended.success(), "{line} ends with {ended}");
    }

    /// It says something, or goes on without a word; Ctrl-C ends it.
    fn until_it_is_ended(&self, line: &str) {
        let (mut process, said) = self.start(line);
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(3) && said.lock().expect("text").is_empty() {
            if let Some(status) = process.ended().expect("a state") {
                // Its last words may still be on their way.
                let last = wait_for("its last words", PATIENCE, || {
                    Some(said.lock().expect("text").clone()).filter(|text| !text.is_empty())
                });
                panic!("{line} ends with {status}:\n{last}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        process.signal(Signal::Interrupt).expect("a signal");
        assert!(process.wait(PATIENCE).expect("a state").is_some(), "{line} does not end");
        let said = said.lock().expect("text").clone();
        assert!(!said.contains("khabar: "), "{line}: {said}");
    }

    fn close(&mut self) {
        for mut service in self.services.drain(..) {
            service.signal(Signal::Terminate).expect("a signal");
            let status = service.wait(PATIENCE).expect("a state");
            assert_eq!(status.and_then(|status| status.code()), Some(0), "a service");
        }
    }
}

#[test]
fn what_the_documents_say_works() {
    let Some(bootstrap) = shared_kafka() else { return };
    let mut desk = Desk::new(bootstrap);
    let mut left_out = BTreeSet::new();
    for (path, least) in [("docs/operations.md", 35), ("README.md", 14), ("CONTRIBUTING.md", 3)] {
        let mut run = 0;
        for command in commands(path) {
            let typed = words(&command).join(" ");
            if let Some((start, why)) = NOT_RUN.iter().find(|(start, _)| typed.starts_with(start)) {
                println!("{path}: not run: {command}: {why}");
                left_out.insert(start);
                continue;
            }
            println!("{path}: {command}");
            desk.follow(&command);
            run += 1;
        }
        assert!(run >= least, "{path}: only {run} commands were run");
        desk.close();
        for command in in_text(path) {
            println!("{path}, in text: {command}");
            desk.follow(&command);
            desk.close();
        }
    }
    for (start, _) in &NOT_RUN {
        assert!(left_out.contains(start), "no document has {start}: it need not be left out");
    }
}
