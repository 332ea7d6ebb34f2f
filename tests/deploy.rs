//! Checks, without a container engine, that what lies in `deploy/` fits together and fits the binary:
//! files parse, mounted paths exist, ports, names and times agree, commands and settings are real ones.

#[path = "deploy/image.rs"]
mod image;
mod settings;
#[path = "common/skip.rs"]
mod skip;
mod source;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use skip::skipped;
use source::{own_files, read, repository};

fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn compose() -> Value {
    yaml("deploy/compose.yaml")
}

fn services() -> Vec<(String, Value)> {
    let compose = compose();
    let services = compose["services"].as_object().expect("services");
    services.iter().map(|(name, service)| (name.clone(), service.clone())).collect()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|v| v.as_str().expect("a string").to_owned()).collect()
}

/// The volumes of a service as (source, target).
fn volumes(service: &Value) -> Vec<(String, String)> {
    let parts = |v: String| {
        let mut parts = v.split(':').map(str::to_owned);
        (parts.next().expect("a source"), parts.next().expect("a target"))
    };
    strings(&service["volumes"]).into_iter().map(parts).collect()
}

fn dockerfile() -> String {
    // Continued lines as one.
    read("deploy/Dockerfile").replace("\\\n", " ")
}

/// The arguments of every instruction of that name in the Dockerfile.
fn instructions(name: &str) -> Vec<String> {
    let dockerfile = dockerfile();
    let found = dockerfile.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    found.map(|rest| rest.trim().to_owned()).collect()
}

/// `key=value` lines of the systemd unit; a key may come several times.
fn unit(key: &str) -> Vec<String> {
    let unit = read("deploy/systemd/khabar.service");
    let found = unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    found.map(str::to_owned).collect()
}

fn seconds(text: &str) -> f64 {
    text.trim_end_matches('s').parse().unwrap_or_else(|_| panic!("{text} is no number of seconds"))
}

#[test]
fn every_file_parses() {
    let mut kinds = [0, 0, 0];
    for path in own_files("deploy") {
        match Path::new(&path).extension().and_then(|e| e.to_str()) {
            Some("yaml" | "yml") => {
                assert!(yaml(&path).is_object(), "{path} holds no mapping");
                kinds[0] += 1;
            }
            Some("json") => {
                serde_json::from_str::<Value>(&read(&path)).unwrap_or_else(|e| panic!("{path}: {e}"));
                kinds[1] += 1;
            }
            Some("toml") => {
                toml::from_str::<toml::Table>(&read(&path)).unwrap_or_else(|e| panic!("{path}: {e}"));
                kinds[2] += 1;
            }
            _ => {}
        }
    }
    assert!(kinds.iter().all(|n| *n > 0), "a kind of file was not found: {kinds:?}");
}

#[test]
fn what_compose_names_exists() {
    let compose = compose();
    let deploy = repository().join("deploy");
    for (name, service) in services() {
        for (source, target) in volumes(&service) {
            if source.starts_with('.') {
                assert!(deploy.join(&source).exists(), "{name} mounts {source}, which does not exist");
            } else {
                assert!(compose["volumes"].get(&source).is_some(), "{name}: no volume {source}");
            }
            assert!(target.starts_with('/'), "{name}: {target} is not absolute");
        }
        if let Some(build) = service.get("build") {
            let context = deploy.join(build["context"].as_str().unwrap());
            let file = context.join(build["dockerfile"].as_str().unwrap());
            assert!(file.exists(), "{name}: {} does not exist", file.display());
        }
        for (needed, how) in service["depends_on"].as_object().into_iter().flatten() {
            let needed_service = &compose["services"][needed];
            assert!(needed_service.is_object(), "{name} depends on {needed}, which does not exist");
            if how["condition"] == "service_healthy" {
                assert!(needed_service.get("healthcheck").is_some(), "{needed} has no health check");
            }
        }
    }
}

#[test]
fn compose_runs_real_commands() {
    for (name, service) in services() {
        let Some(image) = service["image"].as_str().filter(|image| image.starts_with("khabar")) else {
            continue;
        };
        let command = strings(&service["command"]);
        let command = if command.is_empty() { command_of_the_image() } else { command };
        settings::parse_command(&command).unwrap_or_else(|e| panic!("{name} ({image}): {e}"));
        let config = command.windows(2).find(|w| w[0] == "--config").expect("a configuration")[1].clone();
        assert!(
            volumes(&service).iter().any(|(_, target)| *target == config),
            "{name} reads {config}, which nothing mounts"
        );
    }
}

fn command_of_the_image() -> Vec<String> {
    let command = instructions("CMD");
    // The last CMD line of the file; the one of HEALTHCHECK is indented.
    serde_json::from_str(command.last().expect("a CMD")).expect("CMD in its JSON form")
}

#[test]
fn settings_of_the_containers_are_real_ones() {
    let settings = settings::load("deploy/khabar.compose.toml");
    assert_eq!(settings.listen.ip().to_string(), "0.0.0.0", "reachable from outside the container");
    for (name, service) in services() {
        for key in service["environment"].as_object().into_iter().flat_map(|e| e.keys()) {
            if key.starts_with("KHABAR_") {
                assert!(settings::is_variable(key), "{name}: {key} is no setting");
            }
        }
    }
    let set = instructions("ENV").into_iter().find(|variable| variable.contains("KHABAR_"));
    assert_eq!(set, None, "the environment would win over a file that somebody mounts");
    let unit = read("deploy/systemd/khabar.service");
    for key in source::words(&unit).filter(|w| w.starts_with("KHABAR_")) {
        assert!(settings::is_variable(key), "khabar.service: {key} is no setting");
    }
    assert!(!settings::is_variable("KHABAR_INPUT__KAFKA__BROKER"), "the check can fail");
}

#[test]
fn ports_and_names_agree() {
    let compose = compose();
    let settings = settings::load("deploy/khabar.compose.toml");
    let admin = settings.listen.port();
    assert_eq!(admin, settings::load("config/khabar.toml").listen.port(), "the documented port");

    let publishes = |service: &str, port: u16| {
        let ports = strings(&compose["services"][service]["ports"]);
        assert!(
            ports.contains(&format!("127.0.0.1:{port}:{port}")),
            "{service} does not publish {port}: {ports:?}"
        );
    };
    for (service, port) in [("khabar", admin), ("kafka", 9092), ("prometheus", 9090), ("grafana", 3000)] {
        publishes(service, port);
    }
    assert_eq!(instructions("EXPOSE"), [admin.to_string()]);
    assert!(dockerfile().contains(&format!("/dev/tcp/127.0.0.1/{admin}")));

    let prometheus = yaml("deploy/prometheus/prometheus.yml");
    let targets = strings(&prometheus["scrape_configs"][0]["static_configs"][0]["targets"]);
    assert_eq!(targets, [format!("khabar:{admin}")]);
    // With names, a page cannot ask under its own; without the one that Prometheus asks for, it could not scrape.
    for target in &targets {
        let host = target.split(':').next().expect("a host").to_owned();
        assert!(settings.hosts.contains(&host), "{target}: not in admin.hosts {:?}", settings.hosts);
    }
    let datasource = yaml("deploy/grafana/provisioning/datasources/prometheus.yml");
    assert_eq!(datasource["datasources"][0]["url"], "http://prometheus:9090");

    // khabar connects to a listener that the broker advertises under that very name.
    let advertised = &compose["services"]["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"];
    let advertised = advertised.as_str().unwrap();
    assert!(
        advertised.split(',').any(|l| l.ends_with(&format!("//{}", settings.brokers))),
        "{advertised} lacks {}",
        settings.brokers
    );
}

#[test]
fn prometheus_and_grafana_find_their_files() {
    let compose = compose();
    let mounted = |service: &str| volumes(&compose["services"][service]);
    for rules in strings(&yaml("deploy/prometheus/prometheus.yml")["rule_files"]) {
        let target = format!("/etc/prometheus/{rules}");
        assert!(mounted("prometheus").iter().any(|(_, t)| *t == target), "{target} is not mounted");
    }
    let provider = yaml("deploy/grafana/provisioning/dashboards/khabar.yml");
    let folder = provider["providers"][0]["options"]["path"].as_str().unwrap().to_owned();
    let (source, _) = mounted("grafana")
        .into_iter()
        .find(|(_, target)| *target == folder)
        .unwrap_or_else(|| panic!("{folder} is not mounted"));
    let home = &compose["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"];
    let file = home.as_str().unwrap().strip_prefix(&folder).expect("in the mounted folder").to_owned();
    assert!(repository().join("deploy").join(source).join(file.trim_start_matches('/')).exists());
}

#[test]
fn the_image_is_built_from_what_is_there() {
    let ignored = read(".dockerignore");
    let ignored: Vec<_> = ignored.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    for copy in instructions("COPY") {
        if copy.starts_with("--from") {
            continue;
        }
        let mut parts: Vec<_> = copy.split_whitespace().collect();
        parts.pop();
        for source in parts {
            assert!(repository().join(source).exists(), "COPY {source}: it does not exist");
            assert!(!ignored.contains(&source), "COPY {source}: .dockerignore leaves it out");
        }
    }
    // What the code embeds must be in the build's context too.
    let top = |path: &str| path.split('/').next().unwrap().to_owned();
    let embedded = settings::embedded_files();
    assert!(!embedded.is_empty(), "no embedded file was found");
    for path in embedded {
        assert!(repository().join(&path).exists(), "{path} is embedded and does not exist");
        assert!(!ignored.contains(&top(&path).as_str()), "{path} is embedded and left out by .dockerignore");
    }
    assert_eq!(instructions("STOPSIGNAL"), ["SIGTERM"]);
    let user = instructions("USER").pop().expect("a USER");
    let uid: u32 = user.split(':').next().unwrap().parse().expect("a number");
    assert!(uid >= 1000, "not root");
}

/// Whoever wants the same bases again names them by digest.
#[test]
fn base_images_can_be_pinned() {
    let arguments = instructions("ARG");
    let bases = instructions("FROM");
    assert_eq!(bases.len(), 2);
    for base in bases {
        let image = base.split_whitespace().next().expect("an image");
        let name = image.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).expect("an argument");
        let default = arguments.iter().find_map(|one| one.strip_prefix(name)?.strip_prefix('='));
        assert!(
            default.is_some_and(|tag| tag.contains(":") && !tag.ends_with("latest")),
            "{name}: {default:?}"
        );
        assert!(
            read("docs/operations.md").contains(&format!("--build-arg {name}=")),
            "{name} is not explained"
        );
    }
}

#[test]
fn stopping_waits_for_the_drain() {
    let grace = &compose()["services"]["khabar"]["stop_grace_period"];
    let drain = settings::load("deploy/khabar.compose.toml").drain_deadline.as_secs_f64();
    assert!(seconds(grace.as_str().unwrap()) > drain + 5.0, "stop_grace_period is not above the drain");

    let drain = settings::load("config/khabar.toml").drain_deadline.as_secs_f64();
    let stop = unit("TimeoutStopSec");
    assert!(seconds(&stop[0]) > drain + 5.0, "TimeoutStopSec is not above the drain");
    assert_eq!(unit("KillSignal"), ["SIGTERM"]);
}

#[test]
fn the_unit_runs_a_real_command() {
    let exec = unit("ExecStart");
    let command: Vec<_> = exec[0].split_whitespace().skip(1).map(str::to_owned).collect();
    settings::parse_command(&command).unwrap();
    let prevented = unit("RestartPreventExitStatus");
    let prevented: Vec<_> = prevented[0].split_whitespace().collect();
    assert!(prevented.contains(&khabar::cli::exit::BREAKER.to_string().as_str()));
}

fn has_systemd() -> bool {
    let found = Command::new("systemd-analyze").arg("--version").output().is_ok();
    if !found {
        skipped("no systemd-analyze here (apt-get install systemd)");
    }
    found
}

#[test]
fn systemd_accepts_the_unit() {
    if !has_systemd() {
        return;
    }
    let verify = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("khabar.service");
        std::fs::write(&path, text).unwrap();
        let verify = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(path).output().unwrap();
        (verify.status.success(), String::from_utf8_lossy(&verify.stderr).into_owned())
    };
    // The binary is not installed here.
    let text = read("deploy/systemd/khabar.service").replace("/usr/bin/khabar", "/bin/true");
    let (accepted, said) = verify(&text);
    assert!(accepted && !said.contains("khabar.service:"), "{said}");
    let (_, said) = verify(&text.replace("TimeoutStopSec=45", "TimeoutStopSec=soon"));
    assert!(said.contains("khabar.service:"), "the check can fail: {said}");
}

/// systemd rates what a service could do: 0 is best, 10 is root without a fence.
#[test]
fn the_unit_is_fenced_in() {
    if !has_systemd() {
        return;
    }
    let below_three = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("khabar.service");
        std::fs::write(&path, text).unwrap();
        let mut analyze = Command::new("systemd-analyze");
        let output =
            analyze.args(["security", "--offline=true", "--threshold=30"]).arg(path).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let text = read("deploy/systemd/khabar.service");
    let (fenced, said) = below_three(&text);
    assert!(fenced && said.contains("Overall exposure level"), "{said}");
    let open: String = text
        .lines()
        .filter(|line| !line.starts_with("Protect") && !line.starts_with("Restrict"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(!below_three(&open.replace("DynamicUser=yes", "")).0, "the check can fail");
}

#[test]
fn compose_runs_the_kafka_that_the_tests_run() {
    let jars = read("crates/local-kafka/src/jars.rs");
    let line = jars.lines().find(|line| line.contains("const KAFKA_VERSION")).expect("KAFKA_VERSION");
    let version = line.split('"').nth(1).expect("a version");
    assert_eq!(compose()["services"]["kafka"]["image"], format!("apache/kafka:{version}"));
}
