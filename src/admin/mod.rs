//! HTTP for operators: the status page with what it reads, `/metrics`, `/healthz`, `/readyz`. On a runtime of its
//! own, so that busy lanes cannot starve a health check.
//!
//! - [`server`]: connections, with their limits; [`hosts`]: names that it answers to; [`probes`]: alive, ready
//! - [`recorder`]: books and metrics become a status, once a second
//! - [`events`]: the same as a stream, with a few of the records; [`page`]: the page that shows it

mod events;
mod hosts;
mod page;
mod probes;
mod recorder;
mod server;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::{Semaphore, watch};

use crate::breaker::Breaker;
use crate::encode::PipelineInfo;
use crate::envelope::{DropReason, Reason};
use crate::health::{Health, Side};
use crate::ledger::{Ledger, PartitionView, Snapshot};
use crate::metrics::{Books, Metrics, PartitionSeries};
use crate::samples::Samples;

use hosts::Hosts;
use recorder::Recorder;
pub use server::Limits;

/// How often a status is made.
const TICK: Duration = Duration::from_secs(1);

/// What the server reads.
#[derive(Debug, Clone)]
pub struct Sources {
    /// What runs.
    pub pipeline: PipelineInfo,
    /// The books.
    pub ledger: Arc<Ledger>,
    /// Everything else that is counted.
    pub metrics: Arc<Metrics>,
    /// Marks of life.
    pub health: Arc<Health>,
    /// How near it is to stopping the service.
    pub breaker: Arc<Breaker>,
    /// A few of the records.
    pub samples: Arc<Samples>,
}

/// A running admin server; it ends when dropped.
#[derive(Debug)]
pub struct Admin {
    /// Where it listens.
    pub address: SocketAddr,
    _end: tokio::sync::oneshot::Sender<()>,
}

/// What handlers share.
#[derive(Clone)]
struct App {
    sources: Sources,
    /// The latest status as JSON.
    status: watch::Receiver<Bytes>,
    /// Streams that may still be opened.
    streams: Arc<Semaphore>,
    limits: Limits,
    /// Tells the samples of this process from those of an earlier one.
    run: i64,
}

impl Admin {
    /// Binds `listen` and serves on a thread of its own, under these names beside addresses and `localhost`; none of them
    /// means no other on loopback, and any elsewhere.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub fn start(listen: SocketAddr, names: &[String], sources: Sources) -> std::io::Result<Self> {
        Self::start_with(listen, names, sources, Limits::default())
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub fn start_with(
        listen: SocketAddr,
        names: &[String],
        sources: Sources,
        limits: Limits,
    ) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _runtime = runtime.enter();
            server::bind(listen).map_err(|error| {
                std::io::Error::new(
                    error.kind(),
                    format!("cannot listen on {listen} (admin.listen): {error}"),
                )
            })?
        };
        let (address, hosts) = (listener.local_addr()?, Hosts::new(listen, names));
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let mut recorder = Recorder::new(sources.clone());
        let (publish, status) = watch::channel(recorder.tick());
        let app =
            App { sources, status, streams: Arc::new(Semaphore::new(limits.streams)), limits, run: now_ms() };
        std::thread::Builder::new().name("khabar-admin".to_owned()).spawn(move || {
            runtime.block_on(async {
                let record = async {
                    let mut clock = tokio::time::interval(TICK);
                    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
                    loop {
                        clock.tick().await;
                        publish.send_replace(recorder.tick());
                    }
                };
                tokio::select! {
                    () = server::serve(listener, routes(app, hosts), limits) => {}
                    () = record => {}
                    _ = ended => {}
                }
            });
        })?;
        Ok(Self { address, _end: end })
    }
}

fn routes(app: App, hosts: Hosts) -> Router {
    Router::new()
        .route("/", get(page::page))
        .route("/status.json", get(status))
        .route("/events", get(events::events))
        .route("/metrics", get(metrics))
        .route("/healthz", get(probes::healthz))
        .route("/readyz", get(probes::readyz))
        .fallback(async || (StatusCode::NOT_FOUND, NOT_FOUND))
        .layer(axum::middleware::from_fn_with_state(hosts, hosts::for_us))
        .layer(axum::middleware::map_response(guarded))
        .with_state(app)
}

const NOT_FOUND: &str = "there is nothing here\n\n/             status page\n/status.json  the same for programs\n\
    /events       the same as server-sent events\n/metrics      for Prometheus\n/healthz      alive?\n\
    /readyz       taking part?\n";

/// Nothing that is served may be embedded, guessed at, kept, or read by pages from elsewhere.
async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

async fn status(State(app): State<App>) -> impl IntoResponse {
    let status = app.status.borrow().clone();
    ([(header::CONTENT_TYPE, "application/json")], status)
}

async fn metrics(State(App { sources, .. }): State<App>) -> impl IntoResponse {
    observe(&sources);
    match sources.metrics.render(&books(&sources.ledger.snapshot(), now_ms())) {
        Ok(text) => ([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}

/// Sets what is read at a scrape and not counted on the way.
fn observe(sources: &Sources) {
    let Sources { metrics, health, breaker, .. } = sources;
    metrics.producer_queue.set(health.outstanding());
    metrics.output_silent.set(health.unacknowledged().as_secs_f64());
    for side in Side::ALL {
        let down = health.unreachable(side).unwrap_or_default();
        metrics.brokers_down.with_label_values(&[side.as_str()]).set(down.as_secs_f64());
    }
    metrics.transactions_failing.set(health.failing().unwrap_or_default().as_secs_f64());
    let (rejected, limit) = breaker.share().unwrap_or_default();
    metrics.breaker_rejected.set(rejected);
    metrics.breaker_limit.set(limit);
    metrics.breaker_tripped.set(i64::from(breaker.is_tripped()));
}

/// Milliseconds since the epoch, as Kafka's timestamps have them.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
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
