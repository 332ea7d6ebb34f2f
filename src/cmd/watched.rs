//! Which instance `top` and `tap` watch.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{Context as _, bail};

use crate::cli::WhereArgs;
use crate::config::{self, Config};
use crate::remote::Remote;

/// The instance's admin server.
///
/// # Errors
/// When the address is none, or the settings name none.
pub fn remote(at: &WhereArgs) -> anyhow::Result<Remote> {
    if let Some(url) = &at.url {
        let wrong = |error: crate::remote::Error| config::Error::of_option("--url", url, error.to_string());
        return Ok(Remote::parse(url).map_err(wrong)?);
    }
    let (listen, of) = match &at.config {
        Some(path) => (Config::load_without_kafka(path)?.admin, path.display().to_string()),
        None => (Config::default().admin, "the defaults".to_owned()),
    };
    let Some(listen) = listen else {
        bail!("admin.listen is empty in {of}: that instance has no admin server; give the --url of another");
    };
    Ok(Remote::parse(&reachable(listen).to_string())?)
}

/// Who listens everywhere is reached here.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let host = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(host, listen.port())
}

/// What requests run on.
///
/// # Errors
/// When the system gives no more of what it needs.
pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("cannot start a runtime")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_reached_here() {
        let reached = |listen: &str| reachable(listen.parse().unwrap()).to_string();
        assert_eq!(reached("0.0.0.0:9464"), "127.0.0.1:9464");
        assert_eq!(reached("[::]:1"), "[::1]:1");
        assert_eq!(reached("10.0.0.7:9464"), "10.0.0.7:9464");
    }
}
