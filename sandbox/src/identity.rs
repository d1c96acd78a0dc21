//! Who the sandbox takes requests from: one application with its secret.

use hislink::json::{Json, Object};
use hislink::settings::{EncryptType, Onepay, SignType};

/// The appId that the document prints.
pub const APP_ID: &str = "1A3VL0KVK0000B020A0A0000CC3F48AD";

/// The appSecret that goes with it.
pub const APP_SECRET: &str = "1A3VL0KVE0010B010A0A0000277BDC91";

/// How top-level names are ordered for signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum KeyOrder {
    /// Ascending, as the document says.
    #[default]
    Ascii,
    /// Whole items without regard to case, as the platform's client kit does.
    Sdk,
}

/// The application's settings, of which the library's signing and ciphers take their keys.
///
/// Fails with a message in English where the appId or the secret cannot serve.
pub fn settings(app_id: &str, app_secret: &str, key_order: KeyOrder) -> Result<Onepay, String> {
    if app_id.chars().count() < EncryptType::Sm4.key_characters() || app_secret.is_empty() {
        return Err("the appId needs at least 16 characters, which SM4 takes its key from, and the secret one".into());
    }
    let order = if key_order == KeyOrder::Sdk { "sdk" } else { "ascii" };
    let mut object = Object::default();
    for (name, value) in [("appId", app_id), ("appSecret", app_secret), ("keyOrder", order)] {
        object.set(name, Json::String(value.into()));
    }
    Onepay::read(&object).map_err(|error| error.details().words.en.clone())
}

/// The kinds that two words name.
pub fn types(sign: &str, cipher: &str) -> Result<(SignType, EncryptType), String> {
    Ok((
        sign_type(sign).ok_or_else(|| format!("unknown signType {sign}: MD5 or SM3"))?,
        encrypt_type(cipher).ok_or_else(|| format!("unknown encryptType {cipher}: AES, DES, SM4 or Plain"))?,
    ))
}

/// The signature's kind that a word names.
pub fn sign_type(word: &str) -> Option<SignType> {
    SignType::CHOICES.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
}

/// The cipher that a word names; a blank one means Plain.
pub fn encrypt_type(word: &str) -> Option<EncryptType> {
    EncryptType::CHOICES.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
}
