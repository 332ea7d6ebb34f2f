//! axe-core, which checks pages for what keeps people out. It is fetched with npm and kept beside the build.

use std::path::PathBuf;
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::skip::skipped;

const VERSION: &str = "4.10.3";
/// Of the package as npm gives it.
const SHA256: &str = "0f2b4d7dcdf7d1219df8d1959ad68e565f51d14c3f0d88bb71cd59abeb956292";

/// Its script. `None` where npm is not installed, which with `CI=true` is a failure.
pub fn script() -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let package = folder.join(format!("axe-core-{VERSION}.tgz"));
    if !package.is_file() {
        // Fetched aside: a test beside this one may look at the same moment.
        let aside = tempfile::tempdir_in(&folder).unwrap();
        let fetched = Command::new("npm")
            .args(["pack", "--silent", &format!("axe-core@{VERSION}")])
            .current_dir(aside.path())
            .output();
        match fetched {
            Ok(output) if output.status.success() => {
                std::fs::rename(aside.path().join(package.file_name().unwrap()), &package).unwrap();
            }
            Ok(output) => {
                skipped(&format!("npm cannot fetch axe-core: {}", String::from_utf8_lossy(&output.stderr)));
                return None;
            }
            Err(error) => {
                skipped(&format!("no npm here ({error}; apt-get install npm)"));
                return None;
            }
        }
    }
    let bytes = std::fs::read(&package).unwrap();
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, SHA256, "{} is not what it should be: delete it", package.display());
    let output = Command::new("tar")
        .args(["--extract", "--to-stdout", "--gzip", "--file"])
        .arg(&package)
        .arg("package/axe.min.js")
        .output()
        .expect("tar is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}
