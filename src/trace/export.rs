//! Spans on their way to the collector: a bounded queue, which drops when it is full, and a thread that posts batches.
//! Nothing here holds up a record, whatever the collector does.

use std::sync::{Arc, Mutex, PoisonError, mpsc as blocking};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prometheus::IntCounterVec;
use prost::Message;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout, timeout_at};

use crate::logging::Sampler;

use super::endpoint::Endpoint;
use super::span::Finished;
use super::tls::{self, Tls};
use super::{About, Headers, Ids, Settings, otlp};

/// Records whose spans wait.
const QUEUE: usize = 2048;
/// Records whose spans go in one request, which has a few hundred bytes for each span.
const BATCH: usize = 256;
/// How long spans wait for others.
const DELAY: Duration = Duration::from_secs(1);
/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait before a request is tried again; after the last one its spans are given up.
const RETRIES: [Duration; 3] = [Duration::ZERO, Duration::from_millis(500), Duration::from_secs(1)];
/// How long the last requests may take.
const FLUSH: Duration = Duration::from_secs(2);
/// Largest answer, in bytes.
const LARGEST: usize = 64 << 10;

/// How often the same failure is logged.
static SAMPLER: Sampler = Sampler::new(Duration::from_secs(60));

/// The queue and its thread.
#[derive(Debug)]
pub struct Exporter {
    queue: mpsc::Sender<Finished>,
    spans: IntCounterVec,
    end: Mutex<Option<Ending>>,
}

#[derive(Debug)]
struct Ending {
    begin: oneshot::Sender<()>,
    done: blocking::Receiver<()>,
}

/// What became of spans: labels of `khabar_spans_total`.
const EXPORTED: &str = "exported";
const DROPPED: &str = "dropped";
const FAILED: &str = "failed";

impl Exporter {
    /// Starts the thread.
    pub fn start(
        endpoint: Endpoint,
        settings: &Settings,
        about: About,
        ids: Arc<Ids>,
        spans: IntCounterVec,
    ) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let tls = endpoint.tls.then(|| Tls::new(settings.authorities.as_deref())).transpose();
        let tls = tls.map_err(std::io::Error::other)?;
        let (queue, waiting) = mpsc::channel(QUEUE);
        let (begin, asked) = oneshot::channel();
        let (ended, done) = blocking::sync_channel(1);
        let headers = settings.headers.clone();
        let collector = Collector { endpoint, tls, headers, about, ids, spans: spans.clone() };
        std::thread::Builder::new().name("khabar-traces".to_owned()).spawn(move || {
            runtime.block_on(collector.run(waiting, asked));
            // Nobody listens where the service did not wait.
            let _ = ended.send(());
        })?;
        Ok(Self { queue, spans, end: Mutex::new(Some(Ending { begin, done })) })
    }

    /// Takes a span, or counts it as dropped where too many wait.
    pub fn put(&self, finished: Finished) {
        let spans = finished.spans();
        if self.queue.try_send(finished).is_err() {
            self.spans.with_label_values(&[DROPPED]).inc_by(spans);
        }
    }

    /// Sends what waits; returns after `patience` at the latest.
    pub fn finish(&self, patience: Duration) {
        let ending = self.end.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Ending { begin, done }) = ending {
            // It may have ended before; then there is nothing to wait for.
            let _ = begin.send(());
            let _ = done.recv_timeout(patience);
        }
    }
}

/// Why a request was in vain.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Connection(#[from] std::io::Error),
    #[error("{0}")]
    Tls(#[from] tls::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
    #[error("no answer in {} s", PATIENCE.as_secs())]
    Late,
    #[error("it answers {0}")]
    Status(StatusCode),
    #[error("its answer is none of OTLP")]
    Answer,
}

impl Failure {
    /// Whether another try may help, by the rules of OTLP.
    fn may_pass(&self) -> bool {
        match self {
            Failure::Connection(_) | Failure::Http(_) | Failure::Late => true,
            Failure::Status(status) => matches!(status.as_u16(), 429 | 502 | 503 | 504),
            Failure::Tls(error) => matches!(error, tls::Error::Handshake(_)),
            Failure::Answer => false,
        }
    }
}

struct Collector {
    endpoint: Endpoint,
    /// Where it speaks TLS.
    tls: Option<Tls>,
    headers: Headers,
    about: About,
    ids: Arc<Ids>,
    spans: IntCounterVec,
}

impl Collector {
    async fn run(&self, mut waiting: mpsc::Receiver<Finished>, mut end: oneshot::Receiver<()>) {
        let mut batch = Vec::with_capacity(BATCH);
        let mut tick = interval(DELAY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let until = loop {
            // Never none: a full batch is sent at once.
            let room = BATCH - batch.len();
            tokio::select! {
                biased;
                // Also when nobody is left who could ask for it.
                _ = &mut end => break Instant::now() + FLUSH,
                _ = tick.tick() => {}
                _ = waiting.recv_many(&mut batch, room) => {
                    if batch.len() < BATCH {
                        continue;
                    }
                }
            }
            if batch.is_empty() {
                continue;
            }
            let sending = self.send(std::mem::take(&mut batch));
            tokio::pin!(sending);
            tokio::select! {
                () = &mut sending => {}
                _ = &mut end => {
                    let until = Instant::now() + FLUSH;
                    // It has counted what it gave up, or is given up here with the process.
                    let _ = timeout_at(until, sending).await;
                    break until;
                }
            }
        };
        loop {
            while batch.len() < BATCH
                && let Ok(one) = waiting.try_recv()
            {
                batch.push(one);
            }
            if batch.is_empty() || timeout_at(until, self.send(std::mem::take(&mut batch))).await.is_err() {
                return;
            }
        }
    }

    /// Posts a batch, several times if need be, and counts what became of it.
    async fn send(&self, batch: Vec<Finished>) {
        let spans: u64 = batch.iter().map(Finished::spans).sum();
        let body = Bytes::from(otlp::request(&batch, &self.about, &self.ids).encode_to_vec());
        drop(batch);
        let mut outcome = Err(Failure::Late);
        for pause in RETRIES {
            sleep(pause).await;
            outcome = timeout(PATIENCE, self.post(body.clone())).await.unwrap_or(Err(Failure::Late));
            if !outcome.as_ref().is_err_and(Failure::may_pass) {
                break;
            }
        }
        let count = |outcome: &str, number: u64| self.spans.with_label_values(&[outcome]).inc_by(number);
        match outcome {
            Ok(refused) => {
                let refused = refused.min(spans);
                count(EXPORTED, spans - refused);
                count(FAILED, refused);
            }
            Err(failure) => {
                count(FAILED, spans);
                self.complain(&failure.to_string());
            }
        }
    }

    /// One request; returns how many spans the collector refused.
    async fn post(&self, body: Bytes) -> Result<u64, Failure> {
        let Endpoint { authority, host, path, .. } = &self.endpoint;
        let mut request = Request::post(path.as_str())
            .header(header::HOST, authority.as_str())
            .header(header::CONTENT_TYPE, "application/x-protobuf")
            .header(header::USER_AGENT, concat!("khabar/", env!("CARGO_PKG_VERSION")))
            .header(header::CONNECTION, "close")
            .body(Full::new(body))
            .map_err(|_| Failure::Answer)?;
        request.headers_mut().extend(self.headers.0.clone());
        let stream = TcpStream::connect(authority.as_str()).await?;
        let said = match &self.tls {
            Some(tls) => exchange(tls.connect(host, stream).await?, request).await?,
            None => exchange(stream, request).await?,
        };
        let answer = ExportTraceServiceResponse::decode(said).map_err(|_| Failure::Answer)?;
        let Some(partial) = answer.partial_success else { return Ok(0) };
        if partial.rejected_spans > 0 {
            self.complain(&partial.error_message);
        }
        Ok(u64::try_from(partial.rejected_spans).unwrap_or_default())
    }

    fn complain(&self, why: &str) {
        let Some(left_out) = SAMPLER.admit(why, std::time::Instant::now()) else { return };
        tracing::warn!(
            collector = %self.endpoint.authority,
            why,
            left_out,
            "spans could not be exported; records are not held up: is a collector for OTLP over HTTP at \
             tracing.otlp_endpoint?"
        );
    }
}

/// Sends a request over a connection, and returns what is answered.
async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Bytes, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // What goes wrong with it is told by the request, too.
    let connection = tokio::spawn(async move { connection.await.is_ok() });
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let said = Limited::new(answer.into_body(), LARGEST).collect().await;
    connection.abort();
    if status != StatusCode::OK {
        return Err(Failure::Status(status));
    }
    Ok(said.map_err(|_| Failure::Answer)?.to_bytes())
}
