//! What the integration tests share.

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use hislink::clock;
use tokio::net::TcpSocket;

/// The dynamic library that cargo built for this test run.
pub fn dynamic_library() -> PathBuf {
    let name = format!("{DLL_PREFIX}hislink{DLL_SUFFIX}");
    let test = env::current_exe().expect("the test's own path");
    // The test stands in target/<profile>/deps, and so does its library. The copy one directory up is cargo build's
    // and may be older, so it comes second.
    let near = test.ancestors().skip(1).take(2).map(|directory| directory.join(&name));
    near.into_iter().find(|path| path.is_file()).unwrap_or_else(|| panic!("no {name} near {}", test.display()))
}

/// An address that refuses connections, as long as the socket is held: a port that was only looked up is given to the next
/// that asks for one, perhaps to another test's platform.
#[allow(dead_code)] // each test uses a part of this
pub fn refusing() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// Lets a day that is about to end in China pass: what a test does next is all of one day.
#[allow(dead_code)] // each test uses a part of this
pub fn on_one_day() {
    let left = 86_400 - (clock::second() + 8 * 3600).rem_euclid(86_400);
    if left <= 90 {
        thread::sleep(Duration::from_secs(left as u64 + 1));
    }
}
