//! The manifests in `deploy/kubernetes`: against the schemas of Kubernetes, against khabar's settings and commands, and
//! against each other.

mod monitoring;
mod replays;
mod schemas;
#[path = "../settings/mod.rs"]
mod settings;
#[path = "../common/skip.rs"]
mod skip;
#[path = "../source/mod.rs"]
mod source;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value};

use schemas::{is_of_kubernetes, validate, validator};
use skip::skipped;
use source::{own_files, read, repository};

const FOLDER: &str = "deploy/kubernetes";

fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The manifests by path, the files of kustomize itself left out.
fn manifests() -> Vec<(String, Value)> {
    let files = own_files(FOLDER).into_iter().filter(|path| path.ends_with(".yaml"));
    files
        .filter(|path| !path.ends_with("kustomization.yaml"))
        .map(|path| (path.clone(), yaml(&path)))
        .collect()
}

fn manifest(path: &str) -> Value {
    yaml(&format!("{FOLDER}/{path}"))
}

/// The StatefulSet as the overlay makes it.
fn patched() -> Value {
    overlaid("base/stateful-set.yaml", "overlays/production/stateful-set.yaml")
}

/// A workload with what the overlay sets for all of them, and for it alone.
fn overlaid(workload: &str, own: &str) -> Value {
    let mut shared = manifest("overlays/production/shared/workload.yaml");
    // It goes onto every kind and name.
    for key in ["apiVersion", "kind", "metadata"] {
        shared.as_object_mut().expect("a map").remove(key);
    }
    merged(merged(manifest(workload), &shared), &manifest(own))
}

/// Whether a manifest is no whole one.
fn is_patch(path: &str) -> bool {
    path.contains("/overlays/") && !path.ends_with("/secret.yaml")
}

/// A strategic merge: maps key by key, lists of things with names by name, everything else anew.
fn merged(base: Value, patch: &Value) -> Value {
    match (base, patch) {
        (Value::Object(mut base), Value::Object(patch)) => {
            for (key, value) in patch {
                let old = base.remove(key).unwrap_or(Value::Null);
                base.insert(key.clone(), merged(old, value));
            }
            Value::Object(base)
        }
        (Value::Array(mut base), Value::Array(patch)) if patch.iter().all(|one| one["name"].is_string()) => {
            for one in patch {
                match base.iter_mut().find(|old| old["name"] == one["name"]) {
                    Some(old) => *old = merged(old.take(), one),
                    None => base.push(one.clone()),
                }
            }
            Value::Array(base)
        }
        (_, patch) => patch.clone(),
    }
}

fn pod(workload: &Value) -> &Value {
    &workload["spec"]["template"]["spec"]
}

fn container(workload: &Value) -> &Value {
    let containers = pod(workload)["containers"].as_array().expect("containers");
    assert_eq!(containers.len(), 1);
    &containers[0]
}

fn workloads() -> Vec<(&'static str, Value)> {
    vec![
        ("base", manifest("base/stateful-set.yaml")),
        ("production", patched()),
        ("replay", manifest("replay/job.yaml")),
        ("production/replay", overlaid("replay/job.yaml", "overlays/production/replay/job.yaml")),
    ]
}

/// Bytes of `1Gi`, `768Mi` or `256MB`, the last as khabar reads it.
fn bytes(quantity: &str) -> u64 {
    let digits = quantity.find(|c: char| !c.is_ascii_digit()).expect("a unit");
    let unit = match &quantity[digits..] {
        "Gi" => 1 << 30,
        "Mi" | "MB" => 1 << 20,
        other => panic!("no unit {other}"),
    };
    quantity[..digits].parse::<u64>().expect("a number") * unit
}

fn variables(workload: &Value) -> Map<String, Value> {
    let list = container(workload)["env"].as_array().cloned().unwrap_or_default();
    list.into_iter().map(|one| (one["name"].as_str().expect("a name").to_owned(), one)).collect()
}

#[test]
fn kustomize_finds_its_files() {
    let mut named = BTreeSet::new();
    for path in own_files(FOLDER).into_iter().filter(|path| path.ends_with("kustomization.yaml")) {
        let folder = Path::new(&path).parent().expect("a folder");
        let value = yaml(&path);
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let patches = list(&value["patches"]).into_iter().map(|patch| patch["path"].clone());
        // One that is written where it is named has no file.
        let patches = patches.filter(Value::is_string);
        let generators = ["configMapGenerator", "secretGenerator"].into_iter();
        let generated = generators.flat_map(|key| list(&value[key])).flat_map(|one| list(&one["files"]));
        let others = ["resources", "components"].into_iter().flat_map(|key| list(&value[key]));
        for file in others.chain(patches).chain(generated) {
            let file = repository().join(folder).join(file.as_str().expect("a path"));
            assert!(file.exists(), "{path} names {}, which does not exist", file.display());
            named.insert(file.canonicalize().expect("a path"));
        }
    }
    for (path, _) in manifests() {
        let file = repository().join(&path).canonicalize().expect("a path");
        assert!(named.contains(&file), "no kustomization names {path}");
    }
}

/// What kustomize makes of a folder; `None` where there is neither kubectl nor kustomize.
fn rendered(folder: &str) -> Option<Vec<Value>> {
    let at = repository().join(FOLDER).join(folder);
    let run = |program: &str, verb: &str| Command::new(program).arg(verb).arg(&at).output().ok();
    let Some(output) = run("kustomize", "build").or_else(|| run("kubectl", "kustomize")) else {
        skipped("neither kustomize nor kubectl is here");
        return None;
    };
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{folder}: {}", String::from_utf8_lossy(&output.stderr));
    let documents = text.split("\n---\n").map(|one| serde_saphyr::from_str(one).expect("YAML"));
    Some(documents.collect())
}

fn of_kind<'a>(documents: &'a [Value], kind: &str) -> &'a Value {
    let found: Vec<_> = documents.iter().filter(|one| one["kind"] == kind).collect();
    assert_eq!(found.len(), 1, "one {kind}");
    found[0]
}

/// What is applied: kustomize takes its files, the schemas take what it makes of them, and the parts still name each
/// other.
#[test]
fn what_kustomize_makes_is_accepted_and_holds_together() {
    for (folder, kind, least) in [
        ("base", "StatefulSet", 6),
        ("overlays/production", "StatefulSet", 12),
        ("replay", "Job", 3),
        ("overlays/production/replay", "Job", 3),
    ] {
        let Some(documents) = rendered(folder) else { return };
        assert!(documents.len() >= least, "{folder}: only {} documents", documents.len());
        if let Some(validator) = validator() {
            for one in documents.iter().filter(|one| is_of_kubernetes(one)) {
                let (accepted, said) = validate(&validator, one);
                assert!(accepted, "{folder}, {}: {said}", one["kind"]);
            }
        }
        let workload = of_kind(&documents, kind);
        let is_settings = |one: &&Value| one["data"]["khabar.toml"].is_string();
        let map = documents.iter().find(is_settings).expect("a ConfigMap of settings");
        let volumes = pod(workload)["volumes"].as_array().expect("volumes");
        let mounted = volumes.iter().find(|volume| volume["configMap"].is_object()).expect("a ConfigMap");
        assert_eq!(mounted["configMap"]["name"], map["metadata"]["name"], "{folder}");
        let file = map["data"]["khabar.toml"].as_str().expect("the settings");
        settings::parse(file, folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
        if folder == "overlays/production" {
            let labels = &workload["spec"]["template"]["metadata"]["labels"];
            let chosen = ["Service", "PodDisruptionBudget", "NetworkPolicy"].map(|kind| {
                let spec = &of_kind(&documents, kind)["spec"];
                let selector = if kind == "NetworkPolicy" { &spec["podSelector"] } else { &spec["selector"] };
                selector.get("matchLabels").unwrap_or(selector).as_object().expect("labels").clone()
            });
            for (name, value) in chosen.iter().flatten() {
                assert_eq!(&labels[name], value, "the pods have not the label {name}");
            }
            assert!(workload["spec"]["replicas"].is_null(), "the number of pods is KEDA's");
            // The tests of the merged set hold for what is applied.
            let own = patched();
            assert_eq!(variables(workload), variables(&own));
            assert_eq!(container(workload)["resources"], container(&own)["resources"]);
        }
    }
}

#[test]
fn commands_and_settings_are_real_ones() {
    for (name, workload) in workloads() {
        let arguments: Vec<String> = container(&workload)["args"]
            .as_array()
            .expect("arguments")
            .iter()
            .map(|argument| argument.as_str().expect("text").to_owned())
            .collect();
        settings::parse_command(&arguments).unwrap_or_else(|error| panic!("{name}: {error}"));
        for variable in variables(&workload).keys().filter(|name| name.starts_with("KHABAR_")) {
            assert!(settings::is_variable(variable), "{name}: {variable} is no setting");
        }
        let mounts = container(&workload)["volumeMounts"].as_array().expect("mounts");
        let at = arguments.windows(2).find(|pair| pair[0] == "--config").expect("a configuration")[1].clone();
        let mounted = mounts.iter().any(|mount| at.starts_with(mount["mountPath"].as_str().expect("a path")));
        assert!(mounted, "{name}: nothing is mounted at {at}");
        for mount in mounts {
            let volumes = pod(&workload)["volumes"].as_array().expect("volumes");
            assert!(volumes.iter().any(|volume| volume["name"] == mount["name"]), "{name}: {mount}");
        }
    }
}

#[test]
fn the_password_is_that_of_the_secret() {
    let secret = manifest("overlays/production/secret.yaml");
    let keys: Vec<_> = secret["stringData"].as_object().expect("data").keys().collect();
    for (name, workload) in workloads() {
        let volumes = pod(&workload)["volumes"].as_array().expect("volumes");
        let volume = volumes.iter().find(|volume| volume["secret"].is_object()).expect("a secret");
        assert_eq!(volume["secret"]["secretName"], secret["metadata"]["name"], "{name}");
        let mounts = container(&workload)["volumeMounts"].as_array().expect("mounts");
        let mount = mounts.iter().find(|mount| mount["name"] == volume["name"]).expect("a mount");
        let file =
            format!("password = \"file:{}/{}\"", mount["mountPath"].as_str().expect("a path"), keys[0]);
        assert!(read(&format!("{FOLDER}/settings/khabar.toml")).contains(&file), "{name}: no {file}");
    }
}

#[test]
fn ports_probes_and_times_agree_with_khabar() {
    let config = settings::load("deploy/kubernetes/settings/khabar.toml");
    assert!(config.listen.ip().is_unspecified(), "probes come from outside of the pod");
    for (name, workload) in workloads() {
        let port = &container(&workload)["ports"][0];
        assert_eq!(port["containerPort"], config.listen.port(), "{name}");
        let grace = pod(&workload)["terminationGracePeriodSeconds"].as_f64().expect("a grace period");
        assert!(
            grace >= config.drain_deadline.as_secs_f64() + 15.0,
            "{name}: {grace} s are too short to drain"
        );
        for (probe, path) in
            [("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")]
        {
            let probe = &container(&workload)[probe]["httpGet"];
            let needed = !name.ends_with("replay") || !probe.is_null();
            let answered = read("src/admin/mod.rs").contains(&format!("route(\"{path}\""));
            assert!(
                !needed || (probe["path"] == path && probe["port"] == port["name"] && answered),
                "{name}: {probe}"
            );
        }
    }
    let service = manifest("base/service.yaml");
    assert_eq!(service["spec"]["ports"][0]["port"], config.listen.port());
    let name = service["metadata"]["name"].as_str().expect("a name").to_owned();
    assert_eq!(config.hosts, [name], "no name but the service's: a page could have any other point here");
    let monitor = manifest("components/monitoring/service-monitor.yaml");
    assert_eq!(monitor["spec"]["endpoints"][0]["port"], service["spec"]["ports"][0]["name"]);
    assert_eq!(monitor["spec"]["selector"]["matchLabels"], service["metadata"]["labels"]);
    assert_eq!(manifest("base/stateful-set.yaml")["spec"]["serviceName"], service["metadata"]["name"]);
}

#[test]
fn nothing_runs_as_root_or_writes() {
    for (name, workload) in workloads() {
        let (pod, container) = (pod(&workload), container(&workload));
        let pod_security = &pod["securityContext"];
        assert_eq!(pod_security["runAsNonRoot"], true, "{name}");
        assert_eq!(pod_security["seccompProfile"]["type"], "RuntimeDefault", "{name}");
        let user = pod_security["runAsUser"].as_u64().expect("a user");
        assert!(
            read("deploy/Dockerfile").contains(&format!("USER {user}:{user}")),
            "{name}: the image's user"
        );
        let security = &container["securityContext"];
        assert_eq!(security["readOnlyRootFilesystem"], true, "{name}");
        assert_eq!(security["allowPrivilegeEscalation"], false, "{name}");
        assert_eq!(security["capabilities"]["drop"][0], "ALL", "{name}");
        assert_eq!(pod["automountServiceAccountToken"], false, "{name}");
        for mount in container["volumeMounts"].as_array().expect("mounts") {
            assert_eq!(mount["readOnly"], true, "{name}: {mount}");
        }
    }
}

#[test]
fn memory_limits_follow_the_budget() {
    let file: toml::Table = toml::from_str(&read("deploy/kubernetes/settings/khabar.toml")).unwrap();
    let in_file = file["pipeline"]["memory_budget"].as_str().expect("a budget").to_owned();
    for (name, workload) in workloads() {
        let own =
            &variables(&workload).get("KHABAR_PIPELINE__MEMORY_BUDGET").cloned().unwrap_or_default()["value"];
        let budget = bytes(own.as_str().unwrap_or(&in_file));
        let resources = &container(&workload)["resources"];
        let limit = bytes(resources["limits"]["memory"].as_str().expect("a limit"));
        let request = bytes(resources["requests"]["memory"].as_str().expect("a request"));
        // docs/operations.md: below 512 MB with 128 MB, and as much above that as the budget is larger; twice over.
        let needed = (512 << 20) + (budget - (128 << 20));
        assert!(
            request >= needed && limit >= needed * 3 / 2,
            "{name}: {limit} bytes for a budget of {budget}"
        );
    }
    let read = settings::parse("[pipeline]\nmemory_budget = \"128MB\"\n", "here").expect("settings");
    assert_eq!((bytes("1Gi"), bytes("128MB")), (1_073_741_824, read.pipeline.memory_budget as u64));
}

#[test]
fn instances_have_stable_names_and_scale_on_real_metrics() {
    let set = manifest("base/stateful-set.yaml");
    let name = &variables(&set)["KHABAR_INPUT__INSTANCE_ID"]["valueFrom"]["fieldRef"]["fieldPath"];
    assert_eq!(name, "metadata.name");
    let scaled = manifest("components/autoscaling/scaled-object.yaml");
    assert_eq!(scaled["spec"]["scaleTargetRef"]["name"], set["metadata"]["name"]);
    assert_eq!(scaled["spec"]["scaleTargetRef"]["kind"], set["kind"]);
    let trigger = &scaled["spec"]["triggers"][0];
    assert_eq!(trigger["type"], "prometheus");
    let query = trigger["metadata"]["query"].as_str().expect("a query");
    let metrics = settings::metrics();
    let used: Vec<_> = source::words(query).filter(|word| word.starts_with("khabar_")).collect();
    assert!(used.contains(&"khabar_lag") && used.iter().all(|name| metrics.contains(*name)), "{used:?}");
    let least = scaled["spec"]["minReplicaCount"].as_u64().expect("a number");
    assert!(least <= scaled["spec"]["maxReplicaCount"].as_u64().expect("a number"));
    let budget = manifest("base/disruption-budget.yaml");
    assert_eq!(budget["spec"]["selector"], set["spec"]["selector"]);
}
