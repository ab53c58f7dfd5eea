//! Free loopback ports, chosen where the operating system doesn't hand out its own.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Result, bail};

/// Below the range that Linux and macOS use for outgoing connections, so that a remembered port stays free.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// Whether this loopback port is free and can be bound.
pub fn is_free(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // Where SO_REUSEADDR lets a wildcard listener be shadowed, binding alone would say yes.
    let answered = TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok();
    !answered && TcpListener::bind(address).is_ok()
}

/// What to say about a port that isn't free.
pub fn taken(port: u16) -> String {
    let other = if port == u16::MAX { 8000 } else { port + 1 };
    format!("port {port} is taken by another program; choose another one: cargo xtask up --port {other}")
}

/// A free port that is none of `taken`.
pub fn choose(taken: &[u16]) -> Result<u16> {
    for _ in 0..200 {
        let port = rand::random_range(RANGE);
        if !taken.contains(&port) && is_free(port) {
            return Ok(port);
        }
    }
    bail!("no free port was found between {} and {}", RANGE.start, RANGE.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_somebody_listens_on_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();

        assert!(!is_free(port));
    }

    #[test]
    fn a_chosen_port_is_free_and_not_among_the_taken_ones() {
        let first = choose(&[]).unwrap();

        let second = choose(&[first]).unwrap();

        assert_ne!(first, second);
        assert!(is_free(second));
    }
}
