//! Spans as OTLP has them, with the names of OpenTelemetry's conventions for messaging and Kafka (1.37).

use std::time::Instant;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};

use super::span::{Finished, Outcome};
use super::{About, Ids};

/// Flags of OTLP: it is known whether the parent is of another process, and it is.
const KNOWS_PARENT: u32 = 0x100;
const REMOTE_PARENT: u32 = 0x200;

/// A request to export these.
pub fn request(finished: &[Finished], about: &About, ids: &Ids) -> ExportTraceServiceRequest {
    let spans = finished.iter().flat_map(|one| spans(one, about, ids)).collect();
    let version = env!("CARGO_PKG_VERSION");
    let mut resource = vec![text("service.name", "khabar"), text("service.version", version)];
    if !about.instance.is_empty() {
        resource.push(text("service.instance.id", &about.instance));
    }
    let scope = InstrumentationScope { name: "khabar".into(), version: version.into(), ..Default::default() };
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(Resource { attributes: resource, ..Default::default() }),
            scope_spans: vec![ScopeSpans { scope: Some(scope), spans, ..Default::default() }],
            ..Default::default()
        }],
    }
}

/// The record's span, and below it those of its stages and of its sending.
fn spans(finished: &Finished, about: &About, ids: &Ids) -> Vec<Span> {
    let open = &finished.open;
    let below = |name: String, kind: SpanKind, from: Instant, to: Instant, attributes: Vec<KeyValue>| Span {
        trace_id: open.context.trace.to_vec(),
        span_id: ids.span().to_vec(),
        trace_state: open.state.clone(),
        parent_span_id: open.context.span.to_vec(),
        flags: u32::from(open.context.flags()) | KNOWS_PARENT,
        name,
        kind: kind.into(),
        start_time_unix_nano: finished.nanos(from),
        end_time_unix_nano: finished.nanos(to),
        attributes,
        ..Default::default()
    };
    let whole = (format!("process {}", open.position.topic), open.began.1, finished.ended);
    let mut way = below(whole.0, SpanKind::Consumer, whole.1, whole.2, of_record(finished, about));
    way.span_id = open.context.span.to_vec();
    way.parent_span_id = open.parent.map(|parent| parent.to_vec()).unwrap_or_default();
    way.flags |= if open.parent.is_some() { REMOTE_PARENT } else { 0 };
    if let Outcome::DeadLettered(reason) = finished.outcome {
        way.status = Some(Status { message: reason.as_str().into(), code: StatusCode::Error.into() });
    }
    let mut all = vec![way];
    for (stage, from, to) in &open.stages {
        all.push(below((*stage).to_owned(), SpanKind::Internal, *from, *to, Vec::new()));
    }
    if let Some(sent) = open.sent.filter(|_| finished.is_sent()) {
        let topic = match finished.outcome {
            Outcome::Published => &about.output,
            _ => &about.dead_letters,
        };
        let attributes = messaging("send", topic);
        all.push(below(format!("send {topic}"), SpanKind::Producer, sent, finished.ended, attributes));
    }
    all
}

fn messaging(operation: &str, topic: &str) -> Vec<KeyValue> {
    vec![
        text("messaging.system", "kafka"),
        text("messaging.operation.name", operation),
        text("messaging.operation.type", operation),
        text("messaging.destination.name", topic),
    ]
}

fn of_record(finished: &Finished, about: &About) -> Vec<KeyValue> {
    let position = &finished.open.position;
    let mut attributes = messaging("process", &position.topic);
    attributes.push(text("messaging.destination.partition.id", &position.partition.to_string()));
    attributes.push(number("messaging.kafka.offset", position.offset));
    attributes.push(text("messaging.consumer.group.name", &about.group));
    match finished.open.bytes {
        Some(bytes) => {
            attributes.push(number("messaging.message.body.size", i64::try_from(bytes).unwrap_or(i64::MAX)));
        }
        None => attributes.push(attribute("messaging.kafka.message.tombstone", Value::BoolValue(true))),
    }
    let (outcome, reason) = match finished.outcome {
        Outcome::Published => ("published", None),
        Outcome::DeadLettered(reason) => ("dead_lettered", Some(reason.as_str())),
        Outcome::Dropped(reason) => ("dropped", Some(reason.as_str())),
        Outcome::Abandoned => ("abandoned", None),
    };
    attributes.push(text("khabar.outcome", outcome));
    if let Some(reason) = reason {
        attributes.push(text("khabar.reason", reason));
    }
    if let Outcome::DeadLettered(reason) = finished.outcome {
        attributes.push(text("error.type", reason.as_str()));
    }
    if let Some(replay) = &about.replay {
        attributes.push(text("khabar.replay", replay));
    }
    attributes
}

fn text(key: &str, value: &str) -> KeyValue {
    attribute(key, Value::StringValue(value.to_owned()))
}

fn number(key: &str, value: i64) -> KeyValue {
    attribute(key, Value::IntValue(value))
}

fn attribute(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..Default::default() }
}
