//! TLS on a connection of ureq's. In place of ureq's own, to know how far a handshake came, and because a connection must
//! not be kept while bytes of it wait anywhere.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use ureq::Error;
use ureq::http::Uri;
use ureq::unversioned::transport::time::{Duration, Instant};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, LazyBuffers, NextTimeout, Transport, TransportAdapter};

use super::failure::tls_cause;
use super::sending;

/// The connection behind the handshake that an `https` address asks for.
pub(super) fn wrapped(
    tls: &Arc<ClientConfig>,
    details: &ConnectionDetails<'_>,
    transport: Box<dyn Transport>,
) -> Result<Box<dyn Transport>, Error> {
    if !details.needs_tls() {
        return Ok(transport);
    }
    sending::shakes_hands(place(details.uri));
    let host = details.uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let name = ServerName::try_from(host).map_err(|_| Error::Tls("no host name"))?.to_owned();
    let mut conn = ClientConnection::new(Arc::clone(tls), name).map_err(|_| Error::Tls("unusable settings"))?;
    let mut sock = TransportAdapter::new(transport, Arc::clone(&details.current_time));
    sock.set_timeout(left(details));
    let shaken = conn.complete_io(&mut sock).map_err(|error| alert_behind(error.into(), &mut conn, &mut sock));
    sending::has_shaken_hands(conn.protocol_version());
    shaken?;
    let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
    Ok(Channel { buffers, stream: StreamOwned { conn, sock } }.boxed())
}

/// A server that refuses tells so and hangs up, perhaps while we still write; the alert then waits to be read.
fn alert_behind(error: Error, conn: &mut ClientConnection, sock: &mut TransportAdapter) -> Error {
    if tls_cause(&error).is_some() || matches!(error, Error::Timeout(_)) {
        return error;
    }
    sock.set_timeout(NextTimeout { after: Duration::from_millis(200), ..NextTimeout::default() });
    match conn.read_tls(sock).map(|_| conn.process_new_packets()) {
        Ok(Err(alert)) => Error::Io(io::Error::new(io::ErrorKind::InvalidData, alert)),
        _ => error,
    }
}

/// What is left of the time for connecting.
pub(super) fn left(details: &ConnectionDetails<'_>) -> NextTimeout {
    let mut timeout = details.timeout;
    if let (Duration::Exact(limit), Instant::Exact(began), Instant::Exact(now)) =
        (timeout.after, details.now, (details.current_time)())
    {
        timeout.after = Duration::Exact(limit.saturating_sub(now.saturating_duration_since(began)));
    }
    timeout
}

/// Host and port as they are told; without the credentials of a proxy.
pub(super) fn place(uri: &Uri) -> String {
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    format!("{}:{port}", uri.host().unwrap_or_default())
}

/// A connection behind its handshake.
struct Channel {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Channel {
    /// Under TLS 1.3 our side is through before a server has looked at our certificate. A write that broke shows when the
    /// answer is read.
    fn alert_behind(&mut self, error: Error) -> Error {
        alert_behind(error, &mut self.stream.conn, &mut self.stream.sock)
    }
}

impl Transport for Channel {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.sock.set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        let written = self.stream.write_all(output);
        written.map_err(|error| self.alert_behind(error.into()))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.sock.set_timeout(timeout);
        let read = self.stream.read(self.buffers.input_append_buf());
        let amount = read.map_err(|error| self.alert_behind(error.into()))?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        let decrypted = self.stream.conn.process_new_packets();
        let socket = self.stream.sock.get_mut();
        // A server that has said goodbye in TLS may leave the socket open for a while, and takes in nothing more.
        decrypted.is_ok_and(|state| state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed())
            && socket.buffers().input().is_empty()
            && socket.is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Channel")
    }
}
