//! CONNECT: how a proxy is asked for the platform. One write, since some proxies and firewalls look at the first segment
//! only; ureq's own takes ten, and of an answer no more than 20 header lines.

use std::io::Write;

use base64ct::{Base64, Encoding};
use ureq::unversioned::transport::{ConnectionDetails, Transport, TransportAdapter};
use ureq::{Error, Proxy};
use zeroize::Zeroizing;

use super::handshake::{left, place};

/// The connection to the proxy, which now leads to the platform.
///
/// Errors: `ConnectProxyFailed` with the three digits of an HTTP status, or with what came instead.
pub(super) fn led_on(
    proxy: &Proxy,
    details: &ConnectionDetails<'_>,
    transport: Box<dyn Transport>,
) -> Result<Box<dyn Transport>, Error> {
    let mut socket = TransportAdapter::new(transport, details.current_time.clone());
    socket.set_timeout(left(details));
    // A proxy that refuses may hang up before it has read everything; its answer tells more.
    let written = socket.write_all(question(proxy, &place(details.uri)).as_bytes());
    let mut transport = socket.into_inner();
    let status = match answer(details, &mut transport) {
        Ok(status) => status,
        Err(error) => return Err(written.err().map_or(error, Error::from)),
    };
    if status.starts_with('2') { Ok(transport) } else { Err(Error::ConnectProxyFailed(status)) }
}

fn question(proxy: &Proxy, target: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(512));
    let agent = concat!("hislink/", env!("CARGO_PKG_VERSION"));
    text.extend(["CONNECT ", target, " HTTP/1.1\r\nHost: ", target, "\r\nUser-Agent: ", agent, "\r\n"]);
    if proxy.username().is_some() || proxy.password().is_some() {
        let [user, password] = [proxy.username(), proxy.password()].map(Option::unwrap_or_default);
        let login = Zeroizing::new([user, ":", password].concat());
        text.extend(["Proxy-Authorization: Basic ", &Zeroizing::new(Base64::encode_string(login.as_bytes())), "\r\n"]);
    }
    text.push_str("\r\n");
    text
}

/// The status of the proxy's answer, whose header is read to its end and no further.
fn answer(details: &ConnectionDetails<'_>, transport: &mut dyn Transport) -> Result<String, Error> {
    const END: &[u8] = b"\r\n\r\n";
    loop {
        let input = transport.buffers().input();
        if let Some(end) = memchr::memmem::find(input, END) {
            let status = status(input).ok_or_else(|| Error::ConnectProxyFailed("no HTTP".to_owned()))?;
            transport.buffers().input_consume(end + END.len());
            return Ok(status);
        }
        let room = !transport.buffers().input_append_buf().is_empty();
        if !room || !transport.await_input(left(details))? {
            return Err(Error::ConnectProxyFailed("no HTTP answer".to_owned()));
        }
    }
}

fn status(head: &[u8]) -> Option<String> {
    let digits = head.strip_prefix(b"HTTP/1.").and_then(|rest| rest.get(2..5))?;
    digits.iter().all(u8::is_ascii_digit).then(|| String::from_utf8_lossy(digits).into_owned())
}
