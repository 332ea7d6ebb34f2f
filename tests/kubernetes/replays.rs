//! A replay takes part in what its overlay sets for the service, and has names of its own.

use serde_json::Value;

use crate::{container, manifest, of_kind, pod, rendered, variables};

const OVERLAY: &str = "overlays/production";

fn settings_of(documents: &[Value]) -> &Value {
    documents.iter().find(|one| one["data"]["khabar.toml"].is_string()).expect("a ConfigMap of settings")
}

/// What differs between a service and a replay of it makes the replay worth nothing.
#[test]
fn a_replay_runs_what_the_service_runs() {
    let (Some(service), Some(replay)) = (rendered(OVERLAY), rendered(&format!("{OVERLAY}/replay"))) else {
        return;
    };
    let (set, job) = (of_kind(&service, "StatefulSet"), of_kind(&replay, "Job"));
    assert_eq!(container(set)["image"], container(job)["image"]);
    assert_ne!(
        container(job)["image"],
        container(&manifest("replay/job.yaml"))["image"],
        "the check can fail"
    );
    assert_eq!(settings_of(&service)["data"], settings_of(&replay)["data"]);
    let mut of_service = variables(set);
    of_service.remove("KHABAR_INPUT__INSTANCE_ID").expect("a static member");
    assert_eq!(of_service, variables(job), "a replay joins no group; all else is the same");
    assert!(of_service.contains_key("KHABAR_INPUT__KAFKA__BROKERS"), "{of_service:?}");
    assert_eq!(container(set)["resources"]["limits"], container(job)["resources"]["limits"]);
    let secret = |workload: &Value| {
        let volumes = pod(workload)["volumes"].as_array().expect("volumes").clone();
        volumes.into_iter().find(|volume| volume["secret"].is_object()).expect("a secret")
    };
    assert_eq!(secret(set), secret(job));
    let shared = manifest("overlays/production/shared/kustomization.yaml");
    for one in service.iter().chain(&replay) {
        assert_eq!(one["metadata"]["namespace"], shared["namespace"], "{}", one["kind"]);
    }
}

/// `kubectl delete -k` of a replay leaves the service what it has, and two replays can run side by side.
#[test]
fn nothing_of_a_replay_is_the_services() {
    let (Some(service), Some(replay)) = (rendered(OVERLAY), rendered(&format!("{OVERLAY}/replay"))) else {
        return;
    };
    let name = |one: &Value| (one["kind"].clone(), one["metadata"]["name"].clone());
    let kustomization = manifest("overlays/production/replay/kustomization.yaml");
    let suffix = kustomization["nameSuffix"].as_str().expect("a suffix");
    for one in &replay {
        assert!(service.iter().all(|other| name(other) != name(one)), "{:?}", name(one));
        assert!(one["metadata"]["name"].as_str().is_some_and(|n| n.contains(suffix)), "{:?}", name(one));
    }
    let arguments: Vec<_> = container(of_kind(&replay, "Job"))["args"].as_array().expect("arguments").clone();
    let named = arguments.windows(2).find(|pair| pair[0] == "--name").expect("a name")[1].clone();
    assert_eq!(format!("-{}", named.as_str().expect("text")), suffix, "job.yaml names another replay");
}

#[test]
fn a_replay_is_not_tried_again_in_vain() {
    use khabar::cli::exit;
    let job = manifest("replay/job.yaml");
    let rule = &job["spec"]["podFailurePolicy"]["rules"][0];
    assert_eq!(rule["action"], "FailJob");
    let codes = rule["onExitCodes"]["values"].as_array().expect("codes").clone();
    assert_eq!(codes, [Value::from(exit::USAGE), Value::from(exit::BREAKER)]);
    assert_eq!(rule["onExitCodes"]["containerName"], container(&job)["name"]);
}
