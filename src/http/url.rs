//! Addresses, and how their host names are looked up.

use std::net::{IpAddr, SocketAddr};

use ureq::Error as HttpError;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::reply::{Code, Error, words};

/// An `http` or `https` address with a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url(String);

impl Url {
    /// Checks an address that stands at the JSON pointer `place` of the settings.
    pub fn parse(text: &str, place: &str) -> Result<Self, Error> {
        let understood = text.parse::<Uri>().is_ok_and(|uri| {
            let scheme = uri.scheme_str();
            (scheme == Some("http") || scheme == Some("https"))
                && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
                && uri.host().is_some_and(|host| !host.is_empty())
        });
        if understood {
            return Ok(Self(text.to_owned()));
        }
        let words = words!(
            "地址应为 http://主机[:端口]/路径 或 https://…",
            "the address must be http://host[:port]/path or https://..."
        );
        Err(Error::rejected(Code::BadSettings, place, words))
    }

    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of a path below this one.
    pub fn join(&self, path: &str) -> Self {
        Self(format!("{}/{}", self.0.trim_end_matches('/'), path.trim_start_matches('/')))
    }

    /// Whether it asks for TLS.
    pub fn is_https(&self) -> bool {
        self.0.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
    }
}

/// Looks host names up; an address in digits costs no thread and no time.
#[derive(Debug, Default)]
pub(super) struct Lookup(DefaultResolver);

impl Resolver for Lookup {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, HttpError> {
        let digits = uri.host().and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
        let default_port = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        match digits {
            Some(address) => {
                let mut found = self.empty();
                found.push(SocketAddr::new(address, uri.port_u16().unwrap_or(default_port)));
                Ok(found)
            }
            None => self.0.resolve(uri, config, timeout).map_err(|error| match error {
                HttpError::Io(_) => HttpError::HostNotFound,
                other => other,
            }),
        }
    }
}
