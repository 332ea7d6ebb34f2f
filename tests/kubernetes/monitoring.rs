//! What watches khabar in a cluster: rules and dashboards are those of `deploy/prometheus` and `deploy/grafana`, and each workload
//! is scraped, shielded and has its lanes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::source::{own_files, read, repository};
use crate::{container, manifest, of_kind, rendered, variables, workloads, yaml};

const RULE: &str = "deploy/kubernetes/components/monitoring/prometheus-rule.yaml";
const HEAD: &str =
    "# Made from deploy/prometheus/rules.yml: UPDATE_GOLDEN=1 cargo test --test kubernetes. Change it there.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: khabar
spec:
";

#[test]
fn the_rules_are_those_of_prometheus() {
    let rules = read("deploy/prometheus/rules.yml");
    let groups = &rules[rules.find("groups:\n").expect("groups")..];
    let indented =
        groups.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") });
    let made: String = std::iter::once(HEAD.to_owned()).chain(indented).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(repository().join(RULE), &made).expect("written");
    }
    assert_eq!(read(RULE), made, "write it anew: UPDATE_GOLDEN=1 cargo test --test kubernetes");
    assert_eq!(yaml(RULE)["spec"]["groups"], yaml("deploy/prometheus/rules.yml")["groups"]);
}

#[test]
fn an_overlay_brings_rules_and_dashboards() {
    let Some(documents) = rendered("overlays/production") else { return };
    let rules = yaml("deploy/prometheus/rules.yml");
    assert_eq!(of_kind(&documents, "PrometheusRule")["spec"]["groups"], rules["groups"]);
    let has_dashboards = |one: &&Value| one["metadata"]["labels"]["grafana_dashboard"] == "1";
    let map = documents.iter().find(has_dashboards).expect("a ConfigMap that Grafana's sidecar finds");
    assert_eq!(map["metadata"]["name"], "khabar-dashboards", "one name, whatever is in it");
    let mut left: BTreeSet<_> = map["data"].as_object().expect("data").keys().cloned().collect();
    for path in own_files("deploy/grafana/dashboards") {
        let name = path.rsplit('/').next().expect("a name");
        assert!(left.remove(name), "{name} is in no ConfigMap");
        let shown: Value = serde_json::from_str(map["data"][name].as_str().expect("text")).expect("JSON");
        assert_eq!(shown, serde_json::from_str::<Value>(&read(&path)).expect("JSON"), "{path}");
    }
    assert!(left.is_empty(), "{left:?}");
    // The API server takes a mebibyte, and `kubectl apply` a quarter of it, which it keeps in an annotation.
    assert!(map.to_string().len() < 250_000, "{} bytes are too large to apply", map.to_string().len());
}

/// Whether a selector's labels are among a pod's.
fn selects(selector: &Value, labels: &Value) -> bool {
    let wanted = selector["matchLabels"].as_object().expect("labels");
    !wanted.is_empty() && wanted.iter().all(|(name, value)| labels[name] == *value)
}

#[test]
fn every_workload_is_scraped_and_shielded() {
    let (Some(service), Some(replay)) =
        (rendered("overlays/production"), rendered("overlays/production/replay"))
    else {
        return;
    };
    for (kind, documents, monitor) in
        [("StatefulSet", &service, "ServiceMonitor"), ("Job", &replay, "PodMonitor")]
    {
        let labels = &of_kind(documents, kind)["spec"]["template"]["metadata"]["labels"];
        let policy = &of_kind(documents, "NetworkPolicy")["spec"];
        assert!(selects(&policy["podSelector"], labels), "{kind}: anybody reaches it: {labels}");
        assert_eq!(policy["policyTypes"][0], "Ingress", "{kind}");
        let rules = policy["ingress"].as_array().expect("rules");
        assert!(
            rules.iter().all(|rule| rule["from"][0]["namespaceSelector"].is_object()),
            "{kind}: {policy}"
        );
        let port = &container(&of_kind(documents, kind).clone())["ports"][0]["name"].clone();
        assert_eq!(&rules[0]["ports"][0]["port"], port, "{kind}");
        // Monitors are the overlay's: they stay when a replay is over.
        let monitor = of_kind(&service, monitor);
        assert!(selects(&monitor["spec"]["selector"], labels), "{kind}: nobody scrapes it: {labels}");
        let spec = &monitor["spec"];
        let endpoint = if kind == "Job" { &spec["podMetricsEndpoints"][0] } else { &spec["endpoints"][0] };
        assert_eq!(&endpoint["port"], port, "{kind}");
        assert_eq!(endpoint["interval"], "15s", "{kind}: the circuit breaker is seen for 20 s");
        let named = serde_json::json!([
            { "sourceLabels": ["__meta_kubernetes_pod_name"], "targetLabel": "instance" }
        ]);
        assert_eq!(endpoint["relabelings"], named, "{kind}: alerts name an address, not a pod");
        let job = &labels[spec["jobLabel"].as_str().expect("a label")];
        assert!(job.as_str().expect("a job").starts_with("khabar"), "{kind}: no rule asks for the job {job}");
    }
    let other = serde_json::json!({"app.kubernetes.io/name": "other"});
    assert!(
        !selects(&of_kind(&replay, "NetworkPolicy")["spec"]["podSelector"], &other),
        "the check can fail"
    );
}

#[test]
fn every_workload_has_as_many_lanes_as_processors() {
    for (name, workload) in workloads() {
        let lanes = &variables(&workload)["KHABAR_PIPELINE__LANES"]["valueFrom"]["resourceFieldRef"];
        assert_eq!(lanes["resource"], "requests.cpu", "{name}");
        assert_eq!(lanes["containerName"], container(&workload)["name"], "{name}");
        assert!(container(&workload)["resources"]["requests"]["cpu"].is_string(), "{name}");
    }
}

#[test]
fn the_scaler_looks_at_its_own_namespace() {
    let namespace = manifest("overlays/production/shared/kustomization.yaml")["namespace"].clone();
    let scaled = manifest("components/autoscaling/scaled-object.yaml");
    let query = scaled["spec"]["triggers"][0]["metadata"]["query"].as_str().expect("a query").to_owned();
    let own = format!("namespace=\"{}\"", namespace.as_str().expect("a namespace"));
    assert!(query.contains(&own), "the lag of other namespaces counts: {query}");
    // During an outage there are no series of the lag: that must not read as a lag of nothing.
    assert_eq!(scaled["spec"]["triggers"][0]["metadata"]["ignoreNullValues"], "false");
    assert!(scaled["spec"]["fallback"].is_null(), "it would be set at once, whatever runs");
}
