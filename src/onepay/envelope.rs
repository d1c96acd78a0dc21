//! Envelopes: sealing a request, opening an answer or a notification.

use super::{cipher, judgement, sign};
use crate::gbk;
use crate::json::{self, Json, Object, ObjectWriter};
use crate::reply::{Code, Error, Status, words};
use crate::settings::{EncryptType, Onepay};

/// Writes a request envelope: signed over the plain `param`, which is then encrypted by the settings.
///
/// `timestamp` is `yyyyMMddHHmmss`. Errors point into `/param`.
pub fn seal(
    settings: &Onepay,
    trans_type: &str,
    param: &Json<'_>,
    timestamp: &str,
    message: &mut ObjectWriter<'_>,
) -> Result<(), Error> {
    let app_id = settings.app_id()?;
    let (sign_type, encrypt_type) = (settings.sign_type, settings.encrypt_type);
    let text = request_text(settings, trans_type, param, timestamp)?;
    let signature = sign::sign(&text, settings.secret()?.expose(), sign_type);
    message.string("appId", app_id).string("transType", trans_type);
    if encrypt_type == EncryptType::Plain {
        message.value("param", param);
    } else {
        message.clean("encryptData", &encrypted(param, settings, text)?);
    }
    message
        .clean("sign", &signature)
        .clean("signType", sign_type.as_str())
        .clean("encryptType", encrypt_type.as_str())
        .string("timestamp", timestamp)
        .string("version", &settings.version);
    Ok(())
}

/// The signing text of a request envelope, without the key.
pub fn request_text(settings: &Onepay, trans_type: &str, param: &Json<'_>, timestamp: &str) -> Result<String, Error> {
    let named = [
        ("appId", Json::String(settings.app_id()?.into())),
        ("transType", Json::String(trans_type.into())),
        ("signType", Json::String(settings.sign_type.as_str().into())),
        ("encryptType", Json::String(settings.encrypt_type.as_str().into())),
        ("timestamp", Json::String(timestamp.into())),
        ("version", Json::String(settings.version.as_str().into())),
    ];
    let members = named.iter().map(|(name, value)| (*name, value)).chain([("param", param)]);
    sign::signing_text(members, settings.key_order)
}

/// The ciphertext of a `param` by the settings: of a string as it stands, of anything else as compact JSON, for which
/// the memory of `room` is used. A character that GBK lacks is found down to its member of `/param`.
pub fn encrypted(param: &Json<'_>, settings: &Onepay, mut room: String) -> Result<String, Error> {
    let text = match param {
        Json::String(text) => text,
        other => {
            room.clear();
            json::write_value(&mut room, other);
            room.as_str()
        }
    };
    cipher::encrypt(text, settings.encrypt_type, settings).map_err(|error| {
        let place = json::place_of_text(param, &|text| gbk::encode(text).is_err()).unwrap_or_default();
        error.below_unless_settings(&format!("/param{place}"))
    })
}

/// The decrypted text of a message's `encryptData`, by its own `encryptType`; none where its `param` travels plainly.
pub fn decrypted(message: &Object<'_>, settings: &Onepay) -> Result<Option<String>, Error> {
    let Some(data) = message.get("encryptData").filter(|value| sign::is_signed(value)) else { return Ok(None) };
    let Some(data) = data.as_str() else {
        return Err(Error::field("/encryptData", words!("encryptData 必须是字符串", "encryptData must be a string")));
    };
    let cipher = cipher_of(message)?;
    if cipher == EncryptType::Plain {
        let words = words!("有 encryptData 却没有 encryptType", "there is encryptData but no encryptType");
        return Err(Error::field("/encryptType", words));
    }
    cipher::decrypt(data, cipher, settings).map(Some).map_err(|error| error.below_unless_settings("/encryptData"))
}

/// A message's own cipher.
pub(super) fn cipher_of(message: &Object<'_>) -> Result<EncryptType, Error> {
    let Some(value) = message.get("encryptType").filter(|value| sign::is_signed(value)) else {
        return Ok(EncryptType::Plain);
    };
    let name = value.as_str().unwrap_or_default();
    EncryptType::CHOICES.iter().find(|(word, _)| *word == name).map(|(_, cipher)| *cipher).ok_or_else(|| {
        let words = words!("不支持的 encryptType {name}", "unknown encryptType {name}: AES, DES, SM4 or Plain");
        Error::field("/encryptType", words)
    })
}

/// An opened message.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened<'a> {
    /// Its `param` in plain.
    pub param: Json<'a>,
    /// False only for a refusal that came unsigned.
    pub verified: bool,
}

/// Reads and verifies a message whose `encryptData` is [`decrypted`] to `plain`.
///
/// Fails with `SIGN_MISMATCH` and the signing text. Errors point into the message.
pub fn open<'a>(message: &Object<'a>, plain: Option<&'a str>, settings: &Onepay) -> Result<Opened<'a>, Error> {
    let param = match plain {
        None => message.get("param").cloned().unwrap_or(Json::Null),
        Some(text) => read_param(text),
    };
    if !message.get("sign").is_some_and(sign::is_signed) && is_refusal(message) {
        return Ok(Opened { param, verified: false });
    }
    match verify_with(message, &param, settings) {
        Ok(()) => Ok(Opened { param, verified: true }),
        Err(mismatch) => match plain {
            Some(text) if mismatch.details().code == Code::SignMismatch => {
                let param = other_reading(text, &param);
                verify_with(message, &param, settings).map_err(|_| mismatch)?;
                Ok(Opened { param, verified: true })
            }
            _ => Err(mismatch),
        },
    }
}

/// A decrypted text as the `param` that it most likely was: an object or array, else a string.
pub(super) fn read_param(text: &str) -> Json<'_> {
    match json::read(text) {
        Ok(param @ (Json::Object(_) | Json::Array(_))) => param,
        _ => Json::String(text.into()),
    }
}

/// The other `param` that a text may have been: a string that holds JSON and is signed as it stood, or a bare number.
fn other_reading<'t>(text: &'t str, first: &Json<'_>) -> Json<'t> {
    match (first, json::read(text)) {
        (Json::String(_), Ok(number @ Json::Number(_))) => number,
        _ => Json::String(text.into()),
    }
}

/// Whether a message is an answer that refuses, by its `respCode`.
pub fn is_refusal(message: &Object<'_>) -> bool {
    message.get("respCode").and_then(Json::as_scalar).is_some_and(judgement::is_refusal)
}

/// Verifies a message's own `sign` over its members as they stand.
pub fn verify(message: &Object<'_>, settings: &Onepay) -> Result<(), Error> {
    let param = message.get("param").unwrap_or(&Json::Null);
    verify_with(message, param, settings)
}

/// Verifies a message's own `sign` over its members as they stand, then, where only `encryptData` travels, over what that
/// decrypts to.
pub fn verify_either(message: &Object<'_>, settings: &Onepay) -> Result<(), Error> {
    let only_encrypted = message.get("param").is_none_or(|value| !sign::is_signed(value));
    match verify(message, settings) {
        Err(mismatch) if only_encrypted && mismatch.details().code == Code::SignMismatch => {
            match decrypted(message, settings)? {
                Some(plain) => open(message, Some(&plain), settings).map(|_| ()),
                None => Err(mismatch),
            }
        }
        other => other,
    }
}

fn verify_with(message: &Object<'_>, param: &Json<'_>, settings: &Onepay) -> Result<(), Error> {
    let others = message.iter().filter(|(name, _)| name != "param").map(|(name, value)| (name.as_ref(), value));
    let text = sign::signing_text(others.chain([("param", param)]), settings.key_order)?;
    let expected = sign::sign(&text, settings.secret()?.expose(), sign::type_of(message)?);
    let given = message.get("sign").and_then(Json::as_str).unwrap_or_default();
    if sign::same(&expected, given) {
        return Ok(());
    }
    let words = if given.is_empty() {
        words!("报文没有签名", "the message is not signed")
    } else {
        words!(
            "验签不通过；请核对 appSecret 与签名文本",
            "the sign does not verify; compare appSecret and the signing text"
        )
    };
    Err(Error::new(Status::Failed, Code::SignMismatch, words).with_data(|data| {
        data.string("text", &sign::masked(&text));
    }))
}
