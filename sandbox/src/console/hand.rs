//! Signing, sealing and opening by hand, with the platforms' own envelopes. What cannot be done is an answer too:
//! `{"trouble": {"zh", "en"}}`.

use hislink::glory::explain::Headers;
use hislink::reply::{Error, Words};
use serde::Deserialize;
use serde_json::{Value, json};

use super::look;
use crate::control::reading::shaped;
use crate::control::{Answer, Answered, Failed};
use crate::glory::envelope as cards;
use crate::platform::Platform;
use crate::{clock, envelope, identity};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Unsealed {
    trans_type: String,
    param: String,
    sign_type: String,
    encrypt_type: String,
    timestamp: Option<String>,
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unsigned {
    body: String,
    timestamp: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    body: String,
    sid: Option<String>,
    timestamp: String,
    sign: String,
}

/// `POST /console/onepay/open`: what the platform makes of a message. Its `expected` is the sign that it should have.
pub fn open(platform: &Platform, value: &Value) -> Answer {
    let Message { message } = shaped(value)?;
    Ok(Answered::Json(json!(look::onepay(&message, true, &platform.settings))))
}

/// `POST /console/onepay/seal`: an envelope as an application sends it.
pub fn seal(platform: &Platform, value: &Value) -> Answer {
    let wanted: Unsealed = shaped(value)?;
    let types = identity::types(&wanted.sign_type, &wanted.encrypt_type).map_err(Failed::because)?;
    let timestamp = given(wanted.timestamp).unwrap_or_else(clock::stamp);
    let version = given(wanted.version);
    let settings = &platform.settings;
    let sealed = checked(&timestamp).and_then(|()| look::object(&wanted.param)).and_then(|_| {
        envelope::request(&wanted.trans_type, wanted.param.clone(), types, &timestamp, version.as_deref(), settings)
    });
    Ok(Answered::Json(match sealed {
        Ok(message) => json!({ "message": message, "looked": look::onepay(&message, false, settings) }),
        Err(error) => troubled(&error),
    }))
}

/// `POST /console/glory/sign`: the headers of a body.
pub fn sign(platform: &Platform, value: &Value) -> Answer {
    let Unsigned { body, timestamp } = shaped(value)?;
    let timestamp = given(timestamp).unwrap_or_else(clock::stamp);
    let settings = &platform.glory.settings;
    let signed = checked(&timestamp)
        .and_then(|()| look::object(&body))
        .and_then(|body| look::glory_signed(&body, &timestamp, settings));
    Ok(Answered::Json(match signed {
        Ok((signing_text, sign)) => {
            let headers = cards::Headers { sid: settings.sid().unwrap_or_default().to_owned(), timestamp, sign };
            json!({ "headers": headers.pairs(), "signingText": signing_text })
        }
        Err(error) => troubled(&error),
    }))
}

/// `POST /console/glory/verify`: whether a body's sign holds, and why not.
pub fn verify(platform: &Platform, value: &Value) -> Answer {
    let Signed { body, sid, timestamp, sign } = shaped(value)?;
    let sid = given(sid);
    let headers = Headers { sid: sid.as_deref(), timestamp: &timestamp, sign: sign.trim() };
    Ok(Answered::Json(json!(look::glory(&body, headers, true, &platform.glory.settings))))
}

/// A field that was filled in.
fn given(field: Option<String>) -> Option<String> {
    field.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn checked(timestamp: &str) -> Result<(), Error> {
    if hislink::clock::is_stamp(timestamp) {
        return Ok(());
    }
    let zh = "timestamp 应为真实的 yyyyMMddHHmmss".to_owned();
    Err(Error::field("", Words { zh, en: "timestamp must be a real yyyyMMddHHmmss".to_owned() }))
}

fn troubled(error: &Error) -> Value {
    json!({ "trouble": look::told(&error.details().words) })
}
