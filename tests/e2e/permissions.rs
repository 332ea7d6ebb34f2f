//! The permissions that `docs/operations.md` gives, by its own commands, on a broker that allows nothing else: with all of them
//! khabar works, and without one of them it says which.

use std::process::{Command, Stdio};
use std::time::Duration;

use khabar_local_kafka::{Error, LocalKafka};

use crate::common::articles::{Message, json_message, keyed, made_up_of};
use crate::common::cluster::{Cluster, kafka};
use crate::common::service::{Service, Settings, khabar};
use crate::common::{metrics, skip::skipped, wait_for};

const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "a password of khabar";
const ADMIN: &str = "a password of the administrator";
const TOPICS: [&str; 3] = ["news.raw", "news.enriched", "news.raw.dead"];

/// What a title in the document gives leave to: lines of `kafka-acls.sh`.
#[derive(Debug)]
struct Grant {
    title: String,
    lines: Vec<String>,
}

/// Those of the document; the first, which has no title, is for `khabar run` and `khabar check`.
fn grants() -> Vec<Grant> {
    let text = std::fs::read_to_string("docs/operations.md").expect("the document");
    let (_, section) = text.split_once("\n## Permissions\n").expect("a section");
    let (section, _) = section.split_once("\n## ").expect("its end");
    let mut found = vec![Grant { title: String::new(), lines: Vec::new() }];
    for line in section.replace("\\\n", " ").lines() {
        if let Some(title) = line.strip_prefix("# ") {
            found.push(Grant { title: title.to_owned(), lines: Vec::new() });
        } else if line.starts_with("kafka-acls.sh ") {
            found.last_mut().expect("one").lines.push(line.to_owned());
        }
    }
    found
}

/// A line in parts: one operation on one resource each, as arguments.
fn parts(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let after = |flag: &str| -> Vec<&str> {
        words.windows(2).filter(|pair| pair[0] == flag).map(|pair| pair[1]).collect()
    };
    let pattern: String = after("--resource-pattern-type")
        .iter()
        .map(|kind| format!(" --resource-pattern-type {kind}"))
        .collect();
    let mut parts = Vec::new();
    for operation in after("--operation") {
        for kind in ["--topic", "--group", "--transactional-id"] {
            parts.extend(
                after(kind).iter().map(|name| format!("--operation {operation}{pattern} {kind} {name}")),
            );
        }
    }
    parts
}

/// A broker that asks who somebody is and allows what it was told to allow.
struct Guarded {
    kafka: LocalKafka,
    folder: tempfile::TempDir,
    cluster: Cluster,
}

impl Guarded {
    fn new() -> Option<Self> {
        let property = |name: &str| format!("listener.name.second.{name}");
        let kafka = kafka()
            .secured("SASL_PLAINTEXT")
            .scram_user("khabar", PASSWORD)
            .scram_user("admin", ADMIN)
            .property(&property("sasl.enabled.mechanisms"), "SCRAM-SHA-512")
            .property(
                &property("scram-sha-512.sasl.jaas.config"),
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            )
            .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .property("allow.everyone.if.no.acl.found", "false")
            // The first listener, through which the test looks, knows nobody by name.
            .property("super.users", "User:admin;User:ANONYMOUS")
            .require()?;
        let folder = tempfile::tempdir().expect("a folder");
        let script = match khabar_local_kafka::script("org.apache.kafka.tools.AclCommand") {
            Ok(script) => script,
            Err(Error::MissingTool(what)) => {
                skipped(&format!("no kafka-acls.sh: {what}"));
                return None;
            }
            Err(error) => panic!("kafka's tools: {error}"),
        };
        let program = folder.path().join("kafka-acls.sh");
        std::fs::write(&program, script).expect("written");
        let made = Command::new("chmod").arg("+x").arg(&program).status().expect("chmod");
        assert!(made.success());
        let login = format!(
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.\
             scram.ScramLoginModule required username=\"admin\" password=\"{ADMIN}\";\n"
        );
        std::fs::write(folder.path().join("admin.properties"), login).expect("written");
        let cluster = Cluster::at(kafka.bootstrap());
        Some(Self { kafka, folder, cluster })
    }

    /// A line of the document, on this broker.
    fn acls(&self, line: &str) {
        let line = line.replace("kafka:9092", &self.kafka.secured().expect("a second listener"));
        let path = format!("{}:{}", self.folder.path().display(), std::env::var("PATH").unwrap_or_default());
        let mut shell = Command::new("bash");
        shell.args(["-c", &line]).current_dir(self.folder.path()).env("PATH", path).stdin(Stdio::null());
        let output = shell.output().expect("bash");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{line}\n{said}");
    }

    fn allow(&self, grant: &Grant) {
        grant.lines.iter().for_each(|line| self.acls(line));
    }

    fn withdraw(&self, line: &str) {
        self.acls(&line.replace(" --add ", " --remove --force "));
    }

    fn settings(&self) -> Settings {
        let bootstrap = self.kafka.secured().expect("a second listener");
        let login =
            format!("mechanism = \"SCRAM-SHA-512\"\nusername = \"khabar\"\npassword = {PASSWORD:?}\n");
        let named = Settings::named("khabar", &bootstrap).with("input.kafka.sasl", &login);
        let [raw, enriched, dead] = TOPICS.map(str::to_owned);
        Settings { topics: vec![raw], output_topic: enriched, dead_letter_topic: dead, ..named }
    }

    /// A command with these settings: what it says, and its exit code.
    fn khabar(&self, settings: &Settings, arguments: &str) -> (String, i32) {
        let path = self.folder.path().join("khabar.toml");
        std::fs::write(&path, settings.toml(0)).expect("written");
        // What should end and does not must not hold up the tests.
        let (binary, mut command) = (khabar(), Command::new("timeout"));
        binary.get_envs().for_each(|(name, _)| _ = command.env_remove(name));
        command
            .arg("60")
            .arg(binary.get_program())
            .args(arguments.split_whitespace())
            .arg("--config")
            .arg(&path);
        let output = command.current_dir(self.folder.path()).output().expect("the built binary");
        let said = [output.stdout, output.stderr].concat();
        (String::from_utf8_lossy(&said).into_owned(), output.status.code().expect("a code"))
    }

    /// An article, and something that becomes a dead letter.
    fn feed(&self) {
        self.cluster.send("news.raw", &[keyed("a"), Message::new(Some(b"b"), Some(b"{\"title\": "))], &[]);
    }

    /// `khabar run` does what it should.
    fn assert_runs(&self, settings: &Settings) {
        let count = || [1, 2].map(|topic| self.cluster.read(TOPICS[topic]).len());
        let before = count();
        let mut service = Service::start(settings);
        self.feed();
        service.catch_up(&self.cluster, settings, PATIENCE);
        service.terminate();
        let after = count();
        assert!(
            after[0] > before[0] && after[1] > before[1],
            "{before:?}, then {after:?}:\n{}",
            service.log()
        );
    }

    /// `khabar run` goes on, and says at `/readyz` that it is not let in.
    fn assert_waits(&self, settings: &Settings) {
        let service = Service::start(settings);
        wait_for("the service to say that it is not let in", PATIENCE, || {
            let (status, said) = metrics::request(service.port(), "/readyz")?;
            (status == 503 && said.contains("the brokers do not let us read: `khabar check` says"))
                .then_some(())
        });
    }

    /// A command ends with this code, and says this; returns all that it says.
    fn assert_says(&self, settings: &Settings, arguments: &str, code: i32, what: &str) -> String {
        let (said, ended) = self.khabar(settings, arguments);
        assert!(
            said.contains(what) && ended == code,
            "khabar {arguments} ends with {ended}, not with {code} and {what}:\n{said}"
        );
        said
    }
}

/// What `khabar check` says without a part of the first grant, and whether it is a problem; and what `khabar run` then does.
fn without(part: &str) -> (&'static str, i32, &'static str) {
    match part {
        "--operation Read --topic news.raw" => {
            ("give the user DESCRIBE (and READ or WRITE) on topic news.raw\n", 1, "waits")
        }
        "--operation Read --group khabar" => ("give the user READ on group khabar\n", 1, "waits"),
        "--operation Write --topic news.enriched" => {
            ("(and READ or WRITE) on topic news.enriched\n", 1, "could not be produced to the output topic")
        }
        "--operation Write --topic news.raw.dead" => (
            "(and READ or WRITE) on topic news.raw.dead\n",
            1,
            "could not be produced to the dead-letter topic",
        ),
        "--operation DescribeConfigs --topic news.raw" => {
            ("give the user DESCRIBE_CONFIGS on topic news.raw\n", 0, "runs")
        }
        "--operation DescribeConfigs --topic news.enriched" => {
            ("give the user DESCRIBE_CONFIGS on topic news.enriched\n", 0, "runs")
        }
        "--operation DescribeConfigs --topic news.raw.dead" => {
            ("give the user DESCRIBE_CONFIGS on topic news.raw.dead\n", 0, "runs")
        }
        other => panic!("the document gives {other}: is it needed?"),
    }
}

#[test]
fn the_permissions_of_the_document_are_enough_and_none_is_too_many() {
    let Some(guarded) = Guarded::new() else { return };
    let (settings, grants) = (guarded.settings(), grants());
    let grant = |title: &str| {
        let found = grants.iter().find(|grant| grant.title.starts_with(title));
        found.unwrap_or_else(|| panic!("the document has no permissions for {title}"))
    };
    // All of them, each for what it is given for; the first has no title.
    assert_eq!(grants.len(), 7, "{grants:?}");
    let first = &grants[0];
    guarded.allow(first);
    let (create, made) =
        ("topics create --partitions 2 --replication-factor 1", grant("khabar topics create"));
    guarded.assert_says(&settings, create, 1, "news.raw: could not be made: TopicAuthorizationFailed");
    guarded.allow(made);
    guarded.assert_says(&settings, create, 0, "news.raw.dead: made");
    made.lines.iter().for_each(|line| guarded.withdraw(line));

    guarded.assert_says(&settings, "check", 0, "0 problems, 0 warnings");
    guarded.assert_runs(&settings);
    for line in &first.lines {
        let (head, _) = line.split_once(" --operation").expect("operations");
        for part in parts(line) {
            let (checked, code, run) = without(&part);
            let one = format!("{head} {part}");
            guarded.withdraw(&one);
            let said = guarded.assert_says(&settings, "check", code, checked);
            assert_eq!(said.matches(" -> give the user ").count(), 1, "nothing else is missing:\n{said}");
            match run {
                "runs" => guarded.assert_runs(&settings),
                "waits" => guarded.assert_waits(&settings),
                why => {
                    guarded.feed();
                    guarded.assert_says(&settings, "run", 1, why);
                }
            }
            guarded.acls(&one);
            guarded.assert_runs(&settings);
        }
    }

    let exact = settings.clone().exactly_once("khabar-0");
    // The brokers are asked for transactions with the first record.
    guarded.feed();
    guarded.assert_says(
        &exact,
        "run",
        1,
        "give the user WRITE and DESCRIBE on the output topics and the transactional id",
    );
    guarded.allow(grant("delivery = \"exactly-once\""));
    guarded.assert_runs(&exact);

    let article = json_message(&made_up_of(1, 6)).value.expect("an article");
    std::fs::write(guarded.folder.path().join("article.json"), article).expect("written");
    let redrive = "cannot find the remembered progress";
    for (title, commands) in [
        ("khabar feed", vec![("feed article.json --topic news.raw", "may the user write to it?")]),
        (
            "khabar diff, khabar dlq",
            vec![
                ("diff news.enriched news.enriched", "cannot read topic news.enriched"),
                ("dlq list", "cannot read topic news.raw.dead"),
            ],
        ),
        ("khabar dlq redrive", vec![("dlq redrive", redrive)]),
        (
            "khabar replay",
            vec![
                ("replay --name one --from earliest", "give the user READ on it"),
                ("replay --name two --dead-letters", "give the user READ on it"),
            ],
        ),
    ] {
        for (command, why) in &commands {
            guarded.assert_says(&settings, command, 1, why);
        }
        guarded.allow(grant(title));
        for (command, _) in &commands {
            guarded.assert_says(&settings, command, 0, "");
        }
    }
    assert!(guarded.cluster.partitions("news.enriched.replay.one") > 0, "the replay has made its topics");
}
