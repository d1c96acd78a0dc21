//! The listener's connections: each carries one request, within limits of number, size and time.

use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{self, JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::guests::{LEAVING, MOST};
use super::service::Service;

/// The header lines of a request, and their bytes.
const MAX_HEADERS: usize = 64;
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// The TLS handshake, and then the request's head, must each come within this.
const TO_BEGIN: Duration = Duration::from_secs(5);
/// A connection ends after this, whatever it does: one that does not read its answer, for instance.
const WHOLE: Duration = Duration::from_secs(60);
/// What requests under way have to end in when the listener stops.
const GRACE: Duration = Duration::from_secs(2);
/// The pause after a connection could not be accepted, and none could be cut off for it.
const PAUSE: Duration = Duration::from_millis(100);

type Stop = watch::Receiver<bool>;

/// Serves until told to stop.
pub async fn serve(socket: TcpListener, certificate: Option<TlsAcceptor>, service: Service, mut stop: Stop) {
    let service = Arc::new(service);
    let guests = &service.guests;
    let mut connections = JoinSet::new();
    loop {
        // Those that have ended are forgotten before others come.
        let accepted = tokio::select! {
            biased;
            _ = stop.changed() => break,
            Some(ended) = connections.join_next_with_id() => {
                guests.went(ended.map_or_else(|error: JoinError| error.id(), |(id, ())| id));
                continue;
            }
            accepted = socket.accept(), if connections.len() < MOST + LEAVING => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                if connections.len() >= MOST {
                    guests.make_room();
                }
                let (certificate, service, stop) = (certificate.clone(), Arc::clone(&service), stop.clone());
                let connection = async move {
                    let _ = timeout(WHOLE, connection(stream, certificate, service, stop)).await;
                };
                guests.came(peer, connections.spawn(connection));
            }
            // One that has gone again before it was accepted.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            // For want of descriptors there is room for fewer.
            Err(_) if guests.make_room() => task::yield_now().await,
            Err(_) => sleep(PAUSE).await,
        }
    }
    drop(socket);
    let _ = timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
    connections.shutdown().await;
}

async fn connection(stream: TcpStream, certificate: Option<TlsAcceptor>, service: Arc<Service>, mut stop: Stop) {
    let Some(certificate) = certificate else { return talk(stream, service, stop).await };
    let handshake = tokio::select! {
        _ = stop.changed() => return,
        handshake = timeout(TO_BEGIN, certificate.accept(stream)) => handshake,
    };
    if let Ok(Ok(stream)) = handshake {
        talk(stream, service, stop).await;
    }
}

async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin + Send, service: Arc<Service>, mut stop: Stop) {
    let guest = task::id();
    let answer = service_fn(|request| Arc::clone(&service).answer(guest, request));
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(TO_BEGIN)
            .keep_alive(false)
            // One that says by closing its side that it has asked all still reads its answer.
            .half_close(true)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEADER_BYTES)
            .serve_connection(TokioIo::new(stream), answer)
    );
    // How a connection ends is the peer's business; nobody here waits for it.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
