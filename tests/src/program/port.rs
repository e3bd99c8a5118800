//! Ports for services under test.
//! They lie below those that the system gives to clients, so that a client of another test does not take one first.

use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

const FIRST: u32 = 10_000;
const COUNT: u32 = 22_000;

/// A port on which nobody listens, and which this process has not given away before.
///
/// # Panics
/// When every port is taken.
#[track_caller]
pub fn free_port() -> u16 {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    // Test processes run side by side and have neighbouring ids: they start far apart.
    let start = process::id().wrapping_mul(97);
    for _ in 0..COUNT {
        let step = GIVEN.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + start.wrapping_add(step) % COUNT;
        let Ok(port) = u16::try_from(port) else { continue };
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("every port between {FIRST} and {} is taken", FIRST + COUNT);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_given_only_once() {
        assert_ne!(free_port(), free_port());
    }
}
