//! `[tracing]`.

use std::path::PathBuf;

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

use crate::trace::endpoint::Endpoint;
use crate::trace::tls::Tls;
use crate::trace::{Headers, Settings};

use super::raw::RawTracing;
use super::report::{Report, quoted};

/// What is traced, and where spans go.
pub fn traces(raw: &RawTracing, report: &mut Report) -> Settings {
    let RawTracing { otlp_endpoint, otlp_ca, otlp_headers, sample_ratio } = raw;
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
    let headers = headers(otlp_headers).unwrap_or_else(|why| {
        report.problem("tracing.otlp_headers", why);
        Headers::default()
    });
    Settings { endpoint, authorities, headers, sample_ratio: *sample_ratio }
}

/// `name=value,name=value`, values percent-encoded where they need it, as in `OTEL_EXPORTER_OTLP_HEADERS`. What is wrong
/// is said without the values.
fn headers(text: &str) -> Result<Headers, String> {
    let mut found = HeaderMap::new();
    for (at, pair) in text.split(',').enumerate().filter(|(_, pair)| !pair.trim().is_empty()) {
        let place = at + 1;
        let form = "give name=value pairs, separated by commas, with %2C for a comma in a value";
        let (name, value) =
            pair.split_once('=').ok_or_else(|| format!("its part {place} has no =: {form}"))?;
        let name = HeaderName::from_bytes(name.trim().as_bytes())
            .map_err(|_| format!("its part {place} begins with no name of a header: {form}"))?;
        if OURS.contains(&name) {
            return Err(format!("khabar sets {name} itself: leave it out"));
        }
        let value: Vec<u8> = percent_decode_str(value.trim()).collect();
        let mut value = HeaderValue::from_bytes(&value)
            .map_err(|_| format!("its part {place} has control characters in its value"))?;
        value.set_sensitive(true);
        if found.insert(name.clone(), value).is_some() {
            return Err(format!("it has {name} twice"));
        }
    }
    Ok(Headers(found))
}

/// What a request needs to be one.
const OURS: [HeaderName; 6] = [
    header::HOST,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::USER_AGENT,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_and_not_shown() {
        let read = headers("authorization=Basic dXNlcjpwYXNz==, x-scope-orgid = news%2C%20daily ,").unwrap();
        let of = |name: &str| read.0.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(of("Authorization"), "Basic dXNlcjpwYXNz==");
        assert_eq!(of("x-scope-orgid"), "news, daily");
        let debug = format!("{read:?}");
        assert!(!debug.contains("dXNl") && !debug.contains("news"), "{debug}");
        assert!(headers("").unwrap().0.is_empty());
        for wrong in ["canary", "a b=canary", "=canary", "a=canary%0A", "host=canary", "a=canary,A=canary"] {
            let why = headers(wrong).expect_err(wrong);
            assert!(!why.contains("canary"), "{why}");
        }
    }
}
