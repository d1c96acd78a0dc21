//! The digests that senders use, the platform's and others.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha2::Sha256;
use sm3::Sm3;

use super::way::Digest;
use crate::settings::SignType;

/// The digest of the parts of a signing text; `named` is the message's own.
pub fn of(digest: Digest, named: SignType, parts: [&[u8]; 3], secret: &[u8]) -> Vec<u8> {
    match (digest, named) {
        (Digest::Md5, _) | (Digest::Right, SignType::Md5) => hash::<Md5>(parts),
        (Digest::Sm3, _) | (Digest::Right, SignType::Sm3) => hash::<Sm3>(parts),
        (Digest::Sha256, _) => hash::<Sha256>(parts),
        (Digest::HmacSha256, _) => hmac::<Hmac<Sha256>>(parts, secret),
        (Digest::HmacMd5, _) => hmac::<Hmac<Md5>>(parts, secret),
    }
}

fn hash<D: sm3::digest::Digest>(parts: [&[u8]; 3]) -> Vec<u8> {
    let mut digest = D::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().to_vec()
}

fn hmac<M: Mac + KeyInit>(parts: [&[u8]; 3], secret: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length.
    let Ok(mut hmac) = <M as KeyInit>::new_from_slice(secret) else { return Vec::new() };
    parts.iter().for_each(|part| hmac.update(part));
    hmac.finalize().into_bytes().to_vec()
}
