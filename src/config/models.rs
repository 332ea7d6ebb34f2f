//! Models that are files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use khabar_enrich::Tier;
use khabar_enrich::encoder::Encoder;

use super::report::Report;

/// The accurate tier's model; the other tiers read none.
pub fn encoder(tier: Tier, written: &str, report: &mut Report) -> Option<Arc<Encoder>> {
    if tier != Tier::Accurate {
        return None;
    }
    match load(written) {
        Ok(encoder) => Some(Arc::new(encoder)),
        Err(problem) => {
            report.problem("extraction.encoder", problem);
            None
        }
    }
}

fn load(written: &str) -> Result<Encoder, String> {
    if written.is_empty() {
        return Err("is empty: give the path of accurate.bin, or set extraction.tier = \"fast\"".to_owned());
    }
    let places = places(Path::new(written));
    let Some(path) = places.iter().find(|path| path.is_file()) else {
        let looked: Vec<String> = places.iter().map(|path| path.display().to_string()).collect();
        return Err(format!(
            "{written} was not found (looked for {}): the accurate tier reads the file accurate.bin, which comes with each \
             release; give its path, or set extraction.tier = \"fast\"",
            looked.join(", ")
        ));
    };
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Encoder::parse(&bytes)
        .map_err(|error| format!("{}: {error}; give the accurate.bin of this release", path.display()))
}

/// Where a model may lie: as the setting says; a relative one also beside the program, and where packages put it.
fn places(written: &Path) -> Vec<PathBuf> {
    let mut places = vec![written.to_owned()];
    if let (true, Some(name)) = (written.is_relative(), written.file_name()) {
        let program = std::env::current_exe().ok();
        let beside = program.as_deref().and_then(Path::parent);
        places.extend(beside.map(|folder| folder.join(written)));
        places.extend(beside.map(|folder| folder.join(name)));
        places.push(Path::new("/usr/share/khabar").join(name));
    }
    places
}
