//! Logs on standard error: compact for people, JSON for machines.

use std::io::IsTerminal;

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
