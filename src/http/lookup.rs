//! Looking host names up, within a time limit: the system's lookup has none, so it runs on a thread of its own. An
//! address in digits costs no thread and no time.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// How many addresses of a name are tried.
const MOST: usize = 16;

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

#[derive(Debug)]
pub(super) struct Lookup;

impl Resolver for Lookup {
    fn resolve(&self, uri: &Uri, _: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let addresses = match host.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => by_name(host, port, timeout)?,
        };
        let mut found = self.empty();
        addresses.into_iter().take(MOST).for_each(|address| found.push(address));
        if found.is_empty() { Err(Error::HostNotFound) } else { Ok(found) }
    }
}

fn by_name(host: String, port: u16, timeout: NextTimeout) -> Result<Vec<SocketAddr>, Error> {
    let (told, answer) = mpsc::sync_channel(1);
    let look_up = move || {
        let found = (host.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        // Whoever asked may have given up.
        let _ = told.send(found);
    };
    let thread = Builder::new().name("hislink lookup".to_owned()).spawn(look_up)?;
    match answer.recv_timeout(*timeout.after) {
        Ok(found) => {
            let _ = thread.join();
            found.map_err(|_: io::Error| Error::HostNotFound)
        }
        Err(RecvTimeoutError::Timeout) => {
            let mut late = LATE.lock().unwrap_or_else(PoisonError::into_inner);
            late.retain(|thread| !thread.is_finished());
            late.push(thread);
            Err(Error::Timeout(timeout.reason))
        }
        Err(RecvTimeoutError::Disconnected) => Err(Error::HostNotFound),
    }
}
