//! Which files may be written: no input, and no file twice.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::config::{Error, Problem};

/// Refuses files that are read, and one file for both outputs: of what two writers write to one file, only
/// pieces stay.
pub fn refuse(output: Option<&Path>, dead_letters: Option<&Path>, files: &[PathBuf]) -> anyhow::Result<()> {
    for written in output.iter().chain(&dead_letters) {
        refuse_to_overwrite(written, files)?;
    }
    if let (Some(output), Some(dead_letters)) = (output, dead_letters)
        && is_same_file(output, dead_letters)
    {
        bail!(Error::of_command_line(vec![Problem {
            key: "--dead-letters".to_owned(),
            value: Some(dead_letters.display().to_string()),
            variable: None,
            message: "is the file of --output: give another one".to_owned(),
        }]));
    }
    Ok(())
}

fn refuse_to_overwrite(written: &Path, files: &[PathBuf]) -> anyhow::Result<()> {
    let Ok(written) = written.canonicalize() else { return Ok(()) };
    for file in files {
        if file.canonicalize().is_ok_and(|file| file == written && file.is_file()) {
            bail!("{} is an input: give another file to write to", file.display());
        }
    }
    Ok(())
}

/// Whether both name one file. A device or a pipe is none: `/dev/null` may take both.
fn is_same_file(a: &Path, b: &Path) -> bool {
    let is_file = |path: &Path| path.metadata().map_or(true, |metadata| metadata.is_file());
    is_file(a) && resolved(a).is_some_and(|a| resolved(b) == Some(a))
}

/// The file without links and dots; of one that does not exist yet, its folder without them and its name.
fn resolved(path: &Path) -> Option<PathBuf> {
    if let Ok(path) = path.canonicalize() {
        return Some(path);
    }
    // The folder of a bare name is the current one, and Rust calls it "".
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}
