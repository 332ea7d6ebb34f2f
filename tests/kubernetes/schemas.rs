//! The schemas of Kubernetes are those of the Python package kubernetes-validate, in an environment that the first run makes
//! below the target folder; with `CI=true` it must come about.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::skip::skipped;
use crate::{is_patch, manifests, patched};

const VALIDATOR: &str = "kubernetes-validate==1.37.0";

/// The validator, installed below the target folder; `None` where that is not possible.
pub fn validator() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(VALIDATOR.replace("==", "-"));
    let program = folder.join("bin/kubernetes-validate");
    let run = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    let made = program.exists()
        || (run(Command::new("python3").args(["-m", "venv"]).arg(&folder))
            && run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", VALIDATOR])));
    if !made {
        skipped(&format!("{VALIDATOR} cannot be installed here (apt-get install python3-venv)"));
    }
    made.then_some(program)
}

/// Whether the schemas accept a manifest, and what they say of it.
pub fn validate(validator: &Path, value: &Value) -> (bool, String) {
    let file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    std::fs::write(file.path(), value.to_string()).unwrap();
    let output = Command::new(validator).arg("--strict").arg(file.path()).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// Whether it is of Kubernetes itself, not of an operator that a cluster may have.
pub fn is_of_kubernetes(value: &Value) -> bool {
    let version = value["apiVersion"].as_str().expect("an apiVersion");
    !version.contains("coreos.com") && !version.contains("keda.sh")
}

#[test]
fn the_schemas_of_kubernetes_accept_the_manifests() {
    let Some(validator) = validator() else { return };
    let whole = manifests().into_iter().filter(|(path, _)| !is_patch(path));
    let mut checked = 0;
    for (path, value) in whole.filter(|(_, value)| is_of_kubernetes(value)) {
        let (accepted, said) = validate(&validator, &value);
        assert!(accepted, "{path}: {said}");
        checked += 1;
    }
    assert!(checked >= 7, "only {checked} manifests were checked");
    let (accepted, said) = validate(&validator, &patched());
    assert!(accepted, "{said}");
    let mut wrong = patched();
    wrong["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = Value::Null;
    assert!(!validate(&validator, &wrong).0, "the check can fail");
}
