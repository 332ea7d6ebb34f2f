//! `/healthz` and `/readyz`.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;

use crate::breaker::Breaker;
use crate::health::{Cause, Health, Refused, Side, Waiting};
use crate::ledger::Snapshot;

use super::App;

/// The poll loop ticks at least every 200 ms, also while it drains; only a hang takes this long.
const LIVENESS: Duration = Duration::from_secs(60);
/// A broker may be away for a moment, while another is elected.
const INPUT_SILENT: Duration = Duration::from_secs(30);
/// The output is silent when it leaves records unacknowledged for so long.
const OUTPUT_SILENT: Duration = Duration::from_secs(30);

/// Whether the poll loop ticks.
pub async fn healthz(State(App { sources, .. }): State<App>) -> (StatusCode, String) {
    let since = sources.health.since_poll();
    if since < LIVENESS {
        (StatusCode::OK, "ok\n".to_owned())
    } else {
        let text = format!("the poll loop has not ticked for {} s\n", since.as_secs());
        (StatusCode::SERVICE_UNAVAILABLE, text)
    }
}

/// Whether the service takes part.
pub async fn readyz(State(App { sources, .. }): State<App>) -> (StatusCode, String) {
    let Readiness { problems, notes } =
        readiness(&sources.ledger.snapshot(), &sources.health, &sources.breaker);
    let notes: String = notes.iter().map(|note| format!("note: {note}\n")).collect();
    if problems.is_empty() {
        (StatusCode::OK, format!("ok\n{notes}"))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, problems.join("\n") + "\n" + &notes)
    }
}

/// Whether the service takes part.
pub struct Readiness {
    /// Why not; empty when it does.
    pub problems: Vec<String>,
    /// What holds partitions up without any fault of ours: told, and no reason to be taken out.
    pub notes: Vec<String>,
}

/// Reads the marks of life.
pub fn readiness(snapshot: &Snapshot, health: &Health, breaker: &Breaker) -> Readiness {
    let (stuck, held_up): (Vec<_>, Vec<_>) =
        health.waiting().into_iter().partition(|waiting| waiting.cause == Cause::Stuck);
    Readiness {
        problems: problems(snapshot, health, breaker.is_tripped(), &stuck),
        notes: held_up.iter().map(ToString::to_string).collect(),
    }
}

/// Why the service is not ready; empty when it is.
fn problems(snapshot: &Snapshot, health: &Health, is_tripped: bool, stuck: &[Waiting]) -> Vec<String> {
    let mut problems = Vec::new();
    if is_tripped {
        problems.push(
            "the circuit breaker has tripped: too many records were rejected, and none of them is committed; \
             the log says why they were, and `khabar dlq list`, where dead letters were sent before"
                .to_owned(),
        );
    }
    if health.is_draining() {
        problems.push("draining: the service is ending".to_owned());
    }
    let nothing = snapshot.partitions.is_empty() && !health.is_draining();
    let away = health.unreachable(Side::Input).map(|time| time.as_secs());
    if let Some(seconds) = away.filter(|seconds| nothing || *seconds >= INPUT_SILENT.as_secs()) {
        problems.push(match health.refused() {
            None => format!(
                "no broker of the input has answered for {seconds} s: are they up, and is input.kafka.brokers right?"
            ),
            Some(Refused::Login) => format!(
                "the brokers of the input have refused the login for {seconds} s: `khabar check` says what of \
                 input.kafka.sasl is wrong"
            ),
            Some(Refused::Tls) => format!(
                "TLS with the brokers of the input has failed for {seconds} s: `khabar check` says what of \
                 input.kafka.tls is wrong"
            ),
        });
    } else if nothing && health.is_missing() {
        problems.push("a topic to read does not exist: `khabar check` says which of input.topics".to_owned());
    } else if nothing && !health.is_denied() && !is_tripped {
        problems.push(
            "no partitions assigned: waiting for the group, or more instances than partitions".to_owned(),
        );
    }
    if health.is_denied() {
        problems.push(
            "the brokers do not let us read: `khabar check` says which permission is missing".to_owned(),
        );
    }
    let silent = health.unacknowledged();
    if silent >= OUTPUT_SILENT {
        problems.push(format!(
            "the output has acknowledged nothing for {} s: are its brokers up?",
            silent.as_secs()
        ));
    } else if let Some(failing) = health.failing().filter(|time| *time >= OUTPUT_SILENT) {
        problems.push(format!(
            "no transaction has been committed for {} s, each fails: the log says why, `khabar check` what the brokers lack",
            failing.as_secs()
        ));
    } else {
        // With a silent output every partition stands still; that is one problem, not many.
        problems.extend(stuck.iter().map(ToString::to_string));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breaker::Settings;
    use crate::shutdown::Stop;

    fn told(health: &Health, breaker: &Breaker) -> String {
        readiness(&Snapshot::default(), health, breaker).problems.join("; ")
    }

    #[test]
    fn who_has_nothing_to_read_is_told_why() {
        let (health, breaker) = (Health::default(), Breaker::new(None, Stop::default()));
        assert!(told(&health, &breaker).starts_with("no partitions assigned"));
        health.miss(true);
        assert!(told(&health, &breaker).starts_with("a topic to read does not exist"));
        health.reach(Side::Output, false);
        assert!(
            told(&health, &breaker).starts_with("a topic to read does not exist"),
            "the output is no input"
        );
        health.reach(Side::Input, false);
        assert!(told(&health, &breaker).starts_with("no broker of the input has answered for 0 s"));
        health.refuse(Some(Refused::Login));
        assert!(
            told(&health, &breaker).starts_with("the brokers of the input have refused the login for 0 s")
        );
        health.reach(Side::Input, true);
        assert_eq!(health.refused(), None);
        health.miss(false);
        health.deny(true);
        assert!(told(&health, &breaker).starts_with("the brokers do not let us read"));
    }

    #[test]
    fn a_breaker_that_has_tripped_is_named_first() {
        let breaker = Breaker::new(Some(Settings::default()), Stop::default());
        breaker.tripped_before(true);
        let health = Health::default();
        assert!(told(&health, &breaker).starts_with("the circuit breaker has tripped"));
        health.drain();
        let told = told(&health, &breaker);
        assert!(told.contains("draining") && !told.contains("no partitions"), "{told}");
    }
}
