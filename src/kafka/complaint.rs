//! What librdkafka says of its connections, in words that tell what to do.

use rdkafka::error::KafkaError;

use crate::kafka::cluster::Failure;

/// Logs what a client of the running service complains of. It tries again by itself, so nothing ends.
pub(super) fn log(client: &'static str, error: &KafkaError, reason: &str) {
    // Of the producer and the consumer alike the settings may be the input's.
    match understand(reason) {
        Some(Failure::Tls(why)) => tracing::error!(
            client,
            why,
            "TLS with the brokers fails: kafka.tls.ca must be the authority that signed their certificates, and their \
             names must match kafka.brokers; `khabar check` says more; it is tried again"
        ),
        Some(Failure::Authentication(why)) => tracing::error!(
            client,
            why,
            "the brokers refuse the login: look at kafka.sasl.username, password and mechanism; `khabar check` says \
             more; it is tried again"
        ),
        _ => tracing::warn!(client, %error, reason, "kafka client"),
    }
}

/// What a line of librdkafka complains of, without the thread and broker that it begins with.
pub(super) fn understand(line: &str) -> Option<Failure> {
    let line = line.rsplit_once("]: ").map_or(line, |(_, line)| line);
    // `sasl_ssl://host:9093/bootstrap: …`: the broker's name says nothing of what went wrong.
    let line = line.split_once(": ").filter(|(name, _)| !name.contains(' ')).map_or(line, |(_, line)| line);
    let lower = line.to_ascii_lowercase();
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
    use super::{Failure, understand};

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
