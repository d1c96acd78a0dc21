//! GBK as the platform's Java encodes it, for SM4.

use std::borrow::Cow;

use encoding_rs::{GB18030, GBK};

/// The GBK bytes of a text, or the first character that GBK lacks.
pub fn encode(text: &str) -> Result<Cow<'_, [u8]>, char> {
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        let mut utf8 = [0; 4];
        // The web's GBK writes the euro sign as the single byte 0x80; Java writes GB 18030's A2 E3.
        let encoding = if c == '€' { GB18030 } else { GBK };
        let (encoded, _, lacking) = encoding.encode(c.encode_utf8(&mut utf8));
        if lacking || is_newer(c) {
            return Err(c);
        }
        bytes.extend_from_slice(&encoded);
    }
    Ok(Cow::Owned(bytes))
}

/// The text of GBK bytes, or none where they are no GBK.
pub fn decode(bytes: &[u8]) -> Option<String> {
    GBK.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned)
}

/// Characters of two bytes that the web's GBK has and Java's lacks.
fn is_newer(_c: char) -> bool {
    false
}
