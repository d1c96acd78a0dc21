//! Decrypting a message that is looked into: as it says, or as it turns out to be.

use base64ct::{Base64, Encoding};

use super::table::CIPHERS;
use super::way::Way;
use crate::explain::Mistake;
use crate::json::{self, Json, Object};
use crate::onepay::{cipher, envelope, sign};
use crate::settings::{EncryptType, Onepay};

/// A decrypted text.
pub struct Plain {
    pub text: String,
    /// What had to be taken otherwise than the message says.
    pub mistake: Option<&'static Mistake<Way>>,
}

/// Decrypted as the message says, where only its ciphertext travels.
pub fn by_its_own(message: &Object<'_>, settings: &Onepay) -> Option<Plain> {
    if message.get("param").is_some_and(sign::is_signed) {
        return None;
    }
    let text = envelope::decrypted(message, settings).ok().flatten()?;
    Some(Plain { text, mistake: None })
}

/// Decrypted by another cipher than the message says, or from the other writing of its ciphertext. What comes out must be
/// JSON: a wrong cipher now and then gives some text.
pub fn otherwise(message: &Object<'_>, settings: &Onepay) -> Option<Plain> {
    let data = message.get("encryptData").and_then(Json::as_str)?;
    let named = envelope::cipher_of(message).ok();
    let ciphers =
        [("CIPHER_AES", EncryptType::Aes), ("CIPHER_DES", EncryptType::Des), ("CIPHER_SM4", EncryptType::Sm4)];
    let others = ciphers.into_iter().filter(|(_, cipher)| named != Some(*cipher));
    let rewritten = named.and_then(|cipher| Some((rewritten(data, cipher)?, cipher)));
    let rewritten = rewritten.map(|((name, data), cipher)| (name, data, cipher));
    let attempts = others.map(|(name, cipher)| (name, data.to_owned(), cipher)).chain(rewritten);
    attempts.into_iter().find_map(|(name, data, cipher)| {
        let text = cipher::decrypt(&data, cipher, settings).ok()?;
        matches!(json::read(&text), Ok(Json::Object(_) | Json::Array(_))).then_some(())?;
        Some(Plain { text, mistake: CIPHERS.iter().find(|mistake| mistake.name == name) })
    })
}

/// Ciphertext in hex for a cipher that takes base64, or the other way round, as the cipher takes it.
fn rewritten(data: &str, cipher: EncryptType) -> Option<(&'static str, String)> {
    match cipher {
        EncryptType::Plain => None,
        EncryptType::Aes => Some(("CIPHERTEXT_BASE64", hex::encode_upper(Base64::decode_vec(data.trim()).ok()?))),
        EncryptType::Des | EncryptType::Sm4 => {
            Some(("CIPHERTEXT_HEX", Base64::encode_string(&hex::decode(data.trim()).ok()?)))
        }
    }
}
