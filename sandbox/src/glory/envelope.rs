//! Headers and signatures (document 1.2, 1.3): opening requests, signing answers.

use hislink::glory::{flatten, sign};
use hislink::json::{self, Json, Object, ObjectWriter};
use hislink::reply::Error;
use hislink::settings::Glory;

use super::paging::Data;
use crate::clock;

/// The message of a success, as the document prints it.
pub const SUCCESS: &str = "成功";

/// How far a request's timestamp may be off, in seconds.
const WINDOW: i64 = 5 * 60;

/// The headers that carry a signature; blank where one is missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headers {
    /// The account id.
    pub sid: String,
    /// `yyyyMMddHHmmss`, UTC+8.
    pub timestamp: String,
    /// Lower-case hex.
    pub sign: String,
}

impl Headers {
    /// Names and values.
    pub fn pairs(&self) -> [(&'static str, &str); 3] {
        [("sid", &self.sid), ("timestamp", &self.timestamp), ("sign", &self.sign)]
    }
}

/// A request whose signature holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened<'t> {
    /// Its body.
    pub body: Object<'t>,
    /// What was signed, with the key as `***`.
    pub signing_text: String,
}

/// A request that was turned away before its signature held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unopened {
    /// What the answer says, unsigned.
    pub message: String,
    /// The signing text that the platform computed, with the key as `***`, where the sign was not its own.
    pub signing_text: Option<String>,
}

impl From<String> for Unopened {
    fn from(message: String) -> Self {
        Self { message, signing_text: None }
    }
}

/// Opens a request's text.
pub fn open<'t>(text: &'t str, headers: &Headers, settings: &Glory) -> Result<Opened<'t>, Unopened> {
    if let Some((name, _)) = headers.pairs().into_iter().find(|(_, value)| value.is_empty()) {
        return Err(format!("请求头缺少 {name}").into());
    }
    if settings.sid().ok() != Some(&headers.sid) {
        return Err(format!("账号 {} 不存在", headers.sid).into());
    }
    if clock::second_of(&headers.timestamp).is_none() {
        return Err(format!("timestamp 应为 yyyyMMddHHmmss：{}", headers.timestamp).into());
    }
    let Ok(Json::Object(body)) = json::read(text) else {
        return Err("报文不是 JSON 对象".to_owned().into());
    };
    let flattened = flatten::signing_text(&body, settings.numbers).map_err(|error| message_of(&error))?;
    let separator = if flattened.is_empty() { "" } else { "&" };
    let signing_text = format!("{flattened}{separator}key=***&timestamp={}", headers.timestamp);
    let key = settings.key().map_err(|error| message_of(&error))?.expose();
    if !sign::same(&sign::sign(&flattened, key, &headers.timestamp), &headers.sign) {
        return Err(Unopened { message: "签名错误".to_owned(), signing_text: Some(signing_text) });
    }
    Ok(Opened { body, signing_text })
}

/// Refuses a timestamp that is more than five minutes off the platform's clock, itself that many minutes off.
pub fn check_timestamp(timestamp: &str, minutes_off: i64) -> Result<(), String> {
    let now = clock::second(minutes_off);
    if clock::second_of(timestamp).is_some_and(|second| (second - now).abs() <= WINDOW) {
        return Ok(());
    }
    let here = clock::stamp_off(minutes_off);
    Err(format!("timestamp {timestamp} 与平台时间 {here} 相差超过 5 分钟"))
}

/// An answer before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// JSON.
    pub text: String,
    /// What is signed of it, where that is known already.
    signing_text: Option<String>,
}

/// What a service served.
pub fn success(data: Option<Data>) -> Answer {
    let text = ObjectWriter::text(|object| {
        object.string("responseFlag", "1").string("responseMessage", SUCCESS);
        if let Some(data) = &data {
            object.raw("data", &data.json);
        }
    });
    let signing_text = data.and_then(|data| data.signing_text).map(|mut text| {
        let separator = if text.is_empty() { "" } else { "&" };
        text.extend([separator, "responseFlag=1&responseMessage=", SUCCESS]);
        text
    });
    Answer { text, signing_text }
}

/// The platform's message.
pub fn refusal(message: &str) -> Answer {
    let text = ObjectWriter::text(|object| {
        object.string("responseFlag", "0").string("responseMessage", message);
    });
    Answer { text, signing_text: None }
}

impl Answer {
    /// Its headers as of that moment.
    pub fn sign(&self, timestamp: String, settings: &Glory) -> Result<Headers, String> {
        match &self.signing_text {
            Some(flattened) => headers(flattened, timestamp, settings),
            None => signed(&self.text, timestamp, settings),
        }
    }
}

/// Signs a JSON object's text as of that moment.
pub fn signed(text: &str, timestamp: String, settings: &Glory) -> Result<Headers, String> {
    let Ok(Json::Object(body)) = json::read(text) else { return Err("报文不是 JSON 对象".to_owned()) };
    let flattened = flatten::signing_text(&body, settings.numbers).map_err(|error| message_of(&error))?;
    headers(&flattened, timestamp, settings)
}

fn headers(flattened: &str, timestamp: String, settings: &Glory) -> Result<Headers, String> {
    let key = settings.key().map_err(|error| message_of(&error))?.expose();
    let sid = settings.sid().map_err(|error| message_of(&error))?.to_owned();
    Ok(Headers { sid, sign: sign::sign(flattened, key, &timestamp), timestamp })
}

fn message_of(error: &Error) -> String {
    error.details().words.zh.clone()
}
