//! Services over HTTP: sign, post, verify, judge. Every end says whether the platform may have acted.

use std::time::Duration;

use super::{flatten, sign};
use crate::clock;
use crate::http::{self, Failure};
use crate::json::{self, Json, Object, to_text};
use crate::log;
use crate::reply::{Code, Error, Status, in_short, words};
use crate::settings::{Glory, Profile, VerifyAnswers};

/// The headers that carry a signature (document 1.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The account id that the platform gave.
    pub sid: String,
    /// `yyyyMMddHHmmss`, UTC+8.
    pub timestamp: String,
    /// Lower-case hex.
    pub sign: String,
}

/// Signs a body; `timestamp` is now where none is given. Also gives the signing text, without the key.
///
/// Errors point into the body.
pub fn signed(settings: &Glory, body: &Object<'_>, timestamp: Option<&str>) -> Result<(Signature, String), Error> {
    let sid = settings.sid()?.to_owned();
    let timestamp = timestamp.map_or_else(clock::stamp, str::to_owned);
    let text = flatten::signing_text(body, settings.numbers)?;
    let sign = sign::sign(&text, settings.key()?.expose(), &timestamp);
    Ok((Signature { sid, timestamp, sign }, text))
}

/// Verifies a body's sign. Fails with `SIGN_MISMATCH` and the signing text.
pub fn verify(settings: &Glory, body: &Object<'_>, timestamp: &str, given: &str) -> Result<(), Error> {
    let text = flatten::signing_text(body, settings.numbers)?;
    if sign::same(&sign::sign(&text, settings.key()?.expose(), timestamp), given) {
        return Ok(());
    }
    let words =
        words!("验签不通过；请核对 key 与签名文本", "the sign does not verify; compare key and the signing text");
    Err(Error::new(Status::Failed, Code::SignMismatch, words).with_data(|data| {
        data.string("text", &text);
    }))
}

/// Runs a service and waits for its end; gives the answer's body as JSON text.
///
/// Errors of input point into `/body`. A refusal comes with the answer's body under `data`.
pub fn transact(profile: &Profile, path: &str, body: &Object<'_>, limit: Option<Duration>) -> Result<String, Error> {
    transact_and(profile, path, body, limit, |text, _| text.to_owned())
}

/// [`transact`], where `read` makes of a good answer, as text and as it was read, what the caller wants of it.
pub fn transact_and<T>(
    profile: &Profile,
    path: &str,
    body: &Object<'_>,
    limit: Option<Duration>,
    read: impl FnOnce(&str, &Object<'_>) -> T,
) -> Result<T, Error> {
    let settings = profile.glory()?;
    let url = settings.url()?.join(path);
    let (signature, text) = signed(settings, body, None).map_err(|error| error.below_unless_settings("/body"))?;
    log::signed(profile.log.as_ref(), || Some(text));
    let headers = [
        ("sid", signature.sid.as_str()),
        ("timestamp", signature.timestamp.as_str()),
        ("sign", signature.sign.as_str()),
    ];
    let text = to_text(&Json::Object(body.clone()));
    let answer = profile.client.post_json(&url, &headers, &text, limit).map_err(Failure::into_error)?;
    let text = answer.text()?;
    let Ok(Json::Object(message)) = json::read(text) else {
        return Err(http::unreadable(&words!("应答不是完整的 JSON 对象", "the answer is no whole JSON object")));
    };
    verify_answer(settings, &message, answer.header("timestamp"), answer.header("sign"))?;
    judge(&message)?;
    Ok(read(text.trim_start_matches('\u{FEFF}'), &message))
}

/// Verifies an answer as the settings ask. A signature that is there is complete or wrong.
fn verify_answer(
    settings: &Glory,
    message: &Object<'_>,
    timestamp: Option<&str>,
    sign: Option<&str>,
) -> Result<(), Error> {
    match (settings.verify_answers, timestamp, sign) {
        (VerifyAnswers::Never, _, _) | (VerifyAnswers::IfSigned, _, None) => Ok(()),
        (_, timestamp, sign) => verify(settings, message, timestamp.unwrap_or_default(), sign.unwrap_or_default())
            .map_err(|error| error.with_status(Status::Unknown).without_field()),
    }
}

/// `responseFlag` 1 is success, 0 a refusal with `responseMessage`; nothing else can be read.
fn judge(message: &Object<'_>) -> Result<(), Error> {
    let text = |name| message.get(name).and_then(Json::as_scalar).unwrap_or_default();
    let said = text("responseMessage");
    match text("responseFlag") {
        "1" => Ok(()),
        "0" => {
            let short = in_short(said);
            let words = words!("平台拒绝：{short}", "the platform refused: {short}");
            let refused = Error::new(Status::Failed, Code::PlatformRefused, words).from_platform("0", said);
            Err(refused.with_data(|data| {
                data.value("body", &Json::Object(message.clone()));
            }))
        }
        _ => Err(http::unreadable(&words!("应答没有 responseFlag", "the answer has no responseFlag of 0 or 1"))),
    }
}
