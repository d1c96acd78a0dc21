//! Opening a request: protocol fields, then decryption, then the signature, each by the request's own types.

use hislink::clock;
use hislink::json::{self, Json, Object};
use hislink::onepay::{envelope, sign};
use hislink::settings::{EncryptType, Onepay, SignType};

use crate::identity;
use crate::refusal::{self, Refusal};

/// A request whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The service; blank where the request names none.
    pub trans_type: String,
    /// How it was signed.
    pub sign_type: SignType,
    /// How it was encrypted.
    pub encrypt_type: EncryptType,
    /// Its `param` in plain, JSON text.
    pub param: String,
    /// What was signed, with the secret as `***`.
    pub signing_text: String,
}

/// A request that was turned away before its signature held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unopened {
    /// What the answer says, unsigned.
    pub refusal: Refusal,
    /// The signing text that the platform computed, with the secret as `***`, where it came that far.
    pub signing_text: Option<String>,
}

impl From<Refusal> for Unopened {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, signing_text: None }
    }
}

/// Opens a request's text.
pub fn open(text: &str, settings: &Onepay) -> Result<Request, Unopened> {
    let Ok(Json::Object(message)) = json::read(text) else {
        return Err(Refusal::new(refusal::NOT_AN_ENVELOPE, "报文不是 JSON 对象").into());
    };
    check_head(&message, settings)?;
    let encrypt_type = cipher_of(&message)?;
    let plain = envelope::decrypted(&message, settings).map_err(|error| crypto(&error.details().words.zh))?;
    let param = verify(&message, plain.as_deref(), settings)?;
    Ok(Request {
        trans_type: text_of(&message, "transType").to_owned(),
        sign_type: sign::type_of(&message).map_err(|error| bad_sign(&error.details().words.zh))?,
        encrypt_type,
        param: match &param {
            Json::String(text) => text.clone().into_owned(),
            other => json::to_text(other),
        },
        signing_text: masked(&message, &param, settings),
    })
}

fn text_of<'m>(message: &'m Object<'_>, name: &str) -> &'m str {
    message.get(name).filter(|value| sign::is_signed(value)).and_then(Json::as_scalar).unwrap_or_default()
}

fn check_head(message: &Object<'_>, settings: &Onepay) -> Result<(), Refusal> {
    let app_id = text_of(message, "appId");
    if app_id.is_empty() {
        return Err(Refusal::new(refusal::APP_ID_EMPTY, "appId 不能为空"));
    }
    if settings.app_id().ok() != Some(app_id) {
        return Err(Refusal::new(refusal::UNKNOWN_APP_ID, format!("appId {app_id} 不存在")));
    }
    let timestamp = text_of(message, "timestamp");
    if timestamp.is_empty() {
        return Err(Refusal::new(refusal::TIMESTAMP_EMPTY, "timestamp 不能为空"));
    }
    if !clock::is_stamp(timestamp) {
        return Err(Refusal::new(refusal::BAD_TIMESTAMP, "timestamp 应为 yyyyMMddHHmmss"));
    }
    Ok(())
}

/// Stricter than the library, which opens for convenience: one that names a cipher must be encrypted.
fn cipher_of(message: &Object<'_>) -> Result<EncryptType, Refusal> {
    let word = text_of(message, "encryptType");
    let cipher = identity::encrypt_type(word).ok_or_else(|| crypto(&format!("不支持的 encryptType {word}")))?;
    if cipher != EncryptType::Plain && text_of(message, "encryptData").is_empty() {
        return Err(crypto("缺少 encryptData"));
    }
    Ok(cipher)
}

fn verify<'a>(message: &Object<'a>, plain: Option<&'a str>, settings: &Onepay) -> Result<Json<'a>, Unopened> {
    match envelope::open(message, plain, settings) {
        Ok(opened) if opened.verified => Ok(opened.param),
        Ok(_) => Err(bad_sign("报文没有签名").into()),
        Err(error) => {
            let param = plain.and_then(|text| json::read(text).ok());
            let param = param.or_else(|| message.get("param").cloned()).unwrap_or(Json::Null);
            Err(Unopened {
                refusal: bad_sign(&error.details().words.zh),
                signing_text: Some(masked(message, &param, settings)),
            })
        }
    }
}

/// What the platform signs of a message, without the key at the end; none where it cannot be signed.
pub fn signing_text(message: &Object<'_>, param: &Json<'_>, settings: &Onepay) -> Option<String> {
    let others = message.iter().filter(|(name, _)| name != "param").map(|(name, value)| (name.as_ref(), value));
    sign::signing_text(others.chain([("param", param)]), settings.key_order).ok()
}

/// The same with the secret as `***`; blank where it cannot be signed.
fn masked(message: &Object<'_>, param: &Json<'_>, settings: &Onepay) -> String {
    signing_text(message, param, settings).map(|text| sign::masked(&text)).unwrap_or_default()
}

fn crypto(detail: &str) -> Refusal {
    Refusal::new(refusal::CRYPTO_FAILED, format!("加解密失败：{detail}"))
}

fn bad_sign(detail: &str) -> Refusal {
    Refusal::new(refusal::BAD_SIGN, format!("签名错误：{detail}"))
}
