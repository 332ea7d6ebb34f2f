//! Finds the binary of khabar, and builds it where it is missing or older than its sources.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::error::Error;

/// What the binary is made from, below the repository.
const SOURCES: [&str; 6] = ["Cargo.toml", "Cargo.lock", "src", "crates/enrich", "crates/kernels", "models"];

/// `khabar` beside this program, built as this program was.
///
/// # Errors
/// When it is not there and cannot be built.
pub fn khabar() -> Result<PathBuf, Error> {
    let program = std::env::current_exe().map_err(Error::io("finding this program"))?;
    let folder = program.parent().unwrap_or(Path::new("."));
    let binary = folder.join("khabar");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if !repository.join("Cargo.toml").is_file() {
        // Copied to another machine.
        return if binary.is_file() { Ok(binary) } else { Err(missing(&binary)) };
    }
    if is_current(&binary, &repository) {
        return Ok(binary);
    }
    println!("building khabar");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--locked", "-p", "khabar"]).current_dir(&repository);
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    if let Some(target) = folder.parent() {
        cargo.arg("--target-dir").arg(target);
    }
    let status = cargo.status().map_err(Error::io("running cargo"))?;
    if status.success() && binary.is_file() { Ok(binary) } else { Err(missing(&binary)) }
}

fn missing(binary: &Path) -> Error {
    Error::Other(format!("there is no {}; build khabar or name it with --khabar", binary.display()))
}

fn is_current(binary: &Path, repository: &Path) -> bool {
    let Ok(built) = binary.metadata().and_then(|m| m.modified()) else { return false };
    SOURCES.iter().filter_map(|source| newest(&repository.join(source))).all(|changed| changed <= built)
}

fn newest(path: &Path) -> Option<SystemTime> {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).ok()?;
        return entries.filter_map(|entry| newest(&entry.ok()?.path())).max();
    }
    path.metadata().and_then(|m| m.modified()).ok()
}
