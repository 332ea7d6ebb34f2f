//! `khabar dlq` on real Kafka: what is listed, shown and exported is what is there; what is redriven is redriven
//! once, keeps its position, and is never lost.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::common::articles::{Message, json_message, keyed as article, made_up_of};
use crate::common::cluster::{Cluster, by_key, shared_kafka};
use crate::common::service::{Service, Settings, khabar};

const PATIENCE: Duration = Duration::from_secs(60);

struct Said {
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

impl Said {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("text")
    }

    /// The figure of a line of the redrive's report.
    #[track_caller]
    fn figure(&self, label: &str) -> u64 {
        let of = |line: &str| line.trim_start().strip_prefix(label)?.split_whitespace().next()?.parse().ok();
        let figure = self.text().lines().find_map(of);
        figure.unwrap_or_else(|| panic!("no {label} in\n{}\n{}", self.text(), self.stderr))
    }
}

fn dlq(config: &Path, arguments: &[&str]) -> Said {
    let output =
        khabar().arg("dlq").args(arguments).arg("--config").arg(config).output().expect("the built binary");
    let stderr = String::from_utf8(output.stderr).expect("text");
    Said { code: output.status.code(), stdout: output.stdout, stderr }
}

/// Lets the service go through everything in its topics.
fn catch_up(service: &mut Service, cluster: &Cluster, settings: &Settings) {
    service.start_again();
    service.catch_up(cluster, settings, PATIENCE);
    service.terminate();
}

fn broken(key: &str, value: &[u8]) -> Message {
    Message::new(Some(key.as_bytes()), Some(value)).header("content-type", "application/json")
}

#[test]
fn letters_are_listed_shown_exported_and_redriven_once() {
    let Some(bootstrap) = shared_kafka() else { return };
    let (cluster, settings) = (Cluster::at(bootstrap), Settings::named("redriven", bootstrap));
    for topic in [&settings.topics[0], &settings.output_topic, &settings.dead_letter_topic] {
        cluster.create_topic(topic, 2, &[]);
    }
    let unknown_name = br#"{"id": "renamed", "prose": "The port of Valletta opened a ferry on Monday."}"#;
    let odd = Message { key: Some(vec![0xff, 0x1b]), ..broken("", b"{\x1b[31m\xff") };
    let messages =
        [article("fine"), broken("cut", b"{\"title\": \"cut"), odd, broken("renamed", unknown_name)];
    cluster.send(&settings.topics[0], &messages, &[]);
    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, PATIENCE);
    service.terminate();
    let config = service.config().to_owned();
    let letters = cluster.read(&settings.dead_letter_topic);
    let renamed = by_key(&letters, "renamed");
    let reason = renamed.header("khabar-error-reason").expect("a reason").to_owned();

    let listed = dlq(&config, &["list", "--json"]);
    let listing: Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    assert_eq!((&listing["letters"], &listing["records"]), (&3.into(), &3.into()), "{}", listed.text());
    let listed = dlq(&config, &["list", "--reason", &reason]);
    assert!(listed.text().starts_with("redriven.dead: 1 letters of 1 records\n"), "{}", listed.text());
    assert!(listed.text().contains(&format!("redriven.dead/{}@{}", renamed.partition, renamed.offset)));
    assert_eq!(dlq(&config, &["list", "--reason", "invalid_jsn"]).code, Some(2));
    assert_eq!(dlq(&config, &["list", "--since", "yesterday"]).code, Some(2));
    let none = dlq(&config, &["list", "--until", "1h"]);
    assert!(none.text().starts_with("redriven.dead: 0 letters"), "{}", none.text());

    let odd = letters.iter().find(|l| l.key.as_deref() == Some(&[0xff, 0x1b])).expect("the odd one");
    let position = format!("redriven.dead/{}@{}", odd.partition, odd.offset);
    let shown = dlq(&config, &["show", &position]);
    assert!(shown.text().contains("{\\u{1b}[31m\\xff"), "{}", shown.text());
    assert!(!shown.stdout.contains(&0x1b), "nothing that steers a terminal");
    assert_eq!(dlq(&config, &["show", &position, "--raw"]).stdout, b"{\x1b[31m\xff");
    let source =
        format!("redriven.raw/{}@{}", renamed.partition, renamed.header("khabar-source-offset").unwrap());
    assert!(dlq(&config, &["show", "--source", &source]).text().contains("prose"));
    assert_eq!(dlq(&config, &["show", "redriven.dead/0@999"]).code, Some(1));

    let exported = dlq(&config, &["export"]);
    let lines: Vec<Value> =
        exported.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3);
    let odd = lines.iter().find(|line| line["key"]["base64"] == "/xs=").expect("the odd one");
    assert_eq!(odd["value"]["base64"], "extbMzFt/w==");

    // With the settings put right one record passes; the others fail again, with one more attempt.
    let fixed = settings.clone().with("decode.aliases", "body = [\"prose\"]\n");
    std::fs::write(&config, fixed.toml(service.port())).expect("written");
    let dry = dlq(&config, &["redrive", "--dry-run"]);
    assert_eq!((dry.code, dry.figure("read"), dry.figure("would be redriven")), (Some(0), 3, 3));
    let first = dlq(&config, &["redrive", "--reason", &reason, "--name", "mine"]);
    assert_eq!((first.code, first.figure("redriven"), first.figure("filtered out")), (Some(0), 1, 2));
    let second = dlq(&config, &["redrive", "--reason", &reason, "--name", "mine"]);
    assert_eq!((second.code, second.figure("read"), second.figure("redriven")), (Some(0), 0, 0));
    catch_up(&mut service, &cluster, &settings);
    let enriched = cluster.read(&settings.output_topic);
    let passed = by_key(&enriched, "renamed").json();
    let place = format!("redriven.raw/{}@{}", passed["source"]["partition"], passed["source"]["offset"]);
    assert_eq!((enriched.len(), place), (2, source), "it keeps its first position");

    let rest = ["redrive", "--reason", "invalid_json,invalid_text,unknown_charset"];
    let attempts = |cluster: &Cluster| {
        let letters = cluster.read(&settings.dead_letter_topic);
        let of = letters.iter().filter(|letter| letter.key.as_deref() == Some(b"cut"));
        of.map(|letter| letter.header("khabar-attempts").expect("a number").to_owned()).collect::<Vec<_>>()
    };
    let limited = dlq(&config, &[&rest[..], &["--limit", "1"]].concat());
    assert_eq!((limited.code, limited.figure("redriven")), (Some(0), 1));
    let redriven = dlq(&config, &rest);
    assert_eq!((redriven.code, redriven.figure("redriven")), (Some(0), 1), "the other one");
    catch_up(&mut service, &cluster, &settings);
    assert_eq!(attempts(&cluster), ["1", "2"]);
    let redriven = dlq(&config, &rest);
    assert_eq!(
        (redriven.code, redriven.figure("redriven")),
        (Some(0), 2),
        "they failed again, and are letters again"
    );
    catch_up(&mut service, &cluster, &settings);
    assert_eq!(attempts(&cluster), ["1", "2", "3"]);
    let capped = dlq(&config, &rest);
    assert_eq!((capped.figure("redriven"), capped.figure("over the cap")), (0, 2));
    let over = dlq(&config, &[&rest[..], &["--from-beginning", "--rate", "100"]].concat());
    let figures =
        ["read", "redriven", "over the cap", "superseded", "filtered out"].map(|label| over.figure(label));
    assert_eq!(figures, [7, 0, 2, 4, 1], "{}", over.text());
    let listed = dlq(&config, &["list", "--json"]);
    let listing: Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    assert_eq!((&listing["letters"], &listing["records"]), (&7.into(), &3.into()));
}

#[test]
fn a_letter_by_reference_is_fetched_from_its_source() {
    let Some(bootstrap) = shared_kafka() else { return };
    let cluster = Cluster::at(bootstrap);
    let settings = Settings::named("referred", bootstrap).with("output", "compression = \"none\"\n");
    let large = Message { key: Some(b"large".to_vec()), ..json_message(&made_up_of(1, 300)) };
    cluster.create_topic(&settings.topics[0], 1, &[]);
    cluster.create_topic(&settings.output_topic, 1, &[("max.message.bytes", "100000")]);
    cluster.create_topic(&settings.dead_letter_topic, 1, &[("max.message.bytes", "20000")]);
    cluster.create_topic("referred.roomy", 1, &[("max.message.bytes", "10485760")]);
    cluster.send(&settings.topics[0], [&large], &[]);
    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, PATIENCE);
    service.terminate();
    let letters = cluster.read(&settings.dead_letter_topic);
    let letter = by_key(&letters, "large");
    assert_eq!((letter.value.as_ref(), letter.header("khabar-value-omitted")), (None, Some("true")));

    // One more that says the same of a record that is something else by now.
    let mut forged = Message::new(Some(b"forged"), None);
    for (name, value) in &letter.headers {
        let value = String::from_utf8(value.clone().unwrap_or_default()).expect("text");
        let value = match name.as_str() {
            "khabar-value-sha256" => "00".repeat(32),
            // Another record, so that the two letters are not of one.
            "khabar-source-topic" => "referred.roomy".to_owned(),
            _ => value,
        };
        forged = forged.header(name, &value);
    }
    cluster.send("referred.roomy", [&large], &[]);
    cluster.send(&settings.dead_letter_topic, [&forged], &[]);
    let gone = Message { headers: forged.headers.clone(), ..Message::new(Some(b"gone"), None) };
    let mut gone = gone;
    for (name, value) in &mut gone.headers {
        if name == "khabar-source-offset" {
            *value = b"77".to_vec();
        }
    }
    cluster.send(
        &settings.dead_letter_topic,
        [&gone, &Message::new(Some(b"stray"), Some(b"no letter"))],
        &[],
    );

    let config = service.config().to_owned();
    let shown = dlq(&config, &["show", "referred.dead/0@0"]);
    assert!(shown.text().contains("did not fit this topic; it is at referred.raw/0@0"), "{}", shown.text());
    let redriven = dlq(&config, &["redrive"]);
    let figures = ["read", "redriven", "unavailable", "no letters"].map(|label| redriven.figure(label));
    assert_eq!(figures, [4, 1, 2, 1], "{}", redriven.text());
    assert_eq!(redriven.code, Some(1), "not everything that was selected is acknowledged");
    assert!(
        redriven.stderr.contains("referred.dead/0@1: its record at referred.roomy/0@0"),
        "{}",
        redriven.stderr
    );
    assert!(redriven.stderr.contains("another record is there now"), "{}", redriven.stderr);
    assert!(redriven.stderr.contains("it is not in its topic any more"), "{}", redriven.stderr);
    assert_eq!(dlq(&config, &["redrive"]).figure("read"), 0, "what is gone stays gone");

    let raw = cluster.read(&settings.topics[0]);
    assert_eq!((raw.len(), &raw[1].value, &raw[1].key), (2, &large.value, &large.key));
    assert_eq!(raw[1].header("khabar-source-offset"), Some("0"));
    let roomy = Settings { output_topic: "referred.roomy".to_owned(), ..settings };
    std::fs::write(&config, roomy.toml(service.port())).expect("written");
    catch_up(&mut service, &cluster, &roomy);
    let enriched = cluster.read("referred.roomy");
    assert_eq!(enriched.len(), 2, "the large one is through");
    assert_eq!(enriched[1].json()["source"]["offset"], 0);
}
