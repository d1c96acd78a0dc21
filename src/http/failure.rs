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
            // On a fresh connection such an alert ends the handshake, so the server took nothing in, even if our side had
            // sent already.
            Some(cause) if sending != Sending::OnKept && refuses_certificate(cause) => {
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
