//! Settings: every wrong one says which, what it holds, and what is allowed; no secret is ever shown.

mod golden;

use std::fmt::Write as _;

use khabar::config::{Config, Environment};
use khabar::decode::{FieldName, Format};

fn parse(text: &str) -> Result<Config, String> {
    with(text, &[])
}

fn with(text: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
    let environment: Environment =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::parse(text, "khabar.toml", &environment).map_err(|error| error.to_string())
}

/// A golden file of inputs, each followed by what is said of it.
fn check_errors(name: &str, cases: &[&str]) {
    let mut read = String::new();
    for case in cases {
        let error = parse(case).expect_err(case);
        let _ =
            writeln!(read, "{}\n    {}\n", case.trim().replace('\n', " ⏎ "), error.replace('\n', "\n    "));
    }
    golden::check(&format!("cli/{name}.txt"), &read);
}

#[test]
fn unknown_settings() {
    check_errors(
        "unknown-settings",
        &[
            "[pipeline]\nlane = 4",
            "lanes = 4",
            "[outptu]\ntopic = \"a\"",
            "[input]\nbrokers = \"a:9092\"",
            "[input.kafka.sasl]\npasword = \"canary-7f3a\"",
            "[log]\ncolour = true",
            "input = 1",
        ],
    );
}

#[test]
fn wrong_types() {
    check_errors(
        "wrong-types",
        &[
            "[input]\ntopics = \"news.raw\"",
            "[pipeline]\nlanes = \"many\"",
            "[pipeline]\ndrain_deadline = 25",
            "[output]\nnormalised = \"yes\"",
            "[output]\ntopic = 1",
            "[breaker]\nratio = \"half\"",
            "[input.kafka.sasl]\npassword = 12345",
            "[decode.aliases]\ntitle = 1",
            "[input.kafka.properties]\n\"fetch.min.bytes\" = [1]",
        ],
    );
}

#[test]
fn values_that_are_not_allowed() {
    check_errors(
        "wrong-values",
        &[
            "delivery = \"exactly-once\"",
            "delivery = \"at-most-once\"",
            "[input]\ntopics = []",
            "[input]\ntopics = [\"^news.*\"]",
            "[input]\ntopics = [\"a\", \"a\"]",
            "[input]\ntopics = [\"news raw\"]",
            "[input]\ngroup = \"\"",
            "[input.kafka]\nbrokers = \"\"",
            "[input.kafka]\nbrokers = \"kafka:port\"",
            "[input.kafka]\nbrokers = \"a:9092,,b:9092\"",
            "[output]\ntext = \"ful\"",
            "[output]\nkey = \"uuid\"",
            "[output]\ntombstones = \"keep\"",
            "[output]\ncompression = \"zst\"",
            "[output]\nmax_message_bytes = \"10 megabytes\"",
            "[output]\nmax_message_bytes = 12",
            "[output]\nlinger = \"5\"",
            "[decode]\nformat = \"xml\"",
            "[decode]\nmax_depth = 100000",
            "[decode.aliases]\nheadline = [\"a\"]",
            "[decode.aliases]\ntitle = [\"a..b\"]",
            "[extraction]\ntier = \"deep\"",
            "[pipeline]\nlanes = -1",
            "[pipeline]\nordering = \"keys\"",
            "[pipeline]\ncommit_interval = \"1ms\"",
            "[breaker]\nratio = 1.5",
            "[breaker]\nwindow = 0",
            "[admin]\nlisten = \"9464\"",
            "[admin]\nhosts = [\"khabar.example.com.\", \"http://khabar:9464\"]",
            "[admin]\nhosts = [\"*.example.com\"]",
            "[admin]\nhosts = [\".example.com\"]",
            "[admin]\nhosts = [\"khabar..example\"]",
            "[tracing]\notlp_endpoint = \"collector:4318\"",
            "[tracing]\notlp_endpoint = \"grpc://collector:4317\"",
            "[tracing]\notlp_endpoint = \"https://collector:4318\"\notlp_ca = \"missing.pem\"",
            "[tracing]\notlp_endpoint = \"https://collector:4318\"\notlp_ca = \"Cargo.toml\"",
            "[tracing]\notlp_endpoint = \"http://me:secret@collector:4318\"",
            "[tracing]\notlp_headers = \"authorization: Bearer x\"",
            "[tracing]\notlp_headers = \"a=b,content-type=text/plain\"",
            "[tracing]\nsample_ratio = 1.5",
            "[log]\nlevel = \"verbose\"",
            "[log]\nformat = \"yaml\"",
        ],
    );
}

#[test]
fn settings_that_do_not_go_together() {
    check_errors(
        "contradictions",
        &[
            "[tracing]\notlp_endpoint = \"http://collector:4318\"\notlp_ca = \"Cargo.toml\"",
            "[output]\ntopic = \"news.raw\"",
            "[output]\ndead_letter_topic = \"news.raw\"",
            "[output]\ndead_letter_topic = \"news.enriched\"",
            "[pipeline]\nmemory_budget = \"4MB\"",
            "[decode]\nmax_decompressed_bytes = \"4MB\"",
            "[pipeline]\ndrain_deadline = \"150s\"",
            "[input.kafka.properties]\nmax.poll.interval.ms = 46000",
            "[input.kafka.properties]\nmax.poll.interval.ms = 60000\nsession.timeout.ms = 90000",
            "[input.kafka.tls]\nca = \"ca.pem\"",
            "[input.kafka.tls]\nenabled = true\nca = \"/nowhere/ca.pem\"",
            "[input.kafka.tls]\nenabled = true\ncertificate = \"Cargo.toml\"",
            "[input.kafka.tls]\nenabled = true\nkey = \"Cargo.toml\"",
            "[input.kafka.sasl]\nusername = \"a\"",
            "[input.kafka.sasl]\nmechanism = \"PLAIN\"",
            "[input.kafka.sasl]\nmechanism = \"SCRAM-SHA-521\"\nusername = \"a\"\npassword = \"canary-7f3a\"",
            "[output.kafka.tls]\nenabled = true",
            "[output.kafka.sasl]\nmechanism = \"PLAIN\"",
        ],
    );
}

#[test]
fn properties_that_would_break_a_guarantee() {
    let consumer = [
        "enable.auto.commit = true",
        "enable.auto.offset.store = true",
        "auto.offset.reset = \"latest\"",
        "group.id = \"a\"",
        "group.instance.id = \"a\"",
        "group.protocol = \"consumer\"",
        "partition.assignment.strategy = \"sticky\"",
        "isolation.level = \"read_uncommitted\"",
        "enable.partition.eof = true",
        "topic.blacklist = \"news\"",
        "bootstrap.servers = \"a\"",
        "security.protocol = \"ssl\"",
        "sasl.password = \"canary-7f3a\"",
        "statistics.interval.ms = 0",
        "queued.max.messages.kbytes = 2000000",
        "fetch.max.bytes = 2000000000",
        "fetch.min.byte = 1",
        "fetch.min.bytes = -1",
        "linger.ms = 5",
        "ssl.key.pem = 1\nssl.key.pen = 2",
    ];
    let producer = [
        "enable.idempotence = false",
        "acks = 1",
        "request.required.acks = 0",
        "message.timeout.ms = 300000",
        "delivery.timeout.ms = 300000",
        "retries = 3",
        "transactional.id = \"a\"",
        "delivery.report.only.error = true",
        "max.in.flight = 6",
        "partitioner = \"random\"",
        "compression.type = \"zstd\"",
        "linger.ms = 5",
        "message.max.bytes = 100",
        "fetch.min.bytes = 1",
        "queue.buffering.max.kbytes = 9999999",
    ];
    let consumer = consumer.map(|line| format!("[input.kafka.properties]\n{line}"));
    let producer = producer.map(|line| format!("[output.kafka.properties]\n{line}"));
    let all: Vec<_> = consumer.iter().chain(&producer).map(String::as_str).collect();
    check_errors("refused-properties", &all);
}

#[test]
fn wrong_variables() {
    let mut read = String::new();
    for (name, value) in [
        ("KHABAR_PIPELINE__LANE", "4"),
        ("KHABAR_LANES", "4"),
        ("KHABAR_PIPELINE__LANES", "many"),
        ("KHABAR_INPUT__KAFKA__PROPERTIES__ENABLE_AUTO_COMMIT", "true"),
        ("KHABAR_OUTPUT__TEXT", "none"),
        ("KHABAR_INPUT", "x"),
        ("KHABAR_INPUT__KAFKA__SASL__PASSWORD", "canary-7f3a"),
        ("KHABAR_INPUT__KAFKA__SASL__PASSWORDS", "canary-7f3a"),
    ] {
        let error = with("", &[(name, value)]).expect_err(name);
        assert!(!error.contains("canary"), "{error}");
        let _ = writeln!(read, "{name}={value}\n    {}\n", error.replace('\n', "\n    "));
    }
    golden::check("cli/wrong-variables.txt", &read.replace("canary-7f3a", "…"));
}

#[test]
fn the_environment_wins_and_needs_no_file() {
    let config = with(
        "[pipeline]\nlanes = 3\n[input.kafka.properties]\nfetch.min.bytes = 1\n",
        &[
            ("KHABAR_PIPELINE__LANES", "5"),
            ("KHABAR_INPUT__TOPICS", "a, b,c"),
            ("KHABAR_BREAKER__RATIO", "0.25"),
            ("KHABAR_OUTPUT__NORMALISED", "true"),
            ("KHABAR_OUTPUT__MAX_MESSAGE_BYTES", "20000"),
            ("KHABAR_INPUT__KAFKA__PROPERTIES__FETCH_MIN_BYTES", "7"),
            ("KHABAR_INPUT__KAFKA__PROPERTIES__fetch.wait.max.ms", "9"),
            ("KHABAR_DECODE__ALIASES__TITLE", "[\"story.headline\", \"hl1\"]"),
            // What Kubernetes puts beside a service called khabar.
            ("KHABAR_SERVICE_HOST", "10.0.0.1"),
            ("KHABAR_SERVICE_PORT_METRICS", "9464"),
            ("KHABAR_PORT", "tcp://10.0.0.1:9464"),
            ("KHABAR_PORT_9464_TCP_ADDR", "10.0.0.1"),
            ("KHABAR_LOCAL_KAFKA_CACHE", "/tmp"),
        ],
    )
    .unwrap();
    assert_eq!(config.pipeline.lanes, 5);
    assert_eq!(config.input.topics, ["a", "b", "c"]);
    assert!(config.enrich.normalised);
    assert_eq!(config.output.max_message_bytes, 20_000);
    assert_eq!(config.input.cluster.properties["fetch.min.bytes"], "7");
    assert_eq!(config.input.cluster.properties["fetch.wait.max.ms"], "9");
    assert_eq!(config.decode.aliases, [(FieldName::Title, vec!["story.headline".into(), "hl1".into()])]);
    let lists = with("", &[("KHABAR_INPUT__TOPICS", "[\"a\", \"b\"]")]).unwrap();
    assert_eq!(lists.input.topics, ["a", "b"]);
}

#[test]
fn secrets_are_resolved_and_never_shown() {
    const CANARY: &str = "canary-7f3a";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, format!("{CANARY}\n")).unwrap();
    let file = format!("file:{}", file.display());
    let sasl = |password: &str| {
        format!("[input.kafka.sasl]\nmechanism = \"PLAIN\"\nusername = \"u\"\npassword = \"{password}\"\n")
    };
    let environment = [("SECRET", CANARY), ("HALF", "7f3a")];
    for written in ["${SECRET}", "canary-${HALF}", &file, CANARY] {
        let config = with(&sasl(written), &environment).unwrap();
        assert_eq!(config.input.cluster.properties["sasl.password"], CANARY, "{written}");
        assert_eq!(
            config.output.cluster.properties["sasl.password"], CANARY,
            "the output is on the same cluster"
        );
        let debug = format!("{config:?} {:?}", config.differences);
        assert!(!debug.contains("canary") && !debug.contains("7f3a"), "{written}: {debug}");
    }
    // Put in where it does not belong, it is not in the error either.
    let wrong = [
        "[output]\ntext = \"${SECRET}\"",
        "[input.kafka]\nbrokers = \"${SECRET} x\"",
        "[input]\ntopics = [\"ok\", \"${SECRET} \"]",
        "[input.kafka.properties]\nacks = \"${SECRET}\"",
        "[input.kafka.properties]\nfetch.min.bytes = \"${SECRET}\"",
        "[input.kafka.properties]\n\"sasl.oauthbearer.client.secrets\" = \"canary-7f3a\"",
        "[input.kafka.properties]\n\"ssl.keystore.password\" = [\"canary-7f3a\"]",
        "[input.kafka.sasl]\npassword = \"canary-7f3a\"",
        "[input.kafka.sasl]\npassword = [\"canary-7f3a\"]",
        "[input.kafka.sasl]\npassword = \"canary-7f3a",
        "[admin]\nlisten = \"${SECRET}\"",
        "[admin]\nhosts = [\"${SECRET} \"]",
        "[tracing]\notlp_endpoint = \"https://a\"\notlp_ca = \"${SECRET}\"",
        "[tracing]\notlp_headers = \"${SECRET}\"",
        "[tracing]\notlp_headers = [\"canary-7f3a\"]",
    ];
    for text in wrong {
        let error = with(text, &environment).expect_err(text);
        assert!(!error.contains("canary"), "{text}: {error}");
    }
    check_errors(
        "unresolved-secrets",
        &[
            &sasl("${NOT_SET}"),
            &sasl("${OPEN"),
            &sasl("file:/nowhere/password"),
            "[input]\ngroup = \"khabar-${STAGE}\"",
        ],
    );
    let escaped = parse(&sasl("$${x}")).unwrap();
    assert_eq!(escaped.input.cluster.properties["sasl.password"], "${x}");
}

/// With an empty endpoint, or one that is wrong itself, the authorities are of no use.
#[test]
fn authorities_are_read_only_where_they_are_asked_for() {
    parse("[tracing]\notlp_ca = \"/nowhere/ca.pem\"").unwrap();
}

#[test]
fn an_error_of_syntax_says_where_and_shows_no_line() {
    let error = parse("[input.kafka.sasl]\npassword = \"canary-7f3a\n").unwrap_err();
    assert!(error.starts_with("khabar.toml, line 2, column "), "{error}");
    assert!(!error.contains("canary"), "{error}");
}

#[test]
fn everything_wrong_is_said_at_once() {
    let error = parse("[output]\ntext = \"ful\"\n[pipeline]\nlane = 1\n[log]\nlevel = \"x\"\n").unwrap_err();
    assert!(error.starts_with("khabar.toml: 3 settings are wrong\n"), "{error}");
}

#[test]
fn properties_go_where_they_belong() {
    let text = "[input.kafka]\nbrokers = \"in:9092\"\n[input.kafka.properties]\nfetch.min.bytes = 5\n\
                socket.keepalive.enable = true\n[output.kafka.properties]\nbatch.size = 500\n";
    let one = parse(text).unwrap();
    let (input, output) = (&one.input.cluster.properties, &one.output.cluster.properties);
    assert_eq!(input["fetch.min.bytes"], "5");
    assert_eq!(input["socket.keepalive.enable"], "true");
    assert!(!input.contains_key("batch.size"));
    assert_eq!(output["batch.size"], "500");
    assert_eq!(output["socket.keepalive.enable"], "true");
    assert!(!output.contains_key("fetch.min.bytes"));
    assert_eq!(one.output.cluster.brokers, "in:9092");
    assert!(!one.feed.properties.contains_key("fetch.min.bytes"));

    let two = parse(&format!("{text}[output.kafka]\nbrokers = \"out:9092\"\n")).unwrap();
    assert_eq!(two.output.cluster.brokers, "out:9092");
    assert!(!two.output.cluster.properties.contains_key("socket.keepalive.enable"), "nothing is taken over");
}

#[test]
fn tls_and_sasl_become_properties() {
    let config = parse(
        "[input.kafka.tls]\nenabled = true\nca = \"Cargo.toml\"\n[input.kafka.sasl]\n\
         mechanism = \"SCRAM-SHA-512\"\nusername = \"u\"\npassword = \"p\"\n",
    )
    .unwrap();
    let properties = &config.input.cluster.properties;
    assert_eq!(properties["security.protocol"], "sasl_ssl");
    assert_eq!(properties["sasl.mechanism"], "SCRAM-SHA-512");
    assert_eq!(properties["ssl.ca.location"], "Cargo.toml");
    assert_eq!(config.output.cluster.properties["security.protocol"], "sasl_ssl");
}

#[test]
fn the_content_hash_covers_what_changes_a_record_and_nothing_else() {
    let hash = |text: &str| parse(text).unwrap().content_hash();
    let base = hash("");
    assert_eq!(base.len(), 16);
    for same in [
        "[pipeline]\nlanes = 7\nordering = \"none\"",
        "[input]\ntopics = [\"other\"]",
        "[output]\nlinger = \"9ms\"\ncompression = \"zstd\"",
        "[log]\nlevel = \"debug\"",
        "[tracing]\notlp_endpoint = \"http://a\"\nsample_ratio = 0.5",
        "[decode]\nmax_record_bytes = 8388608",
    ] {
        assert_eq!(hash(same), base, "{same}");
    }
    let mut seen = vec![base];
    for other in [
        "[output]\ntext = \"omit\"",
        "[output]\nnormalised = true",
        "[extraction]\ntier = \"off\"",
        "[extraction]\ntier = \"accurate\"",
        "[decode]\nformat = \"json\"",
        "[decode]\nmax_record_bytes = \"4MB\"",
        "[decode]\nmax_depth = 100",
        "[decode.aliases]\ntitle = [\"a\"]",
        "[decode.aliases]\ntitle = [\"a\", \"b\"]",
    ] {
        let hash = hash(other);
        assert!(!seen.contains(&hash), "{other}");
        seen.push(hash);
    }
}

#[test]
fn a_section_that_is_named_keeps_its_other_defaults() {
    let config = parse("[input.kafka.properties]\nfetch.min.bytes = 1\n[input.kafka.tls]\n").unwrap();
    assert_eq!(config.input.cluster.brokers, "127.0.0.1:9092");
    assert_eq!(config.output.cluster.brokers, "127.0.0.1:9092");
}

#[test]
fn defaults_need_no_file() {
    let config = Config::default();
    assert_eq!(config.input.topics, ["news.raw"]);
    assert_eq!(config.decode.format, Format::Auto);
    assert!(config.pipeline.lanes > 0);
    assert_eq!(config.content_hash(), parse("").unwrap().content_hash());
    assert!(parse("").unwrap().differences.is_empty());
}
