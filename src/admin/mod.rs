//! HTTP for operators: `/metrics`, `/healthz`, `/readyz`. On a runtime of its own, so that busy lanes cannot
//! starve a health check.

mod serve;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::breaker::Breaker;
use crate::envelope::{DropReason, Reason};
use crate::health::{Cause, Health, Waiting};
use crate::ledger::{Ledger, PartitionView, Snapshot};
use crate::metrics::{Books, Metrics, PartitionSeries};

/// The poll loop ticks at least every 200 ms, also while it drains; only a hang takes this long.
const LIVENESS: Duration = Duration::from_secs(60);
/// The output is silent when it leaves records unacknowledged for so long.
const OUTPUT_SILENT: Duration = Duration::from_secs(30);

/// What the server reads.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The books.
    pub ledger: Arc<Ledger>,
    /// Everything else.
    pub metrics: Arc<Metrics>,
    /// Marks of life.
    pub health: Arc<Health>,
    /// How near it is to stopping the service.
    pub breaker: Arc<Breaker>,
}

/// A running admin server; it ends when dropped.
#[derive(Debug)]
pub struct Admin {
    /// Where it listens.
    pub address: SocketAddr,
    _end: tokio::sync::oneshot::Sender<()>,
}

impl Admin {
    /// Binds `listen` and serves on a thread of its own.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub fn start(listen: SocketAddr, sources: Sources) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind(listen)).map_err(|error| {
            std::io::Error::new(error.kind(), format!("cannot listen on {listen} (admin.listen): {error}"))
        })?;
        let address = listener.local_addr()?;
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let app = Router::new()
            .route("/", get(index))
            .route("/metrics", get(metrics))
            .route("/healthz", get(healthz))
            .route("/readyz", get(readyz))
            .with_state(sources);
        std::thread::Builder::new().name("khabar-admin".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve::serve(listener, app) => {}
                    _ = ended => {}
                }
            });
        })?;
        Ok(Self { address, _end: end })
    }
}

async fn index() -> &'static str {
    "khabar\n\n/metrics  for Prometheus\n/healthz  alive?\n/readyz   taking part?\n"
}

async fn metrics(State(sources): State<Sources>) -> impl IntoResponse {
    observe(&sources);
    match sources.metrics.render(&books(&sources.ledger.snapshot(), now_ms())) {
        Ok(text) => ([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}

/// Sets what is read at a scrape and not counted on the way.
fn observe(sources: &Sources) {
    let Sources { ledger: _, metrics, health, breaker } = sources;
    metrics.producer_queue.set(health.outstanding());
    metrics.output_silent.set(health.unacknowledged().as_secs_f64());
    metrics.transactions_failing.set(health.failing().unwrap_or_default().as_secs_f64());
    let (rejected, limit) = breaker.share().unwrap_or_default();
    metrics.breaker_rejected.set(rejected);
    metrics.breaker_limit.set(limit);
}

/// Milliseconds since the epoch, as Kafka's timestamps have them.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

async fn healthz(State(sources): State<Sources>) -> (StatusCode, String) {
    let since = sources.health.since_poll();
    if since < LIVENESS {
        (StatusCode::OK, "ok\n".to_owned())
    } else {
        let text = format!("the poll loop has not ticked for {} s\n", since.as_secs());
        (StatusCode::SERVICE_UNAVAILABLE, text)
    }
}

async fn readyz(State(sources): State<Sources>) -> (StatusCode, String) {
    let (stuck, held_up): (Vec<_>, Vec<_>) =
        sources.health.waiting().into_iter().partition(|waiting| waiting.cause == Cause::Stuck);
    let problems = problems(&sources.ledger.snapshot(), &sources.health, &stuck);
    // What holds a partition up without any fault of ours is told, and no reason to be taken out.
    let notes: String = held_up.iter().map(|waiting| format!("note: {waiting}\n")).collect();
    if problems.is_empty() {
        (StatusCode::OK, format!("ok\n{notes}"))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, problems.join("\n") + "\n" + &notes)
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

/// The ledger's view as metrics want it, at a time in milliseconds since the epoch.
pub fn books(snapshot: &Snapshot, now_ms: i64) -> Books {
    let t = &snapshot.totals;
    Books {
        consumed: t.consumed,
        consumed_bytes: t.consumed_bytes,
        published: t.published,
        dead_lettered: Reason::ALL.iter().map(|r| (r.as_str(), t.dead_lettered[*r as usize])).collect(),
        dropped: DropReason::ALL.iter().map(|r| (r.as_str(), t.dropped[*r as usize])).collect(),
        abandoned: t.abandoned,
        late_reports: t.late_reports,
        expired: t.expired,
        in_flight: snapshot.in_flight,
        in_flight_bytes: snapshot.bytes as u64,
        partitions: snapshot
            .partitions
            .iter()
            .map(|p| PartitionSeries {
                topic: p.topic.to_string(),
                partition: p.partition,
                lag: p.lag,
                time_lag_seconds: time_lag(p, now_ms),
                committed: p.committed,
                watermark: p.watermark,
                idle_seconds: p.idle.as_secs_f64(),
            })
            .collect(),
    }
}

/// The age of the oldest record that is not complete. Of one that was not read yet nobody knows the age; it is there at
/// least as long as the partition has stood still with work to do.
fn time_lag(p: &PartitionView, now_ms: i64) -> Option<f64> {
    match (p.oldest, p.lag) {
        (Some(oldest), _) => Some((now_ms - oldest).max(0) as f64 / 1000.0),
        (None, Some(0)) => Some(0.0),
        (None, Some(_)) => Some(p.idle.as_secs_f64()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(oldest: Option<i64>, lag: Option<i64>) -> PartitionView {
        PartitionView {
            topic: "t".into(),
            partition: 0,
            in_flight: 0,
            oldest,
            watermark: None,
            committed: None,
            end: None,
            lag,
            idle: Duration::from_secs(7),
        }
    }

    #[test]
    fn time_lag_is_the_age_of_the_oldest_record() {
        let lag = |oldest, lag| time_lag(&partition(oldest, lag), 10_000);
        assert_eq!(lag(Some(4_000), Some(3)), Some(6.0));
        assert_eq!(lag(Some(4_000), None), Some(6.0), "the end is not known yet");
        assert_eq!(lag(Some(12_000), Some(3)), Some(0.0), "a producer's clock ahead of ours");
        assert_eq!(lag(None, Some(0)), Some(0.0));
        assert_eq!(lag(None, Some(3)), Some(7.0), "none was read: it has stood still for so long");
        assert_eq!(lag(None, None), None);
    }
}
