//! The manifests for operators that a cluster may have, the Prometheus operator and KEDA: against the definitions in
//! releases of these. They are in the Go modules of both, which `go mod download` fetches once (7 MB); with `CI=true` it
//! must come about.

#[path = "common/skip.rs"]
mod skip;
mod source;

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use skip::skipped;
use source::{read, repository};

/// A manifest, and where its definition is: module, file of it.
struct Case {
    manifest: &'static str,
    module: &'static str,
    definition: &'static str,
}

const KEDA: &str = "github.com/kedacore/keda/v2@v2.21.0";
const PROMETHEUS: &str = "github.com/prometheus-operator/prometheus-operator@v0.85.0";
const CASES: [Case; 4] = [
    Case {
        manifest: "deploy/kubernetes/components/monitoring/service-monitor.yaml",
        module: PROMETHEUS,
        definition: "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
    },
    Case {
        manifest: "deploy/kubernetes/components/monitoring/pod-monitor.yaml",
        module: PROMETHEUS,
        definition: "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
    },
    Case {
        manifest: "deploy/kubernetes/components/monitoring/prometheus-rule.yaml",
        module: PROMETHEUS,
        definition: "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
    },
    Case {
        manifest: "deploy/kubernetes/components/autoscaling/scaled-object.yaml",
        module: KEDA,
        definition: "config/crd/bases/keda.sh_scaledobjects.yaml",
    },
];

fn yaml(text: &str, path: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Where a module is unpacked; `None` where it cannot be fetched.
fn module(name: &str) -> Option<PathBuf> {
    let outside = tempfile::tempdir().unwrap();
    let output =
        Command::new("go").args(["mod", "download", "-json", name]).current_dir(outside.path()).output();
    let folder = output.ok().filter(|output| output.status.success()).and_then(|output| {
        let said: Value = serde_json::from_slice(&output.stdout).ok()?;
        Some(PathBuf::from(said["Dir"].as_str()?))
    });
    if folder.is_none() {
        skipped(&format!("{name} cannot be fetched here (apt-get install golang-go)"));
    }
    folder
}

/// Forbids members that are not named, as the API server's strict validation does, which `kubectl apply` asks for.
fn strict(schema: &mut Value) {
    if let Some(members) = schema.as_object_mut() {
        let open = ["additionalProperties", "x-kubernetes-preserve-unknown-fields"];
        if members.contains_key("properties") && !open.iter().any(|key| members.contains_key(*key)) {
            members.insert("additionalProperties".to_owned(), json!(false));
        }
        members.values_mut().for_each(strict);
    } else if let Some(list) = schema.as_array_mut() {
        list.iter_mut().for_each(strict);
    }
}

/// What is wrong with a manifest by the definition of its kind and version.
fn complaints(definition: &Value, manifest: &Value) -> Vec<String> {
    let (group, version) = manifest["apiVersion"].as_str().and_then(|v| v.split_once('/')).expect("a group");
    assert_eq!(
        (&definition["spec"]["group"], &definition["spec"]["names"]["kind"]),
        (&json!(group), &manifest["kind"])
    );
    let versions = definition["spec"]["versions"].as_array().expect("versions");
    let Some(served) = versions.iter().find(|one| one["name"] == version && one["served"] == true) else {
        return vec![format!("{version} is not served")];
    };
    let mut schema = served["schema"]["openAPIV3Schema"].clone();
    strict(&mut schema);
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    validator.iter_errors(manifest).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_definitions_of_the_operators_accept_the_manifests() {
    for Case { manifest, module: name, definition } in CASES {
        let Some(folder) = module(name) else { return };
        let definition = yaml(&std::fs::read_to_string(folder.join(definition)).unwrap(), definition);
        let own = yaml(&read(manifest), manifest);
        assert_eq!(complaints(&definition, &own), Vec::<String>::new(), "{manifest}");
        // The check can fail: on a name, a type, a missing member, a version.
        let mut wrong = vec![own.clone(); 3];
        wrong[0]["spec"]["scaleTargetReff"] = json!({});
        for list in ["triggers", "endpoints", "podMetricsEndpoints", "groups"] {
            wrong[1]["spec"][list] = json!("many");
        }
        wrong[2]["apiVersion"] = json!(own["apiVersion"].as_str().unwrap().replace("/v", "/v9"));
        for one in &wrong {
            assert!(!complaints(&definition, one).is_empty(), "{manifest}: {one} is accepted");
        }
    }
}

/// The definition of a ScaledObject takes any words for a trigger; KEDA's own list says which it reads.
#[test]
fn keda_reads_what_its_trigger_is_told() {
    let Some(folder) = module(KEDA) else { return };
    let text = std::fs::read_to_string(folder.join("schema/generated/scalers-schema.json")).unwrap();
    let known: Value = serde_json::from_str(&text).unwrap();
    let case = CASES.iter().find(|case| case.module == KEDA).expect("a case");
    let own = yaml(&read(case.manifest), case.manifest);
    for trigger in own["spec"]["triggers"].as_array().expect("triggers") {
        let scalers = known["scalers"].as_array().expect("scalers");
        let scaler = scalers.iter().find(|one| one["type"] == trigger["type"]).expect("a kind of trigger");
        let parameters = scaler["parameters"].as_array().expect("parameters");
        let told = trigger["metadata"].as_object().expect("metadata");
        for (name, value) in told {
            assert!(parameters.iter().any(|one| one["name"] == *name), "{} reads no {name}", trigger["type"]);
            assert!(value.is_string(), "{name}: {value}");
        }
        let needed = parameters.iter().filter(|one| one["optional"] != true && one["default"].is_null());
        for name in needed.map(|one| one["name"].as_str().expect("a name")) {
            assert!(told.contains_key(name), "{} needs {name}", trigger["type"]);
        }
    }
}

/// Without the definitions: every manifest of an operator has a case here.
#[test]
fn no_manifest_is_left_out() {
    let named: Vec<_> = CASES.iter().map(|case| case.manifest).collect();
    for folder in std::fs::read_dir(repository().join("deploy/kubernetes/components")).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let path = path.strip_prefix(repository()).unwrap().to_string_lossy().into_owned();
            assert!(path.ends_with("kustomization.yaml") || named.contains(&path.as_str()), "{path}");
        }
    }
}

/// The harness keeps what a test prints that passes; whether something was left out has to be seen all the same.
#[test]
fn a_missing_tool_is_told_and_fails_where_nothing_may_be_skipped() {
    let nowhere = tempfile::tempdir().unwrap();
    let mut this = Command::new(std::env::current_exe().unwrap());
    this.args(["--exact", "the_definitions_of_the_operators_accept_the_manifests"])
        .env("PATH", nowhere.path());
    let mut run = |ci: &str| this.env("CI", ci).output().unwrap();
    let output = run("");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("skipped: github.com/"), "{output:?}");
    assert!(!run("true").status.success(), "with CI=true it fails");
}
