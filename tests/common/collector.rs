//! A collector of spans: OTLP over HTTP, as a service sees it, with the protocol's own messages.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openssl::ssl::{SslAcceptor, SslFiletype, SslMethod};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// How it answers a request.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// Takes everything; what it does when nothing else is said.
    Taken,
    /// With this status.
    Status(u16),
    /// Refuses so many spans.
    Partly(i64),
    /// Never.
    Silence,
}

/// A request that it took.
#[derive(Debug, Clone)]
pub struct Taken {
    /// First line and headers, in small letters.
    pub head: String,
    /// What was exported.
    pub request: ExportTraceServiceRequest,
}

#[derive(Default)]
struct State {
    answers: VecDeque<Answer>,
    taken: Vec<Taken>,
    /// Those that are never answered.
    held: Vec<Box<dyn Send + Sync>>,
}

/// A collector on loopback.
pub struct Collector {
    /// For `tracing.otlp_endpoint`.
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Collector {
    /// Starts one that gives these answers first.
    pub fn start(answers: &[Answer]) -> Self {
        Self::listening(answers, None)
    }

    /// Starts one that speaks TLS, with a key and a certificate in PEM.
    pub fn secured(key: &Path, certificate: &Path) -> Self {
        let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).expect("OpenSSL");
        builder.set_private_key_file(key, SslFiletype::PEM).expect("a key");
        builder.set_certificate_chain_file(certificate).expect("a certificate");
        Self::listening(&[], Some(builder.build()))
    }

    fn listening(answers: &[Answer], tls: Option<SslAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().expect("an address"));
        let state =
            Arc::new(Mutex::new(State { answers: answers.iter().copied().collect(), ..State::default() }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.expect("a connection");
                stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
                match &tls {
                    None => serve(stream, &shared),
                    // Whoever does not trust us hangs up.
                    Some(tls) => drop(tls.accept(stream).map(|stream| serve(stream, &shared))),
                }
            }
        });
        Self { url, state }
    }

    /// Requests that were answered with 200.
    pub fn taken(&self) -> Vec<Taken> {
        self.state.lock().expect("its notes").taken.clone()
    }

    /// Requests that were never answered.
    pub fn held(&self) -> usize {
        self.state.lock().expect("its notes").held.len()
    }

    /// All spans that it took.
    pub fn spans(&self) -> Vec<Span> {
        let requests = self.taken().into_iter().flat_map(|taken| taken.request.resource_spans);
        requests.flat_map(|one| one.scope_spans).flat_map(|one| one.spans).collect()
    }
}

fn serve<S: Read + Write + Send + Sync + 'static>(stream: S, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while reader.read_line(&mut head).expect("a head") > 2 {}
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.expect("a length")];
    reader.read_exact(&mut body).expect("a body");
    let request = ExportTraceServiceRequest::decode(body.as_slice()).expect("OTLP");
    let mut stream = reader.into_inner();
    let mut state = state.lock().expect("its notes");
    let (status, refused) = match state.answers.pop_front().unwrap_or(Answer::Taken) {
        Answer::Silence => {
            state.answers.push_front(Answer::Silence);
            state.held.push(Box::new(stream));
            return;
        }
        Answer::Status(status) => (status, 0),
        Answer::Partly(refused) => (200, refused),
        Answer::Taken => (200, 0),
    };
    let partial = ExportTracePartialSuccess { rejected_spans: refused, error_message: "too many".to_owned() };
    let partial_success = (refused > 0).then_some(partial);
    let answer = ExportTraceServiceResponse { partial_success }.encode_to_vec();
    if status == 200 {
        state.taken.push(Taken { head, request });
    }
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/x-protobuf\r\ncontent-length: {}\r\n\r\n",
        answer.len()
    );
    // Whoever asked may be gone.
    let _ = stream.write_all(&[head.as_bytes(), &answer].concat());
}

/// Attributes by name, as text.
pub fn attributes(list: &[KeyValue]) -> BTreeMap<String, String> {
    let shown = |one: &KeyValue| match one.value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::BoolValue(flag)) => flag.to_string(),
        other => panic!("{}: {other:?}", one.key),
    };
    list.iter().map(|one| (one.key.clone(), shown(one))).collect()
}

/// An id as headers have it.
pub fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}
