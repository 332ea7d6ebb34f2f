//! TLS and SCRAM with a real broker: what is right works, what is wrong is told, and no secret is told.

use std::path::Path;
use std::time::Duration;

use khabar_local_kafka::LocalKafka;

use crate::common::articles::keyed;
use crate::common::authority::Authority;
use crate::common::cluster::{Cluster, kafka};
use crate::common::service::{Service, Settings, khabar};
use crate::common::{metrics, wait_for};

const PATIENCE: Duration = Duration::from_secs(60);
const USER: &str = "khabar";
/// Secrets that must be found nowhere.
const PASSWORD: &str = "canary-5e1c0ffee-password";
const WRONG: &str = "canary-5e1c0ffee-wrong";
/// Of the client's key.
const KEY: &str = "canary-5e1c0ffee-key";
/// The output's cluster has a login of its own.
const OUTPUT_USER: &str = "khabar-output";
const OUTPUT_PASSWORD: &str = "canary-5e1c0ffee-output";
/// What all of them have in common.
const CANARY: &str = "canary-5e1c0ffee";

struct Secured {
    kafka: LocalKafka,
    authority: Authority,
}

/// A broker whose second listener wants TLS, a client's certificate where it has one, and SCRAM.
fn secured() -> Option<Secured> {
    let authority = Authority::new("khabar test authority");
    authority.sign("broker", "127.0.0.1");
    authority.sign("client", "khabar");
    let property = |name: &str| format!("listener.name.second.{name}");
    let path = |path: &Path| path.display().to_string();
    let kafka = kafka()
        .secured("SASL_SSL")
        .scram_user(USER, PASSWORD)
        .scram_user(OUTPUT_USER, OUTPUT_PASSWORD)
        .property(&property("ssl.keystore.type"), "PEM")
        .property(&property("ssl.keystore.location"), &path(&authority.file("broker.both.pem")))
        .property(&property("ssl.truststore.type"), "PEM")
        .property(&property("ssl.truststore.location"), &path(&authority.certificate()))
        .property(&property("sasl.enabled.mechanisms"), "SCRAM-SHA-512")
        .property(
            &property("scram-sha-512.sasl.jaas.config"),
            "org.apache.kafka.common.security.scram.ScramLoginModule required;",
        )
        .require()?;
    Some(Secured { kafka, authority })
}

impl Secured {
    /// Settings of a service that logs in; the password comes from a file.
    fn settings(&self, word: &str, ca: &Path, password: &Path) -> Settings {
        let bootstrap = self.kafka.secured().expect("a second listener");
        let login = format!("mechanism = \"SCRAM-SHA-512\"\nusername = {USER:?}\n");
        Settings::named(word, &bootstrap)
            .with("input.kafka.tls", &format!("enabled = true\nca = {ca:?}\n"))
            .with("input.kafka.sasl", &format!("{login}password = \"file:{}\"\n", password.display()))
    }

    /// The same with all the secrets that there can be: a key with a password, which stands in the file itself, and an output
    /// with a login of its own.
    fn all_secrets(&self, settings: Settings, output_password: &str) -> Settings {
        let ca = self.authority.certificate();
        let (certificate, key) = (self.authority.file("client.pem"), self.authority.file("client.key.pem"));
        let ours = format!("certificate = {certificate:?}\nkey = {key:?}\nkey_password = {KEY:?}\n");
        let login = format!("mechanism = \"SCRAM-SHA-512\"\nusername = {OUTPUT_USER:?}\n");
        let settings = Settings { output: Some(settings.input.clone()), ..settings };
        settings
            .with("input.kafka.tls", &ours)
            .with("output.kafka.tls", &format!("enabled = true\nca = {ca:?}\n{ours}"))
            .with("output.kafka.sasl", &format!("{login}password = {output_password:?}\n"))
    }

    fn password(&self, name: &str, password: &str) -> std::path::PathBuf {
        let path = self.authority.folder().join(name);
        std::fs::write(&path, format!("{password}\n")).expect("written");
        path
    }
}

/// What `khabar check` says, and its exit code.
fn check(settings: &Settings) -> (String, Option<i32>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("khabar.toml");
    std::fs::write(&path, settings.toml(0)).expect("written");
    let output = khabar().env("RUST_LOG", "trace").arg("check").arg("--config").arg(&path).output();
    let output = output.expect("the built binary");
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), output.status.code())
}

fn assert_no_secret(what: &str, text: &str) {
    assert!(!text.is_empty(), "{what}: nothing was looked at");
    assert!(!text.contains(CANARY), "{what} holds a secret:\n{text}");
}

/// Starts a service that cannot get in, and waits until its log says why.
fn log_of_a_stranger(settings: &Settings, why: &str) -> String {
    let service = Service::start(settings);
    let log = wait_for(why, PATIENCE, || Some(service.log()).filter(|log| log.contains(why)));
    let (status, _) = metrics::request(service.port(), "/readyz").expect("an answer");
    assert_eq!(status, 503, "a service that cannot get in is not ready");
    log
}

#[test]
fn tls_and_scram_work_and_every_mistake_is_told_without_secrets() {
    let Some(secured) = secured() else { return };
    let cluster = Cluster::at(secured.kafka.bootstrap());
    for topic in ["safe.raw", "safe.enriched", "safe.dead"] {
        cluster.create_topic(topic, 1, &[]);
    }
    let ca = secured.authority.certificate();
    let right = secured.password("right", PASSWORD);
    let settings = secured.settings("safe", &ca, &right).with("log", "level = \"trace\"\n");
    let settings = secured.all_secrets(settings, OUTPUT_PASSWORD);

    // What is right works, and says nothing that it should not.
    let (said, _) = check(&settings);
    assert!(!said.contains("refuses the login") && !said.contains("TLS with"), "{said}");
    assert_no_secret("check", &said);
    cluster.send("safe.raw", &[keyed("one"), keyed("two")], &[]);
    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, PATIENCE);
    for path in ["/", "/status.json", "/metrics", "/healthz", "/readyz"] {
        let (_, body) = metrics::request(service.port(), path).expect("an answer");
        assert_no_secret(path, &body);
    }
    let events = metrics::events(service.port(), 2).expect("events");
    assert_no_secret("/events", &events);
    service.terminate();
    assert_no_secret("the log", &service.log());
    let records = cluster.read("safe.enriched");
    assert_eq!(records.len(), 2);
    assert_no_secret("a record", &format!("{:?}", records.iter().map(|r| &r.headers).collect::<Vec<_>>()));
    for record in &records {
        assert_no_secret("a record", &record.json().to_string());
    }

    // A wrong password.
    let wrong = secured.password("wrong", WRONG);
    let settings = secured.settings("safe", &ca, &wrong).with("log", "level = \"trace\"\n");
    let (said, code) = check(&settings);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("refuses the login") && said.contains("input.kafka.sasl.username"), "{said}");
    assert_no_secret("check", &said);
    let log = log_of_a_stranger(&settings, "the brokers refuse the login");
    assert!(log.contains("kafka.sasl.username, password and mechanism"), "{log}");
    assert_no_secret("the log", &log);

    // The same of the output alone.
    let settings = secured.settings("safe", &ca, &right).with("log", "level = \"trace\"\n");
    let (said, code) = check(&secured.all_secrets(settings, WRONG));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("refuses the login") && said.contains("output.kafka.sasl.username"), "{said}");
    assert_no_secret("check", &said);

    // An authority that did not sign the broker's certificate.
    let other = Authority::new("another authority");
    let settings = secured.settings("safe", &other.certificate(), &right);
    let (said, code) = check(&settings);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("TLS with") && said.contains("input.kafka.tls.ca"), "{said}");
    assert_no_secret("check", &said);
    let log = log_of_a_stranger(&settings, "TLS with the brokers fails");
    assert!(log.contains("kafka.tls.ca must be the authority"), "{log}");
    assert_no_secret("the log", &log);

    // A listener of TLS without TLS, which must not look like a wrong password.
    let plain = Settings::named("safe", &secured.kafka.secured().expect("a second listener"));
    let (said, code) = check(&plain);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("input.kafka.tls.enabled = true"), "{said}");
}

#[test]
fn a_broker_that_wants_a_certificate_gets_ours() {
    let authority = Authority::new("khabar test authority");
    authority.sign("broker", "127.0.0.1");
    authority.sign("client", "khabar");
    let property = |name: &str| format!("listener.name.second.{name}");
    let kafka = kafka()
        .secured("SSL")
        .property(&property("ssl.client.auth"), "required")
        .property(&property("ssl.keystore.type"), "PEM")
        .property(
            &property("ssl.keystore.location"),
            &authority.file("broker.both.pem").display().to_string(),
        )
        .property(&property("ssl.truststore.type"), "PEM")
        .property(&property("ssl.truststore.location"), &authority.certificate().display().to_string())
        .require();
    let Some(kafka) = kafka else { return };
    let cluster = Cluster::at(kafka.bootstrap());
    for topic in ["mutual.raw", "mutual.enriched", "mutual.dead"] {
        cluster.create_topic(topic, 1, &[]);
    }
    let tls = format!("enabled = true\nca = {:?}\n", authority.certificate());
    let ours = format!(
        "certificate = {:?}\nkey = {:?}\n",
        authority.file("client.pem"),
        authority.file("client.key.pem")
    );
    let named = Settings::named("mutual", &kafka.secured().expect("a second listener"));
    let without = named.clone().with("input.kafka.tls", &tls);
    let (said, code) = check(&without);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("TLS with") || said.contains("no broker answers"), "{said}");

    let settings = named.with("input.kafka.tls", &(tls + &ours));
    cluster.send("mutual.raw", &[keyed("one")], &[]);
    let mut service = Service::start(&settings);
    service.catch_up(&cluster, &settings, PATIENCE);
    service.terminate();
    assert_eq!(cluster.read("mutual.enriched").len(), 1);
}
