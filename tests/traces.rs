//! Traces, over the pipeline without a broker and a collector that decodes OTLP: spans continue the trace that a record
//! comes with, what is made of the record carries it on, and a collector that fails holds nothing up.

#[path = "common/authority.rs"]
#[allow(dead_code, reason = "a collector has no clients with certificates")]
mod authority;
#[path = "common/collector.rs"]
mod collector;

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use khabar::breaker::Breaker;
use khabar::decode::{self, Decoder};
use khabar::encode::{Encoder, PipelineInfo};
use khabar::envelope::{Headers, Raw};
use khabar::ledger::Ledger;
use khabar::memory::{MemorySink, MemorySource};
use khabar::metrics::{Books, Metrics};
use khabar::outgoing::{Destination, Finisher, Outgoing};
use khabar::pipeline::{Lanes, Settings, Work};
use khabar::shutdown::Stop;
use khabar::stages::Stages;
use khabar::trace::endpoint::Endpoint;
use khabar::trace::tls::Tls;
use khabar::trace::{self, About, Tracer};
use khabar_enrich::{Enricher, Settings as EnrichSettings};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;

use authority::Authority;
use collector::{Answer, Collector, attributes, hex};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";
const PATIENCE: Duration = Duration::from_secs(60);

struct Rig {
    // Ends the lanes when dropped.
    _runtime: tokio::runtime::Runtime,
    sink: Arc<MemorySink>,
    source: MemorySource,
    metrics: Arc<Metrics>,
    tracer: Option<Arc<Tracer>>,
}

fn rig(collector: Option<&Collector>, sample_ratio: f64) -> Rig {
    rig_at(collector.map(|collector| collector.url.as_str()), sample_ratio, None)
}

fn rig_at(url: Option<&str>, sample_ratio: f64, authorities: Option<PathBuf>) -> Rig {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
    let metrics = Arc::new(Metrics::new("test", "test", None));
    let endpoint = url.map(|url| Endpoint::parse(url).expect("a URL"));
    let about = About {
        group: "khabar".to_owned(),
        instance: "khabar-0".to_owned(),
        output: "news.enriched".to_owned(),
        dead_letters: "news.raw.dead".to_owned(),
        replay: None,
    };
    let settings = trace::Settings { endpoint, authorities, sample_ratio, ..Default::default() };
    let tracer = Tracer::start(&settings, about, &metrics).expect("a thread");
    let settings = Settings { lanes: 1, ..Settings::default() };
    let stop = Stop::default();
    let work = Work {
        stages: Arc::new(Stages {
            decoder: Decoder::new(decode::Settings::default()),
            enricher: Enricher::new(EnrichSettings::default()),
            encoder: Encoder::new(PipelineInfo::default(), false),
        }),
        finisher: Finisher { pipeline: Bytes::from("test"), replay: None, key_is_id: false },
        drop_tombstones: true,
        metrics: Arc::clone(&metrics),
        breaker: Arc::new(Breaker::new(None, stop.clone())),
        stop,
        memory_budget: settings.memory_budget,
        tracer: tracer.clone(),
    };
    let (ledger, sink) = (Ledger::new(), Arc::new(MemorySink::default()));
    let (lanes, _) = Lanes::start(&settings, &work, &sink, runtime.handle());
    let source = MemorySource::new("news.raw", &ledger, lanes, &settings);
    Rig { _runtime: runtime, sink, source, metrics, tracer }
}

impl Rig {
    /// Sends records through, and returns what they became, in the order of their offsets.
    fn run(&mut self, records: &[Raw]) -> Vec<Outgoing> {
        for record in records {
            self.source.publish(record.clone());
        }
        assert_eq!(self.source.drain(PATIENCE), 0, "records are still in flight");
        let mut made = self.sink.take();
        made.sort_by_key(|(position, _)| position.offset);
        made.into_iter().map(|(_, record)| record).collect()
    }

    fn finish(&self) {
        self.tracer.as_ref().expect("a tracer").finish(PATIENCE);
    }

    fn spans(&self, outcome: &str) -> u64 {
        let text = String::from_utf8(self.metrics.render(&Books::default()).expect("metrics")).expect("text");
        let series = format!("khabar_spans_total{{outcome=\"{outcome}\"}} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&series)).expect("the series");
        line.parse().expect("a count")
    }

    fn until(&self, condition: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !condition(self) {
            assert!(Instant::now() < deadline, "waited in vain");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn record(body: &str, headers: &[(&str, &str)]) -> Raw {
    let copy = |(name, value): &(&str, &str)| (name.to_string(), Some(Bytes::from(value.to_string())));
    Raw {
        key: Some(Bytes::from("k")),
        value: Some(Bytes::from(serde_json::json!({ "title": "A headline", "body": body }).to_string())),
        headers: Headers(headers.iter().map(copy).collect()),
    }
}

fn broken(headers: &[(&str, &str)]) -> Raw {
    Raw { value: Some(Bytes::from("{\"body\": ")), ..record("", headers) }
}

fn parent(sampled: &str) -> String {
    format!("00-{TRACE}-{PARENT}-{sampled}")
}

/// The span of the way of the record at an offset, and those below it.
fn way(spans: &[Span], offset: &str) -> (Span, Vec<Span>) {
    let at = |span: &&Span| {
        attributes(&span.attributes).get("messaging.kafka.offset").is_some_and(|o| o == offset)
    };
    let found: Vec<_> = spans.iter().filter(at).collect();
    assert_eq!(found.len(), 1, "one span for the record at {offset}");
    let below = spans.iter().filter(|span| span.parent_span_id == found[0].span_id).cloned().collect();
    (found[0].clone(), below)
}

#[test]
fn spans_continue_the_trace_and_records_carry_it_on() {
    let collector = Collector::start(&[]);
    let mut rig = rig(Some(&collector), 0.0);
    let sampled = parent("01");
    let made = rig.run(&[
        record("Talks in Cairo.", &[("traceparent", &sampled), ("tracestate", "a=1,b=2"), ("x", "y")]),
        broken(&[("traceparent", &sampled)]),
        record("Talks in Paris.", &[("traceparent", &parent("00"))]),
        record("Talks in Rome.", &[]),
        record("Talks in Oslo.", &[("traceparent", "00-broken")]),
        Raw { value: None, ..record("", &[("traceparent", &sampled)]) },
    ]);
    rig.finish();
    let spans = collector.spans();
    let header = |at: usize, name: &str| made[at].headers.get_str(name).map(str::to_owned);

    let (enriched, below) = way(&spans, "0");
    assert_eq!((hex(&enriched.trace_id), hex(&enriched.parent_span_id)), (TRACE.into(), PARENT.into()));
    assert_eq!(header(0, "traceparent"), Some(format!("00-{TRACE}-{}-01", hex(&enriched.span_id))));
    assert_eq!(header(0, "tracestate").as_deref(), Some("a=1,b=2"));
    assert_eq!(header(0, "x").as_deref(), Some("y"));
    assert_eq!((enriched.name.as_str(), enriched.trace_state.as_str()), ("process news.raw", "a=1,b=2"));
    assert_eq!((enriched.kind, enriched.flags), (SpanKind::Consumer.into(), 0x301));
    let names: Vec<_> = below.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["decode", "extract", "encode", "send news.enriched"]);
    for span in &below {
        assert_eq!(hex(&span.trace_id), TRACE);
        let (from, to) = (span.start_time_unix_nano, span.end_time_unix_nano);
        assert!(from <= to && to <= enriched.end_time_unix_nano, "{}", span.name);
    }
    assert_eq!(below[3].kind, i32::from(SpanKind::Producer));
    let expected = [
        ("khabar.outcome", "published"),
        ("messaging.consumer.group.name", "khabar"),
        ("messaging.destination.name", "news.raw"),
        ("messaging.destination.partition.id", "0"),
        ("messaging.kafka.offset", "0"),
        ("messaging.message.body.size", "47"),
        ("messaging.operation.name", "process"),
        ("messaging.operation.type", "process"),
        ("messaging.system", "kafka"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(attributes(&enriched.attributes), expected.into());

    let (dead, below) = way(&spans, "1");
    assert_eq!(made[1].destination, Destination::DeadLetter(khabar::envelope::Reason::InvalidJson));
    assert_eq!(header(1, "traceparent"), Some(format!("00-{TRACE}-{}-01", hex(&dead.span_id))));
    let status = dead.status.expect("a status");
    assert_eq!((status.code, status.message.as_str()), (StatusCode::Error.into(), "invalid_json"));
    let names: Vec<_> = below.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["decode", "send news.raw.dead"]);

    assert_eq!(header(2, "traceparent"), Some(parent("00")), "not sampled: it passes as it came");
    assert_eq!(header(3, "traceparent"), None, "none is made up");
    assert_eq!(header(4, "traceparent").as_deref(), Some("00-broken"));

    let (dropped, below) = way(&spans, "5");
    assert_eq!(attributes(&dropped.attributes)["khabar.outcome"], "dropped");
    assert_eq!(below.len(), 1, "it was decoded and not sent");

    assert_eq!(
        (spans.len() as u64, rig.spans("dropped"), rig.spans("failed")),
        (rig.spans("exported"), 0, 0)
    );
    assert_eq!(spans.len(), 5 + 3 + 2);
    let taken = &collector.taken()[0];
    assert!(taken.head.starts_with("post /v1/traces http/1.1\r\n"), "{}", taken.head);
    assert!(taken.head.contains("content-type: application/x-protobuf\r\n"), "{}", taken.head);
    let resource = taken.request.resource_spans[0].resource.as_ref().expect("a resource");
    let resource = attributes(&resource.attributes);
    assert_eq!(
        (resource["service.name"].as_str(), resource["service.instance.id"].as_str()),
        ("khabar", "khabar-0")
    );
}

#[test]
fn a_trace_begins_here_where_that_is_asked_for() {
    let collector = Collector::start(&[]);
    let mut rig = rig(Some(&collector), 1.0);
    let made = rig.run(&[
        record("Talks in Rome.", &[]),
        record("Talks in Oslo.", &[("traceparent", "00-broken"), ("tracestate", "a=1")]),
        record("Talks in Cairo.", &[("traceparent", &parent("00"))]),
    ]);
    rig.finish();
    let spans = collector.spans();
    for (offset, record) in made[..2].iter().enumerate() {
        let (span, below) = way(&spans, &offset.to_string());
        assert_eq!((span.parent_span_id.as_slice(), span.flags, below.len()), (&[][..], 0x101, 4));
        let own = format!("00-{}-{}-01", hex(&span.trace_id), hex(&span.span_id));
        let parents: Vec<_> = record.headers.0.iter().filter(|(name, _)| name == "traceparent").collect();
        assert_eq!(parents, [&("traceparent".to_owned(), Some(Bytes::from(own)))]);
        assert_eq!(record.headers.get("tracestate"), None, "it belonged to what was not valid");
    }
    assert_ne!(spans[0].trace_id, spans[5].trace_id, "each its own");
    assert_eq!(spans.len(), 10, "whoever began a trace has decided");
}

#[test]
fn values_do_not_depend_on_traces() {
    let records: Vec<_> = (0..20)
        .map(|n| record(&format!("Talks number {n} in Cairo."), &[("traceparent", &parent("01"))]))
        .collect();
    let collector = Collector::start(&[]);
    let (with, without) = (rig(Some(&collector), 1.0).run(&records), rig(None, 1.0).run(&records));
    for (with, without) in with.iter().zip(&without) {
        assert_eq!((&with.key, &with.value), (&without.key, &without.value));
        assert_eq!(without.headers.get_str("traceparent"), Some(parent("01").as_str()), "off: as it came");
    }
    assert_eq!((with.len(), without.len()), (20, 20));
}

#[test]
fn a_silent_collector_holds_nothing_up() {
    const RECORDS: usize = 6000;
    let collector = Collector::start(&[Answer::Silence]);
    let mut rig = rig(Some(&collector), 1.0);
    let started = Instant::now();
    let made = rig.run(&vec![broken(&[]); RECORDS]);
    assert_eq!(made.len(), RECORDS);
    // What waits is bounded; the rest is counted, three spans a record.
    assert!(rig.spans("dropped") >= 3 * 3000, "{} were dropped", rig.spans("dropped"));
    assert_eq!(rig.spans("exported"), 0);
    // It asked, and still waits, unless this machine took longer than its patience.
    assert!(collector.held() >= 1 || started.elapsed() < Duration::from_secs(10));
    // It ends by itself, whatever the collector does.
    rig.finish();
}

#[test]
fn what_may_pass_is_tried_again_and_what_is_refused_is_counted() {
    let answers = [Answer::Status(503), Answer::Status(429), Answer::Partly(2)];
    let collector = Collector::start(&answers);
    let mut one = rig(Some(&collector), 1.0);
    one.run(&[record("Talks in Rome.", &[])]);
    one.until(|rig| rig.spans("exported") > 0);
    assert_eq!((one.spans("exported"), one.spans("failed"), collector.taken().len()), (3, 2, 1));

    let collector = Collector::start(&[Answer::Status(400)]);
    let mut other = rig(Some(&collector), 1.0);
    other.run(&[record("Talks in Rome.", &[])]);
    other.until(|rig| rig.spans("failed") > 0);
    assert_eq!((other.spans("failed"), collector.taken().len()), (5, 0), "400 is not tried again");
}

/// Spans go over TLS to a collector whose certificate is signed by the given authority for its host, and to no other.
#[test]
fn a_collector_over_tls_is_who_it_says_it_is() {
    let authority = Authority::new("khabar test authority");
    authority.sign("collector", "127.0.0.1");
    authority.sign("elsewhere", "collector.example");
    let at = |name: &str| {
        let file = |ending: &str| authority.file(&format!("{name}.{ending}"));
        Collector::secured(&file("key.pem"), &file("pem"))
    };
    let one = [record("Talks in Rome.", &[])];

    let collector = at("collector");
    assert!(collector.url.starts_with("https://"), "{}", collector.url);
    let mut trusting = rig_at(Some(&collector.url), 1.0, Some(authority.certificate()));
    trusting.run(&one);
    trusting.until(|rig| rig.spans("exported") > 0);
    assert_eq!((trusting.spans("exported"), trusting.spans("failed"), collector.spans().len()), (5, 0, 5));

    let stranger = Authority::new("another authority");
    let elsewhere = at("elsewhere");
    for (why, said, url, authorities) in [
        ("the system does not know its authority", "not accepted", &collector.url, None),
        ("another authority signed it", "not accepted", &collector.url, Some(stranger.certificate())),
        ("its certificate is another host's", "mismatch", &elsewhere.url, Some(authority.certificate())),
        ("it speaks no TLS", "does it speak TLS there?", &without_tls(), Some(authority.certificate())),
    ] {
        let told = refusal(url, authorities.as_deref());
        assert!(told.contains(said), "{why}: {told}");
        let mut rig = rig_at(Some(url), 1.0, authorities);
        rig.run(&one);
        rig.until(|rig| rig.spans("failed") > 0);
        assert_eq!((rig.spans("failed"), rig.spans("exported")), (5, 0), "{why}");
    }
    assert_eq!((collector.spans().len(), elsewhere.spans().len()), (5, 0), "nothing reached a stranger");
}

/// What is told of a connection that fails; it is logged beside the collector's address.
fn refusal(url: &str, authorities: Option<&Path>) -> String {
    let tls = Tls::new(authorities).expect("authorities");
    let address = url.strip_prefix("https://").expect("an address");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
        tls.connect("127.0.0.1", stream).await.expect_err("refused").to_string()
    })
}

/// One of several authorities that was cut off: which, and where.
#[test]
fn a_broken_certificate_is_told_from_none() {
    let whole = std::fs::read_to_string(Authority::new("one").certificate()).expect("PEM");
    let told = |text: &str| {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        Tls::new(Some(file.path())).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(told(&format!("# two\n{whole}\n{whole}")), Ok(()));
    let (second, cut) = (whole.lines().count() + 1, &whole[..whole.len() / 2]);
    let expected = format!("its certificate number 2, which begins at line {second}, is broken");
    assert_eq!(told(&format!("{whole}{cut}")), Err(expected.clone()), "the last is cut off");
    assert_eq!(told(&format!("{whole}{cut}\n{whole}")), Err(expected), "one between others");
    assert_eq!(told("nothing"), Err("holds no certificate in PEM".to_owned()));
}

/// Somebody who answers HTTP where TLS is expected.
fn without_tls() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // Whoever asked may be gone.
            let _ = stream.expect("a connection").write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    url
}

/// `cargo test --release --test traces -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, for a quiet machine"]
fn what_a_record_costs() {
    const RECORDS: u32 = 200_000;
    let collector = Collector::start(&[]);
    let rig = rig(Some(&collector), 0.001);
    let tracer = rig.tracer.as_ref().expect("a tracer");
    let position =
        khabar::envelope::Position { topic: "news.raw".into(), partition: 0, offset: 0, timestamp: None };
    let others = [("content-type", "application/json"), ("source", "a"), ("fetched", "b"), ("trace", "c")];
    let (unsampled, sampled) = (parent("00"), parent("01"));
    for (what, traceparent) in
        [("no traceparent", None), ("unsampled", Some(unsampled)), ("sampled", Some(sampled))]
    {
        let own = traceparent.as_deref().map(|value| ("traceparent", value));
        let raw = record("Talks in Rome.", &others.into_iter().chain(own).collect::<Vec<_>>());
        let mut records = vec![raw; RECORDS as usize];
        let started = Instant::now();
        let begun = records.iter_mut().filter_map(|raw| tracer.begin(raw, &position)).count();
        println!("{what}: {:?} a record, {begun} spans begun", started.elapsed() / RECORDS);
    }
}
