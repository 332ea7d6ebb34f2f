//! Why a run could not be made at all; what a run finds out is in its report.

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The brokers could not be started or steered.
    #[error("{0}")]
    Brokers(#[from] khabar_local_kafka::Error),
    /// A client of ours got no answer.
    #[error("{what}: {source}")]
    Client {
        /// What was tried.
        what: &'static str,
        /// What the client said.
        source: rdkafka::error::KafkaError,
    },
    /// A file, port or process could not be handled.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Anything else, in words that say what to do.
    #[error("{0}")]
    Other(String),
}

impl Error {
    /// For `map_err`.
    pub fn client(what: &'static str) -> impl Fn(rdkafka::error::KafkaError) -> Self {
        move |source| Error::Client { what, source }
    }

    /// For `map_err`.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Error::Io { what, source }
    }
}
