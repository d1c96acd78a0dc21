//! Bytes on the wire, as no HTTP client would show them.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Instant;

use hislink_sandbox::Sandbox;
use tokio::net::TcpSocket;

use crate::clerk::LIMIT;

/// What came before the connection ended, and how it ended: `None` is an orderly end.
pub struct Heard {
    pub bytes: Vec<u8>,
    pub end: Option<ErrorKind>,
    /// When each read returned, and how much it brought.
    pub reads: Vec<(Instant, usize)>,
}

impl Heard {
    pub fn head(&self) -> String {
        let at = self.bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(self.bytes.len(), |at| at + 4);
        String::from_utf8(self.bytes[..at].to_vec()).unwrap()
    }

    pub fn body(&self) -> &[u8] {
        &self.bytes[self.head().len()..]
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.head();
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    pub fn content_length(&self) -> usize {
        self.header("content-length").unwrap().parse().unwrap()
    }
}

pub fn connect(sandbox: &Sandbox) -> TcpStream {
    let url = sandbox.http_url();
    let address = url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Sends a request on a connection that is to close after it, and listens until the end.
pub fn exchange(sandbox: &Sandbox, body: &str) -> Heard {
    let mut stream = connect(sandbox);
    send(&mut stream, body, "close");
    listen(stream)
}

pub fn send(stream: &mut TcpStream, body: &str, connection: &str) {
    post(stream, "/onepay-web/oneweb/oneapi", &[("Connection", connection)], body);
}

pub fn post(stream: &mut TcpStream, path: &str, headers: &[(&str, &str)], body: &str) {
    let length = body.len();
    let mut head = format!("POST {path} HTTP/1.1\r\nHost: sandbox\r\nContent-Length: {length}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
}

pub fn listen(mut stream: TcpStream) -> Heard {
    let mut heard = Heard { bytes: Vec::new(), end: None, reads: Vec::new() };
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return heard,
            Ok(count) => {
                heard.bytes.extend_from_slice(&buffer[..count]);
                heard.reads.push((Instant::now(), count));
            }
            Err(error) => {
                heard.end = Some(error.kind());
                return heard;
            }
        }
    }
}

/// An address that refuses connections, as long as the socket is held: a port that was only looked up is given to the next
/// that asks for one.
pub fn refusing() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}
