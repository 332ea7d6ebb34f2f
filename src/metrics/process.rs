//! What the process takes, as the clients of Prometheus in other languages tell it, from `/proc`; noughts where there is none.

use std::sync::Mutex;

use prometheus::{Counter, IntGauge};

use super::catalogue;
use super::make::Maker;

/// `USER_HZ`: in what `/proc` counts time, on every Linux.
const TICKS: f64 = 100.0;

/// The series.
#[derive(Debug)]
pub struct Process {
    cpu: Mutex<Counter>,
    resident: IntGauge,
    files: IntGauge,
}

impl Process {
    pub fn new(make: &Maker<'_>) -> Self {
        Self {
            cpu: Mutex::new(make.seconds(&catalogue::PROCESS_CPU)),
            resident: make.gauge(&catalogue::PROCESS_MEMORY),
            files: make.gauge(&catalogue::PROCESS_FILES),
        }
    }

    /// Reads what it takes now.
    pub fn observe(&self) {
        let text = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).unwrap_or_default();
        if let Some(seconds) = cpu_seconds(&text("stat")) {
            // Two scrapes at once must not count the same time twice.
            let cpu = self.cpu.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            cpu.inc_by((seconds - cpu.get()).max(0.0));
        }
        self.resident.set(resident_bytes(&text("status")).unwrap_or_default());
        let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        self.files.set(i64::try_from(files).unwrap_or(i64::MAX));
    }
}

/// Of user and system together. The name of the program, in parentheses, may hold anything.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut ticks = rest.split_whitespace().skip(11).map(str::parse::<f64>);
    Some((ticks.next()?.ok()? + ticks.next()?.ok()?) / TICKS)
}

fn resident_bytes(status: &str) -> Option<i64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse::<i64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_proc_says_is_read() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 100 1000 200";
        assert_eq!(cpu_seconds(stat), Some(3.0));
        assert_eq!(resident_bytes("Name:\tkhabar\nVmRSS:\t   2048 kB\nRssAnon:\t 1 kB\n"), Some(2 << 20));
        assert_eq!((cpu_seconds(""), resident_bytes("")), (None, None));
    }

    #[test]
    fn it_goes_up_and_never_down() {
        let registry = prometheus::Registry::new();
        let process = Process::new(&Maker(&registry));
        process.observe();
        let before = process.cpu.lock().unwrap().get();
        process.observe();
        assert!(process.cpu.lock().unwrap().get() >= before);
        assert!(process.resident.get() > 1 << 20 && process.files.get() > 2);
    }
}
