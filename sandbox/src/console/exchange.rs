//! What is kept of a request: the bytes as they came and went, and what the platform made of them.

use std::net::SocketAddr;
use std::time::Instant;

use encoding_rs::GBK;
use hyper::HeaderMap;
use hyper::http::request::Parts;
use serde::Serialize;
use serde_json::{Value, json};

use crate::clock;
use crate::requests::{Peer, Seen};
use crate::wire::Delivery;

/// Most bytes that are kept of a body.
pub const KEPT_BYTES: usize = 256 * 1024;

/// Most bytes that are kept of a request's or an answer's headers.
const KEPT_HEADER_BYTES: usize = 16 * 1024;

/// What a request weighs beside its bytes: about as much as its small texts.
const BESIDE: usize = 1024;

/// A body, or the beginning of one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// At most [`KEPT_BYTES`].
    pub bytes: Vec<u8>,
    /// How long the whole was.
    pub length: usize,
}

impl Kept {
    fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.get(..KEPT_BYTES).unwrap_or(bytes).to_vec(), length: bytes.len() }
    }

    /// The text, and the charset by which it is one: UTF-8, GBK where only that reads it, or neither.
    pub fn text(&self) -> (String, &'static str) {
        match str::from_utf8(&self.bytes) {
            Ok(text) => return (text.to_owned(), "UTF-8"),
            // A cut may go through a character.
            Err(error) if self.is_cut() && error.error_len().is_none() => {
                let whole = self.bytes.get(..error.valid_up_to()).unwrap_or_default();
                return (String::from_utf8_lossy(whole).into_owned(), "UTF-8");
            }
            Err(_) => {}
        }
        match GBK.decode_without_bom_handling_and_without_replacement(&self.bytes) {
            Some(gbk) => (gbk.into_owned(), "GBK"),
            None => (String::from_utf8_lossy(&self.bytes).into_owned(), ""),
        }
    }

    /// Whether it is only the beginning.
    pub fn is_cut(&self) -> bool {
        self.length > self.bytes.len()
    }

    fn json(&self) -> Value {
        let (text, charset) = self.text();
        json!({ "text": text, "length": self.length, "cut": self.is_cut(), "charset": charset })
    }
}

/// Names and values in the order they came.
pub type Headers = Vec<(String, String)>;

/// What went back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// How: `whole`, or what a fault made of it.
    pub delivery: &'static str,
    /// The HTTP status; none where the connection was closed without an answer.
    pub status: Option<u16>,
    /// Without those that the HTTP server adds.
    pub headers: Headers,
    /// As it went out, a fault's changes included.
    pub body: Kept,
}

impl Answer {
    /// A copy of what goes out.
    pub fn of(delivery: &Delivery) -> Self {
        let (delivery, page) = match delivery {
            Delivery::Whole(page) => ("whole", Some(page)),
            Delivery::Close => ("close", None),
            Delivery::Reset(page) => ("reset", Some(page)),
            Delivery::Short(page) => ("short", Some(page)),
            Delivery::Drip(page, _) => ("drip", Some(page)),
        };
        Self {
            delivery,
            status: page.map(|page| page.status),
            headers: page.map(|page| page.header_lines()).unwrap_or_default(),
            body: page.map(|page| Kept::of(page.body())).unwrap_or_default(),
        }
    }
}

/// A request and what became of it so far.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// Counts all that came from 1, also what was turned away.
    pub id: u64,
    /// Grows with every change of any request: the cursor.
    pub revision: u64,
    /// The number in the log and in `/control/state`; none where the platform never saw it.
    pub number: Option<u64>,
    /// When it came, `yyyyMMddHHmmssSSS`.
    pub time: String,
    /// `onepay` or `glory`; blank for any other path.
    pub platform: &'static str,
    /// The `transType` of onepay, else the path.
    pub service: String,
    /// `respCode` or `responseFlag`; blank where none was come to.
    pub verdict: String,
    /// The message with it, or why the request was turned away.
    pub message: String,
    /// Whether it changed the books.
    pub booked: bool,
    /// The faults that struck it.
    pub faults: Vec<String>,
    /// From the first byte that was read to the answer.
    pub milliseconds: Option<u64>,
    /// The rest is for who opens it.
    #[serde(skip)]
    pub peer: Peer,
    #[serde(skip)]
    pub(super) method: String,
    #[serde(skip)]
    pub(super) target: String,
    #[serde(skip)]
    pub(super) headers: Headers,
    #[serde(skip)]
    pub(super) body: Kept,
    #[serde(skip)]
    pub(super) answer: Option<Answer>,
    #[serde(skip)]
    since: Instant,
}

impl Exchange {
    /// A request as it came. Without a body it was turned away before that was read.
    pub fn arrived(head: &Parts, body: Option<&[u8]>, peer: &Peer, platform: &'static str) -> Self {
        let target = head.uri.path_and_query().map_or_else(|| head.uri.path(), |target| target.as_str());
        Self {
            platform,
            service: head.uri.path().to_owned(),
            method: head.method.to_string(),
            target: target.to_owned(),
            headers: header_lines(&head.headers),
            body: body.map(Kept::of).unwrap_or_default(),
            ..Self::new(peer)
        }
    }

    /// A connection that never came to a request: its TLS handshake failed.
    pub fn failed_handshake(address: SocketAddr, connection: u64, error: &str) -> Self {
        let peer = Peer { connection, https: true, client_certificate: false, address };
        Self { service: "TLS".to_owned(), message: error.to_owned(), milliseconds: Some(0), ..Self::new(&peer) }
    }

    fn new(peer: &Peer) -> Self {
        Self {
            id: 0,
            revision: 0,
            number: None,
            time: clock::stamp_with_milliseconds(0),
            platform: "",
            service: String::new(),
            verdict: String::new(),
            message: String::new(),
            booked: false,
            faults: Vec::new(),
            milliseconds: None,
            peer: peer.clone(),
            method: String::new(),
            target: String::new(),
            headers: Vec::new(),
            body: Kept::default(),
            answer: None,
            since: Instant::now(),
        }
    }

    /// The platform has begun with it.
    pub fn begin(&mut self, seen: &Seen) {
        if !seen.trans_type.is_empty() {
            self.service.clone_from(&seen.trans_type);
        }
        self.faults.clone_from(&seen.faults);
    }

    /// The platform has come to its end, and gave it that number.
    pub fn judge(&mut self, number: u64, seen: &Seen) {
        self.number = Some(number);
        self.verdict.clone_from(&seen.verdict);
        self.message.clone_from(&seen.message);
        self.booked = seen.booked;
    }

    /// The answer goes out.
    pub fn answer(&mut self, delivery: &Delivery) {
        self.answer = Some(Answer::of(delivery));
        self.milliseconds = u64::try_from(self.since.elapsed().as_millis()).ok();
    }

    /// How many bytes it weighs.
    pub fn weight(&self) -> usize {
        let answer = self.answer.as_ref().map_or(0, |answer| answer.body.bytes.len() + weight_of(&answer.headers));
        BESIDE + self.target.len() + self.service.len() + self.body.bytes.len() + weight_of(&self.headers) + answer
    }

    /// In a word: `waiting`, `fine`, `refused`, `faulty` or `turnedAway`.
    pub fn outcome(&self) -> &'static str {
        let succeeded = match self.platform {
            "glory" => self.verdict == "1",
            _ => self.verdict.bytes().all(|byte| byte == b'0'),
        };
        match (self.milliseconds, self.verdict.is_empty()) {
            (_, false) if !succeeded => "refused",
            (None, _) => "waiting",
            _ if !self.faults.is_empty() => "faulty",
            (_, false) => "fine",
            _ => "turnedAway",
        }
    }

    /// A row of the list.
    pub fn row(&self) -> Row<'_> {
        let answer = self.answer.as_ref();
        Row {
            exchange: self,
            outcome: self.outcome(),
            status: answer.and_then(|answer| answer.status),
            delivery: answer.map(|answer| answer.delivery),
        }
    }

    /// All that is kept, with what was found in the request and in the answer.
    pub fn whole(&self, looked: &Value, answer_looked: &Value) -> Value {
        let Peer { connection, https, client_certificate, address } = &self.peer;
        let answer = self
            .answer
            .as_ref()
            .map(|answer| json!({ "headers": answer.headers, "body": answer.body.json(), "looked": answer_looked }));
        json!({
            "row": self.row(),
            "peer": {
                "address": address.to_string(), "connection": connection, "https": https,
                "clientCertificate": client_certificate,
            },
            "request": {
                "method": self.method, "target": self.target, "headers": self.headers, "body": self.body.json(),
                "looked": looked,
            },
            "answer": answer,
        })
    }
}

/// A request as the list shows it.
#[derive(Debug, Serialize)]
pub struct Row<'e> {
    #[serde(flatten)]
    exchange: &'e Exchange,
    outcome: &'static str,
    status: Option<u16>,
    delivery: Option<&'static str>,
}

fn weight_of(headers: &Headers) -> usize {
    headers.iter().map(|(name, value)| name.len() + value.len() + 64).sum()
}

fn header_lines(headers: &HeaderMap) -> Headers {
    let mut left = KEPT_HEADER_BYTES;
    let lines = headers.iter().map_while(|(name, value)| {
        left = left.checked_sub(name.as_str().len() + value.len())?;
        Some((name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_by_the_charset_that_it_is_in() {
        let text = |bytes: &[u8]| Kept::of(bytes).text();
        assert_eq!(text("张三".as_bytes()), ("张三".to_owned(), "UTF-8"));
        assert_eq!(text(&[0xD5, 0xC5, 0xC8, 0xFD]), ("张三".to_owned(), "GBK"));
        assert_eq!(text(b"\xFF\xFF").1, "");
    }

    #[test]
    fn a_long_body_is_cut_even_within_a_character() {
        let kept = Kept::of("张".repeat(100_000).as_bytes());
        let (text, charset) = kept.text();
        assert_eq!((kept.bytes.len(), kept.length, charset), (KEPT_BYTES, 300_000, "UTF-8"));
        assert!(kept.is_cut() && text.ends_with('张'));
    }
}
