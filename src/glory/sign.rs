//! Signatures of the card platform (document 1.3.1): HMAC-SHA256 over the upper-case MD5 of the signing text.

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The sign, in lower-case hex: of `text&key=KEY&timestamp=TIMESTAMP`, without the first `&` where the text is empty.
pub fn sign(text: &str, key: &str, timestamp: &str) -> String {
    let mut md5 = Md5::new();
    let separator = if text.is_empty() { "" } else { "&" };
    for part in [text, separator, "key=", key, "&timestamp=", timestamp] {
        md5.update(part);
    }
    let message = hex::encode_upper(md5.finalize());
    // HMAC takes a key of any length.
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    hmac.update(message.as_bytes());
    hex::encode(hmac.finalize().into_bytes())
}

/// Whether two signs are the same, in a time that does not tell where they differ.
pub fn same(expected: &str, given: &str) -> bool {
    !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(given.as_bytes()))
}
