//! Looking host names up, within a time limit: the system's lookup has none, so it runs on a thread of its own. An
//! address in digits costs no thread and no time.

use std::io::{self, Error, ErrorKind};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Lookups that outlived their time limit.
static LATE: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// Waits for lookups that are still under way after their callers gave up: a library must not be unloaded under them.
pub fn await_lookups() {
    let late = std::mem::take(&mut *LATE.lock().unwrap_or_else(PoisonError::into_inner));
    for thread in late {
        // It has nothing to tell any more.
        let _ = thread.join();
    }
}

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
    let (told, answer) = mpsc::sync_channel(1);
    let look_up = move || {
        let found = (host.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        // Whoever asked may have given up.
        let _ = told.send(found);
    };
    let thread = Builder::new().name("hislink lookup".to_owned()).spawn(look_up)?;
    match answer.recv_timeout(limit) {
        Ok(found) => {
            let _ = thread.join();
            found.map_err(|error| Error::new(ErrorKind::NotFound, error))
        }
        Err(RecvTimeoutError::Timeout) => {
            let mut late = LATE.lock().unwrap_or_else(PoisonError::into_inner);
            late.retain(|thread| !thread.is_finished());
            late.push(thread);
            Err(Error::new(ErrorKind::TimedOut, "the name lookup timed out"))
        }
        Err(RecvTimeoutError::Disconnected) => Err(ErrorKind::NotFound.into()),
    }
}
