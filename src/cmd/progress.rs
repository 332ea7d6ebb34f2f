//! Progress on a terminal, and nowhere else.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::render::clean;

/// A bar over the bytes of files. Hidden where standard error is no terminal, where standard input is
/// read, and where `output_is_terminal`, which it would fight for.
pub fn of_files(files: &[PathBuf], output_is_terminal: bool) -> ProgressBar {
    let from_stdin = files.iter().any(|file| file == Path::new("-"));
    if from_stdin || output_is_terminal || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bytes = files.iter().filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum();
    let bar = ProgressBar::new(bytes);
    let template = "{bar:40} {percent:>3} %  {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left  {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// A bar over the offsets of a topic. Hidden where standard error is no terminal.
pub fn of_offsets(offsets: u64, topic: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(offsets);
    let template = "{prefix} {bar:40} {percent:>3} %  {pos} of {len}  {per_sec}  {eta} left  {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_prefix(clean(topic).into_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// One line on standard error, whatever the message holds.
pub fn complain(bar: &ProgressBar, message: &str) {
    let line = clean(message).replace('\n', " ");
    bar.suspend(|| eprintln!("{line}"));
}
