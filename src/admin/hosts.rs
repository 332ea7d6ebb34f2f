//! Which names the server answers to. A page in a browser can have its own name point at this machine (DNS rebinding) and
//! then counts as ours; what it cannot do is ask under another name than its own.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The names; addresses and `localhost` are always among them, since no page has such a name.
#[derive(Debug, Clone)]
pub enum Hosts {
    /// Any: in a network everything has names, and nobody told us ours.
    Any,
    /// These, in small letters.
    These(Arc<[String]>),
}

impl Hosts {
    /// Of a server that listens there. On loopback none of `names` means none; elsewhere it means any.
    pub fn new(listen: SocketAddr, names: &[String]) -> Self {
        if names.is_empty() && !listen.ip().is_loopback() {
            return Self::Any;
        }
        Self::These(names.iter().map(|name| without_dot(name)).collect())
    }

    /// Whether a request with these headers is for us. One without a host comes from no browser.
    fn take(&self, headers: &HeaderMap) -> bool {
        let Self::These(names) = self else { return true };
        let mut given = headers.get_all(header::HOST).iter();
        let Some(host) = given.next() else { return true };
        let Some(name) = host.to_str().ok().and_then(without_port).filter(|_| given.next().is_none()) else {
            return false;
        };
        let is_local = name == "localhost" || name.ends_with(".localhost");
        is_local || is_address(&name) || names.contains(&name)
    }
}

/// The name in a `host` header, in small letters, without the dot that may end it.
fn without_port(host: &str) -> Option<String> {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => {
            port.bytes().all(|byte| byte.is_ascii_digit()).then_some(name)?
        }
        _ => host,
    };
    Some(without_dot(name))
}

/// In small letters, without the dot that may end a name.
fn without_dot(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

fn is_address(name: &str) -> bool {
    match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
        None => name.parse::<IpAddr>().is_ok_and(|address| address.is_ipv4()),
    }
}

const REFUSED: &str = "this server answers to addresses and to localhost, not to this name: a page in a browser could have \
    given it to itself; add the name to admin.hosts if it is yours\n";

/// Refuses requests for somebody else.
pub async fn for_us(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    if hosts.take(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::MISDIRECTED_REQUEST, REFUSED).into_response()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn takes(listen: &str, names: &[&str], hosts: &[&[u8]]) -> bool {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_bytes(host).unwrap());
        }
        Hosts::new(listen.parse().unwrap(), &names).take(&headers)
    }

    #[test]
    fn on_loopback_no_page_can_ask_under_its_own_name() {
        let loopback =
            |host: &[u8]| takes("127.0.0.1:9464", &[], &[host]) && takes("[::1]:9464", &[], &[host]);
        for ours in [
            "localhost",
            "localhost:9464",
            "LocalHost.:80",
            "khabar.localhost",
            "127.0.0.1:9464",
            "10.1.2.3",
            "[::1]:9464",
            "[::1]",
        ] {
            assert!(loopback(ours.as_bytes()), "{ours}");
        }
        let strange: [&[u8]; 12] = [
            b"",
            b"evil.example",
            b"evil.example:9464",
            b"localhost.evil.example",
            b"evillocalhost",
            b"127.0.0.1.evil.example",
            b"127.0.0.1@evil.example",
            b"evil.example:127.0.0.1",
            b"::1",
            b"[evil.example]",
            b"[127.0.0.1]",
            b"\xff",
        ];
        for strange in strange {
            assert!(!loopback(strange), "{:?}", String::from_utf8_lossy(strange));
        }
        assert!(takes("127.0.0.1:1", &[], &[]), "no browser leaves it out");
        assert!(!takes("127.0.0.1:1", &[], &[b"localhost", b"evil.example"]), "two");
    }

    #[test]
    fn names_are_given_or_anything_goes_in_a_network() {
        assert!(takes("0.0.0.0:1", &[], &[b"khabar-0.khabar:9464"]));
        assert!(takes("0.0.0.0:1", &["Khabar.example"], &[b"khabar.EXAMPLE:9464"]));
        assert!(takes("127.0.0.1:1", &["khabar.example"], &[b"khabar.example"]));
        assert!(takes("0.0.0.0:1", &["Khabar.example."], &[b"khabar.example:9464"]), "the dot that ends it");
        assert!(!takes("0.0.0.0:1", &["khabar.example"], &[b"evil.example"]));
        assert!(takes("0.0.0.0:1", &["khabar.example"], &[b"10.0.0.7:9464"]), "a probe's address");
    }
}
