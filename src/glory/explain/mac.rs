//! The digests that senders make, the platform's and others.

use hmac::{Hmac, KeyInit};
use md5::{Digest, Md5};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Examined;
use super::way::{Mac, MacKey, Message, Way};

/// What was taken for the key of the HMAC.
pub fn key(kind: MacKey, key: &[u8], case: &Examined<'_>) -> Option<Zeroizing<Vec<u8>>> {
    Some(Zeroizing::new(match kind {
        MacKey::Same => key.to_vec(),
        MacKey::Nothing => Vec::new(),
        MacKey::Sid => case.sid?.as_bytes().to_vec(),
        MacKey::Timestamp => case.timestamp.as_bytes().to_vec(),
        MacKey::Bytes => hex::decode(key).ok()?,
        MacKey::Md5 => hex::encode(Md5::digest(key)).into_bytes(),
    }))
}

/// The digest of the parts of a signing text that is written as the sign.
pub fn of(way: &Way, parts: [&[u8]; 3], key: &[u8]) -> Vec<u8> {
    let mut md5 = Md5::new();
    parts.iter().for_each(|part| md5.update(part));
    let md5 = md5.finalize();
    let mut message = Zeroizing::new(match way.message {
        Message::Right => hex::encode_upper(md5).into_bytes(),
        Message::Md5Lower => hex::encode(md5).into_bytes(),
        Message::Md5Bytes => md5.to_vec(),
        Message::Text | Message::TextUpper => parts.concat(),
    });
    if way.message == Message::TextUpper {
        message.make_ascii_uppercase();
    }
    match way.mac {
        Mac::Right => hmac::<Hmac<Sha256>>(&message, key),
        Mac::Nothing => md5.to_vec(),
        Mac::Sha256 => Sha256::digest(&message).to_vec(),
        Mac::Swapped => hmac::<Hmac<Sha256>>(key, &message),
        Mac::HmacMd5 => hmac::<Hmac<Md5>>(&message, key),
    }
}

fn hmac<M: hmac::Mac + KeyInit>(message: &[u8], key: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length.
    let Ok(mut hmac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
    hmac.update(message);
    hmac.finalize().into_bytes().to_vec()
}
