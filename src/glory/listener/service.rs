//! What the listener serves: `POST /deductCheck`, and an answer in JSON for everything else.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http_body_util::BodyExt;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::clock;
use crate::glory::check::{self, Answer, Received, Refusal};
use crate::glory::deduction;
use crate::json::{self, Json, to_text};
use crate::log::Call;
use crate::reply::Error;
use crate::settings::Profile;

/// A request has three short members.
const MAX_BODY: usize = 64 * 1024;
/// What is read and thrown away of a larger one, so that its sender reads the answer and not a broken connection.
const MAX_READ: usize = 1024 * 1024;
/// The whole body must come within this.
const TO_SEND: Duration = Duration::from_secs(5);

const JSON: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json;charset=UTF-8")];

/// The paths, answered by this profile.
pub fn router(profile: Arc<Profile>) -> Router {
    Router::new()
        .route("/deductCheck", post(deduct_check))
        .fallback(async || plain_refusal(StatusCode::NOT_FOUND, "没有此服务"))
        .method_not_allowed_fallback(async || plain_refusal(StatusCode::METHOD_NOT_ALLOWED, "只接受 POST"))
        .with_state(profile)
}

async fn deduct_check(State(profile): State<Arc<Profile>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = timeout(TO_SEND, whole(body)).await.unwrap_or(Err(Refusal::TooSlow));
    // The ledger blocks. A panic in there ends this answer only.
    let answered = spawn_blocking(move || logged(&profile, &head.headers, body)).await;
    match answered {
        Ok(Ok(answer)) => response(answer),
        _ => plain_refusal(StatusCode::INTERNAL_SERVER_ERROR, "机构服务内部错误"),
    }
}

async fn whole(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let (mut text, mut read) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::Malformed)?.into_data() else { continue };
        read += data.len();
        if read <= MAX_BODY {
            text.extend_from_slice(&data);
        } else if read > MAX_READ {
            break;
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
        match &answered {
            Ok(answer) => {
                let refused = answer.refused.map_or("", Refusal::as_str);
                call.end_of_question(answer.fault.as_ref(), refused, &answer.body);
            }
            Err(error) => call.end_of_question(Some(error), "", ""),
        }
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

fn response(answer: Answer) -> Response {
    let status = match answer.refused {
        Some(Refusal::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
        Some(Refusal::TooSlow) => StatusCode::REQUEST_TIMEOUT,
        _ => StatusCode::OK,
    };
    let signature = answer.signature;
    let signed = [("sid", signature.sid), ("timestamp", signature.timestamp), ("sign", signature.sign)];
    (status, JSON, signed, answer.body).into_response()
}

/// A refusal of what is no business of the platform's, unsigned.
fn plain_refusal(status: StatusCode, said: &str) -> Response {
    let body = deduction::object(&[("responseFlag", "0"), ("responseMessage", said)]);
    (status, JSON, to_text(&Json::Object(body))).into_response()
}
