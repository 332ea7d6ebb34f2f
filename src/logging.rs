//! Logs on standard error: compact for people, JSON for machines.

use std::collections::VecDeque;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::Level;
use tracing_subscriber::EnvFilter;

/// How to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// In which form.
    pub format: Format,
    /// The least severe level that is shown; `RUST_LOG` wins over it.
    pub level: Level,
}

impl Default for Settings {
    fn default() -> Self {
        Self { format: Format::Auto, level: Level::INFO }
    }
}

/// In which form logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Starts logging for this process; a second call changes nothing.
///
/// librdkafka's own lines come through here too, at the level that it gives them.
pub fn init(settings: Settings) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(settings.level.as_str().to_ascii_lowercase()));
    let terminal = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _already_started = match settings.format {
        Format::Json => builder.json().flatten_event(true).try_init(),
        Format::Auto if !terminal => builder.json().flatten_event(true).try_init(),
        Format::Human | Format::Auto => builder.compact().with_ansi(terminal).with_target(false).try_init(),
    };
}

/// Lets the same thing be logged once in a while: a broker that is down is complained of many times a second.
#[derive(Debug)]
pub struct Sampler {
    every: Duration,
    said: Mutex<VecDeque<Said>>,
}

#[derive(Debug)]
struct Said {
    what: String,
    at: Instant,
    left_out: u64,
}

impl Sampler {
    /// Different things that are remembered; the oldest is forgotten first.
    const REMEMBERED: usize = 64;

    /// Each thing at most once in this time.
    pub const fn new(every: Duration) -> Self {
        Self { every, said: Mutex::new(VecDeque::new()) }
    }

    /// Whether `what` is to be logged now: how often it was left out since it was last.
    pub fn admit(&self, what: &str, now: Instant) -> Option<u64> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = said.iter().position(|one| one.what == what) {
            let one = &mut said[at];
            if now.saturating_duration_since(one.at) < self.every {
                one.left_out += 1;
                return None;
            }
            let left_out = one.left_out;
            said.remove(at);
            said.push_back(Said { what: what.to_owned(), at: now, left_out: 0 });
            return Some(left_out);
        }
        if said.len() >= Self::REMEMBERED {
            said.pop_front();
        }
        said.push_back(Said { what: what.to_owned(), at: now, left_out: 0 });
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_is_said_once_in_a_while() {
        let sampler = Sampler::new(Duration::from_secs(30));
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(sampler.admit("down", at(0)), Some(0));
        assert_eq!(sampler.admit("down", at(1)), None);
        assert_eq!(sampler.admit("denied", at(2)), Some(0), "something else");
        assert_eq!(sampler.admit("down", at(29)), None);
        assert_eq!(sampler.admit("down", at(30)), Some(2), "two were left out");
        assert_eq!(sampler.admit("down", at(31)), None);
        assert_eq!(sampler.admit("down", at(61)), Some(1));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let sampler = Sampler::new(Duration::from_secs(30));
        let now = Instant::now();
        for number in 0..1000 {
            assert_eq!(sampler.admit(&number.to_string(), now), Some(0));
        }
        assert_eq!(sampler.said.lock().unwrap().len(), Sampler::REMEMBERED);
        assert_eq!(sampler.admit("999", now), None);
    }
}
