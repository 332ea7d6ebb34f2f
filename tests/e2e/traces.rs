//! Traces through real Kafka, exactly once: the record that comes out and the span that is exported name each other.

use std::time::Duration;

use crate::common::articles::{Message, keyed};
use crate::common::cluster::{Cluster, by_key, shared_kafka};
use crate::common::collector::{Collector, attributes, hex};
use crate::common::service::{Service, Settings};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

#[test]
fn a_trace_goes_on_through_kafka() {
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, collector) = (Cluster::at(bootstrap), Collector::start(&[]));
    let settings = Settings::named("traces", bootstrap).exactly_once("traces-0").with(
        "tracing",
        &format!("otlp_endpoint = {:?}\notlp_headers = \"authorization=Bearer%20t0ken\"\n", collector.url),
    );
    for topic in ["traces.raw", "traces.enriched", "traces.dead"] {
        cluster.create_topic(topic, 1, &[]);
    }
    let traced = |message: Message, flags: &str| {
        message.header("traceparent", &format!("00-{TRACE}-{PARENT}-{flags}"))
    };
    let broken = Message::new(Some(b"broken"), Some(b"{\"title\": \"cut"));
    let messages = [traced(keyed("fine"), "01"), traced(broken, "01"), traced(keyed("quiet"), "00")];
    cluster.send("traces.raw", &messages, &[]);
    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, Duration::from_secs(60));
    // What waits is sent at the end.
    service.terminate();

    let asked = collector.taken();
    assert!(
        asked.iter().all(|taken| taken.head.contains("authorization: bearer t0ken\r\n")),
        "the collector gets the token"
    );
    let (enriched, dead) = (cluster.read("traces.enriched"), cluster.read("traces.dead"));
    let spans = collector.spans();
    for (offset, record) in [("0", by_key(&enriched, "fine")), ("1", by_key(&dead, "broken"))] {
        let at = |attribute: &str| attribute == offset;
        let way = spans.iter().find(|span| {
            attributes(&span.attributes).get("messaging.kafka.offset").is_some_and(|offset| at(offset))
        });
        let way = way.unwrap_or_else(|| panic!("no span for the record at {offset}"));
        assert_eq!((hex(&way.trace_id), hex(&way.parent_span_id)), (TRACE.into(), PARENT.into()));
        let own = format!("00-{TRACE}-{}-01", hex(&way.span_id));
        assert_eq!(record.header("traceparent"), Some(own.as_str()));
        assert_eq!(attributes(&way.attributes)["messaging.consumer.group.name"], "traces");
        assert!(
            spans.iter().any(|span| span.parent_span_id == way.span_id && span.name.starts_with("send "))
        );
    }
    let quiet = by_key(&enriched, "quiet").header("traceparent").map(str::to_owned);
    assert_eq!(quiet, Some(format!("00-{TRACE}-{PARENT}-00")), "not sampled: it passes as it came");
    assert_eq!(spans.len(), 5 + 3);
}
