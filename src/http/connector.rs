//! The way to a platform: TCP, to its proxy first where there is one, and TLS. In place of ureq's own chain, to know how
//! far a connection came.

use std::fmt;
use std::sync::Arc;

use rustls::ClientConfig;
use ureq::Error;
use ureq::unversioned::transport::{ConnectionDetails, Connector as Connects, TcpConnector, Transport};

use super::sending::{self, Marked};
use super::{handshake, proxy};

/// Makes the connections of one client.
pub(super) struct Connector(pub(super) Arc<ClientConfig>);

impl Connector {
    /// To the host of `details`, with its TLS where it wants it.
    fn reach(&self, details: &ConnectionDetails<'_>) -> Result<Box<dyn Transport>, Error> {
        let socket = TcpConnector::default().connect(details, None::<()>)?.ok_or(Error::ConnectionFailed)?;
        handshake::wrapped(&self.0, details, socket.boxed())
    }
}

impl Connects for Connector {
    type Out = Marked;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Marked>, Error> {
        let transport = match details.config.proxy() {
            None => self.reach(details)?,
            Some(to) => {
                let hop = ConnectionDetails {
                    uri: to.uri(),
                    addrs: details.resolver.resolve(to.uri(), details.config, details.timeout)?,
                    config: details.config,
                    request_level: details.request_level,
                    resolver: details.resolver,
                    now: details.now,
                    timeout: details.timeout,
                    current_time: Arc::clone(&details.current_time),
                    run_connector: Arc::clone(&details.run_connector),
                    register_shutdown: Arc::clone(&details.register_shutdown),
                };
                let transport = self.reach(&hop)?;
                sending::is_at_proxy();
                handshake::wrapped(&self.0, details, proxy::led_on(to, details, transport)?)?
            }
        };
        Ok(Some(Marked::ready(transport)))
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}
