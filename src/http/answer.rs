//! What comes back, before any platform's own rules are asked.

use ureq::http::HeaderMap;

use super::{Failure, Reach};
use crate::reply::{Code, Error, Status, Words, in_short, words};

/// Told before any handler runs: authentication, routing, size and form of the request, redirects that keep the method.
/// Other 3xx and 4xx (302, 303, 406, 408, 409 ...) may follow a handler that did its work.
const TURNED_AWAY: &[u16] = &[301, 307, 308, 400, 401, 403, 404, 405, 407, 411, 413, 414, 415, 417, 421, 426, 429, 431];

/// An answer of the server, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    pub(super) headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How the body is compressed, if it is. It is not inflated: nothing asked for that, and a small answer could be made
    /// into gigabytes.
    fn coding(&self) -> Option<&str> {
        [self.header("content-encoding"), self.header("transfer-encoding")].into_iter().flatten().find(|coding| {
            let plain =
                |one: &str| ["", "identity", "chunked"].iter().any(|plain| one.trim().eq_ignore_ascii_case(plain));
            !coding.split(',').all(plain)
        })
    }

    /// The body of an answer with status 200, as text.
    ///
    /// A server that answers otherwise may have passed the request on, unless the status is one of `TURNED_AWAY`.
    pub fn text(&self) -> Result<&str, Error> {
        let status = self.status;
        if status != 200 {
            let end = if TURNED_AWAY.contains(&status) { Status::Failed } else { Status::Unknown };
            let words = words!("平台返回 HTTP {status}", "the server answered HTTP {status}");
            return Err(Error::new(end, Code::HttpStatus, words).with_data(|data| {
                data.raw("httpStatus", &status.to_string());
            }));
        }
        // Some servers write such things as "UTF-8" there, so a text is a text whatever it is called.
        std::str::from_utf8(&self.body).map_err(|_| {
            unreadable(&match self.coding().map(in_short) {
                Some(coding) => words!(
                    "应答被压缩（{coding}），而请求没有要求压缩；请平台对本接口关闭压缩",
                    "the answer is compressed ({coding}), which was not asked for; the platform's people must not compress here"
                ),
                None => words!("应答不是 UTF-8 文本", "the answer is not UTF-8"),
            })
        })
    }
}

/// An answer came, and nobody can read from it what the platform did.
pub fn unreadable(words: &Words) -> Error {
    let Words { zh, en } = words;
    let words = words!("{zh}；请求可能已到达平台，请查询结果", "{en}; the request may have arrived: query the result");
    Error::new(Status::Unknown, Code::BadAnswer, words)
}

/// The time limit was over before anything was sent.
pub fn time_over() -> Error {
    let words = words!("发送前时限已到，请求未发出", "the time limit was over before anything was sent");
    Error::new(Status::Failed, Code::Timeout, words)
}

impl Failure {
    /// The end of a call without an answer: failed where nothing was taken in, unknown where the request may have
    /// arrived.
    pub fn into_error(self) -> Error {
        let status = match self.reach {
            Reach::Never => Status::Failed,
            Reach::Perhaps => Status::Unknown,
        };
        let error = Error::new(status, self.code, self.words);
        match self.reason {
            None => error,
            Some(reason) => error.with_data(|data| {
                data.clean("reason", reason);
            }),
        }
    }
}
