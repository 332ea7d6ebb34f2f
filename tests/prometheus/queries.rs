//! Everything that rules and dashboards ask for.

use serde_json::Value;

use crate::settings;
use crate::source::{own_files, read};

/// A query and where it stands.
#[derive(Debug, Clone)]
pub struct Query {
    /// File and title.
    pub place: String,
    /// PromQL; variables of a dashboard are put in.
    pub text: String,
    /// Whether it is to give something while all is well: alerts and annotations are not.
    pub shows: bool,
}

/// The groups of `rules.yml`.
pub fn rules() -> Vec<Value> {
    let rules: Value = serde_saphyr::from_str(&read("deploy/prometheus/rules.yml")).expect("rules.yml");
    let groups = rules["groups"].as_array().expect("groups").iter();
    groups.flat_map(|group| group["rules"].as_array().expect("rules").clone()).collect()
}

/// The dashboards by path.
pub fn dashboards() -> Vec<(String, Value)> {
    let files = own_files("deploy/grafana/dashboards").into_iter();
    files.map(|path| (path.clone(), serde_json::from_str(&read(&path)).expect("JSON"))).collect()
}

/// Every query of rules, panels, variables and annotations.
pub fn all() -> Vec<Query> {
    let mut all = Vec::new();
    for rule in rules() {
        let name = rule["alert"].as_str().or(rule["record"].as_str()).expect("a name");
        let text = rule["expr"].as_str().expect("an expression").to_owned();
        all.push(Query { place: format!("rules.yml: {name}"), text, shows: rule["record"].is_string() });
    }
    for (path, dashboard) in dashboards() {
        let mut add = |title: &Value, text: &Value, shows| {
            let place = format!("{path}: {title}");
            all.push(Query { place, text: with_variables(text.as_str().expect("a query")), shows });
        };
        for panel in dashboard["panels"].as_array().expect("panels") {
            for target in panel["targets"].as_array().into_iter().flatten() {
                add(&panel["title"], &target["expr"], true);
            }
        }
        for annotation in dashboard["annotations"]["list"].as_array().expect("annotations") {
            add(&annotation["name"], &annotation["expr"], false);
        }
    }
    assert!(all.len() > 60, "only {} queries were found", all.len());
    all
}

/// As Grafana sends it, with everything chosen.
fn with_variables(text: &str) -> String {
    let text = text.replace("$__rate_interval", "1m");
    ["namespace", "job", "instance", "topic", "replay"]
        .iter()
        .fold(text, |text, name| text.replace(&format!("\"${name}\""), "\".*\""))
}

/// The selectors of a query: a metric's name and, where they follow, its matchers.
pub fn selectors(query: &str) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    let mut found = Vec::new();
    let mut rest = query;
    while let Some(start) = rest.find(is_name) {
        // Strings hold no selectors.
        let quoted = rest[..start].matches('"').count() % 2 == 1;
        let end = rest[start..].find(|c| !is_name(c)).map_or(rest.len(), |length| start + length);
        let name = &rest[start..end];
        rest = &rest[end..];
        if quoted {
            rest = rest.split_once('"').map_or("", |(_, after)| after);
        } else if name.contains("khabar_") || name == "up" {
            let length = if rest.starts_with('{') { rest.find('}').map_or(0, |at| at + 1) } else { 0 };
            found.push(format!("{name}{}", &rest[..length]));
            rest = &rest[length..];
        }
    }
    found
}

#[test]
fn selectors_are_found() {
    let query = r#"sum(rate(khabar_a_total{x="khabar_b",y!=""}[5m])) / on (z) job:khabar_c:sum > 0 and up{job=~"k.*"} == 0"#;
    let expected = [r#"khabar_a_total{x="khabar_b",y!=""}"#, "job:khabar_c:sum", r#"up{job=~"k.*"}"#];
    assert_eq!(selectors(query), expected);
}

#[test]
fn variables_are_put_in() {
    let text = r#"a{namespace=~"$namespace",job=~"$job"}[$__rate_interval]"#;
    assert_eq!(with_variables(text), r#"a{namespace=~".*",job=~".*"}[1m]"#);
    for query in all() {
        assert!(!query.text.contains('$'), "{}: a variable is left: {}", query.place, query.text);
    }
}

#[test]
fn selectors_name_metrics_and_records_that_exist() {
    let metrics = settings::metrics();
    let rules = rules();
    let exists = |name: &str| {
        name == "up" || settings::is_metric(&metrics, name) || rules.iter().any(|rule| rule["record"] == name)
    };
    for query in all() {
        for selector in selectors(&query.text) {
            let name = selector.split('{').next().expect("a name");
            assert!(exists(name), "{}: there is no metric {name}", query.place);
        }
    }
    assert!(!exists("khabar_records_total") && !exists("job:khabar_lag:max"), "the check can fail");
}
