//! What librdkafka says of its connections, in words that tell what to do.

use std::time::{Duration, Instant};

use rdkafka::error::KafkaError;

use crate::health::{Health, Refused};
use crate::kafka::cluster::Failure;
use crate::logging::Sampler;

/// How often the same complaint is logged.
const EVERY: Duration = Duration::from_secs(10);
static SAMPLER: Sampler = Sampler::new(EVERY);

/// Logs what a client of the running service complains of. It tries again by itself, so nothing ends, and says the same
/// again and again: that is logged once in a while, with the number of times that it was not.
pub(super) fn log(client: &'static str, error: &KafkaError, reason: &str) {
    log_at(client, error, reason, &SAMPLER, Instant::now());
}

/// The same of the consumer, whose brokers may answer and yet let nobody in: that is no outage.
pub(super) fn log_input(health: &Health, error: &KafkaError, reason: &str) {
    match understand(reason) {
        Some(Failure::Tls(_)) => health.refuse(Some(Refused::Tls)),
        Some(Failure::Authentication(_)) => health.refuse(Some(Refused::Login)),
        _ => {}
    }
    log("consumer", error, reason);
}

/// Logs what a poll of the consumer met.
pub(super) fn consuming(error: &KafkaError) {
    if let Some(left_out) = SAMPLER.admit(&format!("consuming: {error}"), Instant::now()) {
        tracing::warn!(%error, left_out, "consuming; it goes on once the cause is gone: `khabar check` names it");
    }
}

/// Logs that a commit failed.
pub(super) fn committing(error: &KafkaError) {
    if let Some(left_out) = SAMPLER.admit(&format!("committing: {error}"), Instant::now()) {
        tracing::warn!(%error, left_out, "offsets could not be committed; the next commit covers them");
    }
}

fn log_at(client: &'static str, error: &KafkaError, reason: &str, sampler: &Sampler, now: Instant) {
    let complaint = understand(reason);
    // Lines differ in the time that they took: the same kind of complaint is the same thing.
    let kind = complaint.as_ref().map(std::mem::discriminant);
    let Some(left_out) = sampler.admit(&format!("{client} {error} {kind:?}"), now) else { return };
    // Of the producer and the consumer alike the settings may be the input's.
    match complaint {
        Some(Failure::Tls(why)) => tracing::error!(
            client,
            why,
            left_out,
            "TLS with the brokers fails: kafka.tls.ca must be the authority that signed their certificates, and their \
             names must match kafka.brokers; `khabar check` says more; it is tried again"
        ),
        Some(Failure::Authentication(why)) => tracing::error!(
            client,
            why,
            left_out,
            "the brokers refuse the login: look at kafka.sasl.username, password and mechanism; `khabar check` says \
             more; it is tried again"
        ),
        _ => tracing::warn!(client, %error, reason, left_out, "kafka client"),
    }
}

/// What a line of librdkafka complains of, without the thread and broker that it begins with.
pub(super) fn understand(line: &str) -> Option<Failure> {
    let line = line.rsplit_once("]: ").map_or(line, |(_, line)| line);
    // `sasl_ssl://host:9093/bootstrap: …`: the broker's name says nothing of what went wrong.
    let line = line.split_once(": ").filter(|(name, _)| !name.contains(' ')).map_or(line, |(_, line)| line);
    // Addresses begin with the protocol, which says nothing of it either.
    let words = line.split_whitespace().filter(|word| !word.contains("://"));
    let lower = words.collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    let text = || line.split(" (after ").next().unwrap_or(line).trim().to_owned();
    if has(&["sasl", "authentication fail"]) {
        Some(Failure::Authentication(text()))
    } else if has(&["ssl", "certificate", "tls"]) {
        Some(Failure::Tls(text()))
    } else if has(&["connect to", "failed to resolve", "disconnected", "timed out", "connection"]) {
        Some(Failure::Unreachable(text()))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use rdkafka::error::RDKafkaErrorCode;

    use super::*;

    /// Lines of a log, kept.
    #[derive(Debug, Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_thousand_complaints_of_one_kind_are_a_line_and_a_number() {
        let (lines, sampler, start) = (Lines::default(), Sampler::new(EVERY), Instant::now());
        let writer = lines.clone();
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        let down = KafkaError::Global(RDKafkaErrorCode::BrokerTransportFailure);
        tracing::subscriber::with_default(subscriber, || {
            for number in 0..1000 {
                let reason = format!(
                    "a:1/1: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after {number}ms)"
                );
                log_at("producer", &down, &reason, &sampler, start);
            }
            log_at("producer", &down, "a:1/1: SASL authentication error: wrong", &sampler, start);
            log_at("consumer", &down, "a:1/1: Connect to a failed", &sampler, start);
            log_at("producer", &down, "a:1/1: Connect to a failed", &sampler, start + EVERY);
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert!(lines[0].contains("left_out=0") && lines[3].contains("left_out=999"), "{text}");
        assert!(lines[1].contains("login") && lines[2].contains("consumer"), "{text}");
    }

    #[test]
    fn lines_of_librdkafka_are_told_apart() {
        let refused = "[thrd:127.0.0.1:1/bootstrap]: 127.0.0.1:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: \
                       Connection refused (after 0ms in state CONNECT)";
        let cases = [
            (refused, "unreachable"),
            ("sasl_ssl://a:1/bootstrap: Connect to ipv4#1.2.3.4:1 failed: Connection refused", "unreachable"),
            (
                "kafka:9093/bootstrap: Failed to resolve 'kafka:9093': Name or service not known",
                "unreachable",
            ),
            (
                "x: SSL handshake failed: certificate verify failed: broker certificate could not be verified",
                "tls",
            ),
            (
                "x: SASL authentication error: Authentication failed: Invalid username or password",
                "authentication",
            ),
            (
                "Failed to find transaction coordinator: sasl_ssl://a:1/1: Broker: Transactional Id authorization failed",
                "nothing",
            ),
        ];
        for (line, expected) in cases {
            let kind = match understand(line) {
                Some(Failure::Unreachable(_)) => "unreachable",
                Some(Failure::Tls(_)) => "tls",
                Some(Failure::Authentication(_)) => "authentication",
                _ => "nothing",
            };
            assert_eq!(kind, expected, "{line}");
        }
        assert_eq!(understand("Configuration property x is a producer property"), None);
    }
}
