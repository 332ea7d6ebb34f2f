//! Where a collector listens.

use url::Url;

/// The path of traces in OTLP over HTTP.
const PATH: &str = "/v1/traces";
/// The port of OTLP over HTTP.
const PORT: u16 = 4318;

/// A collector of traces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `host:port`, as a connection and the header `host` take it.
    pub authority: String,
    /// What to post to.
    pub path: String,
}

impl Endpoint {
    /// From a URL such as `http://127.0.0.1:4318`. Without a path it is that of the protocol, without a port 4318.
    ///
    /// # Errors
    /// What is wrong with it, and what to write.
    pub fn parse(given: &str) -> Result<Self, &'static str> {
        let url = Url::parse(given).map_err(|_| "must be a URL such as \"http://127.0.0.1:4318\"")?;
        let Some(host) = url.host_str().filter(|_| url.scheme() == "http") else {
            return Err(
                "must begin with http://: spans go to a collector nearby, which can speak TLS to others",
            );
        };
        let more = [url.password(), url.query(), url.fragment()].iter().any(Option::is_some);
        if more || !url.username().is_empty() {
            return Err("must be host, port and path alone, such as \"http://127.0.0.1:4318\"");
        }
        // The parser leaves out the port of http itself.
        let is_80 = given.split('/').nth(2).is_some_and(|authority| authority.ends_with(":80"));
        let port = url.port().unwrap_or(if is_80 { 80 } else { PORT });
        let authority = format!("{host}:{port}");
        let path = if matches!(url.path(), "" | "/") { PATH } else { url.path() };
        Ok(Self { authority, path: path.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_understood_or_refused() {
        let parse = |url: &str| Endpoint::parse(url).map(|e| format!("{} {}", e.authority, e.path));
        assert_eq!(parse("http://127.0.0.1:4318").as_deref(), Ok("127.0.0.1:4318 /v1/traces"));
        assert_eq!(parse("http://collector/").as_deref(), Ok("collector:4318 /v1/traces"));
        assert_eq!(parse("http://[::1]:9/otlp/v1/traces").as_deref(), Ok("[::1]:9 /otlp/v1/traces"));
        assert_eq!(parse("http://a:80/x").as_deref(), Ok("a:80 /x"));
        for wrong in
            ["", "collector:4318", "127.0.0.1", "https://a", "grpc://a", "http://u:p@a", "http://a?b=c"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
