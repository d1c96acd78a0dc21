//! The listener's connections: each carries one request, within limits of number, size and time.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// How many connections are served at once; more wait to be accepted.
const MAX_CONNECTIONS: usize = 64;
/// The header lines of a request, and their bytes.
const MAX_HEADERS: usize = 64;
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// The TLS handshake, and then the request's head, must each come within this.
const TO_BEGIN: Duration = Duration::from_secs(5);
/// A connection ends after this, whatever it does: one that does not read its answer, for instance.
const WHOLE: Duration = Duration::from_secs(60);
/// What requests under way have to end in when the listener stops.
const GRACE: Duration = Duration::from_secs(2);
/// The pause after a connection could not be accepted, for want of descriptors for instance.
const PAUSE: Duration = Duration::from_millis(100);

type Stop = watch::Receiver<bool>;

/// Serves until told to stop.
pub async fn serve(socket: TcpListener, certificate: Option<TlsAcceptor>, router: Router, mut stop: Stop) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stop.changed() => break,
            accepted = accept(&socket, &slots) => accepted,
        };
        match accepted {
            Some((stream, slot)) => {
                let (certificate, router, stop) = (certificate.clone(), router.clone(), stop.clone());
                connections.spawn(async move {
                    let _ = timeout(WHOLE, connection(stream, certificate, router, stop)).await;
                    drop(slot);
                });
            }
            None => sleep(PAUSE).await,
        }
        // Those that have ended are forgotten.
        while connections.try_join_next().is_some() {}
    }
    drop(socket);
    let _ = timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
    connections.shutdown().await;
}

async fn accept(socket: &TcpListener, slots: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    let (stream, _) = socket.accept().await.ok()?;
    Some((stream, slot))
}

async fn connection(stream: TcpStream, certificate: Option<TlsAcceptor>, router: Router, mut stop: Stop) {
    let Some(certificate) = certificate else { return talk(stream, router, stop).await };
    let handshake = tokio::select! {
        _ = stop.changed() => return,
        handshake = timeout(TO_BEGIN, certificate.accept(stream)) => handshake,
    };
    if let Ok(Ok(stream)) = handshake {
        talk(stream, router, stop).await;
    }
}

async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin + Send, router: Router, mut stop: Stop) {
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(TO_BEGIN)
            .keep_alive(false)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEADER_BYTES)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
    );
    // How a connection ends is the peer's business; nobody here waits for it.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
