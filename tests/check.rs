//! `check` and `topics create` against a real Kafka.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use khabar_local_kafka::LocalKafka;

struct Bench {
    folder: tempfile::TempDir,
    kafka: LocalKafka,
}

impl Bench {
    fn settings(&self, name: &str, more: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        let text = format!(
            "[input]\ntopics = [\"{name}.raw\"]\n[input.kafka]\nbrokers = \"{}\"\n\
             [output]\ntopic = \"{name}.enriched\"\ndead_letter_topic = \"{name}.dead\"\n{more}",
            self.kafka.bootstrap()
        );
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn khabar(arguments: &[&str], settings: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khabar"));
    command.args(arguments).arg("--config").arg(settings).args(["--timeout", "30"]);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KHABAR_")) {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn from_an_empty_cluster_to_one_that_is_well() {
    let Some(kafka) = LocalKafka::require() else { return };
    let bench = Bench { folder: tempfile::tempdir().unwrap(), kafka };
    let settings = bench.settings("news", "");

    let empty = khabar(&["check"], &settings);
    assert_eq!(empty.status.code(), Some(1), "{}", said(&empty));
    for name in ["news.raw", "news.enriched", "news.dead"] {
        assert!(said(&empty).contains(&format!("{name} does not exist")), "{}", said(&empty));
    }
    assert!(said(&empty).contains("khabar topics create"), "{}", said(&empty));

    let planned = khabar(&["topics", "create", "--dry-run"], &settings);
    assert!(planned.status.success(), "{}", said(&planned));
    assert_eq!(said(&planned).matches("would be made").count(), 3, "{}", said(&planned));
    let still = khabar(&["check"], &settings);
    assert_eq!(still.status.code(), Some(1), "a dry run makes nothing: {}", said(&still));

    let made = khabar(&["topics", "create", "--partitions", "3"], &settings);
    assert!(made.status.success(), "{}", said(&made));
    assert_eq!(said(&made).matches(": made with 3 partitions").count(), 3, "{}", said(&made));

    let again = khabar(&["topics", "create", "--partitions", "3"], &settings);
    assert!(again.status.success(), "{}", said(&again));
    assert_eq!(said(&again).matches("exists and is as it would be made").count(), 3, "{}", said(&again));
    let other = khabar(&["topics", "create", "--partitions", "5"], &settings);
    assert!(said(&other).contains("partitions=3 (new ones: 5)"), "{}", said(&other));

    let well = khabar(&["check"], &settings);
    assert!(well.status.success(), "{}", said(&well));
    assert!(said(&well).contains("0 problems, 0 warnings"), "{}", said(&well));

    let too_many = khabar(&["topics", "create", "--replication-factor", "3"], &bench.settings("many", ""));
    assert_eq!(too_many.status.code(), Some(1), "{}", said(&too_many));
    assert!(said(&too_many).contains("--replication-factor 3"), "{}", said(&too_many));

    let large = bench.settings("large", "max_message_bytes = \"2MB\"\n");
    let made = khabar(&["topics", "create"], &large);
    assert!(made.status.success(), "{}", said(&made));
    let larger = bench.settings("large", "max_message_bytes = \"20MB\"\n");
    let warned = khabar(&["check"], &larger);
    assert!(warned.status.success(), "a warning is no problem: {}", said(&warned));
    assert!(
        said(&warned).contains("set max.message.bytes = 20971520 on large.enriched"),
        "{}",
        said(&warned)
    );
}

#[test]
fn a_login_that_the_broker_does_not_want_is_explained() {
    let Some(kafka) = LocalKafka::require() else { return };
    let bench = Bench { folder: tempfile::tempdir().unwrap(), kafka };
    let sasl =
        "[input.kafka.sasl]\nmechanism = \"PLAIN\"\nusername = \"khabar\"\npassword = \"canary-7f3a\"\n";
    let tls = "[input.kafka.tls]\nenabled = true\n";
    for (more, expected) in [(sasl, "input.kafka."), (tls, "input.kafka.")] {
        let output = khabar(&["check"], &bench.settings("news", more));
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains("problem  input cluster"), "{}", said(&output));
        assert!(said(&output).contains(expected), "{}", said(&output));
        assert!(!said(&output).contains("canary"), "{}", said(&output));
    }
}

/// Two more listeners on a running broker: one with a login and rights, one with TLS.
struct Guarded {
    bench: Bench,
    login: u16,
    tls: u16,
    authority: PathBuf,
}

impl Guarded {
    fn start() -> Option<Self> {
        let mut kafka = LocalKafka::require()?;
        let folder = tempfile::tempdir().unwrap();
        let authority = certificate(folder.path());
        let (login, tls) =
            (khabar_local_kafka::free_port().unwrap(), khabar_local_kafka::free_port().unwrap());
        kafka.stop().unwrap();
        let path = kafka.dir().join("server.properties");
        let properties = std::fs::read_to_string(&path).unwrap();
        let listeners = |name: &str| {
            let line = properties.lines().find_map(|line| line.strip_prefix(&format!("{name}="))).unwrap();
            format!("{name}={line},SASL_PLAINTEXT://127.0.0.1:{login},SSL://127.0.0.1:{tls}\n")
        };
        let more = format!(
            "\n{}{}listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,\
             SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL\n\
             sasl.enabled.mechanisms=PLAIN\n\
             listener.name.sasl_plaintext.plain.sasl.jaas.config=\
             org.apache.kafka.common.security.plain.PlainLoginModule required \
             user_reader=\"canary-7f3a\" user_owner=\"canary-7f3a\";\n\
             listener.name.ssl.ssl.keystore.location={}\nlistener.name.ssl.ssl.keystore.password=changeit\n\
             listener.name.ssl.ssl.keystore.type=PKCS12\n\
             authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer\n\
             super.users=User:ANONYMOUS;User:owner\n",
            listeners("listeners"),
            listeners("advertised.listeners"),
            folder.path().join("broker.p12").display(),
        );
        std::fs::write(&path, properties + &more).unwrap();
        kafka.restart().unwrap();
        Some(Self { bench: Bench { folder, kafka }, login, tls, authority })
    }

    /// Runs `check` on one of the listeners.
    fn check(&self, port: u16, more: &str) -> (Option<i32>, String) {
        let path = self.bench.folder.path().join("khabar.toml");
        let text = format!("[input.kafka]\nbrokers = \"127.0.0.1:{port}\"\n{more}");
        std::fs::write(&path, text).unwrap();
        let output = khabar(&["check"], &path);
        assert!(!said(&output).contains("canary"), "{}", said(&output));
        (output.status.code(), said(&output))
    }

    fn login(&self, user: &str, password: &str) -> (Option<i32>, String) {
        let sasl = "[input.kafka.sasl]\nmechanism = \"PLAIN\"";
        self.check(self.login, &format!("{sasl}\nusername = \"{user}\"\npassword = \"{password}\"\n"))
    }
}

/// A key and certificate for 127.0.0.1 in `broker.p12`; returns the certificate as PEM.
fn certificate(folder: &Path) -> PathBuf {
    let keytool =
        std::env::var_os("JAVA_HOME").map_or("keytool".into(), |home| Path::new(&home).join("bin/keytool"));
    let store = folder.join("broker.p12");
    let authority = folder.join("ca.pem");
    let common = ["-storetype", "PKCS12", "-storepass", "changeit", "-alias", "broker", "-keystore"];
    for arguments in [
        &[
            "-genkeypair",
            "-keyalg",
            "RSA",
            "-dname",
            "CN=127.0.0.1",
            "-ext",
            "SAN=ip:127.0.0.1",
            "-ext",
            "BC=ca:true",
        ][..],
        &["-exportcert", "-rfc", "-file", authority.to_str().unwrap()],
    ] {
        let status = Command::new(&keytool).args(arguments).args(common).arg(&store).output().unwrap();
        assert!(status.status.success(), "{}", said(&status));
    }
    authority
}

#[test]
fn logins_rights_and_certificates_on_a_guarded_cluster() {
    let Some(guarded) = Guarded::start() else { return };
    let create = guarded.bench.settings("plain", "");
    let text = std::fs::read_to_string(&create).unwrap().replace("plain.raw", "news.raw");
    let text = text.replace("plain.enriched", "news.enriched").replace("plain.dead", "news.raw.dead");
    std::fs::write(&create, text).unwrap();
    let made = khabar(&["topics", "create"], &create);
    assert!(made.status.success(), "{}", said(&made));

    let (code, owner) = guarded.login("owner", "canary-7f3a");
    assert_eq!(code, Some(0), "{owner}");
    assert!(owner.contains("(sasl_plaintext, PLAIN)"), "{owner}");

    let (code, reader) = guarded.login("reader", "canary-7f3a");
    assert_eq!(code, Some(1), "{reader}");
    assert!(reader.contains("news.raw may not be described"), "{reader}");
    assert!(reader.contains("give the user DESCRIBE"), "{reader}");

    let (code, wrong) = guarded.login("owner", "canary-wrong");
    assert_eq!(code, Some(1), "{wrong}");
    assert!(wrong.contains("refuses the login"), "{wrong}");
    assert!(wrong.contains("input.kafka.sasl.username and password"), "{wrong}");

    let trusted = format!("[input.kafka.tls]\nenabled = true\nca = \"{}\"\n", guarded.authority.display());
    let (code, tls) = guarded.check(guarded.tls, &trusted);
    assert_eq!(code, Some(0), "{tls}");
    assert!(tls.contains("(ssl)"), "{tls}");

    let (code, untrusted) = guarded.check(guarded.tls, "[input.kafka.tls]\nenabled = true\n");
    assert_eq!(code, Some(1), "{untrusted}");
    assert!(untrusted.contains("set input.kafka.tls.ca"), "{untrusted}");

    let (code, plain) = guarded.check(guarded.tls, "");
    assert_eq!(code, Some(1), "{plain}");
    assert!(plain.contains("set input.kafka.tls.enabled = true"), "{plain}");
    assert_eq!(plain.matches("problem ").count(), 1, "one cluster, one problem: {plain}");
}
