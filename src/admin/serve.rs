//! Serves connections whose clients are slow, silent, or talk nonsense: none of them may keep a probe from its answer, or
//! take memory without a bound.

use std::collections::VecDeque;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// Most connections at a time. A new one always gets in: the oldest goes for it.
pub const MOST_CONNECTIONS: usize = 64;
/// How long the head of a request may take, and how long a connection may be idle between two requests.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may last; whoever reads its answer slowly has no more time.
pub const LIFETIME: Duration = Duration::from_secs(60);
/// Longest head of a request; longer ones are answered with 431.
const LONGEST_HEAD: usize = 16 << 10;
/// Most headers of a request.
const MOST_HEADERS: usize = 64;
/// How long to wait when no connection can be accepted, for want of file descriptors for instance.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until it is dropped.
pub async fn serve(listener: TcpListener, app: Router) {
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
        make_room(&mut open);
        open.push_back(tokio::spawn(connection(stream, app.clone())).abort_handle());
    }
}

fn make_room(open: &mut VecDeque<AbortHandle>) {
    if open.len() < MOST_CONNECTIONS {
        return;
    }
    open.retain(|connection| !connection.is_finished());
    if open.len() >= MOST_CONNECTIONS
        && let Some(oldest) = open.pop_front()
    {
        oldest.abort();
    }
}

async fn connection(stream: TcpStream, app: Router) {
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    match tokio::time::timeout(LIFETIME, served).await {
        Ok(Ok(())) => {}
        // What a client does wrong is its own business, and a flood of it none for the log.
        Ok(Err(error)) => tracing::trace!(%error, "a client of the admin server"),
        Err(_) => tracing::trace!("a client of the admin server took too long"),
    }
}
