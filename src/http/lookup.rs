//! Looking host names up for ureq, by [`crate::lookup`].

use std::io::ErrorKind;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::lookup;

/// How many addresses of a name are tried.
const MOST: usize = 16;

#[derive(Debug)]
pub(super) struct Lookup;

impl Resolver for Lookup {
    fn resolve(&self, uri: &Uri, _: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let addresses = lookup::addresses(host, port, *timeout.after).map_err(|error| match error.kind() {
            ErrorKind::TimedOut => Error::Timeout(timeout.reason),
            ErrorKind::NotFound => Error::HostNotFound,
            _ => Error::Io(error),
        })?;
        let mut found = self.empty();
        addresses.into_iter().take(MOST).for_each(|address| found.push(address));
        if found.is_empty() { Err(Error::HostNotFound) } else { Ok(found) }
    }
}
