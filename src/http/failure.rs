//! Why a request got no answer, and how far it came.

use std::io::ErrorKind;

use rustls::AlertDescription;
use ureq::{Error as HttpError, Timeout};

use super::proxy_failure::Through;
use super::sending::{self, Sending, Step, Way};
use super::{Transport, Url, tls_failure};
use crate::reply::{Code, Words, words};

/// How far a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It surely never left, or the server surely did not take it in.
    Never,
    /// It may have arrived.
    Perhaps,
}

/// A request without a whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// How far it came.
    pub reach: Reach,
    /// `CONNECT_FAILED`, `TLS_FAILED`, `TIMEOUT` or `BAD_ANSWER`.
    pub code: Code,
    /// What happened.
    pub words: Words,
    /// A word for it that stays, where there is one (docs/tls.md).
    pub reason: Option<&'static str>,
}

impl Failure {
    /// Judges the error that ended this thread's latest request.
    pub(super) fn of(error: &HttpError, url: &Url, transport: &Transport) -> Self {
        let sending = sending::reached();
        let way = sending::way();
        if sending == Sending::NotBegun {
            return not_connected(error, url, transport, &way);
        }
        let perhaps = |code, words| Self { reach: Reach::Perhaps, code, words, reason: None };
        if let HttpError::Timeout(_) = error {
            return perhaps(
                Code::Timeout,
                words!(
                    "等待应答超时，请求可能已到达平台，请查询结果",
                    "the answer did not come in time; the request may have arrived: query the result"
                ),
            );
        }
        match tls_cause(error) {
            // On a fresh connection of TLS 1.3 such an alert ends the handshake, so the server took nothing in, even if our
            // side had sent already. In TLS 1.2 the server's side had ended before, and the alert proves nothing.
            Some(cause) if sending != Sending::OnKept && way.judged_late && refuses_certificate(cause) => {
                tls_failure::named(cause, &way, transport)
            }
            _ => perhaps(Code::BadAnswer, broken_answer(error)),
        }
    }
}

/// The rustls error inside, however wrapped.
pub(super) fn tls_cause(error: &HttpError) -> Option<&rustls::Error> {
    match error {
        HttpError::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}

fn refuses_certificate(cause: &rustls::Error) -> bool {
    use AlertDescription as Alert;
    matches!(
        cause,
        rustls::Error::AlertReceived(
            Alert::CertificateRequired
                | Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
                | Alert::AccessDenied
                | Alert::HandshakeFailure
        )
    )
}

/// Why no connection that could carry the request came about.
fn not_connected(error: &HttpError, url: &Url, transport: &Transport, way: &Way) -> Failure {
    let through = transport.proxy.as_ref().map(|proxy| Through { proxy: proxy.expose(), target: url.as_str() });
    match (way.step, through) {
        (Step::Handshake, _) => match (error, tls_cause(error)) {
            (HttpError::Timeout(_), _) => tls_failure::stalled(way),
            (_, Some(cause)) => tls_failure::named(cause, way, transport),
            (_, None) => tls_failure::broken_off(way, &error.to_string(), transport),
        },
        (Step::AtProxy, Some(through)) => through.refused(error),
        (Step::Reaching, Some(through)) => through.unreachable(error),
        _ => unreachable(error),
    }
}

fn unreachable(error: &HttpError) -> Failure {
    let (code, words) = match error {
        HttpError::Timeout(Timeout::Resolve) => {
            (Code::Timeout, words!("域名解析超时，请求未发出", "name lookup timed out; nothing was sent"))
        }
        HttpError::Timeout(_) => {
            (Code::Timeout, words!("连接超时，请求未发出", "connecting timed out; nothing was sent"))
        }
        HttpError::HostNotFound => (
            Code::ConnectFailed,
            words!(
                "找不到平台主机，请检查地址与 DNS；请求未发出",
                "the platform's host name was not found; nothing was sent"
            ),
        ),
        HttpError::Io(cause) if cause.kind() == ErrorKind::ConnectionRefused => (
            Code::ConnectFailed,
            words!(
                "连接被拒绝，请检查地址、端口与代理；请求未发出",
                "the connection was refused: check address, port and proxy; nothing was sent"
            ),
        ),
        other => {
            (Code::ConnectFailed, words!("无法连接：{other}；请求未发出", "cannot connect: {other}; nothing was sent"))
        }
    };
    Failure { reach: Reach::Never, code, words, reason: None }
}

fn broken_answer(error: &HttpError) -> Words {
    let (zh, en) = match error {
        HttpError::BodyExceedsLimit(_) => ("应答超过 64 MiB", "the answer is larger than 64 MiB"),
        HttpError::Protocol(_) | HttpError::Http(_) | HttpError::LargeResponseHeader(..) => {
            ("应答不是有效的 HTTP", "the answer is no HTTP that can be read")
        }
        _ => ("连接在收全应答之前中断", "the connection broke before the whole answer came"),
    };
    words!(
        "{zh}（{error}）；请求可能已到达平台，请查询结果",
        "{en} ({error}); the request may have arrived: query the result"
    )
}

#[cfg(test)]
mod tests {
    use std::io;

    use rustls::ProtocolVersion;
    use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport as Carries};

    use super::*;
    use crate::http::sending::Marked;

    #[derive(Debug)]
    struct Deaf(LazyBuffers);

    impl Carries for Deaf {
        fn buffers(&mut self) -> &mut dyn Buffers {
            &mut self.0
        }

        fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), HttpError> {
            Ok(())
        }

        fn await_input(&mut self, _: NextTimeout) -> Result<bool, HttpError> {
            Ok(true)
        }

        fn is_open(&mut self) -> bool {
            true
        }
    }

    /// How far a request came that was answered by such an alert.
    fn reach(version: ProtocolVersion, alert: AlertDescription, answered: bool) -> Reach {
        sending::begin();
        sending::shakes_hands("h:443".to_owned());
        sending::has_shaken_hands(Some(version));
        let mut connection = Marked::ready(Box::new(Deaf(LazyBuffers::new(16, 16))));
        connection.transmit_output(1, NextTimeout::default()).unwrap();
        if answered {
            connection.await_input(NextTimeout::default()).unwrap();
        }
        let alert = rustls::Error::AlertReceived(alert);
        let error = HttpError::Io(io::Error::new(ErrorKind::InvalidData, alert));
        Failure::of(&error, &Url::parse("https://h", "").unwrap(), &Transport::default()).reach
    }

    #[test]
    fn only_an_alert_that_ends_the_handshake_proves_that_nothing_was_taken_in() {
        use AlertDescription as Alert;
        use ProtocolVersion::{TLSv1_2, TLSv1_3};
        assert_eq!(reach(TLSv1_3, Alert::CertificateRequired, false), Reach::Never);
        assert_eq!(reach(TLSv1_3, Alert::HandshakeFailure, false), Reach::Never);
        assert_eq!(reach(TLSv1_3, Alert::HandshakeFailure, true), Reach::Perhaps);
        assert_eq!(reach(TLSv1_3, Alert::InternalError, false), Reach::Perhaps);
        assert_eq!(reach(TLSv1_2, Alert::HandshakeFailure, false), Reach::Perhaps);
        assert_eq!(reach(TLSv1_2, Alert::CertificateUnknown, false), Reach::Perhaps);
    }
}
