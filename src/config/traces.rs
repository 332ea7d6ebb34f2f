//! `[tracing]`.

use crate::trace::Settings;
use crate::trace::endpoint::Endpoint;

use super::raw::RawTracing;
use super::report::{Report, quoted};

/// What is traced, and where spans go.
pub fn traces(raw: &RawTracing, report: &mut Report) -> Settings {
    let RawTracing { otlp_endpoint, sample_ratio } = raw;
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
    Settings { endpoint, sample_ratio: *sample_ratio }
}
