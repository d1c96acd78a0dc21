//! The console: a web page, on the control port, on which people see each request and what the platform made of it.
//!
//! - `exchange`, `ring`: what is kept of requests, and within which bounds. [`Console`]: it, if it is on.
//! - `look`: why an envelope does not open or verify. `hand`: signing, sealing and opening by hand.
//! - `calls`, `routes`, `guard`: the interface of the page, and who may use it. `page/`: the page itself.

mod calls;
mod exchange;
mod guard;
mod hand;
mod look;
mod pages;
mod ring;
mod routes;

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::http::request::Parts;
use serde::Serialize;

use crate::clock;
use crate::requests::{Peer, Seen};
use crate::wire::Delivery;
use exchange::Exchange;
use ring::Ring;

pub(crate) use guard::guard;
pub(crate) use routes::router;

/// Where requests are watched, if somebody may look at them: off, nothing is kept or copied.
#[derive(Debug, Default)]
pub struct Console(Option<Watch>);

#[derive(Debug)]
struct Watch {
    /// Tells one start of the sandbox from another.
    run: String,
    /// Where onepay takes requests, and glory's address without a path: each by HTTP, by HTTPS.
    urls: Urls,
    ring: Mutex<Ring>,
}

/// Where the platforms are, for the page to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Urls {
    pub onepay_http: String,
    pub onepay_https: String,
    pub glory_http: String,
    pub glory_https: String,
    /// PEM: the authority that signed the server's certificate.
    pub ca_file: String,
}

/// The place of a request under watch; none where nobody watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark(Option<u64>);

impl Console {
    /// A console that is on.
    pub fn on(urls: Urls) -> Self {
        Self(Some(Watch { run: clock::stamp_with_milliseconds(0), urls, ring: Mutex::default() }))
    }

    /// Whether requests are watched.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    fn ring(&self) -> Option<MutexGuard<'_, Ring>> {
        self.0.as_ref().map(|watch| watch.ring.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A request has come; without a body it is turned away. The platform is `onepay`, `glory` or blank.
    pub fn arrived(&self, head: &Parts, body: Option<&[u8]>, peer: &Peer, platform: &'static str) -> Mark {
        Mark(self.ring().map(|mut ring| ring.add(Exchange::arrived(head, body, peer, platform))))
    }

    /// A TLS handshake has failed.
    pub fn handshake_failed(&self, address: SocketAddr, connection: u64, error: &io::Error) {
        if let Some(mut ring) = self.ring() {
            ring.add(Exchange::failed_handshake(address, connection, &error.to_string()));
        }
    }

    /// The platform has begun with a request.
    pub fn begun(&self, mark: Mark, seen: &Seen) {
        self.change(mark, |exchange| exchange.begin(seen));
    }

    /// The platform has come to its end with a request, which has that number now.
    pub fn judged(&self, mark: Mark, number: u64, seen: &Seen) {
        self.change(mark, |exchange| exchange.judge(number, seen));
    }

    /// The answer goes out.
    pub fn sent(&self, mark: Mark, delivery: &Delivery) {
        self.change(mark, |exchange| exchange.answer(delivery));
    }

    /// Forgets all requests.
    pub fn clear(&self) {
        if let Some(mut ring) = self.ring() {
            ring.clear();
        }
    }

    fn change(&self, Mark(mark): Mark, change: impl FnOnce(&mut Exchange)) {
        if let (Some(id), Some(mut ring)) = (mark, self.ring()) {
            ring.change(id, change);
        }
    }
}
