//! Free ports on loopback.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::TcpListener;

use crate::Error;

/// The ports of a broker.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    pub client: u16,
    pub controller: u16,
    /// Of the second listener; nobody listens there unless one is asked for.
    pub second: u16,
}

/// Below the range that Linux gives to outgoing connections: one of those on a stopped broker's port would
/// keep it from starting again.
const RANGE: std::ops::Range<u16> = 12_000..32_000;

/// Ports for so many nodes that nobody listens on at this moment.
pub fn free(nodes: u16) -> Result<Vec<Ports>, Error> {
    let mut seen = HashSet::new();
    let tries = 200 * usize::from(nodes);
    let mut found = (0..tries).map(|_| random_port()).filter(|&port| seen.insert(port) && is_free(port));
    let mut next = || found.next().ok_or(Error::NoPorts);
    (0..nodes).map(|_| Ok(Ports { client: next()?, controller: next()?, second: next()? })).collect()
}

/// Whether nobody listens on a port of loopback at this moment.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// A port of loopback that nobody listens on at this moment, outside the range of outgoing connections.
///
/// # Errors
/// When none of many was free.
pub fn free_port() -> Result<u16, Error> {
    free(1)?.first().map(|ports| ports.client).ok_or(Error::NoPorts)
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
    fn ports_differ_and_can_be_bound() {
        let ports = super::free(3).expect("free ports");
        let mut all: Vec<u16> = ports.iter().flat_map(|p| [p.client, p.controller, p.second]).collect();
        assert!(all.iter().all(|port| super::RANGE.contains(port)), "{all:?}");
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 9, "ports are given twice");
    }
}
