//! Free ports on loopback.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::TcpListener;

use crate::Error;

/// The two ports of a broker.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    pub client: u16,
    pub controller: u16,
}

/// Below the range that Linux gives to outgoing connections: one of those on a stopped broker's port would
/// keep it from starting again.
const RANGE: std::ops::Range<u16> = 12_000..32_000;

/// Two ports that nobody listens on at this moment.
pub fn free() -> Result<Ports, Error> {
    let mut found =
        (0..200).map(|_| random_port()).filter(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok());
    let client = found.next().ok_or(Error::NoPorts)?;
    let controller = found.find(|&port| port != client).ok_or(Error::NoPorts)?;
    Ok(Ports { client, controller })
}

/// A port of loopback that nobody listens on at this moment, outside the range of outgoing connections.
///
/// # Errors
/// When none of many was free.
pub fn free_port() -> Result<u16, Error> {
    free().map(|ports| ports.client)
}

/// Whether a broker's log says that its port was taken.
pub fn taken(log: &str) -> bool {
    log.contains("Address already in use") || log.contains("Socket server failed to bind")
}

/// A random number from the standard library's hash keys, which the system seeds.
pub fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn random_port() -> u16 {
    let size = u64::from(RANGE.end - RANGE.start);
    RANGE.start + u16::try_from(random() % size).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_ports_differ_and_can_be_bound() {
        let ports = super::free().expect("free ports");
        assert_ne!(ports.client, ports.controller);
        assert!(super::RANGE.contains(&ports.client) && super::RANGE.contains(&ports.controller));
    }
}
