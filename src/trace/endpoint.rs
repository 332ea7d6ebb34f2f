//! Where a collector listens.

use url::{Host, Url};

/// The path of traces in OTLP over HTTP.
const PATH: &str = "/v1/traces";
/// The port of OTLP over HTTP.
const PORT: u16 = 4318;
/// What to write instead of what is wrong.
const EXAMPLE: &str = "must be a URL such as \"http://127.0.0.1:4318\" or \"https://collector:4318\"";

/// A collector of traces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `host:port`, as a connection and the header `host` take it.
    pub authority: String,
    /// The host alone, as its certificate names it; an IPv6 address without brackets.
    pub host: String,
    /// What to post to.
    pub path: String,
    /// Whether it speaks TLS.
    pub tls: bool,
}

impl Endpoint {
    /// From a URL such as `http://127.0.0.1:4318`. Without a path it is that of the protocol; without a port 4318, or 443
    /// for https, where hosts on the internet listen.
    ///
    /// # Errors
    /// What is wrong with it, and what to write.
    pub fn parse(given: &str) -> Result<Self, &'static str> {
        let url = Url::parse(given).map_err(|_| EXAMPLE)?;
        let tls = url.scheme() == "https";
        let host = url.host().filter(|_| tls || url.scheme() == "http").ok_or(EXAMPLE)?;
        let more = [url.password(), url.query(), url.fragment()].iter().any(Option::is_some);
        if more || !url.username().is_empty() {
            return Err("must be scheme, host, port and path alone, such as \"http://127.0.0.1:4318\"");
        }
        // The parser leaves out the port of http itself.
        let is_80 = given.split('/').nth(2).is_some_and(|authority| authority.ends_with(":80"));
        let port = url.port().unwrap_or(match (tls, is_80) {
            (true, _) => 443,
            (false, true) => 80,
            (false, false) => PORT,
        });
        let authority = format!("{host}:{port}");
        let host = match host {
            Host::Ipv6(address) => address.to_string(),
            other => other.to_string(),
        };
        let path = if matches!(url.path(), "" | "/") { PATH } else { url.path() };
        Ok(Self { authority, host, path: path.to_owned(), tls })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_understood_or_refused() {
        let parse = |url: &str| {
            let told = |e: Endpoint| format!("{} {} {} {}", e.authority, e.host, e.path, e.tls);
            Endpoint::parse(url).map(told)
        };
        for (url, expected) in [
            ("http://127.0.0.1:4318", "127.0.0.1:4318 127.0.0.1 /v1/traces false"),
            ("http://collector/", "collector:4318 collector /v1/traces false"),
            ("http://[::1]:9/otlp/v1/traces", "[::1]:9 ::1 /otlp/v1/traces false"),
            ("http://a:80/x", "a:80 a /x false"),
            ("https://a:4318", "a:4318 a /v1/traces true"),
            ("https://a/x", "a:443 a /x true"),
            ("https://a:443/x", "a:443 a /x true"),
        ] {
            assert_eq!(parse(url).as_deref(), Ok(expected), "{url}");
        }
        for wrong in
            ["", "collector:4318", "127.0.0.1", "grpc://a", "http://u:p@a", "https://u@a", "http://a?b=c"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
