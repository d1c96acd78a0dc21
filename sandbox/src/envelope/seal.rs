//! Sealing: signing over the plain `param`, then encrypting it.

use hislink::json::{self, Json};
use hislink::onepay::{cipher, sign};
use hislink::reply::Error;
use hislink::settings::{EncryptType, Onepay, SignType};
use serde_json::Value;

use super::Members;
use crate::refusal::Refusal;

/// The columns after which the platform breaks the base64 of DES.
const BASE64_COLUMNS: usize = 76;

/// How an answer's `param` travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// There is none.
    None,
    /// As it is: JSON text.
    Plain(String),
    /// As `encryptData`.
    Encrypted(String),
}

/// An answer envelope, part by part, so that a fault can change one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// `000000` for success.
    pub resp_code: String,
    /// In Chinese.
    pub resp_msg: String,
    /// `param` or `encryptData`.
    pub content: Content,
    /// `sign`, if it is signed.
    pub sign: Option<String>,
    /// `signType` and `encryptType`, if the request's are known.
    pub types: Option<(SignType, EncryptType)>,
    /// `yyyyMMddHHmmssSSS`
    pub timestamp: String,
}

impl Answer {
    /// The JSON text.
    pub fn text(&self) -> String {
        let mut out = Members::default();
        out.string("respCode", &self.resp_code).string("respMsg", &self.resp_msg);
        match &self.content {
            Content::None => {}
            Content::Plain(param) => {
                out.raw("param", param);
            }
            Content::Encrypted(data) => {
                out.string("encryptData", data);
            }
        }
        if let Some(sign) = &self.sign {
            out.string("sign", sign);
        }
        if let Some((sign_type, encrypt_type)) = self.types {
            out.string("signType", sign_type.as_str()).string("encryptType", encrypt_type.as_str());
        }
        out.string("timestamp", &self.timestamp);
        out.text()
    }
}

/// An unsigned refusal: before the signature held, nothing of the request is to be relied on.
pub fn refuse(refusal: &Refusal, timestamp: String) -> Answer {
    Answer {
        resp_code: refusal.code.clone(),
        resp_msg: refusal.message.clone(),
        content: Content::None,
        sign: None,
        types: None,
        timestamp,
    }
}

/// A signed answer in the request's own types: what was served, or a business refusal.
///
/// Fails where the cipher cannot carry the `param`: a character that GBK lacks, in SM4.
pub fn seal(
    served: &Result<Value, Refusal>,
    types: (SignType, EncryptType),
    timestamp: String,
    settings: &Onepay,
) -> Result<Answer, Error> {
    let (resp_code, resp_msg, param) = match served {
        Ok(param) => ("000000", "处理成功", Some(param.to_string())),
        Err(refusal) => (refusal.code.as_str(), refusal.message.as_str(), None),
    };
    let (sign_type, encrypt_type) = types;
    let head = [
        ("respCode", resp_code),
        ("respMsg", resp_msg),
        ("signType", sign_type.as_str()),
        ("encryptType", encrypt_type.as_str()),
        ("timestamp", &timestamp),
    ];
    let sign = signature(&head, param.as_deref(), sign_type, settings)?;
    Ok(Answer {
        resp_code: resp_code.to_owned(),
        resp_msg: resp_msg.to_owned(),
        content: param.map_or(Ok(Content::None), |param| content(param, encrypt_type, settings))?,
        sign: Some(sign),
        types: Some(types),
        timestamp,
    })
}

/// A notification's text: a request envelope that the platform sends. `param` is JSON text.
pub fn notification(
    trans_type: &str,
    param: String,
    types: (SignType, EncryptType),
    timestamp: &str,
    settings: &Onepay,
) -> Result<String, Error> {
    request(trans_type, param, types, timestamp, None, settings)
}

/// A request's text, as the application of the settings sends it. `param` is JSON text.
///
/// Fails where it cannot be signed, or the cipher cannot carry it.
pub fn request(
    trans_type: &str,
    param: String,
    types: (SignType, EncryptType),
    timestamp: &str,
    version: Option<&str>,
    settings: &Onepay,
) -> Result<String, Error> {
    let (sign_type, encrypt_type) = types;
    let app_id = settings.app_id()?;
    let mut head = vec![
        ("appId", app_id),
        ("transType", trans_type),
        ("signType", sign_type.as_str()),
        ("encryptType", encrypt_type.as_str()),
        ("timestamp", timestamp),
    ];
    head.extend(version.map(|version| ("version", version)));
    let sign = signature(&head, Some(&param), sign_type, settings)?;
    let mut out = Members::default();
    out.string("appId", app_id);
    match content(param, encrypt_type, settings)? {
        Content::Plain(param) => out.raw("param", &param),
        Content::Encrypted(data) => out.string("encryptData", &data),
        Content::None => &mut out,
    };
    out.string("encryptType", encrypt_type.as_str())
        .string("sign", &sign)
        .string("signType", sign_type.as_str())
        .string("timestamp", timestamp)
        .string("transType", trans_type);
    if let Some(version) = version {
        out.string("version", version);
    }
    Ok(out.text())
}

fn signature(
    head: &[(&str, &str)],
    param: Option<&str>,
    sign_type: SignType,
    settings: &Onepay,
) -> Result<String, Error> {
    let head: Vec<_> = head.iter().map(|(name, value)| (*name, Json::String((*value).into()))).collect();
    let param = param.and_then(|text| json::read(text).ok()).unwrap_or(Json::Null);
    let members = head.iter().map(|(name, value)| (*name, value)).chain([("param", &param)]);
    let text = sign::signing_text(members, settings.key_order)?;
    Ok(sign::sign(&text, settings.secret()?.expose(), sign_type))
}

fn content(param: String, encrypt_type: EncryptType, settings: &Onepay) -> Result<Content, Error> {
    if encrypt_type == EncryptType::Plain {
        return Ok(Content::Plain(param));
    }
    let data = cipher::encrypt(&param, encrypt_type, settings)?;
    Ok(Content::Encrypted(if encrypt_type == EncryptType::Des { wrapped(&data) } else { data }))
}

fn wrapped(base64: &str) -> String {
    let mut lines = String::with_capacity(base64.len() + base64.len() / BASE64_COLUMNS);
    for (n, c) in base64.chars().enumerate() {
        if n > 0 && n % BASE64_COLUMNS == 0 {
            lines.push('\n');
        }
        lines.push(c);
    }
    lines
}
