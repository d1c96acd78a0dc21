//! The requests that were seen, for tests and people to look at.

use std::collections::VecDeque;
use std::net::SocketAddr;

use serde::Serialize;

/// How many are kept; older ones are forgotten.
const KEPT: usize = 1_000;

/// How many bytes of a request's texts are kept: a thousand large ones would fill the memory.
const KEPT_BYTES: usize = 64 * 1024;

/// Whose request it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Peer {
    /// Counts connections from 1: requests with the same number shared one.
    pub connection: u64,
    /// Whether it came through TLS.
    pub https: bool,
    /// Whether the client showed a certificate that our authority signed.
    pub client_certificate: bool,
    /// Where the connection comes from.
    #[serde(skip)]
    pub address: SocketAddr,
}

/// A request and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// Counts requests from 1.
    pub number: u64,
    /// When it was judged, `yyyyMMddHHmmss`.
    pub time: String,
    /// Whose it is.
    #[serde(flatten)]
    pub peer: Peer,
    /// Where it went.
    pub path: String,
    /// Its service, of onepay; blank where it names none.
    pub trans_type: String,
    /// The body as it came.
    pub received: String,
    /// The body that the platform came to answer, before a fault altered it; blank where a fault came first. Of glory
    /// the beginning.
    pub answered: String,
    /// The `respCode` or `responseFlag` that the platform came to; blank where a fault came first.
    pub verdict: String,
    /// The `respMsg` or `responseMessage` with it.
    pub message: String,
    /// The signing text that the platform computed, with the secret as `***`.
    pub signing_text: Option<String>,
    /// Whether it changed the books.
    pub booked: bool,
    /// The faults that struck it.
    pub faults: Vec<String>,
}

/// The latest requests, oldest first.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Requests {
    latest: VecDeque<Seen>,
    #[serde(skip)]
    count: u64,
}

impl Requests {
    /// The number of the next request that is kept.
    pub fn next(&self) -> u64 {
        self.count + 1
    }

    /// Keeps a request, and gives it its number.
    pub fn keep(&mut self, mut seen: Seen) {
        self.count = self.next();
        seen.number = self.count;
        for text in [Some(&mut seen.received), Some(&mut seen.answered), seen.signing_text.as_mut()] {
            text.into_iter().for_each(cut);
        }
        if self.latest.len() == KEPT {
            self.latest.pop_front();
        }
        self.latest.push_back(seen);
    }

    /// Forgets them all.
    pub fn clear(&mut self) {
        self.latest.clear();
    }
}

/// Cuts a text between two characters.
fn cut(text: &mut String) {
    if text.len() > KEPT_BYTES {
        let end = (0..=KEPT_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        // Or the whole text's memory would stay.
        text.shrink_to_fit();
    }
}
