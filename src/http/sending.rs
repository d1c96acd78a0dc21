//! Marks the moment from which a request may have arrived: the first byte handed to a connection that is ready,
//! behind the proxy and the TLS handshake; and before that, how far the connection came. Calls block, so the marks are
//! the calling thread's.

use std::cell::{Cell, RefCell};
use std::time::Instant;

use rustls::ProtocolVersion;
use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::certificate::Certificate;

/// How far this thread's request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sending {
    /// No byte of it has left.
    NotBegun,
    /// It is on a connection on which nothing has come back.
    OnFresh,
    /// It is on a connection that has carried an answer, or a part of one.
    OnKept,
}

/// How far a connection came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Step {
    /// To its server or proxy, or not even there.
    #[default]
    Reaching,
    /// To its proxy, which is asked for the server.
    AtProxy,
    /// Into a TLS handshake.
    Handshake,
    /// Through.
    Ready,
}

/// What was met on the way.
#[derive(Debug, Default)]
pub(super) struct Way {
    pub(super) step: Step,
    /// Host and port of the handshake.
    pub(super) place: String,
    /// The certificate that was refused, where it can be read.
    pub(super) certificate: Option<Certificate>,
    /// Whether the server asked for a certificate of ours.
    pub(super) wants_certificate: bool,
    /// Whether the server answered in TLS at all.
    pub(super) speaks_tls: bool,
    /// Whether our side of the handshake is through before the server has looked at our certificate.
    pub(super) judged_late: bool,
}

thread_local! {
    static WAY: RefCell<Way> = RefCell::default();
    static SENDING: Cell<Sending> = const { Cell::new(Sending::NotBegun) };
    static SENT_AT: Cell<Option<Instant>> = const { Cell::new(None) };
    static ANSWERED: Cell<bool> = const { Cell::new(false) };
}

/// A new request: nothing is sent yet.
pub(super) fn begin() {
    SENDING.set(Sending::NotBegun);
    SENT_AT.set(None);
    ANSWERED.set(false);
    WAY.take();
}

/// What this thread's latest request met on its way.
pub(super) fn way() -> Way {
    WAY.take()
}

/// A handshake with that host and port begins.
pub(super) fn shakes_hands(place: String) {
    WAY.replace(Way { step: Step::Handshake, place, ..Way::default() });
}

/// The connection to the proxy stands.
pub(super) fn is_at_proxy() {
    WAY.with_borrow_mut(|way| way.step = Step::AtProxy);
}

/// It came to an end; the version that the server agreed on before.
pub(super) fn has_shaken_hands(version: Option<ProtocolVersion>) {
    WAY.with_borrow_mut(|way| {
        way.speaks_tls = version.is_some();
        way.judged_late = version == Some(ProtocolVersion::TLSv1_3);
    });
}

/// The server showed a certificate that is not trusted.
pub(super) fn met_certificate(der: &[u8]) {
    WAY.with_borrow_mut(|way| way.certificate = Certificate::read(der));
}

/// The server asked for a certificate.
pub(super) fn was_asked_for_certificate() {
    WAY.with_borrow_mut(|way| way.wants_certificate = true);
}

/// A whole answer came.
pub(super) fn answered() {
    ANSWERED.set(true);
}

/// Whether this thread's latest request got a whole answer, whatever it says.
pub fn was_answered() -> bool {
    ANSWERED.get()
}

/// When this thread's latest request last handed bytes to its connection; none where it handed over none.
pub fn sent_at() -> Option<Instant> {
    SENT_AT.get()
}

/// How far this thread's latest request came.
pub(super) fn reached() -> Sending {
    SENDING.get()
}

/// A connection that is ready for requests.
#[derive(Debug)]
pub(super) struct Marked {
    inner: Box<dyn Transport>,
    has_answered: bool,
}

impl Marked {
    pub(super) fn ready(inner: Box<dyn Transport>) -> Self {
        WAY.with_borrow_mut(|way| way.step = Step::Ready);
        Self { inner, has_answered: false }
    }
}

impl Transport for Marked {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        SENT_AT.set(Some(Instant::now()));
        SENDING.set(if self.has_answered { Sending::OnKept } else { Sending::OnFresh });
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        if self.inner.buffers().input_append_buf().is_empty() {
            let full = self.inner.buffers().input().len();
            return Err(Error::LargeResponseHeader(full, full));
        }
        let came = self.inner.await_input(timeout)?;
        self.has_answered |= came;
        // What comes after the first byte of an answer says nothing of the handshake.
        if came && SENDING.get() == Sending::OnFresh {
            SENDING.set(Sending::OnKept);
        }
        Ok(came)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
