//! What the documents do to a host: programs and files are installed below a folder in the place of `/`, and the unit is enabled
//! there, with nothing started. And what the tools of others say of the files in `deploy`.

use std::path::Path;
use std::process::{Command, Stdio};

use khabar_local_kafka::{Signal, free_port};

use super::{Desk, PATIENCE};
use crate::common::{metrics, skip::skipped, wait_for};

/// The folder that stands for `/`.
pub const ROOT: &str = "root";

/// Puts there what somebody has built, and what every Debian has.
pub fn built(folder: &Path) {
    for has in ["target/release", "root/usr/bin", "root/etc/systemd/system"] {
        std::fs::create_dir_all(folder.join(has)).expect("a folder");
    }
    let binary = folder.join("target/release/khabar");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_khabar"), binary).expect("a link");
}

/// A line or a path with what is absolute in it below the folder.
pub fn moved(line: &str) -> String {
    let words = line.split(' ').map(|word| match word.strip_prefix('/') {
        Some(path) => format!("{ROOT}/{path}"),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn is_there(program: &str) -> bool {
    let mut asked = Command::new(program);
    asked.arg("--help").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

impl Desk {
    pub(super) fn install(&self, line: &str) {
        let here = moved(line);
        assert_ne!(here, line, "it must not leave the folder");
        self.run(&here, &[0]);
    }

    /// `systemctl enable`, on files alone; then what the unit names is there.
    pub(super) fn enable(&self, unit: &str) {
        if !is_there("systemctl") {
            return skipped("no systemctl here (apt-get install systemd)");
        }
        let root = self.at(ROOT);
        self.run(&format!("systemctl --root={} enable {unit}", root.display()), &[0]);
        let wanted = root.join(format!("etc/systemd/system/multi-user.target.wants/{unit}.service"));
        assert!(wanted.is_symlink(), "{unit} is not started with the system");
        let text = std::fs::read_to_string(root.join(format!("etc/systemd/system/{unit}.service")))
            .expect("the unit");
        let values = |key: &str| -> Vec<&str> {
            let lines = text.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            lines.flat_map(str::split_whitespace).map(|word| word.trim_start_matches("file://")).collect()
        };
        let named = [values("ExecStart"), values("Documentation")].concat();
        let paths: Vec<_> = named.iter().filter_map(|word| word.strip_prefix('/')).collect();
        assert_eq!(paths.len(), 3, "the binary, its settings, this page: {paths:?}");
        for path in paths {
            assert!(root.join(path).is_file(), "the unit names /{path}, which nothing has installed");
        }
    }

    /// `kubectl kustomize FOLDER`, and what `kubectl apply -k FOLDER` would apply.
    pub(super) fn kustomize(&self, words: &[&str]) {
        let at = words.iter().position(|word| *word == "kustomize" || *word == "-k").expect("a folder");
        let folder = words[at + 1];
        let build = match (is_there("kubectl"), is_there("kustomize")) {
            (true, _) => "kubectl kustomize",
            (false, true) => "kustomize build",
            (false, false) => return skipped("neither kustomize nor kubectl is here"),
        };
        self.run(&format!("{build} {folder} | grep '^kind: ConfigMap$'"), &[0]);
    }

    pub(super) fn promtool(&self, line: &str) {
        if !is_there("promtool") {
            return skipped("no promtool here (apt-get install prometheus)");
        }
        self.run(line, &[0]);
    }

    /// The demo goes on until Ctrl-C, and shows itself at its port meanwhile.
    pub(super) fn demo(&self, line: &str) {
        let port = free_port().expect("a port");
        let (mut process, said) = self.start(&format!("{line} --port {port}"));
        wait_for(line, PATIENCE, || {
            let said = said.lock().expect("text").clone();
            assert!(process.ended().expect("a state").is_none(), "{line} ends:\n{said}");
            metrics::get(port, "/readyz").filter(|_| said.contains("People"))
        });
        process.signal(Signal::Interrupt).expect("a signal");
        let ended = process.wait(PATIENCE).expect("a state");
        assert_eq!(ended.and_then(|status| status.code()), Some(0), "{line}");
    }
}
