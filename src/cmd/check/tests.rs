use std::collections::BTreeMap;

use crate::config::{Config, Environment};
use crate::kafka::cluster::{Access, Failure, Topic, TopicState};

use super::facts::{Facts, InputFacts, OutputFacts};
use super::report::{Grade, Report};
use super::{GROWTH, findings, golden};

const GOOD: [(&str, &str); 6] = [
    ("max.message.bytes", "10485760"),
    ("compression.type", "producer"),
    ("cleanup.policy", "delete"),
    ("retention.ms", "1209600000"),
    ("min.insync.replicas", "2"),
    ("unrelated", "x"),
];

fn topic(partitions: usize, replicas: usize, changes: &[(&str, &str)]) -> Topic {
    let settings = GOOD.iter().chain(changes).map(|(name, value)| ((*name).into(), (*value).into()));
    Topic { partitions, replicas, in_sync: replicas, settings: settings.collect() }
}

fn exists(partitions: usize, replicas: usize, changes: &[(&str, &str)]) -> TopicState {
    TopicState::Exists(topic(partitions, replicas, changes))
}

fn good() -> Facts {
    // As `topics create` makes it: the largest raw record whose enriched one fits into 10 MB.
    let fitting = ((10 << 20) / GROWTH).to_string();
    Facts {
        input: Ok(InputFacts {
            brokers: 3,
            topics: BTreeMap::from([("news.raw".into(), exists(6, 3, &[("max.message.bytes", &fitting)]))]),
            reading: BTreeMap::from([("news.raw".into(), Access::Allowed)]),
            group: Some(Access::Allowed),
            settings: BTreeMap::new(),
        }),
        output: Ok(OutputFacts { brokers: 3, output: exists(6, 3, &[]), dead_letters: exists(6, 3, &[]) }),
        features: ["gzip", "snappy", "lz4", "zstd", "ssl"].map(Into::into).into(),
    }
}

fn judge(settings: &str, facts: &Facts) -> Report {
    let config = Config::parse(settings, "khabar.toml", &Environment::new()).unwrap();
    let mut report = Report::default();
    findings::settings(&config, "khabar.toml", &mut report);
    findings::clusters(&config, "khabar.toml", facts, &mut report);
    report
}

#[test]
fn a_good_cluster_has_nothing_to_say() {
    let report = judge("", &good());
    assert!(report.findings.iter().all(|finding| finding.grade == Grade::Ok), "{report}");
    golden::check("cli/check-good.txt", &report.to_string());
}

#[test]
fn every_trouble_has_its_advice() {
    let mut read = String::new();
    let mut case = |name: &str, settings: &str, change: &dyn Fn(&mut InputFacts, &mut OutputFacts)| {
        let mut facts = good();
        if let (Ok(input), Ok(output)) = (&mut facts.input, &mut facts.output) {
            change(input, output);
        }
        trouble(&mut read, name, &judge(settings, &facts));
    };
    let input = |state: TopicState| BTreeMap::from([("news.raw".to_owned(), state)]);
    case("missing topics", "", &|i, o| {
        i.topics = input(TopicState::Missing);
        o.output = TopicState::Missing;
        o.dead_letters = TopicState::Forbidden;
    });
    case("a topic that cannot be looked at", "", &|_, o| {
        o.output = TopicState::Unknown("Broker: Leader not available".into());
    });
    case("not allowed to read", "", &|i, _| {
        i.reading = BTreeMap::from([("news.raw".into(), Access::Denied)]);
        i.group = Some(Access::Denied);
    });
    case("settings that may not be seen", "", &|i, o| {
        let unseen = |topic: Topic| TopicState::Exists(Topic { settings: BTreeMap::new(), ..topic });
        i.topics = input(unseen(topic(6, 3, &[])));
        o.dead_letters = unseen(topic(6, 3, &[]));
    });
    case("no answer about reading", "", &|i, _| {
        i.reading = BTreeMap::from([("news.raw".into(), Access::Unknown("no answer in time".into()))]);
        i.group = Some(Access::Unknown("timed out".into()));
    });
    case("fewer partitions", "", &|_, o| o.output = exists(3, 3, &[]));
    case("too small a topic", "", &|_, o| o.output = exists(6, 3, &[("max.message.bytes", "1048588")]));
    case("records that grow too large", "", &|i, _| {
        i.topics = input(exists(6, 3, &[("max.message.bytes", "20971520")]));
    });
    case("too few copies in sync", "", &|_, o| {
        o.output = TopicState::Exists(Topic { in_sync: 1, ..topic(6, 3, &[]) });
    });
    case("all copies needed", "", &|_, o| o.output = exists(6, 3, &[("min.insync.replicas", "3")]));
    case("one copy needed", "", &|_, o| o.output = exists(6, 3, &[("min.insync.replicas", "1")]));
    case("one copy", "", &|_, o| o.output = exists(6, 1, &[("min.insync.replicas", "1")]));
    case("recompressed", "", &|_, o| o.output = exists(6, 3, &[("compression.type", "gzip")]));
    case("compacted without tombstones", "[output]\ntombstones = \"drop\"", &|_, o| {
        o.output = exists(6, 3, &[("cleanup.policy", "compact")]);
    });
    case("dead letters that do not last", "", &|_, o| {
        o.dead_letters = exists(6, 3, &[("cleanup.policy", "compact,delete"), ("retention.ms", "86400000")]);
    });
    case("dead letters that do not fit", "", &|_, o| {
        o.dead_letters = exists(6, 3, &[("max.message.bytes", "1048588")]);
    });
    case(
        "a password in the clear",
        "[input.kafka.sasl]\nmechanism = \"PLAIN\"\nusername = \"u\"\npassword = \"p\"",
        &|_, _| {},
    );
    case(
        "certificates not verified",
        "[input.kafka.tls]\nenabled = true\n[input.kafka.properties]\nenable.ssl.certificate.verification = false",
        &|_, _| {},
    );
    golden::check("cli/check-troubles.txt", &read);
}

#[test]
fn a_cluster_that_cannot_be_used_has_its_advice() {
    let mut read = String::new();
    for (name, failure) in [
        (
            "unreachable",
            Failure::Unreachable("Connect to ipv4#127.0.0.1:9092 failed: Connection refused".into()),
        ),
        ("tls", Failure::Tls("SSL handshake failed: certificate verify failed".into())),
        ("login", Failure::Authentication("SASL authentication error: invalid credentials".into())),
        ("settings", Failure::Settings("ssl.ca.location failed: no start line".into())),
        ("other", Failure::Other("Broker: Unknown server error".into())),
    ] {
        let facts = Facts { input: Err(failure.clone()), output: Err(failure), ..good() };
        trouble(&mut read, name, &judge("[output.kafka]\nbrokers = \"out:9092\"", &facts));
    }
    golden::check("cli/check-failures.txt", &read);
}

#[test]
fn a_build_without_a_codec_is_a_problem_when_it_is_written() {
    let facts = Facts { features: vec!["gzip".into()], ..good() };
    assert!(judge("", &facts).has_problems());
    assert!(!judge("[output]\ncompression = \"gzip\"", &facts).has_problems());
}

/// What is not as it should be; a case without trouble is a test that tests nothing.
fn trouble(read: &mut String, name: &str, report: &Report) {
    let troubles: Vec<_> =
        report.findings.iter().filter(|finding| finding.grade != Grade::Ok).cloned().collect();
    assert!(!troubles.is_empty(), "{name}: no trouble in\n{report}");
    *read += &format!("# {name}\n{}\n", Report { findings: troubles });
}

#[test]
fn brokers_that_lack_something_are_named() {
    let with = |settings: &[(&str, &str)], brokers: usize| {
        let mut facts = good();
        let Ok(input) = &mut facts.input else { unreachable!("good") };
        input.brokers = brokers;
        input.settings = settings.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        facts
    };
    let exact = "delivery = \"exactly-once\"\n[input]\ninstance_id = \"a\"\n";
    let consumer = "[input]\ngroup_protocol = \"consumer\"\n";
    let log = "transaction.state.log.replication.factor";
    let cases = [
        (
            exact,
            with(&[("transaction.max.timeout.ms", "900000"), (log, "3")], 3),
            "take transactions of up to 60s",
        ),
        (exact, with(&[("transaction.max.timeout.ms", "10000"), (log, "3")], 3), "the brokers allow 10s"),
        (exact, with(&[(log, "3")], 1), "the log of transactions cannot be made"),
        (exact, with(&[(log, "1")], 3), "with that broker down"),
        (exact, with(&[(log, "1"), ("transaction.state.log.min.isr", "2")], 1), "no transaction can begin"),
        (exact, with(&[], 3), "may not be seen"),
        (
            consumer,
            with(&[("group.coordinator.rebalance.protocols", "classic,consumer,streams")], 3),
            "KIP-848",
        ),
        (consumer, with(&[("group.coordinator.rebalance.protocols", "classic")], 3), "add consumer"),
        (consumer, with(&[("log.dirs", "/data")], 3), "older than Kafka 4.0"),
    ];
    for (settings, facts, expected) in cases {
        let report = judge(settings, &facts).to_string();
        assert!(report.contains(expected), "{expected:?} is not in\n{report}");
    }
}
