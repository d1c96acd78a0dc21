//! Ports for servers that are started a while later, or again.

use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many there are for one use.
const MANY: u32 = 6_000;

/// A port from `first` on, below 32768: from there on the system gives ports to whoever asks for any, so also the one that a
/// server is about to use.
pub fn own(first: u16) -> u16 {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    loop {
        let place = process::id().wrapping_mul(16).wrapping_add(TAKEN.fetch_add(1, Ordering::Relaxed)) % MANY;
        let port = first + place as u16;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
