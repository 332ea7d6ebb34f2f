//! How fast this machine would be: a few records of the range, processed and thrown away.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::envelope::{Position, Raw};
use crate::kafka::replay::sample;
use crate::kafka::settings::Cluster;
use crate::replay::State;
use crate::stages::Stages;

/// How many records are measured, at most.
const SAMPLE: usize = 1000;
/// How long they are read, at most.
const READ_TIME: Duration = Duration::from_secs(5);
/// How long they are processed, at most.
const WORK_TIME: Duration = Duration::from_secs(5);

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Records.
    pub records: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Records a second, with all lanes at work.
    pub rate: f64,
}

/// Measures; `None` when there is nothing to read.
pub fn measure(
    cluster: &Cluster,
    group: &str,
    states: &[State],
    stages: &Stages,
    lanes: usize,
) -> anyhow::Result<Option<Measured>> {
    let records = sample(cluster, group, states, SAMPLE, READ_TIME).context("the range cannot be read")?;
    let size = |(_, raw): &(Position, Raw)| {
        raw.value.as_ref().map_or(0, bytes::Bytes::len) + raw.key.as_ref().map_or(0, bytes::Bytes::len)
    };
    let (all, bytes) = (records.len(), records.iter().map(size).sum::<usize>());
    if records.is_empty() {
        return Ok(None);
    }
    let queue = Mutex::new(VecDeque::from(records));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..lanes.max(1) {
            let worker = std::thread::Builder::new().stack_size(8 << 20);
            let work = || {
                while started.elapsed() < WORK_TIME {
                    let next = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop_front();
                    let Some((position, raw)) = next else { break };
                    drop(stages.process(&raw, Some(&position)));
                }
            };
            // With fewer threads it is slower, and that is what is measured.
            let _ = worker.spawn_scoped(scope, work);
        }
    });
    let left = queue.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).len();
    let done = all - left;
    let rate = done as f64 / started.elapsed().as_secs_f64().max(1e-6);
    Ok((done > 0).then_some(Measured { records: done, bytes: bytes / all * done, rate }))
}
