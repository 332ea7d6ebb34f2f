//! Connections of the admin server: how many, and how long each may take to say what it wants and to take the
//! answer. Whoever stops reading is let go; nothing is buffered for them but what the kernel holds.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

/// What clients may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Open connections; more wait until one is free.
    pub connections: usize,
    /// Streams of events; one more is refused.
    pub streams: usize,
    /// Time for the whole head of a request, and between two requests.
    pub request: Duration,
    /// Time without progress while an answer is written.
    pub write: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            streams: 16,
            request: Duration::from_secs(10),
            write: Duration::from_secs(10),
        }
    }
}

/// Bytes of a request's head.
const HEAD: usize = 16 << 10;
/// Bytes that the kernel holds for a client.
const SEND_BUFFER: u32 = 64 << 10;
/// Connections that wait to be taken.
const BACKLOG: u32 = 1024;
/// How long to wait when no connection can be taken: out of file descriptors, mostly.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Listens; within a runtime.
pub fn bind(listen: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    // Connections inherit it. Without it the kernel would hold megabytes for somebody who has stopped reading.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(listen)?;
    socket.listen(BACKLOG)
}

/// Serves for ever.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits) {
    let free = Arc::new(Semaphore::new(limits.connections));
    // The semaphore is never closed.
    while let Ok(place) = Arc::clone(&free).acquire_owned().await {
        let connection = match listener.accept().await {
            Ok((connection, _)) => connection,
            Err(error) => {
                tracing::debug!(%error, "no connection to the admin server");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let mut patient = TimeoutStream::new(connection);
        patient.set_write_timeout(Some(limits.write));
        let service = TowerToHyperService::new(app.clone());
        tokio::spawn(async move {
            let served = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(limits.request)
                .max_buf_size(HEAD)
                .serve_connection(TokioIo::new(Box::pin(patient)), service)
                .await;
            if let Err(error) = served {
                tracing::debug!(%error, "a connection to the admin server ended");
            }
            drop(place);
        });
    }
}
