//! Serves connections whose clients are slow, silent, or talk nonsense: none of them may keep a probe from its answer, or
//! take memory without a bound. Whoever stops reading is let go; nothing is buffered for them but what the kernel holds.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::AbortHandle;
use tokio_io_timeout::TimeoutStream;

/// What clients may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most connections at a time. A new one always gets in: the oldest that does not stream goes for it.
    pub connections: usize,
    /// Streams of events; one more is refused. Fewer than `connections`.
    pub streams: usize,
    /// How long the head of a request may take, and how long a connection may be idle between two requests.
    pub request: Duration,
    /// Time without progress while an answer is written.
    pub write: Duration,
    /// How long a connection that does not stream may last; whoever reads its answer slowly has no more time.
    pub lifetime: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 64,
            streams: 16,
            request: Duration::from_secs(10),
            write: Duration::from_secs(10),
            lifetime: Duration::from_secs(60),
        }
    }
}

/// Whether a connection has a place among the streams; every request of it carries this.
#[derive(Debug, Clone, Default)]
pub struct Streams(Arc<AtomicBool>);

impl Streams {
    /// It streams from now on.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// It streams no more.
    pub fn end(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    fn now(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Longest head of a request; longer ones are answered with 431.
const LONGEST_HEAD: usize = 16 << 10;
/// Most headers of a request.
const MOST_HEADERS: usize = 64;
/// Bytes that the kernel holds for a client.
const SEND_BUFFER: u32 = 64 << 10;
/// Connections that wait to be taken.
const BACKLOG: u32 = 1024;
/// How long to wait when no connection can be accepted, for want of file descriptors for instance.
const PAUSE: Duration = Duration::from_millis(100);

/// Listens; within a runtime.
///
/// # Errors
/// When the address cannot be bound.
pub fn bind(listen: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    // Connections inherit it. Without it the kernel would hold megabytes for somebody who has stopped reading.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(listen)?;
    socket.listen(BACKLOG)
}

/// Serves until it is dropped.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits) {
    let mut open = VecDeque::new();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::debug!(%error, "the admin server cannot accept a connection");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        make_room(&mut open, limits.connections);
        let streams = Streams::default();
        let served = connection(stream, app.clone(), limits, streams.clone());
        open.push_back(Open { streams, task: tokio::spawn(served).abort_handle() });
        // It is asked what it wants before the next one comes, however many wait: whoever says so at once is answered, and is not
        // pushed out by a burst of others unheard.
        tokio::task::yield_now().await;
    }
}

/// A connection, oldest first among the others.
struct Open {
    streams: Streams,
    task: AbortHandle,
}

fn make_room(open: &mut VecDeque<Open>, most: usize) {
    if open.len() < most {
        return;
    }
    open.retain(|connection| !connection.task.is_finished());
    if open.len() < most {
        return;
    }
    let oldest = open.iter().position(|connection| !connection.streams.now());
    if let Some(oldest) = oldest.and_then(|at| open.remove(at)) {
        oldest.task.abort();
    }
}

async fn connection(stream: TcpStream, app: Router, limits: Limits, streams: Streams) {
    let mut patient = TimeoutStream::new(stream);
    patient.set_write_timeout(Some(limits.write));
    let (routes, place) = (TowerToHyperService::new(app), streams.clone());
    // A layer of its own would make every route anew for each connection, which costs more than most answers.
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(place.clone());
        routes.call(request)
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.request)
        .max_buf_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(Box::pin(patient)), service);
    let mut served = std::pin::pin!(served);
    loop {
        match tokio::time::timeout(limits.lifetime, &mut served).await {
            Ok(Ok(())) => return,
            // What a client does wrong is its own business, and a flood of it none for the log.
            Ok(Err(error)) => return tracing::trace!(%error, "a client of the admin server"),
            Err(_) if streams.now() => {}
            Err(_) => return tracing::trace!("a client of the admin server took too long"),
        }
    }
}
