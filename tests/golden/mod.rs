//! Golden files: what a person reads, kept as a file beside the test.

use std::path::Path;

/// Compares with `tests/golden/<name>`; with `UPDATE_GOLDEN=1` in the environment it writes the file instead.
pub fn check(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{} differs (UPDATE_GOLDEN=1 writes it anew)\n--- expected\n{expected}\n--- actual\n{actual}",
        path.display()
    );
}
