//! What the listener serves: `POST /deductCheck`, and an answer in JSON for everything else.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::Semaphore;
use tokio::task::{Id, spawn_blocking};
use tokio::time::timeout;

use super::guests::Guests;
use crate::clock;
use crate::glory::check::{self, Answer, Received, Refusal};
use crate::glory::deduction;
use crate::json::{self, Json, to_text};
use crate::log::Call;
use crate::reply::Error;
use crate::settings::Profile;

/// How many requests may read the ledger at once; the others wait. Each may make a large answer in memory.
pub const MAX_READERS: usize = 2;
/// A request has three short members.
const MAX_BODY: usize = 64 * 1024;
/// What is read and thrown away of a larger one, so that its sender reads the answer and not a broken connection.
const MAX_READ: usize = 1024 * 1024;
/// The whole body must come within this.
const TO_SEND: Duration = Duration::from_secs(5);

/// What all connections of a listener share.
pub struct Service {
    pub guests: Guests,
    profile: Arc<Profile>,
    readers: Arc<Semaphore>,
}

impl Service {
    /// Answers by this profile.
    pub fn new(profile: Arc<Profile>) -> Self {
        Self { guests: Guests::default(), profile, readers: Arc::new(Semaphore::new(MAX_READERS)) }
    }

    /// The answer to that guest's request, whatever was asked.
    pub async fn answer(
        self: Arc<Self>,
        guest: Id,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        Ok(if request.uri().path() != "/deductCheck" {
            plain_refusal(StatusCode::NOT_FOUND, "没有此服务")
        } else if request.method() != Method::POST {
            let mut refusal = plain_refusal(StatusCode::METHOD_NOT_ALLOWED, "只接受 POST");
            refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
            refusal
        } else {
            self.deduct_check(guest, request).await
        })
    }

    async fn deduct_check(&self, guest: Id, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let body = timeout(TO_SEND, whole(body)).await.unwrap_or(Err(Refusal::TooSlow));
        self.guests.answers(guest, 0);
        let profile = Arc::clone(&self.profile);
        // One that has gone before its turn leaves nothing to be read.
        let turn = Arc::clone(&self.readers).acquire_owned().await;
        // The ledger blocks. A panic in there ends this answer only.
        let answered = spawn_blocking(move || {
            let _turn = turn;
            logged(&profile, &head.headers, body)
        });
        match answered.await {
            Ok(Ok(answer)) => {
                self.guests.answers(guest, answer.body.len());
                signed(answer)
            }
            _ => plain_refusal(StatusCode::INTERNAL_SERVER_ERROR, "机构服务内部错误"),
        }
    }
}

async fn whole(mut body: Incoming) -> Result<Vec<u8>, Refusal> {
    let (mut text, mut read) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::Malformed)?.into_data() else { continue };
        read += data.len();
        if read <= MAX_BODY {
            text.extend_from_slice(&data);
        } else if read > MAX_READ {
            break;
        } else {
            text = Vec::new();
        }
    }
    if read > MAX_BODY { Err(Refusal::TooLarge) } else { Ok(text) }
}

/// A check of the platform's is an operation too: it has its lines in the log.
fn logged(profile: &Profile, headers: &HeaderMap, body: Result<Vec<u8>, Refusal>) -> Result<Answer, Error> {
    let call = Call::begin(profile.log.clone(), "glory_listen", Some("/deductCheck"), None);
    if let (Some(call), Ok(body)) = (&call, &body) {
        call.show("request", &String::from_utf8_lossy(body));
    }
    let answered = answered(profile, headers, body);
    if let Some(call) = call {
        let (error, refused, said) = match &answered {
            Ok(answer) => (answer.fault.as_ref(), answer.refused.map_or("", Refusal::as_str), answer.body.as_str()),
            Err(error) => (Some(error), "", ""),
        };
        call.end_of_question(error, refused, said, profile.language);
    }
    answered
}

fn answered(profile: &Profile, headers: &HeaderMap, body: Result<Vec<u8>, Refusal>) -> Result<Answer, Error> {
    let now = clock::second();
    let text = match body {
        Ok(text) => text,
        Err(refusal) => return check::refuse(profile.glory()?, now, refusal),
    };
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let received = Received { sid: header("sid"), timestamp: header("timestamp"), sign: header("sign") };
    let body = std::str::from_utf8(&text).ok().and_then(|text| json::read(text).ok());
    check::answer(profile, now, received, body.as_ref().and_then(Json::as_object))
}

fn signed(answer: Answer) -> Response<Full<Bytes>> {
    let status = match answer.refused {
        Some(Refusal::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
        Some(Refusal::TooSlow) => StatusCode::REQUEST_TIMEOUT,
        _ => StatusCode::OK,
    };
    let mut response = in_json(status, answer.body);
    let signature = answer.signature;
    for (name, value) in [("sid", signature.sid), ("timestamp", signature.timestamp), ("sign", signature.sign)] {
        // A sid of the settings that no header can carry is left out, as the platform would not know it either.
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// A refusal of what is no business of the platform's, unsigned.
fn plain_refusal(status: StatusCode, said: &str) -> Response<Full<Bytes>> {
    let body = deduction::object(&[("responseFlag", "0"), ("responseMessage", said)]);
    in_json(status, to_text(&Json::Object(body)))
}

fn in_json(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    response
}
