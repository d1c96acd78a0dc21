//! Looking host names up, within a time limit: the system's lookup has none, so it runs on a thread of its own. An
//! address in digits costs no thread and no time.

use std::io::{self, Error, ErrorKind};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use crate::late;

/// The addresses of a host, which is a name or an address in digits.
///
/// Errors: `NotFound` for a name that nobody knows, `TimedOut`, or that no thread can be started.
pub fn addresses(host: &str, port: u16, limit: Duration) -> io::Result<Vec<SocketAddr>> {
    match host.parse::<IpAddr>() {
        Ok(address) => Ok(vec![SocketAddr::new(address, port)]),
        Err(_) => by_name(host.to_owned(), port, limit),
    }
}

fn by_name(host: String, port: u16, limit: Duration) -> io::Result<Vec<SocketAddr>> {
    let look_up = move || (host.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
    match late::begin("hislink lookup", look_up)?.end(limit) {
        Ok(found) => found.map_err(|error| Error::new(ErrorKind::NotFound, error)),
        Err(error) if error.kind() == ErrorKind::TimedOut => {
            Err(Error::new(ErrorKind::TimedOut, "the name lookup timed out"))
        }
        Err(_) => Err(ErrorKind::NotFound.into()),
    }
}
