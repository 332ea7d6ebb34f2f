//! `/events`: the status each second and the sampled records as they come, as server-sent events.
//!
//! A stream makes its next event only when the last one is on its way: a slow client misses statuses and
//! samples, and nothing piles up for it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Interval;

use crate::letters::sampled::Sampled;
use crate::samples::{Sample, Samples, What};

use super::App;
use super::server::Streams;

/// How often the samples are looked at.
const LOOK: Duration = Duration::from_millis(250);
/// Looks without anything to say after which a comment says that we are alive.
const SILENT_LOOKS: u32 = 40;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    only: Option<Only>,
    /// The id of the event that was seen last, of a client that cannot send the header `Last-Event-ID`.
    after: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Only {
    Status,
    Articles,
    DeadLetters,
}

/// Answers with a stream, as long as there are not too many.
pub async fn events(
    State(app): State<App>,
    Extension(streams): Extension<Streams>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Query(Asked { only, after })) = asked else {
        let message =
            "/events takes only=status, only=articles or only=dead-letters, after=ID, and nothing else\n";
        return (StatusCode::BAD_REQUEST, message).into_response();
    };
    let wants = |what: Only| only.is_none_or(|only| only == what);
    if !app.sources.samples.is_on() && !wants(Only::Status) {
        let message = "this instance shows no articles and no dead letters: it runs with --no-samples or with \
            admin.samples = false\n";
        return (StatusCode::NOT_FOUND, message).into_response();
    }
    let Ok(place) = Arc::clone(&app.streams).try_acquire_owned() else {
        let message = format!(
            "{} watch this instance already, which is the most: close a status page, `khabar top` or `khabar tap`, \
             or read /status.json\n",
            app.limits.streams
        );
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "10")], message).into_response();
    };
    let header = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    // A browser that comes back by itself sends both: the header is the later one.
    let after = last_seen(header, app.run).max(last_seen(after.as_deref(), app.run));
    let mut status = app.status.clone();
    status.mark_changed();
    let stream = Stream {
        status: wants(Only::Status).then_some(status),
        articles: wants(Only::Articles).then_some(after),
        letters: wants(Only::DeadLetters).then_some(after),
        samples: Arc::clone(&app.sources.samples),
        run: app.run,
        clock: tokio::time::interval(LOOK),
        ready: VecDeque::new(),
        silent: 0,
        _place: Place::taken(place, streams),
    };
    let body = futures_util::stream::unfold(stream, |mut stream| async {
        let next = stream.next().await?;
        Some((Ok::<_, Infallible>(next), stream))
    });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(body)).into_response()
}

/// The number of the sample that a client saw last, of this process.
fn last_seen(id: Option<&str>, run: i64) -> u64 {
    let seen = || {
        let (of, number) = id?.split_once('-')?;
        number.parse().ok().filter(|_| of == run.to_string())
    };
    seen().unwrap_or(0)
}

struct Stream {
    status: Option<watch::Receiver<Bytes>>,
    /// Number of the article that was sent last.
    articles: Option<u64>,
    letters: Option<u64>,
    samples: Arc<Samples>,
    run: i64,
    clock: Interval,
    /// Samples to be sent: no more than are kept.
    ready: VecDeque<Arc<Sample>>,
    silent: u32,
    _place: Place,
}

/// One of the few places; free again when dropped.
struct Place {
    streams: Streams,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    fn taken(permit: OwnedSemaphorePermit, streams: Streams) -> Self {
        streams.begin();
        Self { streams, _permit: permit }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.streams.end();
    }
}

impl Stream {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(sample) = self.ready.pop_front() {
                return Some(self.sample(&sample));
            }
            if let Some(status) = &mut self.status
                && status.has_changed().ok()?
            {
                return Some(event("status", None, &status.borrow_and_update()));
            }
            self.clock.tick().await;
            self.look();
            self.silent += 1;
            if self.silent > SILENT_LOOKS && self.ready.is_empty() {
                self.silent = 0;
                return Some(Bytes::from_static(b": nothing new\n\n"));
            }
        }
    }

    fn look(&mut self) {
        let mut new = Vec::new();
        if let Some(after) = &mut self.articles {
            new.extend(self.samples.articles_after(*after));
            *after = new.last().map_or(*after, |sample: &Arc<Sample>| sample.number);
        }
        if let Some(after) = &mut self.letters {
            let letters = self.samples.letters_after(*after);
            *after = letters.last().map_or(*after, |sample| sample.number);
            new.extend(letters);
        }
        new.sort_by_key(|sample| sample.number);
        self.ready.extend(new);
    }

    fn sample(&mut self, sample: &Sample) -> Bytes {
        self.silent = 0;
        let id = format!("{}-{}", self.run, sample.number);
        match &sample.what {
            What::Article(value) => event("article", Some(&id), value),
            What::Letter(letter) => {
                // Our own types always serialise.
                let letter = serde_json::to_vec(&Sampled::of(letter)).unwrap_or_default();
                event("dead-letter", Some(&id), &letter)
            }
        }
    }
}

/// An event whose data is JSON on one line.
fn event(name: &str, id: Option<&str>, json: &[u8]) -> Bytes {
    let id = id.map_or_else(String::new, |id| format!("id: {id}\n"));
    let head = format!("event: {name}\n{id}data: ");
    [head.as_bytes(), json, b"\n\n"].concat().into()
}
