//! Why a request got no answer, and how far it came.

use std::io::{self, ErrorKind};

use rustls::AlertDescription;
use ureq::{Error as HttpError, Timeout};

use super::Url;
use super::sending::{self, Sending};
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
}

impl Failure {
    /// Judges the error that ended this thread's latest request.
    pub(super) fn of(error: &HttpError, url: &Url) -> Self {
        let sending = sending::reached();
        let reach = if sending == Sending::NotBegun { Reach::Never } else { Reach::Perhaps };
        if let HttpError::Timeout(phase) = error {
            return Self { reach, code: Code::Timeout, words: time_passed(*phase, reach) };
        }
        if let Some(cause) = tls_cause(error) {
            // On a fresh connection such an alert ends the handshake, so the server took nothing in, even if our side had
            // sent already.
            let ends_handshake = sending != Sending::OnKept && refuses_certificate(cause);
            let reach = if ends_handshake { Reach::Never } else { reach };
            if reach == Reach::Never {
                let words = words!(
                    "TLS 握手失败：{cause}；请检查证书、caFile 与系统时间",
                    "the TLS handshake failed: {cause}; check certificates, caFile and the clock"
                );
                return Self { reach, code: Code::TlsFailed, words };
            }
        }
        match reach {
            Reach::Never => Self { reach, ..not_connected(error, url) },
            Reach::Perhaps => Self { reach, code: Code::BadAnswer, words: broken_answer(error) },
        }
    }
}

fn time_passed(phase: Timeout, reach: Reach) -> Words {
    match (reach, phase) {
        (Reach::Never, Timeout::Resolve) => {
            words!("域名解析超时，请求未发出", "name lookup timed out; nothing was sent")
        }
        (Reach::Never, _) => words!("连接超时，请求未发出", "connecting timed out; nothing was sent"),
        (Reach::Perhaps, _) => words!(
            "等待应答超时，请求可能已到达平台，请查询结果",
            "the answer did not come in time; the request may have arrived: query the result"
        ),
    }
}

/// The rustls error inside, however wrapped.
pub(super) fn tls_cause(error: &HttpError) -> Option<&rustls::Error> {
    match error {
        HttpError::Rustls(cause) => Some(cause),
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

fn not_connected(error: &HttpError, url: &Url) -> Failure {
    let failed = |code, words| Failure { reach: Reach::Never, code, words };
    match error {
        HttpError::HostNotFound => failed(
            Code::ConnectFailed,
            words!(
                "找不到平台主机，请检查地址与 DNS；请求未发出",
                "the platform's host name was not found; nothing was sent"
            ),
        ),
        HttpError::Io(cause) if url.is_https() && broke_off(cause) => failed(
            Code::TlsFailed,
            words!(
                "TLS 握手中断：{cause}；对方可能不是 HTTPS 端口",
                "the TLS handshake broke off: {cause}; is it an HTTPS port?"
            ),
        ),
        HttpError::Io(cause) if cause.kind() == ErrorKind::ConnectionRefused => failed(
            Code::ConnectFailed,
            words!(
                "连接被拒绝，请检查地址、端口与代理；请求未发出",
                "the connection was refused: check address, port and proxy; nothing was sent"
            ),
        ),
        HttpError::ConnectProxyFailed(why) => failed(
            Code::ConnectFailed,
            words!("代理拒绝连接：{why}；请求未发出", "the proxy refused: {why}; nothing was sent"),
        ),
        HttpError::Tls(why) => failed(Code::TlsFailed, words!("TLS 失败：{why}", "TLS failed: {why}")),
        other => failed(
            Code::ConnectFailed,
            words!("无法连接：{other}；请求未发出", "cannot connect: {other}; nothing was sent"),
        ),
    }
}

fn broke_off(cause: &io::Error) -> bool {
    use ErrorKind as Kind;
    matches!(
        cause.kind(),
        Kind::UnexpectedEof | Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::InvalidData
    )
}

fn broken_answer(error: &HttpError) -> Words {
    match error {
        HttpError::BodyExceedsLimit(_) => words!("应答超过 64 MiB", "the answer is larger than 64 MiB"),
        other => words!(
            "连接在收全应答之前中断：{other}；请求可能已到达平台，请查询结果",
            "the connection broke before the whole answer came: {other}; the request may have arrived: query the result"
        ),
    }
}
