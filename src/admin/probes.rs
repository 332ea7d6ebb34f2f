//! `/healthz` and `/readyz`.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;

use crate::health::{Cause, Health, Waiting};
use crate::ledger::Snapshot;

use super::App;

/// The poll loop ticks at least every 200 ms, also while it drains; only a hang takes this long.
const LIVENESS: Duration = Duration::from_secs(60);
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
    let Readiness { problems, notes } = readiness(&sources.ledger.snapshot(), &sources.health);
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
pub fn readiness(snapshot: &Snapshot, health: &Health) -> Readiness {
    let (stuck, held_up): (Vec<_>, Vec<_>) =
        health.waiting().into_iter().partition(|waiting| waiting.cause == Cause::Stuck);
    Readiness {
        problems: problems(snapshot, health, &stuck),
        notes: held_up.iter().map(ToString::to_string).collect(),
    }
}

/// Why the service is not ready; empty when it is.
fn problems(snapshot: &Snapshot, health: &Health, stuck: &[Waiting]) -> Vec<String> {
    let mut problems = Vec::new();
    if health.is_draining() {
        problems.push("draining: the service is ending".to_owned());
    }
    if snapshot.partitions.is_empty() {
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
