//! The dashboards, held to what Grafana expects of them, as far as that can be said without Grafana.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::queries;
use crate::source::read;

const KINDS: [&str; 5] = ["row", "stat", "timeseries", "bargauge", "table"];
const VARIABLES_OF_GRAFANA: [&str; 1] = ["__rate_interval"];

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("no list {key} in {value}"))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("no {key} in {value}"))
}

/// What is wrong with a dashboard.
fn faults(dashboard: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    let variables: BTreeSet<_> =
        list(&dashboard["templating"], "list").iter().map(|variable| text(variable, "name")).collect();
    for panel in list(dashboard, "panels") {
        let title = text(panel, "title");
        let kind = text(panel, "type");
        let mut fault = |what: String| faults.push(format!("{title}: {what}"));
        if !KINDS.contains(&kind) {
            fault(format!("no kind of panel {kind}"));
        }
        if !ids.insert(panel["id"].as_u64().expect("an id")) {
            fault("its id is another's, too".to_owned());
        }
        let place = |key: &str| panel["gridPos"][key].as_u64().unwrap_or_else(|| panic!("{title}: no {key}"));
        let (x, y, w, h) = (place("x"), place("y"), place("w"), place("h"));
        if w == 0 || h == 0 || x + w > 24 {
            fault("it does not fit into 24 columns".to_owned());
        }
        if (x..x + w).any(|x| (y..y + h).any(|y| !taken.insert((x, y)))) {
            fault("it lies on another".to_owned());
        }
        if kind == "row" {
            continue;
        }
        if panel["description"].as_str().is_none_or(|text| !text.ends_with('.')) {
            fault("no description".to_owned());
        }
        if panel["fieldConfig"]["defaults"]["unit"].as_str().is_none() {
            fault("no unit".to_owned());
        }
        let targets = list(panel, "targets");
        let refs: BTreeSet<_> = targets.iter().map(|target| text(target, "refId")).collect();
        if targets.is_empty() || refs.len() < targets.len() {
            fault("no targets, or two of one refId".to_owned());
        }
        for value in targets.iter().chain([panel]) {
            if value["datasource"]["uid"] != "${datasource}" || value["datasource"]["type"] != "prometheus" {
                fault("it does not ask the chosen Prometheus".to_owned());
            }
        }
        for target in targets {
            for name in text(target, "expr").split('$').skip(1) {
                let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
                if !variables.contains(&name[..end]) && !VARIABLES_OF_GRAFANA.contains(&&name[..end]) {
                    fault(format!("no variable ${}", &name[..end]));
                }
            }
        }
    }
    faults
}

#[test]
fn dashboards_are_well_formed() {
    let mut uids = BTreeSet::new();
    for (path, dashboard) in queries::dashboards() {
        assert_eq!(faults(&dashboard), Vec::<String>::new(), "{path}");
        assert!(uids.insert(text(&dashboard, "uid").to_owned()), "{path}: its uid is another's, too");
        assert!(dashboard["schemaVersion"].as_u64().is_some_and(|version| version >= 39), "{path}");
        assert_eq!(dashboard["editable"], false, "{path}: what is provisioned is changed in its file");
        for key in ["title", "description"] {
            text(&dashboard, key);
        }
        assert!(dashboard.get("id").is_none_or(Value::is_null), "{path}: an id belongs to one database");
    }
    let titles: BTreeSet<_> = uids.iter().map(String::as_str).collect();
    let expected = ["khabar", "khabar-partitions", "khabar-quality", "khabar-replay"];
    assert_eq!(titles, BTreeSet::from(expected));
}

#[test]
fn variables_ask_for_labels_of_real_metrics() {
    for (path, dashboard) in queries::dashboards() {
        for variable in list(&dashboard["templating"], "list").iter().filter(|v| v["type"] == "query") {
            let query = text(variable, "definition");
            let selectors = queries::selectors(query);
            assert_eq!(selectors.len(), 1, "{path}: {query}");
            let metric = selectors[0].split('{').next().expect("a name");
            let definition = khabar::metrics::ALL.iter().flat_map(|(_, all)| *all).find(|d| d.name == metric);
            let definition = definition.unwrap_or_else(|| panic!("{path}: {query}: there is no such metric"));
            let label = query.trim_end_matches(')').rsplit(", ").next().expect("a label");
            let known = ["namespace", "job", "instance"].contains(&label);
            assert!(known || definition.labels.iter().any(|(name, _)| *name == label), "{path}: {query}");
        }
    }
}

/// "All" is then every instance that runs the live service, and no replay, which has a dashboard of its own.
#[test]
fn instances_of_the_live_dashboards_are_no_replays() {
    for (path, dashboard) in queries::dashboards() {
        let variables = list(&dashboard["templating"], "list");
        let instance = variables.iter().find(|variable| variable["name"] == "instance").expect("a variable");
        let is_live = text(instance, "definition").contains("replay=\"\"");
        assert_eq!(is_live && instance["allValue"].is_null(), !path.contains("replay"), "{path}: {instance}");
        assert_eq!(instance["query"]["query"], instance["definition"], "{path}");
    }
}

/// Alerts are by namespace, so dashboards are: each can be chosen, and all of them are where nobody has one, as under compose.
#[test]
fn every_query_asks_for_the_chosen_namespaces() {
    const CHOSEN: &str = "namespace=~\"$namespace\"";
    for (path, dashboard) in queries::dashboards() {
        let variables = list(&dashboard["templating"], "list");
        let namespace =
            variables.iter().find(|variable| variable["name"] == "namespace").expect("a variable");
        assert_eq!(namespace["allValue"], ".*", "{path}: what has no namespace is shown, too");
        assert_eq!((&namespace["multi"], &namespace["includeAll"]), (&true.into(), &true.into()), "{path}");
        let panels = list(&dashboard, "panels").iter().filter(|panel| panel["type"] != "row");
        let shown = panels.flat_map(|panel| list(panel, "targets")).map(|target| text(target, "expr"));
        let marks = list(&dashboard["annotations"], "list").iter().map(|mark| text(mark, "expr"));
        let asked = variables.iter().filter(|v| v["type"] == "query" && v["name"] != "namespace");
        let asked = asked.map(|variable| text(variable, "definition"));
        for query in shown.chain(marks).chain(asked) {
            for selector in queries::selectors(query) {
                assert!(selector.contains(CHOSEN), "{path}: of any namespace: {selector} in {query}");
            }
            // Instances, topics and partitions of two namespaces can have the same names.
            for by in query.split(" by (").skip(1).filter_map(|rest| rest.split(')').next()) {
                let named =
                    ["instance", "topic", "replay"].iter().any(|label| by.split(", ").any(|l| l == *label));
                assert!(!named || by.starts_with("namespace, "), "{path}: namespaces are mixed up: {query}");
            }
        }
    }
}

#[test]
fn faults_are_found() {
    let good = queries::dashboards().remove(0).1;
    let panel = list(&good, "panels").iter().position(|p| p["type"] != "row").expect("a panel");
    let changes: [(&str, Value); 7] = [
        ("type", "graph".into()),
        ("id", list(&good, "panels").last().expect("a panel")["id"].clone()),
        ("gridPos", serde_json::json!({"x": 22, "y": 900, "w": 4, "h": 4})),
        ("description", "".into()),
        ("fieldConfig", serde_json::json!({"defaults": {}})),
        ("targets", serde_json::json!([])),
        ("datasource", serde_json::json!({"type": "prometheus", "uid": "P1809F7CD0C75ACF3"})),
    ];
    for (key, value) in changes {
        let mut bad = good.clone();
        bad["panels"][panel][key] = value;
        assert_eq!(faults(&bad).len(), 1, "{key}: {:?}", faults(&bad));
    }
    let mut bad = good;
    bad["panels"][panel]["targets"][0]["expr"] = "khabar_lag{topic=\"$tpoic\"}".into();
    assert_eq!(faults(&bad).len(), 1, "a variable: {:?}", faults(&bad));
}

#[test]
fn grafana_is_given_the_data_source_that_dashboards_begin_with() {
    let source: Value =
        serde_saphyr::from_str(&read("deploy/grafana/provisioning/datasources/prometheus.yml")).unwrap();
    let source = &source["datasources"][0];
    for (path, dashboard) in queries::dashboards() {
        let current = &dashboard["templating"]["list"][0]["current"];
        assert_eq!((&current["text"], &current["value"]), (&source["name"], &source["uid"]), "{path}");
    }
}
