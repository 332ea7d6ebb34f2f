//! An instance's admin server, as `khabar top` and `khabar tap` reach it: plain HTTP, one request a connection.

use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// How long a connection and the head of an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a stream may say nothing: an instance that is alive says something every ten seconds.
const SILENCE: Duration = Duration::from_secs(30);
/// Most characters of what is said where nothing is answered: a web server's page of an error is long.
const MOST_SAID: usize = 300;
/// Largest answer and largest event, in bytes.
const LARGEST: usize = 8 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address that is none.
    #[error("is no address of an admin server: {why}, such as http://127.0.0.1:9464")]
    Address {
        /// What is wrong and what to write.
        why: &'static str,
    },
    /// Nobody is there.
    #[error("no khabar answers at {at}: {why}; is it running, and is this its admin.listen?")]
    Unreachable {
        /// Where.
        at: String,
        /// Why.
        why: String,
    },
    /// It was there and is not any more.
    #[error("{at} has ended the connection: {why}")]
    Lost {
        /// Where.
        at: String,
        /// Why.
        why: String,
    },
    /// It answers that it will not.
    #[error("{at} answers {status}: {body}")]
    Refused {
        /// Where.
        at: String,
        /// Status of HTTP.
        status: u16,
        /// What it says, on one line.
        body: String,
    },
    /// Its answer is not understood.
    #[error("what answers at {at} is no khabar of this version: {why}")]
    Foreign {
        /// Where.
        at: String,
        /// What is wrong.
        why: String,
    },
}

impl Error {
    /// Whether it may be better a moment later.
    pub fn may_pass(&self) -> bool {
        match self {
            Error::Unreachable { .. } | Error::Lost { .. } => true,
            Error::Refused { status, .. } => *status == 503,
            Error::Address { .. } | Error::Foreign { .. } => false,
        }
    }
}

/// Where an instance's admin server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    base: Url,
}

/// An event of a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its data.
    pub data: String,
}

/// A stream of events.
#[derive(Debug)]
pub struct Events {
    at: String,
    body: Incoming,
    read: Vec<u8>,
    /// How much of it is known to hold no end of an event.
    searched: usize,
}

impl Remote {
    /// From `http://host:port`, with a path where a proxy has put it under one, or `host:port`.
    ///
    /// # Errors
    /// When it is no address.
    pub fn parse(given: &str) -> Result<Self, Error> {
        let wrong = |why| Error::Address { why };
        let full = if given.contains("://") { given.to_owned() } else { format!("http://{given}") };
        let mut base = Url::parse(&full).map_err(|_| wrong("write http://host:port"))?;
        if base.scheme() != "http" {
            return Err(wrong("an admin server speaks plain HTTP; write http://host:port"));
        }
        if base.host_str().is_none_or(str::is_empty) || base.query().is_some() || base.fragment().is_some() {
            return Err(wrong("write http://host:port"));
        }
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        Ok(Self { base })
    }

    /// The latest status.
    ///
    /// # Errors
    /// When there is no answer that is one.
    pub async fn status(&self) -> Result<crate::status::Status, Error> {
        let response = self.get("status.json", None).await?;
        let body = http_body_util::Limited::new(response.into_body(), LARGEST).collect();
        let lost = |why: String| Error::Lost { at: self.to_string(), why };
        let body = timeout(PATIENCE, body).await.map_err(|_| lost("it does not go on".to_owned()))?;
        let body = body.map_err(|error| lost(error.to_string()))?.to_bytes();
        let status: crate::status::Status =
            serde_json::from_slice(&body).map_err(|error| self.foreign(error.to_string()))?;
        if status.schema != crate::status::SCHEMA {
            return Err(self.foreign(format!("its status is of schema {:?}", status.schema)));
        }
        Ok(status)
    }

    /// A stream of events; `only` as `/events` takes it, `after` the id of the last one that was seen.
    ///
    /// # Errors
    /// When there is none.
    pub async fn events(&self, only: &str, after: Option<&str>) -> Result<Events, Error> {
        let response = self.get(&format!("events?only={only}"), after).await?;
        let kind = response.headers().get(header::CONTENT_TYPE);
        if kind.is_none_or(|kind| kind.as_bytes() != b"text/event-stream") {
            return Err(self.foreign("it sends no events".to_owned()));
        }
        Ok(Events { at: self.to_string(), body: response.into_body(), read: Vec::new(), searched: 0 })
    }

    async fn get(&self, path: &str, after: Option<&str>) -> Result<Response<Incoming>, Error> {
        let unreachable = |why: String| Error::Unreachable { at: self.to_string(), why };
        let answer = timeout(PATIENCE, self.request(path, after)).await;
        let response = answer
            .map_err(|_| unreachable(format!("no answer within {} s", PATIENCE.as_secs())))?
            .map_err(unreachable)?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let body = http_body_util::Limited::new(response.into_body(), 64 << 10).collect();
        let body = match timeout(PATIENCE, body).await {
            Ok(Ok(body)) => said(&body.to_bytes()),
            _ => String::new(),
        };
        Err(Error::Refused { at: self.to_string(), status: status.as_u16(), body })
    }

    async fn request(&self, path: &str, after: Option<&str>) -> Result<Response<Incoming>, String> {
        let url = self.base.join(path).map_err(|error| error.to_string())?;
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or(80);
        let address = (host.trim_start_matches('[').trim_end_matches(']'), port);
        let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
        // It ends with the answer's body.
        tokio::spawn(connection);
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut request = Request::get(target)
            .header(header::HOST, format!("{host}:{port}"))
            .header(header::USER_AGENT, concat!("khabar/", env!("CARGO_PKG_VERSION")));
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let request = request.body(Empty::<Bytes>::new()).map_err(|error| error.to_string())?;
        sender.send_request(request).await.map_err(|error| error.to_string())
    }

    fn foreign(&self, why: String) -> Error {
        Error::Foreign { at: self.to_string(), why }
    }
}

impl std::fmt::Display for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.base.as_str().trim_end_matches('/'))
    }
}

impl Events {
    /// The next event.
    ///
    /// # Errors
    /// When the stream has ended.
    pub async fn next(&mut self) -> Result<Event, Error> {
        let lost = |why: String| Error::Lost { at: self.at.clone(), why };
        loop {
            if let Some(end) = memchr::memmem::find(&self.read[self.searched..], b"\n\n") {
                let block: Vec<u8> = self.read.drain(..self.searched + end + 2).collect();
                self.searched = 0;
                match parse(&block) {
                    Some(event) => return Ok(event),
                    None => continue,
                }
            }
            // The end may be cut in two.
            self.searched = self.read.len().saturating_sub(1);
            if self.read.len() > LARGEST {
                return Err(lost("an event is too large".to_owned()));
            }
            let frame = timeout(SILENCE, self.body.frame()).await;
            match frame.map_err(|_| lost(format!("nothing for {} s", SILENCE.as_secs())))? {
                None => return Err(lost("the instance has ended".to_owned())),
                Some(Err(error)) => return Err(lost(error.to_string())),
                Some(Ok(frame)) => self.read.extend_from_slice(frame.data_ref().map_or(&[], |data| data)),
            }
        }
    }
}

/// What a server says of a refusal, on one line.
fn said(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let line = lines.join("; ");
    match line.char_indices().nth(MOST_SAID) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// One block of a stream; `None` for one without data, which is a comment.
fn parse(block: &[u8]) -> Option<Event> {
    let mut event = Event::default();
    let mut has_data = false;
    for line in String::from_utf8_lossy(block).lines() {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => event.name = value.to_owned(),
            "id" => event.id = Some(value.to_owned()),
            "data" => {
                if std::mem::replace(&mut has_data, true) {
                    event.data.push('\n');
                }
                event.data.push_str(value);
            }
            _ => {}
        }
    }
    has_data.then_some(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (given, shown) in [
            ("127.0.0.1:9464", "http://127.0.0.1:9464"),
            ("http://khabar-0.khabar:9464/", "http://khabar-0.khabar:9464"),
            ("[::1]:9464", "http://[::1]:9464"),
            ("http://proxy/khabar", "http://proxy/khabar"),
        ] {
            assert_eq!(Remote::parse(given).map(|remote| remote.to_string()).unwrap(), shown);
        }
        for wrong in ["", "https://a:1", "http://", "a b", "http://a:1/?x", "ftp://a"] {
            let error = Remote::parse(wrong).expect_err(wrong).to_string();
            assert!(error.contains("http://127.0.0.1:9464"), "{error}");
        }
    }

    #[test]
    fn events_and_comments() {
        let event = parse(b"event: article\nid: 5-17\ndata: {\"a\":\ndata: 1}\n\n").unwrap();
        let expected =
            Event { name: "article".to_owned(), id: Some("5-17".to_owned()), data: "{\"a\":\n1}".to_owned() };
        assert_eq!(event, expected);
        assert_eq!(parse(b": nothing new\n\n"), None);
    }
}
