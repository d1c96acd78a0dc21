//! Addresses of platforms.

use ureq::http::Uri;

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
                && has_usable_port(&uri)
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

    /// The host, without the brackets of an IPv6 address, and the port.
    pub fn host_and_port(&self) -> (String, u16) {
        let uri = self.0.parse::<Uri>().unwrap_or_default();
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        (host, uri.port_u16().unwrap_or(if self.is_https() { 443 } else { 80 }))
    }

    /// Whether it asks for TLS.
    pub fn is_https(&self) -> bool {
        self.0.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
    }
}

/// Whether an address names a port that exists, or none. Of `:99999` the default port would be made.
pub(super) fn has_usable_port(uri: &Uri) -> bool {
    let after_host = uri.authority().and_then(|authority| {
        authority
            .as_str()
            .rsplit_once(']')
            .or(authority.as_str().rsplit_once('@'))
            .map(|(_, rest)| rest)
            .or(Some(authority.as_str()))
    });
    match after_host.and_then(|rest| rest.rsplit_once(':')) {
        None => true,
        Some((_, port)) => port.parse::<u16>().is_ok_and(|port| port != 0),
    }
}
