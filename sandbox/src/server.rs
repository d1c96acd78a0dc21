//! The service ports: connections, HTTP/1.1 with keep-alive, and the socket itself where a fault needs it.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::glory::Asked;
use crate::glory::envelope::Headers;
use crate::glory::services::PATHS;
use crate::platform::Platform;
use crate::requests::Peer;
use crate::wire::{Delivery, Page, Wire, send_raw};

/// Where onepay takes requests.
pub const SERVICE_PATH: &str = "/onepay-web/oneweb/oneapi";

/// The longest request that is read.
const MAX_REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// How long a client may take for the TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long a refused client has for reading why.
const FAREWELL: Duration = Duration::from_secs(1);

/// Counts the connections of both ports.
#[derive(Debug, Clone, Default)]
pub struct Connections(Arc<AtomicU64>);

impl Connections {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// Takes connections until the task is dropped. With an acceptor they are TLS.
pub async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, platform: Arc<Platform>, counter: Connections) {
    loop {
        let Ok((socket, address)) = listener.accept().await else {
            // Out of file descriptors, most likely: they come back.
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        let connection = counter.next();
        let (tls, platform) = (tls.clone(), platform.clone());
        tokio::spawn(async move {
            let served = match tls {
                None => plain(socket, platform, connection, address).await,
                Some(acceptor) => secure(socket, &acceptor, platform, connection, address).await,
            };
            drop(served);
        });
    }
}

async fn plain(socket: TcpStream, platform: Arc<Platform>, connection: u64, address: SocketAddr) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let peer = Peer { connection, https: false, client_certificate: false, address };
    serve(socket, platform, peer).await
}

async fn secure(
    socket: TcpStream,
    acceptor: &TlsAcceptor,
    platform: Arc<Platform>,
    connection: u64,
    address: SocketAddr,
) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let handshake = timeout(HANDSHAKE, acceptor.accept(socket).into_fallible()).await?;
    match handshake {
        Ok(stream) => {
            let client_certificate = stream.get_ref().1.peer_certificates().is_some();
            serve(stream, platform, Peer { connection, https: true, client_certificate, address }).await
        }
        Err((error, socket)) => {
            platform.log.line(|| format!("https/{connection} TLS handshake failed: {error}"));
            platform.console.handshake_failed(address, connection, &error);
            farewell(socket).await
        }
    }
}

/// Lets the client read the alert: closing on unread bytes would reset the connection over it.
async fn farewell(mut socket: TcpStream) -> io::Result<()> {
    socket.shutdown().await?;
    let mut rest = [0; 1024];
    timeout(FAREWELL, async {
        while socket.read(&mut rest).await? > 0 {}
        Ok(())
    })
    .await?
}

/// Serves a connection by HTTP's rules until it ends, or until an answer has to break them.
async fn serve(wire: impl Wire, platform: Arc<Platform>, peer: Peer) -> io::Result<()> {
    let (raw, mut wanted) = mpsc::channel(1);
    let service = service_fn(move |request| exchange(request, platform.clone(), peer.clone(), raw.clone()));
    let mut connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(wire), service);
    let delivery = tokio::select! {
        ended = &mut connection => return ended.map_err(io::Error::other),
        Some(delivery) = wanted.recv() => delivery,
    };
    send_raw(connection.into_parts().io.into_inner(), delivery).await
}

async fn exchange(
    request: Request<Incoming>,
    platform: Arc<Platform>,
    peer: Peer,
    raw: mpsc::Sender<Delivery>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    match answer(request, platform, peer).await {
        Delivery::Whole(page) => Ok(page.into_response()),
        delivery => {
            // The connection is taken from the HTTP server, and this future with it.
            let _ = raw.send(delivery).await;
            std::future::pending().await
        }
    }
}

async fn answer(request: Request<Incoming>, platform: Arc<Platform>, peer: Peer) -> Delivery {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    let read = match turned_away(&head, &platform) {
        Some(page) => Err(page),
        None => read(body).await,
    };
    let mark = platform.console.arrived(&head, read.as_deref().ok(), &peer, named(&path));
    let body = match read {
        Ok(body) => body,
        Err(page) => {
            let delivery = Delivery::Whole(page);
            platform.console.sent(mark, &delivery);
            return delivery;
        }
    };
    let headers = signature(&head.headers);
    // A task of its own: a platform goes on with what it has read, though the client hung up.
    let judged = tokio::spawn(async move {
        let delivery = if path == SERVICE_PATH {
            platform.handle(&body, peer, mark).await
        } else {
            platform.handle_glory(&Asked { path, headers, body }, peer, mark).await
        };
        platform.console.sent(mark, &delivery);
        delivery
    });
    judged.await.unwrap_or(Delivery::Close)
}

/// Whose path it is; blank where nobody's.
fn named(path: &str) -> &'static str {
    match path {
        SERVICE_PATH => "onepay",
        path if PATHS.contains(&path) => "glory",
        _ => "",
    }
}

/// The page for what no platform takes.
fn turned_away(head: &Parts, platform: &Platform) -> Option<Page> {
    if named(head.uri.path()).is_empty() {
        platform.log.line(|| format!("{} {}: 404", head.method, head.uri));
        return Some(Page::html(404, "没有这个地址"));
    }
    (head.method != Method::POST).then(Page::method_not_allowed)
}

async fn read(body: Incoming) -> Result<Bytes, Page> {
    match Limited::new(body, MAX_REQUEST_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(_) => Err(Page::html(413, "报文过大或不完整")),
    }
}

/// The headers that glory signs by; blank where one is missing or no text.
fn signature(headers: &HeaderMap) -> Headers {
    let value = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    Headers { sid: value("sid"), timestamp: value("timestamp"), sign: value("sign") }
}
