//! `[tracing]`.

use std::path::PathBuf;

use crate::trace::Settings;
use crate::trace::endpoint::Endpoint;
use crate::trace::tls::Tls;

use super::raw::RawTracing;
use super::report::{Report, quoted};

/// What is traced, and where spans go.
pub fn traces(raw: &RawTracing, report: &mut Report) -> Settings {
    let RawTracing { otlp_endpoint, otlp_ca, sample_ratio } = raw;
    if !(0.0..=1.0).contains(sample_ratio) {
        report.wrong(
            "tracing.sample_ratio",
            &sample_ratio.to_string(),
            "must be between 0 and 1, such as 0.01 for one record in a hundred",
        );
    }
    let endpoint = Some(otlp_endpoint).filter(|url| !url.is_empty()).and_then(|url| {
        let key = "tracing.otlp_endpoint";
        match Endpoint::parse(url) {
            Ok(endpoint) => return Some(endpoint),
            // What stands before an @ may be a password.
            Err(why) if url.contains('@') => report.problem(key, why),
            Err(why) => report.wrong(key, &quoted(url), format!("{why}; or empty for none")),
        }
        None
    });
    let authorities = Some(otlp_ca).filter(|path| !path.is_empty()).map(PathBuf::from);
    if let Some(path) = &authorities {
        let key = "tracing.otlp_ca";
        match endpoint.as_ref().map(|endpoint| endpoint.tls) {
            Some(false) => {
                let message = "is set, but tracing.otlp_endpoint begins with http://: write https://, or remove the setting";
                report.problem(key, message);
            }
            Some(true) => {
                if let Err(error) = Tls::new(Some(path)) {
                    report.wrong(
                        key,
                        &quoted(otlp_ca),
                        format!("{error}; give a file of certificates in PEM, or \"\" for the system's"),
                    );
                }
            }
            // Tracing is off for a while, in a replay for example, where the file need not be.
            None => {}
        }
    }
    Settings { endpoint, authorities, sample_ratio: *sample_ratio }
}
