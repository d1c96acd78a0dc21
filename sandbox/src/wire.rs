//! Pages and the ways they go out: whole by the HTTP server, or raw where a fault breaks HTTP's rules.

use std::io;
use std::time::Duration;

use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{ALLOW, CONTENT_TYPE, DATE, HeaderName, LOCATION};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_rustls::server::TlsStream;

use crate::clock;

/// How many bytes more than the body a lying `Content-Length` promises.
const NEVER_SENT: usize = 64;

/// After half an answer, until the reset: time for those bytes to be read.
const BEFORE_RESET: Duration = Duration::from_millis(50);

/// An HTTP answer before it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// The header `Date`.
    pub date: String,
    content_type: &'static str,
    headers: Vec<(HeaderName, String)>,
    body: Vec<u8>,
}

impl Page {
    /// HTTP 200 with a body.
    pub fn json(content_type: &'static str, body: Vec<u8>) -> Self {
        Self { status: 200, date: clock::http_date(0), content_type, headers: Vec::new(), body }
    }

    /// A short HTML page.
    pub fn html(status: u16, words: &str) -> Self {
        let body = format!(
            "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{words}</title></head>\
             <body><h1>{words}</h1></body></html>\n"
        );
        Self { status, content_type: "text/html;charset=UTF-8", ..Self::json("", body.into_bytes()) }
    }

    /// The same with a `Location`.
    #[must_use]
    pub fn with_location(mut self, location: Option<&str>) -> Self {
        self.headers.extend(location.map(|address| (LOCATION, address.to_owned())));
        self
    }

    /// The same with further headers.
    #[must_use]
    pub fn with_headers<'h>(mut self, headers: impl IntoIterator<Item = (&'static str, &'h str)>) -> Self {
        let named = headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value.to_owned()));
        self.headers.extend(named);
        self
    }

    /// For another method than POST.
    pub fn method_not_allowed() -> Self {
        let mut page = Self::html(405, "只支持 POST");
        page.headers.push((ALLOW, "POST".to_owned()));
        page
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Names and values of the headers, but for those that the HTTP server adds.
    pub fn header_lines(&self) -> Vec<(String, String)> {
        let first = [(CONTENT_TYPE, self.content_type), (DATE, &self.date)];
        let others = self.headers.iter().map(|(name, value)| (name.clone(), value.as_str()));
        first.into_iter().chain(others).map(|(name, value)| (name.to_string(), value.to_owned())).collect()
    }

    /// For the HTTP server, which adds `Content-Length`.
    pub fn into_response(self) -> Response<Full<Bytes>> {
        let mut response =
            Response::builder().status(self.status).header(CONTENT_TYPE, self.content_type).header(DATE, self.date);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(Full::from(self.body)).unwrap_or_default()
    }

    /// The bytes of the whole answer on a connection that closes after it.
    fn bytes(&self, content_length: usize) -> Vec<u8> {
        let (status, date) = (self.status, &self.date);
        let mut head = format!("HTTP/1.1 {status} \r\nContent-Type: {}\r\nDate: {date}\r\n", self.content_type);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {content_length}\r\nConnection: close\r\n\r\n"));
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// How an answer goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// By the rules.
    Whole(Page),
    /// Not at all: the connection is closed.
    Close,
    /// Half of it, then a TCP reset.
    Reset(Page),
    /// With a `Content-Length` that is never reached, then the connection is closed.
    Short(Page),
    /// Byte by byte.
    Drip(Page, Duration),
}

/// A client's connection, plain or TLS.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// The TCP socket below.
    fn socket(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Wire for TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// Sends an answer against HTTP's rules and ends the connection.
pub async fn send_raw(mut wire: impl Wire, delivery: Delivery) -> io::Result<()> {
    match delivery {
        Delivery::Close => Ok(()),
        Delivery::Reset(page) => {
            let bytes = page.bytes(page.body.len());
            wire.write_all(bytes.get(..bytes.len() / 2).unwrap_or_default()).await?;
            wire.flush().await?;
            sleep(BEFORE_RESET).await;
            reset_on_drop(wire.socket())
        }
        Delivery::Short(page) => {
            wire.write_all(&page.bytes(page.body.len() + NEVER_SENT)).await?;
            wire.shutdown().await
        }
        Delivery::Drip(page, interval) => {
            for byte in page.bytes(page.body.len()) {
                wire.write_all(&[byte]).await?;
                wire.flush().await?;
                sleep(interval).await;
            }
            wire.shutdown().await
        }
        Delivery::Whole(page) => {
            wire.write_all(&page.bytes(page.body.len())).await?;
            wire.shutdown().await
        }
    }
}

/// With no time to linger, closing the socket sends a reset.
fn reset_on_drop(socket: &TcpStream) -> io::Result<()> {
    socket.set_zero_linger()
}
