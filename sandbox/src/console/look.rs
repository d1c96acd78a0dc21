//! Looking into an envelope: what it holds, what the platform signs of it, and why its sign does not hold.

use hislink::explain::told::Explained;
use hislink::glory::explain::Headers;
use hislink::glory::{self, flatten};
use hislink::json::{self, Json, Object};
use hislink::onepay::{self, envelope, sign};
use hislink::reply::{Error, Language, Words};
use hislink::settings::{Glory, Onepay};
use serde::Serialize;
use serde_json::{Value, json};

use crate::envelope::signing_text;

/// What was found in an envelope.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Looked {
    /// Its content in plain: the `param` of onepay.
    param: Option<String>,
    /// What the platform signs of it, with the secret: all of it is for play.
    signing_text: Option<String>,
    /// The sign that it came with; blank where there is none.
    given: String,
    /// The sign of the signing text.
    expected: Option<String>,
    /// Whether the two are the same.
    holds: bool,
    /// Why it cannot be looked into.
    trouble: Option<Value>,
    /// Why the sign does not hold.
    why: Option<Value>,
}

impl Looked {
    fn troubled(self, error: &Error) -> Self {
        Self { trouble: Some(told(&error.details().words)), ..self }
    }
}

/// Both languages.
pub fn told(Words { zh, en }: &Words) -> Value {
    json!({ "zh": zh, "en": en })
}

/// The object that a text holds.
pub fn object(text: &str) -> Result<Object<'_>, Error> {
    match json::read(text).map_err(|error| Error::of_json(&error, ""))? {
        Json::Object(object) => Ok(object),
        _ => {
            let (zh, en) = ("报文不是 JSON 对象".to_owned(), "the text is no JSON object".to_owned());
            Err(Error::field("", Words { zh, en }))
        }
    }
}

/// Looks into a message of onepay; `search` for the mistake, if its sign does not hold.
pub fn onepay(text: &str, search: bool, settings: &Onepay) -> Looked {
    let looked = Looked::default();
    let message = match object(text) {
        Ok(message) => message,
        Err(error) => return looked.troubled(&error),
    };
    let given = message.get("sign").and_then(Json::as_scalar).unwrap_or_default().to_owned();
    let looked = Looked { given, ..looked };
    let plain = match envelope::decrypted(&message, settings) {
        Ok(plain) => plain,
        Err(error) => return looked.troubled(&error),
    };
    let param = param(&message, plain.as_deref(), settings);
    let told = plain.clone().or_else(|| (param != Json::Null).then(|| json::to_text(&param)));
    let looked = Looked { param: told, ..looked };
    match signed(&message, &param, settings) {
        Ok((signing_text, expected)) => {
            let holds = sign::same(&expected, &looked.given);
            let sought = search && !holds && !looked.given.is_empty();
            let why = sought.then(|| onepay::explain::explain(&message, settings).ok()).flatten();
            let why = why.as_ref().map(explained);
            Looked { signing_text: Some(signing_text), expected: Some(expected), holds, why, ..looked }
        }
        Err(error) => looked.troubled(&error),
    }
}

/// The `param` that was signed: where none was, as it reads most likely.
fn param<'m>(message: &Object<'m>, plain: Option<&'m str>, settings: &Onepay) -> Json<'m> {
    if let Ok(opened) = envelope::open(message, plain, settings) {
        return opened.param;
    }
    match plain {
        None => message.get("param").cloned().unwrap_or(Json::Null),
        Some(text) => match json::read(text) {
            Ok(param @ (Json::Object(_) | Json::Array(_))) => param,
            _ => Json::String(text.into()),
        },
    }
}

/// The signing text with the secret, and its sign.
fn signed(message: &Object<'_>, param: &Json<'_>, settings: &Onepay) -> Result<(String, String), Error> {
    let text = match signing_text(message, param, settings) {
        Some(text) => text,
        // Again for the reason.
        None => sign::signing_text([("param", param)].into_iter(), settings.key_order)?,
    };
    let secret = settings.secret()?.expose();
    let expected = sign::sign(&text, secret, sign::type_of(message)?);
    let masked = sign::masked(&text);
    Ok((format!("{}{secret}", masked.strip_suffix("***").unwrap_or(&masked)), expected))
}

/// Looks into a body of glory with the headers that it came with; `search` for the mistake, if its sign does not hold.
pub fn glory(text: &str, headers: Headers<'_>, search: bool, settings: &Glory) -> Looked {
    let looked = Looked { given: headers.sign.to_owned(), ..Looked::default() };
    let body = match object(text) {
        Ok(body) => body,
        Err(error) => return looked.troubled(&error),
    };
    match glory_signed(&body, headers.timestamp, settings) {
        Ok((signing_text, expected)) => {
            let holds = glory::sign::same(&expected, headers.sign);
            let sought = search && !holds && !headers.sign.is_empty();
            let why = sought.then(|| glory::explain::explain(&body, headers, settings).ok()).flatten();
            let why = why.as_ref().map(explained);
            Looked { signing_text: Some(signing_text), expected: Some(expected), holds, why, ..looked }
        }
        Err(error) => looked.troubled(&error),
    }
}

/// The signing text of a body with the key, and its sign.
pub fn glory_signed(body: &Object<'_>, timestamp: &str, settings: &Glory) -> Result<(String, String), Error> {
    let text = flatten::signing_text(body, settings.numbers)?;
    let key = settings.key()?.expose();
    let separator = if text.is_empty() { "" } else { "&" };
    let whole = format!("{text}{separator}key={key}&timestamp={timestamp}");
    Ok((whole, glory::sign::sign(&text, key, timestamp)))
}

fn explained<W>(explained: &Explained<W>) -> Value {
    let mistakes: Vec<_> = explained
        .mistakes
        .iter()
        .map(|mistake| {
            let (zh, en) = (mistake.detail(Language::Zh), mistake.detail(Language::En));
            json!({ "name": mistake.name, "zh": zh, "en": en })
        })
        .collect();
    json!({
        "mistakes": mistakes,
        "alternatives": explained.alternatives,
        // Both with the secret as `***`: theirs may have been another.
        "ourText": explained.text,
        "theirText": explained.their_text,
        "hint": explained.hint.as_ref().map(told),
    })
}
